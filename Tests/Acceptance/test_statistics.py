"""Figures of passcodes: what was sent and what came of it."""

import pytest
import contacts
from wire import dispatched, refused, verified

PATH = "/api/v1/passcodes/statistics"


def figures(answer, value=None):
    assert answer.status == 200, answer
    rows = answer.json["statistics"]
    return answer.json["total"] if value is None else next(row for row in rows if row["value"] == value)


def test_what_was_sent_and_verified_is_told_by_each_dimension(started):
    server = started(settings=["--cooldown-seconds", "0"])
    to = contacts.phone()
    with server.client("live") as client:
        dispatched(client.send(to))
        verified(client.verify(to, server.inbox.code(to)))
        dispatched(client.send(contacts.address()))
        for by, value in (("channel", "sms"), ("country", "IN"), ("prefix", to[:-4]), ("application", "Acceptance")):
            row = figures(client.get(f"{PATH}?by={by}&period=1h"), value)
            assert (row["sent"], row["accepted"], row["verified"], row["conversion"]) == (1, 1, 1, 1), by
            assert 0 <= row["time_to_verify"]["median"] <= 5
        assert figures(client.get(f"{PATH}?by=provider"), "inbox")["accepted"] == 2
        assert figures(client.get("/v1/passcodes/statistics"))["sent"] == 2
    with server.client("test") as client:
        dispatched(client.send(contacts.phone()))
        refused(client.get(PATH), 403, "PERMISSION_DENIED")
    with server.client("live") as client:
        assert figures(client.get(PATH))["sent"] == 2


@pytest.mark.parametrize("query", ["by=colour", "period=2h", "period=99999999d", "period=", "by=hour&by=day", "x=1", "by=%ff"])
def test_what_is_not_understood_is_refused(server, query):
    with server.client("live") as client:
        answer = client.get(f"{PATH}?{query}")
        assert answer.status == 400 and answer.code in ("INVALID_FIELD", "UNKNOWN_FIELD")


def test_figures_survive_an_orderly_end(started):
    server = started()
    with server.client("live") as client:
        dispatched(client.send(contacts.phone()))
    server.stop()
    server.start()
    with server.client("live") as client:
        assert figures(client.get(PATH))["sent"] == 1


def test_the_command_shows_a_table_and_a_chart(started):
    server = started()
    with server.client("live") as client:
        dispatched(client.send(contacts.phone()))
    table = server.command("passcode", "statistics", "--by", "country")
    assert table.status == 0 and table.output.splitlines()[1].split()[:2] == ["IN", "1"]
    chart = server.command("passcode", "statistics", "--plot")
    assert chart.status == 0 and "░" in chart.output and len(chart.output.splitlines()) == 25
    assert server.json("passcode", "statistics", "--period", "7d")["total"]["sent"] == 1
    for options, advice in ((["--by", "colour"], "--by must be one of channel, country"),
                            (["--period", "99999999d"], "--period must be one of 1h, 24h")):
        done = server.command("passcode", "statistics", *options)
        assert done.status != 0 and advice in done.text, done.text


def test_figures_do_not_depend_on_the_guard(started):
    server = started()
    assert server.command("guard", "set", "--mode", "off").status == 0
    to = contacts.phone()
    with server.client("live") as client:
        dispatched(client.send(to))
        verified(client.verify(to, server.inbox.code(to)))
        for by, value in (("country", "IN"), ("prefix", to[:-4]), ("application", "Acceptance")):
            assert figures(client.get(f"{PATH}?by={by}"), value)["verified"] == 1
