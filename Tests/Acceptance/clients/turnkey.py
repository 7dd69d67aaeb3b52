"""A client of the Turnkey dialect, written from its description: stamps, target bundles, sealed codes, sessions."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from clients import hpke, jwt
from clients.encodings import base64url, compact
from clients.p256 import PrivateKey, PublicKey
from wire import Answer, Client

HPKE_INFO = b"turnkey_hpke"
EMAIL, SMS = "OTP_TYPE_EMAIL", "OTP_TYPE_SMS"

ACTIVITIES = {
    "init_otp": "ACTIVITY_TYPE_INIT_OTP_V3",
    "verify_otp": "ACTIVITY_TYPE_VERIFY_OTP_V2",
    "otp_login": "ACTIVITY_TYPE_OTP_LOGIN_V2",
    "stamp_login": "ACTIVITY_TYPE_STAMP_LOGIN",
}


class BundleRefused(Exception):
    """The target bundle is not one of the pinned enclave's."""


@dataclass(frozen=True)
class Target:
    """What a client takes from a bundle that it checked."""

    key: PublicKey
    organization: str
    content: dict[str, Any]


def checked_target(bundle: str, pinned: str) -> Target:
    """Checks a target bundle against the pinned key, in the order in which the deployed clients do."""
    parsed = json.loads(bundle)
    if parsed["version"] != "v1.0.0":
        raise BundleRefused("unknown version")
    if parsed["enclaveQuorumPublic"] != pinned:
        raise BundleRefused("another signer than the pinned one")
    signed = bytes.fromhex(parsed["data"])
    if not PublicKey(bytes.fromhex(pinned)).verifies_der(bytes.fromhex(parsed["dataSignature"]), signed):
        raise BundleRefused("the signature does not hold")
    content = json.loads(signed)
    target = content["targetPublic"]
    if len(target) != 130 or target != target.lower() or not target.startswith("04"):
        raise BundleRefused("the target is no uncompressed point in lower-case hexadecimal")
    return Target(PublicKey(bytes.fromhex(target)), content["organizationId"], content)


def sealed(target: PublicKey, code: str, client_key: PublicKey) -> str:
    """The `encryptedOtpBundle`."""
    return sealed_text(target, compact({"otp_code": code, "public_key": client_key.compressed.hex()}))


def sealed_text(target: PublicKey, plaintext: bytes) -> str:
    encapsulated, ciphertext = hpke.seal(target, plaintext, HPKE_INFO)
    return json.dumps({"encappedPublic": encapsulated.hex(), "ciphertext": ciphertext.hex()})


def verification_claims(token: str, pinned: str) -> dict[str, str]:
    """The claims of a verification token by the key of the bundle."""
    return jwt.verified(token, PublicKey(bytes.fromhex(pinned)), kind="JWT")


def session_claims(token: str, notary: str) -> dict[str, Any]:
    return jwt.verified_with_double_hash(token, PublicKey(bytes.fromhex(notary)))


def client_signature(key: PrivateKey, message: str) -> dict[str, str]:
    return {"publicKey": key.public.compressed.hex(), "scheme": "CLIENT_SIGNATURE_SCHEME_API_P256",
            "message": message, "signature": key.sign_raw(message.encode()).hex()}


def login_message(token: str, session_key: PublicKey) -> str:
    return json.dumps({"login": {"publicKey": session_key.compressed.hex()}, "tokenId": jwt.claims(token)["id"],
                       "type": "USAGE_TYPE_LOGIN"})


def signup_message(token: str, **fields: Any) -> str:
    return json.dumps({"signupV2": fields, "tokenId": jwt.claims(token)["id"], "type": "USAGE_TYPE_SIGNUP"})


def stamp(key: PrivateKey, body: bytes) -> str:
    """`X-Stamp`, over the exact bytes of the body."""
    return base64url(compact({
        "publicKey": key.public.compressed.hex(), "scheme": "SIGNATURE_SCHEME_TK_API_P256",
        "signature": key.sign_der(body).hex()}))


def attested_stamp(key: PrivateKey, token: str, body: bytes) -> str:
    """`X-Stamp-Attested`: a verification token, and a signature of the body by the token's key."""
    return base64url(compact({
        "publicKeyAttestation": token, "scheme": "STAMP_ATTESTED_SCHEME_P256_VERIFICATION_TOKEN",
        "publicKey": key.public.compressed.hex(), "signature": key.sign_der(body).hex()}))


