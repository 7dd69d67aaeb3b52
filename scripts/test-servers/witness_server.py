#!/usr/bin/python3
"""A witness on loopback for tests, over real TLS, written from C2SP's tlog-witness and tlog-cosignature and RFC 9162 alone;
it can also misbehave.

Every line on standard output is one JSON object. The first is {"event": "listening", "port": N}; then
  {"event": "connection", "number": N}                                        a client connected, the N-th so far
  {"event": "request", "origin": …, "old": N, "size": N, "status": N}         a checkpoint came, and what was answered
  {"event": "command", "command": …}                                          a command was obeyed

--seed makes the key, --log names the logs' public keys (vkeys; none: of any log), --state is a file that keeps what was
cosigned. With --control it obeys lines of standard input and ends with it: `fault NAME` misbehaves from then on, `fault`
no more, `log VKEY` adds a log.
"""

import argparse
import base64
import hashlib
import json
import re
import threading
import time
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

import https_server
from https_server import report

PATH = "/witness/add-checkpoint"
ED25519, COSIGNATURE = 0x01, 0x04


def key_id(name, kind, public):
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def is_consistent(old, new, proof):
    """RFC 9162 §2.1.4.2. `old` and `new` are pairs of size and root."""
    (first, first_root), (second, second_root) = old, new
    if first == second:
        return first_root == second_root and not proof
    if first == 0:
        return not proof
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    if not path:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for hash in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(hash, fr), node(hash, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, hash)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == first_root and sr == second_root


class Refusal(Exception):
    def __init__(self, status, body=b"", kind="text/plain"):
        super().__init__(status)
        self.status, self.body, self.kind = status, body, kind


class Witness:
    """Whose checkpoints it takes, and what it has cosigned: by origin, size and root."""

    def __init__(self, options):
        self.name = options.name
        self.key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(options.seed.encode()).digest())
        self.public = self.key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.file = Path(options.state) if options.state else None
        self.seen = json.loads(self.file.read_text()) if self.file and self.file.exists() else {}
        self.logs = list(options.log)
        self.fault = options.fault
        self.lock = threading.Lock()

    @property
    def vkey(self):
        material = base64.b64encode(bytes([COSIGNATURE]) + self.public).decode()
        return f"{self.name}+{key_id(self.name, COSIGNATURE, self.public).hex()}+{material}"

    def add(self, body, event):
        """The signature line for a request's checkpoint."""
        head, found, note = body.partition("\n\n")
        lines = head.split("\n")
        old = re.fullmatch(r"old (0|[1-9][0-9]*)", lines[0])
        if not found or not old or len(lines) > 64:
            raise Refusal(400)
        proof = [base64.b64decode(line, validate=True) for line in lines[1:]]
        text, found, signatures = note.partition("\n\n")
        text += "\n"
        origin, size, root = text.split("\n")[:3]
        old, size, root = int(old[1]), int(size), base64.b64decode(root, validate=True)
        event.update(origin=origin, old=old, size=size)
        self.authenticate(origin, text, signatures)
        if old > size:
            raise Refusal(400)
        with self.lock:
            known, known_root = self.seen.get(origin, [0, ""])
            if old != known or (size == known and known and base64.b64encode(root).decode() != known_root):
                raise Refusal(409, f"{known}\n".encode(), "text/x.tlog.size")
            if not is_consistent((known, base64.b64decode(known_root)), (size, root), proof):
                raise Refusal(422)
            self.seen[origin] = [size, base64.b64encode(root).decode()]
            if self.file:
                self.file.write_text(json.dumps(self.seen))
        return self.cosign(text)

    def authenticate(self, origin, text, signatures):
        if not self.logs:
            return
        mine = [vkey.split("+", 2) for vkey in self.logs if vkey.split("+", 2)[0] == origin]
        if not mine:
            raise Refusal(404)
        for line in signatures.splitlines():
            dash, name, blob = line.split(" ")
            blob = base64.b64decode(blob)
            for _, identifier, material in mine:
                if dash == "\u2014" and name == origin and blob[:4].hex() == identifier:
                    try:
                        key = base64.b64decode(material)
                        assert key[0] == ED25519
                        return Ed25519PublicKey.from_public_bytes(key[1:]).verify(blob[4:], text.encode())
                    except InvalidSignature:
                        raise Refusal(403) from None
        raise Refusal(403)

    def cosign(self, text):
        now = int(time.time())
        signature = self.key.sign(f"cosignature/v1\ntime {now}\n{text}".encode())
        if self.fault == "wrong-signature":
            signature = bytes([signature[0] ^ 1]) + signature[1:]
        blob = key_id(self.name, COSIGNATURE, self.public) + now.to_bytes(8, "big") + signature
        return f"\u2014 {self.name} {base64.b64encode(blob).decode()}\n"


class Conversation(https_server.Conversation):
    """One client's connection."""

    def do_POST(self):
        witness, event = self.server.witness, {}
        body = self.read_body().decode()
        if witness.fault in https_server.FAULTS:
            report("request", status=0)
            return self.misbehave(witness.fault)
        try:
            if self.path != PATH:
                raise Refusal(404)
            status, kind, answer = 200, "text/plain", witness.add(body, event).encode()
        except Refusal as refusal:
            status, kind, answer = refusal.status, refusal.kind, refusal.body
        except ValueError:
            status, kind, answer = 400, "text/plain", b""
        report("request", status=status, **event)
        self.head(status, f"Content-Type: {kind}", f"Content-Length: {len(answer)}")
        self.wfile.write(answer)
        self.end_answer()


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    https_server.add_options(parser)
    parser.add_argument("--name", default="witness.example.com", help="its name")
    parser.add_argument("--seed", default="witness", help="what its key is made from")
    parser.add_argument("--log", action="append", default=[], metavar="VKEY", help="a log that it takes; default: any")
    parser.add_argument("--state", metavar="FILE", help="keeps what was cosigned")
    parser.add_argument("--fault", choices=[*https_server.FAULTS, "wrong-signature"], help="misbehave in this way")
    parser.add_argument("--print-vkey", action="store_true", help="print the public key, and end")
    return parser.parse_args()


def obey(witness, line):
    word, _, value = line.partition(" ")
    if word == "fault":
        witness.fault = value or None
    elif word == "log":
        witness.logs.append(value)
    report("command", command=line)


if __name__ == "__main__":
    options = read_options()
    witness = Witness(options)
    if options.print_vkey:
        print(witness.vkey)
    else:
        server = https_server.Server(options, Conversation)
        server.witness = witness
        server.run(lambda line: obey(witness, line))
