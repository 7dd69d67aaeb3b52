"""Command-line sessions as text: commands and what they print, read from `sessions/*.session`.

A line that begins with `$ ` is a command for the shell, a line `? N` before the next command its exit status where
that is not 0, all other lines what it prints, errors included. `[..]` stands for any characters within a line, a line
`[...]` for any lines. Lines that begin with `# ` above the first command of a paragraph are comments. One shell runs a
session from its first line to its last, in a folder whose `data` a running server serves; `$URL`, `$LIVE`, `$TEST`,
`$OPERATOR` and `$WORKSPACE` are set, and `code_of CONTACT` prints the code of the message in the inbox.
"""

import os
import re
import select
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from commands import BINARY
from server import Server, GENEROUS

SESSIONS = sorted(Path(__file__).with_name("sessions").glob("*.session"))
CODE_OF = r"""code_of() { grep -rlF -- "$1" data/inbox/new | xargs -r cat | tr -d '\r' |
    grep -oE '(^|[^0-9+])[0-9]{6}([^0-9]|$)' | grep -oE '[0-9]{6}' | head -n 1; }"""


@dataclass
class Step:
    line: int
    command: str
    output: list[str] = field(default_factory=list)
    status: int = 0


def read(path: Path) -> list[Step]:
    steps: list[Step] = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("$ "):
            steps.append(Step(number, line[2:]))
        elif re.fullmatch(r"\? \d+", line):
            steps[-1].status = int(line[2:])
        elif line.startswith("# "):
            continue
        elif steps:
            steps[-1].output.append(line)
    for step in steps:
        while step.output and not step.output[-1]:
            step.output.pop()
    return steps


def matches(expected: list[str], printed: list[str]) -> bool:
    pattern = ""
    for line in expected:
        if line == "[...]":
            pattern += r"(?:[^\n]*\n)*"
        else:
            pattern += "[^\n]*".join(re.escape(part) for part in line.split("[..]")) + "\n"
    return re.fullmatch(pattern, "".join(line + "\n" for line in printed)) is not None


class Shell:
    MARK = "--- end of step"

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-s"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, cwd=folder, env={**os.environ, **environment})
        self.run(CODE_OF)

    def run(self, command: str, seconds: float = 30) -> tuple[list[str], int]:
        """What one command prints, and its exit status."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(f"{command}\nprintf '\\n{self.MARK} %d\\n' $?\n".encode())
        self.process.stdin.flush()
        printed, deadline = b"", time.monotonic() + seconds
        while not (end := re.search(rf"\n{self.MARK} (\d+)\n$", printed.decode(errors="replace"))):
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))
            chunk = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            assert chunk, f"no end within {seconds} s: {printed[-500:]!r}"
            printed += chunk
        text = printed.decode(errors="replace")[:end.start()].rstrip("\n")
        return (text.split("\n") if text else []), int(end[1])

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=10)


@pytest.fixture
def served(tmp_path):
    server = Server(tmp_path / "data")
    server.init()
    server.start()
    server.set(*GENEROUS)
    yield server
    server.end()


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_a_session_prints_what_is_written(served, path):
    keys = served.issued["keys"]
    shell = Shell(served.data.parent, {
        "PATH": f"{BINARY.parent}:{os.environ['PATH']}", "URL": served.url, "LIVE": keys["live"], "TEST": keys["test"],
        "OPERATOR": keys["operator"], "WORKSPACE": served.issued["workspace"], "COLUMNS": "100"})
    try:
        for step in read(path):
            printed, status = shell.run(step.command)
            where = f"{path.name}:{step.line}: $ {step.command}"
            assert status == step.status, f"{where}\nexit status {status}, not {step.status}\n" + "\n".join(printed)
            assert matches(step.output, printed), "\n".join(
                [where, "expected:", *step.output, "printed:", *printed])
    finally:
        shell.end()


def test_the_runner_sees_a_difference(tmp_path):
    """The control: patterns match what they should, and nothing else."""
    assert matches(["a [..] c", "[...]", "end"], ["a b c", "x", "y", "end"])
    assert matches(["[..]"], [""]) and matches([], [])
    assert not matches(["a [..] c"], ["a b d"])
    assert not matches(["a"], ["a", "b"]) and not matches(["a", "b"], ["a"]) and not matches([], ["a"])
    shell = Shell(tmp_path, {})
    try:
        assert shell.run("x=7; echo one; echo two >&2; (exit 3)") == (["one", "two"], 3)
        assert shell.run("echo $x") == (["7"], 0)
        assert shell.run("true") == ([], 0)
    finally:
        shell.end()
