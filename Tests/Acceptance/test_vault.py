"""The vault: a real PKCS #11 module (SoftHSM 2) wraps the master key, and it is rotated while the server runs."""

import json
import os
import re
import threading
import time

import pytest
import contacts
from server import Server, StartFailure
from test_openapi import described
from tokens import check
from vault import PIN, SoftHSM, WatchedHSM
from wire import dispatched, verified


@pytest.fixture
def hsm(tmp_path):
    hsm = SoftHSM(tmp_path / "hsm")
    for token in ["first", "second"]:
        hsm.make_token(token)
        hsm.make_key(token, "master-1")
    return hsm


def _settings(server, *sections):
    path = server.data / "enclave.yaml"
    path.write_text("".join(sections))
    path.chmod(0o600)


def _round(server, kind="test"):
    """Sends a code and verifies it; a back end believes the token."""
    to = contacts.phone()
    with server.client(kind) as client:
        code = dispatched(client.send(to))["code"]
        token = verified(client.verify(to, code))
    check(token, server.url + "/.well-known/jwks.json", server.issued["issuer"], server.issued["workspace"])
    return token


def _key_file(server):
    return (server.data / "master.key").read_text()


def test_the_master_key_is_wrapped_from_the_first_start_and_the_server_works(started, hsm):
    server = started(enclave=hsm.section("first", "master-1"))
    text = _key_file(server)
    assert text.startswith("countersign wrapped master key 1\ntoken first\nkey master-1\nnonce ")
    assert "lasting" not in text
    _round(server)
    said = server.command("vault", "status").output
    assert "wrapped by the key 'master-1' of the token 'first'" in said and "1 (seals)" in said
    assert server.json("vault", "status") == {
        "wrapped_by": {"token": "first", "key": "master-1"}, "versions": [1]}
    server.stop()
    server.start()
    _round(server)


def test_a_key_in_the_clear_is_refused_beside_a_vault_until_it_is_wrapped(started, hsm):
    """And wrapping it loses nothing: what was made before works on."""
    server = started()
    assert "stands in master.key in the clear" in server.command("vault", "status").output
    _round(server)
    with server.client(None) as client:
        published = client.get("/.well-known/jwks.json").json
    server.stop()
    _settings(server, hsm.section("first", "master-1"))
    with pytest.raises(StartFailure, match="countersign vault rewrap"):
        server.start()
    done = server.command("vault", "rewrap")
    assert done.status == 0 and "was in the clear; it is wrapped by the key 'master-1'" in done.output, done.text
    server.start()
    _round(server)
    with server.client(None) as client:
        assert client.get("/.well-known/jwks.json").json == published


def test_the_wrapping_key_is_exchanged_for_one_of_another_token(started, hsm):
    """While the server runs; afterwards the old token is needed no more."""
    server = started(enclave=hsm.section("first", "master-1"))
    before = _key_file(server)
    _settings(server, hsm.section("second", "master-1"), hsm.section("first", "master-1", name="previous_vault"))
    done = server.command("vault", "rewrap")
    assert done.status == 0 and "of the token 'second' now" in done.output, done.text
    assert "restart it before 'countersign vault status'" in done.output
    for words in ["status", "rotate", "retire"]:
        refused = server.command("vault", words)
        assert refused.status == 1 and "Restart the server" in refused.errors, "not: try again"
    warned = [check for check in server.json("doctor")["checks"] if check["name"] == "vault"]
    assert warned[0]["status"] == "warning" and "Restart the server" in warned[0]["advice"]
    assert _key_file(server).startswith("countersign wrapped master key 1\ntoken second\n")
    assert not set(before.splitlines()[3:]) & set(_key_file(server).splitlines()[3:])
    _round(server)
    server.stop()
    hsm.remove_key("first", "master-1")
    _settings(server, hsm.section("second", "master-1"))
    server.start()
    _round(server)
    assert server.json("vault", "rotate")["versions"] == [1, 2]


def _vault_check(server):
    report = json.loads(server.command("doctor", "--json").output)
    return next(check for check in report["checks"] if check["name"] == "vault")


def _outlook(server):
    """What is to be done; one of the words that docs/openapi.yaml has for it."""
    outlook = server.json("vault", "status").get("outlook")
    assert outlook in [None, *described()["components"]["schemas"]["Vault"]["properties"]["outlook"]["enum"]]
    return outlook


