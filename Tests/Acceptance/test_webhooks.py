"""Outgoing webhooks: what happened reaches those who were to be told, signed, and nobody else."""

import json
import socket
import time

import pytest
from host_memory import expect_in_no_file
from webhooks import Receiver, Webhook

RETRIES = "webhooks:\n  retry_seconds: [1, 1]\n"


@pytest.fixture
def receiver(certificates):
    """Starts receivers, and ends them after the test."""
    receivers = []

    def start(*options, **settings):
        receivers.append(Receiver(certificates, *options, **settings).start())
        return receivers[-1]

    yield start
    for each in receivers:
        each.stop()


@pytest.fixture
def hooked(started, receiver):
    """Starts a server with a receiver and an endpoint for it; what fails is tried again after a second, twice."""

    def start(*options, configuration=RETRIES, **settings):
        there = receiver(*options, **settings)
        server = started(configuration=configuration, enclave=there.enclave_settings())
        webhook = Webhook(server, there.url())
        there.tell(f"secrets {webhook.secret}") if there.certificate == "good" else None
        return server, there, webhook

    return start


def test_an_event_arrives_with_a_signature_that_a_stranger_to_the_server_can_check(hooked):
    _, receiver, webhook = hooked()
    delivery = webhook.test()
    message, = receiver.wait()
    assert (message["id"], message["path"], message["type"]) == (delivery, "/hooks", "application/json")
    assert message["signatures"] == 1 and message["proven"] == [0]
    body = json.loads(message["body"])
    assert body["type"] == "webhook.test" and body["data"] and body["timestamp"].endswith("Z")
    found = webhook.wait_until("delivered", delivery)
    assert found["attempts"] == 1 and found["last_attempt"]["status"] == 204
    assert [each["outcome"] for each in webhook.attempts(delivery)] == ["answered"]


def test_after_an_error_it_comes_again_under_the_same_id_and_with_a_fresh_signature(hooked):
    _, receiver, webhook = hooked("--answer", "500", "503", "204")
    delivery = webhook.test()
    messages = receiver.wait(3)
    assert {each["id"] for each in messages} == {delivery}
    assert all(each["proven"] == [0] for each in messages)
    assert len({each["timestamp"] for each in messages}) == 3
    assert len({each["body"] for each in messages}) == 1
    webhook.wait_until("delivered", delivery)
    assert [each["status"] for each in webhook.attempts(delivery)] == [500, 503, 204]


def test_a_receiver_that_hangs_is_given_up_after_ten_seconds_and_asked_again(hooked):
    _, receiver, webhook = hooked("--fault", "hang")
    began = time.monotonic()
    delivery = webhook.test()
    webhook.wait_for_attempts(1, delivery, seconds=20)
    assert 9 < time.monotonic() - began < 14
    receiver.tell("fault none")
    webhook.wait_until("delivered", delivery)
    assert [each["outcome"] for each in webhook.attempts(delivery)] == ["timedOut", "answered"]


@pytest.mark.parametrize("trouble, outcome", [
    ({"certificate": "other"}, "certificateRefused"), ({"certificate": "wrong-name"}, "certificateRefused"),
    ({"options": ["--plain"]}, "protocolBroken"), ({"options": ["--old-tls"]}, "protocolBroken"), (None, "unreachable"),
], ids=["another authority", "another name", "plain HTTP", "TLS 1.1", "down"])
def test_without_tls_that_can_be_trusted_nothing_is_sent_until_there_is_one(hooked, trouble, outcome):
    trouble = trouble or {"down": True}
    server, receiver, webhook = hooked(*trouble.get("options", []), certificate=trouble.get("certificate", "good"))
    if "down" in trouble:
        receiver.stop()
    delivery = webhook.test()
    assert webhook.wait_for_attempts(1, delivery)[0]["outcome"] == outcome
    assert receiver.messages() == []
    receiver.stop()
    receiver.options, receiver.certificate = ("--secret", webhook.secret), "good"
    receiver.start()
    message = receiver.wait()[0]
    assert message["id"] == delivery and message["proven"] == [0]


