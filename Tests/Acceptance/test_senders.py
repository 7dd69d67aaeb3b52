"""What senders need: transactions, purposes, metadata, limits of their own, test recipients."""

import contacts
import pytest
from tokens import unverified
from wire import dispatched, refused, verified

PAYMENT = {"amount": "49.00", "payee": "ACME"}


def test_a_transaction_is_shown_repeated_and_in_the_token(server):
    to = contacts.phone()
    with server.client("live") as client:
        sent = dispatched(client.send(to, binding=PAYMENT, purpose="payment", locale="en"))
        (found,) = server.inbox.messages(to)
        assert "amount: 49.00" in found.text and "payee: ACME" in found.text
        code = found.code()
        for other in [{}, {"binding": PAYMENT}, {"purpose": "payment"},
                      {"binding": {**PAYMENT, "amount": "50.00"}, "purpose": "payment"}]:
            refused(client.post_verify({"req_id": sent["req_id"], "code": code, **other}), 400, "INVALID_CODE")
        reordered = dict(reversed(PAYMENT.items()))
        token = verified(client.post_verify(
            {"req_id": sent["req_id"], "code": code, "binding": reordered, "purpose": "payment"}))
        assert unverified(token)["binding"] == PAYMENT and unverified(token)["purpose"] == "payment"


def test_metadata_comes_back_and_is_in_no_token(server):
    to = contacts.phone()
    with server.client() as client:
        sent = dispatched(client.send(to, metadata={"order": 7}))
        assert sent["metadata"] == {"order": 7} and sent["resend_after"] == 60
        assert client.get(f"/api/v1/passcodes/{sent['req_id']}").json["metadata"] == {"order": 7}
        assert "metadata" not in unverified(verified(client.verify(to, sent["code"])))


def test_a_req_id_of_test_is_unknown_to_a_live_key(server):
    with server.client() as test, server.client("live") as live:
        sent = dispatched(test.send(contacts.phone()))
        refused(live.post_verify({"req_id": sent["req_id"], "code": sent["code"]}), 404, "NOT_FOUND")


def test_own_limits_count_the_senders_names(started):
    server = started(settings=["--own-limits", "user=2/3600"])
    with server.client("live") as client:
        for _ in range(2):
            dispatched(client.send(contacts.phone(), limits={"user": "u1"}))
        answer = client.send(contacts.phone(), limits={"user": "u1"})
        refused(answer, 429, "RATE_LIMITED")
        assert 0 < int(answer.headers["Retry-After"]) <= 1800
        dispatched(client.send(contacts.phone(), limits={"user": "u2"}))
        refused(client.send(contacts.phone(), limits={"usr": "u1"}), 400, "INVALID_FIELD")


def test_a_test_recipient_is_sent_nothing_and_wins_a_token_of_test(server):
    to = contacts.phone()
    set_ = server.command("passcode", "test-recipient", "set", "--contact", to, "--code", "246810", "--until", "2027-01-01")
    assert set_.status == 0, set_.text
    with server.client("live") as client:
        sent = dispatched(client.send(to))
        assert "code" not in sent and server.inbox.messages(to) == []
        token = verified(client.verify(to, "246810"))
        assert unverified(token)["test"] is True
    assert server.command("passcode", "test-recipient", "delete", "--contact", to).status == 0


@pytest.mark.parametrize("field", [
    {"binding": "x"}, {"binding": {"a": "x" * 1024}}, {"metadata": [1]}, {"purpose": "a b"}, {"limits": {"user": 1}},
])
def test_fields_of_the_wrong_kind_or_size_are_refused(server, field):
    with server.client("live") as client:
        refused(client.send(contacts.phone(), **field), 400, "INVALID_FIELD")
