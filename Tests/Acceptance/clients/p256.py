"""Keys over P-256 and ECDSA with SHA-256, in the spellings that the two flows use."""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    Prehashed, decode_dss_signature, encode_dss_signature)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from clients.encodings import base64url, base64url_decoded, compact

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SHA256 = ec.ECDSA(hashes.SHA256())


class PublicKey:
    """A point of the curve. Raises `ValueError` for bytes that are none."""

    def __init__(self, point: bytes) -> None:
        self.key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
        self.uncompressed = self.key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.compressed = self.key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)

    @classmethod
    def from_jwk(cls, jwk: dict[str, Any]) -> PublicKey:
        if (jwk["kty"], jwk["crv"]) != ("EC", "P-256"):
            raise ValueError("no key over P-256")
        return cls(b"\x04" + base64url_decoded(jwk["x"]) + base64url_decoded(jwk["y"]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PublicKey) and self.uncompressed == other.uncompressed

    def __hash__(self) -> int:
        return hash(self.uncompressed)

    @property
    def jwk(self) -> dict[str, str]:
        """RFC 7517; the members in the order of RFC 7638 §3.2."""
        return {"crv": "P-256", "kty": "EC", "x": base64url(self.uncompressed[1:33]),
                "y": base64url(self.uncompressed[33:])}

    @property
    def thumbprint(self) -> str:
        """RFC 7638."""
        return base64url(hashlib.sha256(compact(self.jwk)).digest())

    def verifies_der(self, signature: bytes, message: bytes) -> bool:
        return self._verifies(signature, message, SHA256)

    def verifies_raw(self, signature: bytes, message: bytes) -> bool:
        return len(signature) == 64 and self._verifies(_der(signature), message, SHA256)

    def verifies_raw_digest(self, signature: bytes, digest: bytes) -> bool:
        """For a message that was hashed already."""
        return len(signature) == 64 and self._verifies(_der(signature), digest, ec.ECDSA(Prehashed(hashes.SHA256())))

    def _verifies(self, signature: bytes, message: bytes, algorithm: ec.ECDSA) -> bool:
        try:
            self.key.verify(signature, message, algorithm)
            return True
        except InvalidSignature:
            return False


class PrivateKey:
    """A fresh key, or the one with a given scalar."""

    def __init__(self, scalar: int | None = None) -> None:
        self.key = ec.generate_private_key(CURVE) if scalar is None else ec.derive_private_key(scalar, CURVE)
        numbers = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.public = PublicKey(numbers)

    def sign_der(self, message: bytes) -> bytes:
        return self.key.sign(message, SHA256)

    def sign_raw(self, message: bytes, high_s: bool = False) -> bytes:
        """r‖s. Both s and its negative are signatures; with `high_s` the greater of the two."""
        r, s = decode_dss_signature(self.sign_der(message))
        if high_s:
            s = max(s, ORDER - s)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def exchange(self, other: PublicKey) -> bytes:
        """ECDH: the shared point's x coordinate."""
        return self.key.exchange(ec.ECDH(), other.key)


def _der(raw: bytes) -> bytes:
    return encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
