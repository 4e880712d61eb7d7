"""The options that choose entries."""

import unittest
from dataclasses import replace
from datetime import UTC, datetime

from weblog.filters import Bots, Filter, parse_host, parse_since, parse_statuses, parse_until
from weblog.parse import parse_line

ENTRY = parse_line(
    '192.0.2.7 - - [16/Mar/2026:09:30:00 +0000] "GET /blog/a HTTP/1.1" 404 0 "-" "Firefox/1"', 1
)


class FilterTest(unittest.TestCase):
    def test_keeps(self) -> None:
        for keep in [
            Filter(),
            Filter(since=parse_since("2026-03-16T09:30")),
            Filter(since=parse_since("2026-03-16T10:30+01:00")),
            Filter(until=parse_until("2026-03-16")),
            Filter(statuses=parse_statuses("200, 4xx")),
            Filter(paths=("/shop/*", "/blog/*")),
            Filter(hosts=(parse_host("192.0.2.0/24"),)),
            Filter(bots=Bots.EXCLUDE),
        ]:
            with self.subTest(keep):
                self.assertTrue(keep(ENTRY))

    def test_drops(self) -> None:
        for keep in [
            Filter(since=parse_since("2026-03-17")),
            Filter(until=parse_until("2026-03-16T09:30")),
            Filter(statuses=parse_statuses("500-599")),
            Filter(paths=("/blog",)),
            Filter(hosts=(parse_host("2001:db8::/32"), parse_host("*.example"))),
            Filter(bots=Bots.ONLY),
        ]:
            with self.subTest(keep):
                self.assertFalse(keep(ENTRY))

    def test_host_names(self) -> None:
        entry = replace(ENTRY, host="Crawl-7.Search.example")
        self.assertTrue(Filter(hosts=(parse_host("*.search.example"),))(entry))
        self.assertFalse(Filter(hosts=(parse_host("192.0.2.0/24"),))(entry))

    def test_until_a_day_is_its_end(self) -> None:
        self.assertEqual(parse_until("2026-03-16"), datetime(2026, 3, 17, tzinfo=UTC))
        self.assertEqual(parse_until("2026-03-16T00:00"), datetime(2026, 3, 16, tzinfo=UTC))

    def test_nonsense(self) -> None:
        for parse, text in [
            (parse_statuses, "9xx"),
            (parse_statuses, "500-400"),
            (parse_since, "yesterday"),
            (parse_host, "192.0.2.0/99"),
        ]:
            with self.subTest(text), self.assertRaisesRegex(ValueError, f"`{text}` "):
                parse(text)
