"""Sessions of both flows: once per token, ten per user, ended when they should be."""

import time

import pytest
import contacts
from clients import countersign, turnkey
from clients.p256 import PrivateKey
from parallel import in_parallel
from sealed import SESSIONS, Dialect, Own, activities, problem, set_workspace, turnkey_refused


def _own_login(server, contact, **fields):
    own = Own.back_end(server)
    proven = own.prove(contact)
    return proven, own.log_in(proven, **fields)


def _dialect_login(dialect, contact, **parameters):
    session_key = PrivateKey()
    dialect.log_in(dialect.prove(contact), session_key, **parameters)
    return session_key


def _is_alive(dialect, session_key):
    answer = dialect.in_session(session_key).query("whoami")
    if answer.status != 200:
        turnkey_refused(answer, 401, 16, name="PUBLIC_KEY_NOT_FOUND")
    return answer.status == 200


@pytest.mark.parametrize("flow", ["dialect", "our own"])
def test_two_parallel_logins_with_one_token_are_one_session(server, flow):
    """Twenty at the same moment, with session keys of their own where the flow has such."""
    contact = contacts.address()
    before = len(_sessions(server))
    if flow == "dialect":
        dialect = activities(server)
        proven = dialect.enrol(dialect.prove(contact))
        keys = [PrivateKey() for _ in range(20)]
        answers = in_parallel(server, "live", 20, lambda client, number: Dialect.proxy(
            server, http=_without_key(client)).api.log_in(proven.token, proven.key, keys[number].public))
    else:
        proven = Own.back_end(server).prove(contact)
        answers = in_parallel(server, "live", 20, lambda client, number: countersign.SealedAPI(
            client, base=server.url).open_session(proven.token, proven.key))
    opened = [answer for answer in answers if answer.status in (200, 201)]
    assert len(opened) == 1, f"{len(opened)} sessions with one token"
    assert {answer.status for answer in answers if answer not in opened} <= {400, 409}
    assert len(_sessions(server)) == before + 1


def _without_key(client):
    client.key = None
    return client


def _sessions(server):
    return server.rows("user_session")


def test_the_eleventh_session_ends_the_oldest(server):
    """Ten live sessions of one user, in our own flow."""
    contact = contacts.address()
    logins = [_own_login(server, contact) for _ in range(SESSIONS + 1)]
    api = Own.back_end(server).api
    alive = [api.show_session(opened["session_token"], proven.key).status == 200 for proven, opened in logins]
    assert alive == [False] + [True] * SESSIONS


def test_the_eleventh_session_of_the_dialect_ends_the_oldest(server):
    dialect, contact = activities(server), contacts.address()
    keys = [_dialect_login(dialect, contact) for _ in range(SESSIONS + 1)]
    assert [_is_alive(dialect, key) for key in keys] == [False] + [True] * SESSIONS


def test_expired_sessions_go_before_the_oldest(server):
    """A short one in the middle makes room; the oldest stays."""
    dialect, contact = activities(server), contacts.address()
    keys = [_dialect_login(dialect, contact, **({"expirationSeconds": "1"} if number == 5 else {}))
            for number in range(SESSIONS)]
    time.sleep(1.1)
    assert not _is_alive(dialect, keys[5]), "it lives as long as was asked for"
    keys.append(_dialect_login(dialect, contact))
    assert [_is_alive(dialect, key) for key in keys] == [number != 5 for number in range(SESSIONS + 1)]


def test_a_login_can_end_all_others(server):
    """`invalidateExisting`, in both flows; other people's sessions go on."""
    dialect, contact = activities(server), contacts.address()
    stranger = _dialect_login(dialect, contacts.address())
    earlier = [_dialect_login(dialect, contact) for _ in range(3)]
    last = _dialect_login(dialect, contact, invalidateExisting=True)
    assert [_is_alive(dialect, key) for key in [*earlier, last, stranger]] == [False] * 3 + [True] * 2

    person, api = contacts.address(), Own.back_end(server).api
    first, second = _own_login(server, person), _own_login(server, person, invalidate_existing=True)
    problem(api.show_session(first[1]["session_token"], first[0].key), 401, "invalid_token")
    assert api.show_session(second[1]["session_token"], second[0].key).status == 200


def test_ten_sessions_are_a_limit_per_person(server):
    """However many log in at the same time."""
    contact, own = contacts.address(), Own.back_end(server)
    proven = [own.prove(contact) for _ in range(16)]
    answers = in_parallel(server, "live", 16, lambda client, number: countersign.SealedAPI(
        client, base=server.url).open_session(proven[number].token, proven[number].key))
    assert [answer.status for answer in answers] == [201] * 16
    alive = [own.api.show_session(answer.json["session_token"], proven[number].key).status == 200
             for number, answer in enumerate(answers)]
    assert sum(alive) == SESSIONS
    assert len({answer.json["user"]["id"] for answer in answers}) == 1
    assert sum(answer.json["user"]["created"] for answer in answers) == 1


def test_a_session_outlives_a_restart_of_the_server_and_of_the_enclave(started):
    """It is a row and a signature: only codes die with the enclave."""
    server = started()
    own = Own.back_end(server)
    proven, opened = _own_login(server, contacts.address())
    unused = own.prove(contacts.address())
    assert server.stop() == 0
    server.start()
    own = Own.back_end(server)
    assert own.api.show_session(opened["session_token"], proven.key).status == 200
    own.log_in(unused)


def test_a_token_is_good_for_as_long_as_was_said(started):
    """By the workspace's setting and by the request's; a second later it is refused."""
    server = started()
    set_workspace(server, verification_token_seconds=1)
    own, dialect = Own.back_end(server), activities(server)
    late, on_time = own.prove(contacts.address()), dialect.prove(contacts.address())
    dialect.log_in(on_time)
    time.sleep(2.1)
    problem(own.api.open_session(late.token, late.key), 400, "verification_token_expired")
    assert turnkey.verification_claims(on_time.token, server.issued["enclave"]["signingKey"])


def test_a_session_key_of_the_dialect_is_the_sessions_alone(server):
    """One key cannot be in two sessions, nor may a session be opened with a key off the curve."""
    dialect = activities(server)
    proven, session_key = dialect.prove(contacts.address()), PrivateKey()
    claims = dialect.log_in(proven, session_key)
    assert _is_alive(dialect, session_key)
    other = dialect.prove(contacts.address())
    answer = dialect.api.log_in(other.token, other.key, session_key.public)
    if answer.status == 200:
        who = dialect.in_session(session_key).query("whoami").json["userId"]
        assert who in (claims["user_id"], dialect.session(answer, "otpLoginResult", session_key)["user_id"])
    else:
        assert 400 <= answer.status < 500
