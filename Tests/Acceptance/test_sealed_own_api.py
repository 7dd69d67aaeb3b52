"""Our own sealed API: challenge, attempt, session, by a back end with its key and by a visitor without one."""

import time

import jwt as pyjwt
import pytest
import contacts
from clients import countersign, jwt
from clients.p256 import PrivateKey
from inbox import BASE32, DIGITS
from sealed import Dialect, Own, code_for, pinned, problem, set_workspace, stamp_key
from wire import described, dispatched


@pytest.fixture(params=[Own.back_end, Own.visitor], ids=["back end", "visitor"])
def own(server, request):
    return request.param(server)


def test_a_person_logs_in_and_out(own, server):
    """Challenge, attempt, session, a look at it, its end; afterwards the token is worth nothing."""
    contact, key = contacts.address(), PrivateKey()
    answer = own.api.start(contact)
    described(answer)
    assert set(answer.json) == {"id", "channel", "target", "expires_at"} and answer.json["channel"] == "email"
    challenge = own.started(contact, answer)
    proven = own.verified(own.attempt(challenge, code_for(server, contact), key), key)

    opened = own.log_in(proven)
    assert set(opened) == {"session", "session_token", "token_type", "user"} and opened["token_type"] == "DPoP"
    assert opened["session"]["id"].startswith("se_") and opened["user"]["created"] is True
    token = opened["session_token"]
    shown = own.api.show_session(token, key)
    assert shown.status == 200 and shown.json["session"]["id"] == opened["session"]["id"]
    assert shown.json["user"]["id"] == opened["user"]["id"]
    assert own.api.end_session(opened["session"]["id"], token, key).status == 204
    problem(own.api.show_session(token, key), 401, "invalid_token")


def test_who_was_here_before_is_known_again(own):
    """One contact is one user, whichever way they come; another contact is another."""
    contact = contacts.address()
    first, second, other = (own.log_in(own.prove(to))["user"] for to in (contact, contact, contacts.address()))
    assert first["created"] and not second["created"] and first["id"] == second["id"]
    assert other["id"] != first["id"]


def test_numbers_too(own, server):
    """The code comes by the workspace's channel for numbers, or by the one that is asked for."""
    number = contacts.phone()
    assert own.api.start(number).json["channel"] == "sms"
    other, key = contacts.phone(), PrivateKey()
    challenge = own.start(other, channel="voice")
    proven = own.verified(own.attempt(challenge, code_for(server, other), key), key)
    claims = jwt.claims(proven.token)
    assert claims["phone"] == other and "tel" in claims["amr"]


def test_both_tokens_verify_with_the_published_keys(server):
    """ES256 with `kid`, in the key set; told apart by `typ`; bound to the client's key by `cnf.jkt` (RFC 7800)."""
    own, contact = Own.back_end(server), contacts.address()
    proven = own.prove(contact)
    opened = own.log_in(proven)
    keys = pyjwt.PyJWKClient(server.url + "/.well-known/jwks.json")
    for token, kind in ((proven.token, "verification+jwt"), (opened["session_token"], "session+jwt")):
        assert jwt.header(token)["typ"] == kind and jwt.header(token)["alg"] == "ES256"
        claims = pyjwt.decode(
            token, keys.get_signing_key_from_jwt(token).key, algorithms=["ES256"],
            audience=server.issued["workspace"], issuer=server.issued["issuer"],
            options={"require": ["iss", "aud", "sub", "iat", "nbf", "exp", "jti"]})
        assert claims["cnf"]["jkt"] == proven.key.public.thumbprint
        assert claims["cnf"].get("jwk", proven.key.public.jwk) == proven.key.public.jwk, "one key, however it is named"
        assert "test" not in claims
        if kind == "verification+jwt":
            assert claims["email"] == contact and claims["amr"] == ["otp", "email"] and claims["acr"]
        else:
            assert claims["sub"] == opened["user"]["id"] and claims["jti"] == opened["session"]["id"]


def test_a_test_key_shows_the_code_and_proves_nothing(server):
    """Nothing is sent, the answer has the code, and no live verifier trusts the tokens."""
    own, contact, key = Own.back_end(server, "test"), contacts.address(), PrivateKey()
    challenge, code = own.simulated(contact)
    with pytest.raises(jwt.TokenRefused):
        countersign.checked_target(challenge.bundle, pinned(server), challenge.id)
    proven = own.verified(own.attempt(challenge, code, key), key)
    opened = own.log_in(proven)
    assert server.inbox.messages(contact) == []
    live = {found["kid"] for found in _live_keys(server)}
    for token in (proven.token, opened["session_token"]):
        assert jwt.claims(token)["test"] is True
        assert jwt.header(token)["kid"] not in live
    problem(Own.back_end(server).api.open_session(proven.token, key), 400, "verification_token_invalid")


