"""Once means once, however many try at the same time."""

import os
import signal
import time
from collections import Counter

import contacts
from parallel import in_parallel
from wire import COUNTDOWN, dispatched, refused, verified


def test_fifty_correct_attempts_verify_once(server):
    """One token, 49 answers like a wrong code's; nobody gets a second token afterwards."""
    to = contacts.phone()
    with server.client() as client:
        code = dispatched(client.send(to))["code"]
    answers = in_parallel(server, "test", 50, lambda client, number: client.verify(to, code))
    assert Counter(answer.status for answer in answers)[200] == 1
    for answer in answers:
        if answer.status == 200:
            verified(answer)
        elif answer.status == 400:
            refused(answer, 400, "INVALID_CODE")
        else:
            refused(answer, 429, "TOO_MANY_ATTEMPTS")
    with server.client() as client:
        assert client.verify(to, code).status in (400, 429)


def test_fifty_correct_attempts_with_a_live_key_verify_once(server):
    to = contacts.phone()
    with server.client("live") as client:
        dispatched(client.send(to))
    code = server.inbox.code(to)
    answers = in_parallel(server, "live", 50, lambda client, number: client.verify(to, code))
    assert Counter(answer.status for answer in answers)[200] == 1


def test_fifty_wrong_attempts_are_five_guesses(server):
    """Each of the countdown's values is told once, all others are locked out, and the right code is dead."""
    to = contacts.phone()
    with server.client() as client:
        code = dispatched(client.send(to))["code"]
    answers = in_parallel(server, "test", 50, lambda client, number: client.verify(to, contacts.wrong(code)))
    _expect_five_counted(answers)
    with server.client() as client:
        refused(client.verify(to, code), 429, "TOO_MANY_ATTEMPTS")


def test_fifty_guesses_at_an_unknown_contact_look_the_same(server):
    to = contacts.phone()
    answers = in_parallel(server, "test", 50, lambda client, number: client.verify(to, "123456"))
    _expect_five_counted(answers)


def _expect_five_counted(answers):
    counted = [answer for answer in answers if answer.status == 400]
    remaining = sorted(refused(answer, 400, "INVALID_CODE")["attempts_remaining"] for answer in counted)
    assert remaining == sorted(COUNTDOWN)
    locked = [answer for answer in answers if answer.status != 400]
    assert len(locked) == 50 - len(COUNTDOWN)
    for answer in locked:
        refused(answer, 429, "TOO_MANY_ATTEMPTS")


def test_wrong_and_right_at_once_never_verify_after_the_lock(server):
    """25 right and 25 wrong: at most one success, and five attempts in all."""
    for _ in range(3):
        to = contacts.phone()
        with server.client() as client:
            code = dispatched(client.send(to))["code"]
        answers = in_parallel(server, "test", 50, lambda client, number: client.verify(
            to, code if number % 2 else contacts.wrong(code)))
        statuses = Counter(answer.status for answer in answers)
        assert statuses[200] <= 1 and statuses[200] + statuses[400] <= 5
        assert set(statuses) <= {200, 400, 429}


def test_fifty_sends_to_one_contact_are_one_message(server):
    to = contacts.phone()
    answers = in_parallel(server, "live", 50, lambda client, number: client.send(to))
    assert sorted(answer.status for answer in answers) == [200] + [429] * 49
    for answer in answers:
        if answer.status == 429:
            refused(answer, 429, "SPAM_COOLDOWN")
    assert len(server.inbox.messages(to)) == 1


def test_an_enclave_killed_in_between_gives_no_further_guess(server):
    """Three wrong attempts, kill -9 of the enclave: it comes back, and the old code is refused for what it is."""
    to = contacts.phone()
    with server.client() as client:
        code = dispatched(client.send(to))["code"]
        for _ in range(3):
            refused(client.verify(to, contacts.wrong(code)), 400, "INVALID_CODE")
        enclave = server.enclave_pid()
        os.kill(enclave, signal.SIGKILL)
        first = _until_it_answers(lambda: client.verify(to, code))
        refused(first, 400, "CODE_FROM_BEFORE_RESTART")
        for _ in range(6):
            refused(client.verify(to, contacts.wrong(code)), 400, "CODE_FROM_BEFORE_RESTART")
    assert server.wait_for_enclave(other_than=enclave) != enclave


def test_after_the_enclaves_restart_everything_works_again(server):
    """A new code verifies, and tokens are signed by the same keys as before."""
    with server.client(None) as client:
        before = {key["kid"] for key in client.get("/.well-known/jwks.json").json["keys"]}
        boot = client.get("/api/v1/enclave").json["boot"]
    enclave = server.enclave_pid()
    os.kill(enclave, signal.SIGKILL)
    server.wait_for_enclave(other_than=enclave)
    to = contacts.phone()
    with server.client() as client:
        sent = _until_it_answers(lambda: client.send(to))
        verified(client.verify(to, dispatched(sent)["code"]))
        assert {key["kid"] for key in client.get("/.well-known/jwks.json").json["keys"]} == before
        assert client.get("/api/v1/enclave").json["boot"] != boot


def test_an_enclave_killed_under_parallel_guesses_counts_none_twice(server):
    """Guesses before and after the kill together never exceed the five of one code."""
    to = contacts.phone()
    with server.client() as client:
        code = dispatched(client.send(to))["code"]
    victim = server.enclave_pid()

    def ask(client, number):
        if number == 25:
            os.kill(victim, signal.SIGKILL)
        return _until_it_answers(lambda: client.verify(to, contacts.wrong(code)))

    answers = in_parallel(server, "test", 50, ask)
    assert sum(answer.code == "INVALID_CODE" for answer in answers) <= len(COUNTDOWN)
    assert {answer.code for answer in answers} <= {"INVALID_CODE", "TOO_MANY_ATTEMPTS", "CODE_FROM_BEFORE_RESTART"}
    with server.client() as client:
        assert _until_it_answers(lambda: client.verify(to, code)).status != 200


def test_a_resend_after_the_restart_makes_a_new_code(started):
    """The person whose code died with the enclave is helped by one more send."""
    server = started(settings=["--cooldown-seconds", "1"])
    to = contacts.phone()
    with server.client() as client:
        old = dispatched(client.send(to))["code"]
        os.kill(server.enclave_pid(), signal.SIGKILL)
        time.sleep(1.1)
        sent = dispatched(_until_it_answers(lambda: client.send(to)))
        if sent["code"] != old:
            refused(client.verify(to, old), 400, "INVALID_CODE")
        verified(client.verify(to, sent["code"]))


def test_an_enclave_that_keeps_dying_never_lets_a_code_through(server):
    """Killed eight times in a row: every answer is a documented one, and the host stays up."""
    to = contacts.phone()
    with server.client() as client:
        dispatched(client.send(to))
        for _ in range(8):
            try:
                os.kill(server.enclave_pid(), signal.SIGKILL)
            except (AssertionError, ProcessLookupError):
                pass
            answer = client.send(contacts.phone())
            if answer.status != 200:
                refused(answer, 503, "UNAVAILABLE")
            time.sleep(0.05)
        verified_again = contacts.phone()
        sent = _until_it_answers(lambda: client.send(verified_again), seconds=30)
        verified(client.verify(verified_again, dispatched(sent)["code"]))


def _until_it_answers(ask, seconds=15):
    """Asks again while the answer is a 503 with its Retry-After."""
    deadline = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer.status != 503:
            return answer
        refused(answer, 503, "UNAVAILABLE")
        assert time.monotonic() < deadline, f"still 503 after {seconds} s"
        time.sleep(0.05)
