#!/usr/bin/python3
"""The providers of SMS, voice and WhatsApp on loopback for tests, over real TLS: each speaks its documented API, and can
also misbehave. What is checked is written from the providers' documentation and knows nothing of the server under test.

Every line on standard output is one JSON object. The first is {"event": "listening", "port": N}; then
  {"event": "connection", "number": N}                      a client connected, the N-th so far
  {"event": "request", "connection": N, "path": …}          a whole request came
  {"event": "message", "provider": …, "to": …, "id": …, …}  a message that the API takes; what else it says stands in `text`,
                                                            `code` or `fields`
  {"event": "refused", "provider": …, "because": …}         a request that the real API would not take
  {"event": "command", "line": …}                           a command was obeyed

With --control it ends with its standard input, and obeys a command on each line of it:
  answer 21211        answer with the recorded answer of this name (Tests/ProviderAnswers); `answer none` ends that
  fault hang          misbehave in this way; `fault none` ends that
"""

import argparse
import base64
import hashlib
import hmac
import itertools
import json
import pathlib
import re
import time
import urllib.parse
import xml.etree.ElementTree

import https_server
from https_server import report

ANSWERS = pathlib.Path(__file__).resolve().parents[2] / "Tests/ProviderAnswers"
# What settings of tests name.
ACCOUNT, TOKEN = "AC0123456789abcdef0123456789abcdef", "twilio-token-of-the-tests"
PHONE_NUMBER_ID, ACCESS_TOKEN, TEMPLATE = "106540352242922", "whatsapp-token-of-the-tests", "otp_code"
API_KEY, API_SECRET = "abcd1234", "vonage-secret-of-the-tests"
ACCESS_KEY, SECRET_KEY, REGION = "AKIDEXAMPLE", "amazon-secret-of-the-tests", "eu-central-1"
WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"webhook-secret-of-the-tests-0123").decode()

numbers = itertools.count(1)


class Refusal(Exception):
    """The real API would not take this request."""


def expect(condition, because):
    if not condition:
        raise Refusal(because)


class API:
    """One provider's API: reads a request, and writes the answer that says that the message was taken."""

    def __init__(self, headers, path, body):
        self.headers, self.path, self.body = headers, path, body
        self.identifier = f"{self.prefix}{next(numbers):032x}"

    def form(self):
        expect(self.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"), "content type")
        return dict(urllib.parse.parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=True))

    def json(self):
        expect(self.headers.get("Content-Type", "").startswith("application/json"), "content type")
        return json.loads(self.body)


class TwilioMessages(API):
    name, prefix = "twilio-sms", "SM"
    pattern = rf"/2010-04-01/Accounts/{ACCOUNT}/Messages\.json"

    def authenticated(self):
        scheme, _, credentials = self.headers.get("Authorization", "").partition(" ")
        expect(scheme == "Basic" and base64.b64decode(credentials).decode() == f"{ACCOUNT}:{TOKEN}", "credentials")
        return self.form()

    def read(self):
        fields = self.authenticated()
        expect(re.fullmatch(r"\+[1-9][0-9]{1,14}", fields["To"]), "To")
        expect(("From" in fields) != ("MessagingServiceSid" in fields), "sender")
        expect(1 <= len(fields["Body"]) <= 1600, "Body")
        expect(1 <= int(fields.get("ValidityPeriod", 14400)) <= 36000, "ValidityPeriod")
        return {"to": fields["To"], "text": fields["Body"], "callback": fields.get("StatusCallback")}

    def taken(self, message):
        return 201, {"account_sid": ACCOUNT, "sid": self.identifier, "status": "queued", "error_code": None,
                     "error_message": None, "to": message["to"], "body": message["text"], "num_segments": "1"}


