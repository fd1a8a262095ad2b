"""Meridian's resellers in the demo: what Lagoon may do, and invitations in several states."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from accounts.models import Account, User
from accounts.queries.actors import actor_for
from outbox.models import Delivery
from partner_center import clock
from partner_center.actors import Actor, Door
from resellers.models import ResellerAssociation, ResellerInvitation
from resellers.queries import budget_grant_of, on_behalf_granted
from resellers.services import grants, inviting, requesting

DISTRIBUTOR, RESELLER = "meridian-distribution", "lagoon-it"
#: Addresses of Meridian's invitations, by what became of them.
OPEN = "partners@corniche-cloud.example"
WITHDRAWN = "sales@old-quay-systems.example"
EXPIRED = "hello@dhow-digital.example"
#: This address is answered by Sandline Media, which still is a customer of Meridian itself.
RESTRICTED, ANSWERED_BY = "channel@sandline.example", "sandline-media"


def seed(operator: Actor) -> None:
    """Build whatever of it is not there yet."""
    if not Account.objects.filter(name=DISTRIBUTOR).exists():
        return
    _grant(_actor(DISTRIBUTOR))
    _invite(_actor(DISTRIBUTOR))


def _actor(account_name: str) -> Actor:
    """The main user of a demo account; nobody is there to read codes."""
    user = User.objects.select_related("account").get(account__name=account_name, is_main=True)
    return replace(actor_for(user, door=Door.JOB), is_system=True)


def _grant(actor: Actor) -> None:
    live = ResellerAssociation.objects.filter(reseller__name=RESELLER, ended_at=None)
    if (association := live.first()) is None:
        return
    if budget_grant_of(association.reseller_id) is None:
        grants.set_budget_grant(
            actor,
            association.pk,
            monthly_quota=Decimal("25000.00"),
            one_time_quota=Decimal("8000.00"),
            seen="",
        )
    if not on_behalf_granted(association.reseller_id):
        grants.grant_on_behalf(actor, association.pk, consented=True, version="1.0")


def _invite(actor: Actor) -> None:
    for email in (OPEN, WITHDRAWN, EXPIRED, RESTRICTED):
        if not ResellerInvitation.objects.visible_to(actor).filter(email=email).exists():
            inviting.invite(actor, email=email)
    own = {row.email: row for row in ResellerInvitation.objects.visible_to(actor)}
    if own[WITHDRAWN].may_be_withdrawn:
        inviting.withdraw(actor, own[WITHDRAWN].pk)
    _let_expire(own[EXPIRED])
    if own[RESTRICTED].reseller_id is None:
        _answer(own[RESTRICTED])


def _let_expire(invitation: ResellerInvitation) -> None:
    """Send it nine days ago."""
    moment = clock.now()
    sent = moment - timedelta(days=9)
    ResellerInvitation.objects.filter(pk=invitation.pk, status="invited").update(
        invited_at=sent, sent_at=sent, expires_at=sent + inviting.LIFETIME
    )
    inviting.expire_invitations(moment)


def _answer(invitation: ResellerInvitation) -> None:
    if not Account.objects.filter(name=ANSWERED_BY).exists():
        return
    mail = Delivery.objects.filter(target=RESTRICTED, template="reseller_invitation").latest("pk")
    if found := re.search(r"/reseller-invitation/(\S+)", mail.body):
        requesting.accept(_actor(ANSWERED_BY), found.group(1))
        requesting.decide(invitation.pk, clock.now())
