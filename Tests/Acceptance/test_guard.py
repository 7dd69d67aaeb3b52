"""The fraud guard: what it stops, what it lets pass, what it tells, and what a restart does not give back."""

import time

import pytest
import contacts
from commands import run
from parallel import in_parallel
from wire import dispatched, refused, verified



def number(position: int, prefix: str = "+491511234") -> str:
    return f"{prefix}{1000 + position}"


@pytest.fixture
def guarded(started):
    def start(*settings: str):
        server = started(settings=["--cooldown-seconds", "0", *settings])
        done = server.command("guard", "set", "--mode", "enforce", "--json")
        assert done.status == 0 and done.json["mode"] == "enforce", done.text
        return server

    return start


def wait_for_entry(server, text: str, seconds: float = 12) -> None:
    end = time.monotonic() + seconds
    while not any(text in entry for entry in server.audit()):
        assert time.monotonic() < end, f"no entry {text}"
        time.sleep(0.2)


def test_a_flood_to_one_range_is_stopped_and_told_once(guarded):
    """Five codes that nobody verifies go out; then the range is stopped, once, and others go on."""
    server = guarded()
    with server.client("live") as client:
        for position in range(5):
            dispatched(client.send(number(position)))
        for position in range(5, 30):
            answer = client.send(number(position))
            refused(answer, 429, "SENDING_PAUSED")
            assert int(answer.headers["Retry-After"]) > 0
            assert b"prefix" not in answer.body and b"+49" not in answer.body
        dispatched(client.send(number(0, "+491511999")))
    status = server.json("guard", "status")
    assert [(stop["kind"], stop["name"], stop["refused"]) for stop in status["stops"]] == [("prefix", "+491511234", 25)]
    wait_for_entry(server, "guard.stopped")
    assert sum("guard.stopped" in entry for entry in server.audit()) == 1


def test_a_flood_in_parallel_gets_no_more_than_the_budget(guarded):
    server = guarded()

    answers = in_parallel(server, "live", 60, lambda client, position: client.send(number(position)))
    statuses = [answer.status for answer in answers]
    assert statuses.count(200) == 5 and statuses.count(429) == 55


def test_a_burst_to_one_number_is_one_message_and_no_flood(started):
    """Twenty at the same time, of which the cooldown lets one pass: only that one counts."""
    server = started()
    assert server.command("guard", "set", "--mode", "enforce").status == 0
    answers = in_parallel(server, "live", 20, lambda client, _: client.send(number(0)))
    assert [answer.status for answer in answers].count(200) == 1
    assert {answer.code for answer in answers if answer.status != 200} == {"SPAM_COOLDOWN"}
    assert server.json("guard", "status")["stops"] == []
    with server.client("live") as client:
        for position in range(1, 5):
            dispatched(client.send(number(position)))
        refused(client.send(number(5)), 429, "SENDING_PAUSED")


def test_the_network_that_a_back_end_names_is_watched(guarded):
    server = guarded("--country-limit", "0")
    assert server.command("guard", "set", "--network-budget", "3").status == 0
    with server.client("live") as client:
        for position in range(3):
            dispatched(client.send(number(position, f"+4915112{position:02}"), client_ip=f"192.0.2.{position}"))
        refused(client.send(number(9, "+491511299"), client_ip="192.0.2.250"), 429, "SENDING_PAUSED")
        dispatched(client.send(number(9, "+491511299"), client_ip="2001:db8::1"))
        dispatched(client.send(number(8, "+491511298")))
        for wrong in ("192.0.2", "192.0.2.1/24", "localhost", 7):
            refused(client.send(number(7, "+491511297"), client_ip=wrong), 400, "INVALID_FIELD")
    assert [stop["name"] for stop in server.json("guard", "status")["stops"]] == ["192.0.2.0/24"]


def test_a_budget_of_nothing_ends_the_stops_of_its_kind(guarded):
    server = guarded()
    with server.client("live") as client:
        for position in range(10):
            client.send(number(position))
        assert server.command("guard", "set", "--prefix-budget", "0").status == 0
        dispatched(client.send(number(20)))
    wait_for_entry(server, "guard.cooled")
    assert server.json("guard", "status")["stops"] == []


