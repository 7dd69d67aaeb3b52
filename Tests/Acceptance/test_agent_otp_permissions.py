"""The Agent OTP dialect's permissions: each endpoint, and each field that its description names."""

import time

import pytest
from envelope import TOKEN, data_of, error_of, page_of, time_of
from parallel import at_once
from wire import Client


def test_an_approved_request_answers_201_with_its_token(operator):
    permission = data_of(operator.trusted_agent().api.request(
        "file.read", resource="/reports/q3.pdf", scope={"max_size": 1000}, ttl=60), 201)
    assert {"id", "status", "token", "scope", "expiresAt"} <= set(permission)
    assert permission["status"] == "approved" and TOKEN.fullmatch(permission["token"])
    assert permission["scope"]["max_size"] == 1000
    assert abs(time_of(permission["expiresAt"]) - time.time() - 60) < 5


def test_a_pending_request_answers_202_with_two_addresses(operator):
    permission = data_of(operator.agent().api.request("mail.send"), 202)
    assert {"id", "status", "approvalUrl", "webhookUrl", "expiresAt"} <= set(permission)
    assert permission["status"] == "pending" and "token" not in permission
    assert permission["approvalUrl"].startswith(("http://", "https://"))
    assert permission["webhookUrl"].startswith(("ws://", "wss://"))
    assert permission["webhookUrl"].endswith(f"/ws/{permission['id']}")
    assert abs(time_of(permission["expiresAt"]) - time.time() - 300) < 5, "300 seconds where nobody says otherwise"


def test_a_denied_request_answers_200_with_the_reason(operator):
    agent = operator.agent()
    operator.policy("deny", {"action": {"startsWith": "bank."}}, agentId=agent.id, name="No banking")
    permission = data_of(agent.api.request("bank.transfer"), 200)
    assert {"id", "status", "reason", "expiresAt"} <= set(permission)
    assert permission["status"] == "denied" and "No banking" in permission["reason"] and "token" not in permission


def test_a_permission_tells_what_was_asked_and_what_became_of_it(operator):
    agent, approver = operator.agent(), operator.approver()
    asked = {"scope": {"max_amount": 50}, "context": {"invoice": "A-17"}, "resource": "account/7"}
    permission = agent.pending("payment.transfer", **asked)
    waiting = data_of(agent.api.permission(permission))
    assert {"id", "status", "scope", "action", "resource", "context", "approvalUrl", "webhookUrl", "decidedBy",
            "decidedAt", "expiresAt", "createdAt"} <= set(waiting)
    assert (waiting["id"], waiting["status"], waiting["action"]) == (permission, "pending", "payment.transfer")
    assert {name: waiting[name] for name in asked} == asked
    assert waiting["decidedBy"] is None and waiting["decidedAt"] is None and "token" not in waiting
    assert abs(time_of(waiting["createdAt"]) - time.time()) < 5

    data_of(approver.api.decide(permission, True, reason="Fine for this month."))
    approved = data_of(agent.api.permission(permission))
    assert approved["status"] == "approved" and approver.id in str(approved["decidedBy"])
    assert abs(time_of(approved["decidedAt"]) - time.time()) < 5
    assert approved["reason"] == "Fine for this month."


def test_the_token_is_delivered_once(operator):
    """With the request where a policy approves; else at the first GET of the agent that asked, and never again."""
    agent = operator.trusted_agent()
    at_once_granted = agent.granted()
    assert "token" not in data_of(agent.api.permission(at_once_granted.id))

    asking, approver = operator.agent(), operator.approver()
    permission = asking.pending()
    data_of(approver.api.decide(permission, True))
    grant = asking.collected(permission)
    for _ in range(3):
        again = data_of(asking.api.permission(permission))
        assert again["status"] == "approved" and "token" not in again
    assert data_of(asking.api.use(permission, grant.token))["success"] is True


def test_twenty_first_looks_at_the_same_time_get_one_token(operator):
    agent = operator.agent()
    permission = agent.pending()
    data_of(operator.api.decide(permission, True))
    answers = at_once([Client(operator.server.port, agent.key) for _ in range(20)],
                      lambda client, number: client.get(f"/api/v1/permissions/{permission}"))
    assert sum("token" in data_of(answer) for answer in answers) == 1


def test_verify_tells_what_is_left_and_uses_nothing_up(operator):
    agent, service = operator.trusted_agent(), operator.verifier()
    grant = agent.granted(scope={"max_uses": 2, "max_size": 5})
    for api in (agent.api, service.api) * 3:
        found = data_of(api.verify(grant.id, grant.token))
        assert {"valid", "scope", "usesRemaining", "expiresAt"} <= set(found)
        assert found["valid"] is True and found["usesRemaining"] == 2
        assert found["scope"] == grant.scope and found["expiresAt"] == grant.expires_at


def test_verify_of_a_token_that_is_none_is_a_200_with_the_reason(operator):
    agent = operator.trusted_agent()
    grant, other = agent.granted(), agent.granted("file.write")
    for wrong in ("otp_" + "A" * 32, other.token, grant.token.lower(), "x"):
        found = data_of(agent.api.verify(grant.id, wrong))
        assert found["valid"] is False and found["reason"] and "scope" not in found
    assert data_of(agent.api.verify(grant.id, grant.token))["valid"] is True


