import httptools


def use():
    seen = []

    class Protocol:
        def on_header(self, name, value):
            seen.append([name.decode(), value.decode()])

    parser = httptools.HttpRequestParser(Protocol())
    parser.feed_data(b"GET /x?y=1 HTTP/1.1\r\nHost: a\r\n\r\n")
    return [seen, parser.get_method().decode(), httptools.parse_url(b"http://a:80/x?y").query.decode()]
