"""Where visitors come from: the parts of a `Referer` header, and which of them is the site itself.

    split_referrer("https://search.example/?q=comet")   ->  ("search.example", "/")
    guess_site(logs)                                     ->  "www.fernmoor.example"
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from weblog.model import Log

__all__ = ["guess_site", "split_referrer"]

_FEWEST_PAGES = 3
_HOST = re.compile(r"[\w.:-]+")


@lru_cache(maxsize=4096)
def split_referrer(referrer: str | None) -> tuple[str | None, str | None]:
    """Host and path. Clients send anything; what isn't an address refers from nowhere."""
    if referrer is None:
        return None, None
    try:
        parts = urlsplit(referrer)
    except ValueError:
        return None, None
    if parts.hostname is None or _HOST.fullmatch(parts.hostname) is None:
        return None, None
    return parts.hostname, parts.path or "/"


def guess_site(logs: Iterable[Log]) -> str | None:
    """The host most of whose pages that refer here are pages served from here.

    A log doesn't name its own site. Other sites refer from one or two pages, mostly from `/`;
    our own refers from many.
    """
    entries = [entry for log in logs for entry in log.entries]
    served = {entry.path for entry in entries if entry.status < 400}
    pages: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        host, path = split_referrer(entry.referrer)
        if host is not None and path in served:
            pages[host].add(path)
    counts = [(len(paths), host) for host, paths in pages.items() if len(paths) >= _FEWEST_PAGES]
    # The most pages, and of equals the first by name.
    return min(counts, key=lambda count: (-count[0], count[1]))[1] if counts else None
