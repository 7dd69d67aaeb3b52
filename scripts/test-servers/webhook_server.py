#!/usr/bin/python3
"""A receiver of webhooks on loopback for tests: checks signatures as Standard Webhooks 1.0 has it, over real TLS, and
can also misbehave. The check is written from the specification and knows nothing of the server under test.

Every line on standard output is one JSON object. The first is {"event": "listening", "port": N}; then
  {"event": "connection", "number": N}            a client connected, the N-th so far
  {"event": "request", "connection": N, "path": …, "type": …, "id": …, "timestamp": …, "body": …,
   "signatures": N, "proven": [0, …]}             a whole message came, with N signatures; `proven` are the positions of
                                                  those --secret by which it is proven
  {"event": "command", "line": …}                 a command was obeyed

With --control it ends with its standard input, and obeys a command on each line of it:
  answer 500 204      answer the next messages with these statuses, one each, and all that follow with the last
  fault hang          misbehave in this way with every message; `fault none` ends that
  secrets whsec_… …   these secrets count from now on
"""

import argparse
import base64
import hashlib
import hmac
import time

import https_server
from https_server import report

# Seconds that a message's time may be off.
TOLERANCE = 300


def proves(secret, identifier, timestamp, body, signature):
    """Whether one signature is the one that this secret makes."""
    version, _, given = signature.partition(",")
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    signed = f"{identifier}.{timestamp}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return version == "v1" and hmac.compare_digest(expected, given)


class Conversation(https_server.Conversation):
    """One client's connection."""

    def do_POST(self):
        body = self.read_body()
        receiver = self.server.receiver
        identifier, timestamp = self.headers.get("webhook-id", ""), self.headers.get("webhook-timestamp", "")
        signatures = self.headers.get("webhook-signature", "").split(" ")
        fresh = timestamp.isdecimal() and abs(time.time() - int(timestamp)) <= TOLERANCE
        proven = [position for position, secret in enumerate(receiver.secrets)
                  if fresh and any(proves(secret, identifier, timestamp, body, each) for each in signatures)]
        report("request", connection=self.number, path=self.path, type=self.headers.get("Content-Type"), id=identifier,
               timestamp=timestamp, body=body.decode(), signatures=len(signatures), proven=proven)
        if receiver.fault and self.path != "/elsewhere":
            self.misbehave(receiver.fault)
        else:
            status = receiver.next_status()
            self.head(status) if status == 204 else self.answer(status, {})
        self.end_answer()


class Receiver:
    """What counts and what is answered, until a command says otherwise."""

    def __init__(self, options):
        self.secrets, self.statuses, self.fault = options.secret, options.answer, options.fault

    def next_status(self):
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]

    def obey(self, line):
        command, *values = line.split(" ")
        if command == "answer":
            self.statuses = [int(value) for value in values]
        elif command == "fault":
            self.fault = None if values == ["none"] else values[0]
        elif command == "secrets":
            self.secrets = values
        else:
            raise ValueError(f"unknown command {line!r}")
        report("command", line=command)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    https_server.add_options(parser)
    parser.add_argument("--secret", action="append", default=[], metavar="whsec_…", help="a secret that counts")
    parser.add_argument("--answer", type=int, nargs="+", default=[204], metavar="STATUS", help="statuses, one after the other")
    parser.add_argument("--fault", choices=https_server.FAULTS, help="misbehave in this way")
    return parser.parse_args()


if __name__ == "__main__":
    options = read_options()
    server = https_server.Server(options, Conversation)
    server.receiver = Receiver(options)
    server.run(server.receiver.obey)
