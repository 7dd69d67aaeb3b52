"""Contacts that no other test has used: numbers that can exist, and addresses in reserved domains."""

import itertools
import random
import threading

_lock = threading.Lock()
_next = itertools.count(random.randrange(0, 40_000))


def _number() -> int:
    with _lock:
        return next(_next)


def phone() -> str:
    """A mobile number in India's series 98765, which libphonenumber takes for one that can exist."""
    return f"+9198765{_number() % 100_000:05d}"


def phones(count: int) -> list[str]:
    return [phone() for _ in range(count)]


def address(domain: str = "example.com") -> str:
    return f"person-{_number()}@{domain}"


def wrong(code: str) -> str:
    """A code of the same shape that differs in its last place."""
    last = "2" if code[-1] != "2" else "3"
    return code[:-1] + last


PREMIUM = ["+19002345678", "+449012345678", "+449091234567", "+499001234567", "+33891234567"]
"""Premium-rate numbers of the United States, Britain, Germany and France."""

IMPOSSIBLE = ["+4490912345678", "+12125550", "+4912", "+99912345678", "+11234567890", "+1555", "+1242700123"]
"""Well-formed, but no network can have them."""

NOT_E164 = [
    "919876543210",
    "+91 98765 43210",
    "+91-98765-43210",
    "+91(98765)43210",
    "0091987654321",
    "+0919876543210",
    "+",
    "++919876543210",
    "+9198765432101234",
    "+91987654321O",
    "+91987654321\u0660",
    "\uff0b919876543210",
    "+919876543210;ext=1",
    "tel:+919876543210",
]
"""Shapes that E.164 does not know: no plus, spaces, letters, other digits, too long."""

NOT_EMAIL = ["@example.com", "person@", "person@@example.com", "per son@example.com", "person@exa mple.com",
             "person@example.com\r\nBcc: other@example.com", "person@-example.com", "person@example..com",
             "person@" + "a" * 250 + ".com", "<person@example.com>", "person@example.com, other@example.com"]
