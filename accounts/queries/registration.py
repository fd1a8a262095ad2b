"""How far a registration has come, and what it may still choose."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from partner_center.actors import Actor
from partner_center.critical import name_operation

from ..choices import AccountStage
from ..models import Account, User, VerificationCode

IDENTITY = name_operation("accounts.registration_identity", _("Verify your identity"))


class Step(StrEnum):
    """What a half-way registration asks next; the value is the name of its page."""

    ENABLE = "enable-services"
    IDENTITY = "registration-identity"
    MOBILE = "registration-mobile"
    INFORMATION = "registration-information"


def own_operation(account_id: int, operation: str) -> str:
    """Name of an operation of one account: codes sent for another account do not fit."""
    return f"{operation}:{account_id}"


def pending_step(actor: Actor) -> Step | None:
    """The next step of the actor's registration; None when complete or not the actor's to do."""
    if not actor.is_main or actor.is_operator:
        return None
    stage = (
        Account.objects.visible_to(actor).values_list("stage", flat=True).get(pk=actor.account_id)
    )
    if stage == AccountStage.REGISTERED:
        return Step.ENABLE
    if stage == AccountStage.ENABLED:
        return Step.MOBILE if identity_verified(actor.account_id) else Step.IDENTITY
    return Step.INFORMATION if stage == AccountStage.MOBILE_BOUND else None


def identity_verified(account_id: int) -> bool:
    """Whether the step Verify Identity was done: its code was used."""
    return (
        VerificationCode.objects.filter(operation=own_operation(account_id, IDENTITY))
        .exclude(used_at=None)
        .exists()
    )


def own_account(actor: Actor) -> Account:
    """The actor's account."""
    return Account.objects.get(pk=actor.account_id)


def operator_email() -> str:
    """Where people write to the operator; empty while there is no operator account."""
    emails = Account.objects.filter(is_operator=True).order_by("pk").values_list("email", flat=True)
    return emails.first() or ""


def is_registered(email: str) -> bool:
    """Whether an e-mail address registered an account."""
    return Account.objects.filter(email__iexact=email).exists()


def is_name_free(name: str) -> bool:
    """Whether no account has this name."""
    return not Account.objects.filter(name__iexact=name).exists()


def may_rename(account_id: int) -> bool:
    """Whether the account name may still change: nobody but the main user was ever there."""
    return not User.objects.filter(account_id=account_id, is_main=False).exists()