@pytest.mark.parametrize("uses", [1, 3])
def test_a_token_is_used_as_often_as_its_scope_says(operator, uses):
    """Once where it says nothing. Then the permission is `used`, and no use succeeds any more."""
    agent, service = operator.trusted_agent(), operator.verifier()
    grant = agent.granted(scope={} if uses == 1 else {"max_uses": uses})
    for left in reversed(range(uses)):
        assert data_of(service.api.use(grant.id, grant.token)) == {"success": True, "usesRemaining": left}
    for api in (agent.api, service.api):
        refusal = data_of(api.use(grant.id, grant.token))
        assert (refusal["success"], refusal["usesRemaining"]) == (False, 0) and refusal["reason"]
        assert data_of(api.verify(grant.id, grant.token))["valid"] is False
    assert agent.status(grant.id) == "used"


def test_a_wrong_token_uses_nothing_up(operator):
    agent = operator.trusted_agent()
    grant = agent.granted()
    for wrong in ("otp_" + "B" * 32, grant.token[:-1], grant.token + "x", "otp_"):
        refusal = data_of(agent.api.use(grant.id, wrong))
        assert refusal["success"] is False and refusal["reason"]
    assert data_of(agent.api.use(grant.id, grant.token))["success"] is True


@pytest.mark.parametrize("who", ["agent", "operator"])
@pytest.mark.parametrize("state", ["pending", "approved"])
def test_revoke_ends_a_permission(operator, who, state):
    agent = operator.trusted_agent() if state == "approved" else operator.agent()
    grant = agent.granted() if state == "approved" else None
    permission = grant.id if grant else agent.pending()
    api = agent.api if who == "agent" else operator.api
    revoked = data_of(api.revoke(permission, reason="No longer needed."))
    assert revoked["success"] is True and abs(time_of(revoked["revokedAt"]) - time.time()) < 5
    assert agent.status(permission) == "revoked"
    if grant:
        assert data_of(agent.api.verify(permission, grant.token))["valid"] is False
        assert data_of(agent.api.use(permission, grant.token))["success"] is False
    else:
        error_of(operator.api.decide(permission, True), 409)


def test_a_used_permission_is_not_revoked_any_more(operator):
    agent = operator.trusted_agent()
    grant = agent.granted()
    data_of(agent.api.use(grant.id, grant.token))
    error_of(agent.api.revoke(grant.id), 409)
    assert agent.status(grant.id) == "used"


@pytest.mark.parametrize("by", ["approver", "operator"])
def test_a_person_approves(operator, by):
    """An approver's key decides, and so does the operator's."""
    agent = operator.agent()
    api = operator.approver().api if by == "approver" else operator.api
    permission = agent.pending()
    decision = data_of(api.decide(permission, True))
    assert decision["id"] == permission and decision["status"] == "approved" and "token" not in decision
    assert data_of(agent.api.use(permission, agent.collected(permission).token))["success"] is True


def test_a_person_denies_and_the_agent_reads_why(operator):
    agent, approver = operator.agent(), operator.approver()
    permission = agent.pending()
    decision = data_of(approver.api.decide(permission, False, reason="Not this customer."))
    assert decision["status"] == "denied"
    found = data_of(agent.api.permission(permission))
    assert (found["status"], found["reason"]) == ("denied", "Not this customer.") and "token" not in found


def test_a_person_narrows_what_is_granted(operator):
    """What is granted stands in the permission, in `verify`, and binds the use."""
    agent, approver = operator.agent(), operator.approver()
    permission = agent.pending("payment.transfer", scope={"max_amount": 100, "allowed_currencies": ["EUR", "USD"]})
    data_of(approver.api.decide(
        permission, True, scopeModifications={"max_amount": 20, "allowed_currencies": ["EUR"]}))
    grant = agent.collected(permission)
    assert grant.scope == {"max_amount": 20, "allowed_currencies": ["EUR"]}
    assert data_of(agent.api.verify(permission, grant.token))["scope"] == grant.scope
    assert data_of(agent.api.use(permission, grant.token, {"amount": 21}))["success"] is False
    assert data_of(agent.api.use(permission, grant.token, {"amount": 20, "currency": "EUR"}))["success"] is True


@pytest.mark.parametrize("how", ["approved", "denied", "revoked"])
def test_what_is_decided_is_not_decided_again(operator, how):
    agent, approver = operator.agent(), operator.approver()
    permission = agent.pending()
    if how == "revoked":
        data_of(agent.api.revoke(permission))
    else:
        data_of(approver.api.decide(permission, how == "approved"))
    for api in (approver.api, operator.api):
        for approved in (True, False):
            error_of(api.decide(permission, approved), 409)
    assert agent.status(permission) == how


def test_an_agent_lists_its_own_permissions(operator):
    agent, other = operator.agent(), operator.agent()
    mine = {agent.pending(resource=f"{number}") for number in range(5)}
    other.pending()
    entries, meta = page_of(agent.api.permissions(limit=2))
    assert (meta["page"], meta["limit"], meta["total"], meta["totalPages"]) == (1, 2, 5, 3)
    found = {entry["id"] for page in (1, 2, 3) for entry in page_of(agent.api.permissions(limit=2, page=page))[0]}
    assert found == mine
    assert page_of(agent.api.permissions(limit=2, page=4))[0] == []
    assert not any("token" in entry for entry in entries)
    assert page_of(agent.api.permissions())[1]["limit"] == 20
    answer = agent.api.permissions(agentId=other.id)
    assert answer.status == 404 or {entry["id"] for entry in page_of(answer)[0]} <= mine


def test_an_operator_lists_permissions_by_agent_and_status(operator):
    agent = operator.agent()
    waiting, denied = agent.pending(resource="1"), agent.pending(resource="2")
    data_of(operator.api.decide(denied, False))

    def listed(**filters):
        return {entry["id"] for entry in page_of(operator.api.permissions(agentId=agent.id, **filters))[0]}

    assert listed() == {waiting, denied}
    assert listed(status="pending") == {waiting}
    assert listed(status="denied") == {denied}
    assert listed(status="used") == set()
