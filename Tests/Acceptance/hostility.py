"""What holds around every hostile test: others are served, nothing is stored, memory stays bounded."""

import resource

import pytest
import contacts
from wire import refused


@pytest.fixture(autouse=True)
def others_are_served_and_nothing_is_stored(server):
    """Around every hostile test: no challenge more, and a stranger to the attack is answered within a second."""
    before = len(server.rows("challenge"))
    yield
    assert len(server.rows("challenge")) == before
    with server.client("test", timeout=5) as client:
        answer = client.verify(contacts.phone(), "123456")
    refused(answer, 400, "INVALID_CODE")
    assert answer.seconds < 1


def resident_bytes(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()
