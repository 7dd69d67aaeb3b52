"""The search for secrets in logs finds what it is for: a log that had one would fail the test that started the server."""

import json
from urllib.parse import quote

import pytest

import contacts
from known_secrets import KnownSecrets, Logs, known
from secret_forms import forms
from wire import dispatched

KEY = "sk_live_0123456789abcdefghijABCDEFGHIJ"
PERSON = "somebody+news@example.org"
LINE = '2026-11-22T08:19:48.123Z info refused code={} peer=127.0.0.1:51234 reason="{}" request_id=0af7651916cd43dd'


@pytest.fixture
def secrets() -> KnownSecrets:
    found = KnownSecrets()
    found.add(KEY, PERSON, "+4915112345678", "482915", "7KQ2M9XWT", "correct horse battery staple")
    return found


@pytest.mark.parametrize("secret", [KEY, PERSON, "+4915112345678"])
def test_a_long_secret_is_found_in_every_form_and_inside_other_words(secrets, secret):
    written = {name: form.decode() for name, form in forms(secret).items() if not name.startswith("UTF-")}
    written |= {"plain": secret, "percent": quote(secret, safe=""), "JSON": json.dumps({"to": secret}),
                "without its plus": secret.lstrip("+"), "in a word": f"a={secret};b"}
    for name, text in written.items():
        assert secrets.faults(LINE.format("X", text)), name
        assert secrets.faults(LINE.format("X", f"before.{text}.after")), name


@pytest.mark.parametrize("code", ["482915", "7KQ2M9XWT", "7kq2m9xwt"])
def test_a_code_is_found_as_a_word(secrets, code):
    for text in (code, f"({code})", f"code={code}", f'"{code}",', f"wrong code: {code}."):
        assert secrets.faults(LINE.format("X", text)), text
    assert secrets.faults(json.dumps({"message": "m", "code": code}))


@pytest.mark.parametrize("line", [
    LINE.format("INVALID_CODE", "the code is wrong (Passcodes/Challenges+Verify.swift:48)"),
    "2026-11-22T08:19:48.123Z debug answered microseconds=482915 status=200",
    '{"time":"2026-11-22T08:19:48.123Z","level":"info","message":"enclave is up","pid":"482915"}',
    LINE.format("X", "ch_4829150123456789abcd"),
    LINE.format("X", "b2c4a1d0-4829-4829-8291-482915482915"),
    LINE.format("X", "1482915"), LINE.format("X", "48291"),
])
def test_what_only_looks_like_one_is_not(secrets, line):
    assert secrets.faults(line) == []


def test_a_text_of_several_words_is_found(secrets):
    assert secrets.faults(LINE.format("X", "no login with correct horse battery staple"))


def test_a_fault_does_not_repeat_the_secret(secrets):
    assert KEY not in str(secrets.faults(LINE.format("X", KEY)))


def test_clients_teach_what_they_present_and_receive(server):
    """The control: after a send and a verify, a log with any of it would have been found."""
    to, address = contacts.phone(), contacts.address()
    with server.client("test") as client:
        code = dispatched(client.send(to))["code"]
        token = client.verify(to, code).json["identity_token"]
        dispatched(client.send(address))
    for secret in (to, address, code, token, server.issued["keys"]["test"], server.issued["keys"]["operator"]):
        assert known.faults(LINE.format("X", secret)), "it was not learned"
    assert known.faults(server.logged()) == []


def test_a_log_with_a_planted_secret_fails_the_test_that_ends_its_server(server, tmp_path):
    log, searched = tmp_path / "planted.log", Logs()
    log.write_text(LINE.format("X", "nothing") + "\n")
    searched.expect_no_secret(log)
    with log.open("a") as file:
        file.write(LINE.format("X", server.issued["keys"]["live"]) + "\n")
    with pytest.raises(AssertionError, match="line 1 has a secret"):
        searched.expect_no_secret(log)
    assert len(searched.all_faults()) == 1
