"""Captchas: where a workspace asks visitors for them, nobody gets a code or an account without one."""

import time

import pytest
import contacts
from captchas import SECRET, SITE, CaptchaProvider
from host_memory import expect_in_no_file, search_memory
from sealed import Dialect, Own, problem, set_workspace, turnkey_refused
from server import GENEROUS

SOLVED, GUESSED = "solved-by-a-person", "guessed-by-a-program"


class Init:
    """`POST /v1/otp_init_v2`"""

    def __init__(self, server):
        self.flow, self.contact = Dialect.proxy(server), contacts.address()

    def ask(self, token=None):
        return self.flow.api.init(self.contact, headers=_header(token))

    def refused(self, answer):
        turnkey_refused(answer, 403, 7, name="CAPTCHA_REFUSED")

    def postponed(self, answer):
        turnkey_refused(answer, 503, 14)

    def done(self, answer):
        assert answer.status == 200, answer.said()
        self.flow.server.inbox.wait_for(self.contact)

    def expect_nothing_done(self):
        assert self.flow.server.rows("challenge") == []
        assert self.flow.server.inbox.messages(self.contact) == []


class Start(Init):
    """`POST /v1/challenges`, without a key"""

    def __init__(self, server):
        self.flow, self.contact = Own.visitor(server), contacts.address()

    def ask(self, token=None):
        return self.flow.api.start(self.contact, headers=_header(token))

    def refused(self, answer):
        problem(answer, 403, "captcha_refused")

    def postponed(self, answer):
        problem(answer, 503, "unavailable")

    def done(self, answer):
        assert answer.status == 201, answer.said()
        self.flow.server.inbox.wait_for(self.contact)


class SignUp(Init):
    """`POST /v1/signup_v2`, by somebody who has a verification token already"""

    def __init__(self, server):
        super().__init__(server)
        set_workspace(server, captcha="off")
        self.proven = self.flow.prove(self.contact)
        set_workspace(server, captcha="required")

    def ask(self, token=None):
        return self.flow.api.sign_up(self.proven.token, self.proven.key, headers=_header(token))

    def done(self, answer):
        assert answer.status == 200, answer.said()
        assert len(self._accounts()) == 1

    def expect_nothing_done(self):
        assert self._accounts() == []

    def _accounts(self):
        return self.flow.server.rows("user_account")


WAYS = pytest.mark.parametrize("way", [Init, SignUp, Start], ids=["otp_init_v2", "signup_v2", "challenges"])


def _header(token):
    return {} if token is None else {"X-Captcha-Token": token}


@pytest.fixture
def guarded(folder, certificates):
    """Starts servers whose workspace asks for captchas, each with the provider that says whether they were solved."""
    providers = []

    def start(*options, **settings):
        provider = CaptchaProvider(certificates, "--secret", SECRET, *options, **settings).start()
        providers.append(provider)
        server = folder()
        workspace = server.init()["workspace"]
        (server.data / "enclave.yaml").write_text(provider.enclave_settings(workspace))
        (server.data / "enclave.yaml").chmod(0o600)
        server.start()
        server.set(*GENEROUS, "--captcha", "required")
        return server, provider

    yield start
    for provider in providers:
        provider.stop()


@WAYS
def test_without_a_token_nothing_happens_and_nobody_is_asked(guarded, way):
    server, provider = guarded()
    visitor = way(server)
    for token in (None, ""):
        visitor.refused(visitor.ask(token))
    visitor.expect_nothing_done()
    assert provider.questions() == []


@WAYS
def test_a_captcha_that_was_not_solved_is_refused(guarded, way):
    server, provider = guarded()
    visitor = way(server)
    visitor.refused(visitor.ask(GUESSED))
    visitor.expect_nothing_done()
    question, = provider.questions()
    assert (question["secret"], question["response"], question["remoteip"]) == (SECRET, GUESSED, "127.0.0.1")


@WAYS
def test_a_solved_captcha_counts_once(guarded, way):
    server, _ = guarded()
    visitor = way(server)
    visitor.done(visitor.ask(SOLVED))
    other = Init(server)
    other.refused(other.ask(SOLVED))
    assert server.inbox.messages(other.contact) == []


@WAYS
def test_a_captcha_that_was_solved_on_another_site_is_refused(guarded, way):
    server, _ = guarded("--hostname", f"{SITE}.evil.example")
    visitor = way(server)
    visitor.refused(visitor.ask(SOLVED))
    visitor.expect_nothing_done()


@WAYS
@pytest.mark.parametrize("outage", ["down", "another certificate", "500"])
def test_while_the_provider_is_out_nobody_passes_unless_the_workspace_says_so(guarded, way, outage):
    server, provider = guarded(*(["--status", "500"] if outage == "500" else []),
                               certificate="other" if outage == "another certificate" else "good")
    if outage == "down":
        provider.stop()
    visitor = way(server)
    visitor.postponed(visitor.ask(SOLVED))
    visitor.expect_nothing_done()
    set_workspace(server, captcha_fails_open=True)
    visitor.refused(visitor.ask(None))
    visitor.expect_nothing_done()
    visitor.done(visitor.ask(SOLVED))


def test_a_provider_that_hangs_is_given_up_after_five_seconds_and_asked_again_later(guarded):
    server, provider = guarded("--fault", "hang")
    visitor = Init(server)
    began = time.monotonic()
    visitor.postponed(visitor.ask(SOLVED))
    assert 4 < time.monotonic() - began < 6.5
    visitor.expect_nothing_done()
    provider.stop()
    provider.options = ("--secret", SECRET)
    provider.start()
    visitor.done(visitor.ask(SOLVED))


def test_failing_open_is_for_outages_not_for_settings_that_are_missing(guarded):
    """Without a secret for the workspace nobody can be asked, ever: that is no outage."""
    server, provider = guarded()
    server.stop()
    (server.data / "enclave.yaml").write_text(provider.enclave_settings("ws_another"))
    server.start()
    set_workspace(server, captcha_fails_open=True)
    visitor = Init(server)
    visitor.postponed(visitor.ask(SOLVED))
    visitor.expect_nothing_done()


def test_back_ends_are_not_asked_for_captchas(guarded):
    server, provider = guarded()
    provider.stop()
    contact = contacts.address()
    Own.back_end(server).start(contact)
    server.inbox.wait_for(contact)


def test_neither_the_log_nor_the_database_has_a_token_and_the_host_never_has_the_secret(guarded):
    server, provider = guarded()
    visitor = Start(server)
    visitor.done(visitor.ask(SOLVED))
    visitor.refused(visitor.ask(GUESSED))
    provider.stop()
    visitor.postponed(visitor.ask("solved-while-nobody-listens"))
    tokens = [SOLVED, GUESSED, "solved-while-nobody-listens"]
    assert not search_memory(server.pid, SECRET)
    assert server.stop() == 0
    expect_in_no_file(server, tokens, "after passing, being refused and an outage")