def test_a_stop_that_only_watches_is_none_that_is_enforced_after_a_restart(started):
    server = started(settings=["--cooldown-seconds", "0"])
    with server.client("live") as client:
        for position in range(8):
            dispatched(client.send(number(position)))
    wait_for_entry(server, "guard.stopped")
    server.kill()
    server.start()
    assert server.command("guard", "lift", "prefix", "+491511234").status == 0
    assert any("guard.lifted" in entry and "shadow" in entry for entry in server.audit())


def test_the_owner_of_a_verified_number_is_not_locked_out(guarded):
    server = guarded()
    with server.client("live") as client:
        dispatched(client.send(number(0)))
        verified(client.verify(number(0), server.inbox.code(number(0))))
        for position in range(1, 40):
            client.send(number(position))
        refused(client.send(number(50)), 429, "SENDING_PAUSED")
        dispatched(client.send(number(0)))


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_restart_frees_no_range(guarded, end):
    server = guarded()
    with server.client("live") as client:
        for position in range(10):
            client.send(number(position))
    wait_for_entry(server, "guard.stopped")
    getattr(server, end)()
    server.start()
    with server.client("live") as client:
        refused(client.send(number(20)), 429, "SENDING_PAUSED")


def test_an_operator_lifts_a_stop(guarded):
    server = guarded()
    with server.client("live") as client:
        for position in range(10):
            client.send(number(position))
        assert server.command("guard", "lift", "prefix", "+491519999").status != 0
        assert server.command("guard", "lift", "colour", "+491511234").status != 0
        assert server.command("guard", "lift", "prefix", "+491511234").status == 0
        dispatched(client.send(number(20)))
    assert any("guard.lifted" in entry for entry in server.audit())


def test_a_new_workspace_only_watches(started):
    server = started(settings=["--cooldown-seconds", "0"])
    with server.client("live") as client:
        for position in range(12):
            dispatched(client.send(number(position)))
    status = server.json("guard", "status")
    assert status["mode"] == "shadow" and status["stops"][0]["refused"] == 7


def test_countries_and_kinds_of_numbers(guarded):
    server = guarded()
    with server.client("live") as client:
        for options in (["--allowed-countries", "FR,AT"], ["--allowed-countries", "", "--denied-countries", "DE"],
                        ["--denied-countries", "", "--denied-number-types", "mobile,voip"]):
            assert server.command("guard", "set", *options).status == 0
            refused(client.send(number(0)), 400, "PHONE_NUMBER_REFUSED")
            dispatched(client.send(contacts.address()))
        for options in (["--allowed-countries", "de"], ["--allowed-countries", "DE,DE"], ["--mode", "on"],
                        ["--denied-number-types", "mobil"], ["--prefix-budget", "-1"]):
            assert server.command("guard", "set", *options).status != 0, options
        for options, name in ((["--allowed-countries", "DE,XX"], "allowed_countries has XX"),
                              (["--denied-countries", "UK"], "denied_countries has UK")):
            done = server.command("guard", "set", *options)
            assert done.status != 0 and name in done.text, done.text
        done = server.command("workspace", "set", "--routes", "ZZ=sms")
        assert done.status != 0 and "routes has ZZ" in done.text, done.text


def test_the_simulator_needs_no_server():
    simulation = run(
        "guard", "simulate", "--sends", "2000", "--learning", "1", "--seeds", "1", "--shape", "one-range", "--shape",
        "normal-day", "--json", seconds=60)
    one, normal = simulation.json["simulations"]
    assert one["stopped_share"] >= 0.95 and normal["wrong_share"] < 0.001
    for options, advice in ((["--shape", "no-such"], "there are normal-day, "), (["--sends", "0"], "--sends 100 to 1000000"),
                            (["--sends", "many"], "--sends"), (["--prefix-budget", "-1"], "--prefix-budget"),
                            (["--seeds", "99999999999999999999"], "--seeds")):
        done = run("guard", "simulate", *options)
        assert done.status != 0 and advice in done.text, (options, done.text)
