"""What users of sealed passcodes are promised: one test for each sentence, which is the test's docstring.

`test_sealed_secrets.py` shows the first one at every moment of a flow, in the host's memory and in all its traffic.
"""

import json
import math
import sqlite3
import time
from contextlib import closing
from statistics import median

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
import contacts
from clients import countersign, jwt, turnkey
from clients.encodings import compact
from clients.p256 import CURVE, ORDER, PrivateKey
from commands import ROOT
from host_memory import Traffic
from inbox import BASE32
from parallel import in_parallel
from sealed import (
    FLOWS, IN_FLIGHT, SEALED_ATTEMPTS, Dialect, Own, attempts_left, code_for, pinned, problem, set_workspace,
    stamp_key, turnkey_refused)
from statistics_of_two import relative_difference, tells_apart


@pytest.fixture(params=FLOWS.values(), ids=FLOWS.keys())
def flow(server, request):
    return request.param(server)


def test_promise_2_the_application_server_can_do_nothing_with_what_it_carries(server):
    """A compromised application server can neither read the code nor use the verification token without the client's
    private key."""
    person, thief = contacts.address(), PrivateKey()
    carried = []
    dialect = Dialect.activities(server, stamp_key(server), _Overheard(server, carried))
    proven, session_key = dialect.enrol(dialect.prove(person)), PrivateKey()
    assert code_for(server, person).encode() not in b"".join(carried), "what it carried has no code"

    api, token = dialect.api, proven.token
    signed = turnkey.client_signature(proven.key, turnkey.login_message(token, session_key.public))
    by_thief = turnkey.client_signature(thief, turnkey.login_message(token, thief.public))
    for signature in (by_thief, by_thief | {"publicKey": proven.key.public.compressed.hex()}, signed,
                      signed | {"message": turnkey.login_message(token, thief.public)}):
        answer = api.submit("otp_login", {
            "verificationToken": token, "publicKey": thief.public.compressed.hex(), "clientSignature": signature})
        assert 400 <= answer.status < 500, f"the thief's key got a session: {answer.said()}"
    for publicly in (thief, proven.key):
        body = compact(api.body("stamp_login", {"publicKey": thief.public.compressed.hex()}))
        forged = turnkey.attested_stamp(thief, token, body)
        if publicly is proven.key:
            forged = _with_key(forged, proven.key.public.compressed.hex())
        answer = api.http.request("POST", "/public/v1/submit/stamp_login", body, {"X-Stamp-Attested": forged})
        assert 400 <= answer.status < 500, f"the thief's stamp got a session: {answer.said()}"
    dialect.log_in(proven, session_key)  # the token's owner still can


def test_promise_2_holds_for_our_own_api_too(server):
    """A compromised application server can neither read the code nor use the verification token without the client's
    private key."""
    own, thief = Own.back_end(server), PrivateKey()
    proven = own.prove(contacts.address())
    problem(own.api.open_session(proven.token, thief), 400, "invalid_dpop_proof")
    opened = own.log_in(proven)
    answer = own.api.show_session(opened["session_token"], thief)
    assert answer.status == 401, "a session token without its key is worth nothing"
    assert own.api.show_session(opened["session_token"], proven.key).status == 200


class _Overheard:
    """A connection through an application server that keeps what it carries."""

    def __init__(self, server, carried):
        self.client, self.carried = server.client(None), carried

    def request(self, method, path, body=None, headers=None):
        answer = self.client.request(method, path, body, headers)
        self.carried += [body if isinstance(body, bytes) else compact(body), answer.body, str(headers).encode()]
        return answer


def _with_key(stamp, key):
    parsed = json.loads(jwt.base64url_decoded(stamp)) | {"publicKey": key}
    return jwt.base64url(compact(parsed))


def test_promise_3_the_target_key_is_the_challenges_own(flow, server, tmp_path):
    """The target key is made per challenge; its private half never leaves the enclave; the client checks the enclave's
    signature against a pinned key first."""
    contact = contacts.address()
    with Traffic(server.pid, tmp_path / "traffic") as traffic:
        first, second = flow.start(contact), flow.start(contact)
        seen = traffic.seen()
    assert first.target != second.target
    assert first.target.uncompressed.hex().encode() in seen or first.bundle.encode() in seen, "the control: it is seen"
    targets = {challenge.target.uncompressed for challenge in (first, second)}
    assert not _private_halves(seen, targets), "the host read or wrote the target's private half"

    for challenge in (first, second):
        _expect_pinned(flow, challenge)
    crossed = flow.attempt(_with_target(first, second), "AAAAAAAAA")
    assert crossed.status == 400, "what is sealed to another challenge's key is refused"
    assert _token_in(crossed) is None


