"""Sessions on customers' behalf: who may begin one, and whether a running one still may go on.

Nothing is copied into a session: authorization, distributor's grant, association, the actor's own
permission and scope are asked anew with every request (08-AUT-11, 07-RAUT-04).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.choices import AccountStatus
from accounts.models import Account
from catalog.models import Product, ServiceType
from customers.choices import AuthorizationStatus
from customers.models import Association, OnBehalfAuthorization
from customers.queries import authorizations, reach
from partner_center import permissions
from partner_center.actors import Actor, OnBehalf, Scope
from partner_center.permissions import Audience
from partner_center.refusals import NotFound

from ..models import OnBehalfSession
from ..permissions import ACT_ON_BEHALF
from ..rules import on_behalf as rules
from . import offers


@dataclass(frozen=True)
class Beginnable:
    """What the dialog says before a session."""

    association: Association
    #: The customer, and for a reseller its distributor, have authorized the actor's account.
    is_authorized: bool
    needs_grant: bool


def beginnable(actor: Actor, association_id: int) -> Beginnable:
    """One customer that the actor sees, and whether a session may begin. Raises NotFound."""
    actor.require(ACT_ON_BEHALF)
    rows = reach.reachable(actor).select_related("customer", "account")
    if (association := rows.filter(pk=association_id).first()) is None:
        raise NotFound
    return Beginnable(
        association,
        is_authorized=authorizations.may_act(actor.account_id, association.customer_id),
        needs_grant=authorizations.needs_grant(actor),
    )


def accepted_of(partner_id: int, customer_id: int) -> OnBehalfAuthorization | None:
    """The accepted authorization that a session stands on."""
    rows = OnBehalfAuthorization.objects.filter(account_id=partner_id, customer_id=customer_id)
    return rows.filter(status=AuthorizationStatus.ACCEPTED).first()


def open_session(session_id: int) -> OnBehalfSession | None:
    """A session that has not ended, with both accounts."""
    rows = OnBehalfSession.objects.select_related("customer", "account")
    return rows.filter(pk=session_id, ended_at=None).first()


def may_go_on(actor: Actor, session: OnBehalfSession, moment: datetime) -> bool:
    """Whether the partner's user (not yet the actor on behalf) may go on with its session."""
    lifetime = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return (
        (session.user_id, session.account_id) == (actor.user_id, actor.account_id)
        and actor.can(ACT_ON_BEHALF)
        and not rules.is_over(session.started_at, moment, lifetime)
        and session.customer.status == AccountStatus.ACTIVE
        and reach.reachable(actor).filter(customer_id=session.customer_id).exists()
        and authorizations.may_act(session.account_id, session.customer_id)
    )


def acting(actor: Actor, session: OnBehalfSession) -> Actor:
    """The actor of a session: the customer's account, the partner's user, the scope's permissions."""
    customer: Account = session.customer
    return replace(
        actor,
        account_id=customer.pk,
        account_name=customer.name,
        audience=Audience.CUSTOMER,
        permissions=rules.SCOPE & permissions.codes(Audience.CUSTOMER),
        scope=Scope.ALL,
        team=frozenset(),
        is_main=False,
        roles=(_("On behalf"),),
        partner_kind="",
        grants=frozenset(),
        on_behalf=OnBehalf(
            partner_id=session.account_id,
            partner_name=session.account.name,
            partner_kind=session.account.partner_kind,
            session_id=session.pk,
            purpose=session.purpose,
            customer_title=customer.title,
        ),
    )


@dataclass(frozen=True)
class Orderable:
    """One service of the page Select Products."""

    service: ServiceType
    products: int


def orderable(actor: Actor) -> list[Orderable]:
    """What may be ordered on the customer's behalf by this kind of partner (04-OBO-06, D-52)."""
    if actor.on_behalf is None:
        raise NotFound
    kind = actor.on_behalf.partner_kind
    rows = Product.objects.on_sale().filter(offers.orderable(), on_behalf_kinds__contains=[kind])
    counted = dict(rows.order_by().values_list("service_type").annotate(Count("pk")))
    services = ServiceType.objects.filter(pk__in=counted).order_by("category", "name")
    return [Orderable(service, counted[service.pk]) for service in services]
