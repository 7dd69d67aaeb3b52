"""What was seen in the original and is refused here, by its number: the audit, erasure, people's eyes, sizes."""

import json
import re
import time

import pytest
from envelope import data_of, error_of, page_of
from operators import outcome_of
from raw_http import RawConnection, request_bytes
from records import as_text
from wire import Client


@pytest.mark.parametrize("forged", [
    "not an address", "1.2.3.4, 5.6.7.8", "x" * 4000, "'; DROP TABLE audit_entry; --", "::ffff:198.51.100.1", "%00",
    "\xff\xfe",
], ids=ascii)
def test_refusal_17_no_forged_address_loses_an_entry(operator, forged):
    """It is written with the socket's address."""
    agent = operator.agent()
    headers = {"X-Forwarded-For": forged, "X-Real-IP": forged, "Forwarded": f"for={forged}", "User-Agent": forged}
    permission = data_of(agent.api.request("mail.send", headers), 202)["id"]
    [entry] = operator.trail(permission)
    assert entry["eventType"] == "permission.requested"
    assert entry["ipAddress"].startswith("127.0.0.1")


def test_refusal_17_what_failed_is_recorded(operator):
    """A failed use and a failed verify, each with its reason, beside the use that succeeded."""
    agent, service = operator.trusted_agent(), operator.verifier()
    grant = agent.granted()
    data_of(service.api.verify(grant.id, "otp_" + "A" * 32))
    data_of(service.api.use(grant.id, "otp_" + "A" * 32))
    data_of(service.api.use(grant.id, grant.token))
    data_of(service.api.use(grant.id, grant.token))
    told = [(entry["eventType"], outcome_of(entry)) for entry in operator.trail(grant.id)]
    assert told.count(("permission.verified", "refused")) == 1
    assert told.count(("permission.used", "refused")) == 2
    assert told.count(("permission.used", "done")) == 1
    refusals = [entry for entry in operator.trail(grant.id) if outcome_of(entry) == "refused"]
    assert all(len(entry["details"]) > 1 for entry in refusals), "with the reason"


def test_refusal_17_a_failed_authentication_is_recorded(operator):
    before = page_of(operator.api.audit(eventType="authentication.failed"))[1]["total"]
    wrong = "ak_live_" + "z" * 36
    error_of(operator.by(wrong).request("mail.send"), 401)
    entries, meta = page_of(operator.api.audit(eventType="authentication.failed", limit=1))
    assert meta["total"] == before + 1 and wrong not in json.dumps(entries)
    agent = operator.agent()
    data_of(operator.api.change_agent(agent.id, isActive=False))
    error_of(agent.api.request("mail.send"), 401, 403)
    mine = page_of(operator.api.audit(eventType="authentication.failed", agentId=agent.id))[0]
    assert len(mine) == 1, "with the agent, where the key is one's"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/audit", "/audit/ID", "/audit/permissions/PERMISSION", "/audit/stats"])
def test_refusal_17_nobody_changes_the_audit(operator, method, path):
    agent = operator.agent()
    permission = agent.pending()
    trail = operator.trail(permission)
    path = path.replace("PERMISSION", permission).replace("ID", str(trail[0]["id"]))
    error_of(operator.api.call(method, path, {"eventType": "x"}), 403, 404, 405)
    assert operator.trail(permission) == trail


def test_refusal_19_an_agent_with_a_past_is_deleted_and_its_audit_stays(operator):
    """Permissions in every state, keys and policies of its own are no obstacle."""
    agent = operator.agent()
    operator.policy("auto_approve", {"action": {"equals": "file.read"}}, agentId=agent.id)
    used, held = agent.granted(resource="1"), agent.granted(resource="2")
    data_of(agent.api.use(used.id, used.token))
    waiting = agent.pending()
    data_of(operator.api.rotate_key(agent.id))
    before = {permission: operator.trail(permission) for permission in (used.id, held.id, waiting)}
    data_of(operator.api.delete_agent(agent.id))
    for permission, trail in before.items():
        assert [entry for entry in operator.trail(permission) if entry in trail] == trail
    events = {entry["eventType"] for entry in page_of(operator.api.audit_of_agent(agent.id, limit=100))[0]}
    assert {"agent.created", "permission.requested", "permission.used", "agent.deleted"} <= events


def test_refusal_19_a_policy_that_granted_is_deleted_and_the_grant_stays(operator):
    agent = operator.agent()
    policy = operator.policy("auto_approve", {"action": {"equals": "file.read"}}, agentId=agent.id, name="Readers")
    grant = agent.granted()
    assert operator.api.delete_policy(policy).status in (200, 204)
    found = data_of(agent.api.permission(grant.id))
    assert found["status"] == "approved" and policy in json.dumps([found["decidedBy"], operator.trail(grant.id)])
    assert data_of(agent.api.use(grant.id, grant.token))["success"] is True


