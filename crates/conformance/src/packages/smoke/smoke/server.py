"""An HTTP server for tests that need one: `with serving({"/a": (200, {}, b"x")}) as url: …`."""

import contextlib
import http.server
import threading


@contextlib.contextmanager
def serving(answers, seen=None):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.reply()

        def do_POST(self):
            self.reply()

        def do_PUT(self):
            self.reply()

        def reply(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            if seen is not None:
                seen.append((self.command, self.path, dict(self.headers), body))
            status, headers, answer = answers[self.path.partition("?")[0]]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
