"""How much an agent may ask, from where, and with what proof: rates, retries, allow-lists, client keys, stops."""

import threading
import time
import uuid

import pytest
from clients import countersign
from clients.agent_otp import AgentOTP
from clients.p256 import PrivateKey
from envelope import data_of, error_of, page_of
from parallel import at_once
from wire import Client


# Rates

def test_every_answer_tells_what_is_left(operator):
    agent = operator.agent(rateLimit=60)
    answers = [agent.api.permissions(), agent.api.request("mail.send"), agent.api.permission("perm_nowhere"),
               agent.api.request("Nonsense")]
    assert [answer.status for answer in answers] == [200, 202, 404, 422]
    left = [int(answer.headers["X-RateLimit-Remaining"]) for answer in answers]
    assert left == sorted(left, reverse=True) and 55 <= left[-1] < left[0] < 60
    for answer in answers:
        assert answer.headers["X-RateLimit-Limit"] == "60" and answer.headers["X-RateLimit-Reset"].isdigit()


def test_an_agent_makes_sixty_requests_a_minute_by_default(operator):
    made = data_of(operator.api.create_agent("usual"), 201)
    api, other = operator.by(made["apiKey"]), operator.agent()
    answers = [api.permissions() for _ in range(80)]
    taken = [answer for answer in answers if answer.status == 200]
    assert 60 <= len(taken) <= 65, "those of the seconds that this takes come back"
    for answer in answers:
        if answer.status == 429:
            error_of(answer, 429)
            assert answer.headers["X-RateLimit-Limit"] == "60" and answer.headers["X-RateLimit-Remaining"] == "0"
            assert 1 <= int(answer.headers["Retry-After"]) <= 60
    data_of(other.api.permissions())


def test_fifty_parallel_requests_do_not_exceed_the_rate(operator):
    agent = operator.agent(rateLimit=10)
    answers = at_once([Client(operator.server.port, agent.key) for _ in range(50)],
                      lambda client, number: AgentOTP(client).permissions())
    assert 10 <= sum(answer.status == 200 for answer in answers) <= 12


def test_all_keys_of_an_agent_share_its_rate(operator):
    agent = operator.agent(rateLimit=10)
    fresh = operator.by(data_of(operator.api.rotate_key(agent.id))["apiKey"])
    statuses = [api.permissions().status for _ in range(10) for api in (agent.api, fresh)]
    assert 10 <= statuses.count(200) <= 12


def test_waiting_is_one_request(operator):
    """A long poll takes from the rate once, however long it lasts."""
    agent = operator.agent(rateLimit=60)
    permission = agent.pending()
    before = int(agent.api.permissions().headers["X-RateLimit-Remaining"])
    data_of(agent.api.permission(permission, wait=1))
    assert int(agent.api.permissions().headers["X-RateLimit-Remaining"]) >= before - 2


# Idempotency-Key

def once():
    return {"Idempotency-Key": str(uuid.uuid4())}


def test_a_retried_request_is_the_same_request(operator):
    """Also where it is approved at once; but the token is handed out once."""
    agent = operator.trusted_agent()
    key = once()
    first = data_of(agent.api.request("file.read", key), 201)
    for _ in range(3):
        answer = agent.api.request("file.read", key)
        again = data_of(answer, 200, 201)
        assert again["id"] == first["id"] and again["status"] == "approved" and "token" not in again
        assert answer.headers["Idempotency-Replayed"] == "true"
    assert page_of(agent.api.permissions())[1]["total"] == 1
    assert data_of(agent.api.use(first["id"], first["token"]))["success"] is True


def test_a_retry_of_what_was_denied_since_tells_so(operator):
    agent, key = operator.agent(), once()
    first = data_of(agent.api.request("mail.send", key), 202)
    data_of(operator.api.decide(first["id"], False))
    again = data_of(agent.api.request("mail.send", key), 200, 202)
    assert again["id"] == first["id"]
    assert agent.pending() != first["id"], "without the key it is another request"


@pytest.mark.parametrize("change", [{"action": "mail.read"}, {"scope": {"max_amount": 2}}, {"ttl": 31},
                                    {"context": {"to": "bob"}}, {"resource": "other"}])
def test_the_same_key_with_another_body_is_refused(operator, change):
    agent, key = operator.agent(), once()
    body = {"action": "mail.send", "scope": {"max_amount": 1}, "context": {"to": "ada"}, "resource": "x", "ttl": 30}
    first = data_of(agent.api.call("POST", "/permissions/request", body, key), 202)
    error_of(agent.api.call("POST", "/permissions/request", body | change, key), 422)
    assert data_of(agent.api.call("POST", "/permissions/request", body, key), 202)["id"] == first["id"]


def test_a_key_is_the_agents_own(operator):
    first, second, key = operator.agent(), operator.agent(), once()
    one, other = (data_of(agent.api.request("mail.send", key), 202)["id"] for agent in (first, second))
    assert one != other
    assert first.status(one) == second.status(other) == "pending"