def test_after_a_restart_without_rewrap_the_key_that_still_wraps_is_named_and_a_warning_says_to_keep_it(started, hsm):
    """Who deletes it in the HSM because another one is said to wrap loses the master key."""
    first = {"token": "first", "key": "master-1"}
    server = started(enclave=hsm.section("first", "master-1"))
    previous = hsm.section("first", "master-1", name="previous_vault")
    for sections in [[hsm.section("second", "master-1"), previous], [previous]]:
        server.stop()
        _settings(server, *sections)
        server.start()
        said = server.command("vault", "status").output
        assert "wrapped by the key 'master-1' of the token 'first'" in said and "countersign vault rewrap" in said
        assert server.json("vault", "status") == {"wrapped_by": first, "versions": [1], "outlook": "awaits_rewrap"}
        check = _vault_check(server)
        assert check["status"] == "warning" and "of the token 'first'" in check["message"]
        assert "Run 'countersign vault rewrap'" in check["advice"] and "before you delete" in check["advice"]
    assert server.command("vault", "rewrap").status == 0
    server.stop()
    server.start()
    assert server.json("vault", "status") == {"versions": [1]} and _vault_check(server)["status"] == "ok"


def _first(hsm):
    return hsm.section("first", "master-1")


def _second(hsm):
    return hsm.section("second", "master-1")


def _previous(hsm):
    return hsm.section("first", "master-1", name="previous_vault")


@pytest.mark.parametrize("before, after, outlook, advice", [
    (_first, _second, "unnamed", "under vault or previous_vault"),
    (_first, lambda hsm: "", "unnamed", "under vault or previous_vault"),
    (_first, lambda hsm: "vault: [\n", "unreadable_settings", "Mend it"),
    (lambda hsm: "", _first, "unnamed", "names a vault by now, which does not wrap master.key yet. Run 'countersign"),
], ids=["another", "none", "broken", "not-yet"])
def test_doctor_says_before_a_restart_that_it_would_fail(started, hsm, before, after, outlook, advice):
    """enclave.yaml was changed under the running server, and does not open master.key any more."""
    server = started(enclave=before(hsm))
    _settings(server, after(hsm))
    assert _outlook(server) == outlook
    assert advice in server.command("vault", "status").output
    check = _vault_check(server)
    assert check["status"] == "failed" and "next start fails" in check["advice"] and advice in check["advice"]
    _round(server)
    _settings(server, before(hsm))
    assert _vault_check(server)["status"] == "ok"


def test_a_vault_that_was_added_is_told_as_a_rewrap_and_a_restart_away(started, hsm):
    """Nothing in the HSM wraps the master key yet, so nothing there is to be named or kept."""
    server = started()
    _settings(server, _first(hsm))
    advice = _vault_check(server)["advice"]
    assert "'countersign vault rewrap', then restart" in advice
    assert "previous_vault" not in advice and "Delete no key" not in advice
    assert server.command("vault", "rewrap").status == 0
    server.stop()
    server.start()
    assert _vault_check(server)["status"] == "ok" and _outlook(server) is None


@pytest.mark.parametrize("rewrapped, after, said", [
    ([_second, _previous], _first, "wrapped by the key 'master-1' of the token 'second'; name them in enclave.yaml"),
    ([_second, _previous], lambda hsm: "vault: [\n", "enclave.yaml:"),
    ([_previous], _first, "was in the clear; it is wrapped by the key 'master-1' of the token 'first' now"),
], ids=["another", "broken", "clear"])
def test_no_restart_is_advised_that_would_fail(started, hsm, rewrapped, after, said):
    """master.key was rewrapped under the running server, and enclave.yaml was changed afterwards. What is advised instead
    mends it, or says which of the causes it is."""
    server = started(enclave=_first(hsm))
    _settings(server, *(section(hsm) for section in rewrapped))
    assert server.command("vault", "rewrap").status == 0
    check = _vault_check(server)
    assert check["status"] == "warning" and "Restart the server" in check["advice"]
    _settings(server, after(hsm))
    check = _vault_check(server)
    assert check["status"] == "failed" and "restart would fail" in check["advice"]
    assert "Run 'countersign vault rewrap'" in check["advice"]
    for words in ["status", "rotate", "retire"]:
        refused = server.command("vault", words)
        assert refused.status == 1 and "restart would fail" in refused.errors
    assert said in server.command("vault", "rewrap").text


