"""Limits: subscription, quota, budget, and how many messages one recipient, prefix, country or network may cause."""

import calendar
import datetime
import time

import pytest
import contacts
from parallel import in_parallel
from wire import dispatched, refused, verified


@pytest.mark.parametrize("state", ["past_due", "inactive"])
def test_a_subscription_that_is_not_active_answers_402(started, state):
    """Nothing is sent until it is active again; then everything is as before, the living code included."""
    server = started()
    to = contacts.phone()
    with server.client("live") as client:
        dispatched(client.send(to))
        code = server.inbox.code(to)
        server.set("--subscription", state)
        refused(client.send(contacts.phone()), 402, "SUBSCRIPTION_INACTIVE")
        server.set("--subscription", "active")
        verified(client.verify(to, code))
        dispatched(client.send(contacts.phone()))


def test_the_month_is_used_up(started):
    """Over the quota every live send answers 429 until the month ends or the quota is raised. Test keys use none."""
    server = started(settings=["--monthly-quota", "3"])
    with server.client("test") as test_client:
        for to in contacts.phones(4):
            dispatched(test_client.send(to))
    with server.client("live") as client:
        for to in contacts.phones(3):
            dispatched(client.send(to))
        answer = client.send(contacts.phone())
        refused(answer, 429, "QUOTA_EXCEEDED")
        assert abs(int(answer.headers["Retry-After"]) - _seconds_left_in_month()) < 120
        with server.client("test") as test_client:
            dispatched(test_client.send(contacts.phone()))
        server.set("--monthly-quota", "4")
        dispatched(client.send(contacts.phone()))
        refused(client.send(contacts.phone()), 429, "QUOTA_EXCEEDED")
    assert len(server.inbox.messages()) == 4


def _seconds_left_in_month():
    now = datetime.datetime.now(datetime.timezone.utc)
    days = calendar.monthrange(now.year, now.month)[1]
    end = now.replace(day=days, hour=23, minute=59, second=59)
    return (end - now).total_seconds() + 1


def test_the_day_is_used_up(started):
    """The workspace's budget for a day."""
    server = started(settings=["--daily-budget", "2"])
    with server.client("live") as client:
        for to in contacts.phones(2):
            dispatched(client.send(to))
        answer = client.send(contacts.phone())
        refused(answer, 429, "BUDGET_EXCEEDED")
        assert int(answer.headers["Retry-After"]) <= 86_400


def test_a_used_quota_stays_used_after_a_crash(started):
    server = started(settings=["--monthly-quota", "2"])
    with server.client("live") as client:
        for to in contacts.phones(2):
            dispatched(client.send(to))
    server.kill()
    server.start()
    with server.client("live") as client:
        refused(client.send(contacts.phone()), 429, "QUOTA_EXCEEDED")


def test_fifty_parallel_sends_use_no_more_than_the_quota(started):
    """The quota is taken by a conditional update: no two sends use its last place."""
    server = started(settings=["--monthly-quota", "10"])
    answers = in_parallel(server, "live", 50, lambda client, number: client.send(contacts.phone()))
    assert sorted(answer.status for answer in answers) == [200] * 10 + [429] * 40
    assert len(server.inbox.messages()) == 10


def test_a_recipient_is_protected(started):
    """Over the hour's limit for one recipient, other recipients go on."""
    server = started(settings=["--recipient-limit", "2", "--cooldown-seconds", "1"])
    to = contacts.phone()
    with server.client("live") as client:
        for _ in range(2):
            dispatched(client.send(to))
            time.sleep(1.1)
        answer = client.send(to)
        assert "recipient" in refused(answer, 429, "RATE_LIMITED")["details"]
        assert int(answer.headers["Retry-After"]) <= 3600
        dispatched(client.send(contacts.phone()))


def test_a_number_prefix_is_limited(started):
    """Neighbouring numbers, as in SMS pumping, share one limit; a number far away does not."""
    server = started(settings=["--prefix-limit", "2"])
    with server.client("live") as client:
        for to in ("+919876500001", "+919876500002"):
            dispatched(client.send(to))
        answer = client.send("+919876500003")
        assert "prefix" in refused(answer, 429, "RATE_LIMITED")["details"]
        assert int(answer.headers["Retry-After"]) <= 3600
        dispatched(client.send("+12015550123"))


def test_addresses_have_no_prefix_limit(started):
    """A mail domain holds millions of people: what is a block of numbers for SMS pumping is no limit for mail."""
    server = started(settings=["--prefix-limit", "1"])
    with server.client("live") as client:
        for _ in range(3):
            dispatched(client.send(contacts.address("example.org")))


def test_a_country_is_limited(started):
    server = started(settings=["--country-limit", "2"])
    with server.client("live") as client:
        for to in ("+919876500001", "+917000000000"):
            dispatched(client.send(to))
        assert "country" in refused(client.send("+919812345678"), 429, "RATE_LIMITED")["details"]
        dispatched(client.send("+4915112345678"))


def test_a_callers_network_is_limited(started):
    """The limit counts the socket's address; a header cannot say another one."""
    server = started(settings=["--network-limit", "2"])
    with server.client("live") as client:
        for to in contacts.phones(2):
            dispatched(client.send(to))
        answer = client.send(contacts.phone(), headers={"X-Forwarded-For": "192.0.2.1", "Forwarded": "for=192.0.2.1"})
        assert "network" in refused(answer, 429, "RATE_LIMITED")["details"]


def test_a_refused_send_uses_nothing(started):
    """Neither bad input nor a cooldown takes from the quota."""
    server = started(settings=["--monthly-quota", "2"])
    first, second = contacts.phones(2)
    with server.client("live") as client:
        dispatched(client.send(first))
        refused(client.send(first), 429, "SPAM_COOLDOWN")
        refused(client.send("nonsense"), 400, "INVALID_PHONE_NUMBER")
        refused(client.send(contacts.PREMIUM[0]), 400, "PHONE_NUMBER_REFUSED")
        dispatched(client.send(second))


def test_premium_numbers_may_be_allowed(started):
    server = started(settings=["--allow-premium", "true"])
    with server.client() as client:
        verified(client.verify(contacts.PREMIUM[0], dispatched(client.send(contacts.PREMIUM[0]))["code"]))
        server.set("--allow-premium", "false")
        refused(client.send(contacts.PREMIUM[1]), 400, "PHONE_NUMBER_REFUSED")


def test_a_hundred_wrong_codes_in_a_row_lock_the_contact(started):
    """NIST SP 800-63B §5.2.2: counted over any number of codes."""
    server = started(settings=["--cooldown-seconds", "1"])
    to = contacts.phone()
    with server.client() as client:
        for wrong_so_far in range(0, 100, 5):
            code = dispatched(_send_after_cooldown(client, to))["code"]
            answers = [client.verify(to, contacts.wrong(code)) for _ in range(5)]
            assert [answer.code for answer in answers] == ["INVALID_CODE"] * 5, f"after {wrong_so_far} wrong codes"
        refused(_send_after_cooldown(client, to), 429, "TOO_MANY_ATTEMPTS")
        refused(client.verify(to, "123456"), 429, "TOO_MANY_ATTEMPTS")


def _send_after_cooldown(client, to):
    for _ in range(40):
        answer = client.send(to)
        if answer.code != "SPAM_COOLDOWN":
            return answer
        time.sleep(0.1)
    raise AssertionError("the cooldown of one second does not end")
