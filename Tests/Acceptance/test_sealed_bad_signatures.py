"""Client signatures that do not count: of another form, by another key, of another message; none leaves a trace."""

import json

import pytest
import contacts
import malformed
from clients import jwt, turnkey
from clients.encodings import compact
from clients.p256 import PrivateKey, PublicKey
from sealed import activities, clearly_refused, code_for, turnkey_refused


@pytest.fixture(scope="module")
def person(server):
    """Somebody with an account and a token that no test uses up."""
    dialect = activities(server)
    return {"dialect": dialect, "proven": dialect.enrol(dialect.prove(contacts.address()))}


def _signed(person, **changes):
    """A login of the dialect whose client signature differs in the given members."""
    proven, session_key = person["proven"], PrivateKey().public
    signature = turnkey.client_signature(proven.key, turnkey.login_message(proven.token, session_key))
    return person["dialect"].api.submit("otp_login", {
        "verificationToken": proven.token, "publicKey": session_key.compressed.hex(),
        "clientSignature": signature | {
            name: change(signature[name]) if callable(change) else change for name, change in changes.items()}})


@pytest.mark.parametrize("fault", malformed.raw_signatures(bytes(64)))
def test_a_client_signature_that_is_none(person, leaves_no_trace, fault):
    """r‖s in 128 digits, nothing else."""
    bad = []

    def spoil(good):
        bad.append(malformed.raw_signatures(bytes.fromhex(good))[fault].hex())
        return bad[0]

    answer = _signed(person, signature=spoil)
    leaves_no_trace += bad
    clearly_refused(answer, *bad)


def test_a_client_signature_in_der_is_none(person):
    clearly_refused(_signed(person, signature=person["proven"].key.sign_der(b"x").hex()))


@pytest.mark.parametrize("fault", malformed.hexadecimal("00"))
@pytest.mark.parametrize("member", ["signature", "publicKey"])
def test_a_client_signature_that_is_not_hexadecimal(person, leaves_no_trace, member, fault):
    answer = _signed(person, **{member: lambda good: malformed.hexadecimal(good)[fault]})
    clearly_refused(answer)


@pytest.mark.parametrize("fault", malformed.compressed_points())
def test_a_client_key_that_is_no_point(person, fault):
    clearly_refused(_signed(person, publicKey=malformed.compressed_points()[fault].hex()))


def test_an_uncompressed_client_key_is_told_so(person):
    answer = _signed(person, publicKey=person["proven"].key.public.uncompressed.hex())
    turnkey_refused(answer, 400, 3, name="PUBLIC_KEY_UNCOMPRESSED")


@pytest.mark.parametrize("scheme", ["", "CLIENT_SIGNATURE_SCHEME_API_P384", "SIGNATURE_SCHEME_TK_API_P256", None, 1])
def test_another_scheme(person, scheme):
    clearly_refused(_signed(person, scheme=scheme))


def _login_with_message(person, message, key=None):
    proven, session_key = person["proven"], PrivateKey().public
    text = message(proven.token, session_key)
    return person["dialect"].api.submit("otp_login", {
        "verificationToken": proven.token, "publicKey": session_key.compressed.hex(),
        "clientSignature": turnkey.client_signature(key or proven.key, text)})


@pytest.mark.parametrize("change", [
    {"tokenId": "another"}, {"type": "USAGE_TYPE_SIGNUP"}, {"type": "usage_type_login"}, {"login": {}},
    {"login": {"publicKey": PrivateKey().public.compressed.hex()}}, {"login": None}, {"tokenId": None}, {"type": 1},
])
def test_a_signed_message_for_something_else(person, change):
    """Of this person, by the right key: for another token, use or session key."""
    def message(token, session_key):
        return compact(json.loads(turnkey.login_message(token, session_key)) | change).decode()

    answer = _login_with_message(person, message)
    clearly_refused(answer)
    assert answer.json["turnkeyErrorCode"] in ("CLIENT_SIGNATURE_MISMATCH", "CLIENT_SIGNATURE_MALFORMED")


