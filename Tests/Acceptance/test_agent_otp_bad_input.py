"""What bad input gets from the Agent OTP dialect: 422 with the field's name, nothing stored, nothing decided."""

import pytest
from envelope import data_of, error_of, invalid, page_of


@pytest.fixture
def agent(operator):
    """An agent of which no request may be left behind."""
    agent = operator.agent()
    yield agent
    assert page_of(operator.api.permissions(agentId=agent.id))[1]["total"] == 0


NOT_JSON = {
    "an empty body": b"", "text": b"action=file.read", "half an object": b'{"action":"file.read"',
    "two objects": b'{"action":"file.read"}{}', "a comma too many": b'{"action":"file.read",}',
    "single quotes": b"{'action':'file.read'}", "bad UTF-8": b'{"action":"file.read","resource":"\xff"}',
    "NaN": b'{"action":"file.read","scope":{"max_amount":NaN}}', "UTF-16": '{"action":"file.read"}'.encode("utf-16"),
    "a list": b'[{"action":"file.read"}]', "a text": b'"file.read"', "nothing": b"null",
    "a name twice": b'{"action":"file.read","action":"bank.transfer"}',
    "a nested name twice": b'{"action":"file.read","scope":{"max_amount":1,"max_amount":1000}}',
}


@pytest.mark.parametrize("name", NOT_JSON)
def test_what_is_no_json_object_is_refused(agent, name):
    """422, because the SDK knows no 400."""
    error_of(agent.api.http.request("POST", "/api/v1/permissions/request", NOT_JSON[name]), 422)


@pytest.mark.parametrize("fields, named", [
    ({"action": 7}, "action"), ({"action": None}, "action"), ({"action": ["file.read"]}, "action"),
    ({"action": "a." + "b" * 254}, "action"), ({"action": ""}, "action"), ({"resource": 7}, "resource"),
    ({"resource": "x" * 256}, "resource"), ({"resource": {}}, "resource"), ({"scope": []}, "scope"),
    ({"scope": "all"}, "scope"), ({"scope": 7}, "scope"), ({"scope": {"max_amount": "lots"}}, "scope"),
    ({"scope": {"min_amount": None}}, "scope"), ({"scope": {"allowed_ids": "a"}}, "scope"),
    ({"scope": {"allowed_ids": []}}, "scope"), ({"scope": {"subject_pattern": "("}}, "scope"),
    ({"scope": {"max_uses": 0}}, "scope"), ({"context": []}, "context"), ({"context": "x"}, "context"),
    ({"ttl": 29}, "ttl"), ({"ttl": 3601}, "ttl"), ({"ttl": -1}, "ttl"), ({"ttl": "300"}, "ttl"), ({"ttl": 30.5}, "ttl"),
    ({"ttl": [300]}, "ttl"), ({"ttl": True}, "ttl"), ({"ttl": 1e300}, "ttl"),
], ids=lambda value: ascii(value)[:40])
def test_a_field_of_the_wrong_type_or_size_is_named(agent, fields, named):
    body = {"action": "file.read", **fields}
    invalid(agent.api.call("POST", "/permissions/request", body), named)


def test_a_missing_action_is_named(agent):
    invalid(agent.api.call("POST", "/permissions/request", {"scope": {}}), "action")


def test_all_faults_are_told_at_once(agent):
    invalid(agent.api.request(7, resource=7, scope=[], context=7, ttl=0),
            "action", "resource", "scope", "context", "ttl")


def test_the_largest_and_the_smallest_are_taken(operator):
    agent = operator.agent()
    for fields in ({"ttl": 30}, {"ttl": 3600}, {"resource": "x" * 255}, {"resource": "ü" * 255}, {"scope": {}},
                   {"context": {}}, {"resource": None}):
        data_of(agent.api.request("file.read", **fields), 202)
    data_of(agent.api.request("a." + "b" * 253), 202)


def test_a_scope_of_too_many_names_is_refused(agent):
    invalid(agent.api.request("file.read", scope={f"max_{number}": number for number in range(2000)}), "scope")
    invalid(agent.api.request("file.read", scope={"allowed_ids": [str(number) for number in range(5000)]}), "scope")


@pytest.mark.parametrize("scope", [
    {"note": "x" * 2001}, {f"n{number}": "x" * 1900 for number in range(6)},
], ids=["one value", "all of them"])
def test_a_scope_that_nobody_could_be_shown_whole_is_refused(agent, scope):
    """Where a person would have to decide: a policy that approves needs to show nobody anything."""
    assert "person" in str(invalid(agent.api.request("file.read", scope=scope), "scope"))


@pytest.mark.parametrize("part", ["scope", "context"])
@pytest.mark.parametrize("name", ["a\x00", "a\nb", "\x7f", "\x85", "\u2028"], ids=ascii)
def test_a_name_with_a_control_character_is_refused(agent, part, name):
    invalid(agent.api.request("file.read", **{part: {name: 1}}), part)
    invalid(agent.api.request("file.read", **{part: {"a": [{name: 1}]}}), part)


