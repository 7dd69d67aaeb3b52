"""The first start: what `init` makes and prints, and what the first `serve` does by itself."""

import json
import re
import sqlite3
import stat
from contextlib import closing

import pytest
from commands import ROOT, run
from server import StartFailure
from wire import Client, dispatched, verified
import contacts


def test_init_prints_exactly_one_object(folder):
    """`init --json` prints the documented object and nothing else."""
    server = folder()
    done = run("init", "--data", str(server.data), "--json")
    assert done.status == 0
    issued = json.loads(done.output)
    assert set(issued) == {"workspace", "organizationId", "authProxyConfig", "issuer", "keys", "enclave"}
    assert set(issued["keys"]) == {"live", "test", "operator"}
    assert set(issued["enclave"]) == {"signingKey", "notaryKey"}
    assert issued["keys"]["live"].startswith("sk_live_")
    assert issued["keys"]["test"].startswith("sk_test_")
    assert issued["keys"]["operator"].startswith("uk_live_")
    for name in ("signingKey", "notaryKey"):
        assert re.fullmatch(r"04[0-9a-f]{128}", issued["enclave"][name]), "an uncompressed P-256 point in hex"
    for name in ("organizationId", "authProxyConfig"):
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", issued[name]), "a UUID"
    assert issued["organizationId"] != issued["authProxyConfig"]
    assert isinstance(issued["workspace"], str) and issued["workspace"]
    assert issued["issuer"].startswith("http")


def test_every_key_is_long_and_random(folder):
    """Two inits have no key, workspace or signing key in common, and a key has at least 128 random bits."""
    first, second = folder().init(), folder().init()
    assert first["workspace"] != second["workspace"]
    assert first["enclave"]["signingKey"] != second["enclave"]["signingKey"]
    for kind in ("live", "test", "operator"):
        assert first["keys"][kind] != second["keys"][kind]
        assert len(first["keys"][kind].split("_", 2)[2]) >= 26, "fewer than 128 bits in Base32"


def test_the_data_folder_is_for_its_owner_only(folder):
    """Whatever the umask, nobody else can read a file of the data folder, before and after a start."""
    server = folder()
    server.init()
    _expect_private(server.data)
    server.start()
    with server.client("live") as client:
        dispatched(client.send(contacts.phone()))
    _expect_private(server.data)


def _expect_private(data):
    paths = [data, *data.rglob("*")]
    assert len(paths) > 2, "init made files"
    for path in paths:
        mode = path.lstat().st_mode
        if stat.S_ISREG(mode):
            assert stat.S_IMODE(mode) == 0o600, f"{path.name} is {stat.S_IMODE(mode):o}"
        elif stat.S_ISDIR(mode) or stat.S_ISSOCK(mode):
            assert stat.S_IMODE(mode) & 0o077 == 0, f"{path.name} is {stat.S_IMODE(mode):o}"


def test_a_second_init_changes_nothing_and_says_what_to_do(folder):
    """`init` on a folder in use is refused; its keys go on working."""
    server = folder()
    server.init()
    again = server.command("init", "--json")
    assert again.status != 0
    assert again.output.strip() == "", "no object where nothing was made"
    assert str(server.data) in again.errors and "serve" in again.errors, f"it says what to do: {again.errors!r}"
    server.start()
    with server.client() as client:
        dispatched(client.send(contacts.phone()))


def test_init_in_human_words_shows_the_keys(folder):
    """Without `--json` the three keys are printed for a person to copy."""
    done = run("init", "--data", str(folder().data))
    assert done.status == 0
    for prefix in ("sk_live_", "sk_test_", "uk_live_"):
        assert done.output.count(prefix) == 1


def test_serve_on_a_new_folder_runs_init_and_prints_the_keys_once(folder):
    """The first `serve` prints the keys once; the second start and all logs never show them again."""
    server = folder()
    server.start()
    printed = server.printed()
    keys = re.findall(r"(?:sk_live|sk_test|uk_live)_[0-9A-Za-z]{16,}", printed)
    assert sorted(key[:8] for key in keys) == ["sk_live_", "sk_test_", "uk_live_"], "each key once"
    test_key = next(key for key in keys if key.startswith("sk_test_"))
    with Client(server.port, test_key) as client:
        to = contacts.phone()
        verified(client.verify(to, dispatched(client.send(to))["code"]))
    assert server.stop() == 0
    assert all(server.printed().count(key) == 1 for key in keys)
    server.start()
    with Client(server.port, test_key) as client:
        dispatched(client.send(contacts.phone()))
    server.stop()
    assert all(server.printed().count(key) == 1 for key in keys)
    assert not any(key in server.logged() for key in keys)


