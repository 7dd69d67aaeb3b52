"""Idempotency-Key: a retried send is one send."""

import threading
import time
import uuid

import pytest
import contacts
from parallel import in_parallel
from wire import dispatched, refused, verified


def key():
    return {"Idempotency-Key": str(uuid.uuid4())}


@pytest.mark.parametrize("kind", ["test", "live"])
def test_a_retry_gets_the_same_answer_and_sends_nothing(server, kind):
    """Within the cooldown, without touching it: same body, marked as replayed, one message."""
    to, once = contacts.phone(), key()
    with server.client(kind) as client:
        first = client.send(to, headers=once)
        dispatched(first)
        assert first.headers.get("Idempotency-Replayed") is None
        for _ in range(3):
            again = client.send(to, headers=once)
            dispatched(again)
            assert again.json == first.json
            assert again.headers["Idempotency-Replayed"] == "true"
            assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    assert len(server.inbox.messages(to)) == (1 if kind == "live" else 0)


def test_a_replayed_code_still_verifies_once(server):
    to, once = contacts.phone(), key()
    with server.client() as client:
        dispatched(client.send(to, headers=once))
        code = dispatched(client.send(to, headers=once))["code"]
        verified(client.verify(to, code))
        refused(client.verify(to, code), 400, "INVALID_CODE")


@pytest.mark.parametrize("change", [{"app": "Another"}, {"channel": "voice"}, {"to": None}])
def test_the_same_key_with_another_body_is_refused(server, change):
    once = key()
    body = {"to": contacts.phone(), "app": "Acceptance"}
    other = {**body, **{name: value or contacts.phone() for name, value in change.items()}}
    with server.client() as client:
        dispatched(client.request("POST", "/api/v1/send-otp", body, once))
        refused(client.request("POST", "/api/v1/send-otp", other, once), 422, "IDEMPOTENCY_KEY_REUSED")
        replayed = client.request("POST", "/api/v1/send-otp", body, once)
        assert replayed.headers["Idempotency-Replayed"] == "true"


def test_keys_of_255_visible_characters_are_taken(server):
    with server.client() as client:
        dispatched(client.send(contacts.phone(), headers={"Idempotency-Key": "~" * 255}))


def test_fifty_parallel_retries_send_one_message(server):
    """However a client's retries overlap, one message goes out; the others are replays, or told to wait."""
    to, once = contacts.phone(), key()
    answers = in_parallel(server, "live", 50, lambda client, number: client.send(to, headers=once))
    fresh = [answer for answer in answers if answer.status == 200 and "Idempotency-Replayed" not in answer.headers]
    assert len(fresh) == 1
    for answer in answers:
        if answer.status == 200:
            assert dispatched(answer)["req_id"] == fresh[0].json["req_id"]
        else:
            refused(answer, 409, "IDEMPOTENCY_IN_PROGRESS")
    assert len(server.inbox.messages(to)) == 1


def test_a_retry_while_the_first_is_under_way_is_told_to_wait(started, mail):
    """409 while the provider has not answered; it ends when the first request does."""
    provider = mail("--starttls", "--hang")
    server = started(enclave=provider.enclave_settings())
    to, once, answers = contacts.address(), key(), []

    def first():
        with server.client("live") as client:
            answers.append(client.send(to, headers=once))

    thread = threading.Thread(target=first)
    thread.start()
    time.sleep(1)
    with server.client("live") as client:
        refused(client.send(to, headers=once), 409, "IDEMPOTENCY_IN_PROGRESS")
        refused(client.send(to, app="Another", headers=once), 422, "IDEMPOTENCY_KEY_REUSED")
    thread.join(timeout=10)
    refused(answers[0], 502, "DELIVERY_FAILED")
    assert answers[0].json["details"].startswith("oe_")


def test_a_retry_after_a_crash_sends_no_second_message(started):
    """The answer was acknowledged before kill -9: the retry after it is a replay, not a message."""
    server = started()
    to, once = contacts.phone(), key()
    with server.client("live") as client:
        first = dispatched(client.send(to, headers=once))
    server.kill()
    server.start()
    with server.client("live") as client:
        again = client.send(to, headers=once)
        assert dispatched(again) == first and again.headers["Idempotency-Replayed"] == "true"
    assert len(server.inbox.messages(to)) == 1


def test_test_keys_and_live_keys_have_idempotency_keys_apart(server):
    """The same words with another kind of key are another request: what says `dispatched` was delivered."""
    to, once = contacts.phone(), key()
    with server.client("test") as client:
        first = dispatched(client.send(to, headers=once))
    with server.client("live") as client:
        live = dispatched(client.send(to, headers=once))
        assert "code" not in live and live["req_id"] != first["req_id"]
    assert len(server.inbox.messages(to)) == 1
    with server.client("test") as client:
        assert dispatched(client.send(to, headers=once)) == first
