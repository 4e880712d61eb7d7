"""From lines to a report, and what must not leak from a log into a page or a terminal."""

import json
import unittest

from weblog.analysis import Report, analyse
from weblog.errors import EmptyError, InputError
from weblog.filters import Filter
from weblog.options import Options
from weblog.read import parse_lines
from weblog.report.data import report_csv, report_json
from weblog.report.html import render_html
from weblog.report.markup import Markup, fill
from weblog.report.text import Charset, render_report
from weblog.store import Store
from weblog.table import Unit, counted, show


def line(
    clock: str, request: str, status: int, referrer: str = "-", agent: str = "Firefox/1"
) -> str:
    return f'192.0.2.1 - - [{clock} +0000] "{request}" {status} 10 "{referrer}" "{agent}"'


def report_on(*lines: str, limit: int = 10) -> Report:
    log = parse_lines("test.log", lines)
    store = Store()
    store.add(log, Filter())
    try:
        return analyse(store, [log], Options(limit=limit))
    finally:
        store.close()


class ReportTest(unittest.TestCase):
    def test_totals_and_gaps(self) -> None:
        report = report_on(
            line("16/Mar/2026:09:59:59", "GET /a HTTP/1.1", 200),
            line("16/Mar/2026:12:00:00", "GET /a HTTP/1.1", 404),
            line("16/Mar/2026:12:00:01", "GET /b HTTP/1.1", 503, agent="TestBot/1"),
        )
        self.assertEqual((report.totals.requests, report.totals.visitors), (3, 1))
        self.assertEqual((report.totals.client_errors, report.totals.server_errors), (1, 1))
        self.assertEqual([b.requests for b in report.traffic.buckets], [1, 0, 0, 2])
        self.assertEqual(report.table("paths").rows[0][:2], ("/a", 2))

    def test_long_logs_have_wider_bars(self) -> None:
        first = line("01/Jan/2026:00:00:00", "GET / HTTP/1.1", 200)
        for last, noun, buckets in [
            ("03/Jan/2026:23:00:00", "hour", 72),
            ("04/Jan/2026:00:00:00", "day", 4),
            ("01/Jun/2026:00:00:00", "week", 23),
        ]:
            with self.subTest(last):
                traffic = report_on(first, line(last, "GET / HTTP/1.1", 200)).traffic
                self.assertEqual((traffic.span.noun, len(traffic.buckets)), (noun, buckets))

    def test_nothing_from_the_log_is_markup_or_control(self) -> None:
        hostile = r"GET /<b>&\x1b[31m\" HTTP/1.1"
        report = report_on(line("16/Mar/2026:09:00:00", hostile, 404, "http://<i>/", "<u>"))
        page = render_html(report)
        for tag in ("<b>", "<i>", "<u>", "\x1b"):
            self.assertNotIn(tag, page)
        self.assertIn("/&lt;b&gt;&amp;\\x1b[31m&quot;", page)
        self.assertNotIn("\x1b", render_report(report, Charset.UNICODE))

    def test_same_report_same_output(self) -> None:
        lines = [line("16/Mar/2026:09:00:00", f"GET /{n} HTTP/1.1", 200) for n in range(30)]
        for render in (render_html, report_json, report_csv):
            with self.subTest(render.__name__):
                self.assertEqual(render(report_on(*lines)), render(report_on(*lines)))

    def test_json_is_json(self) -> None:
        report = report_on(line("16/Mar/2026:09:00:00", "GET /é HTTP/1.1", 200), "not an entry")
        value = json.loads(report_json(report))
        self.assertEqual(value["tables"]["paths"][0]["path"], "/é")
        self.assertEqual(value["skipped"][0]["line"], 2)

    def test_ascii_terminals(self) -> None:
        report = report_on(line("16/Mar/2026:09:00:00", f"GET /{'x' * 99} HTTP/1.1", 200))
        self.assertTrue(render_report(report, Charset.of("ascii")).isascii())
        self.assertIs(Charset.of("utf-8"), Charset.UNICODE)

    def test_empty(self) -> None:
        with self.assertRaisesRegex(EmptyError, "the logs are empty"):
            report_on()
        with self.assertRaisesRegex(EmptyError, "the first is test.log:1: "):
            report_on("hello")


class StoreTest(unittest.TestCase):
    def test_queries_only_read(self) -> None:
        store = Store()
        self.addCleanup(store.close)
        store.add(parse_lines("x", [line("16/Mar/2026:09:00:00", "GET / HTTP/1.1", 200)]), Filter())
        self.assertEqual(store.query("SELECT count(*), x'0aff' FROM requests").rows, [[1, "0aff"]])
        for sql in ["DELETE FROM requests", "ATTACH 'x.db' AS x", "SELECT 1; SELECT 2", ""]:
            with self.subTest(sql), self.assertRaises(InputError):
                store.query(sql)

    def test_percentile(self) -> None:
        store = Store()
        self.addCleanup(store.close)
        values = "SELECT 1 AS v UNION SELECT 2 UNION SELECT 3 UNION SELECT NULL"
        sql = f"SELECT percentile(v, 50), percentile(v, 95), percentile(NULL, 50) FROM ({values})"
        self.assertEqual(store.query(sql).rows, [[2, 3, None]])


class WordsTest(unittest.TestCase):
    def test_show(self) -> None:
        self.assertEqual(show(999, Unit.BYTES), "999 B")
        self.assertEqual(show(999_960, Unit.BYTES), "1.0 MB")
        self.assertEqual(show(2500, Unit.MILLISECONDS), "2.50 s")
        self.assertEqual(show(0.125, Unit.SHARE), "12.5%")
        self.assertEqual(show(None, Unit.COUNT), "-")

    def test_counted(self) -> None:
        self.assertEqual(counted(1, "entry"), "1 entry")
        self.assertEqual(counted(2000, "entry"), "2,000 entries")

    def test_markup(self) -> None:
        self.assertEqual(fill("td", kind="text", text="<"), '<td class="text">&lt;</td>\n')
        self.assertIn("<br>", fill("td", kind="text", text=Markup("<br>")))
        with self.assertRaises(KeyError):
            fill("td", kind="text")
