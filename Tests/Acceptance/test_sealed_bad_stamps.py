"""Stamps that do not count, and keys that cannot stamp: each is refused and leaves no trace."""

import json

import pytest
import contacts
import malformed
from clients import turnkey
from clients.encodings import base64url, base64url_decoded, compact
from clients.p256 import PrivateKey, PublicKey
from raw_http import RawConnection, request_bytes
from sealed import activities, clearly_refused, stamp_key, turnkey_refused


@pytest.fixture(scope="module")
def person(server):
    """Somebody with an account and a token that no test uses up."""
    dialect = activities(server)
    return {"dialect": dialect, "proven": dialect.enrol(dialect.prove(contacts.address()))}


def _stamps(good):
    """Headers that are no stamp, each made of a good one."""
    parsed = json.loads(base64url_decoded(good))
    signature = bytes.fromhex(parsed["signature"])

    def with_(**changes):
        return base64url(compact({k: v for k, v in (parsed | changes).items() if v is not ...}))

    found = {
        "empty": "", "no base64url": "{}", "padded": good + "=" * (-len(good) % 4 or 4), "no JSON": base64url(b"x"),
        "a list": base64url(b"[]"), "no key": with_(publicKey=...), "no scheme": with_(scheme=...),
        "no signature": with_(signature=...), "another scheme": with_(scheme="SIGNATURE_SCHEME_TK_API_SECP256K1"),
        "key a number": with_(publicKey=4), "signature empty": with_(signature=""),
        "signature raw": with_(signature=bytes(64).hex()), "deep": base64url(b"[" * 500),
        "twice the same member": base64url(compact(parsed)[:-1] + b',"publicKey":"02"}'),
        "a very long one": "A" * 9000,
        "the key uncompressed": with_(publicKey=PrivateKey().public.uncompressed.hex()),
    }
    found |= {f"signature: {name}": with_(signature=value.hex())
              for name, value in malformed.der_signatures(signature).items()}
    found |= {f"signature: {name}": with_(signature=value)
              for name, value in malformed.hexadecimal(parsed["signature"]).items()}
    found |= {f"key: {name}": with_(publicKey=value.hex()) for name, value in malformed.compressed_points().items()}
    return found


@pytest.mark.parametrize("fault", _stamps(turnkey.stamp(PrivateKey(), b"")))
def test_a_stamp_that_is_none(server, person, leaves_no_trace, fault):
    dialect = person["dialect"]
    body = compact(dialect.api.body("init_otp", {
        "otpType": "OTP_TYPE_EMAIL", "contact": contacts.address(), "appName": "Acceptance"}))
    bad = _stamps(turnkey.stamp(dialect.api.key, body))[fault]
    leaves_no_trace.append(bad)
    answer = dialect.api.http.request("POST", "/public/v1/submit/init_otp", body, {"X-Stamp": bad})
    assert answer.status in (400, 401, 431), answer.said()
    clearly_refused(answer, bad)


@pytest.mark.parametrize("fault", ["two stamps", "both kinds"])
def test_two_stamps_are_none(server, person, fault):
    """Two readers might not agree which one counts."""
    dialect = person["dialect"]
    body = compact(dialect.api.body("init_otp", {
        "otpType": "OTP_TYPE_EMAIL", "contact": contacts.address(), "appName": "Acceptance"}))
    good = turnkey.stamp(dialect.api.key, body)
    second = f"X-Stamp: {good}" if fault == "two stamps" else \
        "X-Stamp-Attested: " + turnkey.attested_stamp(person["proven"].key, person["proven"].token, body)
    with RawConnection(server.port) as connection:
        connection.write(request_bytes(
            "POST", "/public/v1/submit/init_otp", body, headers=[f"X-Stamp: {good}", second]))
        turnkey_refused(connection.answer(), 401, 16, name="STAMP_MALFORMED")


def test_a_stamp_of_the_plain_kind_opens_no_session(server, person):
    """A back end's key cannot log anybody in: the enclave wants a verification token."""
    dialect = person["dialect"]
    answer = dialect.api.submit("stamp_login", {"publicKey": PrivateKey().public.compressed.hex()})
    assert answer.status in (400, 401, 403), answer.said()


def test_every_der_signature_of_wycheproof_gets_its_due(server):
    """As a stamp over the vector's message: a valid one gets past the signature, any other is refused for it."""
    groups = malformed.vectors("ecdsa_secp256r1_sha256_test.json")
    if groups is None:
        pytest.skip("no Wycheproof vectors: set COUNTERSIGN_VECTORS to a folder that holds them")
    tried = 0
    with server.client(None) as client:
        for group in groups:
            point = bytes.fromhex(group["publicKey"]["uncompressed"])
            key = PublicKey(point).compressed.hex()
            for test in group["tests"]:
                header = base64url(compact({"publicKey": key, "scheme": "SIGNATURE_SCHEME_TK_API_P256",
                                            "signature": test["sig"]}))
                answer = client.request("POST", "/public/v1/query/whoami", bytes.fromhex(test["msg"]),
                                        {"X-Stamp": header})
                refused = answer.json["turnkeyErrorCode"] in ("SIGNATURE_INVALID", "STAMP_MALFORMED")
                assert refused == (test["result"] != "valid"), f"{test['tcId']}: {test['comment']}: {answer.said()}"
                tried += 1
    assert tried > 400


@pytest.mark.parametrize("fault", [*malformed.compressed_points(), "uncompressed", "not hexadecimal", "empty"])
def test_a_key_that_is_none_is_not_registered(server, fault):
    bad = {"uncompressed": PrivateKey().public.uncompressed.hex(), "not hexadecimal": "zz", "empty": ""}.get(fault)
    if bad is None:
        bad = malformed.compressed_points()[fault].hex()
    done = server.command("key", "create", "--kind", "stamp", "--public-key", bad, "--json")
    assert done.status != 0 and done.output.strip() == ""


def test_a_key_is_registered_once(server):
    key = stamp_key(server)
    done = server.command("key", "create", "--kind", "stamp", "--public-key", key.public.compressed.hex(), "--json")
    assert done.status != 0
