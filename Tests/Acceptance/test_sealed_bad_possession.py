"""DPoP proofs that do not count (RFC 9449): each is refused and leaves no trace."""

import pytest
import contacts
from clients import countersign, jwt
from clients.encodings import base64url, compact
from clients.p256 import PrivateKey
from raw_http import RawConnection, request_bytes
from sealed import Own, problem


@pytest.fixture(scope="module")
def own(server):
    return Own.back_end(server)


@pytest.fixture(scope="module")
def unused(own):
    """A token that no test uses up."""
    return own.prove(contacts.address())


@pytest.fixture(scope="module")
def session(own):
    """A key and the token of its session."""
    proven = own.prove(contacts.address())
    return proven.key, own.log_in(proven)["session_token"]


def _proofs(key, method, url, token):
    """Headers that are no proof, each made of a good one."""
    good = countersign.proof(key, method, url, token)
    head, payload, signature = good.split(".")
    header, claims, other = jwt.header(good), jwt.claims(good), PrivateKey()

    def signed(by=key, without="", **changes):
        return jwt.sign(by, header, {name: value for name, value in (claims | changes).items() if name != without})

    def headed(by=key, **changes):
        return jwt.sign(by, header | changes, claims)

    unsigned = base64url(compact(header | {"alg": "none"}))
    shifted = base64url(compact(claims | {"iat": claims["iat"] + 1}))
    mine = key.public.jwk
    found = {
        "empty": "", "no token": "x", "two parts": f"{head}.{payload}", "truncated": good[:-4],
        "alg none": f"{unsigned}.{payload}.", "claims changed": f"{head}.{shifted}.{signature}",
        "signature in DER": f"{head}.{payload}.{base64url(key.sign_der(f'{head}.{payload}'.encode()))}",
        "another type": headed(typ="JWT"), "alg RS256": headed(alg="RS256"), "crit": headed(crit=["x"], x=1),
        "no key": headed(jwk=None), "another's signature": headed(by=other),
        "another's key": headed(by=other, jwk=other.public.jwk),
        "a key off the curve": headed(jwk=mine | {"y": mine["x"]}),
        "a key of another curve": headed(jwk=mine | {"crv": "P-384"}), "a time that is no number": signed(iat="now"),
        "a time long ago": signed(iat=0), "a time far away": signed(iat=2 ** 62), "an empty name": signed(jti=""),
        "a very long name": signed(jti="x" * 200), "very long": signed(x="x" * 5000),
    }
    return found | {f"no {name}": signed(without=name) for name in claims}


@pytest.mark.parametrize("fault", _proofs(PrivateKey(), "GET", "x", "x"))
def test_a_proof_that_is_none(server, own, session, leaves_no_trace, fault):
    key, token = session
    bad = _proofs(key, "GET", server.url + "/v1/sessions/me", token)[fault]
    leaves_no_trace += [bad, bad.split(".")[-1], token]
    answer = own.api.request("GET", "/v1/sessions/me", None, {"Authorization": f"DPoP {token}", "DPoP": bad})
    problem(answer, 401, "invalid_dpop_proof")
    assert own.api.show_session(token, key).status == 200


@pytest.mark.parametrize("fault", _proofs(PrivateKey(), "POST", "x", None))
def test_a_proof_at_login_that_is_none(server, own, unused, leaves_no_trace, fault):
    bad = _proofs(unused.key, "POST", server.url + "/v1/sessions", None)[fault]
    leaves_no_trace += [bad, bad.split(".")[-1], unused.token]
    answer = own.api.request("POST", "/v1/sessions", {"verification_token": unused.token}, {"DPoP": bad})
    problem(answer, 400, "invalid_dpop_proof")


def test_two_proofs_are_none(server, session):
    key, token = session
    made = [countersign.proof(key, "GET", server.url + "/v1/sessions/me", token) for _ in range(2)]
    with RawConnection(server.port) as connection:
        connection.write(request_bytes("GET", "/v1/sessions/me", headers=[
            f"Authorization: DPoP {token}", f"DPoP: {made[0]}", f"DPoP: {made[1]}"]))
        problem(connection.answer(), 401, "invalid_dpop_proof")


