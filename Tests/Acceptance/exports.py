"""A reader of exports of the audit log that trusts nothing but the log's public key: written from docs/audit-log.md, RFC
6962, RFC 9162 and RFC 4180, and from nothing of the product's."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

from transparency import Unfit, VerifierKey, leaf_hash, node_hash

MEMBERS = ["action", "actor", "agent", "detail", "outcome", "record", "request", "workspace"]


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


class Edge:
    """The complete subtrees of a growing tree, from left to right, with their sizes."""

    def __init__(self, size: int, hashes: list[bytes]) -> None:
        sizes = [1 << bit for bit in reversed(range(64)) if size >> bit & 1]
        if len(sizes) != len(hashes):
            raise Unfit("the edge is not that of a tree of that size")
        self.size = size
        self.parts = list(zip(sizes, hashes))

    def append(self, leaf: bytes) -> None:
        size, hash = 1, leaf
        while self.parts and self.parts[-1][0] == size:
            hash = node_hash(self.parts.pop()[1], hash)
            size *= 2
        self.parts.append((size, hash))
        self.size += 1

    @property
    def root(self) -> bytes:
        if not self.parts:
            return hashlib.sha256(b"").digest()
        root = self.parts[-1][1]
        for _, hash in reversed(self.parts[:-1]):
            root = node_hash(hash, root)
        return root


def check_consistency(first: int, first_root: bytes, second: int, second_root: bytes, proof: list[bytes]) -> None:
    """RFC 9162 §2.1.4.2."""
    if first == second or first == 0:
        if proof or (first == second and first_root != second_root):
            raise Unfit("the entries do not lead to the signed root")
        return
    if first & (first - 1) == 0:
        proof = [first_root, *proof]
    if not proof:
        raise Unfit("the proof is empty")
    position, last = first - 1, second - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    one = other = proof[0]
    for hash in proof[1:]:
        if last == 0:
            raise Unfit("the proof is too long")
        if position & 1 or position == last:
            one, other = node_hash(hash, one), node_hash(hash, other)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            other = node_hash(other, hash)
        position, last = position >> 1, last >> 1
    if last or one != first_root or other != second_root:
        raise Unfit("the entries do not lead to the signed root")


class Export:
    """A file with the manifest beside it."""

    def __init__(self, key: str, path: Path) -> None:
        self.path = path
        self.key = VerifierKey(key)
        manifest = json.loads(Path(f"{path}.manifest").read_text())["manifest"]
        text, _, signatures = manifest["statement"].partition("\n\n")
        if not any(self.key._signed(text + "\n", line) for line in signatures.splitlines()):
            raise Unfit("the statement has no valid signature by the log's key")
        title, log, format, entries, digest, tree, time = text.split("\n")
        if title != "countersign export v1" or log != f"log {self.key.name}":
            raise Unfit("the statement is of another log, or none")
        self.format = format.removeprefix("format ")
        self.first, self.end = map(int, entries.removeprefix("entries ").split(" "))
        self.digest = base64.b64decode(digest.removeprefix("digest sha256 "), validate=True)
        self.time = int(time.removeprefix("time "))
        self.checkpoint = self.key.open(manifest["checkpoint"])
        if tree != f"tree {self.checkpoint.size} {base64.b64encode(self.checkpoint.root).decode()}":
            raise Unfit("the statement is of another checkpoint")
        self.edge = Edge(self.first, [base64.b64decode(hash) for hash in manifest["edge"]])
        self.consistency = [base64.b64decode(hash) for hash in manifest["consistency"]]

    def verify(self) -> list[dict[str, Any]]:
        """Checks all of it, and returns the entries, each with its personal part."""
        data = self.path.read_bytes()
        found = []
        for entry, personal, sealed in self._rows(data) if self.format == "csv" else self._lines(data):
            self._check(entry, personal, sealed)
            self.edge.append(leaf_hash(canonical(entry)))
            found.append({**entry, "personal": personal})
        if self.edge.size != self.end:
            raise Unfit("it is missing", self.edge.size)
        check_consistency(
            self.end, self.edge.root, self.checkpoint.size, self.checkpoint.root, self.consistency)
        if hashlib.sha256(data).digest() != self.digest:
            raise Unfit("the file is not the one that was signed")
        return found

    def _check(self, entry: dict[str, Any], personal: Any, sealed: bytes | None) -> None:
        index = self.edge.size
        if entry["sequence"] != index + 1 or entry["workspace"] != self.key.name.rsplit("/", 1)[1]:
            raise Unfit("it says that it stands elsewhere", index)
        if entry["sealed"] != (None if sealed is None else digest(sealed)):
            raise Unfit("its sealed part is another one", index)
        if isinstance(personal, dict):
            commitment = digest(base64url(personal["salt"]) + canonical(personal))
            if entry["personal"] != commitment:
                raise Unfit("its personal part is another one", index)
        elif (personal is None) != (entry["personal"] is None):
            raise Unfit("it has a personal part, and has none", index)

    @staticmethod
    def _lines(data: bytes):
        for line in data.decode().splitlines():
            value = json.loads(line)
            assert leaf_hash(canonical(value["entry"])) == base64.b64decode(value["leaf"])
            yield value["entry"], value["personal"], value["sealed"] and base64url(value["sealed"])

    @staticmethod
    def _rows(data: bytes):
        for row in csv.DictReader(io.StringIO(data.decode(), newline="")):
            cells = {name: cell[1:] if cell.startswith("'") else cell for name, cell in row.items()}
            sealed = base64url(cells["sealed"]) if cells["sealed"] else None
            entry: dict[str, Any] = {name: cells[name] for name in MEMBERS}
            entry |= {name: int(cells[name]) for name in ("sequence", "time", "version")}
            entry |= {"personal": cells["commitment"] or None, "sealed": None if sealed is None else digest(sealed)}
            members = {name: cells[name] for name in ("address", "contact", "salt", "user_agent") if cells[name]}
            yield entry, members if cells["personal"] == "known" else cells["personal"] or None, sealed
