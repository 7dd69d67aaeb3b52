"""The command line for agents: who they are, what policies say, and how a person decides."""

import subprocess
import textwrap
import time

import pytest
from commands import BINARY, run
from envelope import data_of, error_of, page_of
from operators import Agent


def agent_of(operator, created):
    return Agent(created["id"], created["apiKey"], operator.by(created["apiKey"]))


# agent

def test_agent_create_prints_id_and_key(operator):
    created = operator.server.json("agent", "create", "--name", "Invoice bot")
    assert set(created) == {"id", "apiKey"} and created["apiKey"].startswith("ak_live_")
    agent_of(operator, created).pending()
    human = operator.server.command("agent", "create", "--name", "For people")
    assert human.status == 0 and "ak_live_" in human.output and "{" not in human.output


def test_agent_list_shows_no_key(operator):
    created = operator.server.json("agent", "create", "--name", "Listed bot")
    for arguments in ([], ["--json"]):
        listed = operator.server.command("agent", "list", *arguments)
        assert listed.status == 0 and created["id"] in listed.output and "Listed bot" in listed.output
        assert created["apiKey"] not in listed.text


def test_agent_revoke_takes_key_and_tokens(operator):
    agent = agent_of(operator, operator.server.json("agent", "create", "--name", "Revoked bot"))
    permission = agent.pending()
    assert operator.server.command("agent", "revoke", "--id", agent.id).status == 0
    error_of(agent.api.permission(permission), 401, 403)
    error_of(operator.api.decide(permission, True), 404, 409)


def test_agent_rotate_key_leaves_the_old_one_its_grace(operator):
    agent = agent_of(operator, operator.server.json("agent", "create", "--name", "Rotated bot"))
    fresh = operator.server.json("agent", "rotate-key", "--id", agent.id)
    agent.pending()
    data_of(operator.by(fresh["apiKey"]).permissions())
    last = operator.server.json("agent", "rotate-key", "--id", agent.id, "--revoke-immediately")
    for key in (agent.key, fresh["apiKey"]):
        error_of(operator.by(key).permissions(), 401, 403)
    data_of(operator.by(last["apiKey"]).permissions())


def test_agent_stop_and_resume(operator):
    agent = agent_of(operator, operator.server.json("agent", "create", "--name", "Stopped bot"))
    assert operator.server.command("agent", "stop", "--id", agent.id).status == 0
    error_of(agent.api.request("mail.send"), 401, 403)
    assert operator.server.command("agent", "resume", "--id", agent.id).status == 0
    agent.pending()


@pytest.mark.parametrize("arguments", [
    ["create"], ["create", "--name", ""], ["create", "--name", "x" * 256], ["revoke", "--id", "agt_nobody"], ["revoke"],
    ["rotate-key", "--id", "../../etc"], ["stop", "--id", "nobody"], ["stop"],
], ids=lambda value: " ".join(value)[:40])
def test_an_agent_command_that_cannot_be_done_says_so(operator, arguments):
    before = page_of(operator.api.agents())[1]["total"]
    done = operator.server.command("agent", *arguments)
    assert done.status != 0 and done.errors.strip() and "Fatal" not in done.errors
    assert page_of(operator.api.agents())[1]["total"] == before


# approver

def test_approver_add_prints_id_and_key(operator):
    added = operator.server.json("approver", "add", "--name", "Ada", "--address", "ada-1@example.com")
    assert {"id", "apiKey"} <= set(added) and added["apiKey"].startswith("uk_live_")
    agent = operator.agent()
    permission = agent.pending()
    data_of(operator.by(added["apiKey"]).decide(permission, True))
    error_of(operator.by(added["apiKey"]).agents(), 403)


@pytest.mark.parametrize("arguments", [
    ["--name", "Ada"], ["--address", "ada-2@example.com"], ["--name", "Ada", "--address", "no address"],
    ["--name", "", "--address", "ada-2@example.com"], ["--name", "x\ny", "--address", "ada-2@example.com"],
])
def test_an_approver_who_cannot_be_is_not_added(operator, arguments):
    done = operator.server.command("approver", "add", *arguments)
    assert done.status != 0 and done.errors.strip()


# permission

