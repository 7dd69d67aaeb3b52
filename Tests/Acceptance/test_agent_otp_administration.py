"""The Agent OTP dialect's agents, policies, audit, figures and health, each endpoint with what it promises."""

import json
import time

import pytest
from envelope import data_of, error_of, invalid, page_of, time_of


# Agents

def test_an_agents_key_is_shown_once(operator):
    made = data_of(operator.api.create_agent("Invoice bot", description="Pays.", metadata={"team": "finance"}), 201)
    key = made["apiKey"]
    assert key.startswith("ak_live_") and made["name"] == "Invoice bot"
    shown = operator.api.agent(made["id"])
    found = data_of(shown)
    assert {"id", "name", "description", "metadata", "isActive", "createdAt"} <= set(found)
    assert (found["name"], found["description"], found["metadata"]) == ("Invoice bot", "Pays.", {"team": "finance"})
    for answer in (shown, operator.api.agents(limit=100), operator.api.change_agent(made["id"], name="Payer")):
        assert "apiKey" not in json.dumps(data_of(answer)) and key not in json.dumps(answer.json)


def test_agents_are_listed_in_pages(operator):
    made = {operator.agent().id for _ in range(3)}
    _, meta = page_of(operator.api.agents(limit=1))
    assert meta["limit"] == 1 and meta["total"] >= 3
    pages = -(-meta["total"] // 100)
    found = [agent["id"] for page in range(1, pages + 1)
             for agent in page_of(operator.api.agents(limit=100, page=page))[0]]
    assert made <= set(found) and len(found) == len(set(found)) == meta["total"]


@pytest.mark.parametrize("method", ["change_agent", "replace_agent"])
def test_an_agent_is_changed(operator, method):
    agent = operator.agent(description="before")
    change = getattr(operator.api, method)
    data_of(change(agent.id, name="After", description="after"))
    found = data_of(operator.api.agent(agent.id))
    assert (found["name"], found["description"]) == ("After", "after")
    agent.pending()


def test_patch_leaves_what_it_does_not_name(operator):
    agent = operator.agent(description="stays", metadata={"a": 1})
    data_of(operator.api.change_agent(agent.id, name="Renamed"))
    found = data_of(operator.api.agent(agent.id))
    assert (found["name"], found["description"], found["metadata"]) == ("Renamed", "stays", {"a": 1})


def test_a_switched_off_agent_is_switched_on_again(operator):
    agent = operator.agent()
    data_of(operator.api.change_agent(agent.id, isActive=False))
    error_of(agent.api.request("mail.send"), 401, 403)
    data_of(operator.api.change_agent(agent.id, isActive=True))
    agent.pending()


def test_a_deleted_agent_is_gone(operator):
    agent = operator.agent()
    data_of(operator.api.delete_agent(agent.id))
    error_of(operator.api.agent(agent.id), 404)
    error_of(operator.api.delete_agent(agent.id), 404)
    error_of(agent.api.request("mail.send"), 401, 403)
    assert agent.id not in str(page_of(operator.api.agents(limit=100))[0])


def test_a_rotated_key_works_beside_the_new_one(operator):
    """For the grace period both do: 24 hours where nobody says otherwise."""
    agent = operator.agent()
    fresh = data_of(operator.api.rotate_key(agent.id))["apiKey"]
    assert fresh.startswith("ak_live_") and fresh != agent.key
    agent.pending(resource="by the old key")
    data_of(operator.by(fresh).request("mail.send", resource="by the new key"), 202)


def test_a_grace_period_ends(operator):
    agent = operator.agent()
    fresh = data_of(operator.api.rotate_key(agent.id, gracePeriod=1))["apiKey"]
    agent.pending()
    time.sleep(1.1)
    error_of(agent.api.request("mail.send"), 401, 403)
    data_of(operator.by(fresh).request("mail.send"), 202)


def test_a_key_is_replaced_at_once(operator):
    agent = operator.agent()
    fresh = data_of(operator.api.rotate_key(agent.id, revokeImmediately=True))["apiKey"]
    error_of(agent.api.request("mail.send"), 401, 403)
    data_of(operator.by(fresh).request("mail.send"), 202)


def test_an_agents_figures(operator):
    """Of that agent alone."""
    agent = operator.trusted_agent()
    operator.trusted_agent().granted()
    used = agent.granted()
    agent.granted("file.write")
    data_of(agent.api.use(used.id, used.token))
    for period in ("1h", "24h", "7d", "30d", None):
        figures = data_of(operator.api.agent_stats(agent.id, period))
        assert (figures["requests"], figures["approved"], figures["denied"]) == (2, 2, 0)
        assert (figures["tokensIssued"], figures["tokensUsed"]) == (2, 1)


# Policies

DOCUMENT = {"name": "Small payments", "priority": 7, "conditions": {"scope.max_amount": {"lessThan": 100}},
            "action": "auto_approve", "scopeTemplate": {"max_amount": 100}, "description": "Up to a hundred."}


@pytest.fixture
def stored(operator):
    """A policy for one agent, and that agent."""
    agent = operator.agent()
    return operator.policy(**{**DOCUMENT, "agentId": agent.id}), agent


def test_a_policy_is_stored_as_it_was_written(operator, stored):
    policy, agent = stored
    found = data_of(operator.api.policy(policy))
    assert {**found, **DOCUMENT, "agentId": agent.id, "isActive": True} == found
    assert found["id"] == policy
    assert policy in [entry["id"] for entry in page_of(operator.api.policies(limit=100))[0]]


def test_a_policy_is_changed_in_part(operator, stored):
    policy, agent = stored
    assert data_of(agent.api.request("pay.out", scope={"max_amount": 99}), 201)["status"] == "approved"
    data_of(operator.api.change_policy(policy, conditions={"scope.max_amount": {"lessThan": 10}}))
    assert data_of(operator.api.policy(policy))["name"] == "Small payments"
    data_of(agent.api.request("pay.out", scope={"max_amount": 98}), 202)


def test_a_policy_is_replaced(operator, stored):
    policy, agent = stored
    data_of(operator.api.replace_policy(policy, name="None", conditions={}, action="deny", agentId=agent.id))
    found = data_of(operator.api.policy(policy))
    assert (found["name"], found["action"], found["priority"]) == ("None", "deny", 0)
    assert data_of(agent.api.request("pay.out", scope={"max_amount": 99}), 200)["status"] == "denied"


def test_a_policy_that_is_not_active_decides_nothing(operator, stored):
    policy, agent = stored
    data_of(operator.api.change_policy(policy, isActive=False))
    data_of(agent.api.request("pay.out", scope={"max_amount": 1}), 202)


def test_a_deleted_policy_decides_nothing(operator, stored):
    policy, agent = stored
    assert operator.api.delete_policy(policy).status in (200, 204)
    error_of(operator.api.policy(policy), 404)
    data_of(agent.api.request("pay.out", scope={"max_amount": 1}), 202)


@pytest.mark.parametrize("amount, decision", [(50, "auto_approve"), (500, "require_approval")])
def test_policies_are_tried_without_a_request(operator, stored, amount, decision):
    """It answers with the decision and the reason, and nothing is stored."""
    _, agent = stored
    tried = data_of(operator.api.try_policies(agentId=agent.id, action="pay.out", scope={"max_amount": amount}))
    assert tried["decision"] == decision and tried["reason"]
    assert ("Small payments" in tried["reason"]) == (decision == "auto_approve")
    assert page_of(agent.api.permissions())[1]["total"] == 0


# Audit

def test_audit_entries_tell_who_what_when_and_from_where(operator):
    agent = operator.agent()
    permission = agent.pending()
    [entry] = [entry for entry in operator.trail(permission) if entry["eventType"] == "permission.requested"]
    assert {"id", "agentId", "permissionRequestId", "eventType", "details", "ipAddress", "userAgent",
            "createdAt"} <= set(entry)
    assert (entry["agentId"], entry["permissionRequestId"]) == (agent.id, permission)
    assert entry["ipAddress"].startswith("127.0.0.1")
    assert abs(time_of(entry["createdAt"]) - time.time()) < 5


def test_the_audit_keeps_what_a_client_calls_itself(operator):
    agent = operator.agent()
    permission = data_of(agent.api.request("mail.send", {"User-Agent": "invoice-bot/1.2"}), 202)["id"]
    assert operator.trail(permission)[0]["userAgent"] == "invoice-bot/1.2"


def test_the_audit_is_found_by_agent_permission_event_and_time(operator):
    agent, other = operator.agent(), operator.agent()
    first, second = agent.pending(resource="1"), agent.pending(resource="2")
    other.pending()
    data_of(operator.api.decide(first, False))

    def found(**filters):
        return {(entry["eventType"], entry["permissionRequestId"])
                for entry in page_of(operator.api.audit(limit=100, **filters))[0]}

    assert found(agentId=agent.id, eventType="permission.requested") == {
        ("permission.requested", first), ("permission.requested", second)}
    assert found(permissionRequestId=first) == {("permission.requested", first), ("permission.denied", first)}
    assert found(permissionRequestId=first, endDate="2020-01-01T00:00:00Z") == set()
    assert found(permissionRequestId=first, startDate="2020-01-01T00:00:00Z") == found(permissionRequestId=first)
    assert found(permissionRequestId=first, startDate="2999-01-01T00:00:00Z") == set()
    of_agent = page_of(operator.api.audit_of_agent(agent.id, limit=100))[0]
    assert {entry["permissionRequestId"] for entry in of_agent if entry["permissionRequestId"]} == {first, second}


def test_the_audit_is_read_in_pages(operator):
    agent = operator.agent()
    for number in range(3):
        agent.pending(resource=str(number))
    wanted = {"agentId": agent.id, "eventType": "permission.requested", "limit": 1}
    pages = [page_of(operator.api.audit(page=page, **wanted)) for page in (1, 2, 3, 4)]
    assert [meta["total"] for _, meta in pages] == [3] * 4
    assert len({entries[0]["permissionRequestId"] for entries, _ in pages[:3]}) == 3 and pages[3][0] == []


def test_the_audit_is_counted_and_exported(operator):
    agent = operator.agent()
    permission = agent.pending()
    assert "permission.requested" in json.dumps(data_of(operator.api.audit_stats()))
    exported = operator.api.audit_export(agentId=agent.id)
    assert exported.status == 200 and permission.encode() in exported.body


# Figures and health

FIGURES = {"period", "requests", "approved", "denied", "pending", "expired", "denialRate", "tokensIssued",
           "tokensUsed", "unusedTokenRate", "failedAuthentications", "avgApprovalMs"}


def test_an_agent_reads_its_own_figures(operator):
    agent = operator.agent()
    operator.policy("deny", {"action": {"equals": "bank.transfer"}}, agentId=agent.id)
    approved, pending = agent.pending(resource="1"), agent.pending(resource="2")
    data_of(agent.api.request("bank.transfer"))
    data_of(operator.api.decide(approved, True))
    data_of(agent.api.use(approved, agent.collected(approved).token))
    figures = agent.sdk.get_metrics("1h")
    assert FIGURES <= set(figures) and figures["period"] == "1h"
    told = [figures[name] for name in ("requests", "approved", "denied", "pending", "expired", "tokensIssued")]
    assert told == [3, 1, 1, 1, 0, 1] and pending
    assert (figures["tokensUsed"], figures["denialRate"], figures["unusedTokenRate"]) == (1, 0.5, 0)
    assert 0 <= figures["avgApprovalMs"] < 60_000 and figures["failedAuthentications"] == 0


def test_an_operator_reads_the_workspaces_figures(operator):
    before = data_of(operator.api.metrics("24h"))
    operator.trusted_agent().granted()
    operator.agent().pending()
    after = data_of(operator.api.metrics("24h"))
    assert FIGURES <= set(after)
    grown = {name: after[name] - before[name] for name in ("requests", "approved", "pending", "tokensIssued")}
    assert grown == {"requests": 2, "approved": 1, "pending": 1, "tokensIssued": 1}
    assert data_of(operator.api.metrics())["period"] == "1h", "an hour where nobody says otherwise"


@pytest.mark.parametrize("period", ["1y", "0h", "-1h", "1h1h"])
def test_a_period_that_is_none_is_refused(operator, period):
    invalid(operator.api.metrics(period), "period")
    invalid(operator.api.agent_stats(operator.agent().id, period), "period")


def test_health_needs_no_key(operator):
    health = data_of(operator.by(None).health())
    assert {"status", "timestamp", "version"} <= set(health) and health["version"]
    assert abs(time_of(health["timestamp"]) - time.time()) < 5


# Who may what

@pytest.mark.parametrize("method, path", [
    ("GET", "/agents"), ("POST", "/agents"), ("GET", "/agents/ID"), ("PATCH", "/agents/ID"), ("PUT", "/agents/ID"),
    ("DELETE", "/agents/ID"), ("POST", "/agents/ID/rotate-key"), ("GET", "/agents/ID/stats"), ("GET", "/policies"),
    ("POST", "/policies"), ("POST", "/policies/test"), ("GET", "/policies/x"), ("PATCH", "/policies/x"),
    ("PUT", "/policies/x"), ("DELETE", "/policies/x"), ("GET", "/audit"), ("GET", "/audit/permissions/x"),
    ("GET", "/audit/agents/ID"), ("GET", "/audit/stats"), ("GET", "/audit/export"),
])
def test_only_an_operator_administers(operator, method, path):
    """Not an agent, not a verifier, not an approver, not a passcode key; and an agent not even itself."""
    agent, body = operator.agent(), {} if method in ("POST", "PATCH", "PUT") else None
    keys = [agent.key, operator.approver().key, operator.verifier().key, operator.server.issued["keys"]["live"]]
    for key in keys:
        error_of(operator.by(key).call(method, path.replace("ID", agent.id), body), 403)
    assert data_of(operator.api.agent(agent.id))["id"] == agent.id


def test_each_key_does_its_own_work_only(operator):
    """An approver asks for nothing and uses nothing; a verifier neither asks nor decides nor lists nor revokes."""
    agent, approver, service = operator.trusted_agent(), operator.approver(), operator.verifier()
    grant = agent.granted()
    for api in (approver.api, operator.api):
        error_of(api.request("mail.send"), 403)
        error_of(api.verify(grant.id, grant.token), 403)
        error_of(api.use(grant.id, grant.token), 403)
    error_of(service.api.request("mail.send"), 403)
    error_of(service.api.decide(grant.id, True), 403)
    error_of(service.api.revoke(grant.id), 403)
    error_of(service.api.permissions(), 403)
    error_of(service.api.permission(grant.id), 403, 404)
    error_of(service.api.metrics(), 403)
    assert data_of(service.api.use(grant.id, grant.token))["success"] is True
