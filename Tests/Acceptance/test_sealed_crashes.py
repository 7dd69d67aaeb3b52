"""Sealed flows killed in the middle: no code is guessed more than three times, and no token opens two sessions."""

import os
import random
import shutil
import signal
import threading
import time

import pytest
import contacts
from clients import countersign
from clients.p256 import PrivateKey
from sealed import FLOWS, SEALED_ATTEMPTS, Dialect, Own, activities, code_for, problem, turnkey_refused


def _refused_as_dead(flow, answer):
    if isinstance(flow, Dialect):
        turnkey_refused(answer, 400, 9, name="OTP_FROM_BEFORE_RESTART")
    else:
        problem(answer, 400, "code_from_before_restart")


@pytest.mark.parametrize("name", FLOWS)
def test_the_enclave_killed_between_init_and_verify(started, name):
    """The right code is told to be from before the restart, at once and for good; a new one works."""
    server = started()
    flow, contact = FLOWS[name](server), contacts.address()
    challenge = flow.start(contact)
    code = code_for(server, contact)
    before = server.enclave_pid()
    os.kill(before, signal.SIGKILL)
    server.wait_for_enclave(other_than=before)
    _refused_as_dead(flow, _answered(lambda: flow.attempt(challenge, code)))
    _refused_as_dead(flow, flow.attempt(challenge, contacts.wrong(code)))
    key = PrivateKey()
    again = flow.start(contact)
    newest = code_for(server, contact, count=2)
    flow.log_in(flow.verified(flow.attempt(again, newest, key), key))


def _answered(ask, seconds=10):
    """The first answer that is not 503: the new enclave greets first."""
    deadline = time.monotonic() + seconds
    while (answer := ask()).status == 503:
        assert time.monotonic() < deadline, "the enclave did not come back"
        time.sleep(0.05)
    return answer


@pytest.mark.parametrize("after", range(SEALED_ATTEMPTS))
def test_a_host_killed_after_attempts_gives_none_back(started, after):
    """kill -9 after any number of wrong attempts: three guesses in all at the most, and the right code is dead."""
    server = started()
    own, contact = Own.back_end(server), contacts.address()
    challenge = own.start(contact)
    code = code_for(server, contact)
    for left in range(SEALED_ATTEMPTS - 1, SEALED_ATTEMPTS - 1 - after, -1):
        assert own.attempt(challenge, contacts.wrong(code)).json["attempts_remaining"] == left
    server.kill()
    server.start()
    own = Own.back_end(server)
    for guess in (contacts.wrong(code), code, code, code):
        answer = own.attempt(challenge, guess)
        assert answer.status == 400 and answer.code == "code_from_before_restart", answer.said()


def test_an_old_database_gives_no_guess_back(started, tmp_path):
    """The database from before the guesses, put back under a new start: codes of the old enclave are dead."""
    server = started()
    own, contact = Own.back_end(server), contacts.address()
    challenge = own.start(contact)
    code = code_for(server, contact)
    assert server.stop() == 0
    shutil.copytree(server.data, tmp_path / "copy")
    server.start()
    own = Own.back_end(server)
    fresh = own.start(contact)
    newest = code_for(server, contact, count=2)
    for _ in range(SEALED_ATTEMPTS):
        own.attempt(fresh, contacts.wrong(newest))
    server.kill()
    shutil.rmtree(server.data)
    shutil.copytree(tmp_path / "copy", server.data)
    server.start()
    own = Own.back_end(server)
    problem(own.attempt(challenge, code), 400, "code_from_before_restart")
    problem(own.attempt(fresh, newest), 404, "challenge_unknown")


def test_no_guess_is_compared_twice_while_enclaves_die(started):
    """Enclaves killed at random under a storm of guesses: a code is compared at most three times, whoever lives."""
    server = started()
    own = Own.back_end(server)
    storm = _Storm(server)
    for _ in range(6):
        contact = contacts.address()
        challenge = own.started(contact, _answered(lambda contact=contact: own.api.start(contact)))
        code = code_for(server, contact)
        storm.guess(challenge, code)
        victim = server.enclave_pid()
        time.sleep(random.uniform(0, 0.02))
        os.kill(victim, signal.SIGKILL)
        compared = storm.finish()
        assert compared <= SEALED_ATTEMPTS
        server.wait_for_enclave(other_than=victim)
        assert _answered(lambda: own.attempt(challenge, code)).status in (400, 429)


class _Storm:
    """Eight clients that guess at one challenge until they are told that it is over."""

    def __init__(self, server):
        self.server, self.threads, self.compared = server, [], []

    def guess(self, challenge, code):
        self.compared, self.threads = [], []
        for _ in range(8):
            body = countersign.sealed(challenge.target, contacts.wrong(code), PrivateKey().public)
            self.threads.append(threading.Thread(target=self._work, args=(challenge.id, body)))
            self.threads[-1].start()

    def _work(self, challenge, body):
        with self.server.client("live") as client:
            answer = countersign.SealedAPI(client).attempt(challenge, body)
            if answer.code == "invalid_code":
                self.compared.append(answer.json["attempts_remaining"])

    def finish(self):
        for thread in self.threads:
            thread.join(timeout=20)
        assert len(set(self.compared)) == len(self.compared), "each guess took an attempt of its own"
        return len(self.compared)


def test_a_server_killed_while_people_log_in_opens_no_second_session(started):
    """kill -9 at random moments of logins: afterwards a token opens a session only if it opened none before."""
    server = started()
    for _ in range(4):
        own = Own.back_end(server)
        proven = [own.prove(contacts.address()) for _ in range(6)]
        answers = {}
        threads = [threading.Thread(target=_try_login, args=(server, answers, number, each))
                   for number, each in enumerate(proven)]
        for thread in threads:
            thread.start()
        time.sleep(random.uniform(0, 0.03))
        server.kill()
        for thread in threads:
            thread.join(timeout=20)
        server.start()
        own = Own.back_end(server)
        for number, each in enumerate(proven):
            again = own.api.open_session(each.token, each.key)
            if number in answers:
                problem(again, 409, "verification_token_used")
                assert own.api.show_session(answers[number]["session_token"], each.key).status == 200
            else:
                assert again.status in (201, 409), again.said()
        sessions = server.rows("user_session")
        assert len({row["user_id"] for row in sessions}) == len(sessions), "one session for each who logged in"


def _try_login(server, answers, number, proven):
    try:
        answer = Own.back_end(server).api.open_session(proven.token, proven.key)
        if answer.status == 201:
            answers[number] = answer.json
    except OSError:
        pass


def test_a_server_killed_while_people_sign_up_makes_each_user_once(started):
    server = started()
    dialect = activities(server)
    proven = [dialect.prove(contacts.address()) for _ in range(6)]
    threads = [threading.Thread(target=_try_enrol, args=(server, each)) for each in proven]
    for thread in threads:
        thread.start()
    time.sleep(random.uniform(0, 0.02))
    server.kill()
    for thread in threads:
        thread.join(timeout=20)
    server.start()
    proxy = Dialect.proxy(server)
    users = {proxy.log_in(each)["user_id"] for each in proven}
    assert len(users) == len(proven) == len(server.rows("user_account")) == len(server.rows("user_contact"))


def _try_enrol(server, proven):
    try:
        Dialect.proxy(server).enrol(proven)
    except OSError:
        pass
