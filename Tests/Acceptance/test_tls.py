"""HTTPS as its clients see it: openssl, curl, sslscan, and the requests of others meanwhile."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import ssl
import subprocess
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest

from authorities import Authority, Pair
from commands import BINARY, ROOT, run
from known_secrets import known, logs
from secure import SecureClient, context, curl, s_client
from server import Server, free_port, new_server

SUITES = {
    "TLSv1.3": {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"},
    "TLSv1.2": {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"},
}
GROUPS = {"x25519", "secp256r1 (NIST P-256)", "secp384r1 (NIST P-384)"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def secure(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server with HTTPS for the tests that leave it as it is."""
    server = new_server(tmp_path_factory.mktemp("secure"), arguments=authority.issue("server").options)
    yield server
    server.end()


# What is spoken


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_current_versions_are_spoken(secure: Server, version: str) -> None:
    assert "Secure Renegotiation" in (said := s_client(secure.port, version)) and "Cipher is (NONE)" not in said


@pytest.mark.parametrize("version", ["-tls1", "-tls1_1"])
def test_older_versions_are_refused(secure: Server, version: str) -> None:
    said = s_client(secure.port, version, "-cipher", "ALL:@SECLEVEL=0")
    assert "alert protocol version" in said and "Cipher is (NONE)" in said


def test_curl_with_an_older_version_is_refused(secure: Server, authority: Authority) -> None:
    # curl's own library would not offer what is so old at its usual level, whatever the server speaks.
    status, said = curl(
        "--verbose", "--tls-max", "1.1", "--tlsv1.0", "--ciphers", "ALL:@SECLEVEL=0", "--cacert", str(authority.file),
        f"https://127.0.0.1:{secure.port}/")
    assert status == 35 and "alert protocol version" in said, said


def test_a_scanner_finds_what_is_wanted_and_nothing_else(secure: Server, tmp_path: Path) -> None:
    report = tmp_path / "scan.xml"
    subprocess.run(
        ["sslscan", "--show-ciphers", f"--xml={report}", f"127.0.0.1:{secure.port}"], capture_output=True, timeout=60,
        check=True)
    found = ElementTree.parse(report).getroot().find("ssltest")
    assert found is not None
    enabled = {f"{p.get('type')}v{p.get('version')}" for p in found.findall("protocol") if p.get("enabled") == "1"}
    assert enabled == {"tlsv1.2", "tlsv1.3"}
    suites: dict[str, set[str]] = {}
    for cipher in found.findall("cipher"):
        suites.setdefault(cipher.get("sslversion", ""), set()).add(cipher.get("cipher", ""))
    assert suites == SUITES
    assert {group.get("name") for group in found.findall("group")} == GROUPS
    renegotiation = found.find("renegotiation")
    assert renegotiation is not None and renegotiation.get("supported") == "0"
    # A scanner whose own library has no compression says nothing of it.
    assert [element.get("supported") for element in found.findall("compression")] in ([], ["0"])


@pytest.mark.parametrize("algorithm", ["ECDSA", "RSA"])
def test_the_whole_chain_is_shown_whatever_the_key(started, tmp_path: Path, algorithm: str) -> None:
    """As certificates are bought: the client knows the root alone, and an authority between them vouches."""
    root = Authority(tmp_path, "root")
    pair = Authority(tmp_path, "between", above=root).issue("server", algorithm=algorithm)
    server = started(arguments=pair.options)
    with SecureClient(server.port, context(root)) as client:
        assert client.request("GET", "/health/live").status == 200
    assert f"Cipher is ECDHE-{algorithm}-" in s_client(server.port, "-tls1_2")


def test_renegotiation_is_refused(secure: Server) -> None:
    said = s_client(secure.port, "-tls1_2", says=b"R\n")
    assert "RENEGOTIATING" in said and "no renegotiation" in said


@pytest.mark.parametrize("offer, told", [
    ("http/1.1", "ALPN protocol: http/1.1"), ("h2,http/1.1", "ALPN protocol: http/1.1"),
    ("h2", "no application protocol"), ("http/1.0", "no application protocol"),
])
def test_http_1_1_is_the_one_protocol(secure: Server, offer: str, told: str) -> None:
    assert told in s_client(secure.port, "-alpn", offer)


