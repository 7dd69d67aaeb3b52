"""Tokens, signatures, stamps and proofs that do not count: each has its own clear error and leaves no trace."""

import json
import time

import pytest
import contacts
import malformed
from clients import countersign, jwt, turnkey
from clients.encodings import base64url, base64url_decoded, compact
from clients.p256 import PrivateKey, PublicKey
from raw_http import RawConnection, request_bytes
from sealed import Dialect, Own, activities, problem, set_workspace, stamp_key, turnkey_refused
from wire import dispatched, verified


@pytest.fixture(scope="module")
def person(server):
    """Somebody with an account and a token that no test uses up, of the dialect and of our own flow."""
    dialect, own = activities(server), Own.back_end(server)
    return {"dialect": dialect, "own": own, "proven": dialect.enrol(dialect.prove(contacts.address())),
            "ours": own.prove(contacts.address())}


@pytest.fixture
def leaves_no_trace(server):
    bad = []
    before = len(server.logged())
    yield bad
    time.sleep(0.05)
    logged = server.logged()[before:]
    for text in bad:
        assert len(text) < 8 or text not in logged, "the log has what was bad"


def _tokens(good):
    """Tokens that are none, each made of a good one."""
    head, payload, signature = good.split(".")
    claims, header = jwt.claims(good), jwt.header(good)
    other = PrivateKey()

    def spelt(value):
        return base64url(compact(value))

    return {
        "empty": "", "no token": "x", "two parts": f"{head}.{payload}", "four parts": good + ".x",
        "truncated": good[:-8], "signature empty": f"{head}.{payload}.",
        "signature of zeros": f"{head}.{payload}.{base64url(bytes(64))}",
        "signature in DER": f"{head}.{payload}.{base64url(other.sign_der(b'x'))}",
        "another's signature": jwt.sign(other, header, claims),
        "alg none": f"{spelt(header | {'alg': 'none'})}.{payload}.",
        "alg HS256": f"{spelt(header | {'alg': 'HS256'})}.{payload}.{signature}",
        "a key of its own": jwt.sign(other, header | {"jwk": other.public.jwk}, claims),
        "another kid": jwt.sign(other, header | {"kid": other.public.thumbprint}, claims),
        "crit": f"{spelt(header | {'crit': ['x'], 'x': 1})}.{payload}.{signature}",
        "claims changed": f"{head}.{spelt(claims | {'contact': 'other@example.com'})}.{signature}",
        "key changed": f"{head}.{spelt(claims | {'public_key': other.public.compressed.hex()})}.{signature}",
        "padded": f"{head}.{payload}.{signature}==",
        "very long": good + "A" * 20_000,
    }


TOKEN_FAULTS = _tokens(jwt.sign(PrivateKey(), {"typ": "JWT", "alg": "ES256"}, {"id": "x"}))


@pytest.mark.parametrize("style", ["login", "stamped login", "sign-up", "account"])
@pytest.mark.parametrize("fault", TOKEN_FAULTS)
def test_a_token_of_the_dialect_that_is_none(server, person, leaves_no_trace, style, fault):
    proven, dialect, proxy = person["proven"], person["dialect"], Dialect.proxy(server)
    bad, session_key = _tokens(proven.token)[fault], PrivateKey().public
    signature = turnkey.client_signature(proven.key, turnkey.login_message(proven.token, session_key))
    if style == "login":
        answer = dialect.api.submit("otp_login", {
            "verificationToken": bad, "publicKey": session_key.compressed.hex(), "clientSignature": signature})
    elif style == "stamped login":
        body = compact(dialect.api.body("stamp_login", {"publicKey": session_key.compressed.hex()}))
        answer = dialect.api.http.request("POST", "/public/v1/submit/stamp_login", body, {
            "X-Stamp-Attested": turnkey.attested_stamp(proven.key, bad, body)})
    elif style == "sign-up":
        signature = turnkey.client_signature(proven.key, turnkey.signup_message(proven.token))
        answer = proxy.api.post("/v1/signup_v2", {
            "apiKeys": [], "authenticators": [], "oauthProviders": [], "verificationToken": bad,
            "clientSignature": signature})
    else:
        answer = proxy.api.account(jwt.claims(proven.token)["contact"], bad)
    leaves_no_trace += [bad, bad.split(".")[-1]]
    _refused(answer, bad)


@pytest.mark.parametrize("fault", TOKEN_FAULTS)
def test_a_token_of_ours_that_is_none(person, leaves_no_trace, fault):
    proven, own = person["ours"], person["own"]
    bad = _tokens(proven.token)[fault]
    leaves_no_trace += [bad, bad.split(".")[-1]]
    _refused(own.api.open_session(bad, proven.key), bad)


