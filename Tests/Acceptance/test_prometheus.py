"""`/metrics`, and the alert rules that read it, checked by Prometheus' own promtool."""

from __future__ import annotations

import subprocess

import pytest

from commands import ROOT

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


def test_the_metrics_are_an_operators(server):
    for kind in (None, "live"):
        assert server.client(kind).get("/metrics").status in (401, 403)


def test_the_alert_rules_are_sound_and_fire_when_they_should(promtool):
    for command in (["check", "rules", "countersign.rules.yml"], ["test", "rules", "countersign.rules.test.yml"]):
        done = subprocess.run([promtool, *command], cwd=RULES, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_has_its_page():
    for page in ("denial-rate", "unused-tokens", "request-volume", "failed-authentications", "fraud-guard"):
        text = (ROOT / f"docs/playbooks/{page}.md").read_text()
        assert text.startswith("# Alert")
        assert f"docs/playbooks/{page}.md" in (RULES / "countersign.rules.yml").read_text()
