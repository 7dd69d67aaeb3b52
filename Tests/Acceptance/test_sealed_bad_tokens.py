"""Verification tokens that do not count: forged, foreign, of another kind, too old; none leaves a trace."""

import json
import time

import pytest
import contacts
from clients import jwt, turnkey
from clients.encodings import base64url, compact
from clients.p256 import PrivateKey
from sealed import Dialect, Own, activities, clearly_refused, code_for, problem, set_workspace, turnkey_refused
from wire import dispatched, verified


@pytest.fixture(scope="module")
def person(server):
    """Somebody with an account and a token that no test uses up, of the dialect and of our own flow."""
    dialect, own = activities(server), Own.back_end(server)
    return {"dialect": dialect, "own": own, "proven": dialect.enrol(dialect.prove(contacts.address())),
            "ours": own.prove(contacts.address())}


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
    clearly_refused(answer, bad)


@pytest.mark.parametrize("fault", TOKEN_FAULTS)
def test_a_token_of_ours_that_is_none(person, leaves_no_trace, fault):
    proven, own = person["ours"], person["own"]
    bad = _tokens(proven.token)[fault]
    leaves_no_trace += [bad, bad.split(".")[-1]]
    clearly_refused(own.api.open_session(bad, proven.key), bad)


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
    clearly_refused(_login(dialect, token, key), token)
    body = compact(dialect.api.body("stamp_login", {"publicKey": PrivateKey().public.compressed.hex()}))
    clearly_refused(dialect.api.http.request("POST", "/public/v1/submit/stamp_login", body, {
        "X-Stamp-Attested": turnkey.attested_stamp(key, token, body)}), token)
    if kind != "our verification token":
        clearly_refused(own.api.open_session(token, key), token)


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
    code = code_for(server, contact)
    bundle = turnkey.sealed(challenge.target, code, key.public)
    proven = dialect.verified(dialect.api.verify(challenge.id, bundle, expirationSeconds="1"), key)
    time.sleep(2.1)
    turnkey_refused(_login(dialect, proven.token, key), 401, 16, name="VERIFICATION_TOKEN_EXPIRED")
    turnkey_refused(Dialect.proxy(server).api.account(contact, proven.token), 401, 16,
                    name="VERIFICATION_TOKEN_EXPIRED")


def test_what_another_installation_made_counts_nothing_here(server, started):
    """Its bundles, attempts, tokens, stamps and sessions, though everything in them is as it should be."""
    elsewhere = started()
    there, here = activities(elsewhere), activities(server)
    contact = contacts.address()
    theirs, ours = there.start(contact), here.start(contact)
    with pytest.raises(turnkey.BundleRefused):
        turnkey.checked_target(theirs.bundle, server.issued["enclave"]["signingKey"])
    clearly_refused(here.attempt(theirs, code_for(elsewhere, contact)))
    foreign = there.enrol(there.prove(contacts.address()))
    turnkey_refused(_login(here, foreign.token, foreign.key), 401, 16, name="VERIFICATION_TOKEN_SIGNATURE_INVALID")
    turnkey_refused(turnkey.Activities(here.api.http, here.api.organization, there.api.key).init(contact), 401, 16,
                    name="PUBLIC_KEY_NOT_FOUND")
    session_key = PrivateKey()
    there.log_in(foreign, session_key)
    turnkey_refused(here.in_session(session_key).query("whoami"), 401, 16, name="PUBLIC_KEY_NOT_FOUND")
    own, own_there = Own.back_end(server), Own.back_end(elsewhere)
    proven = own_there.prove(contacts.address())
    problem(own.api.open_session(proven.token, proven.key), 400, "verification_token_invalid")
    token = own_there.log_in(proven)["session_token"]
    assert own.api.show_session(token, proven.key).status == 401
    assert here.attempt(ours, code_for(server, contact)).status == 200, "what is from here counts"


def test_after_all_this_the_token_still_opens_its_session(person):
    """Nothing above used it up."""
    person["dialect"].log_in(person["proven"])
    person["own"].log_in(person["ours"])