@pytest.mark.parametrize("word, status", [("approve", "approved"), ("deny", "denied")])
def test_a_person_decides_at_the_command_line(operator, word, status):
    agent = operator.agent()
    permission = agent.pending("payment.transfer", scope={"max_amount": 100})
    listed = operator.server.command("permission", "list")
    assert listed.status == 0 and permission in listed.output and "payment.transfer" in listed.output
    shown = operator.server.command("permission", "show", permission)
    assert shown.status == 0 and "payment.transfer" in shown.output and "max_amount" in shown.output
    done = operator.server.command("permission", word, permission, "--reason", "By hand.")
    assert done.status == 0 and "otp_" not in done.text
    found = data_of(agent.api.permission(permission))
    assert (found["status"], found["reason"]) == (status, "By hand.")
    again = operator.server.command("permission", word, permission)
    assert again.status != 0 and again.errors.strip()


def test_a_person_narrows_at_the_command_line(operator):
    agent = operator.agent()
    permission = agent.pending("payment.transfer", scope={"max_amount": 100})
    done = operator.server.command("permission", "approve", permission, "--scope", '{"max_amount": 7}')
    assert done.status == 0, done.errors
    assert agent.collected(permission).scope["max_amount"] == 7


def test_an_approver_decides_from_another_machine(operator):
    """With their own key; who decided stands in the permission."""
    agent, approver = operator.agent(), operator.approver()
    permission = agent.pending()
    done = run("permission", "approve", permission, "--server", operator.server.url, "--key", approver.key)
    assert done.status == 0, done.errors
    assert approver.id in str(data_of(agent.api.permission(permission))["decidedBy"])


def test_an_agents_key_decides_nothing_at_the_command_line(operator):
    agent = operator.agent()
    permission = agent.pending()
    done = run("permission", "approve", permission, "--server", operator.server.url, "--key", agent.key)
    assert done.status != 0 and agent.key not in done.text
    assert agent.status(permission) == "pending"