def _expect_pinned(flow, challenge):
    """The tests' client refuses the bundle under any other pin, and with any bit changed."""
    stranger = PrivateKey().public.uncompressed.hex()
    if isinstance(flow, Dialect):
        with pytest.raises(turnkey.BundleRefused):
            turnkey.checked_target(challenge.bundle, stranger)
        parsed = json.loads(challenge.bundle)
        swapped = parsed["data"].replace(challenge.target.uncompressed.hex().encode().hex(),
                                         stranger.encode().hex())
        assert swapped != parsed["data"]
        with pytest.raises(turnkey.BundleRefused):
            turnkey.checked_target(json.dumps(parsed | {"data": swapped}), pinned(flow.server))
    else:
        with pytest.raises(jwt.TokenRefused):
            countersign.checked_target(challenge.bundle, stranger, challenge.id)
        with pytest.raises(countersign.TargetRefused):
            countersign.checked_target(challenge.bundle, pinned(flow.server), "another")


def _with_target(challenge, other):
    return type(challenge)(challenge.id, other.target, challenge.contact, challenge.bundle)


def _token_in(answer):
    return answer.json.get("verification_token") if answer.status == 200 else None


def _private_halves(data, targets):
    """Whether any 32 bytes of `data`, plain or in hexadecimal, are the private half of one of the points."""
    candidates = {data[offset:offset + 32] for offset in range(len(data) - 31)}
    for word in data.split(b'"'):
        try:
            plain = bytes.fromhex(word.decode())
        except ValueError:
            continue
        candidates |= {plain[offset:offset + 32] for offset in range(len(plain) - 31)}
    found = []
    for candidate in candidates:
        scalar = int.from_bytes(candidate, "big")
        if 0 < scalar < ORDER and PrivateKey(scalar).public.uncompressed in targets:
            found.append(scalar)
    return found


def test_the_search_for_private_halves_finds_one():
    """The control of the search above: at any offset, plain and in hexadecimal."""
    scalar = ec.generate_private_key(CURVE).private_numbers().private_value
    key, text = PrivateKey(scalar), scalar.to_bytes(32, "big")
    for data in (b"..." + text + b"...", b'{"key":"00' + text.hex().encode() + b'"}'):
        assert _private_halves(data, {key.public.uncompressed}) == [scalar]
    assert not _private_halves(b"..." + text, {PrivateKey().public.uncompressed})


def test_promise_4_a_login_needs_the_tokens_key(server):
    """The verification token is signed by the enclave and bound to the client's public key; login needs a signature by
    that key, not by the session key."""
    dialect, session_key = Dialect.activities(server, stamp_key(server)), PrivateKey()
    proven = dialect.enrol(dialect.prove(contacts.address()))
    claims = turnkey.verification_claims(proven.token, pinned(server))
    assert claims["public_key"] == proven.key.public.compressed.hex()
    with pytest.raises(jwt.TokenRefused):
        turnkey.verification_claims(proven.token, server.issued["enclave"]["notaryKey"])
    assert dialect.api.log_in(proven.token, session_key, session_key.public).status in (400, 401, 403)
    assert dialect.api.log_in_by_stamp(proven.token, session_key, session_key.public).status in (400, 401, 403)
    dialect.log_in(proven, session_key)


def test_promise_5_three_guesses_and_no_more(flow):
    """Brute force is limited inside the enclave (attempts are counted before the comparison, the comparison is
    constant-time); codes in flight are limited."""
    contact = contacts.address()
    challenge = flow.start(contact)
    code = code_for(flow.server, contact)
    left = [attempts_left(_refused(flow.attempt(challenge, contacts.wrong(code)))) for _ in range(SEALED_ATTEMPTS)]
    assert left == [2, 1, 0], "every counted attempt says how many are left"
    assert flow.attempt(challenge, code).status in (400, 429), "the fourth attempt is refused, though the code is right"
    for _ in range(IN_FLIGHT):
        flow.start(contact)  # a locked code is not in flight
    _expect_too_many(flow, contact)


def _refused(answer):
    assert answer.status == 400, answer.said()
    return answer


def _expect_too_many(flow, contact):
    answer = flow.api.init(contact) if isinstance(flow, Dialect) else flow.api.start(contact)
    if isinstance(flow, Dialect):
        turnkey_refused(answer, 400, 3, "Max number of OTPs have been initiated please wait and try again",
                        "MAX_OTP_INITIATED")
    else:
        problem(answer, 429, "too_many_in_flight")


def test_promise_5_parallel_guesses_are_no_more(server):
    """Brute force is limited inside the enclave (attempts are counted before the comparison, the comparison is
    constant-time); codes in flight are limited."""
    own, contact = Own.back_end(server), contacts.address()
    challenge = own.start(contact)
    code = code_for(server, contact)
    guesses = [countersign.sealed(challenge.target, contacts.wrong(code), PrivateKey().public) for _ in range(20)]
    answers = in_parallel(server, "live", 20, lambda client, number: countersign.SealedAPI(client).attempt(
        challenge.id, guesses[number]))
    counted = [answer.json["attempts_remaining"] for answer in answers if answer.code == "invalid_code"]
    assert sorted(counted) == [0, 1, 2], f"{len(counted)} guesses were compared"
    assert {answer.code for answer in answers} == {"invalid_code", "too_many_attempts"}
    assert own.attempt(challenge, code).status != 200