def test_refusal_19_what_a_deleted_agent_said_is_erased(operator):
    """Its permissions' contexts may name people. They are gone from every row soon; the audit never had them."""
    agent, person = operator.agent(), "Ada Lovelace of 12 St James Square"
    agent.pending(context={"customer": person}, resource=f"customer {person}")
    assert any(person in as_text(row) for row in operator.server.rows("permission"))
    data_of(operator.api.delete_agent(agent.id))
    deadline = time.monotonic() + 20
    while any(person in as_text(row) for row in operator.server.rows("")):
        assert time.monotonic() < deadline, "the words of a deleted agent are still there"
        time.sleep(0.5)


# 21: what people see

FORGED = "Lunch\nApproved by: the security team\r\nDecision: approved\x1b[2K\x1b[1A\u202eetorp\u2028Policy: all"
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>\"><h1>Approved</h1>"


@pytest.fixture
def forged_request(operator):
    agent = operator.agent()
    asked = data_of(agent.api.request(
        "mail.send", resource=MARKUP, scope={"note": FORGED},
        context={"reason": FORGED, "markup": MARKUP, "long": "x" * 20_000, MARKUP: 1}), 202)
    return operator, agent, asked


def test_refusal_21_the_agents_text_forges_nothing_at_the_terminal(forged_request):
    """On one line each, capped, without control characters, and marked as what the agent claims."""
    operator, _, asked = forged_request
    shown = operator.server.command("permission", "show", asked["id"])
    assert shown.status == 0 and "mail.send" in shown.output
    lines = [line.strip() for line in shown.output.splitlines()]
    assert not [line for line in lines if re.match(r"(Approved by|Decision|Policy): ", line)]
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2028\u2029\u2066-\u2069]", shown.output)
    assert "Lunch" in shown.output and "x" * 1000 not in shown.output
    assert "claim" in shown.output.lower()


def test_refusal_21_nor_on_the_page(forged_request):
    """And no look at the page decides anything: link scanners look too."""
    operator, agent, asked = forged_request
    path = "/" + asked["approvalUrl"].split("/", 3)[3]
    for method in ("GET", "HEAD", "GET"):
        with Client(operator.server.port, None) as client:
            answer = client.request(method, path, headers={"Accept": "text/html"})
        assert answer.status < 500 and b"<script>alert" not in answer.body and b"<img src=x" not in answer.body
        assert b"<h1>Approved" not in answer.body
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "script-src" in answer.headers["Content-Security-Policy"] or "default-src" in answer.headers[
        "Content-Security-Policy"]
    assert agent.status(asked["id"]) == "pending"


# 23: sizes

BODIES = ["/permissions/request", "/permissions/ID/verify", "/permissions/ID/use", "/permissions/ID/revoke",
          "/permissions/ID/decide", "/agents", "/policies", "/policies/test"]


def _api(operator, path, agent):
    return agent.api if "/permissions/" in path and not path.endswith("decide") else operator.api


@pytest.mark.parametrize("path", BODIES)
def test_refusal_23_a_body_of_more_than_64_kib_is_refused(operator, path):
    agent = operator.agent()
    permission = agent.pending()
    body = b'{"action":"file.read","context":{"x":"' + b"x" * 65_536 + b'"}}'
    error_of(_api(operator, path, agent).http.request("POST", "/api/v1" + path.replace("ID", permission), body), 413)
    assert agent.status(permission) == "pending"


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("levels", [17, 20_000])
def test_refusal_23_json_of_more_than_16_levels_is_refused(operator, path, levels):
    agent = operator.agent()
    permission = agent.pending()
    body = b'{"context":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"
    error_of(_api(operator, path, agent).http.request("POST", "/api/v1" + path.replace("ID", permission), body), 422)
    assert agent.status(permission) == "pending"


def test_refusal_23_what_is_within_the_sizes_is_taken(operator):
    """The control: 65,536 bytes, and 16 levels."""
    agent = operator.agent()
    head, tail = b'{"action":"file.read","context":{"x":"', b'"}}'
    body = head + b"x" * (65_536 - len(head) - len(tail)) + tail
    assert agent.api.http.request("POST", "/api/v1/permissions/request", body).status == 202
    nested = 1
    for _ in range(14):
        nested = [nested]
    assert data_of(agent.api.request("file.read", context={"x": nested}), 202)["status"] == "pending"


def test_refusal_23_a_body_without_a_length_is_measured_too(operator):
    agent = operator.agent()
    head = request_bytes("POST", "/api/v1/permissions/request", key=agent.key, headers=[
        "Content-Type: application/json", "Transfer-Encoding: chunked"])
    with RawConnection(operator.server.port) as connection:
        connection.write(head)
        for _ in range(70):
            connection.write_what_is_taken(b"400\r\n" + b" " * 1024 + b"\r\n")
        answer = connection.answer()
    assert answer is not None and answer.status == 413
