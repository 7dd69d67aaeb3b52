"""What was seen in the original and is refused here, by its number: policies and scopes that let too much through."""

import random

import pytest
from envelope import data_of, error_of, invalid
from operators import outcome_of


def refused(operator, *fields, **document):
    """Checks that no such policy is made, and that these fields are named."""
    whole = {"name": "x", "conditions": {}, "action": "deny"} | document
    invalid(operator.api.create_policy(**whole), *fields)


def word(agent, action="file.read", **fields):
    return data_of(agent.api.request(action, **fields), 200, 201, 202)["status"]


@pytest.mark.parametrize("condition", [
    {"equls": "x"}, {"gt": 5}, {"EQUALS": "x"}, {"lessthan": 5}, {"less-than": 5}, {"regex": "x"}, {"": "x"}, {}, "x",
    None, [], {"equals": "x", "lesThan": 5}, {"$ne": "x"}, {"constructor": "x"},
])
def test_refusal_09_an_unknown_operator_is_refused_at_creation(operator, condition):
    refused(operator, "conditions", conditions={"scope.amount": condition})


@pytest.mark.parametrize("path", ["scop.amount", "scope", "scope.", "user.id", "", "Action", "scope..amount", "token"])
def test_refusal_09_an_unknown_path_is_refused_at_creation(operator, path):
    refused(operator, "conditions", conditions={path: {"equals": "x"}})


@pytest.mark.parametrize("operation, value", [
    ("lessThan", "100"), ("greaterThan", None), ("greaterThanOrEqual", [5]), ("lessThanOrEqual", {}), ("matches", 5),
    ("in", "abc"), ("in", []), ("notIn", {}), ("exists", "yes"), ("startsWith", 5), ("endsWith", ["x"]),
    ("equals", {}), ("equals", None), ("startsWith", ""),
])
def test_refusal_09_an_operator_with_a_value_that_does_not_fit_is_refused(operator, operation, value):
    refused(operator, "conditions", conditions={"context.x": {operation: value}})


def test_refusal_09_an_approval_of_everything_is_said_in_so_many_words(operator):
    """Empty conditions with auto_approve need `matchAll: true`; a deny or a question does not."""
    refused(operator, "conditions", action="auto_approve")
    refused(operator, "conditions", action="auto_approve", matchAll=False)
    agent = operator.agent()
    operator.policy("auto_approve", {}, matchAll=True, agentId=agent.id)
    assert word(agent) == "approved"
    operator.policy("deny", {}, agentId=operator.agent().id)


def test_refusal_09_a_rule_that_can_never_match_is_refused(operator):
    """An earlier one decides about all that it would."""
    agent = operator.agent()
    operator.policy("deny", {"action": {"startsWith": "bank."}}, agentId=agent.id, priority=10)
    refused(operator, action="auto_approve", conditions={"action": {"equals": "bank.read"}}, agentId=agent.id)


WRONG_TYPES = ["5000", [5000], None, {"value": 5000}, True, "", "1e9", [], "five thousand"]


@pytest.mark.parametrize("rule", ["deny", "require_approval"])
@pytest.mark.parametrize("amount", WRONG_TYPES, ids=repr)
def test_refusal_10_a_value_of_another_type_does_not_slip_past_a_rule(operator, rule, amount):
    agent = operator.trusted_agent()
    operator.policy(rule, {"scope.amount": {"greaterThan": 1000}}, agentId=agent.id, priority=10)
    assert word(agent, scope={"amount": 500}) == "approved"
    assert word(agent, scope={"amount": 1000.5}) == {"deny": "denied", "require_approval": "pending"}[rule]
    answer = agent.api.request("file.read", scope={"amount": amount})
    if answer.status != 422:
        assert data_of(answer, 200, 202)["status"] in ("denied", "pending")


