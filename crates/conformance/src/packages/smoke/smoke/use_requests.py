"""requests: JSON, redirects, cookies, errors, and the certificates of certifi, a data file."""

import importlib.metadata
import ssl

import certifi
import requests

from .server import serving


def main():
    answers = {
        "/json": (200, {"Content-Type": "application/json", "Set-Cookie": "a=b"}, b'{"x": [1, "\xc3\xa9"]}'),
        "/moved": (302, {"Location": "/json"}, b""),
        "/gone": (410, {}, b""),
    }
    seen = []
    with serving(answers, seen) as url, requests.Session() as session:
        response = session.get(f"{url}/moved", params={"q": "a b"})
        assert response.json() == {"x": [1, "\u00e9"]}
        assert response.history[0].status_code == 302 and session.cookies["a"] == "b"
        session.post(f"{url}/json", files={"f": ("name.txt", b"content")})
        assert b'filename="name.txt"' in seen[-1][3] and seen[-1][2]["Cookie"] == "a=b"
        try:
            session.get(f"{url}/gone").raise_for_status()
        except requests.HTTPError as error:
            assert error.response.status_code == 410
        else:
            raise AssertionError("410 is no error")
    context = ssl.create_default_context(cafile=certifi.where())
    assert context.cert_store_stats()["x509_ca"] > 50
    assert importlib.metadata.version("requests") == requests.__version__