def test_a_file_that_a_short_key_wraps_opens_and_is_changed_once_a_longer_one_wraps_it(started, tmp_path):
    """Earlier builds wrapped by such keys. Nobody is told to try again what never succeeds."""
    hsm = WatchedHSM(tmp_path / "watched")
    hsm.make_token("first")
    hsm.make_key("first", "short", length=16)
    hsm.make_key("first", "long")
    hsm.key_length = 32
    server = started(enclave=hsm.section("first", "short"))
    server.stop()
    hsm.key_length = 0
    _settings(server, hsm.section("first", "short"))
    server.start()
    _round(server)
    assert _outlook(server) == "key_too_short"
    check = _vault_check(server)
    assert check["status"] == "warning" and "Make an AES-256 key" in check["advice"]
    before = _key_file(server)
    for words in ["rotate", "retire"]:
        refused = server.command("vault", words)
        assert refused.status == 1 and "shorter than 256 bits" in refused.errors
    assert _key_file(server) == before
    _settings(server, hsm.section("first", "long"), hsm.section("first", "short", name="previous_vault"))
    done = server.command("vault", "rewrap")
    assert done.status == 0, done.text
    server.stop()
    server.start()
    assert _outlook(server) is None and _vault_check(server)["status"] == "ok"
    assert server.json("vault", "rotate")["versions"] == [1, 2]


def test_the_vault_is_left_again(started, hsm):
    server = started(enclave=hsm.section("first", "master-1"))
    server.stop()
    _settings(server, hsm.section("first", "master-1", name="previous_vault"))
    done = server.command("vault", "rewrap")
    assert done.status == 0 and "stands in the clear now" in done.output
    assert server.json("vault", "rewrap") == {"file": str(server.data / "master.key")}, "it was and is in the clear"
    _settings(server, hsm.section("first", "master-1"))
    first = {"token": "first", "key": "master-1"}
    assert server.json("vault", "rewrap") == {"file": str(server.data / "master.key"), "wrapped_by": first}
    _settings(server, hsm.section("first", "master-1", name="previous_vault"))
    assert server.json("vault", "rewrap") == {"file": str(server.data / "master.key"), "was_wrapped_by": first}
    _settings(server)
    server.start()
    _round(server)


@pytest.mark.parametrize("change, said", [
    (lambda hsm: hsm.section("third", "master-1"), "wrapped by the key 'master-1' of the token 'first'"),
    (lambda hsm: hsm.emptied().section("first", "master-1"), "there is no token 'first'; there are"),
    (lambda hsm: hsm.section("first", "master-2"), "wrapped by the key 'master-1' of the token 'first'"),
    (lambda hsm: hsm.section("first", "master-1", pin="pin_file: nowhere"), "nowhere cannot be read"),
    (lambda hsm: hsm.section("first", "master-1", pin="pin_credential: pin"), "LoadCredential=pin:FILE"),
    (lambda hsm: hsm.section("first", "master-1", pin="pin_descriptor: true"), "--vault-pin-descriptor N N<FILE"),
    (lambda hsm: hsm.section("first", "master-1").replace("libsofthsm2.so", "nothing.so"), "cannot be loaded"),
    (lambda hsm: hsm.section("first", "master-1").replace("/usr/lib/", ""), "absolute path"),
    (lambda hsm: "", "name them in enclave.yaml, under vault"),
], ids=["token", "gone", "key", "file", "credential", "descriptor", "module", "relative", "none"])
def test_what_is_wrong_is_said_with_what_to_do(started, hsm, change, said):
    server = started(enclave=hsm.section("first", "master-1"))
    server.stop()
    _settings(server, change(hsm))
    with pytest.raises(StartFailure) as failure:
        server.start()
    assert said in str(failure.value) and PIN not in str(failure.value)


def test_a_wrapping_key_that_can_be_read_out_is_refused(tmp_path, hsm):
    hsm.make_key("first", "loose", "--extractable")
    server = Server(tmp_path / "data")
    server.data.mkdir(mode=0o700)
    _settings(server, hsm.section("first", "loose"))
    with pytest.raises(AssertionError, match="can be read out of the token"):
        server.init()


@pytest.mark.parametrize("length", [16, 24])
def test_a_wrapping_key_that_is_shorter_than_256_bits_is_refused(started, hsm, length):
    """And the key file stays as it was."""
    hsm.make_key("first", "short", length=length)
    server = started()
    before = _key_file(server)
    _settings(server, hsm.section("first", "short"))
    done = server.command("vault", "rewrap")
    assert done.status != 0 and "the key 'short' is not of 256 bits; make one that is" in done.text
    assert _key_file(server) == before


def test_a_changed_file_does_not_open(started, hsm):
    server = started(enclave=hsm.section("first", "master-1"))
    server.stop()
    text = _key_file(server)
    last = text[-2]
    (server.data / "master.key").write_text(text[:-2] + ("0" if last != "0" else "1") + "\n")
    with pytest.raises(StartFailure, match="the key does not open it, or it was changed"):
        server.start()


