"""docs/checklist.md: every command of ours that it names is one, and works on a fresh installation."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from commands import ROOT, run

CHECKLIST = ROOT / "docs/checklist.md"


def _commands() -> list[list[str]]:
    text = CHECKLIST.read_text()
    found = {code for code in re.findall(r"`countersign ([^`]+)`", text)}
    return [shlex.split(code) for code in sorted(found)]


def _takes_data(arguments: list[str]) -> bool:
    return arguments[:2] not in (["policy", "test"], ["certificate", "show"])


def test_every_command_of_the_checklist_works(started, tmp_path):
    """As it stands there, in a folder that has what the examples name."""
    server = started()
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    agent = server.json("agent", "create", "--name", "bot")["id"]
    made = run("certificate", "self-signed", "--host", "localhost", "--out", "tls", cwd=tmp_path)
    assert made.status == 0, made.errors
    commands = _commands()
    assert len(commands) > 10
    for arguments in commands:
        data = ["--data", str(server.data)] if _takes_data(arguments) else []
        done = run(*[agent if argument == "AGENT" else argument for argument in arguments], *data, cwd=tmp_path)
        # The doctor of a trial has something to warn of, and says so.
        expected = (0, 1) if arguments[0] == "doctor" else (0,)
        assert done.status in expected, f"{' '.join(arguments)}: {done.status}: {done.errors[-800:]}"


def test_the_answers_that_the_checklist_looks_at_tell_nothing_of_the_server(started):
    server = started()
    paths = set(re.findall(r"`curl -i https://login\.example\.com(/[^`]+)`", CHECKLIST.read_text()))
    assert paths == {"/nothing", "/v1/keys"}
    with server.client(None) as client:
        for path in paths:
            answer = client.get(path)
            assert answer.status in (401, 404) and answer.headers["X-Request-Id"]
            assert "Server" not in answer.headers
            said = answer.body.decode()
            assert said and not any(word in said for word in (str(server.data), ".swift", "SQL", "0.1.0")), said


def test_old_versions_are_asked_for_in_a_way_that_offers_them():
    """At its usual level the library would refuse to offer TLS 1.1 itself, whatever the server speaks."""
    asked = [
        command for page in CHECKLIST.parent.glob("*.md")
        for command in re.findall(r"`(openssl s_client [^`]*-tls1_1[^`]*)`", page.read_text())]
    assert len(asked) == 2 and all("-cipher ALL:@SECLEVEL=0" in command for command in asked), asked


def test_every_file_that_the_checklist_names_is_there():
    """Links lead somewhere, and so do their anchors."""
    text = CHECKLIST.read_text()
    for target in re.findall(r"\]\(([^)]+)\)", text):
        path, _, anchor = target.partition("#")
        file = (CHECKLIST.parent / path).resolve()
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", Path(file).read_text(), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}, target
