"""Machines of a test's own, as far as the network goes. Needs root."""

from __future__ import annotations

import os
import subprocess

import pytest


class Network:
    """Two machines and a cable: this one is 192.0.2.1, the other 192.0.2.9 and 198.51.100.9."""

    def __init__(self) -> None:
        if os.geteuid() != 0:
            pytest.fail("only root can make network namespaces: run these tests as root")
        self.holders = [
            subprocess.Popen(["unshare", "-n", "sleep", "300"], stdin=subprocess.DEVNULL) for _ in range(2)]
        own = os.readlink("/proc/self/ns/net")
        for holder in self.holders:
            while os.readlink(f"/proc/{holder.pid}/ns/net") == own:
                pass
        self.here, self.there = self.holders
        self.run(self.here, "ip", "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns",
                 str(self.there.pid))
        for machine, addresses in ((self.here, ["192.0.2.1/24"]), (self.there, ["192.0.2.9/24", "198.51.100.9/32"])):
            for address in addresses:
                self.run(machine, "ip", "address", "add", address, "dev", "cable")
            self.run(machine, "ip", "link", "set", "cable", "up")
            self.run(machine, "ip", "link", "set", "lo", "up")
        self.run(self.here, "ip", "route", "add", "198.51.100.0/24", "dev", "cable")

    def inside(self, machine: subprocess.Popen[bytes], *command: str) -> list[str]:
        return ["nsenter", f"--net=/proc/{machine.pid}/ns/net", "--", *command]

    def run(self, machine: subprocess.Popen[bytes], *command: str) -> str:
        done = subprocess.run(self.inside(machine, *command), capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def end(self) -> None:
        for holder in self.holders:
            holder.kill()
            holder.wait(timeout=5)
