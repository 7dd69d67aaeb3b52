"""Visitors, who have no key: which pages may ask, how often, and what nobody of them learns."""

import random

import pytest
import contacts
from clients import countersign, turnkey
from clients.p256 import PrivateKey
from sealed import IN_FLIGHT, SEALED_ATTEMPTS, Dialect, Own, code_for, problem, set_workspace, turnkey_refused
from statistics_of_two import relative_difference, tells_apart
from wire import described

PAGE = "https://app.example.com"

NOT_THE_PAGE = [
    "https://app.example.com.", "https://app.example.com:443", "http://app.example.com", "https://APP.example.com",
    "https://app.example.com/", "https://app.example.com.evil.example", "https://evil.example", "null", "*", "",
    "https://app.example.com, https://evil.example",
]


@pytest.fixture(scope="module")
def site(server):
    set_workspace(server, allowed_origins=[PAGE])
    return server


VISITORS = {"auth proxy": Dialect.proxy, "our own": Own.visitor}


def _ask(flow, contact, **more):
    return flow.api.init(contact, **more) if isinstance(flow, Dialect) else flow.api.start(contact, **more)


def _refused(flow, answer, status):
    if isinstance(flow, Dialect):
        return turnkey_refused(answer, status, {403: 7, 429: 8, 400: 3}[status])
    assert answer.status == status, answer.said()
    return problem(answer, status, answer.code)


@pytest.mark.parametrize("name", VISITORS)
def test_the_listed_page_may_ask_and_read_the_answer(site, name):
    """Good answers and refusals alike, and never with a star or a browser's credentials."""
    flow = VISITORS[name](site, PAGE)
    for answer in (_ask(flow, contacts.address()), _ask(flow, "no address")):
        assert answer.headers.get_all("Access-Control-Allow-Origin") == [PAGE]
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Origin" in answer.headers["Vary"]
        assert "X-Request-Id" in answer.headers["Access-Control-Expose-Headers"]
        described(answer)


@pytest.mark.parametrize("origin", NOT_THE_PAGE)
@pytest.mark.parametrize("name", VISITORS)
def test_any_other_page_is_refused_and_cannot_read_why(site, name, origin):
    contact = contacts.address()
    answer = _ask(VISITORS[name](site, origin), contact)
    assert answer.status == 403, answer.said()
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert site.inbox.messages(contact) == []


@pytest.mark.parametrize("path, header, method", [
    ("/v1/otp_init_v2", "x-auth-proxy-config-id", "POST"),
    ("/v1/challenges", "x-countersign-config", "POST"),
    ("/v1/challenges/x/attempts", "x-countersign-config", "POST"),
    ("/v1/sessions", "dpop", "POST"),
    ("/v1/sessions/me", "authorization", "GET"),
    ("/v1/sessions/se_x", "dpop", "DELETE"),
    ("/public/v1/submit/stamp_login", "x-stamp-attested", "POST"),
    ("/public/v1/query/whoami", "x-stamp", "POST"),
])
def test_a_preflight_lets_the_page_ask_and_no_other(site, path, header, method):
    """Whatever an app in a browser needs for the whole flow; the headers that it may send are a fixed list."""
    wish = {"Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": f"content-type,{header},x-invented"}
    with site.client(None) as client:
        answer = client.request("OPTIONS", path, None, wish | {"Origin": PAGE})
        assert answer.status == 204, answer.said()
        assert answer.headers["Access-Control-Allow-Origin"] == PAGE
        assert method in answer.headers["Access-Control-Allow-Methods"]
        allowed = {name.strip() for name in answer.headers["Access-Control-Allow-Headers"].lower().split(",")}
        assert {"content-type", header} <= allowed and "x-invented" not in allowed
        for origin in NOT_THE_PAGE:
            refused = client.request("OPTIONS", path, None, wish | {"Origin": origin})
            assert "Access-Control-Allow-Origin" not in refused.headers, origin


def test_a_page_that_is_taken_off_the_list_is_out_at_once(started):
    server = started(settings=["--allowed-origins", PAGE])
    flow = Own.visitor(server, PAGE)
    assert _ask(flow, contacts.address()).status == 201
    server.set("--allowed-origins", "")
    problem(_ask(flow, contacts.address()), 403, "origin_not_allowed")


def test_a_new_workspace_lets_no_page_in(started):
    """Apps without an origin are served: the auth proxy is on."""
    server = started()
    for make in VISITORS.values():
        assert _ask(make(server, PAGE), contacts.address()).status == 403
        assert _ask(make(server), contacts.address()).status in (200, 201)