@pytest.mark.parametrize("address", [
    "https://127.0.0.1/", "https://10.0.0.7/", "https://169.254.169.254/latest/meta-data/", "https://[::1]/",
    "https://[::ffff:127.0.0.1]/", "http://hooks.example.com/", "https://user:password@hooks.example.com/",
])
def test_an_address_that_is_private_or_no_https_is_refused_when_it_is_named(hooked, address):
    server, receiver, webhook = hooked()
    before = server.json("webhook", "list")
    done = server.command("webhook", "create", "--url", address)
    assert done.status != 0 and ("host_not_allowed" in done.errors or "invalid_setting" in done.errors), done.errors
    assert server.command("webhook", "change", webhook.id, "--url", address).status != 0
    assert server.json("webhook", "list") == before


@pytest.mark.parametrize("name", ["0x7f000001", "0x7f.1", "127.1", "2130706433", "machine"])
def test_a_name_that_leads_to_this_machine_is_refused_at_each_delivery(hooked, name):
    """Whatever a name says, the address that would be connected to decides."""
    server, receiver, _ = hooked()
    host = socket.gethostname() if name == "machine" else name
    if name == "machine" and not _resolves_to_loopback(host):
        pytest.skip("this machine's own name does not lead to loopback")
    webhook = Webhook(server, receiver.url(host))
    delivery = webhook.test()
    assert webhook.wait_for_attempts(1, delivery)[0]["outcome"] == "addressRefused"
    webhook.wait_until("dead", delivery)
    assert receiver.of("connection") == []


def _resolves_to_loopback(host):
    try:
        return {each[4][0].split(".")[0] for each in socket.getaddrinfo(host, 1)} <= {"127", "::1"}
    except OSError:
        return False


@pytest.mark.parametrize("fault", ["redirect-http", "redirect-https"])
def test_a_redirect_is_not_followed(hooked, fault):
    _, receiver, webhook = hooked("--fault", fault)
    delivery = webhook.test()
    webhook.wait_until("dead", delivery)
    assert [each["status"] for each in webhook.attempts(delivery)] == [307] * 3
    assert {each["path"] for each in receiver.messages()} == {"/hooks"}


def test_during_a_rotation_messages_are_proven_by_either_secret_then_by_the_new_one_alone(hooked):
    _, receiver, webhook = hooked()
    second = webhook.do("rotate", "--grace-hours", "1")["secret"]
    receiver.tell(f"secrets {webhook.secret} {second}")
    webhook.test()
    message = receiver.wait(1)[0]
    assert message["signatures"] == 2 and message["proven"] == [0, 1]
    third = webhook.do("rotate", "--grace-hours", "0")["secret"]
    receiver.tell(f"secrets {webhook.secret} {second} {third}")
    webhook.test()
    message = receiver.wait(2)[1]
    assert message["signatures"] == 1 and message["proven"] == [2]


def test_what_nobody_took_is_a_dead_letter_and_can_be_sent_again_one_or_all(hooked):
    _, receiver, webhook = hooked("--answer", "500")
    dead = [webhook.test() for _ in range(3)]
    for delivery in dead:
        assert webhook.wait_until("dead", delivery)["attempts"] == 3
    assert [each["id"] for each in webhook.deliveries("--state", "dead")] == dead[::-1]
    receiver.tell("answer 204")
    before = len(receiver.messages())
    assert webhook.do("replay", "--delivery", dead[0]) == {"replayed": 1}
    message = receiver.wait(before + 1)[-1]
    assert message["id"] == dead[0] and message["proven"] == [0]
    assert webhook.do("replay", "--all") == {"replayed": 2}
    assert {each["id"] for each in receiver.wait(before + 3)[before + 1:]} == set(dead[1:])
    for delivery in dead:
        webhook.wait_until("delivered", delivery)
    again = webhook.server.command("webhook", "replay", webhook.id, "--delivery", dead[0])
    assert again.status != 0 and "not_dead" in again.errors


def test_kill_9_between_attempts_loses_nothing(hooked):
    server, receiver, webhook = hooked("--answer", "500", configuration="webhooks:\n  retry_seconds: [2, 2, 2]\n")
    delivery = webhook.test()
    webhook.wait_for_attempts(1, delivery)
    server.kill()
    receiver.tell("answer 204")
    server.start()
    message = receiver.wait(2)[-1]
    assert message["id"] == delivery and message["proven"] == [0]
    assert [each["status"] for each in webhook.wait_for_attempts(2, delivery)] == [500, 204]


