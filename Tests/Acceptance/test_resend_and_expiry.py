"""A code's life: cooldown, resend, expiry, and settings that a living code does not feel."""

import time

import pytest
import contacts
from server import new_server
from tokens import unverified
from wire import dispatched, refused, verified


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """A server whose cooldown is one second."""
    server = new_server(tmp_path_factory.mktemp("quick"), settings=["--cooldown-seconds", "1"])
    yield server
    server.end()


def test_the_cooldown_is_sixty_seconds_by_default(server):
    """A second send to the same contact is refused, whatever the channel or the name, and says how long."""
    to = contacts.phone()
    with server.client("live") as client:
        dispatched(client.send(to))
        for fields in ({}, {"channel": "voice"}, {"app": "Another"}):
            answer = client.send(to, **fields)
            refused(answer, 429, "SPAM_COOLDOWN")
            assert 55 <= int(answer.headers["Retry-After"]) <= 60
        dispatched(client.send(contacts.phone()))
    assert len(server.inbox.messages(to)) == 1


def test_the_cooldown_holds_for_test_keys_too(server):
    to = contacts.phone()
    with server.client("test") as client:
        dispatched(client.send(to))
        refused(client.send(to), 429, "SPAM_COOLDOWN")


def test_a_domain_is_the_same_in_any_case(server):
    """An address is normalised before the limiter sees it."""
    to = contacts.address()
    with server.client("test") as client:
        code = dispatched(client.send(to))["code"]
        refused(client.send(to.replace("example.com", "EXAMPLE.com")), 429, "SPAM_COOLDOWN")
        verified(client.verify(to.replace("example.com", "Example.COM"), code))


def test_the_cooldown_survives_a_crash(started):
    server = started()
    to = contacts.phone()
    with server.client() as client:
        dispatched(client.send(to))
    server.kill()
    server.start()
    with server.client() as client:
        refused(client.send(to), 429, "SPAM_COOLDOWN")


def test_a_resend_delivers_the_same_code_and_shares_its_attempts(quick):
    """People type the first message that arrives; a resend gives no new guesses."""
    to = contacts.phone()
    with quick.client("live") as client:
        dispatched(client.send(to))
        first = quick.inbox.code(to)
        for remaining in (4, 3):
            answer = client.verify(to, contacts.wrong(first))
            assert refused(answer, 400, "INVALID_CODE")["attempts_remaining"] == remaining
        time.sleep(1.1)
        dispatched(client.send(to))
        messages = quick.inbox.wait_for(to, 2)
        assert messages[1].code() == first
        for remaining in (2, 1):
            answer = client.verify(to, contacts.wrong(first))
            assert refused(answer, 400, "INVALID_CODE")["attempts_remaining"] == remaining
        verified(client.verify(to, first))


def test_a_send_over_another_channel_gives_no_new_guesses(quick):
    """It may make a code of its own, because a token says over which channel the code went; attempts are shared."""
    to = contacts.phone()
    with quick.client() as client:
        first = dispatched(client.send(to, channel="sms"))["code"]
        for _ in range(3):
            refused(client.verify(to, contacts.wrong(first)), 400, "INVALID_CODE")
        time.sleep(1.1)
        second = dispatched(client.send(to, channel="voice"))["code"]
        answer = client.verify(to, contacts.wrong(second))
        assert refused(answer, 400, "INVALID_CODE")["attempts_remaining"] <= 1
        assert "tel" in unverified(verified(client.verify(to, second)))["amr"]


def test_a_resend_with_a_test_key_tells_the_same_code(quick):
    to = contacts.phone()
    with quick.client() as client:
        first = dispatched(client.send(to))
        time.sleep(1.1)
        second = dispatched(client.send(to))
        assert second["code"] == first["code"]