def test_fifty_parallel_retries_are_one_request(operator):
    """One of them has the token, or is told to wait for it."""
    agent, key = operator.trusted_agent(), once()
    answers = at_once([Client(operator.server.port, agent.key) for _ in range(50)],
                      lambda client, number: AgentOTP(client).request("file.read", key))
    found = [data_of(answer, 200, 201) for answer in answers if answer.status != 409]
    assert len({permission["id"] for permission in found}) == 1
    assert sum("token" in permission for permission in found) == 1
    assert page_of(agent.api.permissions())[1]["total"] == 1


def test_a_retry_after_a_crash_is_no_second_request(started, operators):
    server = started()
    operator = operators(server)
    agent, key = operator.agent(), once()
    first = data_of(agent.api.request("mail.send", key), 202)
    server.kill()
    server.start()
    answer = operator.by(agent.key).request("mail.send", key)
    assert data_of(answer, 202)["id"] == first["id"] and answer.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("key", ["", "x" * 256, "a b"])
def test_a_key_that_is_none_is_refused(operator, key):
    agent = operator.agent()
    error_of(agent.api.request("mail.send", {"Idempotency-Key": key}), 422)
    assert page_of(agent.api.permissions())[1]["total"] == 0


# From where, and with what proof

def test_an_agents_keys_are_accepted_from_its_addresses_only(operator):
    """By the socket's address: no header makes it another."""
    outside = operator.agent(allowedAddresses=["192.0.2.0/24", "2001:db8::/32"])
    for headers in ({}, {"X-Forwarded-For": "192.0.2.7"}, {"Forwarded": "for=192.0.2.7"}):
        error_of(outside.api.request("mail.send", headers), 401, 403)
    inside = operator.agent(allowedAddresses=["192.0.2.7", "127.0.0.0/8"])
    inside.pending()
    data_of(operator.api.change_agent(outside.id, allowedAddresses=["127.0.0.1"]))
    outside.pending()


@pytest.fixture
def bound(operator):
    """An agent whose every request needs a proof by its own key."""
    key = PrivateKey()
    return operator.agent(clientKey=key.public.compressed.hex()), key


def proof(operator, agent, key, method="POST", path="/permissions/request", **changes):
    url = f"{operator.server.url}/api/v1{path}"
    return {"DPoP": countersign.proof(key, method, url, agent.key, **changes)}


def test_a_stolen_api_key_alone_opens_nothing(operator, bound):
    """With its proof the agent is served; without one, with another's, or with one that was used, it is not."""
    agent, key = bound
    good = proof(operator, agent, key)
    data_of(agent.api.request("mail.send", good), 202)
    bad = [{}, good, proof(operator, agent, PrivateKey()), {"DPoP": "nonsense"}, {"DPoP": ""},
           proof(operator, agent, key, method="GET"), proof(operator, agent, key, path="/permissions"),
           proof(operator, agent, key, iat=int(time.time()) - 3600), proof(operator, agent, key, ath="x")]
    for headers in bad:
        error_of(agent.api.request("mail.send", headers, resource=str(uuid.uuid4())), 401, 403)
    assert page_of(operator.api.permissions(agentId=agent.id))[1]["total"] == 1


def test_a_proof_is_needed_for_the_token_too(operator, bound):
    agent, key = bound
    permission = data_of(agent.api.request("mail.send", proof(operator, agent, key)), 202)["id"]
    data_of(operator.api.decide(permission, True))
    path = f"/permissions/{permission}"
    error_of(agent.api.permission(permission), 401, 403)
    found = data_of(agent.api.permission(permission, headers=proof(operator, agent, key, "GET", path)))
    assert found["token"]
    error_of(agent.api.use(permission, found["token"]), 401, 403)


# Kill switches

def test_a_stopped_agent_does_nothing_more(operator):
    stopped, other = operator.trusted_agent(), operator.trusted_agent()
    grant = stopped.granted()
    assert operator.server.command("agent", "stop", "--id", stopped.id).status == 0
    error_of(stopped.api.request("file.read"), 401, 403)
    error_of(stopped.api.use(grant.id, grant.token), 401, 403)
    other.granted()


def test_a_stopped_workspace_stops_every_agent_at_once(started, operators):
    """Within one answer, under load; people are still let in. It goes on where somebody says so."""
    server = started()
    operator = operators(server)
    agents = [operator.trusted_agent() for _ in range(4)]
    grants = [agent.granted() for agent in agents]
    stopped, late = threading.Event(), []

    def ask(agent):
        with Client(server.port, agent.key) as client:
            for number in range(2000):
                after = stopped.is_set()
                if AgentOTP(client).request("file.read", resource=str(number)).status != 201:
                    return
                if after:
                    late.append(agent.id)

    threads = [threading.Thread(target=ask, args=(agent,)) for agent in agents]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    assert server.command("agent", "stop", "--all").status == 0
    stopped.set()
    for thread in threads:
        thread.join(timeout=30)
    assert not late, "an agent was served after the stop was acknowledged"
    service = operator.verifier()
    for grant in grants:
        assert data_of(service.api.use(grant.id, grant.token))["success"] is False
    assert page_of(operator.api.agents())[1]["total"] == 4
    assert server.command("agent", "resume", "--all").status == 0
    agents[0].granted("file.write")