@pytest.mark.parametrize("condition", [
    {"matches": "^secret"}, {"startsWith": "secret"}, {"contains": "secret"}, {"equals": "secret"},
    {"in": ["secret", "top"]},
], ids=repr)
def test_refusal_10_nor_past_a_rule_about_text(operator, condition):
    agent = operator.trusted_agent()
    operator.policy("deny", {"context.label": condition}, agentId=agent.id, priority=10)
    assert word(agent, context={"label": "open"}) == "approved"
    for label in (["secret"], {"a": "secret"}, None, 7):
        assert word(agent, context={"label": label}) != "approved"


@pytest.mark.parametrize("label", [
    "a@b.org\nx@example.com", "x@example.com\r\n", "\u2028x@example.com", "\x00x@example.com",
], ids=ascii)
def test_refusal_10_a_text_with_a_line_break_satisfies_no_pattern(operator, label):
    agent, guarded = operator.agent(), operator.trusted_agent()
    operator.policy("auto_approve", {"scope.to": {"matches": "@example\\.com$"}}, agentId=agent.id)
    operator.policy("deny", {"scope.to": {"matches": "^b"}}, agentId=guarded.id, priority=10)
    assert word(agent, scope={"to": "x@example.com"}) == "approved" == word(guarded, scope={"to": "x@example.com"})
    assert word(agent, scope={"to": label}) == "pending" and word(guarded, scope={"to": label}) == "denied"


@pytest.mark.parametrize("scope", [{"a.b": 50}, {"a": {"b": 50}, "a.b": 5000}, {"a": {"b": 50}, "a.b.c": 1}], ids=repr)
def test_refusal_10_a_path_that_could_be_read_in_two_ways_approves_nothing_and_escapes_nothing(operator, scope):
    agent, guarded = operator.agent(), operator.trusted_agent()
    operator.policy("auto_approve", {"scope.a.b": {"lessThan": 100}}, agentId=agent.id)
    operator.policy("deny", {"scope.a.b": {"greaterThan": 1000}}, agentId=guarded.id, priority=10)
    assert word(agent, scope={"a": {"b": 50}}) == "approved" == word(guarded, scope={"a": {"b": 50}})
    assert word(agent, scope=scope) == "pending" and word(guarded, scope=scope) == "denied"


@pytest.mark.parametrize("condition, fitting", [
    ({"notEquals": "prod"}, "test"), ({"notIn": ["prod", "stage"]}, "test"), ({"lessThan": 5}, 4),
    ({"matches": ".*"}, "test"), ({"equals": "test"}, "test"), ({"notEquals": 7}, 8),
], ids=repr)
def test_refusal_11_a_missing_field_approves_nothing(operator, condition, fitting):
    """Nor does one that is null, or an object."""
    agent = operator.agent()
    operator.policy("auto_approve", {"scope.region": condition}, agentId=agent.id)
    for scope in ({}, {"region": None}, {"Region": "test"}, {"region": {}}, {"regions": "test"}):
        answer = agent.api.request("file.read", scope=scope)
        if answer.status != 422:
            assert data_of(answer, 200, 202)["status"] != "approved"
    assert word(agent, scope={"region": fitting}) == "approved"


# 12: scopes only narrow

NARROWED = [
    ({"max_amount": 100}, {"max_amount": 50}, {"max_amount": 50}),
    ({"max_amount": 10}, {"max_amount": 50}, {"max_amount": 10}),
    ({"min_age": 16}, {"min_age": 18}, {"min_age": 18}),
    ({"min_age": 21}, {"min_age": 18}, {"min_age": 21}),
    ({"allowed_ids": ["a", "b", "c"]}, {"allowed_ids": ["b", "c", "d"]}, {"allowed_ids": ["b", "c"]}),
    ({"allowed_hosts": ["a.example.com", "evil.com"]}, {"allowed_hosts": ["*.example.com"]},
     {"allowed_hosts": ["a.example.com"]}),
    ({"dry_run": True}, {"dry_run": False}, {"dry_run": False}),
    ({"max_amount": 100}, {"max_rows": 5}, {"max_amount": 100, "max_rows": 5}),
    ({"max_uses": 10}, {"max_uses": 2}, {"max_uses": 2}),
]


