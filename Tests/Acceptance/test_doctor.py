"""`countersign doctor`: configuration, clock, enclave, providers and disk, and what to do about each."""

import json


def test_doctor_finds_a_fresh_server_well(server):
    report = server.json("doctor")
    assert report["ok"] is True
    assert {
        "configuration", "clock", "enclave", "provider", "disk", "listener", "security contact", "vault", "keys",
        "operator keys", "limits", "alerts"} <= {check["name"] for check in report["checks"]}
    for check in report["checks"]:
        assert {"name", "status", "message"} <= set(check) <= {"name", "status", "message", "advice"}
        assert check["status"] in ("ok", "warning", "failed") and check["message"]
        assert check["status"] == "ok" or check["advice"], "what is not well has its advice"
    human = server.command("doctor")
    assert human.status == 0 and all(check["name"] in human.output for check in report["checks"])


def test_doctor_says_that_messages_go_to_the_inbox(server):
    assert "inbox" in server.command("doctor").output.lower()


def test_doctor_finds_a_provider_that_is_down(started, mail):
    """It fails, names the provider and says what to do."""
    provider = mail("--starttls")
    server = started(enclave=provider.enclave_settings())
    assert server.json("doctor")["ok"] is True
    provider.stop()
    done = server.command("doctor", "--json")
    assert done.status != 0 and done.json["ok"] is False
    failed = [check for check in done.json["checks"] if check["status"] == "failed"]
    assert len(failed) == 1 and "smtp" in json.dumps(failed[0]).lower() and failed[0]["advice"]


def test_doctor_without_a_server_says_so(folder):
    server = folder()
    server.init()
    done = server.command("doctor", "--json")
    assert done.status != 0
    assert "countersign serve" in done.text


def test_doctor_finds_a_configuration_that_would_not_start(server):
    """The file was changed under the running server: the next start would fail, and doctor says where."""
    path = server.data / "countersign.yaml"
    path.write_text("# fine\nno_such_setting: 1\n")
    try:
        done = server.command("doctor", "--json")
        assert done.status != 0 and "countersign.yaml:2" in done.text
    finally:
        path.unlink()
    assert server.json("doctor")["ok"] is True