def test_listening_is_logged_once_it_answers(folder):
    """Whoever connects after the line `listening` is answered."""
    server = folder()
    server.init()
    server.start()
    with server.client(None, timeout=5) as client:
        assert client.get("/.well-known/jwks.json").status == 200
    assert len(re.findall(rf" listening .*:{server.port}\n", server.logged())) == 1, "one line, once"


def test_without_a_provider_the_log_says_where_messages_land(folder):
    """A newcomer finds the inbox through the log."""
    server = folder()
    server.init()
    server.start()
    assert re.search(r"inbox", server.logged(), re.IGNORECASE)


def test_two_servers_cannot_share_a_folder(folder):
    """A second `serve` on the same folder is refused, says why, and leaves the first one answering."""
    server = folder()
    server.init()
    server.start()
    second = run("serve", "--data", str(server.data), "--listen", "127.0.0.1:0", seconds=20)
    assert second.status != 0
    assert str(server.data) in second.text
    with server.client() as client:
        dispatched(client.send(contacts.phone()))
    assert server.command("workspace", "show").status == 0, "its socket is still the first one's"


def test_a_busy_port_is_said_in_words(folder):
    """`serve` on a port in use ends with a message that names the address."""
    first, second = folder(), folder()
    first.init()
    first.start()
    second.init()
    done = run("serve", "--data", str(second.data), "--listen", f"127.0.0.1:{first.port}", seconds=20)
    assert done.status != 0
    assert f"127.0.0.1:{first.port}" in done.text


@pytest.mark.parametrize("address", ["", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "nowhere", "127.0.0.1:http"])
def test_a_wrong_listen_address_is_refused_with_what_is_allowed(folder, address):
    server = folder()
    server.init()
    done = run("serve", "--data", str(server.data), "--listen", address, seconds=20)
    assert done.status != 0
    assert "HOST:PORT" in done.text or "host:port" in done.text or "--listen" in done.text


def test_a_database_of_a_newer_version_is_refused(folder):
    """An older server does not touch what it does not know."""
    server = folder()
    server.init()
    path = server.databases()[0]
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        versions = next((name for name in tables if "migration" in name or "schema" in name), None)
        if versions is None:
            database.execute("PRAGMA user_version = 9999")
        else:
            _add_a_newer_migration(database, versions)
    before = path.read_bytes()
    with pytest.raises(StartFailure, match=r"(?is)newer"):
        server.start()
    assert path.read_bytes() == before


def _add_a_newer_migration(database, table):
    columns = [(row[1], row[2].upper()) for row in database.execute(f'PRAGMA table_info("{table}")')]
    values = [9999 if "INT" in kind else "from the future" for _, kind in columns]
    marks = ", ".join("?" for _ in columns)
    database.execute(f'INSERT INTO "{table}" VALUES ({marks})', values)


def test_a_data_folder_that_others_can_write_is_refused_or_closed(folder):
    """A folder that anyone could write to is either closed by `init` or refused, never used as it is."""
    server = folder()
    server.data.mkdir(mode=0o777)
    server.data.chmod(0o777)
    done = run("init", "--data", str(server.data), "--json")
    mode = stat.S_IMODE(server.data.stat().st_mode)
    assert done.status != 0 or mode & 0o022 == 0, f"used with mode {mode:o}"


def test_the_example_configuration_starts_a_server(folder):
    """Both files in `examples/`, as they are, start a server."""
    server = folder()
    server.data.mkdir(mode=0o700)
    for name in ("countersign.yaml", "enclave.yaml"):
        example = ROOT / "examples" / name
        (server.data / name).write_bytes(example.read_bytes())
        (server.data / name).chmod(0o600)
        assert "#" in example.read_text(), "an example is commented"
    server.init()
    server.start()
    with server.client() as client:
        to = contacts.phone()
        verified(client.verify(to, dispatched(client.send(to))["code"]))