def test_a_page_goes_through_a_whole_login(site):
    """Every answer on the way is one that the page may read."""
    own = Own.visitor(site, PAGE)
    contact, key = contacts.address(), PrivateKey()
    challenge = own.start(contact)
    code = code_for(site, contact)
    proven = own.verified(own.attempt(challenge, code, key), key)
    token = own.log_in(proven)["session_token"]
    shown = own.api.show_session(token, key)
    assert shown.status == 200 and shown.headers["Access-Control-Allow-Origin"] == PAGE
    stranger = countersign.SealedAPI(site.client(None), None, "https://evil.example", site.url)
    answer = stranger.show_session(token, key)
    assert answer.status == 403 and "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("method, path, body, status", [
    ("POST", "/v1/challenges", "x" * 100_000, 413), ("POST", "/v1/otp_init_v2", "x" * 100_000, 413),
    ("GET", "/v1/otp_init_v2", None, 405), ("GET", "/public/v1/nothing", None, 404),
])
def test_a_page_reads_what_the_server_itself_refuses(site, method, path, body, status):
    """Also one that asked no preflight before, as a plain GET does not."""
    for origin, shared in [(PAGE, PAGE), ("https://evil.example", None)]:
        with site.client(None) as client:
            answer = client.request(method, path, body.encode() if body else None, {"Origin": origin})
        assert answer.status == status, answer.said()
        assert answer.headers.get("Access-Control-Allow-Origin") == shared


def test_one_network_may_ask_so_often(started):
    """`visitor_limit` a minute over both APIs, with the wait; back ends with a key are no visitors."""
    server = started(settings=["--visitor-limit", "4"])
    flows = [make(server) for make in VISITORS.values()]
    answers = [_ask(flow, contacts.address()) for _ in range(3) for flow in flows]
    assert [answer.status for answer in answers] == [200, 201, 200, 201, 429, 429]
    turnkey_refused(answers[4], 429, 8, "Too many requests. Please wait and try again in a few seconds")
    assert 1 <= int(answers[4].headers["Retry-After"]) <= 60
    wait = problem(answers[5], 429, "rate_limited")["retry_after"]
    assert wait <= 60
    assert answers[5].headers["RateLimit-Policy"] == '"visitor";q=4;w=60'
    assert answers[5].headers["RateLimit"] == f'"visitor";r=0;t={wait}'
    assert Own.back_end(server).api.start(contacts.address()).status == 201


LIMITED = [
    ("a premium-rate number", [], contacts.PREMIUM[0], 0),
    ("a recipient over the limit", ["--recipient-limit", "1"], None, 1),
    ("a prefix over the limit", ["--prefix-limit", "1"], "+9198761%05d", 1),
    ("a country over the limit", ["--country-limit", "1"], "+9198762%05d", 1),
    ("the day's budget used up", ["--daily-budget", "1"], "+9198763%05d", 1),
]


@pytest.mark.parametrize("reason, settings, number, sends", LIMITED, ids=[entry[0] for entry in LIMITED])
@pytest.mark.parametrize("name", VISITORS)
def test_a_send_refused_for_the_contacts_sake_looks_like_any_other(started, name, reason, settings, number, sends):
    """A fresh challenge that can never verify: same fields, same form of values, same countdown; nothing is sent."""
    server = started(settings=settings)
    flow = VISITORS[name](server)
    to = [number or contacts.address()] * 2 if number is None or "%" not in number else [number % 1, number % 2]
    real = _ask(flow, to[0]) if sends else _ask(flow, contacts.address())
    decoy = _ask(flow, to[1])
    _expect_alike(real, decoy)
    server.inbox.wait_for(to[0] if sends else "@example.com", 1)
    first, second = flow.started(to[0], real), flow.started(to[1], decoy)
    assert first.id != second.id and first.target != second.target and len(first.id) == len(second.id)
    assert len(first.bundle) == pytest.approx(len(second.bundle), abs=6), "a DER signature varies by some digits"
    for _ in range(SEALED_ATTEMPTS + 1):
        # The real code is nine characters of Base32: that this is it has a chance of 1 in 35 million million.
        _expect_alike(flow.attempt(first, "AAAAAAAAB"), flow.attempt(second, "AAAAAAAAB"))
    assert len(server.inbox.messages()) == 1
    if sends == 0:
        with server.client("live") as client:
            assert client.send(to[1]).status == 400, "a back end learns it"


