"""The server's certificate: checked at the start, and read anew for each new connection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import grpc
import structlog

from svodka.security import pem
from svodka.security.files import Watched, wrong

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from svodka.settings import Settings

__all__ = ["ServerCertificate"]

# Close enough to the end for a person to look why nothing has renewed the certificate.
_SOON_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class _Served:
    """What new connections get, and until when it is valid."""

    configuration: grpc.ServerCertificateConfiguration
    expires: datetime


class ServerCertificate:
    """The certificate and key of the settings; with `tls_client_ca`, clients must show a certificate of that authority (mTLS)."""

    def __init__(self, certificate: Path, key: Path, client_ca: Path | None = None) -> None:
        """Read and check the files.

        Raises:
            SettingsError: a file is missing, unreadable or no PEM, the key is not the certificate's, or the certificate is not valid now.
        """
        self._files = {"tls_certificate": certificate, "tls_key": key}
        if client_ca is not None:
            self._files["tls_client_ca"] = client_ca
        self._served = Watched(self._files, self._parse)
        if (left := self.seconds_left()) < _SOON_SECONDS:
            structlog.get_logger("svodka.security").warning("the certificate expires soon", file=str(certificate), seconds=int(left))

    @classmethod
    def of(cls, settings: Settings) -> ServerCertificate | None:
        """The certificate that the settings name; None where they name none.

        Raises:
            SettingsError: as the constructor, or a setting is given without those that it needs.
        """
        certificate, key, client_ca = settings.tls_certificate, settings.tls_key, settings.tls_client_ca
        if certificate is None and key is None and client_ca is None:
            return None
        if certificate is None:
            raise wrong("tls_certificate", None, "is needed with tls_key and tls_client_ca")
        if key is None:
            raise wrong("tls_key", None, "is needed with tls_certificate")
        return cls(certificate, key, client_ca)

    def credentials(self) -> grpc.ServerCredentials:
        """Credentials of a port; changed files are taken for new connections, those that are open stay as they are."""
        return grpc.dynamic_ssl_server_credentials(
            self._served.latest().configuration,
            lambda: self._served.latest().configuration,
            require_client_authentication="tls_client_ca" in self._files,
        )

    def seconds_left(self) -> float:
        """Seconds until the certificate expires that new connections get; negative once it has."""
        return (self._served.latest().expires - datetime.now(UTC)).total_seconds()

    def _parse(self, content: Mapping[str, bytes]) -> _Served:
        setting = "tls_certificate"
        try:
            certificate = pem.certificates(content[setting])[0]
            begins, expires, now = certificate.not_valid_before_utc, certificate.not_valid_after_utc, datetime.now(UTC)
            if now >= expires:
                raise ValueError(f"the certificate expired at {expires.isoformat()}")
            if now < begins:
                raise ValueError(f"the certificate is not valid before {begins.isoformat()}")
            setting = "tls_key"
            pem.check_key(content[setting], certificate)
            if "tls_client_ca" in content:
                setting = "tls_client_ca"
                pem.certificates(content[setting])
        except ValueError as error:
            raise wrong(setting, self._files[setting], str(error)) from error
        pair = (content["tls_key"], content["tls_certificate"])
        return _Served(configuration=grpc.ssl_server_certificate_configuration([pair], content.get("tls_client_ca")), expires=expires)