def result(answer: Answer, name: str) -> dict[str, Any]:
    """That part of a completed activity's result."""
    assert answer.status == 200, answer.said()
    activity = answer.json["activity"]
    assert activity["status"] == "ACTIVITY_STATUS_COMPLETED", activity["status"]
    return activity["result"][name]


class Activities:
    """The public API, for whoever holds a key that may stamp: a back end's, or a session's."""

    def __init__(self, http: Client, organization: str, key: PrivateKey | None) -> None:
        self.http, self.organization, self.key = http, organization, key

    def body(self, name: str, parameters: dict[str, Any], activity_type: str | None = None,
             timestamp: int | None = None) -> dict[str, Any]:
        return {"type": activity_type or ACTIVITIES[name], "timestampMs": str(timestamp or int(time.time() * 1000)),
                "organizationId": self.organization, "parameters": parameters, "generateAppProofs": False}

    def submit(self, name: str, parameters: dict[str, Any], **changes: Any) -> Answer:
        return self.stamped(f"/public/v1/submit/{name}", compact(self.body(name, parameters, **changes)))

    def stamped(self, path: str, body: bytes) -> Answer:
        headers = {} if self.key is None else {"X-Stamp": stamp(self.key, body)}
        return self.http.request("POST", path, body, headers)

    def init(self, contact: str, **parameters: Any) -> Answer:
        kind = EMAIL if "@" in contact else SMS
        return self.submit("init_otp", {"otpType": kind, "contact": contact, "appName": "Acceptance", **parameters})

    def verify(self, challenge: str, bundle: str, **parameters: Any) -> Answer:
        return self.submit("verify_otp", {"otpId": challenge, "encryptedOtpBundle": bundle, **parameters})

    def log_in(self, token: str, client_key: PrivateKey, session_key: PublicKey, **parameters: Any) -> Answer:
        """`otp_login`: the token and a message that its key signed."""
        signature = client_signature(client_key, login_message(token, session_key))
        return self.submit("otp_login", {
            "verificationToken": token, "publicKey": session_key.compressed.hex(), "clientSignature": signature,
            **parameters})

    def log_in_by_stamp(self, token: str, client_key: PrivateKey, session_key: PublicKey,
                        **parameters: Any) -> Answer:
        """`stamp_login`: the whole body signed by the token's key."""
        body = compact(self.body("stamp_login", {"publicKey": session_key.compressed.hex(), **parameters}))
        return self.http.request("POST", "/public/v1/submit/stamp_login", body,
                                 {"X-Stamp-Attested": attested_stamp(client_key, token, body)})

    def query(self, name: str, **fields: Any) -> Answer:
        return self.stamped(f"/public/v1/query/{name}", compact({"organizationId": self.organization, **fields}))


class AuthProxy:
    """The flat API that browsers call."""

    def __init__(self, http: Client, configuration: str | None, origin: str | None = None) -> None:
        self.http, self.configuration, self.origin = http, configuration, origin

    def post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> Answer:
        own = {} if self.configuration is None else {"X-Auth-Proxy-Config-Id": self.configuration}
        if self.origin is not None:
            own |= {"Origin": self.origin, "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "cross-site"}
        return self.http.request("POST", path, body, own | (headers or {}))

    def init(self, contact: str, headers: dict[str, str] | None = None, **fields: Any) -> Answer:
        kind = EMAIL if "@" in contact else SMS
        return self.post("/v1/otp_init_v2", {"otpType": kind, "contact": contact, **fields}, headers)

    def verify(self, challenge: str, bundle: str) -> Answer:
        return self.post("/v1/otp_verify_v2", {"otpId": challenge, "encryptedOtpBundle": bundle})

    def log_in(self, token: str, client_key: PrivateKey, session_key: PublicKey, **fields: Any) -> Answer:
        signature = client_signature(client_key, login_message(token, session_key))
        return self.post("/v1/otp_login_v2", {
            "verificationToken": token, "publicKey": session_key.compressed.hex(), "clientSignature": signature,
            **fields})

    def sign_up(self, token: str, client_key: PrivateKey, headers: dict[str, str] | None = None,
                **fields: Any) -> Answer:
        contents = {"apiKeys": [], "authenticators": [], "oauthProviders": []} | fields
        signature = client_signature(client_key, signup_message(token, **fields))
        return self.post(
            "/v1/signup_v2", contents | {"verificationToken": token, "clientSignature": signature}, headers)

    def account(self, contact: str, token: str | None) -> Answer:
        fields = {"filterType": "EMAIL" if "@" in contact else "PHONE_NUMBER", "filterValue": contact}
        return self.post("/v1/account", fields | ({} if token is None else {"verificationToken": token}))
