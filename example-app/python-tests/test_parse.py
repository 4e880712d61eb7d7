"""Lines of logs as servers and their clients write them."""

import unittest
from datetime import UTC, datetime

from weblog.parse import MalformedError, parse_line

COMMON = '192.0.2.7 - ada [16/Mar/2026:09:30:00 +0100] "GET /visit?lang=cy HTTP/1.1" 200 5120'
COMBINED = COMMON + r' "https://www.example.org/" "Tour \"7\" caf\xc3\xa9"'


class ParseTest(unittest.TestCase):
    def test_common(self) -> None:
        entry = parse_line(COMMON + "\n", 3)
        self.assertEqual((entry.line, entry.host, entry.user), (3, "192.0.2.7", "ada"))
        self.assertEqual(entry.time, datetime(2026, 3, 16, 8, 30, tzinfo=UTC))
        self.assertEqual((entry.method, entry.path, entry.query), ("GET", "/visit", "lang=cy"))
        self.assertEqual((entry.protocol, entry.status, entry.size), ("HTTP/1.1", 200, 5120))
        self.assertEqual((entry.referrer, entry.agent, entry.milliseconds), (None, None, None))

    def test_combined(self) -> None:
        entry = parse_line(COMBINED, 1)
        self.assertEqual(entry.referrer, "https://www.example.org/")
        self.assertEqual(entry.agent, 'Tour "7" café')

    def test_duration(self) -> None:
        self.assertEqual(parse_line(f"{COMBINED} 18250", 1).milliseconds, 18.25)
        self.assertEqual(parse_line(f"{COMBINED} 0.25", 1).milliseconds, 250)
        self.assertIsNone(parse_line(f"{COMBINED} -", 1).milliseconds)

    def test_requests(self) -> None:
        for request, method, path in [
            ("GET / HTTP/2.0", "GET", "/"),
            ("GET /old", "GET", "/old"),
            ("OPTIONS * HTTP/1.1", "OPTIONS", "*"),
            ("GET http://www.example.org HTTP/1.1", "GET", "/"),
            ("GET http://www.example.org/a?b HTTP/1.1", "GET", "/a"),
            ("GET /search?next=http://x/ HTTP/1.1", "GET", "/search"),
            ("-", None, "-"),
            (r"\x16\x03\x01", None, "\x16\x03\x01"),
        ]:
            with self.subTest(request):
                line = f'::1 - - [16/Mar/2026:09:30:00 +0000] "{request}" 400 -'
                entry = parse_line(line, 1)
                self.assertEqual((entry.method, entry.path, entry.size), (method, path, 0))

    def test_malformed(self) -> None:
        for line, reason in [
            ("", "empty line"),
            ("hello", "expected `host ident user [time]`"),
            (COMMON[:60], "the request is not a closed quotation"),
            (COMMON.replace("200", "OK"), "expected a status and a size after the request"),
            (COMMON + " x", "expected a referrer and a user agent after the size"),
            (COMMON.replace("200", "999"), "no such HTTP status as 999"),
            (COMMON.replace("Mar", "Mrz"), "is not a time such as `16/Nov/2026:09:30:00 +0000`"),
            (COMMON.replace("16/Mar", "31/Feb"), "is not a time: day "),
            (COMMON.replace("+0100", "+2500"), "is not a time: "),
        ]:
            with self.subTest(line), self.assertRaises(MalformedError) as caught:
                parse_line(line, 1)
            self.assertIn(reason, str(caught.exception))