def _live_keys(server):
    """Keys that sign something live: all that are not in the set of test keys."""
    with server.client(None) as client:
        test = {key["kid"] for key in client.get("/.well-known/jwks-test.json").json["keys"]}
        return [key for key in client.get("/.well-known/jwks.json").json["keys"] if key["kid"] not in test]


def test_a_wrong_code_says_how_many_are_left(own, server):
    contact = contacts.address()
    challenge = own.start(contact)
    code = code_for(server, contact)
    for left in (2, 1, 0):
        answer = own.attempt(challenge, contacts.wrong(code))
        assert problem(answer, 400, "invalid_code")["attempts_remaining"] == left
    problem(own.attempt(challenge, code), 429, "too_many_attempts")


def test_a_code_is_good_once(own, server):
    contact = contacts.address()
    challenge = own.start(contact)
    code = code_for(server, contact)
    assert own.attempt(challenge, code).status == 200
    problem(own.attempt(challenge, code), 400, "code_spent")


def test_a_code_is_good_for_as_long_as_it_was_said(started):
    server = started()
    set_workspace(server, sealed_code_lifetime_seconds=1)
    own, contact = Own.back_end(server), contacts.address()
    challenge = own.start(contact)
    code = code_for(server, contact)
    time.sleep(2.1)
    problem(own.attempt(challenge, code), 400, "code_expired")


def test_length_and_alphabet_are_the_workspaces(started):
    server = started()
    set_workspace(server, sealed_code_length=7, sealed_code_alphabet="digits")
    own, contact, key = Own.back_end(server), contacts.address(), PrivateKey()
    challenge = own.start(contact)
    own.verified(own.attempt(challenge, code_for(server, contact, 7, DIGITS), key), key)


@pytest.mark.parametrize("dialect", ["a sealed attempt of the other flow", "a code in the clear"])
def test_generations_are_not_mixed(server, dialect):
    """A challenge of one flow is unknown to the others, even with the right code."""
    contact, own = contacts.address(), Own.back_end(server)
    if dialect == "a code in the clear":
        challenge = own.start(contact)
        with server.client("live") as client:
            assert client.verify(contact, code_for(server, contact)).status == 400
        assert own.attempt(challenge, code_for(server, contact)).status == 200, "and the challenge is as it was"
        return
    turnkeys = Dialect.activities(server, stamp_key(server))
    theirs, ours = turnkeys.start(contact), own.start(contact)
    codes = [message.code(9, BASE32) for message in server.inbox.wait_for(contact, 2)]
    for code in codes:
        problem(own.attempt(theirs, code), 404, "challenge_unknown")
        answer = turnkeys.attempt(ours, code)
        assert 400 <= answer.status < 500 and b"verificationToken" not in answer.body
    proven = own.verified(own.attempt(ours, codes[1], key := PrivateKey()), key)
    answer = turnkeys.api.log_in_by_stamp(proven.token, key, PrivateKey().public)
    assert 400 <= answer.status < 500, "our token opens no session of the dialect"


def test_a_code_of_the_clear_flow_opens_no_sealed_challenge(server):
    contact, own = contacts.address(), Own.back_end(server)
    with server.client("live") as client:
        dispatched(client.send(contact))
    clear = server.inbox.code(contact)
    challenge = own.start(contact)
    problem(own.attempt(challenge, clear), 400, "invalid_code")


def test_a_retry_is_answered_with_the_same_challenge(server):
    """`Idempotency-Key`: one message, the same answer, marked; another body under the key is refused."""
    own, contact = Own.back_end(server), contacts.address()
    headers = {"Idempotency-Key": f"sealed-{contact}"}
    first, again = own.api.start(contact, headers), own.api.start(contact, headers)
    assert first.json == again.json and again.headers["Idempotency-Replayed"] == "true"
    assert len(server.inbox.messages(contact)) == 1
    problem(own.api.start(contacts.address(), headers), 422, "idempotency_key_reused")
    visitor = Own.visitor(server).api.start(contact, headers)
    assert visitor.status == 201 and visitor.json["id"] != first.json["id"], "a visitor has keys of its own"


