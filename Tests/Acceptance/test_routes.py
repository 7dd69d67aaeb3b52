"""A code's way: over one channel after another, by one provider after another, and never twice where once may have been."""

import json
import random
import threading
import time

import contacts
import pytest
from providers import Provider, enclave_settings
from tokens import unverified
from webhooks import Receiver, Webhook
from wire import dispatched, refused, verified

ROUTE = ["--routes", "*=whatsapp/sms", "--cooldown-seconds", "0"]
ROUNDS = 8


@pytest.fixture
def providers(certificates):
    """Starts stand-ins of providers, and ends them after the test."""
    started = []

    def start(count):
        fresh = [Provider(certificates).start() for _ in range(count)]
        started.extend(fresh)
        return fresh

    yield start
    for each in started:
        each.stop()


@pytest.fixture
def routed(started, providers):
    """A server with a provider of WhatsApp and two of SMS, each a stand-in of its own."""

    def start(extra="", settings=ROUTE):
        whatsapp, twilio, vonage = providers(3)
        enclave = enclave_settings(
            whatsapp.entry("whatsapp"), twilio.entry("twilio-sms"), vonage.entry("vonage")) + extra
        return started(enclave=enclave, settings=settings), whatsapp, twilio, vonage

    return start


def record(server, identifier, kind="live"):
    with server.client(kind) as client:
        answer = client.get(f"/api/v1/passcodes/{identifier}")
        assert answer.status == 200, answer.said()
        return answer.json


def code_of(message):
    return message.get("code") or next(word for word in message["text"].replace(".", " ").split() if word.isdigit()
                                       and len(word) == 6)


def test_the_first_channel_of_the_route_brings_the_code_and_the_token_names_it(routed):
    server, whatsapp, twilio, _ = routed()
    to = contacts.phone()
    with server.client("live") as client:
        sent = dispatched(client.send(to))
        message = whatsapp.only(to)
        assert not twilio.messages(to)
        shown = record(server, sent["req_id"])
        assert (shown["status"], shown["channel"], shown["deliveries"][0]["provider"]) == ("sent", "whatsapp", "whatsapp")
        token = verified(client.verify(to, message["code"]))
    assert unverified(token)["amr"] == ["otp", "whatsapp"]
    assert record(server, sent["req_id"])["status"] == "verified"


def test_a_refused_message_goes_on_to_the_next_channel_and_the_token_names_the_way_it_took(routed):
    server, whatsapp, twilio, vonage = routed()
    whatsapp.tell("answer 131026")
    to = contacts.phone()
    with server.client("live") as client:
        sent = dispatched(client.send(to))
        message = twilio.only(to)
        token = verified(client.verify(to, code_of(message)))
    assert unverified(token)["amr"] == ["otp", "sms"]
    deliveries = record(server, sent["req_id"])["deliveries"]
    assert [(each["provider"], each["status"]) for each in deliveries] == [("whatsapp", "failed"), ("twilio-sms", "sent")]
    assert deliveries[0]["reason"] and not whatsapp.messages(to) and not vonage.messages(to)


def test_a_channel_that_the_caller_names_has_another_provider_in_its_place_and_no_other_channel(routed):
    server, whatsapp, twilio, vonage = routed()
    twilio.tell("answer 20429")
    to = contacts.phone()
    with server.client("live") as client:
        dispatched(client.send(to, channel="sms"))
        vonage.only(to)
        vonage.tell("fault cut")
        twilio.tell("fault cut")
        other = contacts.phone()
        refused(client.send(other, channel="sms"), 502, "DELIVERY_FAILED")
    assert not whatsapp.messages(to) and not whatsapp.messages(other)


@pytest.mark.parametrize("trouble", ["fault vanish", "fault hang", "answer 131000"])
def test_a_message_that_may_have_arrived_is_followed_by_no_second_one(routed, trouble):
    """Neither by another provider, nor for the caller's retries: they fail as the first request did, and name its send."""
    server, whatsapp, twilio, vonage = routed()
    whatsapp.tell(trouble)
    to, once = contacts.phone(), {"Idempotency-Key": "once"}
    with server.client("live") as client:
        first = client.send(to, headers=once)
        refused(first, 502, "DELIVERY_FAILED")
        assert "Idempotency-Replayed" not in first.headers
        whatsapp.tell("fault none")
        whatsapp.tell("answer none")
        for _ in range(3):
            again = client.send(to, headers=once)
            refused(again, 502, "DELIVERY_FAILED")
            assert again.json == first.json and again.headers["Idempotency-Replayed"] == "true"
        assert len(whatsapp.of("request")) == 1
        assert not twilio.of("request") and not vonage.of("request")
        assert record(server, first.json["details"])["status"] == "failed"
        dispatched(client.send(to, headers={"Idempotency-Key": "another"}))
        whatsapp.wait_for("request", 2)


