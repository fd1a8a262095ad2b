"""The optional second factor: codes of an authenticator app (TOTP), with recovery codes."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from django.db import transaction

import audit.services
import outbox.services
from partner_center import clock
from partner_center.actors import Actor

from .. import locks
from ..models import User
from ..permissions import OWN_PROFILE
from ..queries import second_factor as reads
from ..refusals import SecondFactorState, WrongAuthenticatorCode
from . import sessions


def new_secret() -> str:
    """A secret for an authenticator app; nothing is saved until ``turn_on``."""
    return generate_totp_secret()


@transaction.atomic(durable=True)
def turn_on(actor: Actor, *, secret: str, code: str, proof: str) -> list[str]:
    """Ask for a code at every sign-in from now on. Returns the recovery codes, to be shown once.

    ``code`` proves that the app holds ``secret``; ``proof`` is a fresh identity check. Raises
    IdentityProofMissing, WrongAuthenticatorCode, SecondFactorState.
    """
    actor.require(OWN_PROFILE)
    sessions.refuse_unproved(actor, proof)
    user = locks.lock_user(actor.user_id or 0)
    if reads.is_on(user.pk):
        raise SecondFactorState
    if not validate_totp_code(secret, code):
        raise WrongAuthenticatorCode
    TOTP.activate(user, secret)
    recovery = RecoveryCodes.activate(user)
    _tell(actor, user, "accounts.second_factor.on")
    return recovery.generate_codes()


@transaction.atomic(durable=True)
def turn_off(actor: Actor, *, code: str) -> None:
    """Sign in with the password alone again.

    ``code`` comes from the app or is a recovery code. Raises WrongAuthenticatorCode,
    SecondFactorState.
    """
    actor.require(OWN_PROFILE)
    user = locks.lock_user(actor.user_id or 0)
    _refuse_wrong(user, code)
    Authenticator.objects.filter(user=user).delete()
    _tell(actor, user, "accounts.second_factor.off")


@transaction.atomic(durable=True)
def renew_recovery_codes(actor: Actor, *, code: str) -> list[str]:
    """New recovery codes, to be shown once; the old ones end.

    Raises WrongAuthenticatorCode, SecondFactorState.
    """
    actor.require(OWN_PROFILE)
    user = locks.lock_user(actor.user_id or 0)
    _refuse_wrong(user, code)
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    recovery = RecoveryCodes.activate(user)
    _tell(actor, user, "accounts.recovery_codes.renewed")
    return recovery.generate_codes()


def _refuse_wrong(user: User, code: str) -> None:
    held = list(Authenticator.objects.filter(user=user))
    if not held:
        raise SecondFactorState
    if not any(one.wrap().validate_code(code) for one in held):
        raise WrongAuthenticatorCode


def _tell(actor: Actor, user: User, action: str) -> None:
    """Record the change and tell the user, who may not have made it."""
    audit.services.record(actor, action, user)
    if user.email:
        outbox.services.queue_email(
            "security_changed",
            user.email,
            {
                "name": str(user),
                "account_name": actor.account_name,
                "change": action.rpartition(".")[2],
                "recovery": "recovery" in action,
                "at": clock.now(),
            },
            account_id=user.account_id,
        )
