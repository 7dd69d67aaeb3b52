"""A reader of the audit log that trusts nothing but the log's public key: written from RFC 6962 §2.1 and the C2SP pages
on signed notes, checkpoints and tiles, and from nothing of the product's."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TILE = 256
ED25519, COSIGNATURE = 0x01, 0x04


class Unfit(Exception):
    """Something does not fit. `entry` is the index of the first entry that does not, where it is one."""

    def __init__(self, what: str, entry: int | None = None) -> None:
        super().__init__(what if entry is None else f"entry {entry}: {what}")
        self.entry = entry


# Hashes (RFC 6962 §2.1)


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def tree_hash(leaves: list[bytes]) -> bytes:
    """MTH over leaf hashes, from the bottom up: what has no partner goes up as it is."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = leaves
    while len(level) > 1:
        pairs = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + (level[-1:] if len(level) % 2 else [])
    return level[0]


def inclusion_proof(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH(m, D[n]), RFC 6962 §2.1.1."""
    if len(leaves) == 1:
        return []
    middle = split(len(leaves))
    if index < middle:
        return inclusion_proof(index, leaves[:middle]) + [tree_hash(leaves[middle:])]
    return inclusion_proof(index - middle, leaves[middle:]) + [tree_hash(leaves[:middle])]


def root_of_inclusion(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """RFC 9162 §2.1.3.2."""
    if index >= size:
        raise Unfit("the proof is for an entry that the tree does not have", index)
    position, last, root = index, size - 1, leaf
    for hash in proof:
        if last == 0:
            raise Unfit("the proof is too long", index)
        if position % 2 or position == last:
            root = node_hash(hash, root)
            while position % 2 == 0 and position:
                position, last = position >> 1, last >> 1
        else:
            root = node_hash(root, hash)
        position, last = position >> 1, last >> 1
    if last:
        raise Unfit("the proof is too short", index)
    return root


# Signed notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint)


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes
    note: str


class VerifierKey:
    """`<name>+<key id>+<base64 of type and key>`."""

    def __init__(self, text: str) -> None:
        self.name, identifier, encoded = text.split("+", 2)
        material = base64.b64decode(encoded, validate=True)
        self.kind = material[0]
        assert self.kind in (ED25519, COSIGNATURE) and len(material) == 33
        self.identifier = hashlib.sha256(self.name.encode() + b"\n" + material).digest()[:4]
        assert identifier == self.identifier.hex(), "the key's id is not that of its name and bytes"
        self.key = Ed25519PublicKey.from_public_bytes(material[1:])

    def open(self, note: str) -> Checkpoint:
        """The checkpoint in a note that this key has signed."""
        text, found, signatures = note.partition("\n\n")
        if not found or not note.endswith("\n"):
            raise Unfit("the checkpoint is no signed note")
        text += "\n"
        if not any(self._signed(text, line) for line in signatures.splitlines()):
            raise Unfit("the checkpoint has no valid signature by the log's key")
        lines = text.split("\n")
        if lines[0] != self.name or not re.fullmatch(r"0|[1-9][0-9]*", lines[1]):
            raise Unfit("the checkpoint is of another log, or none")
        return Checkpoint(lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True), note)

    def _signed(self, text: str, line: str) -> bool:
        dash, name, encoded = line.split(" ")
        if dash != "\u2014" or name != self.name:
            return False
        blob = base64.b64decode(encoded, validate=True)
        if blob[:4] != self.identifier:
            return False
        signature, message = blob[4:], text
        if self.kind == COSIGNATURE:
            # c2sp.org/tlog-cosignature: eight bytes of time, then the signature.
            signature, message = blob[12:], f"cosignature/v1\ntime {int.from_bytes(blob[4:12], 'big')}\n{text}"
        try:
            self.key.verify(signature, message.encode())
        except InvalidSignature:
            return False
        return True

    def has_signed(self, note: str) -> bool:
        """Whether a line below a note is a valid one of this key's, whatever the note is about."""
        text, _, signatures = note.partition("\n\n")
        return any(self._signed(text + "\n", line) for line in signatures.splitlines())


# Tiles (c2sp.org/tlog-tiles)


def tile_path(level: int | str, number: int, width: int) -> str:
    groups = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        groups.insert(0, f"x{number % 1000:03}")
    return f"tile/{level}/{'/'.join(groups)}" + (f".p/{width}" if width < TILE else "")


def tiles_of(level: int | str, count: int) -> list[tuple[str, int]]:
    """The paths and widths of all tiles of a level that has `count` hashes or entries."""
    whole, rest = divmod(count, TILE)
    tiles = [(tile_path(level, number, TILE), TILE) for number in range(whole)]
    return tiles + ([(tile_path(level, whole, rest), rest)] if rest else [])


def entries_in(bundle: bytes) -> list[bytes]:
    entries, position = [], 0
    while position < len(bundle):
        length = int.from_bytes(bundle[position:position + 2], "big")
        entries.append(bundle[position + 2:position + 2 + length])
        position += 2 + length
        if position > len(bundle):
            raise Unfit("an entry bundle ends within an entry")
    return entries


class Log:
    """A log behind `fetch`, which gives a path's bytes."""

    def __init__(self, key: str, fetch: Callable[[str], bytes]) -> None:
        self.key = VerifierKey(key)
        self.fetch = fetch

    def checkpoint(self) -> Checkpoint:
        return self.key.open(self.fetch("checkpoint").decode())

    def entries(self, size: int) -> list[bytes]:
        found: list[bytes] = []
        for path, width in tiles_of("entries", size):
            bundle = entries_in(self.fetch(path))
            if len(bundle) != width:
                raise Unfit(f"{path} has {len(bundle)} entries, not {width}", len(found) + min(width, len(bundle)))
            found += bundle
        return found

    def hashes(self, level: int, size: int) -> list[bytes]:
        """The hashes that the tiles of a level hold, for a tree of `size`."""
        found: list[bytes] = []
        for path, width in tiles_of(level, size >> 8 * level):
            tile = self.fetch(path)
            if len(tile) != 32 * width:
                raise Unfit(f"{path} has {len(tile)} bytes, not {32 * width}")
            found += [tile[i:i + 32] for i in range(0, len(tile), 32)]
        return found

    def verify(self, checkpoint: Checkpoint | None = None) -> list[dict[str, Any]]:
        """Checks everything there is against a checkpoint, the newest where none is given, and returns the entries."""
        checkpoint = checkpoint or self.checkpoint()
        entries = self.entries(checkpoint.size)
        leaves = [leaf_hash(entry) for entry in entries]
        for index, (leaf, hash) in enumerate(zip(leaves, self.hashes(0, checkpoint.size), strict=True)):
            if leaf != hash:
                raise Unfit("it is not what the tree has", index)
        level, hashes = 0, leaves
        while len(hashes) >= TILE:
            level += 1
            hashes = [tree_hash(hashes[i:i + TILE]) for i in range(0, len(hashes) - TILE + 1, TILE)]
            if hashes != self.hashes(level, checkpoint.size):
                raise Unfit(f"the tiles of level {level} are not those of level {level - 1}")
        if tree_hash(leaves) != checkpoint.root:
            raise Unfit("the root is not that of the checkpoint")
        return [self._read(index, entry, checkpoint) for index, entry in enumerate(entries)]

    @staticmethod
    def _read(index: int, entry: bytes, checkpoint: Checkpoint) -> dict[str, Any]:
        value = json.loads(entry)
        canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        if canonical != entry:
            raise Unfit("it is no canonical JSON", index)
        if value["sequence"] != index + 1 or value["workspace"] != checkpoint.origin.rsplit("/", 1)[1]:
            raise Unfit("it says that it stands elsewhere", index)
        return value

    def extends(self, old: Checkpoint, new: Checkpoint) -> None:
        """That the newer tree begins with the older one."""
        if tree_hash(self.hashes(0, new.size)[:old.size]) != old.root:
            raise Unfit("the newer tree does not begin with the older one")


def save(log: Log, checkpoint: Checkpoint, folder: Path) -> None:
    """Writes the log up to a checkpoint into a folder, each file under its path below `/v1/log`."""
    paths = ["checkpoint"]
    for level in ("entries", 0, 1):
        count = checkpoint.size >> (8 if level == 1 else 0)
        paths += [tile_path(level, number, min(TILE, count - TILE * number)) for number in range(-(-count // TILE))]
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(checkpoint.note.encode() if path == "checkpoint" else log.fetch(path))