def test_a_session_is_resumed_and_early_data_is_not_taken(secure: Server, tmp_path: Path) -> None:
    kept = tmp_path / "session"
    request = b"GET /.well-known/jwks.json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    first = s_client(secure.port, "-sess_out", str(kept), "-ign_eof", says=request)
    assert "Max Early Data: 0" in first
    assert "Reused, TLSv1.3" in s_client(secure.port, "-sess_in", str(kept))


def test_plain_http_is_told_to_use_https(secure: Server) -> None:
    status, said = curl("-i", f"http://127.0.0.1:{secure.port}/")
    assert status == 0 and said.startswith("HTTP/1.1 400") and "HTTPS" in said


def test_answers_tell_browsers_to_come_back_by_https(secure: Server, authority: Authority) -> None:
    with SecureClient(secure.port, context(authority)) as client:
        for path in ("/.well-known/jwks.json", "/no/such/path"):
            answer = client.request("GET", path)
            assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_a_large_answer_arrives_whole(secure: Server, authority: Authority) -> None:
    with SecureClient(secure.port, context(authority), secure.issued["keys"]["operator"]) as client:
        assert len(client.request("GET", "/metrics").body) > 1000


# Others meanwhile


@pytest.mark.parametrize("asked", [
    b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"GET /health/live HTTP/1.0\r\n\r\n",
    b"BAD\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 20_000 + b"\r\n\r\n"])
def test_an_answer_that_is_the_last_is_said_to_be(secure: Server, authority: Authority, asked: bytes) -> None:
    """By close_notify (RFC 8446, section 6.1): without it the client could not tell it from one that was cut short."""
    with socket.create_connection(("127.0.0.1", secure.port), timeout=10) as plain, context(authority).wrap_socket(
            plain, server_hostname="localhost", suppress_ragged_eofs=False) as connection:
        connection.sendall(asked)
        while connection.recv(65_536):
            pass


def test_stalled_handshakes_cost_nobody_else(secure: Server, authority: Authority) -> None:
    hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
    stalled = []
    try:
        for number in range(200):
            stalled.append(socket.create_connection(("127.0.0.1", secure.port)))
            stalled[-1].sendall(hello[:number % len(hello)])
        took = []
        for _ in range(20):
            started = time.monotonic()
            with SecureClient(secure.port, context(authority)) as client:
                assert client.request("GET", "/.well-known/jwks.json").status == 200
            took.append(time.monotonic() - started)
        assert sorted(took)[10] < 0.5, took
    finally:
        for connection in stalled:
            connection.close()


def test_garbage_ends_its_own_connection_alone(secure: Server, authority: Authority) -> None:
    with SecureClient(secure.port, context(authority)) as other:
        for bad in (b"\0" * 1000, b"\x16\x03\x01\x40\x00" + b"\x01" * 20_000, bytes(range(256)) * 80, b"\x80\x2e\x01\x00"):
            with socket.create_connection(("127.0.0.1", secure.port), timeout=15) as connection:
                try:
                    connection.sendall(bad)
                    while connection.recv(4096):
                        pass
                except OSError:
                    pass
        assert other.request("GET", "/.well-known/jwks.json").status == 200


# The certificate


class Load:
    """Requests over connections that stay open; whatever breaks one is kept."""

    def __init__(self, port: int, context: ssl.SSLContext, connections: int) -> None:
        self.stop = threading.Event()
        self.faults: list[BaseException] = []
        self.answers = 0
        self.threads = [threading.Thread(target=self._run, args=(port, context)) for _ in range(connections)]
        for thread in self.threads:
            thread.start()

    def _run(self, port: int, context: ssl.SSLContext) -> None:
        try:
            with SecureClient(port, context) as client:
                while not self.stop.is_set():
                    assert client.request("GET", "/.well-known/jwks.json").status == 200
                    self.answers += 1
        except (AssertionError, OSError, http.client.HTTPException) as fault:
            self.faults.append(fault)

    def end(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()


def serial(port: int, authority: Authority) -> int:
    with SecureClient(port, context(authority)) as client:
        return int(str(client.certificate["serialNumber"]), 16)


def wait_for_serial(port: int, authority: Authority, wanted: int, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while serial(port, authority) != wanted:
        assert time.monotonic() < deadline, "the new certificate is not shown"
        time.sleep(0.1)


def test_a_new_certificate_is_taken_up_under_load_and_no_connection_breaks(started, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    pair = authority.issue("first", into="server")
    server = started(arguments=pair.options)
    load = Load(server.port, context(authority), connections=8)
    try:
        for name in ("second", "third"):
            before = load.answers
            renewed = authority.issue(name, into="server")
            wait_for_serial(server.port, authority, renewed.serial)
            assert load.answers > before
        # By signal too, at once.
        server.process.send_signal(signal.SIGHUP)
        server.wait_until_logged("certificate read again")
    finally:
        load.end()
    assert load.faults == []
    assert server.logged().count("certificate read again") >= 2


def test_a_pair_that_cannot_serve_leaves_the_old_one_in_use(started, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    pair = authority.issue("first", into="server")
    server = started(arguments=pair.options)
    first = pair.serial
    pair.certificate.write_text("nothing")
    server.wait_until_logged("the new certificate cannot serve", seconds=10)
    assert serial(server.port, authority) == first
    assert "FAILED   certificate" in server.command("doctor").output
    renewed = authority.issue("second", into="server")
    wait_for_serial(server.port, authority, renewed.serial)
    assert "cannot serve" not in server.command("doctor").text


@pytest.mark.parametrize("days, age, said", [
    (90, 2, "ok       certificate"), (20, 70, "warning  certificate"), (20, 10, "ok       certificate"),
    (9, 21, "warning  certificate")])
def test_doctor_says_how_long_the_certificate_is_good_for(
    started, tmp_path: Path, days: int, age: int, said: str
) -> None:
    pair = Authority(tmp_path).issue("server", days=days, age=age)
    server = started(arguments=pair.options)
    assert said in server.command("doctor").output


def test_metrics_say_when_the_certificate_ends(secure: Server, authority: Authority) -> None:
    with SecureClient(secure.port, context(authority), secure.issued["keys"]["operator"]) as client:
        text = client.request("GET", "/metrics").body.decode()
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if line.startswith("countersign_tls"))
    assert abs(float(values["countersign_tls_certificate_expiry_seconds"]) - time.time() - 90 * 86_400) < 3600
    assert values["countersign_tls_certificate_refused"] == values["countersign_tls_certificate_renewal_due"] == "0"
    assert int(values['countersign_tls_handshakes_total{result="completed"}']) > 0


# What does not start


def refusal(folder: Path, *arguments: str) -> str:
    server = Server(folder / "refused")
    done = run("serve", "--data", str(server.data), "--listen", f"127.0.0.1:{server.port}", *arguments)
    assert done.status != 0
    return done.errors


def test_pairs_that_cannot_serve_are_refused_with_what_to_do(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    pair, other = authority.issue("server"), authority.issue("other")
    expired = authority.issue("expired", days=-3)
    exposed = Pair(pair.certificate, tmp_path / "exposed.key")
    exposed.key.write_bytes(pair.key.read_bytes())
    exposed.key.chmod(0o644)
    assert f"chmod 640 {exposed.key}" in refusal(tmp_path, *exposed.options)
    assert "is not the key of" in refusal(tmp_path, *Pair(pair.certificate, other.key).options)
    assert "expired 3 days ago" in refusal(tmp_path, *expired.options)
    assert "cannot be read" in refusal(tmp_path, *Pair(tmp_path / "none", pair.key).options)
    assert "--tls-key" in refusal(tmp_path, "--tls-certificate", str(pair.certificate))
    assert "--tls-certificate" in refusal(tmp_path, "--operator-client-ca", str(authority.file))


def test_plain_http_beyond_this_machine_is_refused_with_the_three_ways(tmp_path: Path) -> None:
    said = refusal(tmp_path, "--listen", "0.0.0.0:0")
    for way in ("--tls-certificate", "--behind-proxy", "--listen 127.0.0.1"):
        assert way in said
    assert not (tmp_path / "refused").exists()


# For trials


def test_a_certificate_for_trials_is_made_once_and_serves(started, tmp_path: Path) -> None:
    out = tmp_path / "tls"
    made = run("certificate", "self-signed", "--host", "127.0.0.1", "--days", "10", "--out", str(out))
    assert made.status == 0 and "SHA-256" in made.output and "--tls-certificate" in made.output
    pair = Pair(out / "certificate.pem", out / "key.pem")
    assert pair.key.stat().st_mode & 0o777 == 0o600
    before = pair.key.read_bytes()
    again = run("certificate", "self-signed", "--out", str(out))
    assert again.status != 0 and "is there already" in again.errors and pair.key.read_bytes() == before
    server = started(arguments=pair.options)
    status, said = curl("--cacert", str(pair.certificate), f"https://127.0.0.1:{server.port}/.well-known/jwks.json")
    assert status == 0 and '"keys"' in said, said
    assert "for 9 days more" in run("certificate", "show", str(pair.certificate)).output


@pytest.mark.parametrize("host", ["https://localhost", "localhost:443", "*.example.com", "a b", "10.0.0.256", "[::1]", ""])
def test_a_certificate_is_for_names_and_addresses_alone(tmp_path: Path, host: str) -> None:
    made = run("certificate", "self-signed", "--host", "localhost", "--host", host, "--out", str(tmp_path / "tls"))
    assert made.status != 0 and "such as login.example.com" in made.errors
    assert not (tmp_path / "tls").exists()


def test_the_trial_of_the_documentation_works_as_it_stands(tmp_path: Path) -> None:
    """But for the port and the key, which everybody has another of."""
    section = (ROOT / "docs/tls.md").read_text().split("## For a trial\n")[1].split("\n## ")[0]
    here, there = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    port, words = free_port(), {**os.environ, "PATH": f"{BINARY.parent}:{os.environ['PATH']}"}
    output, log = tmp_path / "output", tmp_path / "log"
    logs.add(log)
    with output.open("w") as shown, log.open("w") as logged:
        serving = subprocess.Popen(
            ["bash", "-e", "-c", f"{here.rstrip()} --listen 127.0.0.1:{port}"], cwd=tmp_path, env=words, stdout=shown,
            stderr=logged, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        deadline = time.monotonic() + 30
        while "listening" not in log.read_text():
            assert serving.poll() is None and time.monotonic() < deadline, log.read_text()[-800:]
            time.sleep(0.05)
        known.learn_text(output.read_text())
        key = re.search(r"uk_live_\w+", output.read_text())
        assert key is not None
        there = there.replace(":3000", f":{port}").replace("uk_live_…", key.group())
        done = subprocess.run(["bash", "-e", "-c", there], cwd=tmp_path, env=words, capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, done.stdout[-800:] + done.stderr[-800:]
        assert '"enclave":"ok"' in done.stdout and "CN=localhost" in done.stdout
    finally:
        os.killpg(serving.pid, signal.SIGTERM)
        serving.wait(timeout=15)


# Commands from elsewhere


def test_a_private_authority_is_named_to_the_command_line(secure: Server, authority: Authority, tmp_path: Path) -> None:
    server = ("--server", f"https://127.0.0.1:{secure.port}")
    key = {"COUNTERSIGN_KEY": secure.issued["keys"]["operator"]}
    refused = run("workspace", "show", *server, environment=key)
    assert refused.status != 0 and "a certificate that is not believed" in refused.errors
    assert "--server-ca FILE" in refused.errors and "COUNTERSIGN_SERVER_CA" in refused.errors
    for words, environment in [(("--server-ca", str(authority.file)), {}), ((), {"COUNTERSIGN_SERVER_CA": str(authority.file)})]:
        shown = run("workspace", "show", "--json", *server, *words, environment={**key, **environment})
        assert shown.status == 0, shown.errors
        assert shown.json["id"] == secure.issued["workspace"]
    plain = run("workspace", "show", "--server", f"http://127.0.0.1:{secure.port}", environment=key)
    assert plain.status != 0 and "Write https:// instead of http://" in plain.errors
    other = Authority(tmp_path, "other")
    assert run("workspace", "show", *server, "--server-ca", str(other.file), environment=key).status != 0
    missing = run("workspace", "show", *server, "--server-ca", str(tmp_path / "none"), environment=key)
    assert missing.status != 0 and "cannot be read" in missing.errors
