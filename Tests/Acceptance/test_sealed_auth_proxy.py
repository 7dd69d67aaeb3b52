"""The Turnkey dialect's auth proxy: flat JSON for browsers and apps, users, and what visitors may learn."""

import threading

import pytest
import contacts
from clients import turnkey
from clients.p256 import PrivateKey
from sealed import Dialect, activities, code_for, pinned, set_workspace, turnkey_refused


@pytest.fixture
def proxy(server):
    return Dialect.proxy(server)


def _sign_up(proxy, proven, **fields):
    answer = proxy.api.sign_up(proven.token, proven.key, **fields)
    assert answer.status == 200, answer.said()
    assert set(answer.json) == {"organizationId", "userId"}
    assert answer.json["organizationId"] == proxy.server.issued["organizationId"]
    return answer.json["userId"]


@pytest.mark.parametrize("style", ["a signed message", "an attested stamp"])
def test_a_person_signs_up_and_logs_in_with_one_token(proxy, style):
    """Both login styles; the session is the new user's."""
    contact, session_key = contacts.address(), PrivateKey()
    proven = proxy.prove(contact)
    user = _sign_up(proxy, proven, userEmail=contact)
    if style == "a signed message":
        claims = proxy.log_in(proven, session_key)
    else:
        public = turnkey.Activities(proxy.api.http, proxy.server.issued["organizationId"], None)
        answer = public.log_in_by_stamp(proven.token, proven.key, session_key.public)
        token = turnkey.result(answer, "stampLoginResult")["session"]
        claims = turnkey.session_claims(token, proxy.server.issued["enclave"]["notaryKey"])
    assert claims["user_id"] == user
    who = proxy.in_session(session_key).query("whoami")
    assert who.status == 200 and who.json["userId"] == user


def test_a_person_comes_back(proxy):
    """Another code, another token, the same user, whose account is found and not made again."""
    contact = contacts.address()
    user = _sign_up(proxy, proxy.prove(contact))
    proven = proxy.prove(contact)
    account = proxy.api.account(contact, proven.token)
    assert account.status == 200 and account.json == {"organizationId": proxy.server.issued["organizationId"]}
    again = proxy.api.sign_up(proven.token, proven.key)
    turnkey_refused(again, 409, 6, name="USER_ALREADY_EXISTS")
    assert proxy.log_in(proven)["user_id"] == user


def test_a_key_of_the_person_may_stamp_for_them(proxy):
    """An API key that signed up with the person asks who they are, without a session."""
    own_key = PrivateKey()
    proven = proxy.prove(contacts.address())
    user = _sign_up(proxy, proven, apiKeys=[{
        "apiKeyName": "phone", "publicKey": own_key.public.compressed.hex(), "curveType": "API_KEY_CURVE_P256"}])
    who = proxy.in_session(own_key).query("whoami")
    assert who.status == 200 and who.json["userId"] == user
    turnkey_refused(proxy.in_session(PrivateKey()).query("whoami"), 401, 16, name="PUBLIC_KEY_NOT_FOUND")


@pytest.mark.parametrize("number", [False, True], ids=["address", "number"])
def test_a_contact_becomes_a_user_once_however_many_sign_up(proxy, number):
    """Three tokens of one contact, each used by six at the same moment: one user."""
    contact = contacts.phone() if number else contacts.address()
    tokens = []
    for count in range(3):
        challenge, key = proxy.start(contact), PrivateKey()
        code = code_for(proxy.server, contact, count=count + 1)
        tokens.append(proxy.verified(proxy.attempt(challenge, code, key), key))
    before = len(proxy.server.rows("user_account"))
    answers = _race([lambda proven=proven: Dialect.proxy(proxy.server).api.sign_up(proven.token, proven.key)
                     for proven in tokens for _ in range(6)])
    made = [answer.json["userId"] for answer in answers if answer.status == 200]
    assert len(made) == 1, f"{len(made)} sign-ups of one contact succeeded"
    assert {answer.status for answer in answers if answer.status != 200} <= {400, 401, 409}
    assert [proxy.log_in(proven)["user_id"] for proven in tokens] == made * 3
    assert len(proxy.server.rows("user_account")) == before + 1


def _race(asks):
    gate, answers = threading.Barrier(len(asks)), []

    def work(ask):
        gate.wait(timeout=20)
        answers.append(ask())

    threads = [threading.Thread(target=work, args=(ask,)) for ask in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=40)
    assert len(answers) == len(asks)
    return answers


