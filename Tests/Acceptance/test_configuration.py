"""Settings: an unknown or wrong one stops the start with file, line and what is allowed."""

import pytest
from server import StartFailure

WRONG_IN_HOST = {
    "an unknown setting": ("# a comment\n\nno_such_setting: 1\n", 3, ["identity_tokens"]),
    "a setting that looks like another": ("identity_token:\n  algorithm: RS256\n", 1, ["identity_tokens"]),
    "an unknown setting inside another": ("identity_tokens:\n  algoritm: ES256\n", 2, ["algorithm"]),
    "a value that is not allowed": ("identity_tokens:\n  algorithm: HS256\n", 2, ["RS256", "ES256"]),
    "no algorithm at all": ("identity_tokens:\n  algorithm: none\n", 2, ["RS256", "ES256"]),
    "a key that is too short": ("identity_tokens:\n  rsa_bits: 1024\n", 2, ["2048", "3072"]),
    "a number that is none": ("identity_tokens:\n  rsa_bits: many\n", 2, ["2048", "3072"]),
    "a list where a value belongs": ("identity_tokens:\n  algorithm: [RS256]\n", 2, ["RS256"]),
    "a value where settings belong": ("identity_tokens: RS256\n", 1, []),
    "a setting twice": ("identity_tokens:\n  algorithm: ES256\n  algorithm: RS256\n", 3, ["algorithm"]),
    "broken YAML": ("identity_tokens:\n  algorithm: \"ES256\n", None, []),
    "an issuer that is no URL": ("issuer: not a url\n", 1, ["http"]),
}

WRONG_IN_ENCLAVE = {
    "an unknown setting": ("# a comment\nno_such_setting: 1\n", 2),
    "a value where settings belong": ("smtp: 587\n", 1),
    "broken YAML": ("[\n", None),
}


@pytest.mark.parametrize("name", WRONG_IN_HOST)
def test_a_wrong_host_setting_stops_the_start(folder, name):
    """`countersign.yaml`: the message has file, line and what is allowed, and nothing is created."""
    text, line, allowed = WRONG_IN_HOST[name]
    _expect_refusal(folder(), "countersign.yaml", text, line, allowed)


@pytest.mark.parametrize("name", WRONG_IN_ENCLAVE)
def test_a_wrong_enclave_setting_stops_the_start(folder, name):
    """`enclave.yaml`, which only the enclave reads: its complaint reaches the person who starts the host."""
    text, line = WRONG_IN_ENCLAVE[name]
    _expect_refusal(folder(), "enclave.yaml", text, line, [])


def _expect_refusal(server, file, text, line, allowed):
    server.data.mkdir(mode=0o700)
    (server.data / file).write_text(text)
    (server.data / file).chmod(0o600)
    with pytest.raises(StartFailure) as failure:
        server.start()
    said = str(failure.value)
    place = f"{file}:{line}" if line is not None else f"{file}:"
    assert place in said, f"no {place} in: {said}"
    for value in allowed:
        assert value in said, f"it does not say that {value} is allowed: {said}"


def test_a_wrong_setting_leaves_a_running_folder_as_it_was(folder):
    """Put right again, the same folder starts with the same keys."""
    server = folder()
    issued = server.init()
    (server.data / "countersign.yaml").write_text("no_such_setting: 1\n")
    with pytest.raises(StartFailure):
        server.start()
    (server.data / "countersign.yaml").write_text("# nothing\n")
    server.start()
    with server.client("operator") as client:
        assert client.get("/v1/workspace").status == 200
    assert server.issued == issued
