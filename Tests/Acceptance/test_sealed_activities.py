"""The Turnkey dialect's activities: stamped requests of a back end, from the first code to a session."""

import json
import re
import time

import pytest
import contacts
from clients import jwt, turnkey
from clients.encodings import compact
from clients.p256 import PrivateKey
from inbox import BASE32, DIGITS
from sealed import activities, code_for, pinned, set_workspace, turnkey_refused
from wire import described


@pytest.fixture
def dialect(server):
    return activities(server)


@pytest.mark.parametrize("style", ["a signed message", "an attested stamp"])
def test_a_person_logs_in_by_either_style(dialect, server, style):
    """Init, verify, login, and a request that the session's key stamps."""
    contact, session_key = contacts.address(), PrivateKey()
    proven = dialect.enrol(dialect.prove(contact))
    if style == "a signed message":
        claims = dialect.log_in(proven, session_key)
    else:
        answer = dialect.api.log_in_by_stamp(proven.token, proven.key, session_key.public)
        claims = dialect.session(answer, "stampLoginResult", session_key)
    assert claims["session_type"] == "SESSION_TYPE_READ_WRITE"
    assert claims["organization_id"] == server.issued["organizationId"]
    assert time.time() + 880 < claims["exp"] <= time.time() + 901, "15 minutes, in seconds, a number"
    who = dialect.in_session(session_key).query("whoami")
    assert who.status == 200, who.said()
    assert who.json["userId"] == claims["user_id"] and who.json["organizationId"] == claims["organization_id"]


def test_a_number_gets_its_code_too(dialect, server):
    contact = contacts.phone()
    proven = dialect.prove(contact)
    claims = turnkey.verification_claims(proven.token, pinned(server))
    assert claims["verification_type"] == "OTP_TYPE_SMS" and claims["contact"] == contact
    dialect.log_in(proven)


def test_an_answer_is_a_completed_activity(dialect, server):
    """Every member that deployed clients read."""
    answer = dialect.api.init(contacts.address())
    described(answer)
    activity = answer.json["activity"]
    assert activity["type"] == "ACTIVITY_TYPE_INIT_OTP_V3" and activity["status"] == "ACTIVITY_STATUS_COMPLETED"
    assert activity["organizationId"] == server.issued["organizationId"]
    assert set(activity["result"]) == {"initOtpResultV2"}
    assert activity["votes"] == [] and activity["canApprove"] is False and activity["canReject"] is False
    assert isinstance(activity["intent"], dict) and activity["fingerprint"] and activity["id"]
    for moment in ("createdAt", "updatedAt"):
        assert abs(int(activity[moment]["seconds"]) - time.time()) < 5 and activity[moment]["nanos"].isdigit()


def test_an_activity_can_be_asked_for_again(dialect):
    """Clients that poll find it under its id; an unknown one is told so."""
    activity = dialect.api.init(contacts.address()).json["activity"]
    answer = dialect.api.query("get_activity", activityId=activity["id"])
    assert answer.status == 200, answer.said()
    found = answer.json["activity"]
    assert (found["id"], found["type"], found["status"]) == (activity["id"], activity["type"], activity["status"])
    turnkey_refused(dialect.api.query("get_activity", activityId="00000000-0000-4000-8000-000000000000"), 404, 5)


def test_a_persons_session_cannot_see_the_back_ends_activities(dialect):
    """Nor can another person's: an activity is whoever's submitted it."""
    session_key, other_key = PrivateKey(), PrivateKey()
    dialect.log_in(dialect.prove(contacts.address()), session_key)
    proven = dialect.enrol(dialect.prove(contacts.address()))
    started = dialect.api.init(contacts.address()).json["activity"]["id"]
    answer = dialect.api.log_in_by_stamp(proven.token, proven.key, other_key.public)
    turnkey_refused(dialect.in_session(session_key).query("get_activity", activityId=started), 404, 5)
    turnkey_refused(
        dialect.in_session(session_key).query("get_activity", activityId=answer.json["activity"]["id"]), 404, 5)


def test_the_verification_token_is_read_by_plain_base64_decoders(dialect, server):
    """All claims are non-empty strings, `exp` in milliseconds; no character of the payload needs the URL alphabet."""
    for name in ("plain", "per?son", "a~~b", "who?~is", "x?y~z?"):
        contact = f"{name}{contacts.address()}"
        token = dialect.prove(contact).token
        payload = token.split(".")[1]
        assert "-" not in payload and "_" not in payload
        assert jwt.header(token) == {"typ": "JWT", "alg": "ES256"}
        claims = turnkey.verification_claims(token, pinned(server))
        assert {"exp", "id", "organization_id", "verification_type", "contact", "public_key"} <= set(claims)
        assert all(isinstance(value, str) and value for value in claims.values())
        assert claims["contact"] == contact and claims["verification_type"] == "OTP_TYPE_EMAIL"
        assert 3590 < int(claims["exp"]) / 1000 - time.time() < 3601


