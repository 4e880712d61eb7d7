import yarl
from yarl import _quoting


def use():
    url = yarl.URL("http://user:p%20w@example.org:8080/a b/ü?q=1&q=ä#top")
    return [str(url), url.path, url.query.getall("q"), str(url / "c" % {"x": "y z"}), _quoting._Quoter.__module__]
