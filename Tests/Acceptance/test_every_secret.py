"""One installation with everything that there is: each of its secrets is searched for in every byte that it leaves."""

from __future__ import annotations

import http.client
import re
import stat
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import commands
import contacts
import server as servers
import wire
from authorities import Authority
from clients.p256 import PrivateKey
from envelope import data_of
from host_memory import search_bytes, search_memory
from inbox import BASE32
from operators import Operator
from processes import descendants
from providers import SECRETS as PROVIDER_SECRETS
from providers import Provider, enclave_settings
from sealed import Dialect, Own, stamp_key
from secure import context
from server import GENEROUS, Server
from smtp import PASSWORD, USER
from vault import OFFICER_PIN, PIN, SoftHSM
from webhooks import Receiver, Webhook
from wire import dispatched, verified

HOLDERS = {
    "enclave.yaml": "the enclave's settings: credentials of providers and of the mail server stand there",
    "master.key": "the master key; wrapped by the HSM here, so that nothing of it can be read",
    "log.anchor": "heads of logs, which are public",
}
"""Files of the data folder that hold secrets by design; each is its owner's alone."""


@dataclass
class Installation:
    server: Server
    mail: Any
    provider: Provider
    answers: list[tuple[str, bytes]] = field(default_factory=list)
    """What a client or a command was answered, and what it had asked."""
    never_told: list[str] = field(default_factory=list)
    """Secrets that no answer may have."""
    told_once: list[str] = field(default_factory=list)
    """Secrets that one answer hands out, and no other has."""
    people: list[str] = field(default_factory=list)
    presented: list[str] = field(default_factory=list)
    """Codes that the host saw when they were presented."""
    sealed: list[str] = field(default_factory=list)
    """Codes of sealed flows, which the host never sees, not even presented."""

    @property
    def secrets(self) -> list[str]:
        return [*self.never_told, *self.told_once]


@pytest.fixture
def installation(folder, mail, certificates, tmp_path, monkeypatch):
    """Over HTTPS, with an HSM, a mail server with a password, a provider of SMS and a receiver of webhooks."""
    hsm = SoftHSM(tmp_path / "hsm")
    hsm.make_token("first")
    hsm.make_key("first", "master-1")
    post = mail("--starttls", "--user", USER, "--password", PASSWORD)
    provider, receiver = Provider(certificates).start(), Receiver(certificates).start()
    authority = Authority(tmp_path)
    pair = authority.issue("server")
    server = folder()
    server.data.mkdir(mode=0o700)
    settings = server.data / "enclave.yaml"
    settings.write_text("inbox: false\n" + post.enclave_settings() + enclave_settings(provider.entry("twilio-sms"))
                        + receiver.enclave_settings() + hsm.section("first", "master-1"))
    settings.chmod(0o600)
    (server.data / "countersign.yaml").write_text("log:\n  format: json\n  level: trace\n")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    installation = Installation(server, post, provider)
    record(installation, monkeypatch)
    monkeypatch.setattr(http.client, "HTTPConnection", partial(http.client.HTTPSConnection, context=context(authority)))
    monkeypatch.setattr(Server, "url", property(lambda self: f"https://127.0.0.1:{self.port}"))
    server.init()
    server.start(*pair.options, environment={"TMPDIR": str(temporary)})
    server.set(*GENEROUS, "--cooldown-seconds", "0", "--code-length", "9", "--code-alphabet", "base32")
    installation.never_told += [PASSWORD, PIN, OFFICER_PIN, *PROVIDER_SECRETS]
    installation.never_told += pair.key.read_text().splitlines()[1:-1]
    installation.told_once += server.issued["keys"].values()
    yield installation
    provider.stop()
    receiver.stop()


