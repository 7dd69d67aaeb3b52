"""Sealed attempts that are none: each has its own clear error, changes nothing, and leaves no trace in the log."""

import json

import pytest
import contacts
import malformed
from clients import countersign, hpke, turnkey
from clients.encodings import base64url, compact
from clients.p256 import PrivateKey
from sealed import Dialect, Own, activities, attempts_left, code_for

SUPPORTED = {"dialect": activities, "our own": Own.back_end}


@pytest.fixture(scope="module")
def challenges(server):
    """One open challenge for each flow, with its code."""
    found = {}
    for name, make in SUPPORTED.items():
        flow, contact = make(server), contacts.address()
        found[name] = flow, flow.start(contact), code_for(server, contact)
    return found


def _send(flow, challenge, encapsulated, ciphertext):
    """An attempt with these two parts as texts."""
    if isinstance(flow, Dialect):
        return flow.api.verify(challenge.id, json.dumps({"encappedPublic": encapsulated, "ciphertext": ciphertext}))
    return flow.api.attempt(challenge.id, {"encapsulated_key": encapsulated, "ciphertext": ciphertext})


def _spelt(flow, data):
    return data.hex() if isinstance(flow, Dialect) else base64url(data)


def _refused(answer, bad, counted=False):
    """A clear 4xx; where the attempt was counted it says how many are left, and otherwise nothing was counted."""
    assert 400 <= answer.status < 500, answer.said()
    body = answer.json
    assert body.get("message") or body.get("detail"), "it says what is wrong"
    name = body.get("turnkeyErrorCode") or body["code"]
    assert name not in ("INTERNAL", "UNAVAILABLE", "INVALID_OTP_CODE", "invalid_code"), name
    assert (attempts_left(answer) is not None) == counted, answer.said()
    for text in bad:
        assert len(text) < 8 or text.encode() not in answer.body, "the answer repeats what was bad"
    return name


@pytest.mark.parametrize("fault", malformed.points())
@pytest.mark.parametrize("name", SUPPORTED)
def test_an_encapsulated_key_that_is_no_point(challenges, leaves_no_trace, name, fault):
    flow, challenge, _ = challenges[name]
    text = _spelt(flow, malformed.points()[fault])
    leaves_no_trace.append(text)
    _refused(_send(flow, challenge, text, _spelt(flow, bytes(60))), [text])


@pytest.mark.parametrize("name", SUPPORTED)
def test_a_compressed_encapsulated_key_is_told_so(challenges, leaves_no_trace, name):
    flow, challenge, _ = challenges[name]
    text = _spelt(flow, PrivateKey().public.compressed)
    leaves_no_trace.append(text)
    answer = _send(flow, challenge, text, _spelt(flow, bytes(60)))
    _refused(answer, [text])
    assert "compressed" in answer.body.decode()


@pytest.mark.parametrize("part", ["encapsulated key", "ciphertext"])
@pytest.mark.parametrize("fault", malformed.hexadecimal("00"))
def test_a_bundle_that_is_not_hexadecimal(challenges, leaves_no_trace, part, fault):
    flow, challenge, code = challenges["dialect"]
    good = json.loads(turnkey.sealed(challenge.target, code, PrivateKey().public))
    field = "encappedPublic" if part == "encapsulated key" else "ciphertext"
    good[field] = malformed.hexadecimal(good[field])[fault]
    leaves_no_trace.append(good[field])
    _refused(_send(flow, challenge, good["encappedPublic"], good["ciphertext"]), [good[field]])


@pytest.mark.parametrize("spelling", ["padded", "standard alphabet", "line break", "hexadecimal", "a bit too many"])
def test_an_attempt_that_is_not_base64url(challenges, leaves_no_trace, spelling):
    flow, challenge, _ = challenges["our own"]
    encapsulated, ciphertext = hpke.seal(challenge.target, b"x" * 40, b"turnkey_hpke")
    text = base64url(encapsulated)
    spelt = {"padded": text + "=", "standard alphabet": "+/" + text[2:], "line break": text[:40] + "\n" + text[40:],
             "hexadecimal": encapsulated.hex(), "a bit too many": text[:-1] + _next(text[-1])}[spelling]
    leaves_no_trace.append(spelt)
    _refused(_send(flow, challenge, spelt, base64url(ciphertext)), [spelt])


