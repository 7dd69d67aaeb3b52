"""How a secret could stand somewhere else than it was given."""

from __future__ import annotations

import base64


def forms(secret: str) -> dict[str, bytes]:
    """How a text could stand in memory or in a file: as it is, in wider characters, in hex, in base64 at any offset."""
    plain = secret.encode()
    found = {"UTF-8": plain, "UTF-16": secret.encode("utf-16-le"), "UTF-32": secret.encode("utf-32-le"),
             "hex": plain.hex().encode(), "HEX": plain.hex().upper().encode()}
    if secret.lower() != secret:
        found["lower case"] = secret.lower().encode()
    for offset in range(3):
        # Only the characters that no neighbouring byte has a share in.
        encoded = base64.b64encode(b"\0" * offset + plain).rstrip(b"=")
        first = -(-offset * 8 // 6)
        last = (offset + len(plain)) * 8 // 6
        found[f"base64 at {offset}"] = encoded[first:last]
        found[f"base64url at {offset}"] = encoded[first:last].translate(bytes.maketrans(b"+/", b"-_"))
    return found
