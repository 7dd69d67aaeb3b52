"""A program that was written with the original SDK 0.1.x works against Countersign with another base URL and key."""

import threading
import time

import pytest
from clients import agent_otp
from clients.agent_otp import SDK, AgentOTP
from envelope import data_of, error_of
from operators import Operator
from wire import Client


def decide_soon(operator: Operator, permission: str, approved: bool, **fields: object) -> threading.Thread:
    """A person who decides half a second from now, on a connection of their own."""
    def decide():
        time.sleep(0.5)
        with Client(operator.server.port, operator.key) as client:
            data_of(AgentOTP(client).decide(permission, approved, **fields))

    person = threading.Thread(target=decide)
    person.start()
    return person


def test_request_wait_verify_use(operator):
    """The whole flow as the SDK's documentation has it: request, poll until a person approved, verify, use once."""
    sdk = operator.agent().sdk
    asked = sdk.request_permission("payment.transfer", scope={"max_amount": 100}, context={"invoice": "A-17"})
    person = decide_soon(operator, asked["id"], True)
    permission = sdk.wait_for_approval(asked["id"])
    person.join()
    assert permission["status"] == "approved" and permission["scope"]["max_amount"] == 100
    token = permission["token"]
    assert sdk.verify_token(asked["id"], token)["valid"] is True
    assert sdk.use_token(asked["id"], token, {"amount": 60})["success"] is True
    assert sdk.use_token(asked["id"], token, {"amount": 60})["success"] is False
    assert sdk.get_permission_status(asked["id"])["status"] == "used"


def test_a_program_waits_within_its_request(operator):
    """`waitForApproval`: request and wait are one call."""
    agent, found = operator.agent(), []
    waiting = threading.Thread(target=lambda: found.append(agent.sdk.request_permission(
        "mail.send", wait_for_approval=True)))
    waiting.start()
    deadline = time.monotonic() + 10
    while not (mine := data_of(operator.api.permissions(agentId=agent.id))):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    data_of(operator.api.decide(mine[0]["id"], True))
    waiting.join(timeout=10)
    assert found[0]["status"] == "approved" and found[0]["token"]


def test_a_denial_is_an_answer_not_an_error(operator):
    """By a policy and by a person: a 2xx with `status` and `reason`."""
    agent = operator.agent()
    operator.policy("deny", {"action": {"equals": "bank.transfer"}}, agentId=agent.id, name="No banking")
    denied = agent.sdk.request_permission("bank.transfer")
    assert denied["status"] == "denied" and "No banking" in denied["reason"]
    asked = agent.sdk.request_permission("mail.send")
    person = decide_soon(operator, asked["id"], False, reason="Not today.")
    denied = agent.sdk.wait_for_approval(asked["id"])
    person.join()
    assert (denied["status"], denied["reason"]) == ("denied", "Not today.")


def test_an_approval_by_policy_needs_no_waiting(operator):
    permission = operator.trusted_agent().sdk.request_permission("file.read", wait_for_approval=True)
    assert permission["status"] == "approved" and permission["token"]


def test_the_sdk_knows_errors_by_their_status(operator):
    agent = operator.agent()
    with pytest.raises(agent_otp.AuthenticationError):
        SDK(operator.by("ak_live_" + "x" * 36)).request_permission("mail.send")
    with pytest.raises(agent_otp.NotFoundError):
        agent.sdk.get_permission_status("perm_nowhere")
    with pytest.raises(agent_otp.AccessDeniedError):
        SDK._data(agent.api.decide(agent.pending(), True))
    with pytest.raises(agent_otp.ValidationError) as failure:
        agent.sdk.request_permission("Mail Send", ttl=5)
    assert "ttl" in failure.value.details
    slow = operator.agent(rateLimit=1)
    slow.sdk.request_permission("mail.send")
    with pytest.raises(agent_otp.RateLimitError) as limit:
        for _ in range(5):
            slow.sdk.get_metrics()
    assert int(limit.value.retry_after) >= 1


def test_a_program_revokes_what_it_does_not_need(operator):
    agent = operator.trusted_agent()
    grant = agent.granted()
    assert agent.sdk.revoke_permission(grant.id, "Changed my mind.")["success"] is True
    assert agent.sdk.verify_token(grant.id, grant.token)["valid"] is False


@pytest.mark.parametrize("spelling", ["Bearer {}", "bearer {}", "BEARER {}", "{}"])
def test_the_schemes_spelling_does_not_matter(operator, spelling):
    agent = operator.agent()
    data_of(operator.by(None).request("mail.send", {"Authorization": spelling.format(agent.key)}), 202)


def test_the_key_may_come_as_x_api_key(operator):
    agent, approver = operator.agent(), operator.approver()
    permission = data_of(operator.by(None).request("mail.send", {"X-API-Key": agent.key}), 202)["id"]
    data_of(operator.by(None).decide(permission, True, {"X-API-Key": approver.key}))


def test_two_different_keys_are_no_key(operator):
    """Nobody guesses which of them was meant."""
    first, second = operator.agent(), operator.agent()
    answer = operator.by(first.key).request("mail.send", {"X-API-Key": second.key})
    error_of(answer, 400, 401, 422)


# Test keys

@pytest.fixture
def tester(operator):
    """An agent with a test key."""
    return operator.agent(mode="test")


def test_a_test_key_says_so(tester):
    assert tester.key.startswith("ak_test_")


def test_a_test_key_is_approved_by_policy_and_asks_nobody(operator, tester):
    """What a person would be asked about is approved at once, and no approver hears of it."""
    approver = operator.approver()
    before = len(operator.server.inbox.messages())
    grant = tester.granted("mail.send", scope={"max_uses": 2})
    assert data_of(tester.api.use(grant.id, grant.token)) == {"success": True, "usesRemaining": 1}
    assert len(operator.server.inbox.messages()) == before
    error_of(approver.api.decide(grant.id, True), 404, 409)


def test_a_test_key_simulates_a_denial(operator, tester):
    denied = data_of(tester.api.request("mail.send", context={"_test_deny": True}), 200)
    assert denied["status"] == "denied" and denied["reason"]
    assert operator.agent().pending(context={"_test_deny": True}), "a live key does not"


def test_a_policy_denies_a_test_key_too(operator, tester):
    operator.policy("deny", {"action": {"equals": "bank.transfer"}}, agentId=tester.id)
    assert data_of(tester.api.request("bank.transfer"), 200)["status"] == "denied"


def test_test_and_live_are_kept_apart(operator, tester):
    """A live verifier knows no token of a test key, a test verifier none of a live key; live figures count neither."""
    before = data_of(operator.api.metrics())
    play, real = tester.granted("file.read"), operator.trusted_agent().granted()
    live_service, test_service = operator.verifier(), operator.verifier("verifier_test")
    assert test_service.key.startswith("vk_test_")
    for service, foreign, own in ((live_service, play, real), (test_service, real, play)):
        error_of(service.api.verify(foreign.id, foreign.token), 404)
        error_of(service.api.use(foreign.id, foreign.token), 404)
        assert data_of(service.api.use(own.id, own.token))["success"] is True
    assert data_of(operator.api.metrics())["requests"] - before["requests"] == 1
