"""A captcha provider on loopback (`scripts/test-servers/siteverify_server.py`), and settings that point to it."""

from __future__ import annotations

from typing import Any

from script_server import ScriptServer

SECRET = "captcha-secret-of-the-workspace"
SITE = "app.example.com"


class CaptchaProvider(ScriptServer):
    """A token that begins with `solved` counts once."""

    script = "siteverify_server.py"

    def questions(self) -> list[dict[str, Any]]:
        """The fields of every question that came."""
        return [event["fields"] for event in self.of("request")]

    def enclave_settings(self, workspace: str) -> str:
        """An `enclave.yaml` for this provider."""
        return "\n".join([
            "captcha:", f"  url: https://localhost:{self.port}/turnstile/v0/siteverify",
            f"  ca_file: {self.certificates / 'ca.pem'}", "  workspaces:", f"    {workspace}:",
            f"      secret: {SECRET}", f"      hostnames: [{SITE}]", ""])