def test_kill_9_after_sending_and_before_that_was_written_down_sends_again_under_the_same_id(hooked):
    server, receiver, webhook = hooked("--fault", "hang")
    delivery = webhook.test()
    receiver.wait(1)
    server.kill()
    receiver.tell("fault none")
    server.start()
    assert [each["id"] for each in receiver.wait(2)] == [delivery, delivery]
    assert webhook.wait_until("delivered", delivery)["attempts"] == 1


def test_receivers_that_hang_hold_up_no_other_and_not_the_server_s_end(hooked, receiver):
    server, quick, webhook = hooked()
    slow = receiver("--fault", "hang")
    for _ in range(9):
        endpoint = Webhook(server, slow.url())
        endpoint.test()
        endpoint.test()
    slow.wait(8)
    for count in range(1, 6):
        began = time.monotonic()
        webhook.test()
        quick.wait(count)
        assert time.monotonic() - began < 3
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 10


def test_a_disabled_endpoint_gets_nothing_and_an_enabled_one_what_comes_then(hooked):
    server, receiver, webhook = hooked()
    assert webhook.do("disable")["state"] == "disabled"
    refused = server.command("webhook", "test", webhook.id)
    assert refused.status != 0 and "endpoint_disabled" in refused.errors
    assert webhook.shown()["disabled_reason"] == "operator"
    assert webhook.do("enable")["state"] == "enabled"
    webhook.wait_until("delivered", webhook.test())
    assert len(receiver.messages()) == 1
    webhook.do("delete")
    assert server.json("webhook", "list")["webhooks"] == []
    trail = "\n".join(server.audit())
    for action in ("created", "disabled", "enabled", "deleted"):
        assert f"webhook.{action}" in trail


def test_an_endpoint_that_is_gone_is_disabled(hooked):
    _, _, webhook = hooked("--answer", "410")
    webhook.wait_until("dead", webhook.test())
    assert webhook.shown()["disabled_reason"] == "gone"


def test_the_settings_may_name_the_hosts_and_then_there_are_no_others(started, receiver):
    there = receiver()
    server = started(enclave=there.enclave_settings() + "  hosts: ['*.example.com']\n")
    Webhook(server, "https://hooks.example.com/")
    Webhook(server, there.url())
    refused = server.command("webhook", "create", "--url", "https://example.org/")
    assert refused.status != 0 and "host_not_allowed" in refused.errors


def test_what_an_operator_mistypes_is_said(hooked):
    server, receiver, webhook = hooked()
    for arguments, hint in [
        (["create", "--url", receiver.url(), "--events", "permission.request"], "permission.requested"),
        (["change", webhook.id], "nothing to change"),
        (["rotate", webhook.id, "--grace-hours", "169"], "0 to 168"),
        (["deliveries", webhook.id, "--state", "lost"], "waiting, delivered, dead"),
        (["replay", webhook.id], "--all"), (["replay", webhook.id, "--all", "--delivery", "msg_1"], "--all"),
        (["test", "we_0000000000000000"], "not_found"), (["delete", "we_0000000000000000"], "not_found"),
        (["enable", "../keys"], "invalid"),
    ]:
        done = server.command("webhook", *arguments)
        assert done.status != 0 and hint in done.errors, done.errors
    changed = webhook.do("change", "--events", "permission.denied,permission.used", "--description", "SIEM")
    assert changed["event_types"] == ["permission.denied", "permission.used"] and changed["description"] == "SIEM"
    assert "event_types" not in webhook.do("change", "--events", "all")


def test_neither_the_log_nor_the_database_has_a_secret_or_a_delivered_body_and_the_log_has_no_address(hooked):
    server, receiver, webhook = hooked()
    private = Webhook(server, receiver.url(path="/hooks/path-token-of-the-receiver"))
    newest = webhook.do("rotate")["secret"]
    private.wait_until("delivered", private.test())
    webhook.wait_until("delivered", webhook.test())
    bodies = [row["body"] for row in server.rows("webhook_delivery")]
    assert bodies == ["", ""]
    assert server.stop() == 0
    expect_in_no_file(server, [webhook.secret, newest, private.secret], "after two deliveries")
    assert "path-token-of-the-receiver" not in server.logged()
