"""What bad input gets: the documented status and code, nothing stored, nothing sent."""

import json

import pytest
import contacts
from raw_http import RawConnection, request_bytes
from wire import refused


def short(value):
    """A name for a case that a terminal can show."""
    return ascii(value)[1:40]


SEND, VERIFY = "/api/v1/send-otp", "/api/v1/verify-otp"


@pytest.fixture
def client(server):
    with server.client("live") as client:
        yield client


@pytest.fixture(autouse=True)
def nothing_is_stored(server):
    """The tests of this file may not leave a challenge or a message behind."""
    before = len(server.rows("challenge")), len(server.inbox.messages())
    yield
    assert (len(server.rows("challenge")), len(server.inbox.messages())) == before


NOT_JSON = {
    "an empty body": b"",
    "spaces": b"   ",
    "text": b"to=+919876543210&app=x",
    "half an object": b'{"to":"+919876543210","app":"x"',
    "two objects": b'{"to":"+919876543210","app":"x"}{}',
    "a comma too many": b'{"to":"+919876543210","app":"x",}',
    "single quotes": b"{'to':'+919876543210','app':'x'}",
    "bad UTF-8": b'{"to":"+919876543210","app":"\xff\xfe"}',
    "overlong UTF-8": b'{"to":"+919876543210","app":"\xc0\xaf"}',
    "half a surrogate in UTF-8": b'{"to":"+919876543210","app":"\xed\xa0\x80"}',
    "UTF-16": '{"to":"+919876543210","app":"x"}'.encode("utf-16"),
    "nested too deep": b'{"to":"+919876543210","app":"x","extra":' + b"[" * 17 + b"]" * 17 + b"}",
    "nested very deep": b'{"to":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "NaN": b'{"to":"+919876543210","app":NaN}',
    "a bare control character": b'{"to":"+919876543210","app":"a\x01b"}',
}


@pytest.mark.parametrize("name", NOT_JSON)
@pytest.mark.parametrize("path", [SEND, VERIFY])
def test_what_is_not_json_is_refused(client, path, name):
    refused(client.request("POST", path, NOT_JSON[name]), 400, "INVALID_JSON")


@pytest.mark.parametrize("body", [[], "text", 7, True, None, [{"to": "+919876543210", "app": "x"}]])
@pytest.mark.parametrize("path", [SEND, VERIFY])
def test_json_that_is_no_object_is_refused(client, path, body):
    answer = client.request("POST", path, json.dumps(body).encode())
    assert answer.code in ("INVALID_JSON", "INVALID_FIELD", "MISSING_FIELD")
    refused(answer, 400, answer.code)


def test_sixteen_levels_are_still_read(client):
    """The limit is 16: what is nested to it is read, and here refused for another reason."""
    body = b'{"to":"nonsense","app":"x","extra":' + b"[" * 15 + b"]" * 15 + b"}"
    refused(client.request("POST", SEND, body), 400, "INVALID_PHONE_NUMBER")


@pytest.mark.parametrize("path, body, field", [
    (SEND, {"app": "x"}, "to"),
    (SEND, {"to": "+919876543210"}, "app"),
    (SEND, {}, "to"),
    (SEND, {"to": None, "app": "x"}, "to"),
    (VERIFY, {"code": "123456"}, "phone_number"),
    (VERIFY, {"phone_number": "+919876543210"}, "code"),
    (VERIFY, {"to": "+919876543210"}, "code"),
])
def test_a_missing_field_is_named(client, path, body, field):
    answer = client.request("POST", path, body)
    assert field in refused(answer, 400, "MISSING_FIELD").get("details", "")


@pytest.mark.parametrize("path, body, field", [
    (SEND, {"to": 919876543210, "app": "x"}, "to"),
    (SEND, {"to": ["+919876543210"], "app": "x"}, "to"),
    (SEND, {"to": {"number": "+919876543210"}, "app": "x"}, "to"),
    (SEND, {"to": True, "app": "x"}, "to"),
    (SEND, {"to": "+919876543210", "app": 7}, "app"),
    (SEND, {"to": "+919876543210", "app": "x", "channel": 7}, "channel"),
    (SEND, {"to": "+919876543210", "app": "x", "template": []}, "template"),
    (VERIFY, {"phone_number": "+919876543210", "code": 123456}, "code"),
    (VERIFY, {"phone_number": "+919876543210", "code": ""}, "code"),
    (VERIFY, {"phone_number": "+919876543210", "code": ["123456"]}, "code"),
    (VERIFY, {"phone_number": 7, "code": "123456"}, "phone_number"),
    (VERIFY, {"phone_number": "+919876543210", "code": "1" * 10_000}, "code"),
])
def test_a_field_of_the_wrong_type_or_size_is_named(client, path, body, field):
    assert field in refused(client.request("POST", path, body), 400, "INVALID_FIELD").get("details", "")


@pytest.mark.parametrize("path, extra, meant", [
    (SEND, "chanel", "channel"),
    (SEND, "channnel", "channel"),
    (SEND, "templete", "template"),
    (SEND, "Channel", "channel"),
    (VERIFY, "phone_nunber", "phone_number"),
    (VERIFY, "phoneNumber", "phone_number"),
    (VERIFY, "cod", "code"),
])
def test_a_field_that_looks_misspelt_is_refused(client, path, extra, meant):
    """It is not ignored: the caller meant something by it. The answer names it and what it looks like."""
    whole = {"to": contacts.phone(), "app": "x"} if path == SEND else {"to": contacts.phone(), "code": "123456"}
    details = refused(client.request("POST", path, {**whole, extra: "sms"}), 400, "UNKNOWN_FIELD")["details"]
    assert extra in details and meant in details


