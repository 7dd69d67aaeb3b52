"""The command line: over the server's Unix socket or by address and key; for people, and as JSON for machines."""

import json
import re

import pytest
import contacts
from commands import run
from wire import Client, dispatched


# workspace

def test_workspace_set_changes_what_workspace_show_tells(server):
    server.set("--name", "Acme & Söhne", "--domain", "login.example.com", "--default-channel", "whatsapp")
    try:
        told = json.dumps(server.show(), ensure_ascii=False)
        for value in ("Acme & Söhne", "login.example.com", "whatsapp"):
            assert value in told
        human = server.command("workspace", "show")
        assert human.status == 0 and "Acme & Söhne" in human.output and "{" not in human.output
    finally:
        server.set("--default-channel", "sms")


def test_workspace_show_tells_the_limits_and_their_use(server):
    shown = server.show()
    text = json.dumps(shown)
    assert server.issued["workspace"] in text
    for name in ("name", "subscription"):
        assert name in shown, sorted(shown)
    assert '"active"' in text


@pytest.mark.parametrize("options", [
    ["--default-channel", "pigeon"], ["--subscription", "perhaps"], ["--monthly-quota", "-1"],
    ["--monthly-quota", "many"], ["--cooldown-seconds", "-5"], ["--code-length", "5"], ["--code-length", "10"],
    ["--code-alphabet", "letters"], ["--code-lifetime-seconds", "601"], ["--code-lifetime-seconds", "0"],
    ["--code-in-subject", "maybe"], ["--domain", "not a domain"], ["--domain", "example.com #123456"],
    ["--name", ""], ["--name", "x\ny"], ["--recipient-limit", "-1"],
])
def test_a_setting_that_is_not_allowed_is_refused_and_changes_nothing(server, options):
    """The message names the option or what is allowed; the exit status is not 0."""
    before = server.show()
    done = server.command("workspace", "set", *options)
    assert done.status != 0
    named = options[0].lstrip("-")
    assert named in done.errors or named.replace("-", "_") in done.errors, done.errors
    assert server.show() == before


def test_one_wrong_setting_among_right_ones_changes_nothing(server):
    before = server.show()
    assert server.command("workspace", "set", "--name", "Another", "--code-length", "99").status != 0
    assert server.show() == before


def test_a_changed_setting_is_audited(server):
    before = len(server.audit())
    server.set("--name", "Audited name")
    entries = server.audit()[before:]
    assert len(entries) == 1 and server.issued["workspace"] in entries[0]


# key

def test_key_create_shows_the_key_once(server):
    created = server.json("key", "create", "--kind", "live", "--name", "back end", "--expires-in-days", "30")
    assert {"id", "kind", "key"} <= set(created)
    assert created["kind"] == "live" and created["key"].startswith("sk_live_")
    listed = server.command("key", "list", "--json")
    assert created["key"] not in listed.output
    mine = next(key for key in listed.json["keys"] if key["id"] == created["id"])
    assert set(mine) <= {
        "id", "kind", "name", "created_at", "expires_at", "revoked_at", "last_used_at", "hint", "abilities",
        "allowed_addresses"}
    assert mine["name"] == "back end" and mine["expires_at"] and mine.get("revoked_at") is None
    assert mine["hint"] and len(mine["hint"]) <= 20 and created["key"] not in mine["hint"]


@pytest.mark.parametrize("kind, prefix", [("live", "sk_live_"), ("test", "sk_test_"), ("operator", "uk_live_")])
def test_key_create_in_human_words(server, kind, prefix):
    done = server.command("key", "create", "--kind", kind)
    assert done.status == 0
    key = re.search(rf"{prefix}\w+", done.output)[0]
    with Client(server.port, key) as client:
        answer = client.get("/v1/workspace")
    assert answer.status == (200 if kind == "operator" else 403)


def test_key_list_tells_the_signing_keys(server):
    """The key that signs, the one that signs next, and the test key; in `--json` and for people."""
    listed = server.json("key", "list")
    with server.client(None) as client:
        published = {key["kid"] for key in client.get("/.well-known/jwks.json").json["keys"]}
    for key in listed["signing_keys"]:
        assert {"kid", "purpose", "state", "algorithm"} <= set(key)
    assert published <= {key["kid"] for key in listed["signing_keys"]}
    human = server.command("key", "list")
    assert human.status == 0
    assert all(key["id"] in human.output for key in listed["keys"])