def _refused(answer, *bad):
    assert 400 <= answer.status < 500, answer.said()
    body = answer.json
    assert body.get("message") or body.get("detail"), "it says what is wrong"
    assert body.get("turnkeyErrorCode") not in ("INTERNAL", "UNAVAILABLE")
    for text in bad:
        assert len(text) < 8 or text.encode() not in answer.body, "the answer repeats what was bad"


@pytest.mark.parametrize("kind", ["a session", "our verification token", "an identity token", "our session",
                                  "the sandbox's"])
def test_a_token_by_the_wrong_one_of_the_right_keys(server, person, kind):
    """All are signed inside the enclave, each for one purpose: none opens a session of the dialect but its own."""
    dialect, own = person["dialect"], person["own"]
    session_key, contact = PrivateKey(), contacts.address()
    if kind == "a session":
        proven = dialect.enrol(dialect.prove(contact))
        token = turnkey.result(
            dialect.api.log_in(proven.token, proven.key, session_key.public), "otpLoginResult")["session"]
        key = session_key
    elif kind in ("our verification token", "our session"):
        proven = own.prove(contact)
        key = proven.key
        token = proven.token if kind == "our verification token" else own.log_in(proven)["session_token"]
    elif kind == "an identity token":
        with server.client("live") as client:
            dispatched(client.send(contact))
            token, key = verified(client.verify(contact, server.inbox.code(contact))), PrivateKey()
    else:
        token, key = _sandbox_token(server)
    _refused(_login(dialect, token, key), token)
    body = compact(dialect.api.body("stamp_login", {"publicKey": PrivateKey().public.compressed.hex()}))
    _refused(dialect.api.http.request("POST", "/public/v1/submit/stamp_login", body, {
        "X-Stamp-Attested": turnkey.attested_stamp(key, token, body)}), token)
    if kind != "our verification token":
        _refused(own.api.open_session(token, key), token)


def _login(dialect, token, key):
    session_key = PrivateKey().public
    message = compact({"login": {"publicKey": session_key.compressed.hex()},
                       "tokenId": jwt.claims(token).get("id", "x"), "type": "USAGE_TYPE_LOGIN"}).decode()
    return dialect.api.submit("otp_login", {
        "verificationToken": token, "publicKey": session_key.compressed.hex(),
        "clientSignature": turnkey.client_signature(key, message)})


def _sandbox_token(server):
    set_workspace(server, sandbox=True)
    try:
        dialect, key = activities(server), PrivateKey()
        found = dialect.result(dialect.api.init("user@example.com"), "initOtpResultV2")
        signer = json.loads(found["otpEncryptionTargetBundle"])["enclaveQuorumPublic"]
        target = turnkey.checked_target(found["otpEncryptionTargetBundle"], signer)
        answer = dialect.api.verify(found["otpId"], turnkey.sealed(target.key, "000000", key.public))
        return dialect.verified(answer, key).token, key
    finally:
        set_workspace(server, sandbox=False)


def test_a_token_a_second_too_old(server):
    dialect = activities(server)
    contact, key = contacts.address(), PrivateKey()
    challenge = dialect.start(contact)
    code = server.inbox.code(contact, 9, "[0-9A-HJKMNP-TV-Z]")
    bundle = turnkey.sealed(challenge.target, code, key.public)
    proven = dialect.verified(dialect.api.verify(challenge.id, bundle, expirationSeconds="1"), key)
    time.sleep(2.1)
    turnkey_refused(_login(dialect, proven.token, key), 401, 16, name="VERIFICATION_TOKEN_EXPIRED")
    turnkey_refused(Dialect.proxy(server).api.account(contact, proven.token), 401, 16,
                    name="VERIFICATION_TOKEN_EXPIRED")


# The signature beside a token


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
    _refused(answer, *bad)


def test_a_client_signature_in_der_is_none(person):
    _refused(_signed(person, signature=person["proven"].key.sign_der(b"x").hex()))


@pytest.mark.parametrize("fault", malformed.hexadecimal("00"))
@pytest.mark.parametrize("member", ["signature", "publicKey"])
def test_a_client_signature_that_is_not_hexadecimal(person, leaves_no_trace, member, fault):
    answer = _signed(person, **{member: lambda good: malformed.hexadecimal(good)[fault]})
    _refused(answer)


@pytest.mark.parametrize("fault", malformed.compressed_points())
def test_a_client_key_that_is_no_point(person, fault):
    _refused(_signed(person, publicKey=malformed.compressed_points()[fault].hex()))


def test_an_uncompressed_client_key_is_told_so(person):
    answer = _signed(person, publicKey=person["proven"].key.public.uncompressed.hex())
    turnkey_refused(answer, 400, 3, name="PUBLIC_KEY_UNCOMPRESSED")


@pytest.mark.parametrize("scheme", ["", "CLIENT_SIGNATURE_SCHEME_API_P384", "SIGNATURE_SCHEME_TK_API_P256", None, 1])
def test_another_scheme(person, scheme):
    _refused(_signed(person, scheme=scheme))


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
    _refused(answer)
    assert answer.json["turnkeyErrorCode"] in ("CLIENT_SIGNATURE_MISMATCH", "CLIENT_SIGNATURE_MALFORMED")


