"""Sessions in which a partner's user acts as a customer (04 §8.3.1.11, 8.3.1.12; 08-AUT-11, AUT-12).

Beginning and end stand in the books of both accounts, and among the customer's traces; what is done
in between does as well (``audit.services.record``).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Q

import audit.services
from accounts.models import User
from accounts.queries import actors
from partner_center import clock
from partner_center.actors import Actor

from ..choices import SessionPurpose
from ..models import OnBehalfSession
from ..permissions import ACT_ON_BEHALF
from ..queries import on_behalf as reads
from ..refusals.on_behalf import DistributorGrantMissing, NotAuthorized


class EndCause(StrEnum):
    """Why a session ended, as the audit trail keeps it."""

    SWITCHED = "switched role"
    SIGNED_OUT = "signed out"
    #: Authorization, grant, association, permission or scope is gone, or its time is over.
    NOT_PERMITTED = "no longer permitted"


@transaction.atomic(durable=True)
def begin(actor: Actor, association_id: int, *, purpose: SessionPurpose) -> OnBehalfSession:
    """Begin to act as the customer of an association that the actor sees.

    Raises NotFound, DistributorGrantMissing, NotAuthorized.
    """
    actor.require(ACT_ON_BEHALF)
    found = reads.beginnable(actor, association_id)
    if found.needs_grant:
        raise DistributorGrantMissing
    customer = found.association.customer
    authorization = reads.accepted_of(actor.account_id, customer.pk)
    if authorization is None or not found.is_authorized:
        raise NotAuthorized(customer.title)
    session = OnBehalfSession.objects.create(
        account_id=actor.account_id,
        authorization=authorization,
        customer=customer,
        user_id=actor.user_id,
        purpose=purpose,
        started_at=clock.now(),
    )
    _record(reads.acting(actor, session), "begun", session, purpose=str(purpose))
    return session


def resume(actor: Actor, session_id: int) -> Actor | None:
    """The actor of a running session; None, and the session is ended, when it may not go on."""
    session = reads.open_session(session_id)
    if session is None:
        return None
    if reads.may_go_on(actor, session, clock.now()):
        return reads.acting(actor, session)
    end(actor, session_id, EndCause.NOT_PERMITTED)
    return None


@transaction.atomic(durable=True)
def end(actor: Actor, session_id: int, cause: EndCause) -> bool:
    """End a session of the partner's user (not the actor on behalf); False when it had ended."""
    return _end(actor, session_id, cause)


@transaction.atomic(durable=True)
def leave(actor: Actor) -> None:
    """Switch Role: the actor on behalf ends its own session."""
    if actor.on_behalf is not None:
        _end(actor, actor.on_behalf.session_id, EndCause.SWITCHED)


def end_stale(moment: datetime) -> int:
    """End what nobody asked for any more and may not go on; returns how many. Safe to repeat.

    A session whose browser was closed never asks again; its right may be gone meanwhile.
    """
    rows = OnBehalfSession.objects.filter(ended_at=None).select_related("customer", "account")
    ended = 0
    for session in list(rows.order_by("pk")):
        user = User.objects.select_related("account").get(pk=session.user_id)
        actor = actors.actor_for(user)
        if not reads.may_go_on(actor, session, moment):
            ended += end(actor, session.pk, EndCause.NOT_PERMITTED)
    return ended


def _end(actor: Actor, session_id: int, cause: EndCause) -> bool:
    mine = Q(pk=session_id, user_id=actor.user_id, account_id=actor.own_account_id)
    rows = OnBehalfSession.objects.select_for_update(of=("self",)).filter(mine, ended_at=None)
    if (session := rows.select_related("customer", "account").first()) is None:
        return False
    session.ended_at = clock.now()
    session.save(update_fields=["ended_at"])
    _record(reads.acting(actor, session), "ended", session, cause=str(cause))
    return True


def _record(acting: Actor, what: str, session: OnBehalfSession, **facts: str) -> None:
    audit.services.record(acting, f"orders.on_behalf.{what}", session, after=facts)