def test_the_last_use_of_a_key_is_told(server):
    created = server.json("key", "create", "--kind", "test")

    def last_used():
        return next(key.get("last_used_at") for key in server.json("key", "list")["keys"] if key["id"] == created["id"])

    assert last_used() is None
    with Client(server.port, created["key"]) as client:
        dispatched(client.send(contacts.phone()))
    assert last_used() is not None


@pytest.mark.parametrize("arguments", [
    ["revoke", "no-such-key"], ["revoke", ""], ["revoke", "../../etc"], ["create", "--kind", "root"], ["create"],
    ["create", "--kind", "live", "--expires-in-days", "0"], ["create", "--kind", "live", "--expires-in-days", "-1"],
    ["create", "--kind", "live", "--name", "x" * 1000],
])
def test_a_key_command_that_cannot_be_done_says_so(server, arguments):
    before = server.json("key", "list")["keys"]
    done = server.command("key", *arguments)
    assert done.status != 0 and done.errors.strip() and "Fatal" not in done.errors
    assert server.json("key", "list")["keys"] == before


def test_revoking_twice_is_no_harm(server):
    """The second time says that it is revoked already, or that nothing changed; the first time stays."""
    created = server.json("key", "create", "--kind", "test")
    assert server.command("key", "revoke", created["id"]).status == 0
    first = next(key for key in server.json("key", "list")["keys"] if key["id"] == created["id"])
    server.command("key", "revoke", created["id"])
    assert next(key for key in server.json("key", "list")["keys"] if key["id"] == created["id"]) == first
    assert first["revoked_at"]


def test_the_command_line_still_works_without_an_operators_key(started):
    """The socket's peer is the same user: revoking the last operator's key locks nobody out."""
    server = started()
    for key in server.json("key", "list")["keys"]:
        if key["kind"] == "operator":
            assert server.command("key", "revoke", key["id"]).status == 0
    with server.client("operator") as client:
        assert client.get("/v1/workspace").status == 403
    assert server.command("workspace", "show").status == 0


# passcode

def test_passcode_send_and_verify(server):
    """The whole flow from a shell, with a test code and as a live message."""
    to = contacts.phone()
    sent = server.json("passcode", "send", "--to", to, "--app", "Shell", "--test")
    assert sent["status"] == "dispatched" and len(sent["code"]) == 6
    done = server.json("passcode", "verify", "--to", to, "--code", sent["code"], "--test")
    assert done["status"] == "verified" and done["identity_token"].count(".") == 2
    to = contacts.address()
    assert "code" not in server.json("passcode", "send", "--to", to, "--app", "Shell", "--channel", "email")
    assert server.json("passcode", "verify", "--to", to, "--code", server.inbox.code(to))["status"] == "verified"


@pytest.mark.parametrize("arguments, said", [
    (["verify", "--to", "+919876543210", "--code", "123456"], "INVALID_CODE"),
    (["send", "--to", "nonsense", "--app", "x"], "INVALID_PHONE_NUMBER"),
    (["send", "--to", "+19002345678", "--app", "x"], "PHONE_NUMBER_REFUSED"),
    (["send", "--to", "+919876543210", "--app", "x", "--channel", "pigeon"], "channel"),
    (["send", "--app", "x"], "--to"),
])
def test_a_passcode_command_that_fails_says_why(server, arguments, said):
    done = server.command("passcode", *arguments)
    assert done.status != 0 and said.lower() in done.errors.lower()
    if said.isupper():
        as_json = server.command("passcode", *arguments, "--json")
        assert as_json.status == done.status
        assert said in as_json.text


# help

@pytest.mark.parametrize("arguments", [
    [], ["serve"], ["init"], ["workspace"], ["workspace", "show"], ["workspace", "set"], ["key"], ["key", "create"],
    ["key", "list"], ["key", "revoke"], ["key", "rotate"], ["passcode"], ["passcode", "send"], ["passcode", "verify"],
    ["doctor"],
])
def test_every_command_explains_itself(arguments):
    done = run(*arguments, "--help")
    assert done.status == 0 and "USAGE" in done.output and "OVERVIEW" in done.output


@pytest.mark.parametrize("arguments", [["wrkspace"], ["key", "lst"], ["serve", "--no-such-option"], ["init", "extra"]])
def test_a_mistyped_command_is_refused(arguments):
    done = run(*arguments)
    assert done.status != 0 and done.errors.strip()