@pytest.mark.parametrize("requested, template, granted", NARROWED, ids=repr)
def test_refusal_12_a_template_narrows(operator, requested, template, granted):
    agent = operator.agent()
    operator.policy("auto_approve", {}, agentId=agent.id, matchAll=True, scopeTemplate=template)
    found = agent.granted(scope=requested).scope
    assert {name: _in_order(found[name]) for name in granted} == granted


def _in_order(value):
    return sorted(value) if isinstance(value, list) else value


def test_refusal_12_two_patterns_must_both_match(operator):
    agent = operator.agent()
    operator.policy("auto_approve", {}, agentId=agent.id, matchAll=True, scopeTemplate={"subject_pattern": "^Invoice"})
    grant = agent.granted("mail.send", scope={"subject_pattern": "#[0-9]+$"})
    for subject in ("Invoice", "Reminder #7", "invoice #7"):
        assert data_of(agent.api.use(grant.id, grant.token, {"subject": subject}))["success"] is False
    assert data_of(agent.api.use(grant.id, grant.token, {"subject": "Invoice #7"}))["success"] is True


def test_refusal_12_a_key_that_the_template_does_not_know_asks_a_person(operator):
    """The reason names it."""
    agent = operator.agent()
    operator.policy("auto_approve", {}, agentId=agent.id, matchAll=True, scopeTemplate={"max_amount": 50})
    asked = data_of(agent.api.request("file.read", scope={"max_amount": 5, "drop_tables": True}), 202)
    assert "drop_tables" in data_of(agent.api.permission(asked["id"]))["reason"]


def test_refusal_12_nothing_in_common_is_a_denial(operator):
    agent = operator.agent()
    operator.policy("auto_approve", {}, agentId=agent.id, matchAll=True, scopeTemplate={"allowed_ids": ["a"]})
    denied = data_of(agent.api.request("file.read", scope={"allowed_ids": ["b", "c"]}), 200)
    assert denied["status"] == "denied" and "allowed_ids" in denied["reason"]


@pytest.mark.parametrize("wider", [
    {"max_amount": 500}, {"allowed_ids": ["a", "z"]}, {"max_uses": 100}, {"min_age": 1}, {"subject_pattern": ".*"},
], ids=repr)
def test_refusal_12_an_approver_does_not_widen(operator, wider):
    """What goes beyond the request is refused, or cut down to it."""
    requested = {"max_amount": 100, "allowed_ids": ["a", "b"], "max_uses": 2, "min_age": 18, "subject_pattern": "^A$"}
    agent = operator.agent()
    permission = agent.pending(scope=requested)
    answer = operator.api.decide(permission, True, scopeModifications=wider)
    if answer.status != 200:
        error_of(answer, 422)
        assert agent.status(permission) == "pending"
        return
    grant = agent.collected(permission)
    assert grant.scope["max_amount"] <= 100 and grant.scope["max_uses"] <= 2 and grant.scope["min_age"] >= 18
    assert set(grant.scope["allowed_ids"]) <= {"a", "b"}
    assert data_of(agent.api.use(grant.id, grant.token, {"subject": "B"}))["success"] is False


@pytest.mark.parametrize("changes, named", [
    ({"x": True}, "x"), ({"max_amount": 5, "max_uses": 3}, "max_uses"), ({"require_details": False}, "require_details"),
], ids=repr)
def test_refusal_12_a_change_that_would_limit_nothing_is_not_dropped_silently(operator, changes, named):
    agent = operator.agent()
    permission = agent.pending(scope={"max_amount": 100, "send": True})
    invalid(operator.api.decide(permission, True, scopeModifications=changes), f"scopeModifications.{named}")
    assert agent.status(permission) == "pending"
    data_of(operator.api.decide(permission, True, scopeModifications={"send": False, "max_amount": 5}))
    assert agent.collected(permission).scope == {"max_amount": 5, "send": False}


