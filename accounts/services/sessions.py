"""Sessions: who may start one, what ends them, and the proof of a fresh identity check."""

from __future__ import annotations

from django.core import signing
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

import audit.services
from partner_center.actors import Actor
from partner_center.critical import name_operation

from .. import locks
from ..choices import AccountStatus, CodeChannel, UserStatus
from ..models import User
from ..permissions import OWN_PROFILE
from ..refusals import AccountSuspended, IdentityProofMissing, MemberLocked
from . import codes

#: Codes of the identity check before a change of password or second factor (01-PWD-02).
IDENTITY = name_operation("accounts.identity", _("Verify your identity"))
#: How long an identity check counts, in seconds.
PROOF_LIFETIME = 600
_PROOF_SALT = "accounts.sessions.proof"


def refuse_unusable(user: User) -> None:
    """Raise AccountSuspended or MemberLocked for a user that may not sign in."""
    if user.account.status != AccountStatus.ACTIVE:
        raise AccountSuspended
    if user.status != UserStatus.NORMAL:
        raise MemberLocked


@transaction.atomic(durable=True)
def record_sign_in(actor: Actor) -> None:
    """Keep in the audit trail that the actor signed in, and from where."""
    audit.services.record(actor, "accounts.session.started", _self(actor))


@transaction.atomic(durable=True)
def end_all(actor: Actor) -> User:
    """End all sessions of the actor; the page then renews its own (01-PWD-04)."""
    actor.require(OWN_PROFILE)
    user = locks.lock_user(_user_id(actor))
    end_sessions_of(user)
    audit.services.record(actor, "accounts.sessions.ended", user)
    return user


def end_sessions_of(user: User) -> None:
    """End the user's running sessions, inside a service that has locked the row."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])


def send_identity_code(actor: Actor, *, channel: CodeChannel) -> None:
    """Send the actor a code that proves who it is. Raises CodeTooSoon, NoChannel."""
    actor.require(OWN_PROFILE)
    codes.send_to_user(actor, operation=IDENTITY, channel=channel)


def verify_identity(actor: Actor) -> str:
    """Use up the code that came with the actor; the proof that changes ask for (01-PWD-02).

    The proof holds ten minutes, for this user. Raises CodeGone, WrongCode.
    """
    actor.require(OWN_PROFILE)
    code_id = codes.check(actor, IDENTITY)
    with transaction.atomic(durable=True):
        actor = codes.spend(actor, code_id)
        audit.services.record(actor, "accounts.identity.verified", _self(actor))
    return signing.dumps(_user_id(actor), salt=_PROOF_SALT)


def is_proved(actor: Actor, proof: str) -> bool:
    """Whether the proof is the actor's and fresh."""
    try:
        proved = signing.loads(proof, salt=_PROOF_SALT, max_age=PROOF_LIFETIME)
    except signing.BadSignature:
        return False
    return bool(proved == actor.user_id)


def refuse_unproved(actor: Actor, proof: str) -> None:
    """Raise IdentityProofMissing unless the proof is the actor's and fresh."""
    if not is_proved(actor, proof):
        raise IdentityProofMissing


def _self(actor: Actor) -> User:
    return User.objects.get(pk=_user_id(actor))


def _user_id(actor: Actor) -> int:
    if actor.user_id is None:
        raise ValueError("Only a person has sessions")
    return actor.user_id