@pytest.mark.parametrize("parameters, length, characters", [
    ({}, 9, BASE32),
    ({"otpLength": 6, "alphanumeric": False}, 6, DIGITS),
    ({"otpLength": 8, "alphanumeric": True}, 8, BASE32),
    ({"otpLength": 9, "alphanumeric": False}, 9, DIGITS),
    ({"otpLength": 7}, 7, BASE32),
])
def test_the_code_is_as_long_as_asked_for(dialect, server, parameters, length, characters):
    contact, key = contacts.address(), PrivateKey()
    challenge = dialect.start(contact, **parameters)
    dialect.verified(dialect.attempt(challenge, code_for(server, contact, length, characters), key), key)


@pytest.mark.parametrize("parameters", [
    {"otpLength": 5}, {"otpLength": 10}, {"expirationSeconds": "601"}, {"expirationSeconds": "0"},
    {"expirationSeconds": "soon"}, {"expirationSeconds": "-1"}, {"otpType": "OTP_TYPE_PIGEON"},
    {"otpType": "OTP_TYPE_SMS"}, {"contact": ""}, {"contact": None}, {"contact": "not an address"}, {"appName": ""},
    {"appName": "Bank\r\nBcc: other@example.com"},
    {"emailCustomization": {"logoUrl": "javascript:alert(1)"}}, {"emailCustomization": {"templateVariables": "{"}},
])
def test_a_parameter_out_of_its_range_is_named(dialect, server, parameters):
    """400, and nothing is sent."""
    before = len(server.inbox.messages())
    good = {"otpType": "OTP_TYPE_EMAIL", "contact": contacts.address(), "appName": "Acceptance"}
    body = turnkey_refused(dialect.api.submit("init_otp", good | parameters), 400, 3)
    assert next(iter(parameters)) in body["message"] or body["turnkeyErrorCode"] == "CONTACT_INVALID", body["message"]
    assert len(server.inbox.messages()) == before


@pytest.mark.parametrize("template", [
    "no code in it", "{{.OtpCode}} and {{.OtpCode}}", "https://example.com/{{.OtpCode}}", "x{{.OtpCode}}.example.com",
    "{{.OtpCode}} {{.Other}}", "\u202e{{.OtpCode}}", "{{.OtpCode}}" + "x" * 1100,
])
def test_a_short_message_carries_the_code_to_the_person_alone(dialect, server, template):
    """Its words are refused where the code is missing, comes twice, or would become part of a link."""
    number, before = contacts.phone(), len(server.inbox.messages())
    answer = dialect.api.init(number, smsCustomization={"template": template})
    body = turnkey_refused(answer, 400, 3)
    assert body["turnkeyErrorCode"] in ("INVALID_FIELD", "CUSTOMIZATION_REFUSED")
    assert len(server.inbox.messages()) == before


def test_a_sender_must_be_one_of_the_workspaces(started):
    """`sendFromEmailAddress` and `replyToEmailAddress`: nobody writes in another's name."""
    server = started(settings=["--allowed-senders", "codes@example.com"])
    dialect = activities(server)
    for name in ("sendFromEmailAddress", "replyToEmailAddress"):
        turnkey_refused(dialect.api.init(contacts.address(), **{name: "ceo@example.net"}), 403, 7,
                        name="SENDER_NOT_ALLOWED")
    contact = contacts.address()
    dialect.start(contact, sendFromEmailAddress="codes@example.com", sendFromEmailSenderName="Codes")
    message = server.inbox.only(contact)
    assert str(message.parsed["From"]) == "Codes <codes@example.com>"


def test_a_short_message_takes_its_words_from_the_caller(dialect, server):
    number, key = contacts.phone(), PrivateKey()
    challenge = dialect.start(
        number, otpLength=6, alphanumeric=False, smsCustomization={"template": "Ahoy: {{.OtpCode}} opens the hatch"})
    text = server.inbox.only(number).text
    assert re.search(r"Ahoy: \d{6} opens the hatch", text)
    dialect.verified(dialect.attempt(challenge, code_for(server, number, 6, DIGITS), key), key)


