"""A witness on loopback (`scripts/test-servers/witness_server.py`), and settings that name it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from script_server import SCRIPTS, ScriptServer
from transparency import VerifierKey


class Witness(ScriptServer):
    """It cosigns what extends what it cosigned, and keeps that in a file; unless it is told otherwise."""

    script = "witness_server.py"

    def __init__(self, certificates: Path, state: Path, **settings: Any) -> None:
        super().__init__(certificates, "--state", str(state), **settings)
        printed = subprocess.run(["/usr/bin/python3", str(SCRIPTS / self.script), "--print-vkey"], check=True,
                                 capture_output=True, text=True, timeout=20)
        self.vkey = printed.stdout.strip()

    @property
    def key(self) -> VerifierKey:
        return VerifierKey(self.vkey)

    def enclave_settings(self) -> str:
        return "\n".join([
            "audit_log:", "  witnesses:", f"    - vkey: {self.vkey}", f"      url: https://localhost:{self.port}/witness",
            f"      ca_file: {self.certificates / 'ca.pem'}", ""])

    def cosigned(self, origin: str) -> int:
        """The size of the largest tree of a log that it has cosigned."""
        return max((each["size"] for each in self.of("request") if each["status"] == 200 and each["origin"] == origin),
                   default=0)