@pytest.mark.parametrize("change, claims", [
    ("another method", {"htm": "DELETE"}),
    ("another path", {"htu": "/v1/sessions/other"}),
    ("another host", {"htu": "https://example.com/v1/sessions/me"}),
    ("another token", {"ath": "AAAA"}),
    ("a minute ago", {"iat": -62}),
    ("in a minute", {"iat": 62}),
])
def test_a_proof_is_for_one_request(server, change, claims):
    """RFC 9449 §4.3: method, address, token and time; whatever differs, the session's token alone opens nothing."""
    own = Own.back_end(server)
    proven = own.prove(contacts.address())
    token = own.log_in(proven)["session_token"]
    if "iat" in claims:
        claims = {"iat": int(time.time()) + claims["iat"]}
    elif claims.get("htu", "").startswith("/"):
        claims = {"htu": server.url + claims["htu"]}
    made = countersign.proof(proven.key, "GET", server.url + "/v1/sessions/me", token, **claims)
    problem(own.api.show_session(token, proven.key, made), 401, "invalid_dpop_proof")
    assert own.api.show_session(token, proven.key).status == 200


def test_a_proof_is_taken_once(server):
    own = Own.back_end(server)
    proven = own.prove(contacts.address())
    token = own.log_in(proven)["session_token"]
    made = countersign.proof(proven.key, "GET", server.url + "/v1/sessions/me", token)
    assert own.api.show_session(token, proven.key, made).status == 200
    answer = own.api.show_session(token, proven.key, made)
    problem(answer, 401, "invalid_dpop_proof")
    assert answer.headers["WWW-Authenticate"].startswith("DPoP ")


def test_a_session_token_is_no_bearer_token(server):
    own = Own.back_end(server)
    proven = own.prove(contacts.address())
    token = own.log_in(proven)["session_token"]
    dpop = countersign.proof(proven.key, "GET", server.url + "/v1/sessions/me", token)
    for headers in ({"Authorization": f"Bearer {token}", "DPoP": dpop}, {"Authorization": f"DPoP {token}"},
                    {"DPoP": dpop}, {"Authorization": f"Bearer {token}"}):
        with server.client(None) as client:
            assert client.request("GET", "/v1/sessions/me", None, headers).status == 401
    for wrong in (proven.token, token[:-4] + "AAAA", "x", ""):
        assert own.api.show_session(wrong, proven.key).status == 401


def test_a_user_ends_own_sessions_only(server):
    own = Own.back_end(server)
    contact = contacts.address()
    (mine, here), (_, there), (strange, theirs) = (
        (proven, own.log_in(proven)) for proven in (own.prove(to) for to in (contact, contact, contacts.address())))
    problem(own.api.end_session(theirs["session"]["id"], here["session_token"], mine.key), 404, "session_unknown")
    assert own.api.show_session(theirs["session_token"], strange.key).status == 200
    assert own.api.end_session(there["session"]["id"], here["session_token"], mine.key).status == 204
    problem(own.api.end_session(there["session"]["id"], here["session_token"], mine.key), 404, "session_unknown")


def test_a_back_end_ends_any_session_of_its_workspace(server):
    own = Own.back_end(server)
    proven = own.prove(contacts.address())
    opened = own.log_in(proven)
    with server.client("test") as client:
        assert client.request("DELETE", f"/v1/sessions/{opened['session']['id']}").status == 404
    with server.client("live") as client:
        assert client.request("DELETE", f"/v1/sessions/{opened['session']['id']}").status == 204
    problem(own.api.show_session(opened["session_token"], proven.key), 401, "invalid_token")


def test_the_document_names_what_a_client_pins(server):
    """`/.well-known/countersign`: the signer keys, the versions of the API, the HPKE suite."""
    with server.client(None) as client:
        answer = client.get("/.well-known/countersign")
    assert answer.status == 200
    text = answer.body.decode()
    assert pinned(server) in text and server.issued["enclave"]["notaryKey"] in text
    assert "turnkey_hpke" in text, "the HPKE info"


def test_who_asks_must_be_told_apart(server):
    """A key or a configuration, never both and never neither; an operator's key sends nothing."""
    contact = {"contact": contacts.address()}
    configuration = {"X-Countersign-Config": server.issued["authProxyConfig"]}
    with server.client("live") as live, server.client(None) as nobody, server.client("operator") as operator:
        problem(live.request("POST", "/v1/challenges", contact, configuration), 400, "ambiguous_caller")
        problem(nobody.request("POST", "/v1/challenges", contact), 401, "key_missing")
        problem(operator.request("POST", "/v1/challenges", contact), 403, "not_permitted")
        unknown = configuration["X-Countersign-Config"][:-1] + "x"
        for value in (unknown, "", "00000000-0000-8000-8000-000000000000"):
            answer = nobody.request("POST", "/v1/challenges", contact, {"X-Countersign-Config": value})
            assert answer.status in (400, 404), answer.said()
    assert server.inbox.messages(contact["contact"]) == []
