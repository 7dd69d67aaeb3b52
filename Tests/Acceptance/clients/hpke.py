"""HPKE (RFC 9180), base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, with AES-GCM: a single message each."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from clients.p256 import PrivateKey, PublicKey

KEM, KDF = 0x0010, 0x0001
KEM_SUITE = b"KEM" + KEM.to_bytes(2, "big")


@dataclass(frozen=True)
class Cipher:
    """An AEAD of §7.3: its number and the bytes of its key."""

    number: int
    key_length: int

    @property
    def suite(self) -> bytes:
        return b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (KEM, KDF, self.number))


AES_128_GCM = Cipher(0x0001, 16)
AES_256_GCM = Cipher(0x0002, 32)


def seal(recipient: PublicKey, plaintext: bytes, info: bytes, additional: bytes | None = None,
         cipher: Cipher = AES_256_GCM, ephemeral: PrivateKey | None = None) -> tuple[bytes, bytes]:
    """The encapsulated key, and the ciphertext with its tag. Without `additional` it is enc ‖ pkR."""
    ephemeral = ephemeral or PrivateKey()
    encapsulated = ephemeral.public.uncompressed
    shared = _shared_secret(ephemeral.exchange(recipient), encapsulated, recipient)
    key, nonce = key_schedule(shared, info, cipher)
    if additional is None:
        additional = encapsulated + recipient.uncompressed
    return encapsulated, AESGCM(key).encrypt(nonce, plaintext, additional)


def open_sealed(recipient: PrivateKey, encapsulated: bytes, ciphertext: bytes, info: bytes,
                additional: bytes | None = None, cipher: Cipher = AES_256_GCM) -> bytes:
    """The plaintext. Raises `cryptography.exceptions.InvalidTag` for what was not sealed to this key."""
    shared = _shared_secret(recipient.exchange(PublicKey(encapsulated)), encapsulated, recipient.public)
    key, nonce = key_schedule(shared, info, cipher)
    if additional is None:
        additional = encapsulated + recipient.public.uncompressed
    return AESGCM(key).decrypt(nonce, ciphertext, additional)


def _shared_secret(exchanged: bytes, encapsulated: bytes, recipient: PublicKey) -> bytes:
    """ExtractAndExpand of §4.1."""
    pseudorandom = _labelled_extract(KEM_SUITE, b"", b"eae_prk", exchanged)
    return _labelled_expand(KEM_SUITE, pseudorandom, b"shared_secret", encapsulated + recipient.uncompressed, 32)


def key_schedule(shared: bytes, info: bytes, cipher: Cipher) -> tuple[bytes, bytes]:
    """Key and base nonce (§5.1), which is the nonce of sequence number 0."""
    base_mode = b"\x00"
    context = (base_mode + _labelled_extract(cipher.suite, b"", b"psk_id_hash", b"")
               + _labelled_extract(cipher.suite, b"", b"info_hash", info))
    secret = _labelled_extract(cipher.suite, shared, b"secret", b"")
    return (_labelled_expand(cipher.suite, secret, b"key", context, cipher.key_length),
            _labelled_expand(cipher.suite, secret, b"base_nonce", context, 12))


def _labelled_extract(suite: bytes, salt: bytes, label: bytes, keying: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + keying, hashlib.sha256)


def _labelled_expand(suite: bytes, pseudorandom: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand of a length that one block of SHA-256 covers."""
    assert length <= 32
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(pseudorandom, labelled + b"\x01", hashlib.sha256)[:length]
