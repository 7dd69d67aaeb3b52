"""Waiting for a person: long poll, WebSocket at `webhookUrl`, server-sent events; and expiry on time."""

import threading
import time

import pytest
from envelope import TOKEN, data_of, error_of, page_of, time_of
from operators import Operator
from parallel import at_once
from raw_http import RawConnection
from server import new_server
from watching import EventStream, WebSocket
from wire import Client


def asked(agent, **fields):
    return data_of(agent.api.request("mail.send", **fields), 202)


def socket_of(operator, permission):
    """At the permission's `webhookUrl`; in case that names another host it is the test's server all the same."""
    return WebSocket(f"ws://127.0.0.1:{operator.server.port}/" + permission["webhookUrl"].split("/", 3)[3])


def stream_of(operator, agent, permission, key=None):
    return EventStream(operator.server.port, f"/api/v1/permissions/{permission}/events",
                       {"Authorization": f"Bearer {key or agent.key}"})


def later(seconds, act):
    timer = threading.Timer(seconds, act)
    timer.start()
    return timer


# Long poll

@pytest.mark.parametrize("approved", [True, False])
def test_a_long_poll_is_answered_when_somebody_decides(operator, approved):
    """`?wait=30` while a person needs a second: answered right after, with the token where there is one."""
    agent, person = operator.agent(), operator.by(operator.key)
    permission = agent.pending()
    deciding = later(1, lambda: data_of(person.decide(permission, approved)))
    with Client(operator.server.port, agent.key, timeout=40) as client:
        answer = client.get(f"/api/v1/permissions/{permission}?wait=30")
    deciding.join()
    found = data_of(answer)
    assert found["status"] == ("approved" if approved else "denied") and ("token" in found) == approved
    assert 0.9 < answer.seconds < 3


def test_a_long_poll_ends_with_what_there_is(operator):
    agent = operator.agent()
    answer = agent.api.permission(agent.pending(), wait=1)
    assert data_of(answer)["status"] == "pending" and 0.9 < answer.seconds < 3


def test_a_long_poll_for_what_is_decided_does_not_wait(operator):
    agent = operator.agent()
    permission = agent.pending()
    data_of(operator.api.decide(permission, False))
    assert agent.api.permission(permission, wait=30).seconds < 1


def test_fifty_long_polls_get_one_token(operator):
    agent, person = operator.agent(), operator.by(operator.key)
    permission = agent.pending()
    deciding = later(1, lambda: data_of(person.decide(permission, True)))
    clients = [Client(operator.server.port, agent.key, timeout=40) for _ in range(50)]
    answers = at_once(clients, lambda client, number: client.get(f"/api/v1/permissions/{permission}?wait=30"))
    deciding.join()
    assert [data_of(answer)["status"] for answer in answers] == ["approved"] * 50
    assert sum("token" in data_of(answer) for answer in answers) == 1


def test_a_poll_that_nobody_reads_takes_no_token(operator):
    """A client that gave up before the decision does not cost the agent its token."""
    agent = operator.agent()
    permission = agent.pending()
    with RawConnection(operator.server.port) as connection:
        connection.write(f"GET /api/v1/permissions/{permission}?wait=30 HTTP/1.1\r\nHost: x\r\n"
                         f"Authorization: Bearer {agent.key}\r\n\r\n".encode())
        time.sleep(0.3)
    time.sleep(0.3)
    data_of(operator.api.decide(permission, True))
    assert TOKEN.fullmatch(agent.collected(permission).token)


# WebSocket

def test_a_websocket_tells_the_decision_and_never_the_token(operator):
    agent = operator.agent()
    permission = asked(agent)
    with socket_of(operator, permission) as watch:
        data_of(operator.api.decide(permission["id"], True))
        token = agent.collected(permission["id"]).token
        message = watch.wait_for()[0]
        assert message["type"] == "status_change"
        assert {**message["payload"], "permissionId": permission["id"], "status": "approved"} == message["payload"]
        data_of(agent.api.use(permission["id"], token))
        assert watch.wait_for(2)[1]["payload"]["status"] == "used"
        assert watch.is_ended_within(5), "nothing can become of it any more"
        assert not any(token in raw or TOKEN.search(raw) for raw in watch.raw)


