"""`/metrics`, and the alert rules that read it, checked by Prometheus' own promtool."""

from __future__ import annotations

import re
import subprocess

import pytest

from commands import ROOT
from wire import dispatched, verified

RULES = ROOT / "examples/prometheus"


@pytest.fixture(scope="module")
def promtool() -> str:
    return subprocess.run([ROOT / "scripts/promtool.sh"], capture_output=True, text=True, check=True).stdout.strip()


def test_prometheus_reads_the_metrics(server, promtool):
    answer = server.client("operator").get("/metrics")
    assert answer.status == 200
    checked = subprocess.run([promtool, "check", "metrics"], input=answer.body.decode(), capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "countersign_permission_requests_total" in answer.body.decode()


def test_prometheus_reads_the_figures_of_passcodes(started, promtool):
    server = started(settings=["--cooldown-seconds", "0"])
    with server.client("live") as client:
        for position in range(7):
            dispatched(client.send(f"+491511234{1000 + position}"))
        verified(client.verify("+4915112341006", server.inbox.code("+4915112341006")))
    text = server.client("operator").get("/metrics").body.decode()
    checked = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    for sample in ('countersign_passcodes_total{channel="sms",state="sent"} 7',
                   'countersign_country_passcodes_total{country="DE",state="verified"} 1',
                   'countersign_provider_passcodes_total{provider="inbox",state="accepted"} 7',
                   'countersign_passcode_verification_seconds_bucket{channel="sms",le="+Inf"} 1',
                   'countersign_guard_sends_total{ruling="watched"} 2',
                   "countersign_guard_verified_while_stopped_total 1",
                   'countersign_guard_stop_refused{kind="prefix",range="+491511234"} 2'):
        assert sample in text, sample


def test_the_metrics_are_an_operators(server):
    for kind in (None, "live"):
        assert server.client(kind).get("/metrics").status in (401, 403)


@pytest.mark.parametrize("rules", ["countersign", "server"])
def test_the_alert_rules_are_sound_and_fire_when_they_should(promtool, rules):
    for command in (["check", "rules", f"{rules}.rules.yml"], ["test", "rules", f"{rules}.rules.test.yml"]):
        done = subprocess.run([promtool, *command], cwd=RULES, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_alert_rules_ask_for_what_there_is():
    documented = (ROOT / "docs/metrics.md").read_text()
    for rules in RULES.glob("*.rules.yml"):
        for name in set(re.findall(r"\bcountersign_\w+", rules.read_text())):
            assert f"`{name}`" in documented, name


def test_each_alert_has_its_page():
    rules = "".join(file.read_text() for file in RULES.glob("*.rules.yml"))
    for page in ("denial-rate", "unused-tokens", "request-volume", "failed-authentications", "fraud-guard", "server"):
        text = (ROOT / f"docs/playbooks/{page}.md").read_text()
        assert text.startswith("# Alert")
        assert f"docs/playbooks/{page}.md" in rules