def test_permission_watch_tells_what_comes(operator):
    agent = operator.agent()
    watching = subprocess.Popen(
        [str(BINARY), "permission", "watch", "--data", str(operator.server.data)], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    try:
        time.sleep(1)
        permission = agent.pending("watched.action")
        deadline = time.monotonic() + 10
        while permission not in (line := watching.stdout.readline()):
            assert line and time.monotonic() < deadline, "the request was not told"
    finally:
        watching.terminate()
        watching.communicate(timeout=10)


@pytest.mark.parametrize("arguments", [
    ["show", "perm_nowhere"], ["approve", "perm_nowhere"], ["deny"], ["list", "--status", "perhaps"],
    ["approve", "perm_nowhere", "--scope", "not json"],
])
def test_a_permission_command_that_cannot_be_done_says_so(operator, arguments):
    done = operator.server.command("permission", *arguments)
    assert done.status != 0 and done.errors.strip() and "Fatal" not in done.errors


# policy files

FILE = """\
    policies:
      - name: Read files
        priority: 10
        conditions:
          action: {startsWith: file.}
        action: auto_approve
      - name: No banking
        priority: 100
        conditions:
          action: {startsWith: bank.}
        action: deny
    tests:
      - request: {action: file.read}
        expect: approved
      - request: {action: bank.transfer}
        expect: denied
      - request: {action: mail.send}
        expect: pending
    """


@pytest.fixture
def policy_file(tmp_path):
    def write(text=FILE, name="policies.yaml"):
        path = tmp_path / name
        path.write_text(textwrap.dedent(text))
        return path
    return write


@pytest.fixture
def applied(started, operators, policy_file):
    """A server of the test's own, whose policies are those of the file."""
    server = started()
    done = server.command("policy", "apply", str(policy_file()))
    assert done.status == 0, done.errors
    return operators(server), done


def test_a_file_is_applied_as_a_set(applied):
    operator, done = applied
    assert "Read files" in done.output and "No banking" in done.output, "the difference is shown"
    agent = operator.agent()
    assert data_of(agent.api.request("file.read"), 201)["status"] == "approved"
    assert data_of(agent.api.request("bank.transfer"))["status"] == "denied"
    data_of(agent.api.request("mail.send"), 202)


def test_what_the_file_does_not_name_any_more_is_gone(applied, policy_file):
    """And what it does not change keeps its id."""
    operator, _ = applied
    before = {policy["name"]: policy["id"] for policy in page_of(operator.api.policies())[0]}
    shorter = FILE[:FILE.index("      - name: No banking")] + "      - name: No mail\n        conditions:\n" \
        "          action: {equals: mail.send}\n        action: deny\n"
    done = operator.server.command("policy", "apply", str(policy_file(shorter)))
    assert done.status == 0 and "No banking" in done.output and "No mail" in done.output
    after = {policy["name"]: policy["id"] for policy in page_of(operator.api.policies())[0]}
    assert set(after) == {"Read files", "No mail"} and after["Read files"] == before["Read files"]


def test_applying_again_changes_nothing(applied, policy_file):
    operator, _ = applied
    before = page_of(operator.api.policies())[0]
    assert operator.server.command("policy", "apply", str(policy_file())).status == 0
    assert page_of(operator.api.policies())[0] == before


WRONG = {
    "an operator that is none": ("startsWith: bank.", "strtsWith: bank.", 10),
    "an action that is none": ("action: deny", "action: forbid", 11),
    "a value of the wrong type": ("priority: 100", "priority: high", 8),
    "a field that is none": ("priority: 100", "prioritty: 100", 8),
    "a pattern that is none": ("startsWith: bank.", "matches: '('", 10),
    "a name twice": ("name: No banking", "name: Read files", 7),
    "broken YAML": ("priority: 100", "priority: [100", None),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_with_an_error_applies_nothing_and_names_file_line_and_rule(applied, policy_file, name):
    operator, _ = applied
    right, wrong, line = WRONG[name]
    before = page_of(operator.api.policies())[0]
    text = FILE.replace("priority: 10\n", "priority: 20\n").replace(right, wrong)
    done = operator.server.command("policy", "apply", str(policy_file(text, "wrong.yaml")))
    assert done.status != 0
    assert (f"wrong.yaml:{line}" if line else "wrong.yaml") in done.errors, done.errors
    assert line is None or "No banking" in done.errors or "Read files" in done.errors, done.errors
    assert page_of(operator.api.policies())[0] == before


def test_an_empty_approval_of_everything_is_refused_in_a_file_too(applied, policy_file):
    operator, _ = applied
    text = "policies:\n  - name: All\n    conditions: {}\n    action: auto_approve\n"
    done = operator.server.command("policy", "apply", str(policy_file(text, "all.yaml")))
    assert done.status != 0 and "all.yaml:" in done.errors and "matchAll" in done.errors
    assert len(page_of(operator.api.policies())[0]) == 2


def test_policy_test_runs_the_requests_beside_the_policies(policy_file):
    """Without a server: it fails where one decision is not the expected one, and says which."""
    good = run("policy", "test", str(policy_file()))
    assert good.status == 0 and "3" in good.output, good.text
    bad = run("policy", "test", str(policy_file(FILE.replace("expect: denied", "expect: approved"), "bad.yaml")))
    assert bad.status != 0 and "bank.transfer" in bad.text and "bad.yaml" in bad.text


def test_policy_explain_shows_each_rule_with_the_values_seen(applied):
    operator, _ = applied
    done = operator.server.command("policy", "explain", "--action", "bank.transfer")
    assert done.status == 0 and "No banking" in done.output and "startsWith" in done.output
    assert "bank.transfer" in done.output and "den" in done.output.lower()


def test_policy_replay_tells_what_would_be_decided_otherwise(applied, policy_file):
    operator, _ = applied
    agent = operator.agent()
    agent.granted("file.read")
    agent.granted("file.write")
    data_of(agent.api.request("bank.transfer"))
    stricter = policy_file(FILE.replace("startsWith: file.", "equals: file.read"), "stricter.yaml")
    done = operator.server.command("policy", "replay", "--since", "7d", str(stricter))
    assert done.status == 0, done.errors
    assert "file.write" in done.output and "file.read" not in done.output.replace("equals: file.read", "")
    agent.granted("file.write", resource="as before: a replay changes nothing")


@pytest.mark.parametrize("arguments", [
    ["agent"], ["agent", "create"], ["agent", "list"], ["agent", "revoke"], ["agent", "rotate-key"], ["agent", "stop"],
    ["policy"], ["policy", "apply"], ["policy", "test"], ["policy", "explain"], ["policy", "replay"], ["permission"],
    ["permission", "list"], ["permission", "show"], ["permission", "approve"], ["permission", "deny"],
    ["permission", "watch"], ["approver"], ["approver", "add"],
])
def test_every_command_about_agents_explains_itself(arguments):
    done = run(*arguments, "--help")
    assert done.status == 0 and "USAGE" in done.output and "OVERVIEW" in done.output
