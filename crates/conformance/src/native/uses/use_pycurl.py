import http.server
import io
import threading

import pycurl


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


def use():
    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    body, curl = io.BytesIO(), pycurl.Curl()
    curl.setopt(curl.URL, f"http://127.0.0.1:{server.server_port}/")
    curl.setopt(curl.WRITEDATA, body)
    curl.perform()
    status = curl.getinfo(pycurl.HTTP_CODE)
    server.shutdown()
    return [body.getvalue().decode(), status, "https" in pycurl.version_info()[8]]
