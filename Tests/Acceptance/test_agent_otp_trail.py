"""What a permission leaves behind: a complete trail, a grant that proves itself, and no secret anywhere."""

import hashlib
import json
import re

import pytest
import contacts
from clients.agent_otp import AgentOTP
from clients.encodings import compact
from envelope import data_of, error_of, page_of
from host_memory import expect_in_no_file, search_bytes
from operators import outcome_of
from wire import Client


TALKATIVE = "log:\n  level: debug\n"
"""Every answer has a line in the log."""


def told(operator, permission):
    return [(entry["eventType"], outcome_of(entry)) for entry in operator.trail(permission)]


def test_the_whole_life_cycle_leaves_a_complete_trail(operator):
    """Each step once, in its order, with who did it and from where."""
    agent, approver, service = operator.agent(), operator.approver(), operator.verifier()
    permission = agent.pending("payment.transfer", scope={"max_amount": 100})
    error_of(agent.api.decide(permission, True), 403)
    data_of(approver.api.decide(permission, True, scopeModifications={"max_amount": 50}))
    grant = agent.collected(permission)
    data_of(service.api.verify(permission, grant.token))
    data_of(service.api.use(permission, grant.token, {"amount": 51}))
    data_of(service.api.use(permission, grant.token, {"amount": 50}))
    data_of(service.api.use(permission, grant.token, {"amount": 50}))
    assert told(operator, permission) == [
        ("permission.requested", "done"), ("permission.decided", "refused"), ("permission.approved", "done"), ("permission.collected", "done"),
        ("permission.verified", "done"), ("permission.used", "refused"), ("permission.used", "done"),
        ("permission.used", "refused")]
    trail = operator.trail(permission)
    assert {entry["agentId"] for entry in trail} == {agent.id}
    assert {entry["permissionRequestId"] for entry in trail} == {permission}
    assert all(entry["ipAddress"].startswith("127.0.0.1") for entry in trail)
    assert approver.id in json.dumps(next(entry for entry in trail if entry["eventType"] == "permission.approved"))
    assert service.id in json.dumps(next(entry for entry in trail if entry["eventType"] == "permission.verified"))
    assert len({entry["id"] for entry in trail}) == len(trail)


@pytest.mark.parametrize("end, last", [
    ("deny", "permission.denied"), ("revoke", "permission.revoked"), ("switch off", "permission.revoked"),
    ("delete", "permission.revoked"),
])
def test_every_other_end_is_in_the_trail_too(operator, end, last):
    agent = operator.agent()
    permission = agent.pending()
    data_of({"deny": lambda: operator.api.decide(permission, False), "revoke": lambda: agent.api.revoke(permission),
             "switch off": lambda: operator.api.change_agent(agent.id, isActive=False),
             "delete": lambda: operator.api.delete_agent(agent.id)}[end]())
    assert told(operator, permission) == [("permission.requested", "done"), (last, "done")]


def test_what_a_policy_decides_is_in_the_trail(operator):
    """One entry, written with the request: done where it approved, refused where it denied; it names the policy."""
    agent = operator.agent()
    policies = [operator.policy(action, {"action": {"equals": name}}, agentId=agent.id)
                for action, name in (("auto_approve", "file.read"), ("deny", "bank.transfer"))]
    permissions = [agent.granted("file.read").id, data_of(agent.api.request("bank.transfer"))["id"]]
    for permission, policy, outcome in zip(permissions, policies, ("done", "refused")):
        assert told(operator, permission) == [("permission.requested", outcome)]
        assert policy in json.dumps(operator.trail(permission))


def test_what_operators_do_is_in_the_trail(operator):
    agent = operator.agent()
    data_of(operator.api.change_agent(agent.id, name="Another"))
    data_of(operator.api.rotate_key(agent.id))
    policy = operator.policy("deny", {}, agentId=agent.id)
    data_of(operator.api.change_policy(policy, priority=3))
    operator.api.delete_policy(policy)
    data_of(operator.api.delete_agent(agent.id))
    events = {entry["eventType"] for entry in page_of(operator.api.audit(limit=100))[0]}
    assert {"agent.created", "agent.changed", "key.created", "policy.created", "policy.changed", "policy.deleted",
            "agent.deleted"} <= events


