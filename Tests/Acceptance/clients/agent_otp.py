"""A client of the Agent OTP dialect, written from its description: every endpoint, and its SDK as it behaves."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

from wire import Answer, Client

PREFIX = "/api/v1"


class AgentOTP:
    """Every endpoint, for whoever's key is in `http`: an agent, a verifier, an approver or an operator."""

    def __init__(self, http: Client) -> None:
        self.http = http

    def call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None,
             **query: Any) -> Answer:
        """`path` begins after the prefix; parameters of the query that are None are left out."""
        wanted = {name: value for name, value in query.items() if value is not None}
        whole = PREFIX + path + ("?" + urlencode(wanted) if wanted else "")
        return self.http.request(method, whole, body, headers)

    # Permissions

    def request(self, action: Any, headers: dict[str, str] | None = None, **fields: Any) -> Answer:
        return self.call("POST", "/permissions/request", {"action": action, **fields}, headers)

    def permission(self, permission: str, wait: Any = None, headers: dict[str, str] | None = None) -> Answer:
        return self.call("GET", f"/permissions/{permission}", headers=headers, wait=wait)

    def verify(self, permission: str, token: Any) -> Answer:
        return self.call("POST", f"/permissions/{permission}/verify", {"token": token})

    def use(self, permission: str, token: Any, details: Any = None) -> Answer:
        body = {"token": token} if details is None else {"token": token, "actionDetails": details}
        return self.call("POST", f"/permissions/{permission}/use", body)

    def revoke(self, permission: str, **fields: Any) -> Answer:
        return self.call("POST", f"/permissions/{permission}/revoke", fields)

    def decide(self, permission: str, approved: Any, headers: dict[str, str] | None = None, **fields: Any) -> Answer:
        return self.call("POST", f"/permissions/{permission}/decide", {"approved": approved, **fields}, headers)

    def permissions(self, **filters: Any) -> Answer:
        return self.call("GET", "/permissions", **filters)

    # Agents

    def create_agent(self, name: Any, **fields: Any) -> Answer:
        return self.call("POST", "/agents", {"name": name, **fields})

    def agents(self, **page: Any) -> Answer:
        return self.call("GET", "/agents", **page)

    def agent(self, agent: str) -> Answer:
        return self.call("GET", f"/agents/{agent}")

    def change_agent(self, agent: str, **fields: Any) -> Answer:
        return self.call("PATCH", f"/agents/{agent}", fields)

    def replace_agent(self, agent: str, **fields: Any) -> Answer:
        return self.call("PUT", f"/agents/{agent}", fields)

    def delete_agent(self, agent: str) -> Answer:
        return self.call("DELETE", f"/agents/{agent}")

    def rotate_key(self, agent: str, **fields: Any) -> Answer:
        return self.call("POST", f"/agents/{agent}/rotate-key", fields)

    def agent_stats(self, agent: str, period: str | None = None) -> Answer:
        return self.call("GET", f"/agents/{agent}/stats", period=period)

    # Policies

    def create_policy(self, **document: Any) -> Answer:
        return self.call("POST", "/policies", document)

    def policies(self, **page: Any) -> Answer:
        return self.call("GET", "/policies", **page)

    def policy(self, policy: str) -> Answer:
        return self.call("GET", f"/policies/{policy}")

    def change_policy(self, policy: str, **fields: Any) -> Answer:
        return self.call("PATCH", f"/policies/{policy}", fields)

    def replace_policy(self, policy: str, **document: Any) -> Answer:
        return self.call("PUT", f"/policies/{policy}", document)

    def delete_policy(self, policy: str) -> Answer:
        return self.call("DELETE", f"/policies/{policy}")

    def try_policies(self, **request: Any) -> Answer:
        """What the policies would say to a request."""
        return self.call("POST", "/policies/test", request)

    # What happened

    def audit(self, **filters: Any) -> Answer:
        return self.call("GET", "/audit", **filters)

    def audit_of_permission(self, permission: str, **page: Any) -> Answer:
        return self.call("GET", f"/audit/permissions/{permission}", **page)

    def audit_of_agent(self, agent: str, **page: Any) -> Answer:
        return self.call("GET", f"/audit/agents/{agent}", **page)

    def audit_stats(self, **filters: Any) -> Answer:
        return self.call("GET", "/audit/stats", **filters)

    def audit_export(self, **filters: Any) -> Answer:
        return self.call("GET", "/audit/export", **filters)

    def metrics(self, period: str | None = None) -> Answer:
        return self.call("GET", "/metrics", period=period)

    def health(self) -> Answer:
        return self.call("GET", "/health")


class AgentOTPError(Exception):
    """What the SDK raises for an error that it has no class for, 400 among them."""

    def __init__(self, answer: Answer) -> None:
        error = answer.json["error"]
        super().__init__(f"{answer.status} {error['code']}: {error['message']}")
        self.status, self.code, self.details = answer.status, error["code"], error.get("details")
        self.retry_after = answer.headers.get("Retry-After")


class AuthenticationError(AgentOTPError):
    pass


class AccessDeniedError(AgentOTPError):
    pass


class NotFoundError(AgentOTPError):
    pass


class ValidationError(AgentOTPError):
    pass


class RateLimitError(AgentOTPError):
    pass


ERRORS = {401: AuthenticationError, 403: AccessDeniedError, 404: NotFoundError, 422: ValidationError,
          429: RateLimitError}


class SDK:
    """The original SDK 0.1.x on the wire: it unwraps `data`, polls until somebody decided, sorts errors by status."""

    def __init__(self, api: AgentOTP, poll_seconds: float = 0.1) -> None:
        self.api, self.poll_seconds = api, poll_seconds

    def request_permission(self, action: str, wait_for_approval: bool = False, timeout: float = 20,
                           **fields: Any) -> dict[str, Any]:
        permission = self._data(self.api.request(action, **fields))
        if permission["status"] != "pending":
            return permission
        if not permission["approvalUrl"] or not permission["webhookUrl"]:
            raise ValueError("a pending permission has an approvalUrl and a webhookUrl")
        return self.wait_for_approval(permission["id"], timeout) if wait_for_approval else permission

    def wait_for_approval(self, permission: str, timeout: float = 20) -> dict[str, Any]:
        """The permission once it is no longer pending, whatever became of it."""
        deadline = time.monotonic() + timeout
        while True:
            found = self.get_permission_status(permission)
            if found["status"] != "pending":
                return found
            if time.monotonic() > deadline:
                raise TimeoutError(f"still pending after {timeout} s")
            time.sleep(self.poll_seconds)

    def get_permission_status(self, permission: str) -> dict[str, Any]:
        return self._data(self.api.permission(permission))

    def verify_token(self, permission: str, token: str) -> dict[str, Any]:
        return self._data(self.api.verify(permission, token))

    def use_token(self, permission: str, token: str, details: Any = None) -> dict[str, Any]:
        return self._data(self.api.use(permission, token, details))

    def revoke_permission(self, permission: str, reason: str | None = None) -> dict[str, Any]:
        return self._data(self.api.revoke(permission, **({} if reason is None else {"reason": reason})))

    def get_metrics(self, period: str = "1h") -> dict[str, Any]:
        return self._data(self.api.metrics(period))

    @staticmethod
    def _data(answer: Answer) -> dict[str, Any]:
        if 200 <= answer.status < 300:
            body = answer.json
            if body["success"] is not True:
                raise ValueError("a 2xx that is no success")
            return body["data"]
        raise ERRORS.get(answer.status, AgentOTPError)(answer)