def test_the_pin_comes_by_descriptor_or_as_a_credential(started, hsm, tmp_path):
    server = started(enclave=hsm.section("first", "master-1"))
    server.stop()
    _settings(server, hsm.section("first", "master-1", pin="pin_credential: vault-pin"))
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials" / "vault-pin").write_text(PIN + "\n")
    server.start(environment={"CREDENTIALS_DIRECTORY": str(tmp_path / "credentials")})
    _round(server)
    server.stop()
    _settings(server, hsm.section("first", "master-1", pin="pin_descriptor: true"))
    with hsm.pin_file.open() as pin:
        server.start("--vault-pin-descriptor", str(pin.fileno()), passed=[pin.fileno()])
    _round(server)
    # The next enclave reads it again.
    old = server.enclave_pid()
    os.kill(old, 9)
    server.wait_for_enclave(other_than=old)
    server.stop()


def test_neither_pin_nor_master_key_is_in_the_host(started, hsm):
    """Nor on its disk; the enclave itself never has the PIN."""
    from host_memory import expect_in_no_file, search_memory
    server = started(enclave=hsm.section("first", "master-1"))
    _round(server)
    assert not search_memory(server.pid, PIN).places
    server.stop()
    expect_in_no_file(server, [PIN], "afterwards")


def test_the_master_key_is_rotated_while_codes_are_under_way_and_nothing_is_lost(started, hsm):
    """Codes that were sent before verify after it, sessions and webhooks go on, and requests never fail meanwhile."""
    server = started(enclave=hsm.section("first", "master-1"))
    with server.client("test") as client:
        pending = [(to, dispatched(client.send(to))["code"]) for to in (contacts.phone() for _ in range(10))]
        failures, rounds, stop = [], [], threading.Event()

        def go_on():
            while not stop.is_set():
                try:
                    rounds.append(_round(server))
                except Exception as error:
                    failures.append(repr(error))

        thread = threading.Thread(target=go_on)
        thread.start()
        before = {row["id"]: row["sealed"] for row in server.rows("signing_key")}
        for version in range(2, 6):
            done = len(rounds)
            answer = server.json("vault", "rotate")
            assert answer["versions"] == list(range(1, version + 1))
            deadline = time.monotonic() + 30
            while len(rounds) == done and not failures and time.monotonic() < deadline:
                time.sleep(0.01)
            assert len(rounds) > done
        assert server.json("vault", "retire")["versions"] == [5]
        stop.set()
        thread.join()
        assert not failures
        for to, code in pending:
            verified(client.verify(to, code))
    after = {row["id"]: row["sealed"] for row in server.rows("signing_key")}
    assert before.keys() == after.keys() and not set(before.values()) & set(after.values())
    assert [line for line in server.audit() if "master_key.rotated" in line]
    assert [line for line in server.audit() if "master_key.retired" in line]
    server.stop()
    server.start()
    _round(server)


def test_after_retiring_an_old_key_file_opens_nothing(started):
    """The old key is worth nothing then, and what was sealed under it is not in the files any more."""
    server = started()
    old = _key_file(server)
    blobs = [row["sealed"] for row in server.rows("signing_key")]
    server.json("vault", "rotate")
    server.json("vault", "retire")
    new = _key_file(server)
    server.stop()
    held = b"".join(path.read_bytes() for path in server.databases())
    assert not [blob for blob in blobs if bytes(blob) in held]
    (server.data / "master.key").write_text(old)
    with pytest.raises(StartFailure, match="does not open"):
        server.start()
    (server.data / "master.key").write_text(new)
    server.start()
    _round(server)


def test_a_kill_in_the_middle_of_rotations_loses_no_key(started):
    server = started()
    for _ in range(6):
        thread = threading.Thread(target=lambda: server.command("vault", "rotate"))
        thread.start()
        server.kill()
        thread.join()
        server.start()
        _round(server)
    assert re.search(r"Versions: .*\(seals\)", server.command("vault", "status").output)


def test_identity_keys_live_in_the_hsm_and_sign_there(started, hsm):
    server = started(enclave=hsm.section("first", "master-1", "identity_keys: true"))
    made = hsm.private_keys("first")
    assert made >= 2, "a key that signs and the next one, of test keys too"
    assert server.json("vault", "status")["identity_keys"] == made
    _round(server)
    assert server.command("key", "rotate").status == 0
    _round(server)
    assert hsm.private_keys("first") > made
    server.stop()
    server.start()
    _round(server)
    assert hsm.exportable_private_keys("first") == 0
    hsm.remove_private_keys("first")
    to = contacts.phone()
    with server.client("test") as client:
        answer = client.verify(to, dispatched(client.send(to))["code"])
    assert answer.status == 503, "nobody else has the key"