def test_a_resend_does_not_revive_a_dead_code(quick):
    """After the lock, a new send makes a new code; the old one stays dead."""
    to = contacts.phone()
    with quick.client() as client:
        old = dispatched(client.send(to))["code"]
        for _ in range(5):
            refused(client.verify(to, contacts.wrong(old)), 400, "INVALID_CODE")
        refused(client.verify(to, old), 429, "TOO_MANY_ATTEMPTS")
        time.sleep(1.1)
        new = dispatched(client.send(to))["code"]
        if new != old:
            refused(client.verify(to, old), 400, "INVALID_CODE")
        verified(client.verify(to, new))


def test_a_used_code_is_not_sent_again(quick):
    """A send after a success makes a new code; both may not verify."""
    to = contacts.phone()
    with quick.client() as client:
        first = dispatched(client.send(to))["code"]
        verified(client.verify(to, first))
        time.sleep(1.1)
        second = dispatched(client.send(to))["code"]
        if first != second:
            refused(client.verify(to, first), 400, "INVALID_CODE")
        verified(client.verify(to, second))
        refused(client.verify(to, second), 400, "INVALID_CODE")


def test_a_code_expires(started):
    """After its life the right code is refused, and a new send makes a new one."""
    server = started(settings=["--code-lifetime-seconds", "2", "--cooldown-seconds", "1"])
    to = contacts.phone()
    with server.client() as client:
        code = dispatched(client.send(to))["code"]
        time.sleep(2.2)
        refused(client.verify(to, code), 400, "CODE_EXPIRED")
        verified(client.verify(to, dispatched(client.send(to))["code"]))


def test_a_living_code_keeps_the_settings_it_was_made_under(started):
    """Life and shape are fixed when a code is made."""
    server = started(settings=["--code-length", "9", "--code-alphabet", "base32"])
    to = contacts.phone()
    with server.client() as client:
        code = dispatched(client.send(to))["code"]
        server.set("--code-lifetime-seconds", "1", "--code-length", "6", "--code-alphabet", "digits")
        time.sleep(1.5)
        verified(client.verify(to, code))


def test_a_resend_does_not_lengthen_a_codes_life(started):
    server = started(settings=["--code-lifetime-seconds", "3", "--cooldown-seconds", "1"])
    to = contacts.phone()
    with server.client() as client:
        code = dispatched(client.send(to))["code"]
        time.sleep(1.6)
        assert dispatched(client.send(to))["code"] == code
        time.sleep(1.6)
        refused(client.verify(to, code), 400, "CODE_EXPIRED")


@pytest.mark.parametrize("length", [6, 7, 8, 9])
def test_codes_have_the_length_that_the_workspace_sets(quick, length):
    quick.set("--code-length", str(length))
    to = contacts.phone()
    with quick.client() as client:
        code = dispatched(client.send(to))["code"]
        assert len(code) == length and code.isdigit()
        assert len(set(code)) > 1 and code not in "0123456789" and code not in "9876543210"
        verified(client.verify(to, code))
    quick.set("--code-length", "6")


def test_base32_codes_are_read_as_people_type_them(quick):
    """Crockford's alphabet: case does not matter, I and L are 1, O is 0."""
    quick.set("--code-length", "9", "--code-alphabet", "base32")
    try:
        with quick.client() as client:
            for _ in range(6):
                to = contacts.phone()
                code = dispatched(client.send(to))["code"]
                assert len(code) == 9 and set(code) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
                verified(client.verify(to, code.lower().replace("1", "l").replace("0", "o")))
    finally:
        quick.set("--code-length", "6", "--code-alphabet", "digits")


def test_mail_ends_with_the_origin_bound_line(quick):
    """Last line `@example.com #123456` where the workspace names a domain, in SMS and mail; the code in the subject."""
    quick.set("--domain", "login.example.com", "--code-in-subject", "true")
    with quick.client("live") as client:
        for to in (contacts.phone(), contacts.address()):
            dispatched(client.send(to))
            message = quick.inbox.only(to)
            lines = message.text.rstrip("\n").split("\n")
            code = lines[-1].removeprefix("@login.example.com #")
            assert lines[-1] == f"@login.example.com #{code}" and len(code) == 6
            if "@" in to:
                assert code in message.subject
            verified(client.verify(to, code))