def test_a_websocket_tells_why_it_was_denied(operator):
    agent = operator.agent()
    permission = asked(agent)
    with socket_of(operator, permission) as watch:
        data_of(operator.api.decide(permission["id"], False, reason="Not today."))
        payload = watch.wait_for()[0]["payload"]
        assert (payload["permissionId"], payload["status"], payload["reason"]) == (
            permission["id"], "denied", "Not today.")
        assert watch.is_ended_within(5)


def test_whoever_comes_late_to_the_websocket_learns_the_decision_too(operator):
    """It was decided between the request and the connection: nobody waits for ever."""
    agent = operator.agent()
    permission = asked(agent)
    data_of(operator.api.decide(permission["id"], False))
    with socket_of(operator, permission) as watch:
        assert watch.wait_for()[0]["payload"]["status"] == "denied"
        assert watch.is_ended_within(5)


def test_a_websocket_stays_open_and_answers_pings(operator):
    agent = operator.agent()
    permission = asked(agent)
    with socket_of(operator, permission) as watch:
        for _ in range(3):
            watch.ping()
        watch.send("hello")
        watch.send(b"\x00" * 100)
        time.sleep(0.2)
        assert watch.messages == []
    data_of(operator.api.decide(permission["id"], True))
    agent.collected(permission["id"])


@pytest.mark.parametrize("permission", ["perm_nowhere", "x", "..%2f..", ""])
def test_there_is_no_websocket_for_what_does_not_exist(operator, permission):
    watch = WebSocket(f"ws://127.0.0.1:{operator.server.port}/ws/{permission}")
    assert watch.is_ended_within(10) and watch.refused == 404


def test_a_websocket_is_asked_for_as_one(operator):
    permission = asked(operator.agent())
    with Client(operator.server.port, None) as client:
        assert client.get("/" + permission["webhookUrl"].split("/", 3)[3]).status in (400, 404, 426)


def test_a_websocket_message_that_is_too_big_ends_it(operator):
    agent = operator.agent()
    permission = asked(agent)
    with socket_of(operator, permission) as watch:
        try:
            watch.send("x" * 10_000_000)
        except Exception:  # noqa: BLE001 - however the library says that the connection is gone
            pass
        assert watch.is_ended_within(10)
    assert agent.status(permission["id"]) == "pending"


def test_two_hundred_websockets_are_told_of_their_own_permission_only(operator):
    agents = [operator.agent() for _ in range(4)]
    permissions = [asked(agent) for agent in agents]
    watches = [(number % 4, socket_of(operator, permissions[number % 4])) for number in range(200)]
    for _, watch in watches:
        watch.__enter__()
    data_of(operator.api.decide(permissions[1]["id"], False))
    for number, watch in watches:
        if number == 1:
            assert watch.wait_for()[0]["payload"]["status"] == "denied"
    assert not [watch for number, watch in watches if number != 1 and watch.messages]
    for _, watch in watches:
        watch.close()


# Server-sent events

def test_events_tell_the_decision_and_never_the_token(operator):
    agent = operator.agent()
    permission = agent.pending()
    with stream_of(operator, agent, permission) as watch:
        assert watch.status == 200 and watch.content_type.startswith("text/event-stream")
        data_of(operator.api.decide(permission, True))
        token = agent.collected(permission).token
        data_of(agent.api.use(permission, token))
        assert watch.is_ended_within(5), "nothing can become of it any more"
    told = [(message["type"], message["payload"]["status"]) for message in watch.messages]
    assert told == [("status_change", "approved"), ("status_change", "used")]
    assert {message["payload"]["permissionId"] for message in watch.messages} == {permission}
    assert not any(token in raw for raw in watch.raw)


def test_only_its_agent_and_people_who_decide_hear_events(operator):
    agent, other = operator.agent(), operator.agent()
    permission = agent.pending()
    with stream_of(operator, other, permission) as watch:
        assert watch.status == 404
    with stream_of(operator, other, "perm_nowhere") as watch:
        assert watch.status == 404
    with EventStream(operator.server.port, f"/api/v1/permissions/{permission}/events", {}) as watch:
        assert watch.status == 401