def _next(character):
    """The next digit of the alphabet: of a last digit only some bits count, and the others must be 0."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return alphabet[alphabet.index(character) + 1]


@pytest.mark.parametrize("length", [0, 1, 16, 513, 4000])
@pytest.mark.parametrize("name", SUPPORTED)
def test_a_ciphertext_of_a_length_that_none_has(challenges, name, length):
    flow, challenge, _ = challenges[name]
    encapsulated = PrivateKey().public.uncompressed
    _refused(_send(flow, challenge, _spelt(flow, encapsulated), _spelt(flow, bytes(length))), [])


@pytest.mark.parametrize("bundle", [
    "", "{", "null", "[]", '"x"', "{}", '{"encappedPublic":"04"}', '{"ciphertext":"00"}',
    '{"encappedPublic":4,"ciphertext":"00"}', '{"encappedPublic":null,"ciphertext":null}', "\x00", "[" * 100,
    '{"encappedPublic":"04","encappedPublic":"05","ciphertext":"00"}',
])
def test_a_bundle_that_is_no_bundle(challenges, bundle):
    flow, challenge, _ = challenges["dialect"]
    _refused(flow.api.verify(challenge.id, bundle), [])


@pytest.mark.parametrize("value", [None, 4, True, [], {}, {"encappedPublic": "04"}])
def test_a_bundle_that_is_no_text(challenges, value):
    flow, challenge, _ = challenges["dialect"]
    _refused(flow.api.verify(challenge.id, value), [])


@pytest.mark.parametrize("body", [
    b"", b"{", b"null", b"[]", b"{}", b'{"encapsulated_key":"BA"}', b'{"ciphertext":"AA"}', b"\xff\xfe", b'{"a":1}',
    b'{"encapsulated_key":4,"ciphertext":"AA"}', b'{"encapsulated_key":"BA","ciphertext":null}', b"[" * 100,
])
def test_an_attempt_that_is_no_attempt(challenges, body):
    flow, challenge, _ = challenges["our own"]
    _refused(flow.api.attempt(challenge.id, body), [])


@pytest.mark.parametrize("name", SUPPORTED)
def test_nothing_above_was_counted(challenges, name):
    """Both challenges still have three attempts, and their codes verify."""
    flow, challenge, code = challenges[name]
    assert attempts_left(flow.attempt(challenge, contacts.wrong(code))) == 2
    key = PrivateKey()
    flow.log_in(flow.verified(flow.attempt(challenge, code, key), key))


def _fresh(server, name):
    flow, contact = SUPPORTED[name](server), contacts.address()
    return flow, flow.start(contact), code_for(server, contact)


def _seal(flow, challenge, plaintext, info=b"turnkey_hpke", additional=None, target=None):
    encapsulated, ciphertext = hpke.seal(target or challenge.target, plaintext, info, additional)
    return _send(flow, challenge, _spelt(flow, encapsulated), _spelt(flow, ciphertext))


def _content(code, key):
    return compact({"otp_code": code, "public_key": key})


@pytest.mark.parametrize("fault", [
    "another key", "another info", "no additional data", "another additional data", "a changed byte",
    "a truncated ciphertext"])
@pytest.mark.parametrize("name", SUPPORTED)
def test_what_was_sealed_to_something_else_does_not_open(server, leaves_no_trace, name, fault):
    """It was counted, since it had to be opened to be known, and it says how many are left."""
    flow, challenge, code = _fresh(server, name)
    plaintext = _content(code, PrivateKey().public.compressed.hex())
    encapsulated, ciphertext = hpke.seal(
        PrivateKey().public if fault == "another key" else challenge.target, plaintext,
        b"countersign_hpke" if fault == "another info" else b"turnkey_hpke",
        {"no additional data": b"", "another additional data": b"x"}.get(fault))
    if fault == "a changed byte":
        ciphertext = bytes([ciphertext[0] ^ 1]) + ciphertext[1:]
    elif fault == "a truncated ciphertext":
        ciphertext = ciphertext[:-1]
    leaves_no_trace += [_spelt(flow, encapsulated), _spelt(flow, ciphertext)]
    answer = _send(flow, challenge, _spelt(flow, encapsulated), _spelt(flow, ciphertext))
    assert _refused(answer, [_spelt(flow, ciphertext)], counted=True) in ("OTP_BUNDLE_NOT_OPENED", "attempt_not_opened")
    assert attempts_left(answer) == 2


@pytest.mark.parametrize("plaintext", [
    b"x", b"{}", b"null", b"[]", b"\xff\xff", b'{"otp_code":"AAAAAAAAA"}', b'{"public_key":"02"}',
    b'{"otp_code":1,"public_key":2}', b'{"otp_code":"A","otp_code":"B","public_key":"02"}', b"[" * 200,
])
@pytest.mark.parametrize("name", SUPPORTED)
def test_what_was_sealed_is_no_code_and_key(server, leaves_no_trace, name, plaintext):
    flow, challenge, _ = _fresh(server, name)
    leaves_no_trace.append(plaintext.decode(errors="replace"))
    answer = _seal(flow, challenge, plaintext)
    assert _refused(answer, [], counted=True) in ("OTP_BUNDLE_MALFORMED", "attempt_malformed")


@pytest.mark.parametrize("fault", malformed.compressed_points())
@pytest.mark.parametrize("name", SUPPORTED)
def test_a_sealed_key_that_is_no_point(server, leaves_no_trace, name, fault):
    """Even with the right code: the token would be bound to nobody. The code stays good for whoever corrects it."""
    flow, challenge, code = _fresh(server, name)
    bad = malformed.compressed_points()[fault].hex()
    leaves_no_trace += [bad, code]
    answer = _seal(flow, challenge, _content(code, bad))
    assert _refused(answer, [bad], counted=True) in ("PUBLIC_KEY_MALFORMED", "client_key_malformed")
    assert flow.attempt(challenge, code).status == 200


@pytest.mark.parametrize("name", SUPPORTED)
def test_an_uncompressed_key_has_an_error_of_its_own(server, leaves_no_trace, name):
    """With the hosted service it looks like a wrong code, which nobody can diagnose."""
    flow, challenge, code = _fresh(server, name)
    uncompressed = PrivateKey().public.uncompressed.hex()
    leaves_no_trace += [uncompressed, code]
    answer = _seal(flow, challenge, _content(code, uncompressed))
    assert _refused(answer, [uncompressed], counted=True) in ("PUBLIC_KEY_UNCOMPRESSED", "client_key_uncompressed")
    assert "uncompressed" in answer.body.decode()


@pytest.mark.parametrize("name", SUPPORTED)
def test_an_attempt_is_for_one_challenge(server, name):
    """Sealed for another challenge, replayed to another one of the same person, or after the success."""
    flow, challenge, code = _fresh(server, name)
    other = flow.start(challenge.contact)
    key = PrivateKey()
    sealed = (turnkey.sealed if isinstance(flow, Dialect) else countersign.sealed)(challenge.target, code, key.public)
    send = flow.api.verify if isinstance(flow, Dialect) else flow.api.attempt
    _refused(send(other.id, sealed), [], counted=True)
    assert send(challenge.id, sealed).status == 200
    replayed = send(challenge.id, sealed)
    assert 400 <= replayed.status < 500 and attempts_left(replayed) is None, replayed.said()


@pytest.mark.parametrize("identifier", [
    "x", "", "ch_00000000000000000000", "00000000-0000-4000-8000-000000000000", "../challenges", "%00", "a" * 3000])
@pytest.mark.parametrize("name", SUPPORTED)
def test_a_challenge_that_is_none(server, name, identifier):
    """Like another workspace's: there is no such challenge."""
    flow, challenge, code = _fresh(server, name)
    body = (turnkey.sealed if isinstance(flow, Dialect) else countersign.sealed)(
        challenge.target, code, PrivateKey().public)
    answer = (flow.api.verify if isinstance(flow, Dialect) else flow.api.attempt)(identifier, body)
    assert 400 <= answer.status < 500, answer.said()
    assert code.encode() not in answer.body
    assert flow.attempt(challenge, code).status == 200, "the real one is as it was"