def test_promise_5_a_host_that_forgets_gives_no_guess_more(server):
    """Brute force is limited inside the enclave (attempts are counted before the comparison, the comparison is
    constant-time); codes in flight are limited.

    Here the host's own count is rolled back in its database after every attempt. Two wrong ones later the right code
    still verifies, three wrong ones later it does not: the enclave counts too.
    """
    own = Own.back_end(server)
    for wrong in (SEALED_ATTEMPTS - 1, SEALED_ATTEMPTS):
        contact = contacts.address()
        challenge = own.start(contact)
        code = code_for(server, contact)
        before = _memory_of(server, challenge)
        for _ in range(wrong):
            problem(own.attempt(challenge, contacts.wrong(code)), 400, "invalid_code")
            _roll_back(server, challenge, before)
        assert (own.attempt(challenge, code).status == 200) == (wrong < SEALED_ATTEMPTS)


def _memory_of(server, challenge):
    """The host's rows about a challenge, as they are now."""
    return [row for row in server.rows("challenge") if row.get("id") == challenge.id]


def _roll_back(server, challenge, rows):
    assert rows, "the challenge has a row"
    with closing(sqlite3.connect(server.databases()[0], timeout=10, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        database.execute("DELETE FROM attempt_count WHERE subject LIKE ?", (f"%{challenge.id}%",))
        for table in [name for (name,) in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%challenge%'")]:
            columns = [column[1] for column in database.execute(f'PRAGMA table_info("{table}")')]
            for row in rows:
                if set(columns) == set(row):
                    values = ", ".join("?" for _ in columns)
                    database.execute(f'INSERT OR REPLACE INTO "{table}" VALUES ({values})',
                                     [row[column] for column in columns])
        database.execute("COMMIT")


def test_promise_5_a_code_that_is_nearly_right_takes_no_longer(started):
    """Brute force is limited inside the enclave (attempts are counted before the comparison, the comparison is
    constant-time); codes in flight are limited.

    Codes wrong in their first place and codes wrong in their last: a difference counts if two rounds show it.
    """
    server = started()
    if _a_round_tells_apart(server):
        assert not _a_round_tells_apart(server), "the time tells how much of a code is right"


def _a_round_tells_apart(server, rounds=200):
    times = {"first": [], "last": []}
    own = Own.back_end(server, "test")
    for number in range(rounds * 2):
        place = ("first", "last")[number % 2]
        challenge, code = own.simulated(contacts.address())
        guess = contacts.wrong(code) if place == "last" else contacts.wrong(code[::-1])[::-1]
        times[place].append(own.attempt(challenge, guess).seconds)
    print(f"wrong in the first place: {median(times['first']):.6f} s, in the last: {median(times['last']):.6f} s")
    return tells_apart(times["first"], times["last"]) and relative_difference(times["first"], times["last"]) > 0.02


def test_promise_6_codes_that_people_guess_first_are_never_issued(started):
    """Weak codes (one repeated digit, a straight run) are never issued; the loss of entropy is accounted for in the
    docs.

    `CodeGeneratorTests` feeds the generator the bytes that would make each of them; here the real one draws.
    """
    server = started()
    set_workspace(server, sealed_code_length=6, sealed_code_alphabet="digits")
    own = Own.back_end(server, "test")
    drawn = {own.simulated(contacts.address())[1] for _ in range(1500)}
    assert all(len(code) == 6 and code.isdigit() for code in drawn)
    assert len(drawn) > 1490, "they are random"
    assert not drawn & _weak("0123456789", 6)

    documented = (ROOT / "docs/security-model.md").read_text()
    for alphabet, length in (("0123456789", 6), (_base32(), 9)):
        remaining = len(alphabet) ** length - len(_weak(alphabet, length))
        assert f"{remaining:,}" in documented, f"the docs account for {length} characters of {len(alphabet)}"
        assert f"{math.log2(remaining):.2f}" in documented


def _weak(alphabet, length):
    """One repeated character, and runs up and down, around the alphabet's end."""
    count = len(alphabet)
    return {"".join(alphabet[(start + step * place) % count] for place in range(length))
            for start in range(count) for step in (-1, 0, 1)}


def _base32():
    return "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_a_code_is_as_long_as_promised(server):
    """Nine characters of Crockford's Base32, unless somebody says otherwise; either case, and I, L, O as 1, 1, 0."""
    contact, key = contacts.address(), PrivateKey()
    dialect = Dialect.activities(server, stamp_key(server))
    challenge = dialect.start(contact)
    code = code_for(server, contact, 9, BASE32)
    typed = code.lower().replace("1", "l").replace("0", "o")
    dialect.verified(dialect.attempt(challenge, typed, key), key)
    assert time.time() * 1000 < int(_expiry(challenge)) <= time.time() * 1000 + 300_000


def _expiry(challenge):
    return json.loads(bytes.fromhex(json.loads(challenge.bundle)["data"]))["expiresAtMs"]
