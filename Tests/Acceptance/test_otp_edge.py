"""The OTP Edge dialect: what a back end written for it sends and gets."""

import jwt
import pytest
import contacts
from wire import COUNTDOWN, described, dispatched, refused, verified

PREFIXES = ["/api/v1", "/v1"]


@pytest.fixture
def test_client(server):
    with server.client("test") as client:
        yield client


@pytest.fixture
def live_client(server):
    with server.client("live") as client:
        yield client


def test_a_test_key_gets_the_code_in_the_answer(server, test_client):
    """Send with a test key: the code is in the answer, nothing is delivered; verify answers with a token only."""
    to = contacts.phone()
    answer = dispatched(test_client.send(to))
    assert set(answer) == {"success", "req_id", "status", "code", "resend_after"}
    assert len(answer["code"]) == 6 and answer["code"].isdigit()
    verified(test_client.verify(to, answer["code"]))
    assert server.inbox.messages(to) == []


def test_a_live_key_delivers_and_says_nothing_of_the_code(server, live_client):
    """Send with a live key: the message is there when the answer is, and the answer has no code."""
    to = contacts.phone()
    answer = dispatched(live_client.send(to, app="MySecureApp"))
    assert set(answer) == {"success", "req_id", "status", "resend_after"}
    message = server.inbox.only(to)
    assert "MySecureApp" in message.text
    verified(live_client.verify(to, message.code()))


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_path_is_served_with_and_without_the_api_prefix(test_client, prefix):
    to = contacts.phone()
    sent = test_client.request("POST", f"{prefix}/send-otp", {"to": to, "app": "Acceptance"})
    code = dispatched(sent)["code"]
    verified(test_client.request("POST", f"{prefix}/verify-otp", {"phone_number": to, "code": code}))


@pytest.mark.parametrize("field", ["phone_number", "to"])
def test_verify_takes_either_name_of_the_contact(test_client, field):
    to = contacts.phone()
    code = dispatched(test_client.send(to))["code"]
    verified(test_client.request("POST", "/api/v1/verify-otp", {field: to, "code": code}))


@pytest.mark.parametrize("channel", ["sms", "voice", "whatsapp"])
def test_each_channel_of_a_number_lands_in_the_inbox(server, live_client, channel):
    to = contacts.phone()
    dispatched(live_client.send(to, channel=channel))
    message = server.inbox.only(to)
    verified(live_client.verify(to, message.code()))


@pytest.mark.parametrize("fields", [{}, {"channel": "email"}])
def test_mail_needs_no_channel(server, live_client, fields):
    """An address is reached by mail, in plain text and HTML, whether or not the channel is named."""
    to = contacts.address()
    dispatched(live_client.send(to, app="MySecureApp", **fields))
    message = server.inbox.only(to)
    assert message.code() in message.html and "MySecureApp" in message.html
    assert message.code() not in message.subject, "the code is in the subject only where the workspace wants it"
    verified(live_client.verify(to, message.code()))


def test_the_default_channel_of_a_number_is_the_workspaces(started):
    server = started(settings=["--default-channel", "voice"])
    to = contacts.phone()
    with server.client() as client:
        token = verified(client.verify(to, dispatched(client.send(to))["code"]))
    assert "tel" in jwt.decode(token, options={"verify_signature": False})["amr"]


def test_the_default_template_may_be_named(test_client):
    dispatched(test_client.send(contacts.phone(), template="default"))


def test_an_unknown_template_is_missing(test_client):
    refused(test_client.send(contacts.phone(), template="christmas"), 400, "MISSING_TEMPLATE")


@pytest.mark.parametrize("app", ["A", "x" * 64, "Ünïcödé 世界 🔐", "O'Brien & <Sons>"])
def test_the_name_shown_may_be_any_text_of_64_characters(server, live_client, app):
    to = contacts.address()
    dispatched(live_client.send(to, app=app))
    message = server.inbox.only(to)
    assert app in message.text
    assert "<Sons>" not in message.html, "markup in a name stays text"
    verified(live_client.verify(to, message.code()))


@pytest.mark.parametrize("app", [
    "", " ", "x" * 65, "My\nApp", "My\rApp", "My\0App", "\x1b[2J", "My\u0085App", "My\u202eppA", 1, None, [], {}])