def record(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps every answer from now on, whoever of the clients got it, and what every command printed."""
    ask, run = wire.Client.request, commands.run

    def asking(client, method, path, *arguments, **options):
        answer = ask(client, method, path, *arguments, **options)
        installation.answers.append((f"{method} {path}", str(answer.headers).encode() + answer.body))
        return answer

    def running(*arguments, **options):
        done = run(*arguments, **options)
        installation.answers.append((" ".join(arguments[:2]), done.text.encode()))
        return done

    monkeypatch.setattr(wire.Client, "request", asking)
    monkeypatch.setattr(servers, "run", running)


# What is done


def passcodes(its: Installation) -> None:
    """By mail and by SMS, wrong and right, live and test, resent and replayed."""
    with its.server.client("live") as live, its.server.client("test") as test:
        for to in (contacts.address(), contacts.phone()):
            dispatched(live.send(to, headers={"Idempotency-Key": f"first-{to}"}))
            code = its.mail.only(to).code(9, BASE32) if "@" in to else _text_code(its.provider.only(to)["text"])
            live.verify(to, contacts.wrong(code))
            token = verified(live.verify(to, code))
            live.verify(to, code)
            its.never_told += [code, contacts.wrong(code)]
            its.presented.append(code)
            its.told_once.append(token)
            its.people.append(to)
        to = contacts.phone()
        code = dispatched(test.send(to))["code"]
        its.told_once += [code, verified(test.verify(to, code))]
        its.people.append(to)


def _text_code(text: str) -> str:
    return re.findall(rf"(?<!\w){BASE32}{{9}}(?!\w)", text)[0]


def sealed_flows(its: Installation) -> None:
    """Our own API and the Turnkey dialect, up to sessions."""
    for make in (Own.back_end, lambda server: Dialect.activities(server, stamp_key(server)), Dialect.proxy):
        flow, to, key = make(its.server), contacts.address(), PrivateKey()
        challenge = flow.start(to)
        code = its.mail.newest(to).code(9, BASE32)
        flow.attempt(challenge, contacts.wrong(code))
        proven = flow.verified(flow.attempt(challenge, code, key), key)
        its.never_told += [code, contacts.wrong(code)]
        its.sealed += [code, contacts.wrong(code)]
        its.told_once.append(proven.token)
        its.people.append(to)
        if isinstance(flow, Own):
            its.told_once.append(flow.log_in(proven)["session_token"])
        else:
            enrolled = flow.enrol(proven)
            if enrolled.token != proven.token:
                its.told_once.append(enrolled.token)
            answer = flow.api.log_in(enrolled.token, proven.key, PrivateKey().public)
            its.told_once.append(flow.result(answer, "otpLoginResult")["session"])


def agents(its: Installation) -> None:
    """A permission that policies approve, one that a person does, and keys of all kinds."""
    operator = Operator(its.server)
    agent, waiting, approver, verifier = operator.trusted_agent(), operator.agent(), operator.approver(), operator.verifier()
    its.told_once += [agent.key, waiting.key, approver.key, verifier.key]
    grant = agent.granted("mail.send")
    data_of(verifier.api.verify(grant.id, grant.token))
    data_of(agent.api.use(grant.id, grant.token))
    agent.api.use(grant.id, grant.token)
    asked = waiting.pending("bank.transfer")
    data_of(approver.api.decide(asked, True))
    second = waiting.collected(asked)
    its.told_once += [grant.token, second.token]
    for ask in (operator.api.permissions, operator.api.agents):
        data_of(ask())
    operator.end()


def administration(its: Installation) -> None:
    """Keys and secrets that come and go, and everything that is shown of them."""
    made = its.server.json("key", "create", "--kind", "live")
    its.told_once.append(made["key"])
    its.server.command("key", "revoke", made["id"])
    hook = Webhook(its.server, f"https://localhost:{free_port_of(its)}/hooks")
    its.told_once.append(hook.secret)
    its.told_once.append(hook.do("rotate")["secret"])
    for command in (["key", "list"], ["webhook", "list"], ["workspace", "show"], ["doctor"], ["vault", "status"],
                    ["vault", "rotate"], ["key", "rotate"], ["audit", "list"], ["agent", "list"]):
        its.server.command(*command, "--json")
    with its.server.client("operator") as client:
        for path in ("/metrics", "/health", "/v1/doctor", "/v1/keys", "/v1/workspace", "/v1/log/checkpoint",
                     "/.well-known/jwks.json", "/.well-known/countersign", "/api/v1/audit"):
            client.get(path)
        client.request("GET", f"/nowhere/{its.server.issued['keys']['live']}")
        client.request("POST", "/api/v1/send-otp", {"to": its.server.issued["keys"]["live"], "app": "x"})
        client.request("POST", "/api/v1/verify-otp", b'{"code":"' + its.presented[-1].encode() + b'",')


def free_port_of(its: Installation) -> int:
    """Where nobody listens: what the webhook says of failures is looked at too."""
    return servers.free_port()


# Where it is looked for


def files_of(its: Installation, temporary: Path) -> list[Path]:
    """Every file of the data folder, its log and what it printed, and what lies where temporary files and cores go."""
    places = [its.server.data, temporary]
    found = [path for place in places for path in place.rglob("*") if path.is_file()]
    return [*found, its.server.log, its.server.output, *Path.cwd().glob("core*"), *its.server.data.parent.glob("core*")]


def expect_in_no_byte(its: Installation, temporary: Path) -> None:
    faults = []
    for path in files_of(its, temporary):
        if path.parent == its.server.data and path.name in HOLDERS:
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, f"{path.name} is its owner's alone: {HOLDERS[path.name]}"
            secrets = its.told_once if path.name == "enclave.yaml" else [*its.secrets, *its.people]
        else:
            secrets = [*its.secrets, *its.people]
        faults += search_bytes(path.read_bytes(), secrets, path.name)
    assert not faults


def expect_answers_to_hand_out_once(its: Installation) -> None:
    for secret in its.never_told:
        assert not [asked for asked, said in its.answers if search_bytes(said, [secret], "")]
    for secret in its.told_once:
        found = [asked for asked, said in its.answers if secret.encode() in said]
        assert len(found) == 1, f"one answer hands it out: {found}"


def expect_processes_without(its: Installation) -> None:
    """Command lines and environments: of the host, the enclave, and who keeps the keys."""
    for pid in [its.server.pid, *descendants(its.server.pid)]:
        for name in ("cmdline", "environ"):
            assert not search_bytes(Path(f"/proc/{pid}/{name}").read_bytes(), [*its.secrets, *its.people], name)


def test_every_secret_is_nowhere_but_where_it_belongs(installation, tmp_path):
    """Files with the write-ahead log while it runs and after its end, logs, answers, command lines, environments, and the
    host's memory."""
    its, temporary = installation, tmp_path / "temporary"
    for work in (passcodes, sealed_flows, agents, administration):
        work(its)
    assert len(its.answers) > 60 and len(set(its.secrets)) == len(its.secrets) > 40, "the control: much happened"
    assert (its.server.data / "countersign.db-wal").stat().st_size > 0, "the control: there is a write-ahead log"
    expect_in_no_byte(its, temporary)
    expect_answers_to_hand_out_once(its)
    expect_processes_without(its)

    hidden = [PASSWORD, PIN, *PROVIDER_SECRETS, *its.sealed]
    found = search_memory(its.server.pid, *hidden)
    assert found.bytes_read > 10 << 20, "the control: the host's memory was read"
    assert not found, f"the host's memory: {found.places}"
    assert search_memory(its.server.pid, its.server.issued["workspace"]), "the control: what the host has is found"

    assert its.server.stop() == 0
    expect_in_no_byte(its, temporary)
    planted = its.server.data / "planted"
    planted.write_text(its.secrets[0])
    with pytest.raises(AssertionError):
        expect_in_no_byte(its, temporary)


def test_the_host_never_has_the_master_key(started):
    """In the clear in its file, and read by the enclave alone: neither its text nor its bytes are in the host's memory."""
    server = started()
    with server.client("live") as client:
        to = contacts.phone()
        dispatched(client.send(to))
        verified(client.verify(to, server.inbox.code(to)))
    path = server.data / "master.key"
    first = re.findall(r"\b[0-9a-f]{64}\b", path.read_text())
    assert any(search_raw_memory(pid, first) for pid in descendants(server.pid)), "the control: their keeper has them"
    server.json("vault", "rotate")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    keys = re.findall(r"\b[0-9a-f]{64}\b", path.read_text())
    assert len(keys) == 3, "the lasting one and two versions"
    found = search_memory(server.pid, *keys)
    assert not found, found.places
    assert not search_raw_memory(server.pid, keys)


def search_raw_memory(pid: int, keys: list[str]) -> bool:
    """Whether a process has the bytes of one of these keys, given in hexadecimal, in memory that it may write."""
    values = [bytes.fromhex(key) for key in keys]
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, permissions = line.split()[:2]
            if not permissions.startswith("rw"):
                continue
            start, end = (int(number, 16) for number in span.split("-"))
            try:
                memory.seek(start)
                data = memory.read(end - start)
            except OSError:
                continue
            if any(value in data for value in values):
                return True
    return False
