"""Once means once for agents too: parallel uses and decisions, and kill -9 of the server between them."""

import http.client
import random
import threading
import time
from collections import Counter

import pytest
from clients.agent_otp import AgentOTP
from envelope import data_of, error_of, page_of
from operators import Agent, Operator, outcome_of
from parallel import at_once
from wire import Client

ROUNDS = 6


def uses(operator, keys, grant, count, details=None):
    """The data of so many uses at the same moment, the keys taking turns."""
    clients = [Client(operator.server.port, keys[number % len(keys)]) for number in range(count)]
    return [data_of(answer) for answer in at_once(
        clients, lambda client, number: AgentOTP(client).use(grant.id, grant.token, details))]


def decisions(operator, keys, permission, count=20):
    """The answers to so many decisions at the same moment: every second one approves."""
    clients = [Client(operator.server.port, keys[number % len(keys)]) for number in range(count)]
    return at_once(clients, lambda client, number: AgentOTP(client).decide(permission, number % 2 == 0))


def test_refusal_03_fifty_parallel_uses_are_one_use(operator):
    """By the agent and by the service at the same time; nobody ever sees a number below 0."""
    agent, service = operator.trusted_agent(), operator.verifier()
    for _ in range(5):
        grant = agent.granted()
        found = uses(operator, [agent.key, service.key], grant, 50)
        assert Counter(use["success"] for use in found) == {True: 1, False: 49}
        assert {use["usesRemaining"] for use in found} == {0}
        assert agent.status(grant.id) == "used"
        assert all(use["success"] is False for use in uses(operator, [agent.key], grant, 10))


def test_refusal_03_seven_uses_are_seven(operator):
    """Each of the seven is told another number of uses that are left."""
    agent = operator.trusted_agent()
    grant = agent.granted(scope={"max_uses": 7})
    found = uses(operator, [agent.key], grant, 50)
    assert sorted(use["usesRemaining"] for use in found if use["success"]) == list(range(7))
    assert {use["usesRemaining"] for use in found if not use["success"]} <= set(range(7))


@pytest.mark.parametrize("uses", [-1, 0, 1.5, "5", None, True, 10**30])
def test_refusal_03_no_number_of_uses_means_unlimited(operator, uses):
    agent = operator.trusted_agent()
    error_of(agent.api.request("file.read", scope={"max_uses": uses}), 422)


def test_refusal_03_uses_that_are_refused_take_nothing(operator):
    """25 within the scope and 25 beyond it at the same moment: one success, which is one of those within."""
    agent = operator.trusted_agent()
    grant = agent.granted("payment.transfer", scope={"max_amount": 10})
    clients = [Client(operator.server.port, agent.key) for _ in range(50)]
    answers = at_once(clients, lambda client, number: AgentOTP(client).use(
        grant.id, grant.token, {"amount": 10 if number % 2 else 11}))
    assert [number % 2 for number, answer in enumerate(answers) if data_of(answer)["success"]] == [1]


def test_refusal_04_twenty_parallel_decisions_are_one(operator):
    """One 200, nineteen 409; the permission is what the one decided; a denied one has no token."""
    approver = operator.approver()
    seen = Counter()
    for _ in range(8):
        agent = operator.agent()
        permission = agent.pending()
        answers = decisions(operator, [approver.key, operator.key], permission)
        assert Counter(answer.status for answer in answers) == {200: 1, 409: 19}
        for answer in answers:
            if answer.status == 409:
                error_of(answer, 409)
        decided = [data_of(answer)["status"] for answer in answers if answer.status == 200]
        seen.update(decided)
        found = data_of(agent.api.permission(permission))
        assert [found["status"]] == decided
        assert ("token" in found) == (found["status"] == "approved")
    assert sum(seen.values()) == 8


def test_two_people_at_the_same_moment_are_two(operator):
    """Where two have to approve, twenty approvals of the same two people are exactly two."""
    first, second = operator.approver(), operator.approver()
    agent = operator.agent()
    operator.policy("require_approval", {}, agentId=agent.id, approvers=2)
    permission = agent.pending()
    clients = [Client(operator.server.port, (first, second)[number % 2].key) for number in range(20)]
    answers = at_once(clients, lambda client, number: AgentOTP(client).decide(permission, True))
    statuses = [data_of(answer)["status"] for answer in answers if answer.status == 200]
    assert sorted(statuses) == ["approved", "pending"]
    assert agent.status(permission) == "approved"


def test_a_use_and_a_revocation_do_not_both_win_after_the_other(operator):
    """After an acknowledged revocation no use succeeds; a use that succeeded came before it."""
    agent = operator.trusted_agent()
    for _ in range(10):
        grant = agent.granted(scope={"max_uses": 20})
        clients = [Client(operator.server.port, agent.key) for _ in range(20)]
        at_once(clients, lambda client, number: (
            AgentOTP(client).revoke(grant.id) if number == 10 else AgentOTP(client).use(grant.id, grant.token)))
        assert agent.status(grant.id) == "revoked"
        assert data_of(agent.api.use(grant.id, grant.token))["success"] is False


def test_fifty_parallel_requests_for_the_same_ask_once(operator):
    """A flood is one question to people."""
    agent = operator.agent()
    clients = [Client(operator.server.port, agent.key) for _ in range(50)]
    answers = at_once(clients, lambda client, number: AgentOTP(client).request("mail.send", context={"to": "ada"}))
    assert len({data_of(answer, 202)["id"] for answer in answers}) == 1
    assert page_of(agent.api.permissions())[1]["total"] == 1


# kill -9

