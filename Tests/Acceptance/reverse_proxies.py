"""nginx and Caddy with the shipped examples; only names, ports and files are a test's own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from authorities import Pair
from commands import ROOT
from raw_http import RawConnection
from server import Server, free_port

NAME = "login.example.com"


class ReverseProxy:
    """A proxy that ends TLS in front of a server, and sends plain HTTP on to HTTPS."""

    def __init__(self, server: Server, pair: Pair, folder: Path) -> None:
        self.server, self.pair, self.folder = server, pair, folder
        self.port, self.plain_port = free_port(), free_port()
        self.log = folder / "proxy.log"
        folder.mkdir()
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def start(self) -> ReverseProxy:
        command = self.command()
        if shutil.which(command[0]) is None:
            pytest.fail(f"{command[0]} is missing: scripts/system-packages.sh test")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                env={**os.environ, "HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder),
                     "XDG_CONFIG_HOME": str(self.folder)})
        deadline = time.monotonic() + 15
        while True:
            try:
                for port in (self.port, self.plain_port):
                    RawConnection(port).__exit__()
                return self
            except OSError:
                assert self.process.poll() is None and time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.02)

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(timeout=5)


def replaced(text: str, changes: dict[str, str]) -> str:
    """Each pattern must be there: an example that changed must not pass unnoticed."""
    for pattern, text_instead in changes.items():
        text, count = re.subn(pattern, lambda _: text_instead, text, flags=re.MULTILINE)
        assert count, f"the example has no {pattern}"
    return text


class Nginx(ReverseProxy):
    def command(self) -> list[str]:
        example = replaced((ROOT / "deploy/nginx/countersign.conf").read_text(), {
            r"^    listen \[::\].*\n": "",
            r"listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            r"listen 443 ssl": f"listen 127.0.0.1:{self.port} ssl",
            r"127\.0\.0\.1:3000;": f"127.0.0.1:{self.server.port};",
            r"ssl_certificate /.*;": f"ssl_certificate {self.pair.certificate};",
            r"ssl_certificate_key /.*;": f"ssl_certificate_key {self.pair.key};",
        })
        temporary = "\n".join(
            f"{kind}_temp_path {self.folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root;\n" if os.geteuid() == 0 else ""
        settings = self.folder / "nginx.conf"
        settings.write_text(
            f"{user}daemon off;\nworker_processes 1;\npid {self.folder}/pid;\nerror_log stderr;\n"
            f"events {{ worker_connections 512; }}\nhttp {{\naccess_log off;\n{temporary}\n{example}\n}}\n")
        return ["/usr/sbin/nginx", "-p", str(self.folder), "-c", str(settings)]


class Caddy(ReverseProxy):
    def command(self) -> list[str]:
        settings = self.folder / "Caddyfile"
        settings.write_text(replaced((ROOT / "deploy/caddy/Caddyfile").read_text(), {
            r"^\tadmin off$":
                f"\tadmin off\n\tdefault_bind 127.0.0.1\n\thttp_port {self.plain_port}\n\thttps_port {self.port}\n"
                "\tskip_install_trust",
            rf"^{re.escape(NAME)} \{{$": f"{NAME}, localhost {{",
            r"^\ttls \{$": f"\ttls {self.pair.certificate} {self.pair.key} {{",
            r"127\.0\.0\.1:3000": f"127.0.0.1:{self.server.port}",
        }))
        return ["/usr/bin/caddy", "run", "--config", str(settings), "--adapter", "caddyfile"]
