"""Bots and browsers."""

import unittest

from weblog.agents import Kind, classify


class AgentTest(unittest.TestCase):
    def test_classify(self) -> None:
        for user_agent, name, kind in [
            ("Mozilla/5.0 … Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0", "Edge", Kind.BROWSER),
            ("Mozilla/5.0 … Chrome/143.0.0.0 Safari/537.36", "Chrome", Kind.BROWSER),
            ("Mozilla/5.0 … Version/19.2 Safari/604.1", "Safari", Kind.BROWSER),
            ("Mozilla/5.0 (compatible; QuillSpider/2.0; +https://x)", "QuillSpider", Kind.BOT),
            ("Mozilla/5.0 (compatible; bingbot/2.0) Chrome/143", "bingbot", Kind.BOT),
            ("curl/8.17.0", "curl", Kind.BOT),
            ("something crawling", "other bots", Kind.BOT),
            ("Unheard-of/1.0", "unknown", Kind.UNKNOWN),
            (None, "unknown", Kind.UNKNOWN),
        ]:
            with self.subTest(user_agent):
                agent = classify(user_agent)
                self.assertEqual((agent.name, agent.kind), (name, kind))
