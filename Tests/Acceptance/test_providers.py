"""SMS, voice and WhatsApp: each provider's documented API, spoken over TLS from inside the enclave."""

import base64
import hashlib
import hmac
import json
import re
import threading
import time
import urllib.parse

import pytest
import contacts
from host_memory import Traffic, expect_in_no_file, search_bytes, search_memory
from providers import CHANNELS, SECRETS, Provider, documented, enclave_settings
from wire import dispatched, refused, verified

KINDS = pytest.mark.parametrize("kind", CHANNELS)
BASE32_CODES = ["--code-length", "9", "--code-alphabet", "base32", "--domain", "example.com"]
"""Nine characters of 32: by chance nowhere else in a process."""


@pytest.fixture
def provider(certificates):
    """Starts stand-ins, and ends them after the test."""
    running = []

    def start(*options, **settings):
        running.append(Provider(certificates, *options, **settings).start())
        return running[-1]

    yield start
    for each in running:
        each.stop()


def _send(client, to, kind):
    return client.send(to, channel=CHANNELS[kind])


def _code(message, to, length=6):
    """The code in a message, wherever its API has it."""
    found = message.get("code") or next(
        word for word in message["text"].replace(".", " ").split() if re.fullmatch(f"[0-9A-Z]{{{length}}}", word))
    assert len(found) == length
    return found


@KINDS
def test_a_message_is_accepted_before_the_answer_and_its_code_verifies(started, provider, kind):
    stand_in = provider()
    server = started(enclave=enclave_settings(stand_in.entry(kind)))
    to = contacts.phone()
    with server.client("live") as client:
        dispatched(_send(client, to, kind))
        message = stand_in.only(to)
        assert message["provider"] == kind
        verified(client.verify(to, _code(message, to)))
        assert kind in client.get("/api/v1/enclave").json["providers"]
    assert server.inbox.messages(to) == []


@KINDS
def test_the_host_does_not_see_a_code_before_it_is_presented(started, provider, kind, tmp_path):
    """Its memory and its traffic; and it never has the credentials. The control: what it does have is found."""
    stand_in = provider()
    server = started(enclave=enclave_settings(stand_in.entry(kind)), settings=BASE32_CODES)
    to = contacts.phone()
    with Traffic(server.pid, tmp_path / "traffic") as traffic, server.client("live") as client:
        dispatched(_send(client, to, kind))
        code = _code(stand_in.only(to), to, 9)
        assert not (found := search_memory(server.pid, code, *SECRETS)), f"found as {found.places}"
        seen = traffic.seen()
        assert to.encode() in seen, "the control: the traffic has the caller's request"
        assert not search_bytes(seen, [code, *SECRETS], "the traffic")
        verified(client.verify(to, code))
    assert search_memory(server.pid, server.issued["workspace"]), "the control: the search finds what the host has"
    assert server.stop() == 0
    expect_in_no_file(server, [code, *SECRETS], "afterwards")


FAILURES = [(kind, answer["name"], answer["verdict"].split(" ")[1])
            for kind in CHANNELS
            for answer in json.loads((documented.ANSWERS / f"{kind}.json").read_text())["answers"]
            if not answer["verdict"].startswith("accepted")]


@KINDS
def test_an_answer_that_is_no_success_fails_the_send_with_its_reason(started, provider, kind):
    """Every documented failure, errors under 200 among them, and nothing of the message in log, audit or database."""
    stand_in = provider()
    server = started(enclave=enclave_settings(stand_in.entry(kind)))
    people = []
    with server.client("live") as client:
        for name, reason in [(name, reason) for each, name, reason in FAILURES if each == kind]:
            stand_in.tell(f"answer {name}")
            people.append(contacts.phone())
            before = len(server.audit())
            refused(_send(client, people[-1], kind), 502, "DELIVERY_FAILED")
            entries = "".join(server.audit()[before:])
            assert reason in entries, f"{name}: the audit does not say {reason}"
            # A provider that fails again and again is left out for a while; one that takes a message is not.
            stand_in.tell("answer none")
            dispatched(_send(client, contacts.phone(), kind))
    assert server.stop() == 0
    expect_in_no_file(server, [to[1:] for to in people] + SECRETS, "afterwards")


