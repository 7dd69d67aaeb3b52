"""Certificates of a test's own: an authority, and what it vouches for."""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from known_secrets import known


@dataclass(frozen=True)
class Pair:
    """PEM files of a certificate and its key."""

    certificate: Path
    key: Path

    @property
    def options(self) -> list[str]:
        """Of `serve`."""
        return ["--tls-certificate", str(self.certificate), "--tls-key", str(self.key)]

    @property
    def serial(self) -> int:
        return x509.load_pem_x509_certificate(self.certificate.read_bytes()).serial_number


class Authority:
    def __init__(self, folder: Path, name: str = "authority", above: Authority | None = None) -> None:
        """`above` is the authority that vouches for this one: nobody, for a root."""
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = (above or self)._builder(self.name, self.key, days=365).add_extension(
            x509.BasicConstraints(ca=True, path_length=0 if above else 1), critical=True,
        ).sign((above or self).key, hashes.SHA256())
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        self.chain = self.file.read_bytes() + above.chain if above else b""
        """What a server shows behind its certificate."""

    def issue(
        self, name: str, days: int = 90, client: bool = False, into: str | None = None, age: int = 2,
        algorithm: str = "ECDSA",
    ) -> Pair:
        """A certificate for 127.0.0.1 and localhost, or for a client. `days` may be negative: it has expired then. It is
        `age` days old. `into` names the files, where they replace others."""
        key = rsa.generate_private_key(65537, 2048) if algorithm == "RSA" else ec.generate_private_key(ec.SECP256R1())
        usage = ExtendedKeyUsageOID.CLIENT_AUTH if client else ExtendedKeyUsageOID.SERVER_AUTH
        certificate = self._builder(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), key, days, age
        ).add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        ).add_extension(x509.ExtendedKeyUsage([usage]), critical=False).sign(self.key, hashes.SHA256())
        pair = Pair(self.folder / f"{into or name}.pem", self.folder / f"{into or name}.key")
        text = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        known.add(*text.decode().splitlines()[1:-1])
        self._replace(pair.key, text)
        self._replace(pair.certificate, certificate.public_bytes(serialization.Encoding.PEM) + self.chain)
        return pair

    def _builder(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, days: int, age: int = 2
    ) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.timezone.utc)
        end = now + datetime.timedelta(days=days)
        return (
            x509.CertificateBuilder().subject_name(name).issuer_name(self.name).public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(min(now, end) - datetime.timedelta(days=age)).not_valid_after(end))

    @staticmethod
    def _replace(path: Path, content: bytes) -> None:
        """At once, as programs that renew certificates do."""
        new = path.with_name(path.name + ".new")
        new.write_bytes(content)
        new.chmod(0o600)
        new.rename(path)
