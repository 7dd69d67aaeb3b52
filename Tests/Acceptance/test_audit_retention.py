"""How long the audit log is kept: what an operator sets and sees. That entries go when their time is over is shown by
unit tests, whose clock can be moved: an entry that is made older from outside no longer fits the signed tree."""

from __future__ import annotations

import contacts
from server import Server


def audit(server: Server) -> list[tuple[str, str]]:
    return [(row["action"], row["detail"]) for row in server.rows("audit_entry")
            if row["workspace"] == server.issued["workspace"]]


def test_a_rule_is_set_seen_and_told(started):
    server = started()
    assert server.json("audit", "state")["retention"] == "forever"
    server.set("--audit-retention", "hipaa")
    server.set("--audit-retention", "gdpr=30")
    state = server.json("audit", "state")
    assert state["retention"] == "gdpr=30" and state["minimum"] == 0 and state["legal_hold"] is False
    assert server.show()["settings"]["audit_retention"] == "gdpr=30"
    told = [detail for action, detail in audit(server) if action == "log.retention_changed"]
    assert told == ["forever to hipaa", "hipaa to gdpr=30"]
    assert "gdpr=30" in server.command("audit", "state").output


def test_a_rule_that_is_none_is_refused_with_what_there_is(started):
    server = started()
    for rule in ("soc", "gdpr", "gdpr=0", "gdpr=3651"):
        done = server.command("workspace", "set", "--audit-retention", rule)
        assert done.status == 1 and "gdpr=DAYS, 1 to 3650 days" in done.errors
    assert server.json("audit", "state")["retention"] == "forever"


def test_nobody_is_erased_under_a_legal_hold(started):
    server = started()
    contact = contacts.phone()
    with server.client("test") as client:
        client.verify(contact, "123456")
    server.set("--legal-hold", "true")
    assert server.json("audit", "state")["legal_hold"] is True
    with server.client("operator") as client:
        refused = client.request("POST", "/v1/log/erasures", {"contact": contact})
        assert refused.status == 409 and refused.json["code"] == "legal_hold", refused.said()
    assert "person.erased" not in [action for action, _ in audit(server)]
    server.set("--legal-hold", "false")
    with server.client("operator") as client:
        assert client.request("POST", "/v1/log/erasures", {"contact": contact}).json == {"erased": True}
    assert [action for action, _ in audit(server) if action in ("log.held", "log.released", "person.erased")] == [
        "log.held", "log.released", "person.erased"]