@pytest.mark.parametrize("text", ["", "x", "{}", "null", "[]", "{", "\u0000", "[" * 100])
def test_a_signed_message_that_is_none(person, text):
    clearly_refused(_login_with_message(person, lambda token, session_key: text))


def test_a_message_that_says_a_thing_twice_is_none(person):
    """Two readers might not agree which one counts."""
    def message(token, session_key):
        text = turnkey.login_message(token, session_key)
        return text[:-1] + ', "tokenId": "another"}'

    clearly_refused(_login_with_message(person, message))


@pytest.mark.parametrize("order", ["reversed", "with blanks"])
@pytest.mark.parametrize("high_s", [False, True])
def test_a_message_in_any_order_and_either_half_of_s(server, order, high_s):
    """The signature is over the bytes as they came, and both values of s are signatures."""
    dialect, session_key = activities(server), PrivateKey()
    proven = dialect.enrol(dialect.prove(contacts.address()))
    members = json.loads(turnkey.login_message(proven.token, session_key.public))
    text = json.dumps(dict(reversed(members.items())) if order == "reversed" else members,
                              indent=None if order == "reversed" else 3)
    signature = turnkey.client_signature(proven.key, text)
    signature["signature"] = proven.key.sign_raw(text.encode(), high_s=high_s).hex()
    answer = dialect.api.submit("otp_login", {
        "verificationToken": proven.token, "publicKey": session_key.public.compressed.hex(),
        "clientSignature": signature})
    dialect.session(answer, "otpLoginResult", session_key)


@pytest.mark.parametrize("fault", malformed.compressed_points())
def test_a_session_key_that_is_no_point(person, fault):
    proven, bad = person["proven"], malformed.compressed_points()[fault].hex()
    message = compact({"login": {"publicKey": bad}, "tokenId": jwt.claims(proven.token)["id"],
                       "type": "USAGE_TYPE_LOGIN"}).decode()
    answer = person["dialect"].api.submit("otp_login", {
        "verificationToken": proven.token, "publicKey": bad,
        "clientSignature": turnkey.client_signature(proven.key, message)})
    turnkey_refused(answer, 400, 3, name="PUBLIC_KEY_MALFORMED")


def test_every_raw_signature_of_wycheproof_gets_its_due(server, person):
    """As a client signature over the vector's message, beside a token that is bound to the vector's key.

    A valid one gets past the signature and is then no login message; any other is refused for the signature.
    """
    groups = malformed.vectors("ecdsa_secp256r1_sha256_p1363_test.json")
    if groups is None:
        pytest.skip("no Wycheproof vectors: set COUNTERSIGN_VECTORS to a folder that holds them")
    dialect, tried = person["dialect"], 0
    for group in groups:
        key = PublicKey(bytes.fromhex(group["publicKey"]["uncompressed"]))
        token = _token_bound_to(server, dialect, key)
        for test in group["tests"]:
            message = bytes.fromhex(test["msg"]).decode()
            if not message:
                continue  # the dialect's messages are JSON
            answer = dialect.api.submit("otp_login", {
                "verificationToken": token, "publicKey": PrivateKey().public.compressed.hex(), "clientSignature": {
                    "publicKey": key.compressed.hex(), "scheme": "CLIENT_SIGNATURE_SCHEME_API_P256",
                    "message": message, "signature": test["sig"]}})
            past = answer.json["message"] == "the signed message is not one for this use"
            assert past == (test["result"] == "valid"), f"{test['tcId']}: {test['comment']}: {answer.said()}"
            tried += 1
    assert tried > 200


def _token_bound_to(server, dialect, key):
    """A verification token for a key whose private half nobody has here: an attempt names its key, no more."""
    contact = contacts.address()
    challenge = dialect.start(contact)
    answer = dialect.api.verify(challenge.id, turnkey.sealed(challenge.target, code_for(server, contact), key))
    return dialect.result(answer, "verifyOtpResult")["verificationToken"]


def test_after_all_this_the_token_still_opens_its_session(person):
    """Nothing above used it up."""
    person["dialect"].log_in(person["proven"])
