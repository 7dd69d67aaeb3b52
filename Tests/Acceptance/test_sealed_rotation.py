"""Rotation of the keys that clients pin: whoever pinned an old one follows, and nobody else's word counts."""

import pytest
import contacts
from clients import countersign, jwt, turnkey
from clients.p256 import PrivateKey, PublicKey
from sealed import Dialect, Own, activities, code_for


def _document(server):
    with server.client(None) as client:
        answer = client.get("/.well-known/countersign")
    assert answer.status == 200, answer.said()
    return answer.json


def _points(document, name):
    """Current and next, of a purpose that clients pin."""
    keys = document["signer_keys"][name]
    for key in keys.values():
        assert PublicKey(bytes.fromhex(key["point"])).thumbprint == key["kid"]
    return keys["current"]["point"], keys["next"]["point"]


def _followed(pinned, document):
    """The newest key that a client believes who pinned `pinned`: each endorsement checked with the key before."""
    for statement in document["endorsements"]:
        if jwt.header(statement)["kid"] != PublicKey(bytes.fromhex(pinned)).thumbprint:
            continue
        claims = jwt.verified(statement, PublicKey(bytes.fromhex(pinned)), kind="key-endorsement+jwt")
        assert PublicKey.from_jwk(claims["previous"]["jwk"]) == PublicKey(bytes.fromhex(pinned))
        pinned = PublicKey.from_jwk(claims["next"]["jwk"]).uncompressed.hex()
    return pinned


def _rotate(server):
    """The keys that clients pin, which rotate only when somebody says so; and again so soon only by force."""
    done = server.command("key", "rotate", "--pinned", "--force")
    assert done.status == 0, done.errors


def test_the_document_has_the_keys_that_init_printed(server):
    document = _document(server)
    assert _points(document, "enclave")[0] == server.issued["enclave"]["signingKey"]
    assert _points(document, "notary")[0] == server.issued["enclave"]["notaryKey"]
    assert document["endorsements"] == []


def test_an_ordinary_rotation_leaves_what_clients_pin(started):
    server = started()
    before = _document(server)
    assert server.command("key", "rotate").status == 0
    assert _document(server)["signer_keys"] == before["signer_keys"]


def test_a_second_rotation_in_a_row_is_refused(started):
    """It would retire the key that was announced a moment ago; who must, says so."""
    server = started()
    first = server.json("key", "rotate", "--pinned")
    assert any("pin the old keys" in warning for warning in first["warnings"])
    document = _document(server)
    refused = server.command("key", "rotate", "--pinned")
    assert refused.status == 1 and "--force" in refused.errors and "[rotated_recently]" in refused.errors
    assert _document(server)["signer_keys"] == document["signer_keys"]
    _rotate(server)
    assert _document(server)["signer_keys"] != document["signer_keys"]


@pytest.mark.parametrize("purpose", ["enclave", "notary"])
def test_a_client_follows_from_the_first_key_to_the_third(started, purpose):
    """Each step is signed by the key before it; the next one was announced before it signed; a restart loses none."""
    server = started()
    first, announced = _points(_document(server), purpose)
    for _ in range(2):
        _rotate(server)
        current, upcoming = _points(_document(server), purpose)
        assert current == announced, "what signs now was named before"
        announced = upcoming
    assert server.stop() == 0
    server.start()
    document = _document(server)
    assert _followed(first, document) == _points(document, purpose)[0] == current
    stranger = PrivateKey().public.uncompressed.hex()
    assert _followed(stranger, document) == stranger, "whoever pinned another key is led nowhere"
    for statement in document["endorsements"]:
        with pytest.raises(jwt.TokenRefused):
            jwt.verified(statement, PublicKey(bytes.fromhex(stranger)), kind="key-endorsement+jwt")


def test_what_was_under_way_goes_on_after_a_rotation(started):
    """A code sealed to a target that the old key signed, and a token that it signed, in both flows."""
    server = started()
    old = server.issued["enclave"]["signingKey"]
    for make in (activities, Own.back_end):
        flow, contact, key = make(server), contacts.address(), PrivateKey()
        waiting = flow.start(contact)
        proven = flow.prove(contacts.address())
        _rotate(server)
        document = _document(server)
        server.issued["enclave"] = {"signingKey": _followed(server.issued["enclave"]["signingKey"], document),
                                    "notaryKey": _followed(server.issued["enclave"]["notaryKey"], document)}
        flow.log_in(proven)
        flow.log_in(flow.verified(flow.attempt(waiting, code_for(server, contact), key), key))
        flow.start(contacts.address())  # checked against the new pin
        with pytest.raises((turnkey.BundleRefused, countersign.TargetRefused, jwt.TokenRefused)):
            server.issued["enclave"]["signingKey"], new = old, server.issued["enclave"]["signingKey"]
            try:
                flow.start(contacts.address())
            finally:
                server.issued["enclave"]["signingKey"] = new


def test_a_token_of_a_retired_key_is_still_known(started):
    """For as long as it may live: in the dialect tokens have no key identifier."""
    server = started()
    dialect = activities(server)
    proven = dialect.prove(contacts.address())
    signer = server.issued["enclave"]["signingKey"]
    for _ in range(2):
        _rotate(server)
    proxy = Dialect.proxy(server)
    assert turnkey.verification_claims(proven.token, signer)
    answer = proxy.api.sign_up(proven.token, proven.key)
    assert answer.status == 200, answer.said()
