"""Whether a message was sent to a contact is not to be learnt: same answers, same headers, same time."""

import random
import time
from statistics import median

import pytest
import contacts
from statistics_of_two import probability_of_being_later, relative_difference, tells_apart
from wire import COUNTDOWN, dispatched, refused

SAMPLES = 400


@pytest.mark.parametrize("kind", ["test", "live"])
@pytest.mark.parametrize("make", [contacts.phone, contacts.address])
def test_a_wrong_code_and_an_unknown_contact_answer_alike(server, kind, make):
    """Through the whole countdown, the lock and beyond it: every byte and every header."""
    known, unknown = make(), make()
    with server.client(kind) as client:
        code = dispatched(client.send(known)).get("code") or server.inbox.code(known)
        for attempt in range(8):
            answers = [client.verify(contact, contacts.wrong(code)) for contact in (known, unknown)]
            assert [answer.status for answer in answers] == ([400, 400] if attempt < len(COUNTDOWN) else [429, 429])
            _expect_alike(*answers)


def test_the_wait_told_at_the_lock_does_not_tell_them_apart(started):
    """`Retry-After` of a code that is old when it locks is one that contacts without a code get too."""
    server = started(settings=["--code-lifetime-seconds", "10"])
    known, strangers = contacts.phone(), contacts.phones(12)
    with server.client() as client:
        dispatched(client.send(known))
        time.sleep(7.5)
        waits = {}
        for to in [known, *strangers]:
            for _ in range(6):
                answer = client.verify(to, "------")
            waits[to] = int(answer.headers["Retry-After"])
    told = waits.pop(known)
    assert min(waits.values()) - 1 <= told <= max(waits.values()) + 1, f"{told} s, but strangers {set(waits.values())}"


def test_a_used_code_answers_like_an_unknown_contact(server):
    """After the success nothing tells that there was one: it looks like a contact at which one attempt was made."""
    known, unknown = contacts.phones(2)
    with server.client() as client:
        code = dispatched(client.send(known))["code"]
        assert client.verify(known, code).status == 200
        client.verify(unknown, code)
        for _ in range(7):
            _expect_alike(client.verify(known, code), client.verify(unknown, code))


def test_a_contact_guessed_before_its_send_can_still_be_reached(server):
    """Guesses at a contact before anything was sent do not lock its owner out."""
    to = contacts.phone()
    with server.client() as client:
        for _ in range(6):
            client.verify(to, "123456")
        code = dispatched(client.send(to))["code"]
        assert client.verify(to, code).status == 200


def test_a_send_answers_alike_for_new_and_known_contacts(started):
    """A contact that verified before is sent to like one never seen."""
    server = started(settings=["--cooldown-seconds", "1"])
    known = contacts.phone()
    with server.client() as client:
        assert client.verify(known, dispatched(client.send(known))["code"]).status == 200
        time.sleep(1.1)
        again, fresh = client.send(known), client.send(contacts.phone())
        assert set(dispatched(again)) == set(dispatched(fresh))
        assert _comparable_headers(again) == _comparable_headers(fresh)


@pytest.mark.parametrize("make", [contacts.phone, contacts.address])
def test_wrong_code_and_unknown_contact_take_the_same_time(server, make):
    """400 first guesses at contacts with a code and 400 at contacts without, interleaved at random.

    The first guess is the one that an attacker learns from, as it is all that a contact never seen before gets.
    A difference counts only if two independent rounds show it.
    """
    if _a_round_tells_apart(server, make):
        assert not _a_round_tells_apart(server, make), "response times tell a known contact from an unknown one"


def _a_round_tells_apart(server, make):
    known, unknown = _measure(server, make)
    print(f"median of known {median(known):.6f} s, of unknown {median(unknown):.6f} s, "
          f"an unknown one is later with probability {probability_of_being_later(known, unknown):.3f}")
    return tells_apart(known, unknown) and relative_difference(known, unknown) > 0.02


def _measure(server, make):
    """Times of first guesses over one connection; chance decides which contacts have a code."""
    people = [make() for _ in range(2 * SAMPLES)]
    random.shuffle(people)
    series = {kind: [] for kind in ("known", "unknown")}
    with server.client() as client:
        asked = [(to, contacts.wrong(dispatched(client.send(to))["code"]), "known") for to in people[:SAMPLES]]
        asked += [(to, "123456", "unknown") for to in people[SAMPLES:]]
        random.shuffle(asked)
        for _ in range(40):  # warm both paths with contacts that are not measured
            client.verify(make(), "123456")
        for to, code, kind in asked:
            answer = client.verify(to, code)
            refused(answer, 400, "INVALID_CODE")
            series[kind].append(answer.seconds)
    return series["known"], series["unknown"]


def _expect_alike(first, second):
    assert first.status == second.status
    assert first.body == second.body
    assert _comparable_headers(first) == _comparable_headers(second)


def _comparable_headers(answer):
    """Names in their order, and the values that a moment later would still be the same."""
    own = {"x-request-id", "date", "retry-after"}
    return [(name, None if name.lower() in own else value) for name, value in answer.headers.items()]