def test_nobody_learns_of_an_account_without_proving_the_contact(proxy):
    """No token, a token of another contact, or one that was used: refused alike for known and unknown contacts."""
    known, unknown, mine = contacts.address(), contacts.address(), contacts.address()
    _sign_up(proxy, proxy.prove(known))
    proven = proxy.prove(mine)
    for token in (None, proven.token):
        answers = [proxy.api.account(contact, token) for contact in (known, unknown)]
        assert answers[0].status in (400, 401, 403), answers[0].said()
        assert (answers[0].status, answers[0].body) == (answers[1].status, answers[1].body)
    fresh = proxy.prove(mine)
    answer = proxy.api.account(mine, fresh.token)
    assert answer.status == 200 and answer.json.get("organizationId") is None, "proven, but nobody signed up"
    turnkey_refused(proxy.api.account(mine, fresh.token), 400, 9, name="VERIFICATION_TOKEN_ALREADY_USED")


def test_a_sign_up_must_be_for_the_tokens_contact_and_signed_by_its_key(proxy):
    contact = contacts.address()
    proven, other = proxy.prove(contact), PrivateKey()
    assert proxy.api.sign_up(proven.token, proven.key, userEmail=contacts.address()).status in (400, 401, 403)
    assert proxy.api.sign_up(proven.token, other).status in (400, 401, 403)
    login = turnkey.client_signature(proven.key, turnkey.login_message(proven.token, other.public))
    answer = proxy.api.post("/v1/signup_v2", {
        "apiKeys": [], "authenticators": [], "oauthProviders": [], "verificationToken": proven.token,
        "clientSignature": login})
    turnkey_refused(answer, 401, 16, name="CLIENT_SIGNATURE_MALFORMED")
    proven = proxy.prove(contact)
    _sign_up(proxy, proven, userEmail=contact)


def test_a_login_without_an_account_is_told_so(proxy):
    """Or makes the account; never a session of nobody."""
    proven = proxy.prove(contacts.address())
    answer = proxy.api.log_in(proven.token, proven.key, PrivateKey().public)
    turnkey_refused(answer, 404, 5, name="USER_NOT_FOUND")
    _sign_up(proxy, proven)
    proxy.log_in(proven)


def test_the_kit_learns_what_is_on(started):
    server = started()
    set_workspace(server, session_seconds=1200, sealed_code_length=7, sealed_code_alphabet="digits")
    answer = Dialect.proxy(server).api.post("/v1/wallet_kit_config", {})
    assert answer.status == 200, answer.said()
    found = answer.json
    assert found["organizationId"] == server.issued["organizationId"]
    assert found["sessionExpirationSeconds"] == "1200", "a string"
    assert found["otpLength"] == "7" and found["otpAlphanumeric"] is False
    assert any("email" in provider.lower() for provider in found["enabledProviders"])


def test_length_and_life_come_from_the_workspace_not_from_the_visitor(proxy, server):
    contact = contacts.address()
    answer = proxy.api.init(contact, otpLength=6, alphanumeric=False, expirationSeconds="600", appName="Your Bank")
    if answer.status == 200:
        assert code_for(server, contact, 9)
        assert "Your Bank" not in server.inbox.wait_for(contact)[0].text
    else:
        turnkey_refused(answer, 400, 3)


@pytest.mark.parametrize("value", [None, "", "no uuid", "00000000-0000-8000-8000-000000000000"])
def test_without_its_configuration_the_proxy_serves_nobody(server, value):
    api = turnkey.AuthProxy(server.client(None), value)
    for path in ("otp_init_v2", "otp_verify_v2", "otp_login_v2", "signup_v2", "account", "wallet_kit_config"):
        assert api.post(f"/v1/{path}", {}).status in (400, 401, 404)
    organization = turnkey.AuthProxy(server.client(None), server.issued["organizationId"])
    assert organization.init(contacts.address()).status == 404, "an organization is no proxy configuration"


def test_a_proxy_that_is_off_is_not_there(started):
    server = started()
    set_workspace(server, auth_proxy=False)
    proxy = Dialect.proxy(server)
    assert proxy.api.init(contacts.address()).status == 404
    assert activities(server).api.init(contacts.address()).status == 200


def test_the_bundle_is_the_challenges_own(proxy, server):
    """Its signed contents name challenge and expiry, so that nobody can pass one off for another."""
    challenge = proxy.start(contacts.address())
    content = turnkey.checked_target(challenge.bundle, pinned(server)).content
    assert content["otpId"] == challenge.id and int(content["expiresAtMs"]) > 0