def killed_while(server, workers):
    """Runs the workers until the server is killed at a random moment, and starts it again."""
    problems: list[str] = []
    threads = [threading.Thread(target=_until_the_connection_breaks, args=(worker, problems)) for worker in workers]
    for thread in threads:
        thread.start()
    time.sleep(random.uniform(0.0, 0.25))
    server.kill()
    for thread in threads:
        thread.join(timeout=20)
    assert not problems, problems[:3]
    server.start()


def _until_the_connection_breaks(worker, problems):
    try:
        worker()
    except (OSError, http.client.HTTPException):
        pass
    except Exception as problem:  # noqa: BLE001 - reported by the test's own thread
        problems.append(repr(problem))


@pytest.fixture
def crashing(started, operators):
    server = started()
    operator = operators(server)
    return server, operator, operator.trusted_agent(), operator.agent()


def again(operator: Operator, agent: Agent) -> Agent:
    """The agent on a fresh connection, after a restart."""
    return Agent(agent.id, agent.key, operator.by(agent.key))


def test_refusal_03_a_kill_between_uses_makes_no_second_use(crashing):
    """Six rounds of 50 uses of many tokens, each ended by kill -9: what was acknowledged stays used, and what was not
    is used at most once more."""
    server, operator, agent, _ = crashing
    for _ in range(ROUNDS):
        agent = again(operator, agent)
        grants = [agent.granted(resource=str(number)) for number in range(20)]
        successes: Counter = Counter()
        lock = threading.Lock()

        def use_all():
            with Client(server.port, agent.key) as client:
                for grant in random.sample(grants, len(grants)):
                    if data_of(AgentOTP(client).use(grant.id, grant.token))["success"]:
                        with lock:
                            successes[grant.id] += 1

        killed_while(server, [use_all] * 8)
        agent = again(operator, agent)
        for grant in grants:
            acknowledged = successes[grant.id]
            use = data_of(agent.api.use(grant.id, grant.token))
            assert acknowledged + use["success"] <= 1 and use["usesRemaining"] == 0
            assert agent.status(grant.id) == "used"


def test_refusal_04_a_kill_between_decisions_makes_no_second_decision(crashing):
    """What a person was told stays decided; what nobody was told is decided once or still pending."""
    server, operator, _, agent = crashing
    for number in range(ROUNDS):
        agent, told = again(operator, agent), []
        waiting = [agent.pending(resource=f"{number}/{place}") for place in range(8)]

        def decide_all():
            with Client(server.port, operator.key) as client:
                for permission in random.sample(waiting, len(waiting)):
                    answer = AgentOTP(client).decide(permission, random.random() < 0.5)
                    if answer.status == 200:
                        told.append((permission, data_of(answer)["status"]))

        killed_while(server, [decide_all] * 6)
        agent, api = again(operator, agent), operator.by(operator.key)
        assert len({permission for permission, _ in told}) == len(told), "a permission was decided twice"
        for permission, status in told:
            error_of(api.decide(permission, status != "approved"), 409)
        for permission in waiting:
            found = data_of(agent.api.permission(permission))
            assert dict(told).get(permission, found["status"]) == found["status"]
            assert ("token" in found) == (found["status"] == "approved")
            if found["status"] == "pending":
                data_of(api.decide(permission, False))


def test_a_kill_between_looks_hands_out_no_second_token(crashing):
    """A token that was handed out is not handed out again by a server that came back."""
    server, operator, _, agent = crashing
    for number in range(ROUNDS):
        agent, api = again(operator, agent), operator.by(operator.key)
        approved = [agent.pending(resource=f"{number}/{place}") for place in range(8)]
        for permission in approved:
            data_of(api.decide(permission, True))
        collected: list[str] = []

        def collect_all():
            with Client(server.port, agent.key) as client:
                for permission in random.sample(approved, len(approved)):
                    if "token" in data_of(AgentOTP(client).permission(permission)):
                        collected.append(permission)

        killed_while(server, [collect_all] * 6)
        agent = again(operator, agent)
        collected += [permission for permission in approved if "token" in data_of(agent.api.permission(permission))]
        assert len(collected) == len(set(collected))
        for permission in approved:
            data_of(agent.api.revoke(permission))


def test_what_was_answered_survives_a_kill(crashing):
    """A grant, a pending request, a denial, an agent and a policy: each was on the disk before its answer."""
    server, operator, agent, asking = crashing
    grant, waiting = agent.granted(scope={"max_uses": 2}), asking.pending()
    fresh = operator.agent()
    operator.policy("deny", {"action": {"equals": "bank.transfer"}}, agentId=fresh.id)
    server.kill()
    server.start()
    agent, asking, fresh = (again(operator, one) for one in (agent, asking, fresh))
    assert data_of(agent.api.use(grant.id, grant.token)) == {"success": True, "usesRemaining": 1}
    assert asking.status(waiting) == "pending"
    assert data_of(fresh.api.request("bank.transfer"))["status"] == "denied"


def test_no_change_is_without_its_entry_after_a_kill(crashing):
    """Change and audit entry are one unit of work: each used token has exactly one entry that says so."""
    server, operator, agent, _ = crashing
    grants = [agent.granted(resource=str(number)) for number in range(60)]

    def use_all():
        with Client(server.port, agent.key) as client:
            for grant in random.sample(grants, len(grants)):
                AgentOTP(client).use(grant.id, grant.token)

    killed_while(server, [use_all] * 4)
    agent, api = again(operator, agent), operator.by(operator.key)
    for grant in grants:
        entries = data_of(api.audit_of_permission(grant.id, limit=100))
        done = [entry for entry in entries if (entry["eventType"], outcome_of(entry)) == ("permission.used", "done")]
        assert len(done) == (agent.status(grant.id) == "used")