def test_a_token_can_be_named_by_its_slot(started, hsm):
    server = started(enclave=hsm.section(f"slot {hsm.slot('first')}", "master-1").replace("token: slot ", "slot: "))
    _round(server)
    assert server.json("vault", "status")["wrapped_by"] == {
        "token": f"slot {hsm.slot('first')}", "key": "master-1"}
    server.stop()
    server.start()
    _round(server)


def test_where_the_keeper_dies_the_enclave_is_replaced_and_the_next_code_works(started, hsm):
    """Its end is noticed when it is needed; then both are started anew."""
    from processes import descendants, program
    server = started(enclave=hsm.section("first", "master-1", "identity_keys: true"))
    enclave = server.enclave_pid()
    keepers = [pid for pid in descendants(enclave) if "keep-keys" in program(pid)]
    assert len(keepers) == 1
    os.kill(keepers[0], 9)
    to = contacts.phone()
    with server.client("test") as client:
        client.verify(to, dispatched(client.send(to))["code"])
    server.wait_for_enclave(other_than=enclave)
    server.wait_until_logged("keeperGone")
    server.wait_until_logged("enclave is up", times=2)
    _round(server)


def test_an_hsm_that_is_away_while_the_enclave_starts_is_tried_again(started, hsm):
    """Nobody has to restart the server once it is back."""
    server = started(enclave=hsm.section("first", "master-1"))
    _round(server)
    enclave = server.enclave_pid()
    tokens = hsm.configuration.with_name("tokens")
    tokens.rename(hsm.configuration.with_name("away"))
    os.kill(enclave, 9)
    server.wait_until_logged("enclave did not come up")
    assert "failed" in server.command("doctor").output.lower()
    hsm.configuration.with_name("away").rename(tokens)
    server.wait_until_logged("enclave is up", seconds=15, times=2)
    _round(server)


def test_identity_keys_move_out_of_the_hsm_by_rotation(started, hsm):
    """Those that are in use sign where they are, until others have taken their places."""
    server = started(enclave=hsm.section("first", "master-1", "identity_keys: true"))
    made = hsm.private_keys("first")
    assert made > 0
    server.stop()
    _settings(server, hsm.section("first", "master-1"))
    server.start()
    _round(server)
    for _ in range(2):
        rotated = server.command("key", "rotate", "--force")
        assert rotated.status == 0, rotated.errors
    _round(server)
    assert hsm.private_keys("first") <= made, "no new one is made there"
    server.stop()
    _settings(server, hsm.section("first", "master-1"))
    server.start()
    _round(server)


def test_a_next_key_of_another_algorithm_is_removed_from_the_hsm(started, hsm):
    server = started(enclave=hsm.section("first", "master-1", "identity_keys: true"))
    made = hsm.private_keys("first")
    server.stop()
    with (server.data / "countersign.yaml").open("a") as settings:
        settings.write("identity_tokens:\n  rsa_bits: 3072\n")
    server.start()
    _round(server)
    assert hsm.private_keys("first") == made
    assert server.json("vault", "status")["unknown_identity_keys"] == []


def test_keys_in_the_hsm_that_are_not_of_this_installation_are_listed_and_stay(started, hsm):
    """Another installation's are told from our own, and no start removes them."""
    other = started(enclave=hsm.section("first", "master-1", "identity_keys: true"))
    others = hsm.private_keys("first")
    other.stop()
    server = started(enclave=hsm.section("first", "master-1", "identity_keys: true"))
    answer = server.json("vault", "status")
    assert answer["identity_keys"] == hsm.private_keys("first")
    assert len(answer["unknown_identity_keys"]) == others
    said = server.command("vault", "status").output
    assert all(len(key) == 32 and key in said for key in answer["unknown_identity_keys"])
    server.stop()
    server.start()
    assert server.json("vault", "status") == answer
    other.start()
    _round(other)


def test_doctor_tells_of_an_hsm_that_is_away(started, hsm):
    """The server goes on with the keys that it holds, and says so."""
    server = started(enclave=hsm.section("first", "master-1"))
    assert "wraps the master key" in server.command("doctor").output
    hsm.remove_key("first", "master-1")
    done = server.command("doctor")
    assert done.status == 1 and "its HSM does not answer" in done.output
    _round(server)
    with server.client("test") as client:
        assert client.request("GET", "/health/ready").status == 200