@pytest.mark.parametrize("number", [
    "9007199254740993", "-9007199254740993", "1152921504606846976", "12345678901234567890", "1e300",
    "100.00000000000000001", "0.10000000000000001", "1e-400"])
@pytest.mark.parametrize("part", ["scope", "context"])
def test_a_number_that_would_be_rounded_is_refused(agent, part, number):
    body = f'{{"action":"file.read","{part}":{{"max_amount":{number}}}}}'
    error_of(agent.api.http.request("POST", "/api/v1/permissions/request", body.encode()), 422)


def test_requests_that_wait_for_people_are_limited_per_agent(operator):
    """Somewhere below 500 the agent is told to let one end first; another agent's question is still taken."""
    flooding, other = operator.agent(), operator.agent()
    for number in range(500):
        answer = flooding.api.request("mail.send", resource=str(number))
        if answer.status != 202:
            break
    error_of(answer, 429)
    other.pending()


def test_the_same_question_is_asked_once(operator):
    """While it waits for a person, asking again is the same request; afterwards it is another."""
    agent = operator.agent()
    first = agent.pending(context={"to": "ada"})
    assert agent.pending(context={"to": "ada"}) == first
    other = agent.pending(context={"to": "bob"})
    assert other != first
    data_of(operator.api.decide(first, False))
    assert agent.pending(context={"to": "ada"}) not in (first, other)


# Tokens and decisions

@pytest.mark.parametrize("body", [{}, {"token": None}, {"token": 7}, {"token": ["otp_x"]}, {"token": {"a": 1}}],
                         ids=repr)
@pytest.mark.parametrize("step", ["verify", "use"])
def test_a_token_that_is_no_text_is_refused(operator, step, body):
    agent = operator.trusted_agent()
    grant = agent.granted()
    invalid(agent.api.call("POST", f"/permissions/{grant.id}/{step}", body), "token")
    assert data_of(agent.api.verify(grant.id, grant.token))["usesRemaining"] == 1


@pytest.mark.parametrize("token", ["", "x" * 10_000, "otp_", "otp_" + "é" * 32, "\x00" * 36, "otp_" + "A" * 31])
@pytest.mark.parametrize("step", ["verify", "use"])
def test_a_text_that_is_no_token_is_not_valid(operator, step, token):
    agent = operator.trusted_agent()
    grant = agent.granted()
    answer = agent.api.call("POST", f"/permissions/{grant.id}/{step}", {"token": token})
    if answer.status == 422:
        invalid(answer, "token")
    else:
        assert data_of(answer)["valid" if step == "verify" else "success"] is False


@pytest.mark.parametrize("body, named", [
    ({}, "approved"), ({"approved": None}, "approved"), ({"approved": "true"}, "approved"),
    ({"approved": 1}, "approved"), ({"approved": True, "reason": "x" * 501}, "reason"),
    ({"approved": True, "reason": 7}, "reason"),
    ({"approved": True, "scopeModifications": []}, "scopeModifications"),
    ({"approved": True, "scopeModifications": {"max_amount": "much"}}, "scopeModifications"),
    ({"approved": True, "scopeModifications": {"max_uses": -1}}, "scopeModifications"),
    ({"approve": True}, "approved"),
], ids=lambda value: ascii(value)[:50])
def test_a_decision_that_says_nothing_decides_nothing(operator, body, named):
    agent = operator.agent()
    permission = agent.pending(scope={"max_amount": 5})
    invalid(operator.api.call("POST", f"/permissions/{permission}/decide", body), named)
    assert agent.status(permission) == "pending"


def test_a_reason_of_500_characters_is_taken(operator):
    agent = operator.agent()
    permission = agent.pending()
    data_of(operator.api.decide(permission, False, reason="ü" * 500))
    assert data_of(agent.api.permission(permission))["reason"] == "ü" * 500


# Lists

@pytest.mark.parametrize("query, named", [
    ({"limit": 0}, "limit"), ({"limit": 101}, "limit"), ({"limit": -5}, "limit"), ({"limit": "many"}, "limit"),
    ({"limit": "1e2"}, "limit"), ({"page": 0}, "page"), ({"page": -1}, "page"),
    ({"page": "x"}, "page"), ({"page": "99999999999999999999"}, "page"),
], ids=repr)
@pytest.mark.parametrize("path", ["/permissions", "/agents", "/policies", "/audit"])
def test_a_page_that_is_none_is_refused(operator, path, query, named):
    invalid(operator.api.call("GET", path, **query), named)


@pytest.mark.parametrize("path, query, named", [
    ("/permissions", {"status": "perhaps"}, "status"), ("/audit", {"startDate": "yesterday"}, "startDate"),
    ("/audit", {"endDate": "2026-13-01"}, "endDate"), ("/audit", {"startDate": "0"}, "startDate"),
])
def test_a_filter_that_means_nothing_is_refused(operator, path, query, named):
    """It is not ignored: a list of everything would be taken for what was asked."""
    invalid(operator.api.call("GET", path, **query), named)


