"""`GET /metrics` of a server that did something in every domain: what docs/metrics.md says, and nothing that grows or
tells of people."""

from __future__ import annotations

import os
import re
import signal
import time

import pytest
from prometheus_client.parser import text_string_to_metric_families as families

import contacts
from authorities import Authority
from commands import ROOT
from operators import Operator
from sealed import Own
from secure import SecureClient, context
from server import new_server
from webhooks import Receiver, Webhook
from wire import Client, dispatched, verified

PAGE = ROOT / "docs/metrics.md"
DOCUMENTED = {name: kind for name, kind in re.findall(r"^\| `(\w+)` \| (\w+) \|", PAGE.read_text(), re.MULTILINE)}
MINTED = ["PURGE", "/made-up/path", "made-up-agent"]


def scrape(server):
    with server.client("operator") as client:
        return client.get("/metrics")


@pytest.fixture(scope="module")
def busy(certificates, tmp_path_factory):
    """A server on which something happened in every domain."""
    receiver = Receiver(certificates).start()
    server = new_server(
        tmp_path_factory.mktemp("busy"), enclave=receiver.enclave_settings(), settings=["--cooldown-seconds", "0"])
    hook = Webhook(server, receiver.url())
    hook.wait_until("delivered", hook.test())
    to = contacts.phone()
    with server.client("live") as live, server.client(None) as nobody:
        for position in range(7):
            dispatched(live.send(f"+491511234{1000 + position}"))
        dispatched(live.send(to))
        verified(live.verify(to, server.inbox.code(to)))
        person = Own.back_end(server, http=live)
        person.log_in(person.prove(contacts.phone()))
        nobody.get(MINTED[1])
        nobody.request(MINTED[0], "/health")
    operator = Operator(server)
    operator.trusted_agent(name=MINTED[2]).granted()
    with Client(server.port, "ak_live_" + "0" * 24) as unknown:
        assert unknown.get("/api/v1/permissions").status == 401
    yield server
    operator.end()
    server.end()
    receiver.stop()


def read(text: str) -> dict[str, str]:
    """Names and types, as Prometheus' own client reads them."""
    found = {}
    for family in families(text):
        assert family.documentation, family.name
        found[family.name + ("_total" if family.type == "counter" else "")] = family.type
    return found


def test_the_page_has_every_name_and_none_that_there_is_not(busy):
    answer = scrape(busy)
    assert answer.status == 200
    present = read(answer.body.decode())
    tls = {name for name in DOCUMENTED if name.startswith("countersign_tls_")}
    assert tls and not tls & set(present), "these are there with HTTPS only"
    assert present == {name: kind for name, kind in DOCUMENTED.items() if name not in tls}


def test_with_https_the_rest_is_there(started, tmp_path):
    authority = Authority(tmp_path)
    server = started(arguments=authority.issue("server").options)
    with SecureClient(server.port, context(authority), server.issued["keys"]["operator"]) as client:
        present = read(client.request("GET", "/metrics").body.decode())
    assert {name for name in DOCUMENTED if name.startswith("countersign_tls_")} <= set(present)


def test_no_label_has_what_a_client_made_up(busy):
    text = scrape(busy).body.decode()
    for made in (*MINTED, busy.issued["workspace"], *busy.issued["keys"].values()):
        assert made not in text
    routes = {sample.labels["route"] for family in families(text) for sample in family.samples
              if "route" in sample.labels}
    assert "none" in routes and "/api/v1/send-otp" in routes
    methods = {sample.labels["method"] for family in families(text) for sample in family.samples
               if "method" in sample.labels}
    assert "other" in methods and methods <= {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "other", "none"}


def test_the_figures_are_what_happened(busy):
    busy.wait_for_enclave()
    text = scrape(busy).body.decode()

    def value(name: str, **labels: str) -> float:
        return sum(sample.value for family in families(text) for sample in family.samples
                   if sample.name == name and labels.items() <= sample.labels.items())

    assert value("countersign_http_requests_total", route="/api/v1/send-otp", status="200") == 8
    assert value("countersign_http_request_duration_seconds_count", route="/api/v1/send-otp") == 8
    assert value("countersign_http_requests_total", route="none", method="GET", status="404") == 1
    assert value("countersign_webhook_attempts_total", outcome="delivered") >= 1
    assert value("countersign_webhook_endpoints", state="enabled") == 1
    assert value("countersign_http_connections", state="open") >= 1
    assert value("countersign_http_connections_total", result="accepted") >= 5
    assert value("countersign_passcodes_total", state="sent") == 9
    assert value("countersign_passcodes_total", state="verified") == 2
    assert value("countersign_passcode_verification_seconds_count") == 2
    assert value("countersign_verification_tokens_total", use="log_in", result="done") == 1
    assert value("countersign_verification_tokens_total") == value("countersign_users_total") == 1
    assert value("countersign_sessions_total", state="opened") == value("countersign_sessions_total") == 1
    assert value("countersign_authentication_failures_total") == 1
    assert value("countersign_permission_requests_total", decision="approved") == 1
    assert value("countersign_permission_decisions_total", channel="policy", decision="approved") == 1
    assert value("countersign_permission_request_duration_seconds_count") >= 1
    assert value("countersign_permission_tokens_total", state="issued") == 1
    assert value("countersign_enclave_up") == value("countersign_ready") == 1
    assert value("countersign_storage_writes_total") >= value("countersign_storage_commits_total") > 16
    assert value("countersign_storage_synchronization_seconds_count") > 0
    assert value("countersign_enclave_requests_total", result="done") > 16
    assert value("countersign_enclave_request_duration_seconds_count") > 16
    assert value("countersign_audit_signed_entries_total") > 16
    assert value("countersign_audit_signed_heads_total") >= value("countersign_audit_logs", state="signed") >= 1
    assert value("countersign_storage_free_bytes") > value("countersign_storage_size_bytes", file="database") > 1 << 16
    assert value("countersign_health") >= 5
    assert value("process_threads") > 4 and value("process_cpu_seconds_total") > 0
    assert 0 < value("process_open_fds") < value("process_max_fds")
    assert value("process_resident_memory_bytes") > 10 << 20
    assert abs(value("process_start_time_seconds") - time.time()) < 120


def test_an_enclave_that_ended_is_counted(started):
    server = started()
    before = server.enclave_pid()
    os.kill(before, signal.SIGKILL)
    server.wait_for_enclave(other_than=before)
    assert "countersign_enclave_restarts_total 1\n" in scrape(server).body.decode()
