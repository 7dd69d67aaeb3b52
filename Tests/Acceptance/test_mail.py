"""Mail: `dispatched` means that a real mail server accepted the message, over a connection it was right to trust."""

import os
import signal
import threading
import time
from email.utils import parseaddr

import pytest
import contacts
from parallel import in_parallel
from smtp import PASSWORD, USER
from wire import dispatched, refused, verified

AUTHENTICATION = ["--user", USER, "--password", PASSWORD]


@pytest.mark.parametrize("encryption", ["--starttls", "--implicit"])
def test_a_message_is_accepted_before_the_answer_and_its_code_verifies(started, mail, encryption):
    """STARTTLS and implicit TLS, with authentication: one message, to the right person, with a code that is right."""
    provider = mail(encryption, *AUTHENTICATION)
    server = started(enclave=provider.enclave_settings())
    to = contacts.address()
    with server.client("live") as client:
        dispatched(client.send(to, app="MySecureApp"))
        message = provider.only(to)
        assert "MySecureApp" in message.subject and "MySecureApp" in message.text
        assert parseaddr(str(message.parsed["From"])) == ("Example", "no-reply@example.com")
        assert parseaddr(str(message.parsed["To"]))[1] == to
        assert message.parsed["Date"] and message.parsed["Message-ID"]
        assert message.parsed.get_content_type() == "multipart/alternative"
        assert message.code() in message.html
        verified(client.verify(to, message.code()))
    assert server.inbox.messages(to) == []


def test_other_channels_still_land_in_the_inbox(started, mail):
    provider = mail("--starttls")
    server = started(enclave=provider.enclave_settings())
    to = contacts.phone()
    with server.client("live") as client:
        dispatched(client.send(to))
        verified(client.verify(to, server.inbox.code(to)))
        assert client.get("/api/v1/enclave").json["providers"] == ["smtp"]
    assert provider.of("message") == []


@pytest.mark.parametrize("encryption", ["--starttls", "--implicit"])
@pytest.mark.parametrize("fault, settings", [
    ("an authority that is not trusted", {"certificate": "other"}),
    ("a certificate for another name", {"certificate": "wrong-name"}),
])
def test_a_provider_that_is_not_who_it_says_gets_nothing(started, mail, encryption, fault, settings):
    """502, no message, no credentials, the quota given back, and the audit says that the certificate was refused."""
    provider = mail(encryption, *AUTHENTICATION, **settings)
    server = started(enclave=provider.enclave_settings(), settings=["--monthly-quota", "1"])
    _expect_failure_without_cost(server, "certificate")
    assert provider.of("message") == []


@pytest.mark.parametrize("fault, options, reason", [
    ("a wrong password", ["--starttls", "--user", USER, "--password", "another"], "authentication"),
    ("an unknown recipient", ["--starttls", "--reject-recipient"], "recipient"),
    ("a refused message", ["--starttls", "--reject-data"], "message"),
    ("no STARTTLS at all", [], None),
])
def test_a_refusal_of_the_provider_is_told_and_costs_nothing(started, mail, fault, options, reason):
    provider = mail(*options)
    server = started(enclave=provider.enclave_settings(), settings=["--monthly-quota", "1"])
    _expect_failure_without_cost(server, reason)
    assert provider.of("message") == []


@pytest.mark.parametrize("fault", ["--hang", "--hang-after-data"])
def test_a_provider_that_hangs_is_given_up_after_five_seconds(started, mail, fault):
    provider = mail("--starttls", fault)
    server = started(enclave=provider.enclave_settings(), settings=["--monthly-quota", "1"])
    seconds = _expect_failure_without_cost(server, "timedOut")
    assert 4 < seconds < 6.5, f"given up after {seconds:.1f} s"


def _expect_failure_without_cost(server, reason):
    """Sends where nothing can arrive; returns how long the answer took."""
    to, before = contacts.address(), server.show()
    audited = len(server.audit())
    with server.client("live") as client:
        answer = client.send(to)
        refused(answer, 502, "DELIVERY_FAILED")
        entries = server.audit()[audited:]
        about = [entry for entry in entries if answer.headers["X-Request-Id"] in entry]
        assert about, "the failure is audited under the request's id"
        if reason is not None:
            words = "".join(about).lower().replace("_", "").replace(" ", "")
            assert reason.lower() in words, f"the audit does not say {reason}"
        assert _quota_used(server.show()) == _quota_used(before), "the quota is given back"
        dispatched(client.send(contacts.phone()))  # the quota's only place is still there
        refused(client.verify(to, "123456"), 400, "INVALID_CODE")
    return answer.seconds


def _quota_used(shown):
    """The month's use, whatever object of the answer it stands in."""
    found = [value for name, value in _leaves(shown) if "used" in name and ("month" in name or "quota" in name)]
    assert found, f"workspace show tells no use of the quota: {sorted(shown)}"
    return found[0]


def _leaves(value, path=""):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}")
    else:
        yield path, value


