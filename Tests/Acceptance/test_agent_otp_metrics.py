"""Figures for Prometheus at `/metrics`, and the alert rules for the four signals."""

import re

import pytest
import yaml
from commands import ROOT
from envelope import data_of, error_of
from wire import Client

LINE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[^}]*\})? (-?[0-9.e+-]+|NaN|[+-]Inf)')


def scraped(operator):
    """The samples by name with labels, checked against the text format (version 0.0.4)."""
    with Client(operator.server.port, operator.key) as client:
        answer = client.get("/metrics")
    assert answer.status == 200 and answer.headers["Content-Type"].startswith("text/plain")
    typed, found = set(), {}
    for line in answer.body.decode().splitlines():
        if line.startswith("# TYPE "):
            typed.add(line.split()[2])
        elif line and not line.startswith("#"):
            name, labels, value = LINE.fullmatch(line).groups()
            assert name in typed or re.sub(r"_(bucket|sum|count|total)$", "", name) in typed, f"{name} has no type"
            # The process's own have the names that Prometheus' clients give them everywhere.
            assert name.startswith(("countersign_", "process_"))
            found[name + (labels or "")] = float(value)
    return found


def test_every_step_is_counted(operator):
    """Requests by decision, approvals by channel, tokens issued and used, failed authentications."""
    before = scraped(operator)
    agent, trusted = operator.agent(), operator.trusted_agent()
    operator.policy("deny", {"action": {"equals": "bank.transfer"}}, agentId=agent.id)
    data_of(agent.api.request("bank.transfer"))
    pending, grant = agent.pending(), trusted.granted()
    data_of(operator.approver().api.decide(pending, True))
    data_of(trusted.api.use(grant.id, grant.token))
    error_of(operator.by("ak_live_" + "y" * 36).permissions(), 401)
    after = scraped(operator)
    for sample in ('permission_requests_total{decision="denied"}', 'permission_requests_total{decision="pending"}',
                   'permission_requests_total{decision="approved"}',
                   'permission_decisions_total{channel="api",decision="approved"}',
                   'permission_decisions_total{channel="policy",decision="approved"}',
                   'permission_decisions_total{channel="policy",decision="denied"}',
                   'permission_tokens_total{state="issued"}', 'permission_tokens_total{state="used"}',
                   "authentication_failures_total"):
        name = "countersign_" + sample
        assert after[name] - before[name] == 1, sample


def test_there_are_latencies(operator):
    operator.trusted_agent().granted()
    assert any("seconds_bucket" in name and 'le="+Inf"' in name for name in scraped(operator))


def test_no_label_names_a_person_an_agent_or_a_permission(operator):
    """Labels come from small sets: what strangers could make grow is no label."""
    agent = operator.agent()
    permission = agent.pending()
    names = " ".join(scraped(operator))
    assert agent.id not in names and permission not in names and operator.server.issued["workspace"] not in names


@pytest.mark.parametrize("kind", ["live", "test", None])
def test_figures_are_not_for_everybody(operator, kind):
    with operator.server.client(kind) as client:
        assert client.get("/metrics").status in (401, 403)


def test_the_alert_rules_are_for_figures_that_exist(operator):
    """Denial rate over 0.5, unused tokens over 0.3, request volume, failed authentications."""
    path = ROOT / "examples/prometheus/countersign.rules.yml"
    rules = [rule for group in yaml.safe_load(path.read_text())["groups"] for rule in group["rules"]]
    alerts = [rule for rule in rules if "alert" in rule]
    assert len(alerts) >= 4 and all(rule["annotations"] for rule in alerts)
    expressions = " ".join(rule["expr"] for rule in alerts)
    assert "0.5" in expressions and "0.3" in expressions
    recorded = {rule["record"] for rule in rules if "record" in rule}
    existing = {re.sub(r"\{.*", "", name) for name in scraped(operator)} | recorded
    used = set(re.findall(r"\bcountersign_[a-z0-9_]+", " ".join(rule["expr"] for rule in rules)))
    assert used and used <= existing, used - existing
