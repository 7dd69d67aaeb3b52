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
import threading
import time
import urllib.parse

import https_server
from https_server import report

PATH = "/turnstile/v0/siteverify"


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


class Conversation(https_server.Conversation):
    """One client's connection."""

    def do_POST(self):
        fields = dict(urllib.parse.parse_qsl(self.read_body().decode(), keep_blank_values=True))
        report("request", connection=self.number, path=self.path, type=self.headers.get("Content-Type"), fields=fields)
        options = self.server.options
        if self.path == "/elsewhere":
            self.answer(200, {"success": True, "hostname": options.hostname})
        elif self.path != PATH:
            self.answer(404, {})
        elif options.fault:
            self.misbehave(options.fault)
        elif options.answer:
            self.answer(options.status, json.loads(options.answer))
        else:
            self.answer(options.status, self.server.provider.verdict(fields))
        self.end_answer()

    def fault_not_json(self):
        body = b"<html>success: true</html>"
        self.head(200, "Content-Type: text/html", f"Content-Length: {len(body)}")
        self.wfile.write(body)

    def fault_no_verdict(self):
        self.answer(200, {"success": "true", "hostname": self.server.options.hostname})


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    https_server.add_options(parser)
    parser.add_argument("--secret", default="captcha-secret", help="the only secret that counts")
    parser.add_argument("--hostname", default="app.example.com", help="the site on which captchas are solved")
    parser.add_argument("--status", type=int, default=200, help="the status of every answer")
    parser.add_argument("--answer", metavar="JSON", help="answer this to everything")
    parser.add_argument("--fault", choices=[*https_server.FAULTS, "not-json", "no-verdict"], help="misbehave in this way")
    return parser.parse_args()


if __name__ == "__main__":
    options = read_options()
    server = https_server.Server(options, Conversation)
    server.provider = Provider(options.secret, options.hostname)
    server.run()