@pytest.mark.parametrize("name", VISITORS)
def test_a_decoy_takes_the_same_time(started, name):
    """Sends that go out and sends that do not, interleaved at random; then a wrong code for each.

    A difference counts only if two independent rounds show it.
    """
    flow = VISITORS[name](started())
    if any(_a_round_tells_apart(flow)):
        told_apart = _a_round_tells_apart(flow)
        assert not told_apart[0], "the time of a send tells whether a message goes out"
        assert not told_apart[1], "the time of a wrong code tells whether a message went out"


def _a_round_tells_apart(flow, samples=250):
    """Whether the sends' times and the attempts' times tell the two kinds apart."""
    kinds = ["message", "decoy"] * samples
    random.shuffle(kinds)
    sends, attempts, challenges = ({"message": [], "decoy": []} for _ in range(3))
    for number, kind in enumerate(kinds):
        to = contacts.phone() if kind == "message" else f"+1900{2345678 + number:07d}"
        answer = _ask(flow, to)
        sends[kind].append(answer.seconds)
        challenges[kind].append(flow.started(to, answer))
    asked = [(kind, challenge) for kind, made in challenges.items() for challenge in made]
    random.shuffle(asked)
    for kind, challenge in asked:
        attempts[kind].append(flow.attempt(challenge, "AAAAAAAAB").seconds)
    return [tells_apart(*times.values()) and relative_difference(*times.values()) > 0.05
            for times in (sends, attempts)]

def _expect_alike(first, second):
    assert first.status == second.status, f"{first.said()} and {second.said()}"
    assert _shape(first.json) == _shape(second.json)
    own = {"x-request-id", "date", "retry-after", "content-length"}
    assert [name for name, _ in first.headers.items()] == [name for name, _ in second.headers.items()]
    for name, value in first.headers.items():
        assert name.lower() in own or second.headers[name] == value, name


def _shape(value):
    """Fields and what is fixed in them; identifiers, keys and times may differ."""
    if isinstance(value, dict):
        free = {"id", "otpId", "target", "otpEncryptionTargetBundle", "expires_at", "channel"}
        return {key: "…" if key in free else _shape(inner) for key, inner in value.items()}
    return [_shape(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", VISITORS)
def test_known_and_unknown_contacts_answer_alike(site, name):
    """Whether somebody has an account is not to be learnt by sending them a code."""
    known, unknown = contacts.address(), contacts.address()
    Own.back_end(site).log_in(Own.back_end(site).prove(known))
    flow = VISITORS[name](site)
    _expect_alike(_ask(flow, known), _ask(flow, unknown))


@pytest.mark.parametrize("name", VISITORS)
def test_decoys_are_in_flight_like_the_rest(started, name):
    """Three of them, then the same refusal."""
    server = started()
    flow = VISITORS[name](server)
    for _ in range(IN_FLIGHT):
        assert _ask(flow, contacts.PREMIUM[1]).status in (200, 201)
    answer = _ask(flow, contacts.PREMIUM[1])
    contact = contacts.phone()
    for _ in range(IN_FLIGHT):
        _ask(flow, contact)
    _expect_alike(answer, _ask(flow, contact))
    assert answer.status >= 400


@pytest.mark.parametrize("name", VISITORS)
def test_a_visitor_does_not_learn_that_the_mail_server_refused(started, mail, name):
    """Answered before delivery; a back end with a key learns it."""
    provider = mail("--starttls", "--reject-recipient")
    server = started(enclave=provider.enclave_settings())
    answer = _ask(VISITORS[name](server), contacts.address())
    assert answer.status in (200, 201), answer.said()
    problem(Own.back_end(server).api.start(contacts.address()), 502, "delivery_failed")


@pytest.mark.parametrize("name", VISITORS)
def test_what_a_visitor_got_wrong_is_said(site, name):
    """A contact that is none is no secret."""
    flow = VISITORS[name](site)
    for contact in ("no address", "+1", "", "person@example.com\r\nBcc: other@example.com"):
        assert _ask(flow, contact).status in (400, 422), contact


def test_a_secret_key_in_a_page_is_refused(site):
    """Even on a listed page."""
    own = countersign.SealedAPI(site.client("live"), None, PAGE, site.url)
    problem(own.start(contacts.address()), 403, "key_in_browser")
    stamped = turnkey.Activities(site.client(None), site.issued["organizationId"], PrivateKey())
    assert stamped.init(contacts.address()).status == 401


def test_a_workspace_without_subscription_sends_nothing_for_visitors(started):
    server = started(settings=["--subscription", "inactive"])
    for make in VISITORS.values():
        assert _ask(make(server), contacts.address()).status in (402, 403)