def test_a_grant_names_the_request_the_policy_and_the_approver(operator):
    """The digest of the request (RFC 8785), the policy with its version, the person, and what the person saw."""
    agent, approver = operator.agent(), operator.approver()
    policy = operator.policy("require_approval", {}, agentId=agent.id, name="Ask for everything")
    data_of(operator.api.change_policy(policy, description="changed once"))
    asked = {"action": "payment.transfer", "resource": "account/7", "scope": {"max_amount": 100, "dry_run": False},
             "context": {"ä": "ü", "b": [1, 2.5, None, True], "a": "x\"\\"}}
    permission = data_of(agent.api.call("POST", "/permissions/request", asked), 202)["id"]
    data_of(approver.api.decide(permission, True))
    shown = operator.server.json("permission", "show", permission)
    canonical = json.dumps({**asked, "agentId": agent.id}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    text = json.dumps(shown, ensure_ascii=False)
    assert hashlib.sha256(canonical.encode()).hexdigest() in text
    assert policy in text and re.search(r'"(policyVersion|version)": ?2\b', text) and approver.id in text
    assert "payment.transfer" in json.dumps(shown.get("statement")), "what the approver saw"


def test_nothing_that_lasts_has_a_token_a_key_or_a_code(started, operators):
    """After every kind of request: the database, the log, the audit, every other file, and every error."""
    server = started(configuration=TALKATIVE)
    operator = operators(server)
    agent, trusted, tester = operator.agent(), operator.trusted_agent(), operator.agent(mode="test")
    approver, service = operator.approver(), operator.verifier()
    secrets = [agent.key, trusted.key, tester.key, approver.key, service.key, operator.key]
    errors = []

    permission = agent.pending("payment.transfer", scope={"max_amount": 5, "max_uses": 3})
    data_of(approver.api.decide(permission, True))
    grants = [agent.collected(permission), trusted.granted(), tester.granted()]
    for holder, grant in zip((agent, trusted, tester), grants):
        secrets += [grant.token, grant.token[4:]]
        data_of(holder.api.verify(grant.id, grant.token))
        data_of(holder.api.use(grant.id, grant.token, {"amount": 99}))
        data_of(holder.api.use(grant.id, grant.token))
        errors += _errors_that_could_repeat(holder, grant.id, grant.token)
    data_of(agent.api.revoke(permission))
    secrets.append(data_of(operator.api.rotate_key(agent.id))["apiKey"])
    secrets.append(server.json("agent", "create", "--name", "Another")["apiKey"])
    secrets += _a_code_for_the_page(operator, approver, agent, errors)
    for answer in errors:
        assert not search_bytes(answer.body + str(answer.headers).encode(), secrets, "an error")
    audit = page_of(operator.api.audit(limit=100))[0]
    assert len(audit) > 20 and not search_bytes(compact(audit), secrets, "the audit")
    assert not search_bytes(operator.api.audit_export().body, secrets, "the export")

    assert server.stop() == 0
    expect_in_no_file(server, secrets, "after it ended")
    server.start()
    expect_in_no_file(server, secrets, "while it runs again")
    assert server.stop() == 0


def _errors_that_could_repeat(holder, permission, token):
    """Requests that put a token or a key where it does not belong."""
    api, key = holder.api, holder.key
    return [
        api.request(token), api.request("mail.send", ttl=token), api.call("GET", f"/permissions/{token}"),
        api.verify(token, token), api.verify(permission, [token]), api.use(permission, token, [token]),
        api.call("POST", f"/permissions/{permission}/verify", {"tokne": token}), api.permission(permission, wait=token),
        api.decide(permission, True, reason=token), api.call("GET", f"/nowhere/{token}/{key}"),
        api.call("GET", "/permissions", status=token), api.call("GET", "/permissions", limit=key),
        api.http.request("POST", "/api/v1/permissions/request", b'{"action":"' + token.encode() + b'",'),
        api.request("mail.send", {"Authorization": f"Bearer {key[:-1]}"}),
    ]


def _a_code_for_the_page(operator, approver, agent, errors):
    """Lets the page send a code where it does so for a live request; returns the code, if one was sent."""
    before = len(operator.server.inbox.messages())
    url = data_of(agent.api.request("mail.send", context={"page": True}), 202)["approvalUrl"]
    with Client(operator.server.port, None) as client:
        errors.append(client.get("/" + url.split("/", 3)[3]))
    sent = operator.server.inbox.messages()[before:]
    return [word for message in sent for word in re.findall(r"(?<!\w)[0-9A-Z]{9}(?!\w)", message.text)]


def test_no_request_leaves_an_approvers_address_in_the_log(started, operators):
    """Contacts are told to nobody: not in the log, not in the audit, not in an answer to an agent."""
    operator, address = operators(started(configuration=TALKATIVE)), contacts.address()
    made = operator.server.json("approver", "add", "--name", "Ada", "--address", address)
    agent = operator.agent()
    permission = agent.pending()
    answer = operator.by(made["apiKey"]).decide(permission, True)
    data_of(answer)
    operator.server.wait_until_logged(answer.headers["X-Request-Id"])
    assert address not in operator.server.logged()
    assert address not in json.dumps(operator.trail(permission))
    assert address.encode() not in agent.api.permission(permission).body


def test_the_log_has_routes_not_paths(started, operators):
    """A permission's id in the log would tie it to an address for longer than the audit keeps it."""
    operator = operators(started(configuration=TALKATIVE))
    agent = operator.trusted_agent()
    grant = agent.granted()
    with Client(operator.server.port, agent.key) as client:
        answer = AgentOTP(client).use(grant.id, grant.token)
    operator.server.wait_until_logged(answer.headers["X-Request-Id"])
    line = next(line for line in operator.server.logged().splitlines() if answer.headers["X-Request-Id"] in line)
    assert grant.id not in operator.server.logged() and "/permissions/" in line
