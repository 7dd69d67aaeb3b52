"""Identity tokens and key sets: checked by libraries that know nothing of us, through rotations."""

import hashlib
import time
from base64 import urlsafe_b64decode

import jwt
import pytest
import contacts
from server import new_server
from tokens import JoseProcess, check, header, thumbprint, unverified
from wire import dispatched, verified

ISSUER = "https://id.example.com"


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    """A server whose issuer is a public name, as in production."""
    server = new_server(tmp_path_factory.mktemp("public"), configuration=f"issuer: {ISSUER}\n")
    yield server
    server.end()


@pytest.fixture
def jose():
    running = []

    def start(server, path="/.well-known/jwks.json", refetch=False):
        running.append(JoseProcess(server.url + path, server.issued["issuer"], server.issued["workspace"], refetch))
        return running[-1]

    yield start
    for process in running:
        process.end()


def new_token(server, kind="live", to=None, **fields):
    to = to or contacts.phone()
    with server.client(kind) as client:
        code = dispatched(client.send(to, **fields)).get("code") or server.inbox.code(to)
        return verified(client.verify(to, code))


def key_set(server, path="/.well-known/jwks.json"):
    with server.client(None) as client:
        answer = client.get(path)
    assert answer.status == 200
    return answer


def pyjwt(server, token, path="/.well-known/jwks.json", algorithm="RS256"):
    return check(token, server.url + path, server.issued["issuer"], server.issued["workspace"], algorithm)


@pytest.mark.parametrize("kind", ["live", "test"])
def test_pyjwt_and_jose_accept_a_token(server, jose, kind):
    token = new_token(server, kind)
    claims = pyjwt(server, token)
    assert jose(server).verify(token)["claims"] == claims


def test_the_claims_of_a_number(server):
    """All documented claims, and none besides."""
    to, before = contacts.phone(), int(time.time())
    claims = unverified(new_token(server, to=to))
    assert set(claims) == {"iss", "aud", "sub", "phone", "iat", "nbf", "exp", "jti", "amr", "acr"}
    assert claims["iss"] == server.issued["issuer"] and claims["aud"] == server.issued["workspace"]
    assert claims["phone"] == to
    assert claims["exp"] - claims["iat"] == 60 and claims["nbf"] <= claims["iat"]
    assert before - 1 <= claims["iat"] <= time.time() + 1


def test_the_claims_of_an_address(server):
    to = contacts.address()
    claims = unverified(new_token(server, to=to))
    assert claims["email"] == to and "phone" not in claims


def test_a_test_keys_token_says_so(server):
    """And a live one does not have the claim at all."""
    assert unverified(new_token(server, "test"))["test"] is True
    assert "test" not in unverified(new_token(server, "live"))


@pytest.mark.parametrize("fields, amr, acr", [
    ({"channel": "sms"}, ["otp", "sms"], "urn:countersign:acr:telephone"),
    ({"channel": "voice"}, ["otp", "tel"], "urn:countersign:acr:telephone"),
    ({"channel": "whatsapp"}, ["otp", "whatsapp"], "urn:countersign:acr:messenger"),
    ({"channel": "email"}, ["otp", "email"], "urn:countersign:acr:email"),
])
def test_a_token_says_honestly_how_the_contact_was_reached(server, fields, amr, acr):
    to = contacts.address() if fields["channel"] == "email" else None
    claims = unverified(new_token(server, to=to, **fields))
    assert (claims["amr"], claims["acr"]) == (amr, acr)


def test_the_subject_is_stable_and_says_nothing(started):
    """The same contact has one subject in a workspace, another elsewhere, and it is not made from the number alone."""
    server = started(settings=["--cooldown-seconds", "1"])
    other = started()
    to = contacts.phone()
    first = unverified(new_token(server, "test", to))
    time.sleep(1.1)
    second = unverified(new_token(server, "test", to))
    assert first["sub"] == second["sub"] and first["jti"] != second["jti"]
    assert unverified(new_token(server, "test"))["sub"] != first["sub"]
    assert unverified(new_token(other, "test", to))["sub"] != first["sub"]
    assert to[1:] not in first["sub"] and hashlib.sha256(to.encode()).hexdigest() not in first["sub"]


def test_the_header_is_as_narrow_as_rfc_8725_asks(server):
    """`alg`, `kid` and an explicit `typ`; nothing that points a verifier to another key."""
    assert set(header(new_token(server))) == {"alg", "kid", "typ"}
    assert header(new_token(server))["alg"] == "RS256"
    assert header(new_token(server))["typ"] == "identity+jwt"


def test_every_key_is_named_by_its_thumbprint(server):
    """RFC 7638, computed here from the published key. Identity tokens have RSA keys, sealed passcodes' tokens P-256."""
    keys = key_set(server).json["keys"]
    for kind in (("RSA", "RS256"), ("EC", "ES256")):
        assert sum((key["kty"], key["alg"]) == kind for key in keys) >= 3, "what signs, the next one, and the test key"
    for key in keys:
        assert key["kid"] == thumbprint(key)
        assert key["use"] == "sig" and (key["kty"], key["alg"]) in (("RSA", "RS256"), ("EC", "ES256"))
        assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & set(key), "public halves only"
    assert len({key["kid"] for key in keys}) == len(keys)


def test_the_key_set_may_be_cached_for_a_fitting_time(server):
    """Long enough to spare requests, short enough that a rotation is seen: 1 minute to 1 day."""
    answer = key_set(server)
    assert answer.headers["Content-Type"].split(";")[0] in ("application/json", "application/jwk-set+json")
    directives = dict((part.strip().partition("=")[::2]) for part in answer.headers["Cache-Control"].split(","))
    assert "public" in directives and 60 <= int(directives["max-age"]) <= 86_400