FAULTS = [(kind, fault) for kind in CHANNELS
          for fault in ["huge", "headers", "cut", "not-json", "redirect-https", "redirect-http", "no-http"]
          # There any answer of success is one: its body is the receiver's own.
          if (kind, fault) != ("webhook", "not-json")]


@pytest.mark.parametrize("kind, fault", FAULTS)
def test_an_answer_that_is_none_fails_the_send(started, provider, kind, fault):
    stand_in = provider("--fault", fault)
    server = started(enclave=enclave_settings(stand_in.entry(kind)))
    to = contacts.phone()
    with server.client("live") as client:
        answer = _send(client, to, kind)
        refused(answer, 502, "DELIVERY_FAILED")
        assert answer.seconds < 4, "it was the answer that was refused, not the time that ran out"
        refused(client.verify(to, "123456"), 400, "INVALID_CODE")
    assert to[1:] not in server.logged()


@KINDS
@pytest.mark.parametrize("certificate", ["other", "wrong-name"])
def test_a_provider_that_is_not_who_it_says_gets_nothing(started, provider, kind, certificate):
    stand_in = provider(certificate=certificate)
    server = started(enclave=enclave_settings(stand_in.entry(kind)))
    before = len(server.audit())
    with server.client("live") as client:
        refused(_send(client, contacts.phone(), kind), 502, "DELIVERY_FAILED")
    assert "certificateRefused" in "".join(server.audit()[before:])
    assert stand_in.of("request") == []


def test_a_provider_that_hangs_slows_no_other(started, provider):
    """Messages over other channels arrive while those of the provider that hangs still wait."""
    hanging, quick = provider("--fault", "hang"), provider()
    server = started(enclave=enclave_settings(hanging.entry("vonage", connections=1), quick.entry("whatsapp"),
                                              quick.entry("twilio-voice")))
    answers = []

    def wait_for_sms():
        with server.client("live") as client:
            answers.append(client.send(contacts.phone(), channel="sms"))

    waiting = [threading.Thread(target=wait_for_sms) for _ in range(6)]
    for thread in waiting:
        thread.start()
    hanging.wait_for("request", 1)
    with server.client("live") as client:
        for kind in ["whatsapp", "twilio-voice"] * 5:
            to = contacts.phone()
            dispatched(_send(client, to, kind))
            quick.only(to)
            assert answers == [], "the others still wait"
    for thread in waiting:
        thread.join()
    assert {answer.status for answer in answers} <= {502, 503}


def test_the_next_provider_of_a_channel_takes_what_the_first_refuses(started, provider):
    stand_in, second = provider(), provider()
    server = started(enclave=enclave_settings(stand_in.entry("twilio-sms", "first"), second.entry("vonage", "second")))
    stand_in.tell("answer 21606")
    to = contacts.phone()
    with server.client("live") as client:
        sent = dispatched(client.send(to))
        verified(client.verify(to, _code(second.only(to), to)))
        deliveries = client.get(f"/api/v1/passcodes/{sent['req_id']}").json["deliveries"]
    assert [each["provider"] for each in deliveries] == ["first", "second"]
    assert "messageRefused" in deliveries[0]["reason"] or "21606" in deliveries[0]["reason"]


def test_a_message_whose_connection_ends_without_an_answer_is_not_sent_twice(started, provider):
    stand_in, second = provider(), provider()
    server = started(enclave=enclave_settings(stand_in.entry("twilio-sms", connections=1), second.entry("vonage")))
    with server.client("live") as client:
        first, to = contacts.phone(), contacts.phone()
        dispatched(client.send(first))
        stand_in.tell("fault vanish")
        refused(client.send(to), 502, "DELIVERY_FAILED")
    stand_in.only(to)
    assert second.messages(to) == []


