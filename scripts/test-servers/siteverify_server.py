#!/usr/bin/python3
"""A captcha provider on loopback for tests: Turnstile's siteverify API over real TLS, which can also misbehave.

A token that begins with `solved` counts once: asked again it is `timeout-or-duplicate`, unless the question carries the
idempotency key of the first one. Every other token is `invalid-input-response`.

Every line on standard output is one JSON object. The first is {"event": "listening", "port": N}; then
  {"event": "connection", "number": N}                                        a client connected, the N-th so far
  {"event": "request", "connection": N, "path": …, "type": …, "fields": {…}}  a whole request came

With --control it ends with its standard input.
"""

import argparse
import json
import socket
import ssl
import sys
import threading
import time
import urllib.parse
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATH = "/turnstile/v0/siteverify"
FAULTS = ["hang", "drip", "headers", "huge", "cut", "cut-chunked", "not-json", "no-verdict", "redirect-http",
          "redirect-https", "no-http"]


def report(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


class Provider:
    """Whom tokens are verified for, and which of them were used."""

    def __init__(self, secret, hostname):
        self.secret = secret
        self.hostname = hostname
        self.used = {}
        self.lock = threading.Lock()

    def verdict(self, fields):
        error = self.error(fields)
        if error:
            return {"success": False, "error-codes": [error], "messages": []}
        return {"success": True, "error-codes": [], "challenge_ts": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
                "hostname": self.hostname, "action": "login", "cdata": "", "metadata": {"interactive": False}}

    def error(self, fields):
        token, key = fields.get("response"), fields.get("idempotency_key")
        if not fields.get("secret"):
            return "missing-input-secret"
        if fields["secret"] != self.secret:
            return "invalid-input-secret"
        if not token:
            return "missing-input-response"
        if not token.startswith("solved"):
            return "invalid-input-response"
        with self.lock:
            if token in self.used and (key is None or self.used[token] != key):
                return "timeout-or-duplicate"
            self.used[token] = key
        return None


class Conversation(BaseHTTPRequestHandler):
    """One client's connection."""

    protocol_version = "HTTP/1.1"

    def setup(self):
        self.number = self.server.register()
        if self.server.context:
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()
        self.answered = 0

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        fields = dict(urllib.parse.parse_qsl(body, keep_blank_values=True))
        report("request", connection=self.number, path=self.path, type=self.headers.get("Content-Type"), fields=fields)
        options = self.server.options
        if self.path == "/elsewhere":
            self.answer(200, {"success": True, "hostname": options.hostname})
        elif self.path != PATH:
            self.answer(404, {})
        elif options.fault:
            getattr(self, "fault_" + options.fault.replace("-", "_"))()
        elif options.answer:
            self.answer(options.status, json.loads(options.answer))
        else:
            self.answer(options.status, self.server.provider.verdict(fields))
        self.answered += 1
        if self.answered == options.drop_after:
            # Without a word: the client keeps the connection until it finds it dead.
            self.close_connection = True

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
        self.wfile.write(b'{"success": true, "hostname": "app.example.com"}')
        self.abort()

    def fault_cut_chunked(self):
        self.head(200, "Content-Type: application/json", "Transfer-Encoding: chunked")
        self.wfile.write(b'30\r\n{"success": true, "hostname": "app.example.com"}\r\n')
        self.abort()

    def fault_not_json(self):
        body = b"<html>success: true</html>"
        self.head(200, "Content-Type: text/html", f"Content-Length: {len(body)}")
        self.wfile.write(body)

    def fault_no_verdict(self):
        self.answer(200, {"success": "true", "hostname": self.server.options.hostname})

    def fault_redirect_http(self):
        self.redirect("http")

    def fault_redirect_https(self):
        self.redirect("https")

    def redirect(self, scheme):
        self.head(307, f"Location: {scheme}://localhost:{self.server.server_address[1]}/elsewhere", "Content-Length: 0")

    def fault_no_http(self):
        self.wfile.write(b"220 mail.example.com ESMTP\r\n")
        self.abort()


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, options):
        super().__init__(("127.0.0.1", options.port), Conversation)
        self.options = options
        self.provider = Provider(options.secret, options.hostname)
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


def tls_context(options):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.certificate, options.key)
    if options.old_tls:
        warnings.simplefilter("ignore", DeprecationWarning)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--certificate", help="the server's certificate, PEM")
    parser.add_argument("--key", help="its private key, PEM")
    parser.add_argument("--port", type=int, default=0, help="0 (the default) takes a free one")
    parser.add_argument("--control", action="store_true", help="end with standard input")
    parser.add_argument("--secret", default="captcha-secret", help="the only secret that counts")
    parser.add_argument("--hostname", default="app.example.com", help="the site on which captchas are solved")
    parser.add_argument("--status", type=int, default=200, help="the status of every answer")
    parser.add_argument("--answer", metavar="JSON", help="answer this to everything")
    parser.add_argument("--fault", choices=FAULTS, help="misbehave in this way")
    parser.add_argument("--drop-after", type=int, metavar="N", help="close each connection after N answers, unannounced")
    parser.add_argument("--plain", action="store_true", help="speak HTTP without TLS")
    parser.add_argument("--old-tls", action="store_true", help="speak TLS 1.1 at best")
    return parser.parse_args()


if __name__ == "__main__":
    options = read_options()
    server = Server(options)
    report("listening", port=server.server_address[1])
    if options.control:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdin.read()
    else:
        server.serve_forever()
