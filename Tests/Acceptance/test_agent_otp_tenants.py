"""Two workspaces on one server: what belongs to one does not exist for the other, whoever asks.

There is no command yet that makes a second workspace, so one is made where workspaces are stored: a copy of the first
one's row, to which an agent, an approver, an operator's and a verifier's key are moved. The server reads it when it
starts.
"""

import sqlite3
from contextlib import closing

import pytest
from envelope import data_of, error_of, page_of
from operators import Agent, Operator, Party
from server import new_server

OTHER = "ws_other0000000000"


class Tenant:
    """A workspace with one of each."""

    def __init__(self, server, operator, agent, approver, service):
        self.operator = operator
        self.agent = Agent(agent.id, agent.key, operator.by(agent.key))
        self.approver = Party(approver.id, approver.key, operator.by(approver.key))
        self.service = Party(service.id, service.key, operator.by(service.key))


@pytest.fixture(scope="module")
def tenants(tmp_path_factory):
    server = new_server(tmp_path_factory.mktemp("tenants"))
    first = Operator(server)
    mine = (first.agent(), first.approver(), first.verifier())
    theirs = (first.agent(), first.approver(), first.verifier())
    key = server.json("key", "create", "--kind", "operator")
    first.end()
    assert server.stop() == 0
    _move(server, [theirs[0].id, theirs[1].id], [theirs[2].id, key["id"]])
    server.start()
    first, second = Operator(server), Operator(server, key["key"])
    yield Tenant(server, first, *mine), Tenant(server, second, *theirs)
    first.end()
    second.end()
    server.end()


def _move(server, holders, keys):
    [database] = server.databases()
    with closing(sqlite3.connect(database)) as connection, connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(workspace)")]
        columns = ", ".join(names)
        values = ", ".join("?" if name == "id" else name for name in names)
        connection.execute(f"INSERT INTO workspace ({columns}) SELECT {values} FROM workspace", (OTHER,))
        for holder in holders:
            for table, column in (("agent", "id"), ("approver", "id"), ("api_key", "holder")):
                connection.execute(f"UPDATE {table} SET workspace = ? WHERE {column} = ?", (OTHER, holder))
        for key in keys:
            moved = connection.execute("UPDATE api_key SET workspace = ? WHERE id = ?", (OTHER, key))
            assert moved.rowcount == 1


@pytest.fixture
def both(tenants):
    """The two, each with a pending and an approved permission of its agent."""
    found = []
    for tenant in tenants:
        policy = tenant.operator.policy("auto_approve", {"action": {"equals": "file.read"}}, agentId=tenant.agent.id)
        found.append((tenant, tenant.agent.pending(), tenant.agent.granted(), policy))
    yield found
    for tenant, pending, _, policy in found:
        tenant.agent.api.revoke(pending)
        tenant.operator.api.delete_policy(policy)


def test_refusal_01_nobody_decides_in_another_tenant(both):
    """Neither an approver nor an operator: 404, and the request stays pending."""
    (mine, pending, _, _), (theirs, _, _, _) = both
    for api in (theirs.approver.api, theirs.operator.api):
        for approved in (True, False):
            error_of(api.decide(pending, approved), 404)
    error_of(theirs.agent.api.decide(pending, True), 403, 404)
    assert mine.agent.status(pending) == "pending"
    data_of(mine.approver.api.decide(pending, True))


def test_refusal_22_everything_of_another_tenant_is_missing(both):
    """In the words for what never existed."""
    (mine, pending, grant, policy), (theirs, _, _, _) = both
    agent, service, operator = theirs.agent.api, theirs.service.api, theirs.operator.api
    missing = error_of(operator.agent("agt_0000000000000000"), 404)
    assert error_of(operator.agent(mine.agent.id), 404) == missing
    for answer in (
        agent.permission(pending), agent.permission(grant.id), agent.verify(grant.id, grant.token),
        agent.use(grant.id, grant.token), agent.revoke(grant.id), service.verify(grant.id, grant.token),
        service.use(grant.id, grant.token), operator.revoke(grant.id), operator.change_agent(mine.agent.id, name="x"),
        operator.replace_agent(mine.agent.id, name="x"), operator.delete_agent(mine.agent.id),
        operator.rotate_key(mine.agent.id), operator.agent_stats(mine.agent.id), operator.policy(policy),
        operator.change_policy(policy, priority=1), operator.delete_policy(policy),
        operator.replace_policy(policy, name="x", conditions={}, action="deny"),
        agent.call("GET", f"/permissions/{pending}/events", headers={"Accept": "text/event-stream"}),
    ):
        error_of(answer, 404)
    assert data_of(mine.service.api.use(grant.id, grant.token))["success"] is True
    assert data_of(mine.operator.api.policy(policy))["priority"] == 0


def test_lists_and_the_audit_end_at_the_workspace(both):
    (mine, pending, grant, policy), (theirs, _, _, _) = both
    api = theirs.operator.api
    for answer in (api.permissions(limit=100), api.permissions(agentId=mine.agent.id), api.agents(limit=100),
                   api.policies(limit=100), api.audit(limit=100), api.audit(agentId=mine.agent.id),
                   api.audit(permissionRequestId=pending), api.audit_stats()):
        for foreign in (pending, grant.id, policy, mine.agent.id, mine.approver.id):
            assert foreign.encode() not in answer.body
    for answer in (api.audit_of_permission(pending), api.audit_of_agent(mine.agent.id)):
        assert answer.status == 404 or data_of(answer) == []
    assert pending.encode() not in api.audit_export().body
    assert len(page_of(api.agents())[0]) == 1


def test_policies_end_at_the_workspace(both):
    """A policy for all agents is for all of its own workspace."""
    (mine, _, _, _), (theirs, _, _, _) = both
    mine.operator.policy("deny", {"action": {"equals": "bank.transfer"}})
    assert data_of(mine.agent.api.request("bank.transfer"))["status"] == "denied"
    data_of(theirs.agent.api.request("bank.transfer"), 202)


def test_switching_an_agent_off_ends_at_the_workspace(both):
    """The other workspace's agent stays at work."""
    (mine, _, _, _), (theirs, _, _, _) = both
    data_of(theirs.operator.api.change_agent(theirs.agent.id, isActive=False))
    error_of(theirs.agent.api.permissions(), 401, 403)
    data_of(mine.agent.api.permissions())
    data_of(theirs.operator.api.change_agent(theirs.agent.id, isActive=True))
