"""A SoftHSM of a test's own: tokens, wrapping keys, and the section of enclave.yaml that names them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "73519246"
OFFICER_PIN = "98765432"
PIN_INCORRECT = 0xA0
"""CKR_PIN_INCORRECT"""
FINAL_TRY, LOCKED = 1 << 17, 1 << 18
"""CKF_USER_PIN_FINAL_TRY, CKF_USER_PIN_LOCKED"""


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

    def make_key(self, token: str, label: str, *options: str, length: int = 32) -> None:
        """An AES-256 key that never leaves the token, unless the options or the length in bytes say otherwise."""
        self._tool(token, "--keygen", "--key-type", f"AES:{length}", "--label", label, *(options or ["--sensitive"]))

    def remove_key(self, token: str, label: str) -> None:
        self._tool(token, "--delete-object", "--type", "secrkey", "--label", label)

    def private_keys(self, token: str) -> int:
        return self._private_keys(token).count("Private Key Object")

    def exportable_private_keys(self, token: str) -> int:
        said = self._private_keys(token)
        return said.count("Private Key Object") - len(re.findall(r"Access:.*\bsensitive\b.*\bnever extractable\b", said))

    def remove_private_keys(self, token: str) -> None:
        for identifier in re.findall(r"^  ID: +(\w+)$", self._private_keys(token), re.MULTILINE):
            self._tool(token, "--delete-object", "--type", "privkey", "--id", identifier)

    def slot(self, token: str) -> int:
        said = self._run("softhsm2-util", "--show-slots")
        found = re.search(rf"^Slot (\d+)$(?:(?!^Slot )[\s\S])*? Label: +{token} *$", said, re.MULTILINE)
        assert found, said
        return int(found[1])

    def _private_keys(self, token: str) -> str:
        return self._tool(token, "--list-objects", "--type", "privkey")

    @property
    def module(self) -> Path:
        return MODULE

    @property
    def environment(self) -> dict[str, str]:
        return {"SOFTHSM2_CONF": str(self.configuration)}

    def section(self, token: str, key: str, *lines: str, name: str = "vault", pin: str | None = None) -> str:
        pin = pin or f"pin_file: {self.pin_file}"
        return "\n".join([
            f"{name}:", f"  module: {self.module}", f"  token: {token}", f"  key: {key}", f"  {pin}",
            *(f"  {line}" for line in lines), "  environment:",
            *(f"    {name}: '{value}'" for name, value in self.environment.items()), ""])

    def _tool(self, token: str, *arguments: str) -> str:
        return self._run(
            "pkcs11-tool", "--module", str(MODULE), "--token-label", token, "--login", "--pin", PIN, *arguments)

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL,
            env={**os.environ, "SOFTHSM2_CONF": str(self.configuration)})
        assert done.returncode == 0, f"{command[0]}: {done.stdout}{done.stderr}"
        return done.stdout


class WatchedHSM(SoftHSM):
    """The same behind a module that notes logins, and says or does what SoftHSM does not."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.logins = folder / "logins"
        self.logins.touch()
        self.flags = 0
        """Flags of a token that are added to SoftHSM's."""
        self.signing = 0
        """Milliseconds that each signature takes longer."""
        self.logging_in = 0
        """Milliseconds that the answer to each login takes longer."""
        self.starting = 0
        """Milliseconds that the module takes longer to start."""
        self.key_length = 0
        """Bytes that every AES key is said to have; 0 for the truth."""
        source = Path(__file__).with_name("watched_module.c")
        compiler = shutil.which("cc") or shutil.which("clang")
        assert compiler, "there is no C compiler"
        subprocess.run(
            [compiler, "-shared", "-fPIC", "-I/usr/include/p11-kit-1", "-o", str(self.module), str(source), "-ldl"],
            check=True, timeout=60)

    @property
    def module(self) -> Path:
        return self.configuration.with_name("watched.so")

    @property
    def environment(self) -> dict[str, str]:
        return {
            **super().environment, "WATCHED_MODULE": str(MODULE), "WATCHED_LOGINS": str(self.logins),
            "WATCHED_FLAGS": f"{self.flags:x}", "WATCHED_SIGNING": str(self.signing),
            "WATCHED_LOGGING_IN": str(self.logging_in), "WATCHED_STARTING": str(self.starting),
            "WATCHED_KEY_LENGTH": str(self.key_length)}

    def tries(self) -> list[int]:
        """What each login returned."""
        return [int(line, 16) for line in self.logins.read_text().split()]

    def refused_tries(self) -> int:
        return self.tries().count(PIN_INCORRECT)

    def give_to(self, user: int) -> None:
        """From now on the module runs as that user."""
        folder = self.configuration.parent
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, user, user)