def test_a_send_of_which_nothing_went_out_frees_its_key(routed):
    server, whatsapp, twilio, vonage = routed()
    for each in whatsapp, twilio, vonage:
        each.tell({whatsapp: "answer 130429", twilio: "answer 20429", vonage: "answer 1"}[each])
    to, once = contacts.phone(), {"Idempotency-Key": "once"}
    with server.client("live") as client:
        failed = client.send(to, headers=once)
        refused(failed, 502, "DELIVERY_FAILED")
        assert record(server, failed.json["details"])["status"] == "failed"
        whatsapp.tell("answer none")
        sent = client.send(to, headers=once)
        assert dispatched(sent) and "Idempotency-Replayed" not in sent.headers
    whatsapp.only(to)


def test_a_resend_over_another_channel_of_the_route_brings_the_same_code(routed):
    server, whatsapp, twilio, _ = routed()
    to = contacts.phone()
    with server.client("live") as client:
        first = dispatched(client.send(to))
        second = dispatched(client.send(to, channel="sms"))
        assert first["req_id"] == second["req_id"]
        assert whatsapp.only(to)["code"] == code_of(twilio.only(to))
        token = verified(client.verify(to, whatsapp.only(to)["code"]))
    assert unverified(token)["amr"] == ["otp", "sms", "whatsapp"]


def test_a_canceled_code_is_dead_and_says_so(routed):
    server, whatsapp, _, _ = routed()
    to = contacts.phone()
    with server.client("live") as client:
        sent = dispatched(client.send(to))
        for _ in range(2):
            answer = client.request("POST", f"/api/v1/passcodes/{sent['req_id']}/cancel")
            assert (answer.status, answer.json["status"]) == (200, "canceled")
        refused(client.verify(to, whatsapp.only(to)["code"]), 400, "INVALID_CODE")


def test_a_send_that_a_dead_host_left_behind_is_failed_once_and_nothing_is_sent_again(routed, certificates):
    receiver = Receiver(certificates).start()
    try:
        server, whatsapp, twilio, vonage = routed(extra=receiver.enclave_settings())
        Webhook(server, receiver.url(), "--events", "passcode.failed,passcode.sent")
        whatsapp.tell("fault hang")
        to, once = contacts.phone(), {"Idempotency-Key": "once"}
        sending = threading.Thread(target=_send_into_the_void, args=(server, to, once), daemon=True)
        sending.start()
        whatsapp.wait_for("request", 1)
        server.kill()
        sending.join(timeout=20)
        for _ in range(2):
            server.start()
            message, = receiver.wait(1)
            told = json.loads(message["body"])
            assert told["type"] == "passcode.failed" and told["data"]["reason"] == "interrupted"
            shown = record(server, told["data"]["passcodeId"])
            assert shown["status"] == "failed" and shown["deliveries"][0]["reason"] == "interrupted"
            with server.client("live") as client:
                retried = client.send(to, headers=once)
                refused(retried, 502, "DELIVERY_FAILED")
                assert retried.json["details"] == told["data"]["passcodeId"]
            assert server.stop() == 0
        assert len(receiver.messages()) == 1
        assert not twilio.messages(to) and not vonage.messages(to) and len(whatsapp.of("request")) == 1
    finally:
        receiver.stop()


def _send_into_the_void(server, to, headers=None):
    try:
        with server.client("live") as client:
            client.send(to, headers=headers)
    except OSError:
        pass


def test_a_kill_between_the_providers_word_and_the_record_sends_no_second_message(routed):
    """Eight kills around the moment at which the provider takes the message, each followed by the caller's retries."""
    server, whatsapp, twilio, vonage = routed()
    for number in range(ROUNDS):
        to, headers = contacts.phone(), {"Idempotency-Key": f'"round-{number}"'}
        sending = threading.Thread(target=_send_into_the_void, args=(server, to, headers), daemon=True)
        sending.start()
        deadline = time.monotonic() + 5
        while not whatsapp.messages(to) and time.monotonic() < deadline:
            time.sleep(0.0005)
        time.sleep(random.choice([0, 0, 0.001, 0.003, 0.01]))
        server.kill()
        sending.join(timeout=20)
        server.start()
        _expect_one_message(server, to, headers, (whatsapp, twilio, vonage))


def _expect_one_message(server, to, headers, stand_ins):
    rows = [row for row in server.rows("delivery") if row["state"] == "pending"]
    assert not rows, "nothing is under way after a start"
    with server.client("live") as client:
        answer = client.send(to, headers=headers)
        # Recorded: the same answer again. Not recorded: nobody knows, and the answer says of which send.
        if answer.status == 200:
            shown = record(server, dispatched(answer)["req_id"])
            assert shown["status"] == "sent"
        else:
            refused(answer, 502, "DELIVERY_FAILED")
            shown = record(server, answer.json["details"])
            assert (shown["status"], shown["deliveries"][0]["reason"]) == ("failed", "interrupted")
        assert answer.headers["Idempotency-Replayed"] == "true"
        again = client.send(to, headers=headers)
        assert (again.status, again.json) == (answer.status, answer.json)
    assert sum(len(each.messages(to)) for each in stand_ins) == 1