class TwilioCalls(TwilioMessages):
    name, prefix = "twilio-voice", "CA"
    pattern = rf"/2010-04-01/Accounts/{ACCOUNT}/Calls\.json"

    def read(self):
        fields = self.authenticated()
        expect(re.fullmatch(r"\+[1-9][0-9]{1,14}", fields["To"]), "To")
        expect(fields["From"].startswith("+"), "From")
        expect(len(fields["Twiml"]) <= 4000, "Twiml is too long")
        response = xml.etree.ElementTree.fromstring(fields["Twiml"])
        expect(response.tag == "Response" and all(verb.tag in ("Say", "Pause") for verb in response), "TwiML")
        # What the person hears: single characters are said one by one.
        said = [verb.text if verb.tag == "Say" else int(verb.get("length", 1)) for verb in response]
        spelt = "".join(each for each in said if isinstance(each, str) and len(each) == 1)
        code = spelt[:len(spelt) // 2]
        expect(code and spelt == 2 * code, "a code that is not said twice, character by character")
        return {"to": fields["To"], "said": said, "callback": fields.get("StatusCallback"), "code": code}

    def taken(self, message):
        return 201, {"account_sid": ACCOUNT, "sid": self.identifier, "status": "queued", "to": message["to"]}


class WhatsApp(API):
    name, prefix = "whatsapp", "wamid.HBgL"
    pattern = rf"/v[0-9]+\.0/{PHONE_NUMBER_ID}/messages"

    def read(self):
        expect(self.headers.get("Authorization") == f"Bearer {ACCESS_TOKEN}", "credentials")
        content = self.json()
        expect(content["messaging_product"] == "whatsapp" and content["type"] == "template", "type")
        template = content["template"]
        expect(template["name"] == TEMPLATE, "template")
        body, button = template["components"]
        expect(body["type"] == "body" and button["type"] == "button", "components")
        # A copy-code button of an authentication template is filled as a button of type `url`.
        expect((button["sub_type"], button["index"]) == ("url", "0"), "button")
        codes = [part["parameters"] for part in (body, button)]
        expect(codes[0] == codes[1] and len(codes[0]) == 1 and codes[0][0]["type"] == "text", "parameters")
        expect(len(codes[0][0]["text"]) <= 15, "a code is too long")
        return {"to": "+" + content["to"].removeprefix("+"), "code": codes[0][0]["text"],
                "language": template["language"]["code"]}

    def taken(self, message):
        number = message["to"].removeprefix("+")
        return 200, {"messaging_product": "whatsapp", "contacts": [{"input": number, "wa_id": number}],
                     "messages": [{"id": self.identifier, "message_status": "accepted"}]}


class Vonage(API):
    name, prefix = "vonage", "0C"
    pattern = r"/sms/json"

    def read(self):
        fields = self.form()
        expect((fields["api_key"], fields["api_secret"]) == (API_KEY, API_SECRET), "credentials")
        expect(re.fullmatch(r"[1-9][0-9]{6,14}", fields["to"]), "to")
        expect(fields["from"] and not fields["from"].startswith("+"), "from")
        expect(fields["type"] == "unicode" or _is_gsm(fields["text"]), "type")
        expect(20_000 <= int(fields.get("ttl", 259_200_000)) <= 604_800_000, "ttl")
        return {"to": "+" + fields["to"], "text": fields["text"], "callback": fields.get("callback")}

    def taken(self, message):
        return 200, {"message-count": "1", "messages": [
            {"to": message["to"][1:], "message-id": self.identifier, "status": "0", "remaining-balance": "15.53590000",
             "message-price": "0.03330000", "network": "23410"}]}


class Amazon(API):
    name, prefix = "amazon-sns", "94f20ce6-13c5-43a0-9a9e-"
    pattern = r"/"

    def read(self):
        self.check_signature()
        fields = self.form()
        expect((fields["Action"], fields["Version"]) == ("Publish", "2010-03-31"), "action")
        expect(re.fullmatch(r"\+[1-9][0-9]{1,14}", fields["PhoneNumber"]), "PhoneNumber")
        attributes = {fields[f"MessageAttributes.entry.{number}.Name"]:
                      fields[f"MessageAttributes.entry.{number}.Value.StringValue"]
                      for number in range(1, 1 + sum(name.endswith(".Name") for name in fields))}
        expect(attributes.get("AWS.SNS.SMS.SMSType") == "Transactional", "SMSType")
        return {"to": fields["PhoneNumber"], "text": fields["Message"], "attributes": attributes}

    def check_signature(self):
        """Signature Version 4, as its documentation describes it."""
        match = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/sns/aws4_request, "
                             r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})",
                             self.headers.get("Authorization", ""))
        expect(match, "Authorization")
        key, day, region, names, signature = match.groups()
        expect((key, region) == (ACCESS_KEY, REGION) and "host" in names.split(";"), "credentials")
        moment = self.headers["X-Amz-Date"]
        expect(moment.startswith(day) and abs(time.time() - _seconds(moment)) < 300, "X-Amz-Date")
        headers = "".join(f"{name}:{' '.join(self.headers[name].split())}\n" for name in names.split(";"))
        canonical = "\n".join(["POST", self.path, "", headers, names, hashlib.sha256(self.body).hexdigest()])
        text = "\n".join(["AWS4-HMAC-SHA256", moment, f"{day}/{region}/sns/aws4_request",
                          hashlib.sha256(canonical.encode()).hexdigest()])
        secret = f"AWS4{SECRET_KEY}".encode()
        for part in (day, region, "sns", "aws4_request", text):
            secret = hmac.digest(secret, part.encode(), "sha256")
        expect(secret.hex() == signature, "signature")

    def taken(self, message):
        return 200, ('<PublishResponse xmlns="https://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>'
                     f"{self.identifier}</MessageId></PublishResult></PublishResponse>")