def test_one_provider_that_hangs_does_not_hold_up_others(started, mail):
    """While sends wait for mail, messages by other channels and verifications go on."""
    provider = mail("--starttls", "--hang")
    server = started(enclave=provider.enclave_settings())
    to = contacts.phone()

    def ask(client, number):
        if number < 8:
            return client.send(contacts.address())
        time.sleep(0.5)
        return client.send(to if number == 8 else contacts.phone())

    answers = in_parallel(server, "live", 12, ask)
    assert {answer.status for answer in answers[:8]} <= {502, 503}
    for answer in answers[8:]:
        dispatched(answer)
        assert answer.seconds < 2
    with server.client("live") as client:
        verified(client.verify(to, server.inbox.code(to)))


def test_a_provider_that_was_down_is_used_once_it_is_up(started, mail):
    provider = mail("--starttls", *AUTHENTICATION)
    server = started(enclave=provider.enclave_settings())
    provider.stop()
    with server.client("live") as client:
        answer = client.send(contacts.address())
        refused(answer, 502, "DELIVERY_FAILED")
        assert answer.seconds < 5
        provider.start()
        to = contacts.address()
        dispatched(client.send(to))
        verified(client.verify(to, provider.only(to).code()))


def test_a_failed_send_may_be_tried_again_at_once(started, mail):
    """Nothing was sent, so no cooldown holds the person up."""
    provider = mail("--starttls")
    server = started(enclave=provider.enclave_settings())
    provider.stop()
    to = contacts.address()
    with server.client("live") as client:
        refused(client.send(to), 502, "DELIVERY_FAILED")
        provider.start()
        dispatched(client.send(to))
        verified(client.verify(to, provider.only(to).code()))


@pytest.mark.parametrize("encryption", ["--starttls", "--implicit"])
def test_the_connection_is_used_again(started, mail, encryption):
    """Ten messages one after the other over one connection, where the settings allow no more."""
    provider = mail(encryption, *AUTHENTICATION)
    server = started(enclave=provider.enclave_settings(connections=1))
    with server.client("live") as client:
        for _ in range(10):
            dispatched(client.send(contacts.address()))
    assert len(provider.wait_for("message", 10)) == 10
    assert len(provider.of("connection")) == 1


@pytest.mark.parametrize("how", ["drop", "dismiss"])
def test_a_connection_that_the_provider_closed_is_replaced(started, mail, how):
    """The next message goes out over a new connection, once."""
    provider = mail("--starttls", *AUTHENTICATION)
    server = started(enclave=provider.enclave_settings())
    with server.client("live") as client:
        dispatched(client.send(contacts.address()))
        provider.command(how)
        to = contacts.address()
        dispatched(client.send(to))
        verified(client.verify(to, provider.only(to).code()))


def test_twenty_parallel_sends_are_twenty_messages(started, mail):
    provider = mail("--starttls", *AUTHENTICATION)
    server = started(enclave=provider.enclave_settings())
    people = [contacts.address() for _ in range(20)]
    for answer in in_parallel(server, "live", 20, lambda client, number: client.send(people[number])):
        dispatched(answer)
    with server.client("live") as client:
        for person in people:
            verified(client.verify(person, provider.only(person).code()))


def test_an_address_cannot_write_headers(started, mail):
    """A line break in the name or address never reaches the provider, and odd but legal characters do no harm."""
    provider = mail("--starttls")
    server = started(enclave=provider.enclave_settings())
    with server.client("live") as client:
        assert client.send("person@example.com\r\nBcc: other@example.com").status == 400
        assert client.send(contacts.address(), app="App\r\nBcc: other@example.com").status == 400
        to = contacts.address()
        dispatched(client.send(to, app='"quoted" =?utf-8?Q?=0ABcc=3A_other=40example.com?='))
        message = provider.only(to)
        assert message.parsed["Bcc"] is None
        assert all(event["recipients"] == [to] for event in provider.of("message"))
        verified(client.verify(to, message.code()))


def test_an_enclave_killed_while_it_delivers_leaves_a_send_that_is_not_repeated(started, mail):
    """Its message may be out: the same request sends no second one. The quota is given back."""
    provider = mail("--starttls", "--hang")
    server = started(enclave=provider.enclave_settings(), settings=["--monthly-quota", "1"])
    before, to, answers = _quota_used(server.show()), contacts.address(), []

    def send():
        with server.client("live") as client:
            return client.send(to, headers={"Idempotency-Key": "once"})

    thread = threading.Thread(target=lambda: answers.append(send()))
    thread.start()
    provider.wait_for("connection", 1)
    enclave = server.enclave_pid()
    os.kill(enclave, signal.SIGKILL)
    thread.join(timeout=15)
    assert (answers[0].status, answers[0].code) == (502, "DELIVERY_FAILED")
    assert _quota_used(server.show()) == before
    server.wait_until_logged("enclave is up", times=2)
    again = send()
    assert (again.status, again.code) == (502, "DELIVERY_FAILED")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(provider.of("connection")) == 1


def test_the_provider_is_not_known_to_the_host(started, mail):
    """The host's log and its answers do not have the provider's credentials."""
    provider = mail("--starttls", *AUTHENTICATION)
    server = started(enclave=provider.enclave_settings())
    with server.client("live") as client:
        dispatched(client.send(contacts.address()))
    assert PASSWORD not in server.logged() and USER not in server.logged()
    for path in server.databases():
        assert PASSWORD.encode() not in path.read_bytes()
