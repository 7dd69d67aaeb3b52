"""Clients of the sealed flows, written from their descriptions with `cryptography` alone, as anybody's would be."""