def test_refusal_12_whatever_is_asked_the_grant_is_within_request_and_template(operator):
    """Sixty random pairs: granted ⊆ requested, granted ⊆ template."""
    agent, seed = operator.agent(), random.randrange(1 << 32)
    chance = random.Random(seed)
    policy = operator.policy("auto_approve", {}, agentId=agent.id, matchAll=True, scopeTemplate=_scope(chance))
    for _ in range(60):
        template, requested = _scope(chance), _scope(chance)
        data_of(operator.api.change_policy(policy, scopeTemplate=template))
        answer = data_of(agent.api.request("file.read", scope=requested), 200, 201)
        if answer["status"] == "denied":
            assert any(name.startswith("allowed_") and not set(template[name]) & set(requested[name])
                       for name in set(template) & set(requested)), f"seed {seed}"
            continue
        for side in (template, requested):
            for name, value in side.items():
                assert _is_within(name, answer["scope"][name], value), f"seed {seed}: {name}"


def _scope(chance):
    every = {"max_amount": chance.randrange(100), "max_rows": chance.random() * 10, "min_age": chance.randrange(100),
             "allowed_ids": chance.sample("abcdefgh", 4), "allowed_hosts": chance.sample("uvwxyz", 4)}
    return {name: value for name, value in every.items() if chance.random() < 0.6}


def _is_within(name, granted, bound):
    if name.startswith("max_"):
        return granted <= bound
    return granted >= bound if name.startswith("min_") else set(granted) <= set(bound)


# 13, 14, 15

@pytest.mark.parametrize("name", ["constructor", "__proto__", "toString", "hasOwnProperty", "length", "prototype"])
@pytest.mark.parametrize("part", ["context", "scope"])
def test_refusal_13_only_the_requests_own_fields_exist(operator, part, name):
    agent = operator.agent()
    operator.policy("deny", {f"{part}.{name}": {"exists": True}}, agentId=agent.id)
    assert word(agent) == "pending"
    assert word(agent, **{part: {"other": "x"}}) == "pending"
    assert word(agent, **{part: {name: "x"}}) == "denied"


@pytest.mark.parametrize("pattern", ["(", "[a", "a**", "(?=a)b", "(a)\\1", "(?<!a)b", "*", "a{2000}", "\\", "\\xZZ"])
def test_refusal_14_a_pattern_that_is_none_is_refused_at_creation(operator, pattern):
    refused(operator, "conditions", conditions={"context.x": {"matches": pattern}})
    refused(operator, "scopeTemplate", scopeTemplate={"subject_pattern": pattern})


@pytest.mark.parametrize(("pattern", "status"), [
    ("^(a+)+$", 202), ("^(a|a)*$", 202), ("^(a|aa)+$", 202), ("^([a-zA-Z]+)*$", 202),
    # So large that such a text is not looked at: what cannot be told in time is denied.
    ("(.*a){12}$", 200), ("^(a?){30}a{30}$", 200),
])
def test_refusal_14_no_pattern_is_catastrophic(operator, pattern, status):
    """60,000 characters, as many as a body holds, in under 50 ms with all that a request takes."""
    agent = operator.agent()
    operator.policy("deny", {"context.text": {"matches": pattern}}, agentId=agent.id)
    text = "a" * 60_000 + "!"
    answers = [agent.api.request("file.read", context={"text": text}, resource=str(number)) for number in range(5)]
    for answer in answers:
        assert data_of(answer, status)["status"] == {202: "pending", 200: "denied"}[status]
    assert min(answer.seconds for answer in answers) < 0.05


