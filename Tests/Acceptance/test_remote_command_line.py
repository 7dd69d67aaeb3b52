"""Who may administer: an operator's key over the network, the same user over the Unix socket, nobody else."""

import json
import os
import re
import socket
import struct
import subprocess
import sys

import pytest
import contacts
from commands import run
from server import free_port
from wire import Client, dispatched, refused, verified


@pytest.fixture
def remote(server):
    def command(*arguments, kind="operator"):
        return run(*arguments, "--server", server.url, "--key", server.issued["keys"][kind])
    return command


def test_an_operators_key_works_from_another_machine(server, remote):
    """With `--server` and `--key` no data folder is needed."""
    shown = remote("workspace", "show", "--json")
    assert shown.status == 0 and server.issued["workspace"] in shown.output
    created = remote("key", "create", "--kind", "test", "--json").json
    with Client(server.port, created["key"]) as client:
        to = contacts.phone()
        verified(client.verify(to, dispatched(client.send(to))["code"]))
    assert remote("key", "revoke", created["id"]).status == 0
    with Client(server.port, created["key"]) as client:
        refused(client.send(contacts.phone()), 403, "KEY_REVOKED")
    assert remote("key", "list", "--json").status == 0
    assert remote("doctor", "--json").json["ok"] in (True, False)


@pytest.mark.parametrize("kind", ["live", "test"])
def test_a_secret_key_does_not_administer(remote, kind):
    done = remote("workspace", "show", kind=kind)
    assert done.status != 0 and "operator" in done.errors.lower()


def test_a_wrong_key_is_not_repeated(server):
    key = server.issued["keys"]["operator"][:-1] + "x"
    done = run("workspace", "show", "--server", server.url, "--key", key)
    assert done.status != 0 and key not in done.text


def test_no_server_is_said_with_what_to_do(server, folder):
    """At the address, in the folder, and without a folder at all."""
    nowhere = f"http://127.0.0.1:{free_port()}"
    done = run("workspace", "show", "--server", nowhere, "--key", server.issued["keys"]["operator"])
    assert done.status != 0 and nowhere.removeprefix("http://") in done.errors
    stopped = folder()
    stopped.init()
    done = stopped.command("workspace", "show")
    assert done.status != 0 and "countersign serve" in done.errors
    done = folder().command("workspace", "show")
    assert done.status != 0 and done.errors.strip()


def test_commands_find_the_default_folder(folder):
    """`--data` is `data` in the working directory where it is not given."""
    server = folder()
    server.data = server.data.parent / "data"
    server.init()
    server.start()
    done = run("workspace", "show", "--json", cwd=server.data.parent)
    assert done.status == 0 and server.issued["workspace"] in done.output


def test_the_socket_is_for_its_own_user(server):
    """`countersign.sock` in the data folder, mode 0600; the peer's user is asked of the kernel, not of the request."""
    path = server.data / "countersign.sock"
    assert path.is_socket() and path.stat().st_mode & 0o077 == 0
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(str(path))
        _, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        assert uid == path.stat().st_uid
        connection.sendall(b"GET /v1/workspace HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")


def test_another_user_is_refused_at_the_socket(server):
    """Even where the file's mode would let them in."""
    if os.geteuid() != 0:
        pytest.skip("ONLY ROOT CAN BECOME ANOTHER USER")
    program = ("import os, socket, sys\n"
               "connection = socket.socket(socket.AF_UNIX)\n"
               "connection.settimeout(5)\n"
               "os.chdir(sys.argv[1])\n"
               "os.setgid(65534); os.setuid(65534)\n"
               "try:\n"
               "    connection.connect('countersign.sock')\n"
               "    connection.sendall(b'GET /v1/workspace HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n')\n"
               "    print(connection.recv(4096).decode(errors='replace'))\n"
               "except OSError as error:\n"
               "    print('closed', error)\n")
    modes = [(path, path.stat().st_mode) for path in (server.data, server.data / "countersign.sock")]
    try:
        server.data.chmod(0o755)
        (server.data / "countersign.sock").chmod(0o666)
        done = subprocess.run(
            [sys.executable, "-c", program, str(server.data)], capture_output=True, text=True, timeout=20)
    finally:
        for path, mode in modes:
            path.chmod(mode & 0o777)
    assert done.returncode == 0, done.stderr
    assert "HTTP/1.1 200" not in done.stdout and server.issued["workspace"] not in done.stdout


def test_a_refusal_says_what_to_do_and_is_json_where_json_is_asked_for(started):
    """The code and the seconds to wait are for programs; standard output stays empty."""
    server = started()
    to = contacts.phone()
    assert server.command("passcode", "send", "--to", to).status == 0
    plain = server.command("passcode", "send", "--to", to)
    assert plain.status == 1 and re.search(r"Try again in \d+ s\.$", plain.errors.strip()), plain.errors
    refused = server.command("passcode", "send", "--to", to, "--json")
    error = json.loads(refused.errors)["error"]
    assert refused.status == 1 and refused.output == ""
    assert error["code"] == "SPAM_COOLDOWN" and 0 < error["retry_after"] <= 60 and error["message"]
    server.set("--monthly-quota", "1")
    exceeded = server.command("passcode", "send", "--to", contacts.phone())
    assert "--monthly-quota" in exceeded.errors