def test_a_stream_that_nobody_reads_hinders_nobody(operator):
    agent = operator.agent()
    permission = agent.pending()
    head = (f"GET /api/v1/permissions/{permission}/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"
            f"Authorization: Bearer {agent.key}\r\n\r\n").encode()
    connections = [RawConnection(operator.server.port).write(head) for _ in range(50)]
    for connection in connections[:25]:
        connection.socket.close()
    data_of(operator.api.decide(permission, False))
    assert agent.status(permission) == "denied"
    for connection in connections[25:]:
        # Whoever closes a side before the decision came has given up, and is told nothing.
        connection.read_until(b"denied", 10)
        assert connection.finish().is_closed_within(10)
        connection.socket.close()


# Places for those who wait

@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """A server with 20 places, of which two are anybody's share."""
    server = new_server(tmp_path_factory.mktemp("crowded"), configuration="limits:\n  waiting: 20\n")
    operator = Operator(server)
    yield operator
    operator.end()
    server.end()


def waiting_in(operator):
    with Client(operator.server.port, operator.key) as client:
        figures = client.get("/metrics").body.decode().splitlines()
    return int(next(line for line in figures if line.startswith("countersign_permission_waiting ")).split()[1])


def until_waiting(operator, count):
    deadline = time.monotonic() + 10
    while waiting_in(operator) != count:
        assert time.monotonic() < deadline, f"{waiting_in(operator)} wait, not {count}"
        time.sleep(0.02)