def _twilio_report(message, state, token=documented.TOKEN, **more):
    address = "https://otp.example.com/v1/delivery-reports/twilio-sms"
    fields = {"MessageSid": message, "MessageStatus": state, "AccountSid": documented.ACCOUNT, **more}
    signed = address + "".join(name + fields[name] for name in sorted(fields))
    proof = base64.b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()
    return urllib.parse.urlencode(fields).encode(), {
        "Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": proof}


def _whatsapp_report(message, state, secret="app-secret-of-the-tests", **more):
    status = {"id": message, "status": state, "timestamp": str(int(time.time())), "recipient_id": "1", **more}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [
        {"id": "1", "changes": [{"field": "messages", "value": {"statuses": [status]}}]}]}).encode()
    return body, {"Content-Type": "application/json",
                  "X-Hub-Signature-256": "sha256=" + hmac.digest(secret.encode(), body, "sha256").hex()}


def _vonage_report(message, state, secret="signature-secret-of-the-tests", **more):
    fields = {"messageId": message, "status": state, "err-code": "0", "timestamp": str(int(time.time())),
              "nonce": "4f2b", "msisdn": "447700900000", **more}
    signed = "".join(f"&{name}={fields[name]}" for name in sorted(fields))
    fields["sig"] = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()
    return urllib.parse.urlencode(fields).encode(), {"Content-Type": "application/x-www-form-urlencoded"}


def _webhook_report(message, state, secret=documented.WEBHOOK_SECRET):
    body = json.dumps({"reports": [{"message": message, "state": state}]}).encode()
    moment = str(int(time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    proof = base64.b64encode(hmac.digest(key, f"msg_1.{moment}.".encode() + body, "sha256")).decode()
    return body, {"Content-Type": "application/json", "webhook-id": "msg_1", "webhook-timestamp": moment,
                  "webhook-signature": f"v1,{proof}"}


REPORTS = {
    "twilio-sms": (_twilio_report, "reports_url: https://otp.example.com/v1/delivery-reports/twilio-sms"),
    "whatsapp": (_whatsapp_report, "app_secret: app-secret-of-the-tests\n    verify_token: agreed-before"),
    "vonage": (_vonage_report, "signature_secret: signature-secret-of-the-tests"),
    "webhook": (_webhook_report, ""),
}


@pytest.mark.parametrize("kind", REPORTS)
def test_a_report_counts_if_the_provider_signed_it_and_nothing_forged_does(started, provider, kind):
    report, settings = REPORTS[kind]
    stand_in = provider()
    server = started(enclave=enclave_settings(stand_in.entry(kind) + (f"    {settings}\n" if settings else "")))
    to = contacts.phone()
    with server.client("live") as client, server.client(None) as stranger:
        sent = dispatched(_send(client, to, kind))
        message = stand_in.only(to)["id"]

        def status():
            return client.get(f"/api/v1/passcodes/{sent['req_id']}").json["status"]

        def tell(body, headers):
            return stranger.request("POST", f"/v1/delivery-reports/{kind}", body, headers).status

        assert status() == "sent"
        body, headers = report(message, "delivered")
        forged = {name: value for name, value in headers.items() if "ignature" not in name}
        changed = body.replace(b"sig=", b"sig=00") if kind == "vonage" else body + b"&a=b"
        another = "whsec_" + base64.b64encode(b"another-secret-of-nobody-at-all!").decode()
        for wrong in [(changed, headers), report(message, "delivered", another)] + (
                [(body, forged)] if kind != "vonage" else []):
            assert tell(*wrong) == 401
        assert status() == "sent"
        assert tell(body, headers) == 200
        assert status() == "delivered"
        assert stranger.request("POST", "/v1/delivery-reports/nobody", body, headers).status == 401


def test_meta_is_answered_when_it_asks_with_the_agreed_token(started, provider):
    stand_in = provider()
    server = started(enclave=enclave_settings(stand_in.entry("whatsapp") + f"    {REPORTS['whatsapp'][1]}\n"))
    with server.client(None) as client:
        question = "/v1/delivery-reports/whatsapp?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
        answer = client.request("GET", question + "agreed-before")
        assert (answer.status, answer.body) == (200, b"1158201444")
        assert client.request("GET", question + "guessed").status == 401
