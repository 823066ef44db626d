"""What went wrong, as the page is told of it: what the server answered, or that it was not reached."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from svodka.client import AnswerNotVerified, CallFailed, RequestRefused, TryLater

__all__ = ["Fault"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """A gRPC code by its name, the server's own words, fields and what is wrong with each, why STRICT refused, when to try again, in s."""

    code: str
    message: str
    violations: tuple[tuple[str, str], ...] = ()
    reasons: tuple[str, ...] = ()
    retry_after: float | None = None

    @classmethod
    def of(cls, error: CallFailed) -> Fault:
        """Why a call, or an article of a stream, ended without an answer."""
        refused = error.violations if isinstance(error, RequestRefused) else ()
        return cls(
            code=error.code.name,
            message=error.message,
            violations=tuple((violation.field, violation.description) for violation in refused),
            reasons=error.reasons if isinstance(error, AnswerNotVerified) else (),
            retry_after=error.retry_after if isinstance(error, TryLater) else None,
        )

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        violations = [{"field": field, "description": description} for field, description in self.violations]
        return {**asdict(self), "violations": violations, "reasons": list(self.reasons)}