class Gateway(API):
    name, prefix = "webhook", "m-"
    pattern = r"/gateway"

    def read(self):
        identifier, moment = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        expect(abs(time.time() - int(moment)) < 300, "time")
        key = base64.b64decode(WEBHOOK_SECRET.removeprefix("whsec_"))
        proof = base64.b64encode(hmac.digest(key, f"{identifier}.{moment}.".encode() + self.body, "sha256")).decode()
        expect(f"v1,{proof}" in self.headers["webhook-signature"].split(" "), "signature")
        content = self.json()
        expect(content["type"] == "passcode.message", "type")
        data = content["data"]
        return {"to": data["to"], "text": data["text"], "code": data["code"], "channel": data["channel"]}

    def taken(self, message):
        return 200, {"id": self.identifier}


APIS = [TwilioMessages, TwilioCalls, WhatsApp, Vonage, Amazon, Gateway]


# The default alphabet of short messages and its extension (3GPP TS 23.038).
GSM = set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
          "abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€")


def _is_gsm(text):
    return set(text) <= GSM


def _seconds(moment):
    return time.mktime(time.strptime(moment, "%Y%m%dT%H%M%SZ")) - time.timezone


class Conversation(https_server.Conversation):
    """One client's connection."""

    content = b'{"sid": "SM1", "status": "queued", "id": "1", "messages": [{"status": "0", "message-id": "1"}]}'

    def do_POST(self):
        body = self.read_body()
        report("request", connection=self.number, path=self.path)
        api = next((api for api in APIS if re.fullmatch(api.pattern, self.path)), None)
        player = self.server.player
        if api is None:
            self.answer(404, {})
        elif player.fault:
            self.misbehave(player.fault)
        elif player.recorded:
            self.write(*player.answer(api.name))
        else:
            self.take(api(self.headers, self.path, body))
        self.end_answer()

    def take(self, request):
        try:
            message = request.read()
        except (Refusal, KeyError, ValueError, TypeError) as reason:
            report("refused", provider=request.name, because=repr(reason))
            return self.answer(400, {"refused": True})
        report("message", provider=request.name, id=request.identifier, **message)
        if self.server.player.vanishes:
            return self.abort()
        self.write(*request.taken(message))
        if self.server.player.repeats:
            self.wfile.flush()
            self.write(*request.taken(message))
            self.wfile.flush()
            report("repeated")

    def write(self, status, body):
        if isinstance(body, str):
            content = body.encode()
            self.head(status, "Content-Type: text/xml", f"Content-Length: {len(content)}")
            self.wfile.write(content)
        else:
            self.answer(status, body)

    def fault_not_json(self):
        self.write(200, "<html>success</html>")

    def fault_empty(self):
        self.write(200, "")


class Player:
    """What is answered, until a command says otherwise."""

    def __init__(self, options):
        self.fault, self.recorded, self.vanishes = options.fault, options.answer, False
        self.repeats = False

    def answer(self, provider):
        recorded = json.loads((ANSWERS / f"{provider}.json").read_text())["answers"]
        found = next(each for each in recorded if each["name"] == self.recorded)
        return found["status"], found["body"]

    def obey(self, line):
        command, value = line.split(" ")
        value = None if value == "none" else value
        if command == "answer":
            self.recorded = value
        elif command == "fault" and value == "vanish":
            self.vanishes = True
        elif command == "fault" and value == "repeat":
            self.repeats = True
        elif command == "fault":
            self.fault, self.vanishes, self.repeats = value, False, False
        else:
            raise ValueError(f"unknown command {line!r}")
        report("command", line=command)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    https_server.add_options(parser)
    parser.add_argument("--answer", metavar="NAME", help="answer with the recorded answer of this name")
    parser.add_argument("--fault", choices=[*https_server.FAULTS, "not-json", "empty"], help="misbehave in this way")
    return parser.parse_args()


if __name__ == "__main__":
    options = read_options()
    server = https_server.Server(options, Conversation)
    server.player = Player(options)
    server.run(server.player.obey)
