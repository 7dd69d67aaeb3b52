"""A SoftHSM of a test's own: tokens, wrapping keys, and the section of enclave.yaml that names them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "73519246"
OFFICER_PIN = "98765432"


class SoftHSM:
    """One SoftHSM 2 with as many tokens as a test makes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        (folder / "tokens").mkdir()
        self.configuration = folder / "softhsm2.conf"
        self.configuration.write_text(
            f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
        self.pin_file = folder / "pin"
        self.pin_file.write_text(PIN + "\n")

    def emptied(self) -> SoftHSM:
        """Without the tokens that it had."""
        shutil.rmtree(self.configuration.with_name("tokens"))
        self.configuration.with_name("tokens").mkdir()
        return self

    def make_token(self, label: str) -> None:
        self._run("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", OFFICER_PIN)

    def make_key(self, token: str, label: str, *options: str) -> None:
        """An AES-256 key that never leaves the token, unless the options say otherwise."""
        self._tool(token, "--keygen", "--key-type", "AES:32", "--label", label, *(options or ["--sensitive"]))

    def remove_key(self, token: str, label: str) -> None:
        self._tool(token, "--delete-object", "--type", "secrkey", "--label", label)

    def private_keys(self, token: str) -> int:
        return self._tool(token, "--list-objects", "--type", "privkey").count("Private Key Object")

    def section(self, token: str, key: str, *lines: str, name: str = "vault", pin: str | None = None) -> str:
        pin = pin or f"pin_file: {self.pin_file}"
        return "\n".join([
            f"{name}:", f"  module: {MODULE}", f"  token: {token}", f"  key: {key}", f"  {pin}", "  environment:",
            f"    SOFTHSM2_CONF: {self.configuration}", *(f"  {line}" for line in lines), ""])

    def _tool(self, token: str, *arguments: str) -> str:
        return self._run(
            "pkcs11-tool", "--module", str(MODULE), "--token-label", token, "--login", "--pin", PIN, *arguments)

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL,
            env={**os.environ, "SOFTHSM2_CONF": str(self.configuration)})
        assert done.returncode == 0, f"{command[0]}: {done.stdout}{done.stderr}"
        return done.stdout
