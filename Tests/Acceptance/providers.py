"""The providers of SMS, voice and WhatsApp on loopback (`scripts/test-servers/provider_server.py`), and settings that point
to them."""

from __future__ import annotations

import sys
import time
from typing import Any

from script_server import SCRIPTS, ScriptServer

sys.path.append(str(SCRIPTS))
import provider_server as documented  # noqa: E402  (the credentials that the stand-ins expect)

CHANNELS = {"twilio-sms": "sms", "vonage": "sms", "amazon-sns": "sms", "webhook": "sms", "twilio-voice": "voice",
            "whatsapp": "whatsapp"}
"""The channel that each type serves in these tests."""

SECRETS = [documented.TOKEN, documented.ACCESS_TOKEN, documented.API_SECRET, documented.SECRET_KEY,
           documented.WEBHOOK_SECRET]


class Provider(ScriptServer):
    """Takes the messages of every type, unless it is told otherwise."""

    script = "provider_server.py"

    def messages(self, to: str) -> list[dict[str, Any]]:
        return [event for event in self.of("message") if event["to"] == to]

    def only(self, to: str, seconds: float = 3) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while not self.messages(to):
            assert not self.of("refused"), self.of("refused")
            assert time.monotonic() < deadline, "no message came"
            time.sleep(0.01)
        found = self.messages(to)
        assert len(found) == 1, f"{len(found)} messages, not 1"
        return found[0]

    def entry(self, kind: str, name: str | None = None, connections: int = 2) -> str:
        """An entry of the list `providers` in `enclave.yaml`."""
        base = f"https://localhost:{self.port}"
        own = {
            "twilio-sms": {"url": base, "account_sid": documented.ACCOUNT, "auth_token": documented.TOKEN,
                           "from": '"+15005550006"'},
            "twilio-voice": {"url": base, "account_sid": documented.ACCOUNT, "auth_token": documented.TOKEN,
                             "from": '"+15005550006"'},
            "whatsapp": {"url": f"{base}/v23.0", "phone_number_id": documented.PHONE_NUMBER_ID,
                         "access_token": documented.ACCESS_TOKEN, "template": documented.TEMPLATE,
                         "languages": "[en_US, de]"},
            "vonage": {"url": base, "api_key": documented.API_KEY, "api_secret": documented.API_SECRET,
                       "from": "Example"},
            "amazon-sns": {"url": base, "region": documented.REGION, "access_key_id": documented.ACCESS_KEY,
                           "secret_access_key": documented.SECRET_KEY},
            "webhook": {"url": f"{base}/gateway", "channel": "sms", "secret": documented.WEBHOOK_SECRET},
        }[kind]
        settings = {"type": kind, "name": name or kind, "ca_file": self.certificates / "ca.pem",
                    "connections": connections, **own}
        return "  - " + "\n    ".join(f"{setting}: {value}" for setting, value in settings.items()) + "\n"


def enclave_settings(*entries: str) -> str:
    """An `enclave.yaml` with these providers, in this order."""
    return "providers:\n" + "".join(entries)