def polling(operator, agent, permission):
    """A connection on which a long poll waits."""
    before = waiting_in(operator)
    connection = RawConnection(operator.server.port).write(
        f"GET /api/v1/permissions/{permission}?wait=30 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        f"Authorization: Bearer {agent.key}\r\n\r\n".encode())
    until_waiting(operator, before + 1)
    return connection


def refused(answer, status, code):
    assert error_of(answer, status)["code"] == code
    assert 0 < int(answer.headers["Retry-After"]) <= 10


def test_an_agent_holds_a_tenth_of_the_places_and_others_wait_beside_it(crowded):
    agent, other = crowded.agent(), crowded.agent()
    mine, theirs = agent.pending(), other.pending()
    polls = [polling(crowded, agent, mine) for _ in range(2)]
    refused(agent.api.permission(mine, wait=30), 429, "TOO_MANY_WAITING")
    assert data_of(agent.api.permission(mine))["status"] == "pending", "who does not wait needs no place"
    with stream_of(crowded, agent, mine) as watch:
        assert watch.status == 429, "events are another way to wait for the same"
    polls.append(polling(crowded, other, theirs))
    for permission in (mine, theirs):
        data_of(crowded.api.decide(permission, False))
    assert all(b"denied" in poll.read_to_end(10) for poll in polls)
    until_waiting(crowded, 0)


def test_websockets_of_one_permission_hold_a_tenth_of_the_places(crowded):
    agent = crowded.agent()
    mine, other = asked(agent, resource="mine"), asked(agent, resource="other")
    with socket_of(crowded, mine) as first, socket_of(crowded, mine) as second:
        third = socket_of(crowded, mine)
        assert third.is_ended_within(10) and third.refused == 429
        with socket_of(crowded, other):
            data_of(crowded.api.decide(mine["id"], False))
            for watch in (first, second):
                assert watch.wait_for()[0]["payload"]["status"] == "denied" and watch.is_ended_within(5)
    until_waiting(crowded, 0)


def test_a_full_house_refuses_and_does_not_answer_at_once(crowded):
    """An answer at once would make its clients ask in a circle."""
    agents = [crowded.agent() for _ in range(11)]
    permissions = [agent.pending() for agent in agents]
    polls = [polling(crowded, agent, permission)
             for agent, permission in zip(agents[:10], permissions) for _ in range(2)]
    refused(agents[10].api.permission(permissions[10], wait=30), 503, "UNAVAILABLE")
    data_of(crowded.api.decide(permissions[10], True))
    found = data_of(agents[10].api.permission(permissions[10], wait=30))
    assert found["status"] == "approved" and TOKEN.fullmatch(found["token"]), "what is decided needs no place"
    for poll in polls:
        poll.socket.close()
    until_waiting(crowded, 0)


# Expiry on time: everything whose life is 30 seconds is made at once and waited for once.

@pytest.fixture(scope="module")
def expired(tmp_path_factory):
    """A pending and an approved permission of 30 seconds, watched while their time ran out."""
    server = new_server(tmp_path_factory.mktemp("expiry"))
    operator = Operator(server)
    asking, trusted = operator.agent(), operator.trusted_agent()
    pending, grant = asked(asking, ttl=30), trusted.granted(ttl=30)
    collected = asking.pending(resource="approved late", ttl=30)
    data_of(operator.api.decide(collected, True))
    socket, stream = socket_of(operator, pending), stream_of(operator, asking, pending["id"])
    poll = threading.Timer(15, lambda: polled.append(asking_poll.get(f"/api/v1/permissions/{pending['id']}?wait=30")))
    polled, asking_poll = [], Client(server.port, asking.key, timeout=40)
    with socket, stream:
        poll.start()
        time.sleep(max(0, max(time_of(pending["expiresAt"]), time_of(grant.expires_at)) - time.time()) + 3)
        trails = {permission: operator.trail(permission) for permission in (pending["id"], grant.id, collected)}
        poll.join()
        yield {"operator": operator, "asking": asking, "trusted": trusted, "pending": pending, "grant": grant,
               "collected": collected, "trails": trails, "socket": socket, "stream": stream, "polled": polled}
    operator.end()
    asking_poll.close()
    server.end()


def test_expiry_is_written_on_time_before_anybody_looks(expired):
    """Within three seconds, with its entry in the audit, of pending and of approved permissions."""
    for permission in (expired["pending"]["id"], expired["grant"].id, expired["collected"]):
        [entry] = [entry for entry in expired["trails"][permission] if entry["eventType"] == "permission.expired"]
        due = next(entry for entry in expired["trails"][permission] if entry["eventType"] == "permission.requested")
        assert 29 < time_of(entry["createdAt"]) - time_of(due["createdAt"]) < 33


def test_an_expired_permission_is_reported_as_such(expired):
    for agent, permission in ((expired["asking"], expired["pending"]["id"]), (expired["trusted"], expired["grant"].id)):
        assert agent.status(permission) == "expired"
    assert "token" not in data_of(expired["asking"].api.permission(expired["collected"]))


def test_an_expired_token_opens_nothing(expired):
    agent, grant = expired["trusted"], expired["grant"]
    found = data_of(agent.api.verify(grant.id, grant.token))
    assert found["valid"] is False and "expired" in found["reason"].lower()
    assert data_of(agent.api.use(grant.id, grant.token))["success"] is False


def test_nobody_decides_what_has_expired(expired):
    for approved in (True, False):
        error_of(expired["operator"].api.decide(expired["pending"]["id"], approved), 409)


def test_those_who_wait_are_told_that_it_expired(expired):
    """`{"type":"expired"}` over the WebSocket; the stream ends; a long poll over the end answers."""
    assert expired["socket"].wait_for()[-1]["type"] == "expired" and expired["socket"].is_ended_within(5)
    assert expired["stream"].is_ended_within(5) and expired["stream"].messages[-1]["type"] == "expired"
    assert data_of(expired["polled"][0])["status"] == "expired" and 10 < expired["polled"][0].seconds < 20


def test_expiry_counts_in_the_figures(expired):
    """Only what nobody decided in time has expired; a grant that was not used is an unused token."""
    figures = data_of(expired["operator"].api.metrics("1h"))
    assert (figures["pending"], figures["expired"]) == (0, 1)
    assert figures["tokensUsed"] == 0 and figures["unusedTokenRate"] == 1
    listed = page_of(expired["operator"].api.permissions(status="expired"))[0]
    assert len(listed) == 3
