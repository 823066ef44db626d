"""What can go wrong, as a person should hear it. A leaf: imports nothing local.

SvodkaError
├── SettingsError               a setting is wrong; stops the start
├── InvalidRequest              one or more fields of a request are wrong
│   ├── SentenceTooLong         a sentence has more tokens than the model takes
│   ├── UnsupportedLanguage     the text is in a language that Svodka does not read
│   └── UnknownProfile          no such profile in the catalogue or on this server
├── Unauthenticated             no token of a client came with the call
├── QuotaExceeded               a client has used up what it may
├── Cancelled                   nobody waits for the answer any more
├── DeadlineExceeded            the answer would come too late
├── NotReady                    the models are still being loaded
├── Overloaded                  the server has as much work as it takes; try again later
├── NotVerified                 policy STRICT, and the figures do not agree
└── ModelError                  a model cannot be used
    ├── ModelMissing            its package or file is not on this machine
    ├── ModelLost               its process ended or hung, and is started again
    ├── ModelDamaged            its hash is not the catalogue's
    ├── ModelChanged            a hub has another thing than what was pulled first
    ├── HubNotFound             a hub has no such repository, revision or file
    ├── HubRefused              a hub wants accepted terms or a token
    ├── HubUnreachable          a hub cannot be reached, or a download broke off; try again
    ├── DiskFull                there is too little room on the disk
    └── ModelNotPrepared        `svodka models prepare` has not been run
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "Cancelled",
    "DeadlineExceeded",
    "DiskFull",
    "FieldViolation",
    "HubNotFound",
    "HubRefused",
    "HubUnreachable",
    "InvalidRequest",
    "ModelChanged",
    "ModelDamaged",
    "ModelError",
    "ModelLost",
    "ModelMissing",
    "ModelNotPrepared",
    "NotReady",
    "NotVerified",
    "Overloaded",
    "QuotaExceeded",
    "SentenceTooLong",
    "SettingsError",
    "SvodkaError",
    "Unauthenticated",
    "UnknownProfile",
    "UnsupportedLanguage",
]


class SvodkaError(Exception):
    """Anything that Svodka itself reports; its text says what to do."""


class SettingsError(SvodkaError):
    """A setting is wrong; the text names its key and value."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldViolation:
    """A field of a request, by its name in the contract, and what is wrong with it."""

    field: str
    description: str


class InvalidRequest(SvodkaError):
    """One or more fields of a request are wrong."""

    def __init__(self, *violations: FieldViolation) -> None:
        super().__init__("; ".join(f"{violation.field}: {violation.description}" for violation in violations))
        self.violations = violations

    @classmethod
    def field(cls, field: str, description: str) -> InvalidRequest:
        """An error about one field."""
        return cls(FieldViolation(field=field, description=description))


class SentenceTooLong(InvalidRequest):
    """A sentence has more tokens than the model takes."""

    def __init__(self, sentence: str, tokens: int, limit: int, field: str = "text") -> None:
        description = f"a sentence has {tokens} tokens, and the translator takes {limit}: {sentence[:40]!r}…"
        super().__init__(FieldViolation(field=field, description=description))


class UnsupportedLanguage(InvalidRequest):
    """The text is in a language that Svodka does not read; `detected` is its BCP-47 tag, or "und" where none could be told."""

    def __init__(self, detected: str, field: str = "text") -> None:
        named = "no language could be detected" if detected == "und" else f"the detected language is {detected!r}"
        told = f"{named}; Svodka reads English (en) and Russian (ru); state the language if it is one of them"
        super().__init__(FieldViolation(field=field, description=told))
        self.detected = detected


class UnknownProfile(InvalidRequest):
    """No such profile in the catalogue or on this server."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(FieldViolation(field="profile", description=f"no profile {name!r}; there is {', '.join(known) or 'none'}"))


class Unauthenticated(SvodkaError):
    """No token of a client came with the call; the text says which header is expected, never what came."""


class QuotaExceeded(SvodkaError):
    """A client has used up what it may: `limit` of `what`; try again after `retry_after` seconds."""

    def __init__(self, client: str, what: str, limit: int, retry_after: float) -> None:
        super().__init__(f"client {client!r} has reached its limit of {limit} {what}; try again in {retry_after:.1f} s")
        self.client, self.what, self.limit, self.retry_after = client, what, limit, retry_after


class Cancelled(SvodkaError):
    """Nobody waits for the answer any more."""

    def __init__(self) -> None:
        super().__init__("the call was cancelled")


class DeadlineExceeded(SvodkaError):
    """The answer would come too late."""

    def __init__(self) -> None:
        super().__init__("the answer was not ready in time; give the call a later deadline, or ask for fewer sentences")


class NotReady(SvodkaError):
    """The models are still being loaded; try again after `retry_after` seconds."""

    def __init__(self, retry_after: float = 3.0) -> None:
        super().__init__(f"the models are still being loaded; try again in {retry_after:.0f} s")
        self.retry_after = retry_after


class Overloaded(SvodkaError):
    """The server has as much work as it takes; try again after `retry_after` seconds."""

    def __init__(self, taken: str, retry_after: float) -> None:
        super().__init__(f"the server has as much work as it takes ({taken}); try again in {retry_after:.0f} s")
        self.retry_after = retry_after


class NotVerified(SvodkaError):
    """Policy STRICT, and the figures do not agree; `reasons` say which."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("the answer cannot be verified: " + "; ".join(reasons))
        self.reasons = reasons


class ModelError(SvodkaError):
    """A model cannot be used."""


class ModelLost(ModelError):
    """A model's process ended, or hung and was killed; it is started again, so try again after `retry_after` seconds."""

    def __init__(self, name: str, retry_after: float = 5.0) -> None:
        super().__init__(f"the {name} was lost while it worked, and is being started again; try again in {retry_after:.0f} s")
        self.retry_after = retry_after


class ModelMissing(ModelError):
    """A model's package or file is not on this machine."""


class ModelDamaged(ModelError):
    """A model's hash is not the one that the catalogue or the manifest states."""


class ModelChanged(ModelError):
    """A hub has another commit or other files than what was pulled first, and nobody said that this is all right."""


class HubNotFound(ModelError):
    """A hub has no such repository, revision or file."""


class HubRefused(ModelError):
    """A hub gives a file only to those who accepted its terms, or who show a token."""


class HubUnreachable(ModelError):
    """A hub cannot be reached, or a download broke off; what has come is kept, so try again."""


class DiskFull(ModelError):
    """There is too little room on the disk."""


class ModelNotPrepared(ModelError):
    """`svodka models prepare` has not been run for a profile."""
