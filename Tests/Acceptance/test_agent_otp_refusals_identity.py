"""What was seen in the original and is refused here, by its number: who somebody is, and what keys open."""

import hashlib
import random
import statistics
import string
import threading
import time

import pytest
from clients.agent_otp import AgentOTP
from envelope import TOKEN, data_of, error_of, page_of
from wire import Client

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


def look_alike(key: str) -> str:
    """A well-formed key of nobody that begins like a real one: only a look into the store tells them apart.

    The checksum (32 bits of SHA-256 in base62) is there against accidents; whoever knows the form can compute it.
    """
    body = key[:20] + "".join(random.choices(BASE62, k=len(key) - 26))
    value, checksum = int.from_bytes(hashlib.sha256(body.encode()).digest()[:4], "big"), ""
    for _ in range(6):
        value, digit = divmod(value, 62)
        checksum += BASE62[digit]
    return body + checksum


def test_refusal_01_an_agent_does_not_approve_its_own_request(operator):
    """Nor another agent's; the request stays pending."""
    agent, other = operator.agent(), operator.trusted_agent()
    permission = agent.pending()
    error_of(agent.api.decide(permission, True), 403)
    error_of(other.api.decide(permission, True), 403, 404)
    error_of(operator.verifier().api.decide(permission, True), 403)
    error_of(operator.by(None).decide(permission, True), 401)
    assert agent.status(permission) == "pending"


def test_refusal_02_a_decision_does_not_tell_the_token(operator):
    """Not to the approver, then or later; not to another agent. The requester gets it, once."""
    agent, other, approver = operator.agent(), operator.agent(), operator.approver()
    permission = agent.pending()
    answers = [approver.api.decide(permission, True)]
    for api in (approver.api, operator.api, other.api):
        answers += [api.permission(permission), api.permissions(), api.call("GET", f"/audit/permissions/{permission}")]
    assert not any(TOKEN.search(answer.body.decode()) for answer in answers)
    token = agent.collected(permission).token
    later = [agent.api.permission(permission), agent.api.permissions(), approver.api.permission(permission)]
    assert not any(token.encode() in answer.body for answer in later)


@pytest.mark.parametrize("header", ["X-User-ID", "X-Agent-ID", "X-Approver-ID", "X-Forwarded-User", "X-Remote-User",
                                    "X-Workspace-ID", "X-Tenant-ID", "Cookie"])
def test_refusal_05_no_header_is_an_identity(operator, header):
    """Without a key it is 401, with an agent's key the agent stays an agent."""
    agent, approver = operator.agent(), operator.approver()
    permission = agent.pending()
    error_of(operator.by(None).decide(permission, True, {header: approver.id}), 401)
    for identity in (approver.id, operator.server.issued["workspace"], "admin"):
        error_of(agent.api.decide(permission, True, {header: identity}), 403)
    assert agent.status(permission) == "pending"


FOREIGN_ORIGINS = [
    "http://localhost.evil.com", "https://app.example.com.evil.com", "https://evil.com?app.example.com",
    "https://evilapp.example.com", "http://app.example.com", "https://app.example.com:8443", "null",
]


def test_refusal_06_cors_goes_by_an_exact_list(started, operators):
    """No origin is allowed by default, and none that only contains an allowed one."""
    server = started()
    operator = operators(server)
    agent = operator.agent()
    for allowed in ("", "https://app.example.com"):
        server.set("--allowed-origins", allowed)
        for origin in FOREIGN_ORIGINS:
            preflight = agent.api.call("OPTIONS", "/permissions/request", headers={
                "Origin": origin, "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization, content-type"})
            answers = [preflight, agent.api.request("mail.send", {"Origin": origin}),
                       operator.api.call("GET", "/agents", headers={"Origin": origin})]
            for answer in answers:
                assert not [name for name in answer.headers if name.lower().startswith("access-control-")], origin


def test_refusal_07_no_forged_header_gives_a_fresh_limit(started, operators):
    """Neither the rate of an agent nor that of failed authentications goes by what a client says of its address."""
    operator = operators(started())
    agent = operator.agent(rateLimit=60)
    answers = [agent.api.permissions() for _ in range(50)]
    answers += [agent.api.call("GET", "/permissions", headers=forged(number)) for number in range(30)]
    assert {answer.status for answer in answers[:50]} == {200}
    assert [answer.status for answer in answers].count(429) >= 15
    for answer in answers:
        if answer.status == 429:
            error_of(answer, 429)

    refusals = [operator.by("ak_live_" + "x" * 36).call("GET", "/permissions", headers=forged(number))
                for number in range(100)]
    assert {answer.status for answer in refusals} == {401, 429}
    assert operator.agent().pending(), "whoever has a good key is served"


def forged(number):
    address = f"198.51.100.{number}"
    return {"X-Forwarded-For": address, "X-Real-IP": address, "Forwarded": f"for={address}",
            "CF-Connecting-IP": address, "True-Client-IP": address, "X-Client-IP": address}