def test_the_metadata_names_issuer_and_key_set(server, public):
    """RFC 8414 §2."""
    with server.client(None) as client:
        answer = client.get("/.well-known/oauth-authorization-server")
    assert answer.status == 200 and answer.headers["Content-Type"].startswith("application/json")
    assert answer.json["issuer"] == server.issued["issuer"]
    assert answer.json["jwks_uri"] == server.url + "/.well-known/jwks.json", "where no issuer is set: the listener"
    with public.client(None) as client:
        metadata = client.get("/.well-known/oauth-authorization-server").json
    assert metadata["issuer"] == ISSUER and metadata["jwks_uri"] == f"{ISSUER}/.well-known/jwks.json"


def test_a_changed_token_is_refused(server, jose):
    """The signature covers header and claims."""
    token = new_token(server)
    first, second, signature = token.split(".")
    process = jose(server)
    for changed in (f"{first}.{second[:-2] + ('AA' if second[-2:] != 'AA' else 'BB')}.{signature}",
                    f"{first}.{second}.{signature[:-8]}{'A' * 8}"):
        assert "error" in process.verify(changed)
        with pytest.raises(jwt.InvalidTokenError):
            pyjwt(server, changed)


def test_a_token_is_refused_by_its_verifier_after_sixty_seconds(server):
    """`exp` is honoured by a standard library: 59 seconds on it is valid, 61 seconds on it is not."""
    token = new_token(server)
    key = jwt.PyJWKClient(server.url + "/.well-known/jwks.json").get_signing_key_from_jwt(token).key
    settings = {
        "algorithms": ["RS256"], "audience": server.issued["workspace"], "issuer": server.issued["issuer"],
        "options": {"verify_iat": False, "verify_nbf": False}}
    jwt.decode(token, key, leeway=-55, **settings)
    with pytest.raises(jwt.ExpiredSignatureError):
        jwt.decode(token, key, leeway=-61, **settings)


def test_a_rotation_is_seamless_for_a_verifier_that_never_fetches_again(started, jose):
    """The next key was published before it signs; the old one stays while its tokens live."""
    server = started()
    process = jose(server, refetch=False)
    published = {key["kid"] for key in key_set(server).json["keys"]}
    old = new_token(server)
    assert "claims" in process.verify(old)
    rotated = server.command("key", "rotate")
    assert rotated.status == 0, rotated.errors
    new = new_token(server)
    assert header(new)["kid"] != header(old)["kid"]
    assert header(new)["kid"] in published
    assert "claims" in process.verify(new), "the new token verifies with the key set fetched before the rotation"
    pyjwt(server, old)
    pyjwt(server, new)
    after = {key["kid"] for key in key_set(server).json["keys"]}
    assert {header(old)["kid"], header(new)["kid"]} <= after
    assert after - published, "and a next key is published again"


def test_after_two_rotations_every_living_token_still_verifies(started, jose):
    server = started()
    process = jose(server, refetch=True)
    tokens = [new_token(server)]
    for _ in range(2):
        assert server.command("key", "rotate").status == 0
        tokens.append(new_token(server))
    assert len({header(token)["kid"] for token in tokens}) == 3
    for token in tokens:
        assert "claims" in process.verify(token)
        pyjwt(server, token)


def test_a_rotation_survives_restart_and_crash(started):
    server = started()
    assert server.command("key", "rotate").status == 0
    token = new_token(server)
    server.kill()
    server.start()
    pyjwt(server, token)
    assert header(new_token(server))["kid"] == header(token)["kid"]


def test_live_and_test_tokens_have_keys_of_their_own(server):
    assert header(new_token(server, "live"))["kid"] != header(new_token(server, "test"))["kid"]


def test_with_a_public_issuer_a_test_token_proves_nothing(public, jose):
    """The test key is missing from the key set that production trusts, and has an address of its own."""
    assert public.issued["issuer"] == ISSUER
    test_token, live_token = new_token(public, "test"), new_token(public, "live")
    process = jose(public)
    assert process.verify(test_token)["error"] == "ERR_JWKS_NO_MATCHING_KEY"
    assert "claims" in process.verify(live_token)
    assert "claims" in jose(public, "/.well-known/jwks-test.json").verify(test_token)
    assert jose(public, "/.well-known/jwks-test.json").verify(live_token)["error"] == "ERR_JWKS_NO_MATCHING_KEY"


def test_publishing_the_test_key_is_a_setting(started, jose):
    server = started(configuration=f"issuer: {ISSUER}\nidentity_tokens:\n  publish_test_key: always\n")
    assert "claims" in jose(server).verify(new_token(server, "test"))


def test_es256_by_setting(started, jose):
    """ES256 for whoever wants 128 bits of security; the key is a P-256 key named by its thumbprint."""
    server = started(configuration="identity_tokens:\n  algorithm: ES256\n")
    token = new_token(server)
    assert header(token)["alg"] == "ES256"
    pyjwt(server, token, algorithm="ES256")
    assert "claims" in jose(server).verify(token)
    for key in key_set(server).json["keys"]:
        assert (key["kty"], key["crv"], key["alg"]) == ("EC", "P-256", "ES256")
        assert key["kid"] == thumbprint(key)


@pytest.mark.parametrize("bits", [2048, 3072])
def test_the_size_of_rsa_keys_is_a_setting(started, bits):
    configuration = "# the default\n" if bits == 2048 else "identity_tokens:\n  rsa_bits: 3072\n"
    server = started(configuration=configuration)
    pyjwt(server, new_token(server))
    keys = [key for key in key_set(server).json["keys"] if key["kty"] == "RSA"]
    assert len(keys) >= 3
    for key in keys:
        assert len(urlsafe_b64decode(key["n"] + "==")) * 8 == bits
        assert key["e"] == "AQAB"
