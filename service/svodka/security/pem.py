"""Certificates and keys in PEM, looked at before gRPC gets them: what it cannot use it refuses late and with few words."""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key

__all__ = ["certificates", "check_key", "name_of"]


def certificates(data: bytes) -> list[x509.Certificate]:
    """The certificates of a file, at least one.

    Raises:
        ValueError: there is none.
    """
    try:
        return x509.load_pem_x509_certificates(data)
    except ValueError as error:
        raise ValueError("holds no certificate in PEM") from error


def check_key(data: bytes, certificate: x509.Certificate) -> None:
    """Check that a file holds the certificate's key.

    Raises:
        ValueError: it holds no key, one with a password, or another.
    """
    try:
        key = load_pem_private_key(data, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:  # a TypeError: it has a password
        raise ValueError("holds no private key in PEM without a password") from error
    if key.public_key() != certificate.public_key():
        raise ValueError("is not the key of the certificate")


def name_of(certificate: x509.Certificate) -> str | None:
    """A host name or address that the certificate is valid for; None where it has no list of them."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return None
    for name in names:
        if isinstance(name, x509.DNSName | x509.IPAddress):
            return str(name.value).replace("*", "any")
    return None
