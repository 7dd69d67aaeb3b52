"""What the HTTPS servers on loopback share: real TLS, one JSON object for each event, and ways to misbehave."""

import json
import socket
import ssl
import sys
import threading
import time
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FAULTS = ["hang", "drip", "headers", "huge", "cut", "cut-chunked", "redirect-http", "redirect-https", "no-http",
          "two-lengths", "listed-lengths"]


reporting = threading.Lock()


def report(event, **fields):
    """Connections have threads of their own: one line at a time."""
    with reporting:
        print(json.dumps({"event": event, **fields}), flush=True)


class Conversation(BaseHTTPRequestHandler):
    """One client's connection."""

    protocol_version = "HTTP/1.1"
    # What an answer that misbehaves begins with.
    content = b'{"success": true, "hostname": "app.example.com"}'

    def setup(self):
        self.number = self.server.register()
        if self.server.context:
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()
        self.answered, self.is_dropped = 0, False

    def log_message(self, *_):
        pass

    def read_body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def misbehave(self, fault):
        getattr(self, "fault_" + fault.replace("-", "_"))()

    def end_answer(self):
        self.answered += 1
        if self.answered == self.server.options.drop_after:
            # Without a word: the client keeps the connection until it finds it dead.
            self.close_connection = self.is_dropped = True

    def finish(self):
        super().finish()
        if self.is_dropped:
            self.request.close()
            report("dropped", connection=self.number)

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.head(status, "Content-Type: application/json", f"Content-Length: {len(body)}")
        self.wfile.write(body)

    def head(self, status, *lines):
        self.wfile.write("".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status} Status", *lines, "")).encode())

    def abort(self):
        """Ends the stream without TLS's farewell."""
        self.wfile.flush()
        self.close_connection = True
        self.request.shutdown(socket.SHUT_RDWR)

    def until_the_client_leaves(self, write):
        try:
            while True:
                write()
        except OSError:
            self.close_connection = True

    def fault_hang(self):
        self.until_the_client_leaves(lambda: time.sleep(0.05) or self.request.getpeername())

    def fault_drip(self):
        self.head(200, "Content-Length: 60000")
        self.until_the_client_leaves(lambda: time.sleep(0.02) or self.wfile.write(b" "))

    def fault_headers(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self.until_the_client_leaves(lambda: self.wfile.write(b"X-Padding: " + b"a" * 1000 + b"\r\n"))

    def fault_huge(self):
        self.head(200, "Content-Type: application/json", "Transfer-Encoding: chunked")
        self.wfile.write(b'f\r\n{"success":true\r\n')
        self.until_the_client_leaves(lambda: self.wfile.write(b"400\r\n" + b" " * 1024 + b"\r\n"))

    def fault_cut(self):
        self.head(200, "Content-Type: application/json", "Content-Length: 500")
        self.wfile.write(self.content)
        self.abort()

    def fault_cut_chunked(self):
        self.head(200, "Content-Type: application/json", "Transfer-Encoding: chunked")
        self.wfile.write(b"%x\r\n%s\r\n" % (len(self.content), self.content))
        self.abort()

    def fault_redirect_http(self):
        self.redirect("http")

    def fault_redirect_https(self):
        self.redirect("https")

    def redirect(self, scheme):
        self.head(307, f"Location: {scheme}://localhost:{self.server.server_address[1]}/elsewhere", "Content-Length: 0")

    def fault_two_lengths(self):
        self.head(200, "Content-Type: application/json", f"Content-Length: {len(self.content) + 9}",
                  f"Content-Length: {len(self.content)}")
        self.wfile.write(self.content)

    def fault_listed_lengths(self):
        self.head(200, "Content-Type: application/json", f"Content-Length: {len(self.content)}, 9")
        self.wfile.write(self.content)

    def fault_no_http(self):
        self.wfile.write(b"220 mail.example.com ESMTP\r\n")
        self.abort()


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, options, conversation):
        super().__init__(("127.0.0.1", options.port), conversation)
        self.options = options
        self.context = None if options.plain else tls_context(options)
        self.connections = 0
        self.counting = threading.Lock()

    def register(self):
        with self.counting:
            self.connections += 1
            report("connection", number=self.connections)
            return self.connections

    def handle_error(self, *_):
        """A client that goes away, or refuses the certificate, is what tests are about."""

    def run(self, obey=lambda line: None):
        """Serves; with --control until standard input ends, whose lines go to `obey`."""
        report("listening", port=self.server_address[1])
        if not self.options.control:
            return self.serve_forever()
        threading.Thread(target=self.serve_forever, daemon=True).start()
        for line in sys.stdin:
            obey(line.strip())


def tls_context(options):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.certificate, options.key)
    if options.old_tls:
        warnings.simplefilter("ignore", DeprecationWarning)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def add_options(parser):
    """The options that every such server takes, but --fault."""
    parser.add_argument("--certificate", help="the server's certificate, PEM")
    parser.add_argument("--key", help="its private key, PEM")
    parser.add_argument("--port", type=int, default=0, help="0 (the default) takes a free one")
    parser.add_argument("--control", action="store_true", help="end with standard input")
    parser.add_argument("--drop-after", type=int, metavar="N", help="close each connection after N answers, unannounced")
    parser.add_argument("--plain", action="store_true", help="speak HTTP without TLS")
    parser.add_argument("--old-tls", action="store_true", help="speak TLS 1.1 at best")