def test_older_names_with_newer_parameters_are_understood(dialect, server):
    """Some deployed clients send an older type with the parameters of today."""
    contact, key, session_key = contacts.address(), PrivateKey(), PrivateKey()
    challenge = dialect.start(contact)
    bundle = turnkey.sealed(challenge.target, code_for(server, contact), key.public)
    answer = dialect.api.submit("verify_otp", {"otpId": challenge.id, "encryptedOtpBundle": bundle},
                                activity_type="ACTIVITY_TYPE_VERIFY_OTP")
    token = dialect.enrol(dialect.verified(answer, key)).token
    signature = turnkey.client_signature(key, turnkey.login_message(token, session_key.public))
    answer = dialect.api.submit(
        "otp_login", {"verificationToken": token, "publicKey": session_key.public.compressed.hex(),
                      "clientSignature": signature}, activity_type="ACTIVITY_TYPE_OTP_LOGIN")
    dialect.session(answer, "otpLoginResult", session_key)


@pytest.mark.parametrize("name, kind, parameters, current", [
    ("init_otp", "ACTIVITY_TYPE_INIT_OTP", {"otpType": "OTP_TYPE_EMAIL", "contact": "a@example.com"}, "INIT_OTP_V3"),
    ("init_otp", "ACTIVITY_TYPE_INIT_OTP_V2", {"otpType": "OTP_TYPE_EMAIL", "contact": "a@example.com"}, "INIT_OTP_V3"),
    ("init_otp_auth", "ACTIVITY_TYPE_INIT_OTP_AUTH_V2", {"otpType": "OTP_TYPE_EMAIL"}, "INIT_OTP_V3"),
    ("verify_otp", "ACTIVITY_TYPE_VERIFY_OTP", {"otpId": "x", "otpCode": "123456"}, "VERIFY_OTP_V2"),
    ("verify_otp", "ACTIVITY_TYPE_VERIFY_OTP_V2", {"otpId": "x", "otpCode": "123456"}, "encryptedOtpBundle"),
    ("otp_auth", "ACTIVITY_TYPE_OTP_AUTH", {"otpId": "x", "otpCode": "123456"}, "VERIFY_OTP_V2"),
])
def test_what_sends_a_code_in_the_clear_is_refused(dialect, name, kind, parameters, current):
    """With the name of what is current."""
    answer = dialect.api.submit(name, parameters, activity_type=kind)
    assert 400 <= answer.status < 500, answer.said()
    assert current in answer.json["message"] or answer.status == 404
    assert b"123456" not in answer.body


def test_a_session_may_start_nothing_for_others(dialect):
    """A session's key speaks for its person, not for the back end."""
    session_key = PrivateKey()
    dialect.log_in(dialect.prove(contacts.address()), session_key)
    answer = dialect.in_session(session_key).init(contacts.address())
    assert answer.status in (401, 403), answer.said()


def test_a_stamp_must_be_the_registered_keys_over_this_body(dialect, server):
    """Unknown, revoked, over another body, for another organization: refused, each in its own words."""
    body = compact(dialect.api.body("init_otp", {
        "otpType": "OTP_TYPE_EMAIL", "contact": contacts.address(), "appName": "Acceptance"}))
    path, post = "/public/v1/submit/init_otp", dialect.api.http.request
    turnkey_refused(post("POST", path, body), 401, 16, name="SIGNATURE_MISSING")
    unknown = turnkey.Activities(dialect.api.http, server.issued["organizationId"], PrivateKey())
    turnkey_refused(unknown.init(contacts.address()), 401, 16, name="PUBLIC_KEY_NOT_FOUND")
    over_another = turnkey.stamp(dialect.api.key, body + b" ")
    turnkey_refused(post("POST", path, body, {"X-Stamp": over_another}), 401, 16, name="SIGNATURE_INVALID")
    elsewhere = turnkey.Activities(
        dialect.api.http, "00000000-0000-4000-8000-000000000000", dialect.api.key).init(contacts.address())
    assert elsewhere.status in (400, 401, 403, 404), elsewhere.said()
    key = PrivateKey()
    created = server.json("key", "create", "--kind", "stamp", "--public-key", key.public.compressed.hex())
    assert "key" not in created, "there is no secret to show"
    back_end = turnkey.Activities(dialect.api.http, server.issued["organizationId"], key)
    assert back_end.init(contacts.address()).status == 200
    assert server.command("key", "revoke", created["id"]).status == 0
    turnkey_refused(back_end.init(contacts.address()), 401, 16, name="PUBLIC_KEY_NOT_FOUND")


