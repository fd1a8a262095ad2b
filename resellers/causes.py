"""What an invited account can do about each restriction (01-RSL-06, RSL-07)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .choices import RestrictionCause

_NEW_ACCOUNT = _("Register a new account and accept the invitation with it.")
_OPERATOR = _("Contact the operator.")

REMEDY: dict[str, str | Promise] = {
    RestrictionCause.RESOURCES: _(
        "Release the pay-per-use resources on the console, or register a new account."
    ),
    RestrictionCause.ARREARS: _("Pay what is overdue, or register a new account."),
    RestrictionCause.CONSUMPTION: _NEW_ACCOUNT,
    RestrictionCause.OTHER_PROGRAM: _(
        "Use an account that has joined no development path and no program."
    ),
    RestrictionCause.WATCHLIST: _OPERATOR,
    RestrictionCause.COMPANY: _(
        "Do not associate again: your company works with this distributor through that account."
    ),
    RestrictionCause.FROZEN: _(
        "Settle the reason of the freeze with the operator, or register a new account."
    ),
    RestrictionCause.ENTERPRISE: _(
        "Leave the enterprise or dissolve it, or register a new account."
    ),
    RestrictionCause.CREDIT: _NEW_ACCOUNT,
    RestrictionCause.PREREGISTERED: _OPERATOR,
    RestrictionCause.OTHER_PARTNER: _("Disassociate from that partner first."),
    RestrictionCause.AUTHENTICATED: _NEW_ACCOUNT,
    RestrictionCause.COUNTRY: _("Use an account in the service country of the distributor."),
}


@dataclass(frozen=True)
class Restriction:
    """One cause and what to do about it, as people read it."""

    cause: str
    remedy: str


def explain(codes: Iterable[str]) -> list[Restriction]:
    """The causes of a restricted association in words."""
    known = (RestrictionCause(code) for code in codes if code in RestrictionCause.values)
    return [Restriction(str(cause.label), str(REMEDY[cause])) for cause in known]
