"""The shipped rules of nftables, loaded in network namespaces of a test's own. Needs root."""

from __future__ import annotations

import contextlib
import os
import re
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


@contextlib.contextmanager
def listening(network: Network, machine: subprocess.Popen[bytes], *ports: str) -> Iterator[None]:
    """Somebody who accepts connections to all of a machine's addresses."""
    listener = subprocess.Popen(
        network.inside(machine, "/usr/bin/python3", "-c", LISTENING, "0.0.0.0", *ports), stdout=subprocess.PIPE)
    try:
        assert listener.stdout is not None and listener.stdout.readline() == b"ready\n"
        yield
    finally:
        listener.kill()
        listener.wait(timeout=5)


def from_outside(network: Network, port: str) -> str:
    return network.run(network.there, "/usr/bin/python3", "-c", CONNECTING, "192.0.2.1", port, "0.4")


def move_to_other_network(network: Network) -> None:
    """The other machine comes from 198.51.100.9 from now on."""
    network.run(network.there, "ip", "route", "replace", "192.0.2.0/24", "dev", "cable", "src", "198.51.100.9")


def test_the_rules_are_valid(rules: Path) -> None:
    done = subprocess.run(["unshare", "-n", "nft", "-c", "-f", str(rules)], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr


def test_what_the_rules_let_through(rules: Path, network: Network) -> None:
    """Clients reach 443 and 80; operators SSH; the server providers; the enclave nothing at all, loopback included."""
    network.run(network.here, "nft", "-f", str(rules))
    network.run(network.here, "nft", "-f", str(rules))  # loading it again replaces it
    ports = ["22", "80", "443", "3000"]

    def from_here(user: int, address: str, port: str) -> str:
        return network.run(
            network.here, *as_user(user, "/usr/bin/python3", "-c", CONNECTING, address, port, "0.4"))

    with listening(network, network.here, *ports), listening(network, network.there, "25", "443", "587", "3000"):
        assert [from_outside(network, port) for port in ports] == ["connected", "connected", "connected", "dropped"]
        move_to_other_network(network)
        assert [from_outside(network, port) for port in ports] == ["dropped", "connected", "connected", "dropped"]
        assert [from_here(HOST, "192.0.2.9", port) for port in ("443", "587", "25", "3000")] == [
            "connected", "connected", "refused", "refused"]
        assert from_here(STRANGER, "192.0.2.9", "443") == "refused"
        assert from_here(STRANGER, "127.0.0.1", "3000") == "connected"
        assert [from_here(ENCLAVE, address, "443") for address in ("192.0.2.9", "127.0.0.1")] == ["refused", "refused"]


def test_where_the_file_names_the_networks_of_clients_others_are_kept_out(rules: Path, network: Network) -> None:
    """The lines that it has for that, in the place of the one that lets everybody in."""
    everybody = "\n        tcp dport { 80, 443 } jump clients\n"
    text = rules.read_text()
    assert everybody in text
    text, lines = re.subn(r"# (tcp dport \{ 80, 443 \} ip6? saddr )", r"\1", text.replace(everybody, "\n"))
    assert lines == 2
    rules.write_text(text)
    network.run(network.here, "nft", "-f", str(rules))
    with listening(network, network.here, "443"):
        assert from_outside(network, "443") == "dropped"
        move_to_other_network(network)
        assert from_outside(network, "443") == "connected"
