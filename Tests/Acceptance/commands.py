"""The built programs, and how one is run to its end."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from known_secrets import known

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("COUNTERSIGN_BINARY", ROOT / ".build/release/countersign")).absolute()
ENCLAVE_BINARY = BINARY.with_name("countersign-enclave")


@dataclass(frozen=True)
class Finished:
    """What a command did."""

    status: int
    output: str
    errors: str

    @property
    def json(self) -> Any:
        return json.loads(self.output)

    @property
    def text(self) -> str:
        return self.output + self.errors


def run(*arguments: str, seconds: float = 30, environment: dict[str, str] | None = None, cwd: Path | None = None,
        binary: Path = BINARY) -> Finished:
    """Runs one command to its end."""
    done = subprocess.run(
        [str(binary), *arguments], capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL,
        env={**os.environ, **(environment or {})}, cwd=cwd, umask=0)
    known.learn_body(done.stdout, accepted=done.returncode == 0)
    return Finished(done.returncode, done.stdout, done.stderr)
