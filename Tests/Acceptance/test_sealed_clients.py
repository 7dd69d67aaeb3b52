"""The tests' own clients hold against the standards, before anything is concluded from what a server says to them."""

import dataclasses
import hashlib

import pytest
from cryptography.exceptions import InvalidTag
from clients import hpke, jwt
from clients.encodings import base64url
from clients.p256 import PrivateKey, PublicKey


@dataclasses.dataclass(frozen=True)
class Vector:
    """Sequence number 0 of a published vector; all in hexadecimal."""

    cipher: hpke.Cipher
    ephemeral: str
    recipient: str
    encapsulated: str
    shared: str
    key: str
    nonce: str
    ciphertext: str


INFO = b"Ode on a Grecian Urn"
ADDITIONAL = b"Count-0"
PLAINTEXT = b"Beauty is truth, truth beauty"

VECTORS = {
    "RFC 9180 A.3.1, AES-128-GCM": Vector(
        cipher=hpke.AES_128_GCM,
        ephemeral="4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb",
        recipient="f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2",
        encapsulated="04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac9"
                     "8536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4",
        shared="c0d26aeab536609a572b07695d933b589dcf363ff9d93c93adea537aeabb8cb8",
        key="868c066ef58aae6dc589b6cfdd18f97e",
        nonce="4e0bc5018beba4bf004cca59",
        ciphertext="5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434"),
    "CFRG's test-vectors.json, AES-256-GCM": Vector(
        cipher=hpke.AES_256_GCM,
        ephemeral="90345e3a1d116c1dd39ae76d95ab858c142223a63e44f8f85318cfa91a84858e",
        recipient="317f915db7bc629c48fe765587897e01e282d3e8445f79f27f65d031a88082b2",
        encapsulated="04c06b4f6bebc7bb495cb797ab753f911aff80aefb86fd8b6fcc35525f3ab5f03e"
                     "0b21bd31a86c6048af3cb2d98e0d3bf01da5cc4c39ff5370d331a4f1f7d5a4e0",
        shared="48893fecd82f7c3456af6a42d8f56325d21e08c10fa81299986aaff54cde7b49",
        key="ee16802a936d5f544771131900ee6973d0551de9e852ece2ef34bf0d5f9e1d1d",
        nonce="9bc50980832a7b4b58c40161",
        ciphertext="58c61a45059d0c5704560e9d88b564a8b63f1364b8d1fcb3c4c6ddc1d291742465e902cd216f8908da49f8f96f"),
}


@pytest.fixture(params=VECTORS.values(), ids=VECTORS.keys())
def vector(request):
    return request.param


def test_hpke_seals_as_the_standards_vector(vector):
    recipient, ephemeral = _key(vector.recipient).public, _key(vector.ephemeral)
    sealed = hpke.seal(recipient, PLAINTEXT, INFO, ADDITIONAL, vector.cipher, ephemeral)
    assert [part.hex() for part in sealed] == [vector.encapsulated, vector.ciphertext]


def test_hpke_opens_the_standards_vector(vector):
    parts = bytes.fromhex(vector.encapsulated), bytes.fromhex(vector.ciphertext)
    assert hpke.open_sealed(_key(vector.recipient), *parts, INFO, ADDITIONAL, vector.cipher) == PLAINTEXT


def test_hpke_derives_key_and_nonce_of_the_standards_vector(vector):
    derived = hpke.key_schedule(bytes.fromhex(vector.shared), INFO, vector.cipher)
    assert [part.hex() for part in derived] == [vector.key, vector.nonce]


@pytest.mark.parametrize("fault", ["key", "ciphertext", "info", "additional"])
def test_hpke_opens_nothing_else(fault):
    key = PrivateKey()
    encapsulated, ciphertext = hpke.seal(key.public, PLAINTEXT, INFO)
    recipient = PrivateKey() if fault == "key" else key
    if fault == "ciphertext":
        ciphertext = ciphertext[:-1] + bytes([ciphertext[-1] ^ 1])
    info = b"another" if fault == "info" else INFO
    additional = b"another" if fault == "additional" else None
    with pytest.raises(InvalidTag):
        hpke.open_sealed(recipient, encapsulated, ciphertext, info, additional)


def test_a_thumbprint_is_that_of_rfc_7638():
    """§3.1 hashes the required members in lexicographic order; checked here with the text written out."""
    key = PrivateKey(scalar=1).public
    text = ('{"crv":"P-256","kty":"EC","x":"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",'
            '"y":"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}')
    assert key.thumbprint == base64url(hashlib.sha256(text.encode()).digest())


def test_both_halves_of_a_signature_are_accepted():
    """ECDSA's s and its negative are signatures of the same message; other lengths are none."""
    key, message = PrivateKey(), b"message"
    for high_s in (False, True):
        signature = key.sign_raw(message, high_s=high_s)
        assert key.public.verifies_raw(signature, message)
        assert not key.public.verifies_raw(signature + b"\0", message)
        assert not key.public.verifies_raw(signature, b"another")


def test_a_token_of_another_key_or_type_is_refused():
    key = PrivateKey()
    token = jwt.sign(key, {"typ": "target+jwt", "alg": "ES256"}, {"sub": "x"})
    assert jwt.verified(token, key.public, kind="target+jwt") == {"sub": "x"}
    for pinned, kind in ((PrivateKey().public, "target+jwt"), (key.public, "session+jwt")):
        with pytest.raises(jwt.TokenRefused):
            jwt.verified(token, pinned, kind=kind)


def test_a_point_off_the_curve_is_no_key():
    point = bytearray(PrivateKey().public.uncompressed)
    point[-1] ^= 1
    with pytest.raises(ValueError):
        PublicKey(bytes(point))


def _key(scalar):
    return PrivateKey(int(scalar, 16))