@pytest.mark.parametrize("offset_seconds", [-3700, 3700, -10_000_000])
def test_an_old_request_is_no_request(dialect, offset_seconds):
    """`timestampMs` bounds how long a stamped body can be replayed."""
    answer = dialect.api.submit(
        "init_otp", {"otpType": "OTP_TYPE_EMAIL", "contact": contacts.address(), "appName": "Acceptance"},
        timestamp=int((time.time() + offset_seconds) * 1000))
    turnkey_refused(answer, 400, 3, name="TIMESTAMP_OUT_OF_RANGE")


def test_the_same_body_twice_sends_one_message(dialect, server):
    """Whoever repeats a stamped request, the sender or a thief, gets the first one's activity."""
    contact = contacts.address()
    body = compact(dialect.api.body("init_otp", {
        "otpType": "OTP_TYPE_EMAIL", "contact": contact, "appName": "Acceptance"}))
    first, again = (dialect.api.stamped("/public/v1/submit/init_otp", body) for _ in range(2))
    assert first.status == 200, first.said()
    assert again.status != 200 or again.json["activity"]["id"] == first.json["activity"]["id"]
    assert len(server.inbox.messages(contact)) == 1


def test_one_user_of_a_back_end_may_ask_three_times_in_three_minutes(dialect):
    """`userIdentifier` is the caller's name for whoever asks; others go on."""
    who = f"user-{time.time_ns()}"
    for _ in range(3):
        assert dialect.api.init(contacts.address(), userIdentifier=who).status == 200
    answer = dialect.api.init(contacts.address(), userIdentifier=who)
    turnkey_refused(answer, 429, 8, "Too many requests. Please wait and try again in a few seconds")
    assert answer.headers["ratelimit-limit"] == "3" and answer.headers["ratelimit-remaining"] == "0"
    assert 1 <= int(answer.headers["Retry-After"]) <= 180
    assert dialect.api.init(contacts.address(), userIdentifier=who + "-other").status == 200


def test_a_wrong_code_is_said_in_the_words_that_clients_know(dialect, server):
    contact = contacts.address()
    challenge = dialect.start(contact)
    code = code_for(server, contact)
    for left in (2, 1, 0):
        answer = dialect.attempt(challenge, contacts.wrong(code))
        body = turnkey_refused(answer, 400, 3, "Invalid OTP code")
        assert body["details"][0]["attemptsRemaining"] == left
    locked = turnkey_refused(dialect.attempt(challenge, code), 400, 9, name="OTP_LOCKED")
    assert locked["message"] != "Invalid OTP code"


def test_a_used_code_and_an_expired_one_are_told_apart(dialect, server):
    contact, other = contacts.address(), contacts.address()
    used = dialect.start(contact)
    assert dialect.attempt(used, code_for(server, contact)).status == 200
    turnkey_refused(dialect.attempt(used, code_for(server, contact)), 400, 9, name="OTP_ALREADY_USED")
    short = dialect.start(other, expirationSeconds="1")
    code = code_for(server, other)
    time.sleep(1.1)
    turnkey_refused(dialect.attempt(short, code), 400, 9, name="OTP_EXPIRED")


def test_a_sandbox_knows_two_contacts_and_proves_nothing(started):
    """A fixed code, nothing sent, and tokens by keys that nobody pins who trusts live ones."""
    server = started()
    live = activities(server).prove(contacts.address())
    set_workspace(server, sandbox=True)
    dialect = activities(server)
    turnkey_refused(dialect.api.init(contacts.address()), 400, 3)
    before = len(server.inbox.messages())
    for contact in ("user@example.com", "+19999999999"):
        found = dialect.result(dialect.api.init(contact), "initOtpResultV2")
        bundle = json.loads(found["otpEncryptionTargetBundle"])
        assert bundle["enclaveQuorumPublic"] != pinned(server)
        with pytest.raises(turnkey.BundleRefused):
            turnkey.checked_target(found["otpEncryptionTargetBundle"], pinned(server))
        target = turnkey.checked_target(found["otpEncryptionTargetBundle"], bundle["enclaveQuorumPublic"])
        key, session_key = PrivateKey(), PrivateKey()
        answer = dialect.api.verify(found["otpId"], turnkey.sealed(target.key, "000000", key.public))
        proven = dialect.enrol(dialect.verified(answer, key))
        with pytest.raises(jwt.TokenRefused):
            turnkey.verification_claims(proven.token, pinned(server))
        session = turnkey.result(
            dialect.api.log_in(proven.token, key, session_key.public), "otpLoginResult")["session"]
        with pytest.raises(jwt.TokenRefused):
            turnkey.session_claims(session, server.issued["enclave"]["notaryKey"])
    assert len(server.inbox.messages()) == before
    assert dialect.api.log_in(live.token, live.key, PrivateKey().public).status == 401, "a live token is none here"
