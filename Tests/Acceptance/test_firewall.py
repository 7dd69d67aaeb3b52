"""The shipped rules of nftables, loaded in network namespaces of a test's own. Needs root."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import ROOT
from networks import Network
from services import ENCLAVE, HOST, STRANGER, as_user

CONNECTING = """
import socket, sys
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=float(sys.argv[3])).close()
    print("connected")
except TimeoutError:
    print("dropped")
except ConnectionRefusedError:
    print("nobody listens")
except OSError:
    print("refused")
"""
LISTENING = """
import select, socket, sys
listeners = [socket.create_server((sys.argv[1], int(port))) for port in sys.argv[2:]]
print("ready", flush=True)
while True:
    for listener in select.select(listeners, [], [])[0]:
        listener.accept()[0].close()
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The shipped file with users by their numbers, as this machine has none of these names."""
    if os.geteuid() != 0 or shutil.which("nft") is None:
        pytest.fail("run as root, with nftables: scripts/system-packages.sh test")
    text = (ROOT / "deploy/nftables.conf").read_text()
    for name, number in (("countersign-enclave", ENCLAVE), ("countersign", HOST)):
        assert f'"{name}"' in text
        text = text.replace(f'"{name}"', str(number))
    path = tmp_path / "nftables.conf"
    path.write_text(text)
    return path


@pytest.fixture
def network() -> Iterator[Network]:
    network = Network()
    yield network
    network.end()


def test_the_rules_are_valid(rules: Path) -> None:
    done = subprocess.run(["unshare", "-n", "nft", "-c", "-f", str(rules)], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr


def test_what_the_rules_let_through(rules: Path, network: Network) -> None:
    """Clients reach 443 and 80; operators SSH; the server providers; the enclave nothing at all, loopback included."""
    network.run(network.here, "nft", "-f", str(rules))
    network.run(network.here, "nft", "-f", str(rules))  # loading it again replaces it
    ports = ["22", "80", "443", "3000"]
    listeners = [
        subprocess.Popen(
            network.inside(machine, "/usr/bin/python3", "-c", LISTENING, address, *served), stdout=subprocess.PIPE)
        for machine, address, served in (
            (network.here, "0.0.0.0", ports), (network.there, "0.0.0.0", ["25", "443", "587", "3000"]))]
    try:
        for listener in listeners:
            assert listener.stdout is not None and listener.stdout.readline() == b"ready\n"

        def from_outside(port: str) -> str:
            return network.run(
                network.there, "/usr/bin/python3", "-c", CONNECTING, "192.0.2.1", port, "0.4")

        def from_here(user: int, address: str, port: str) -> str:
            return network.run(
                network.here, *as_user(user, "/usr/bin/python3", "-c", CONNECTING, address, port, "0.4"))

        assert [from_outside(port) for port in ports] == ["connected", "connected", "connected", "dropped"]
        network.run(network.there, "ip", "route", "replace", "192.0.2.0/24", "dev", "cable", "src", "198.51.100.9")
        assert [from_outside(port) for port in ports] == ["dropped", "connected", "connected", "dropped"]
        assert [from_here(HOST, "192.0.2.9", port) for port in ("443", "587", "25", "3000")] == [
            "connected", "connected", "refused", "refused"]
        assert from_here(STRANGER, "192.0.2.9", "443") == "refused"
        assert from_here(STRANGER, "127.0.0.1", "3000") == "connected"
        assert [from_here(ENCLAVE, address, "443") for address in ("192.0.2.9", "127.0.0.1")] == ["refused", "refused"]
    finally:
        for listener in listeners:
            listener.kill()
            listener.wait(timeout=5)