# Agents and policies

@pytest.mark.parametrize("fields, named", [
    ({"name": ""}, "name"), ({"name": "x" * 256}, "name"), ({"name": 7}, "name"), ({"name": None}, "name"),
    ({"name": "x\ny"}, "name"), ({"description": "x" * 1001}, "description"), ({"description": 7}, "description"),
    ({"metadata": []}, "metadata"), ({"metadata": "x"}, "metadata"), ({"rateLimit": 0}, "rateLimit"),
    ({"rateLimit": "60"}, "rateLimit"), ({"allowedAddresses": ["not an address"]}, "allowedAddresses"),
    ({"allowedAddresses": "127.0.0.1"}, "allowedAddresses"), ({"isActive": "yes"}, "isActive"),
    ({"originator": "nobody"}, "originator"), ({"clientKey": "02ab"}, "clientKey"),
], ids=lambda value: ascii(value)[:40])
def test_an_agent_that_cannot_be_is_not_made(operator, fields, named):
    before = page_of(operator.api.agents())[1]["total"]
    invalid(operator.api.call("POST", "/agents", {"name": "x", **fields}), named)
    assert page_of(operator.api.agents())[1]["total"] == before


@pytest.mark.parametrize("fields, named", [
    ({"name": ""}, "name"), ({"description": "x" * 1001}, "description"), ({"metadata": 7}, "metadata"),
    ({"isActive": "no"}, "isActive"), ({"rateLimit": -1}, "rateLimit"),
], ids=lambda value: ascii(value)[:40])
def test_an_agent_is_not_changed_into_what_cannot_be(operator, fields, named):
    agent = operator.agent()
    before = data_of(operator.api.agent(agent.id))
    invalid(operator.api.change_agent(agent.id, **fields), named)
    assert data_of(operator.api.agent(agent.id)) == before


@pytest.mark.parametrize("fields, named", [
    ({"gracePeriod": -1}, "gracePeriod"), ({"gracePeriod": "1h"}, "gracePeriod"),
    ({"gracePeriod": 1.5}, "gracePeriod"), ({"gracePeriod": 10**12}, "gracePeriod"),
    ({"revokeImmediately": "yes"}, "revokeImmediately"),
], ids=repr)
def test_a_rotation_that_cannot_be_leaves_the_key(operator, fields, named):
    agent = operator.agent()
    invalid(operator.api.rotate_key(agent.id, **fields), named)
    agent.pending()


@pytest.mark.parametrize("fields, named", [
    ({"name": ""}, "name"), ({"name": None}, "name"), ({"name": "x" * 256}, "name"), ({"priority": 1.5}, "priority"),
    ({"priority": "high"}, "priority"), ({"priority": 10**12}, "priority"), ({"action": "allow"}, "action"),
    ({"action": None}, "action"), ({"action": "AUTO_APPROVE"}, "action"), ({"conditions": []}, "conditions"),
    ({"conditions": "all"}, "conditions"), ({"isActive": "no"}, "isActive"), ({"scopeTemplate": []}, "scopeTemplate"),
    ({"scopeTemplate": {"max_amount": None}}, "scopeTemplate"), ({"agentId": 7}, "agentId"),
    ({"agentId": "agt_nobody"}, "agentId"), ({"description": "x" * 1001}, "description"),
    ({"prioritty": 5}, "prioritty"),
    ({"always": True, "action": "require_approval"}, "always"), ({"approvers": 3}, "approvers"),
    ({"conditions": {f"scope.a{number}": {"equals": number} for number in range(2000)}}, "conditions"),
    ({"conditions": {"scope.a": {"in": [str(number) for number in range(5000)]}}}, "conditions"),
], ids=lambda value: ascii(value)[:40])
def test_a_policy_that_cannot_be_is_not_made(operator, fields, named):
    before = page_of(operator.api.policies())[1]["total"]
    document = {"name": "x", "conditions": {"action": {"equals": "file.read"}}, "action": "deny", **fields}
    invalid(operator.api.create_policy(**document), named)
    assert page_of(operator.api.policies())[1]["total"] == before


# Paths and methods

@pytest.mark.parametrize("method, path, status", [
    ("GET", "/permissions/x/nothing", 404), ("GET", "/agents/x/nothing/more", 404),
    ("PUT", "/permissions/request", 405),
    ("DELETE", "/permissions", 405), ("POST", "/metrics", 405), ("GET", "/policies/x/y", 404),
])
def test_what_does_not_exist_is_said_in_json(operator, method, path, status):
    answer = operator.api.call(method, path, {} if method in ("PUT", "POST") else None)
    assert answer.status in (status, 404) and answer.headers["Content-Type"].startswith("application/json")
    assert answer.json["success"] is False


@pytest.mark.parametrize("wait", [-1, 31, "x", "1.5", "1e1", 10**12])
def test_a_wait_that_is_none_is_refused(operator, wait):
    agent = operator.agent()
    answer = agent.api.permission(agent.pending(), wait=wait)
    invalid(answer, "wait")
