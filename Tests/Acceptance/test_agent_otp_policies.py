"""Policies of the Agent OTP dialect: the reference decisions, the operators, and what the server itself knows."""

import datetime

import pytest
from envelope import data_of, invalid

APPROVED, PENDING, DENIED = (201, "approved"), (202, "pending"), (200, "denied")


def decision(agent, action="file.read", **fields):
    """Status and word of the answer to a request."""
    answer = agent.api.request(action, **fields)
    return answer.status, data_of(answer, 200, 201, 202)["status"]


# The reference decisions

def test_no_policy_asks_a_person(operator):
    assert decision(operator.agent()) == PENDING


def test_an_action_is_approved(operator):
    agent = operator.agent()
    operator.policy("auto_approve", {"action": {"equals": "file.read"}}, agentId=agent.id)
    assert decision(agent, "file.read") == APPROVED
    assert decision(agent, "file.write") == PENDING


def test_a_category_is_denied(operator):
    agent = operator.agent()
    operator.policy("auto_approve", {}, agentId=agent.id, matchAll=True)
    operator.policy("deny", {"action": {"startsWith": "bank."}}, agentId=agent.id, priority=100)
    assert decision(agent, "bank.transfer") == DENIED
    assert decision(agent, "banking.read") == APPROVED


def test_mail_within_the_company_is_approved(operator):
    agent = operator.agent()
    operator.policy(
        "auto_approve", {"action": {"equals": "gmail.send"}, "context.recipient": {"matches": r".*@mycompany\.com$"}},
        agentId=agent.id, trustContext=True)
    assert decision(agent, "gmail.send", context={"recipient": "colleague@mycompany.com"}) == APPROVED
    assert decision(agent, "gmail.send", context={"recipient": "external@other.com"}) == PENDING
    assert decision(agent, "gmail.send") == PENDING


def test_a_small_amount_is_approved(operator):
    agent = operator.agent()
    operator.policy("auto_approve", {"scope.amount": {"lessThan": 100}}, agentId=agent.id)
    assert decision(agent, "bank.transfer", scope={"amount": 50}) == APPROVED
    assert decision(agent, "bank.transfer", scope={"amount": 500}) == PENDING


def test_what_is_not_allowed_is_denied(operator):
    agent = operator.agent()
    operator.policy("auto_approve", {"action": {"startsWith": "file."}}, agentId=agent.id, priority=10)
    operator.policy("deny", {}, agentId=agent.id, priority=-1000)
    assert decision(agent, "file.read") == APPROVED
    for other in ("mail.send", "bank.transfer", "files.read"):
        assert decision(agent, other) == DENIED


def test_an_agents_own_deny_comes_before_an_approval_for_all(operator):
    stopped, other = operator.agent(), operator.agent()
    operator.policy("deny", {"action": {"equals": "report.read"}}, agentId=stopped.id, priority=100)
    operator.policy("auto_approve", {"action": {"equals": "report.read"}}, priority=10)
    assert decision(stopped, "report.read") == DENIED
    assert decision(other, "report.read") == APPROVED


def test_at_equal_priority_the_careful_one_decides(operator):
    """deny, then require_approval, then auto_approve, in whatever order they were made."""
    agent = operator.agent()
    same = {"agentId": agent.id, "priority": 5}
    operator.policy("auto_approve", {"action": {"startsWith": "a."}}, **same)
    assert decision(agent, "a.one") == APPROVED
    operator.policy("require_approval", {"action": {"startsWith": "a.t"}}, **same)
    assert decision(agent, "a.two") == PENDING
    operator.policy("deny", {"action": {"equals": "a.three"}}, **same)
    assert decision(agent, "a.three") == DENIED


def test_a_deny_that_always_holds_comes_before_all_priorities(operator):
    agent = operator.agent()
    operator.policy("auto_approve", {"action": {"startsWith": "b."}}, agentId=agent.id, priority=1000)
    operator.policy("deny", {"action": {"equals": "b.two"}}, agentId=agent.id, priority=-1000, always=True)
    assert decision(agent, "b.one") == APPROVED
    assert decision(agent, "b.two") == DENIED


def test_the_reason_names_the_policy(operator):
    agent = operator.agent()
    operator.policy("deny", {"action": {"equals": "c.one"}}, agentId=agent.id, name="The first of them")
    operator.policy("require_approval", {"action": {"equals": "c.two"}}, agentId=agent.id, name="The second of them")
    assert "The first of them" in data_of(agent.api.request("c.one"))["reason"]
    asked = data_of(agent.api.request("c.two"), 202)
    assert "The second of them" in data_of(agent.api.permission(asked["id"]))["reason"]


# Operators

HOLDS = [
    ("equals", "equals", "x", "x", "X"), ("notEquals", "not_equals", "x", "y", "x"),
    ("lessThan", "less_than", 10, 9.5, 10), ("greaterThan", "greater_than", 10, 10.5, 10),
    ("lessThanOrEqual", "less_than_or_equal", 10, 10, 11),
    ("greaterThanOrEqual", "greater_than_or_equal", 10, 10, 9), ("startsWith", "starts_with", "ab", "abc", "cab"),
    ("endsWith", "ends_with", "bc", "abc", "bca"), ("contains", "contains", "b", "abc", "ac"),
    ("contains", "contains", "b", ["a", "b"], ["ab"]), ("matches", "matches", "^a+$", "aaa", "aab"),
    ("in", "in", ["x", 7], 7, 8), ("notIn", "not_in", ["x", "y"], "z", "x"), ("exists", "exists", True, "x", None),
]