@pytest.mark.parametrize("action", [
    "Bank.Transfer", "BANK.TRANSFER", "bank.Transfer", "bank", "bank.", ".transfer", "bank..transfer", "bank transfer",
    " bank.transfer", "bank.transfer ", "bank.transfer\n", "bаnk.transfer", "ｂank.transfer", "bank.transfer\u200b",
    "bank/transfer", "bank.*", "", "bank.trans\x00fer", "ban\u212a.transfer",
], ids=ascii)
def test_refusal_15_no_spelling_gets_past_a_deny(operator, action):
    agent = operator.trusted_agent()
    operator.policy("deny", {"action": {"startsWith": "bank."}}, agentId=agent.id, priority=10)
    invalid(agent.api.request(action), "action")
    assert word(agent, "bank.transfer") == "denied"


# 16 and 24

SCOPE = {"max_amount": 100, "min_amount": 5, "allowed_currencies": ["EUR"], "allowed_recipients": ["*@example.com"],
         "allowed_paths": ["/data/*"], "subject_pattern": "^Invoice #[0-9]+$"}
WITHIN = {"amount": 100, "currency": "EUR", "recipient": "ada@example.com", "subject": "Invoice #7"}
BEYOND = {
    "more than the most": {"amount": 100.01}, "less than the least": {"amount": 4},
    "text for a number": {"amount": "9"},
    "another currency": {"currency": "USD"}, "two, one of them another": {"currencies": ["EUR", "USD"]},
    "another domain": {"recipient": "ada@example.org"},
    "a domain that begins alike": {"recipient": "a@example.com.evil"},
    "another subject": {"subject": "Invoice #7 and more"}, "a list for a text": {"subject": ["Invoice #7"]},
    **{f"the path {tail}": {"path": "/data/" + tail}
       for tail in ("../x", "%2e%2e/x", "..%2Fx", "a%5Cb", "a\\b", "/x", "./x")},
    "null": {"amount": None}, "a misspelt name": {"Amount": 100_000}, "a line break": {"subject": "Invoice #7\n"},
}


@pytest.mark.parametrize("how", BEYOND)
def test_refusal_16_a_use_beyond_the_scope_is_refused_recorded_and_free(operator, how):
    """The reason says what is wrong, the audit has it, and the token still works for what was granted."""
    agent, service = operator.trusted_agent(), operator.verifier()
    grant = agent.granted("payment.transfer", scope=SCOPE)
    for api in (agent.api, service.api):
        refusal = data_of(api.use(grant.id, grant.token, {**WITHIN, **BEYOND[how]}))
        assert refusal["success"] is False and refusal["usesRemaining"] == 1 and refusal["reason"]
    failures = [entry for entry in operator.trail(grant.id) if entry["eventType"] == "permission.used"]
    assert len(failures) == 2 and {outcome_of(entry) for entry in failures} == {"refused"}
    assert data_of(service.api.use(grant.id, grant.token, WITHIN)) == {"success": True, "usesRemaining": 0}


@pytest.mark.parametrize("details", [[], "amount=1", 5, True])
def test_refusal_16_details_that_are_no_object_are_refused(operator, details):
    agent = operator.trusted_agent()
    grant = agent.granted("payment.transfer", scope=SCOPE)
    answer = agent.api.use(grant.id, grant.token, details)
    assert answer.status == 422 or data_of(answer)["success"] is False
    assert data_of(agent.api.verify(grant.id, grant.token))["usesRemaining"] == 1


@pytest.mark.parametrize("conditions", [
    {"context.user": {"equals": "ada"}}, {"action": {"equals": "file.read"}, "context.a.b": {"exists": True}},
    {"context.score": {"lessThan": 5}},
])
def test_refusal_24_context_is_trusted_only_where_the_policy_says_so(operator, conditions):
    for trust in ({}, {"trustContext": False}):
        refused(operator, "conditions", action="auto_approve", conditions=conditions, **trust)
    trusted = operator.policy("auto_approve", conditions, agentId=operator.agent().id, trustContext=True)
    invalid(operator.api.change_policy(trusted, trustContext=False), "conditions")
    for action in ("deny", "require_approval"):
        operator.policy(action, conditions, agentId=operator.agent().id)
