"""A provider on loopback: one of the scripts in `scripts/test-servers`, with the events that it reports."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts/test-servers"


def make_certificates(folder: Path) -> Path:
    subprocess.run([str(SCRIPTS / "make-certificates.sh"), str(folder)], check=True, capture_output=True, timeout=60)
    return folder


class ScriptServer:
    """One process; its options are the script's. Started again it takes the same port."""

    script: str

    def __init__(self, certificates: Path, *options: str, certificate: str = "good", port: int = 0) -> None:
        self.certificates, self.options, self.certificate, self.port = certificates, options, certificate, port
        self.events: list[dict[str, Any]] = []
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> Any:
        arguments = ["--port", str(self.port), "--certificate", str(self.certificates / f"{self.certificate}.pem"),
                     "--key", str(self.certificates / f"{self.certificate}.key"), *self.options, "--control"]
        self.process = subprocess.Popen(
            ["/usr/bin/python3", str(SCRIPTS / self.script), *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        threading.Thread(target=self._listen, args=(self.process,), daemon=True).start()
        self.port = self.wait_for("listening", count=1)[-1]["port"]
        return self

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.events.append(json.loads(line))

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=5)
            self.process = None
            self.events = [event for event in self.events if event["event"] != "listening"]

    def of(self, event: str) -> list[dict[str, Any]]:
        return [found for found in list(self.events) if found["event"] == event]

    def wait_for(self, event: str, count: int, seconds: float = 10) -> list[dict[str, Any]]:
        deadline = time.monotonic() + seconds
        while len(self.of(event)) < count:
            assert time.monotonic() < deadline, f"fewer than {count} times `{event}` within {seconds} s"
            time.sleep(0.01)
        return self.of(event)

    def tell(self, command: str) -> None:
        """Gives a command to the script, and waits until it was obeyed."""
        assert self.process is not None and self.process.stdin is not None
        obeyed = len(self.of("command"))
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        self.wait_for("command", obeyed + 1)
