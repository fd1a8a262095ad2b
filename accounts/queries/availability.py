"""Whether registration data is still free: login name, e-mail, mobile number (API B.2)."""

from __future__ import annotations

from partner_center.actors import Actor

from ..models import Account
from ..permissions import CREATE_CUSTOMERS


def login_name_is_free(actor: Actor, name: str) -> bool:
    """Whether no account has this name, in whatever case."""
    actor.require(CREATE_CUSTOMERS)
    return not Account.objects.filter(name__iexact=name).exists()


def email_is_free(actor: Actor, email: str) -> bool:
    """Whether no account was registered with this address, in whatever case."""
    actor.require(CREATE_CUSTOMERS)
    return not Account.objects.filter(email__iexact=email).exists()


def mobile_accounts_left(actor: Actor, mobile: str) -> int:
    """How many more accounts can have this number (E.164) as their security phone: one each."""
    actor.require(CREATE_CUSTOMERS)
    return 0 if Account.objects.filter(security_phone=mobile).exists() else 1