@pytest.mark.parametrize("camel, snake, value, fits, fails", HOLDS)
def test_each_operator_in_both_its_spellings(operator, camel, snake, value, fits, fails):
    for name in {camel, snake}:
        agent = operator.agent()
        operator.policy("deny", {"action": {"equals": "d.one"}, "context.x": {name: value}}, agentId=agent.id)
        assert decision(agent, "d.one", context={"x": fits}) == DENIED
        assert decision(agent, "d.one", context={} if fails is None else {"x": fails}) == PENDING


def test_all_conditions_must_hold(operator):
    agent = operator.agent()
    operator.policy("deny", {"resource": {"startsWith": "prod/"}, "scope.rows": {"greaterThan": 10, "lessThan": 20}},
                    agentId=agent.id)
    assert decision(agent, "db.write", resource="prod/users", scope={"rows": 15}) == DENIED
    assert decision(agent, "db.write", resource="test/users", scope={"rows": 15}) == PENDING
    assert decision(agent, "db.write", resource="prod/users", scope={"rows": 25}) == PENDING


def test_a_policy_looks_at_the_agent_by_what_the_server_knows(operator):
    agent, other = operator.agent(), operator.agent()
    operator.policy("deny", {"agentId": {"equals": agent.id}, "action": {"equals": "e.one"}})
    assert decision(agent, "e.one", context={"agentId": other.id}) == DENIED
    assert decision(other, "e.one", context={"agentId": agent.id}) == PENDING


# What comes from the server, never from the agent

def test_the_hour_and_the_day_are_the_servers(operator):
    """In the zone that the policy names; what the agent says of the time changes nothing."""
    agent = operator.agent()
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=5, minutes=30)))
    days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    hours = [now.hour, (now.hour + 1) % 24]  # the hour may turn while the test runs
    operator.policy("deny", {"action": {"equals": "f.hour"}, "time.hour": {"in": hours, "zone": "Asia/Kolkata"}},
                    agentId=agent.id)
    operator.policy("deny", {"action": {"equals": "f.other"}, "time.hour": {"notIn": hours, "zone": "Asia/Kolkata"}},
                    agentId=agent.id)
    operator.policy(
        "deny", {"action": {"equals": "f.day"}, "time.weekday": {
            "in": [days[now.weekday()], days[(now.weekday() + 1) % 7]], "zone": "Asia/Kolkata"}}, agentId=agent.id)
    claims = {"time": {"hour": (now.hour + 12) % 24, "weekday": "sunday"}}
    assert decision(agent, "f.hour", context=claims, scope=claims) == DENIED
    assert decision(agent, "f.other", context=claims, scope=claims) == PENDING
    assert decision(agent, "f.day", context=claims, scope=claims) == DENIED


def test_a_rate_is_counted_by_the_server(operator):
    """Of that agent and that action: the third request within the hour is the first that is too much."""
    agent, other = operator.agent(), operator.agent()
    for someone in (agent, other):
        operator.policy("auto_approve", {"action": {"startsWith": "g."}}, agentId=someone.id)
        operator.policy("deny", {"action": {"startsWith": "g."}, "rate.perHour": {"greaterThanOrEqual": 2}},
                        agentId=someone.id, priority=10)
    claims = {"rate": {"perHour": 0}}
    found = [decision(agent, "g.one", context=claims, resource=str(number)) for number in range(4)]
    assert found == [APPROVED, APPROVED, DENIED, DENIED]
    assert decision(agent, "g.two") == APPROVED
    assert decision(other, "g.one") == APPROVED


@pytest.mark.parametrize("conditions", [
    {"time.hour": {"equals": 24}}, {"time.hour": {"lessThan": 9, "zone": "Mars/Olympus"}},
    {"time.weekday": {"equals": "someday"}}, {"rate.perHour": {"lessThan": "many"}}, {"time.minute": {"equals": 1}},
])
def test_a_time_or_rate_that_is_none_is_refused(operator, conditions):
    refused = operator.api.create_policy(name="x", conditions=conditions, action="deny")
    invalid(refused, "conditions")


# Two people, and the number

def test_two_people_approve_where_the_policy_asks_for_them(operator):
    """Neither the person behind the agent nor the same person twice; the token is there after the second."""
    first, second, behind = operator.approver(), operator.approver(), operator.approver()
    agent = operator.agent(originator=behind.id)
    operator.policy("require_approval", {}, agentId=agent.id, approvers=2)
    permission = agent.pending("payment.transfer")
    assert 400 <= behind.api.decide(permission, True).status < 500
    assert data_of(first.api.decide(permission, True))["status"] == "pending"
    assert 400 <= first.api.decide(permission, True).status < 500
    assert agent.status(permission) == "pending"
    assert data_of(second.api.decide(permission, True))["status"] == "approved"
    agent.collected(permission)


def test_one_of_two_people_denies(operator):
    agent, first, second = operator.agent(), operator.approver(), operator.approver()
    operator.policy("require_approval", {}, agentId=agent.id, approvers=2)
    permission = agent.pending()
    data_of(first.api.decide(permission, True))
    assert data_of(second.api.decide(permission, False))["status"] == "denied"
    assert agent.status(permission) == "denied"


def test_the_number_of_the_asking_side_is_matched(operator):
    """Where a policy asks for it, an approver away from the page types what the agent shows."""
    agent, approver = operator.agent(), operator.approver()
    operator.policy("require_approval", {}, agentId=agent.id, numberMatching=True)
    asked = data_of(agent.api.request("mail.send"), 202)
    number, permission = asked["matchNumber"], asked["id"]
    wrong = "11" if number != "11" else "12"
    assert 400 <= approver.api.decide(permission, True).status < 500
    assert 400 <= approver.api.decide(permission, True, number=wrong).status < 500
    assert agent.status(permission) == "pending"
    assert data_of(approver.api.decide(permission, True, number=number))["status"] == "approved"
