"""What providers report of their messages: believed where it is signed, and never taken back."""

import base64
import hmac
import json
import urllib.parse

import contacts
import pytest
from providers import Provider, documented, enclave_settings
from wire import dispatched, refused

PATH = "/v1/delivery-reports/twilio-sms"
REPORTS = f"https://otp.example.com{PATH}"


@pytest.fixture(scope="module")
def twilio(certificates):
    provider = Provider(certificates).start()
    yield provider
    provider.stop()


@pytest.fixture
def reporting(started, twilio):
    return started(enclave=enclave_settings(twilio.entry("twilio-sms") + f"    reports_url: {REPORTS}\n", twilio.entry("vonage")),
                   settings=["--cooldown-seconds", "0"])


def report(server, fields, token=documented.TOKEN, path=PATH, signature=None, address=REPORTS):
    """What Twilio posts, signed as its documentation says."""
    signed = address + "".join(name + fields[name] for name in sorted(fields))
    proof = base64.b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()
    with server.client(None) as client:
        return client.request(
            "POST", path, urllib.parse.urlencode(fields).encode(),
            {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": proof if signature is None else signature})


def sent(server, twilio):
    to = contacts.phone()
    with server.client("live") as client:
        return dispatched(client.send(to))["req_id"], twilio.only(to)["id"]


def status(server, identifier):
    with server.client("live") as client:
        return client.get(f"/api/v1/passcodes/{identifier}").json["status"]


def test_a_signed_report_makes_a_send_delivered_and_nothing_takes_that_back(reporting, twilio):
    identifier, message = sent(reporting, twilio)
    assert status(reporting, identifier) == "sent"
    for word in ["sent", "delivered", "delivered", "undelivered", "failed", "sent"]:
        answer = report(reporting, {"MessageSid": message, "MessageStatus": word, "ErrorCode": "30003"})
        assert (answer.status, answer.body) == (200, b""), answer.said()
    assert status(reporting, identifier) == "delivered"


def test_a_report_of_a_failure_makes_a_send_failed_and_says_why(reporting, twilio):
    identifier, message = sent(reporting, twilio)
    report(reporting, {"MessageSid": message, "MessageStatus": "undelivered", "ErrorCode": "30003"})
    with reporting.client("live") as client:
        shown = client.get(f"/api/v1/passcodes/{identifier}").json
    assert shown["status"] == "failed" and "30003" in shown["deliveries"][0]["reason"]
    assert len(shown["deliveries"]) == 1, "no second message after the first was accepted"


def test_a_report_is_believed_only_where_the_provider_signed_it(reporting, twilio):
    identifier, message = sent(reporting, twilio)
    good = {"MessageSid": message, "MessageStatus": "delivered"}
    other = "/v1/delivery-reports/vonage"
    for answer in [
        report(reporting, good, token="another token"),
        report(reporting, good, signature="AAAA"),
        report(reporting, good, signature=""),
        report(reporting, good, path=other),
        report(reporting, good, address=REPORTS + "2"),
        report(reporting, good, path="/v1/delivery-reports/nobody"),
        report(reporting, good, path="/v1/delivery-reports/inbox"),
    ]:
        refused(answer, 401, "report_refused")
    proof = report(reporting, {"MessageSid": message, "MessageStatus": "sent"})
    assert proof.status == 200
    with reporting.client(None) as client:
        refused(client.request("POST", PATH, b"MessageSid=&MessageStatus=delivered"), 401, "report_refused")
    assert status(reporting, identifier) == "sent"


def test_a_report_of_an_unknown_message_changes_nothing(reporting, twilio):
    identifier, _ = sent(reporting, twilio)
    before = reporting.rows("delivery")
    answer = report(reporting, {"MessageSid": "SM" + "0" * 32, "MessageStatus": "failed"})
    assert (answer.status, answer.body) == (200, b"")
    assert reporting.rows("delivery") == before and status(reporting, identifier) == "sent"


def test_a_report_has_neither_code_nor_contact_in_the_audit_log(reporting, twilio):
    _, message = sent(reporting, twilio)
    report(reporting, {"MessageSid": message, "MessageStatus": "delivered"})
    entry = next(row for row in reporting.rows("audit_entry") if row["action"] == "challenge.reported")
    assert entry["detail"] == "twilio-sms" and entry["outcome"] == "done"
    assert "+91" not in json.dumps({name: str(value) for name, value in entry.items()})