def test_refusal_08_ten_thousand_bad_keys_slow_nobody_down(started, operators):
    """Keys are looked up by what they are, so that 50 agents are not 50 slow comparisons; failures are throttled."""
    operator = operators(started())
    agents = [operator.agent() for _ in range(50)]
    keys = [look_alike(random.choice(agents).key) for _ in range(10_000)]
    statuses: list[int] = []
    begun = time.monotonic()
    attackers = [threading.Thread(target=_try_keys, args=(operator.server.port, keys[number::4], statuses))
                 for number in range(4)]
    for attacker in attackers:
        attacker.start()
    seconds = [answer.seconds for agent in agents for answer in (agent.api.permissions(), agent.api.permissions())
               if data_of(answer) == []]
    for attacker in attackers:
        attacker.join(timeout=90)
    assert len(statuses) == 10_000 and set(statuses) == {401, 429}
    assert statuses.count(401) < 1000, "failed authentications of one network are throttled"
    assert time.monotonic() - begun < 60
    assert len(seconds) == 100 and statistics.median(seconds) < 0.1 and max(seconds) < 2
    failures = page_of(operator.api.audit(eventType="authentication.failed"))[1]["total"]
    assert 0 < failures < 1000, "the throttle protects the audit too"


def _try_keys(port, keys, statuses):
    with Client(port, None) as client:
        for key in keys:
            statuses.append(AgentOTP(client).call("GET", "/permissions", headers={"X-API-Key": key}).status)


# 18: what a key opened ends with it

ENDS = {
    "its key is replaced at once": lambda operator, agent: data_of(
        operator.api.rotate_key(agent.id, revokeImmediately=True)),
    "the grace period of its key ends": lambda operator, agent: (
        data_of(operator.api.rotate_key(agent.id, gracePeriod=1)), time.sleep(1.2)),
    "it is switched off": lambda operator, agent: data_of(operator.api.change_agent(agent.id, isActive=False)),
    "it is deleted": lambda operator, agent: data_of(operator.api.delete_agent(agent.id)),
    "it is revoked at the command line": lambda operator, agent: operator.server.json(
        "agent", "revoke", "--id", agent.id),
    "it is stopped at the command line": lambda operator, agent: operator.server.json(
        "agent", "stop", "--id", agent.id),
}


@pytest.mark.parametrize("end", ENDS)
def test_refusal_18_tokens_die_with_the_agents_key(operator, end):
    """Those in hand, those that were not collected yet, and requests that wait for a person."""
    agent, service = operator.agent(), operator.verifier()
    in_hand, waiting, approved = (agent.pending(resource=str(number)) for number in range(3))
    for permission in (in_hand, approved):
        data_of(operator.api.decide(permission, True))
    token = agent.collected(in_hand).token
    assert data_of(service.api.verify(in_hand, token))["valid"] is True
    ENDS[end](operator, agent)
    found = service.api.verify(in_hand, token)
    assert found.status == 404 or data_of(found)["valid"] is False
    use = service.api.use(in_hand, token)
    assert use.status == 404 or data_of(use)["success"] is False
    if end != "the grace period of its key ends":
        error_of(operator.api.decide(waiting, True), 404, 409)
    error_of(agent.api.permission(approved), 401, 403)


# 20 and 22

@pytest.mark.parametrize("path", ["/telegram/webhook", "/webhooks/telegram", "/api/v1/telegram/webhook",
                                  "/api/v1/webhooks/telegram"])
@pytest.mark.parametrize("secret", [None, "", "guess", "0" * 256])
def test_refusal_20_a_forged_telegram_callback_decides_nothing(operator, path, secret):
    agent, approver = operator.agent(), operator.approver()
    permission = agent.pending()
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    for data in (f"approve:{permission}", f"approve_{permission}", permission):
        callback = {"id": "1", "from": {"id": 4711, "is_bot": False, "first_name": approver.id}, "data": data}
        with Client(operator.server.port, None) as client:
            answer = client.request("POST", path, {"update_id": 1, "callback_query": callback}, headers)
        assert answer.status >= 400
    assert agent.status(permission) == "pending"


def test_refusal_22_a_foreign_id_is_a_missing_one(operator):
    """404, in the same words, whatever is asked about it."""
    owner, stranger = operator.trusted_agent(), operator.agent()
    grant = owner.granted()
    missing = grant.id[:-4] + ("aaaa" if not grant.id.endswith("aaaa") else "bbbb")
    for ask in (lambda permission: stranger.api.permission(permission),
                lambda permission: stranger.api.verify(permission, grant.token),
                lambda permission: stranger.api.use(permission, grant.token),
                lambda permission: stranger.api.revoke(permission)):
        foreign, nothing = error_of(ask(grant.id), 404), error_of(ask(missing), 404)
        assert foreign == nothing
    assert data_of(owner.api.use(grant.id, grant.token))["success"] is True


@pytest.mark.parametrize("kind", ["agents", "policies", "permissions", "audit/permissions", "audit/agents"])
@pytest.mark.parametrize("identifier", ["x", "agt_0000000000000000", "%2e%2e", "a" * 500, "é", "'%20OR%201=1--"])
def test_refusal_22_an_id_that_is_none_is_a_missing_one(operator, kind, identifier):
    answer = operator.api.call("GET", f"/{kind}/{identifier}".replace("é", "%C3%A9"))
    if kind.startswith("audit/") and answer.status == 200:
        assert data_of(answer) == [], "the audit of nothing is empty"
    else:
        error_of(answer, 404)
