"""Keys, texts and signatures that are none, each under the name of what is wrong with it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from clients.encodings import base64url
from clients.p256 import ORDER, PrivateKey
from commands import ROOT

FIELD_PRIME = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF


def points() -> dict[str, bytes]:
    """Bytes that are no point of P-256, of uncompressed length where the fault is another."""
    good = PrivateKey().public.uncompressed
    off_curve = bytearray(good)
    off_curve[-1] ^= 1
    return {
        "truncated": good[:-1],
        "too long": good + b"\0",
        "off the curve": bytes(off_curve),
        "on another curve of that size": _point(ec.SECP256K1()),
        "on a greater curve": _point(ec.SECP384R1()),
        "at infinity": b"\0",
        "a hybrid form": bytes([6 + (good[-1] & 1)]) + good[1:],
        "a coordinate beyond the field": b"\x04" + (FIELD_PRIME + 5).to_bytes(32, "big") + good[33:],
        "zeros": b"\x04" + bytes(64),
    }


def _point(curve: ec.EllipticCurve) -> bytes:
    return ec.generate_private_key(curve).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def compressed_points() -> dict[str, bytes]:
    """Bytes that are no compressed point of P-256."""
    good = PrivateKey().public.compressed
    no_square = next(x for x in range(5, 100) if not _is_x(x))
    return {
        "truncated": good[:-1],
        "too long": good + b"\0",
        "no point has this x": b"\x02" + no_square.to_bytes(32, "big"),
        "x beyond the field": b"\x02" + (FIELD_PRIME + 5).to_bytes(32, "big"),
        "another first byte": b"\x05" + good[1:],
        "on a greater curve": ec.generate_private_key(ec.SECP384R1()).public_key().public_bytes(
            Encoding.X962, PublicFormat.CompressedPoint),
        "at infinity": b"\0",
    }


def _is_x(x: int) -> bool:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x02" + x.to_bytes(32, "big"))
        return True
    except ValueError:
        return False


def hexadecimal(good: str) -> dict[str, str]:
    """Spellings of a text that are not hexadecimal."""
    return {"empty": "", "an odd digit": good[:-1], "no digit": "zz" + good[2:], "a blank": " " + good[1:],
            "0x": "0x" + good, "base64url": base64url(bytes.fromhex(good))}


def raw_signatures(good: bytes) -> dict[str, bytes]:
    """64 bytes, or not, that are no signature of the message (r‖s)."""
    r, s = good[:32], good[32:]
    return {"truncated": good[:-1], "too long": good + b"\0", "r is 0": bytes(32) + s, "s is 0": r + bytes(32),
            "r is the order": ORDER.to_bytes(32, "big") + s, "s beyond the order": r + b"\xff" * 32,
            "r and s exchanged": s + r, "another s": r + s[:-1] + bytes([s[-1] ^ 1])}


def der_signatures(good: bytes) -> dict[str, bytes]:
    """Bytes that are no DER signature of the message."""
    body = good[2:]
    return {"truncated": good[:-1], "bytes after it": good + b"\0", "a length in the long form":
            b"\x30\x81" + bytes([len(body)]) + body, "an indefinite length": b"\x30\x80" + body + b"\0\0",
            "another tag": b"\x31" + good[1:], "empty sequence": b"\x30\x00",
            "zeros": bytes.fromhex("3006020100020100"), "another s": good[:-1] + bytes([good[-1] ^ 1])}


def vectors(name: str) -> list[dict[str, Any]] | None:
    """The groups of a Wycheproof file, None where the folder is absent."""
    folder = Path(os.environ.get("COUNTERSIGN_VECTORS", ROOT.parent / "shared/vectors"))
    path = folder / name
    return json.loads(path.read_text())["testGroups"] if path.is_file() else None