def test_a_name_that_cannot_be_shown_is_refused(test_client, app):
    code = "MISSING_FIELD" if app is None else "INVALID_FIELD"
    answer = test_client.send(contacts.phone(), app=app)
    assert answer.code in ("INVALID_FIELD", code)
    refused(answer, 400, answer.code)


def test_request_ids_differ_and_name_the_send(test_client):
    answers = [test_client.send(contacts.phone()) for _ in range(3)]
    assert len({dispatched(answer)["req_id"] for answer in answers}) == 3
    assert len({answer.headers["X-Request-Id"] for answer in answers}) == 3


def test_a_request_id_of_an_answer_is_in_the_log(server, test_client):
    answer = test_client.send("nonsense")
    refused(answer, 400, "INVALID_PHONE_NUMBER")
    server.wait_until_logged(answer.headers["X-Request-Id"])


def test_fields_that_are_only_unknown_are_ignored(test_client):
    dispatched(test_client.send(contacts.phone(), metadata={"order": 7}, locale="en", zzzzzz=None))


def test_a_wrong_code_counts_down(test_client):
    to = contacts.phone()
    code = dispatched(test_client.send(to))["code"]
    for remaining in COUNTDOWN:
        answer = test_client.verify(to, contacts.wrong(code))
        assert refused(answer, 400, "INVALID_CODE")["attempts_remaining"] == remaining
    refused(test_client.verify(to, contacts.wrong(code)), 429, "TOO_MANY_ATTEMPTS")
    refused(test_client.verify(to, code), 429, "TOO_MANY_ATTEMPTS")


def test_the_right_code_is_taken_after_four_wrong_ones(test_client):
    to = contacts.phone()
    code = dispatched(test_client.send(to))["code"]
    for _ in range(4):
        refused(test_client.verify(to, contacts.wrong(code)), 400, "INVALID_CODE")
    verified(test_client.verify(to, code))


@pytest.mark.parametrize("presented", ["12345", "1234567", "abcdef", "x" * 64, "１２３４５６", "12345\u0661"])
def test_a_code_of_another_shape_is_a_wrong_code(test_client, presented):
    """It is counted like any wrong code, so that nothing is learnt about the shape."""
    to = contacts.phone()
    code = dispatched(test_client.send(to))["code"]
    assert refused(test_client.verify(to, presented), 400, "INVALID_CODE")["attempts_remaining"] == 4
    verified(test_client.verify(to, code))


def test_the_second_correct_attempt_answers_like_a_wrong_one(test_client):
    to = contacts.phone()
    code = dispatched(test_client.send(to))["code"]
    verified(test_client.verify(to, code))
    second = refused(test_client.verify(to, code), 400, "INVALID_CODE")
    other = refused(test_client.verify(to, contacts.wrong(code)), 400, "INVALID_CODE")
    assert second["attempts_remaining"] == other["attempts_remaining"] + 1
    assert {**second, "attempts_remaining": 0} == {**other, "attempts_remaining": 0}


def test_a_code_is_only_for_its_contact(test_client):
    """Another contact with a live code of its own is not helped by it."""
    first, second = contacts.phone(), contacts.phone()
    code = dispatched(test_client.send(first))["code"]
    while dispatched(test_client.send(second))["code"] == code:
        second = contacts.phone()
    refused(test_client.verify(second, code), 400, "INVALID_CODE")
    verified(test_client.verify(first, code))


def test_test_and_live_codes_do_not_mix(server, test_client, live_client):
    """A code from a test key proves nothing to a live key, and the other way round."""
    to = contacts.phone()
    code = dispatched(test_client.send(to))["code"]
    refused(live_client.verify(to, code), 400, "INVALID_CODE")
    verified(test_client.verify(to, code))
    other = contacts.phone()
    dispatched(live_client.send(other))
    refused(test_client.verify(other, server.inbox.code(other)), 400, "INVALID_CODE")
    verified(live_client.verify(other, server.inbox.code(other)))


def test_codes_differ_between_contacts(test_client):
    codes = [dispatched(test_client.send(to))["code"] for to in contacts.phones(40)]
    assert len(set(codes)) > 35


def test_answers_carry_security_headers(server, test_client):
    """No answer is cached, sniffed or readable by a foreign page, and none names the software's version."""
    for answer in (test_client.send(contacts.phone()), test_client.send("nonsense"), test_client.get("/nowhere")):
        described(answer)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers.get("Access-Control-Allow-Origin") is None
        assert not any(character.isdigit() for character in answer.headers.get("Server", ""))