@pytest.mark.parametrize("path", [SEND, VERIFY])
@pytest.mark.parametrize("to", contacts.NOT_E164, ids=short)
def test_what_is_no_e164_number_is_refused(client, path, to):
    refused(_ask(client, path, to), 400, "INVALID_PHONE_NUMBER")


@pytest.mark.parametrize("path", [SEND, VERIFY])
@pytest.mark.parametrize("to", contacts.IMPOSSIBLE, ids=short)
def test_a_number_that_cannot_exist_is_refused(client, path, to):
    refused(_ask(client, path, to), 400, "INVALID_PHONE_NUMBER")


@pytest.mark.parametrize("to", contacts.PREMIUM, ids=short)
def test_a_premium_rate_number_is_refused(client, to):
    refused(client.send(to), 400, "PHONE_NUMBER_REFUSED")


@pytest.mark.parametrize("path", [SEND, VERIFY])
@pytest.mark.parametrize("to", contacts.NOT_EMAIL, ids=short)
def test_what_is_no_address_is_refused(client, path, to):
    answer = _ask(client, path, to)
    assert answer.code in ("INVALID_EMAIL", "INVALID_FIELD"), "control characters and length may be seen first"
    refused(answer, 400, answer.code)


@pytest.mark.parametrize("to, channel", [
    ("+919876543210", "email"), ("+919876543210", "pigeon"), ("+919876543210", "SMS"), ("+919876543210", ""),
    ("person@example.com", "sms"), ("person@example.com", "voice"), ("person@example.com", "whatsapp"),
])
def test_a_channel_that_is_unknown_or_does_not_fit_is_refused(client, to, channel):
    refused(client.send(to, channel=channel), 400, "INVALID_CHANNEL")


@pytest.mark.parametrize("key", ["", "x" * 256, "two words", "caf\u00e9", "tab\there"])
def test_an_idempotency_key_that_is_none_is_refused(server, key):
    body = json.dumps({"to": contacts.phone(), "app": "x"}).encode()
    request = request_bytes("POST", SEND, body, server.issued["keys"]["live"]).replace(
        b"\r\n\r\n", b"\r\nIdempotency-Key: " + key.encode() + b"\r\n\r\n", 1)
    with RawConnection(server.port) as connection:
        refused(connection.write(request).answer(), 400, "INVALID_IDEMPOTENCY_KEY")


def test_a_megabyte_is_refused_unread(server):
    """A body over 64 KiB is refused by its announced length, before it is read; the next client is served."""
    announced = request_bytes("POST", SEND, b"", server.issued["keys"]["live"], length=1_000_000)
    with RawConnection(server.port) as connection:
        answer = connection.write(announced).answer(3)
        refused(answer, 413, "BODY_TOO_LARGE")
        assert connection.is_closed_within(5), "the rest is not read as a request"


def test_a_megabyte_sent_in_full_is_refused(server):
    """A client that does not wait for the answer is refused all the same, and the next one is served."""
    body = json.dumps({"to": "+919876543210", "app": "x" * 1_000_000}).encode()
    request = request_bytes("POST", SEND, body, server.issued["keys"]["live"])
    with RawConnection(server.port) as connection:
        answer = connection.write_what_is_taken(request).answer(5)
        assert answer is None or refused(answer, 413, "BODY_TOO_LARGE"), "the close may overtake the answer"
    with server.client("live") as next_client:
        refused(next_client.send("nonsense"), 400, "INVALID_PHONE_NUMBER")


def test_a_megabyte_in_chunks_is_refused(server):
    """Without an announced length the limit counts what arrived."""
    head = request_bytes("POST", SEND, b"", server.issued["keys"]["live"],
                         ["Transfer-Encoding: chunked", "Content-Type: application/json"])
    chunk = b"2000\r\n" + b" " * 0x2000 + b"\r\n"
    with RawConnection(server.port) as connection:
        connection.write(head)
        for _ in range(9):
            connection.write_what_is_taken(chunk)
        refused(connection.answer(5), 413, "BODY_TOO_LARGE")


def test_a_body_of_the_limit_is_read(client):
    """64 KiB are allowed: the object is read, and refused only for what it says."""
    body = b'{"to":"nonsense","app":"x"'
    body += b" " * (65_536 - len(body) - 1) + b"}"
    refused(client.request("POST", SEND, body), 400, "INVALID_PHONE_NUMBER")
    refused(client.request("POST", SEND, body + b" "), 413, "BODY_TOO_LARGE")


def test_escapes_in_names_and_values_mean_what_json_says(client):
    """`\\u0074o` is the field `to`, and `\\u002b` a plus: a refusal cannot be written around."""
    body = b'{"\\u0074o":"\\u002b19002345678","app":"x"}'
    refused(client.request("POST", SEND, body), 400, "PHONE_NUMBER_REFUSED")


def _ask(client, path, to):
    return client.send(to) if path == SEND else client.verify(to, "123456")