@pytest.mark.parametrize("text", ["", "x", "{}", "null", "[]", "{", "\u0000", "[" * 100])
def test_a_signed_message_that_is_none(person, text):
    _refused(_login_with_message(person, lambda token, session_key: text))


def test_a_message_that_says_a_thing_twice_is_none(person):
    """Two readers might not agree which one counts."""
    def message(token, session_key):
        text = turnkey.login_message(token, session_key)
        return text[:-1] + ', "tokenId": "another"}'

    _refused(_login_with_message(person, message))


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


def test_after_all_this_the_token_still_opens_its_session(person):
    """Nothing above used it up."""
    person["dialect"].log_in(person["proven"])
    person["own"].log_in(person["ours"])


# Stamps


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
    _refused(answer, bad)


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


# DPoP


def _proofs(key, method, url, token):
    good = countersign.proof(key, method, url, token)
    head, payload, signature = good.split(".")
    header, claims, other = jwt.header(good), jwt.claims(good), PrivateKey()

    def signed(header, claims, by=key):
        return jwt.sign(by, header, claims)

    without = {name: {k: v for k, v in claims.items() if k != name} for name in claims}
    found = {
        "empty": "", "no token": "x", "two parts": f"{head}.{payload}", "truncated": good[:-4],
        "another type": signed(header | {"typ": "JWT"}, claims), "alg none": f"{base64url(compact(header | {'alg': 'none'}))}.{payload}.",
        "alg RS256": signed(header | {"alg": "RS256"}, claims), "crit": signed(header | {"crit": ["x"], "x": 1}, claims),
        "no key": signed({k: v for k, v in header.items() if k != "jwk"}, claims),
        "another's signature": signed(header, claims, other), "another's key": signed(header | {"jwk": other.public.jwk}, claims, other),
        "a key off the curve": signed(header | {"jwk": key.public.jwk | {"y": key.public.jwk["x"]}}, claims),
        "a key of another curve": signed(header | {"jwk": key.public.jwk | {"crv": "P-384"}}, claims),
        "signature in DER": f"{head}.{payload}.{base64url(key.sign_der(f'{head}.{payload}'.encode()))}",
        "claims changed": f"{head}.{base64url(compact(claims | {'iat': claims['iat'] + 1}))}.{signature}",
        "a time that is no number": signed(header, claims | {"iat": "now"}), "an empty name": signed(header, claims | {"jti": ""}),
        "a very long name": signed(header, claims | {"jti": "x" * 200}), "very long": signed(header, claims | {"x": "x" * 5000}),
        "a time long ago": signed(header, claims | {"iat": 0}), "a time far away": signed(header, claims | {"iat": 2 ** 62}),
    }
    return found | {f"no {name}": signed(header, rest) for name, rest in without.items()}


@pytest.mark.parametrize("fault", _proofs(PrivateKey(), "GET", "x", "x"))
def test_a_proof_that_is_none(server, person, leaves_no_trace, fault):
    own = person["own"]
    proven, opened = person.setdefault("session", _opened(own))
    token = opened["session_token"]
    bad = _proofs(proven.key, "GET", server.url + "/v1/sessions/me", token)[fault]
    leaves_no_trace += [bad, bad.split(".")[-1], token]
    answer = own.api.request("GET", "/v1/sessions/me", None, {"Authorization": f"DPoP {token}", "DPoP": bad})
    problem(answer, 401, "invalid_dpop_proof")
    assert own.api.show_session(token, proven.key).status == 200


def _opened(own):
    proven = own.prove(contacts.address())
    return proven, own.log_in(proven)


@pytest.mark.parametrize("fault", [name for name in _proofs(PrivateKey(), "POST", "x", None)])
def test_a_proof_at_login_that_is_none(server, person, fault):
    own = person["own"]
    proven = person.setdefault("another", own.prove(contacts.address()))
    bad = _proofs(proven.key, "POST", server.url + "/v1/sessions", None)[fault]
    answer = own.api.request("POST", "/v1/sessions", {"verification_token": proven.token}, {"DPoP": bad})
    problem(answer, 400, "invalid_dpop_proof")


def test_two_proofs_are_none(server, person):
    own = person["own"]
    proven, opened = person.setdefault("session", _opened(own))
    token = opened["session_token"]
    made = [countersign.proof(proven.key, "GET", server.url + "/v1/sessions/me", token) for _ in range(2)]
    with RawConnection(server.port) as connection:
        connection.write(request_bytes("GET", "/v1/sessions/me", headers=[
            f"Authorization: DPoP {token}", f"DPoP: {made[0]}", f"DPoP: {made[1]}"]))
        problem(connection.answer(), 401, "invalid_dpop_proof")


# Keys of back ends


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
