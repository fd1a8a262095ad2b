"""Reads of Customer Alerts: who sees them, who handles them, how many are open (04 §8.3.5)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import (
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, NullIf

import resellers.queries
from accounts.models import User
from customers.models import Association, ManagerAssignment
from partner_center import clock
from partner_center.actors import Actor, Scope
from partner_center.refusals import NotFound

from .choices import AlertStatus
from .models import AlertQuerySet, CustomerAlert
from .permissions import HANDLE_ALERTS, VIEW_ALERTS
from .refusals import AlreadyHandled, NotYourAlert

#: The assignment that holds now, as ``_with_manager`` joins it.
PRESENT = "present_assignment"


def list_mine(actor: Actor) -> QuerySet[CustomerAlert]:
    """Alerts that the actor handles, and those that it has handled (04-ALH-01)."""
    actor.require(VIEW_ALERTS)
    return _own(actor).filter(_handled_by(actor) | Q(handled_by=actor.user_id))


def list_own(actor: Actor) -> QuerySet[CustomerAlert]:
    """Alerts about the partner's own customers (04-ALV-01, ALV-03)."""
    actor.require(VIEW_ALERTS)
    return _own(actor)


def list_of_resellers(actor: Actor) -> QuerySet[CustomerAlert]:
    """Alerts about customers of those who are the actor's resellers now (06-DAL-04).

    They are assigned to the resellers' account managers, so that those of the distributor see none.
    """
    actor.require(VIEW_ALERTS)
    rows = CustomerAlert.objects.filter(
        account__in=resellers.queries.reseller_ids(actor.account_id), association__ended_at=None
    )
    if actor.scope == Scope.OWN:
        rows = rows.within_scope(actor, "association")
    return _with_manager(rows)


def get_alert(actor: Actor, alert_id: int) -> CustomerAlert:
    """One alert that the actor sees, with its customer. Raises NotFound."""
    for rows in (list_own(actor), list_of_resellers(actor)):
        found = rows.select_related("association__customer", "account").filter(pk=alert_id).first()
        if found is not None:
            return found
    raise NotFound


def manager_of(alert: CustomerAlert) -> User | None:
    """Who looks after the customer now."""
    live = ManagerAssignment.objects.live().filter(association=alert.association_id)
    return found.manager if (found := live.select_related("manager").first()) else None


def handles(actor: Actor, partner_id: int, manager_id: int | None) -> bool:
    """Whether the actor handles alerts about a customer of this partner and this account manager.

    One person does: the account manager, else the partner. For it acts whoever may handle alerts and
    sees all customers, by default the Admin.
    """
    if not actor.can(HANDLE_ALERTS) or partner_id != actor.account_id:
        return False
    return manager_id == actor.user_id if manager_id else actor.scope == Scope.ALL


def tab_of(actor: Actor, partner_id: int, manager_id: int | None) -> str:
    """Name of the page on which the actor finds the alerts about such a customer (04-CUS-05)."""
    if partner_id != actor.account_id:
        return "customer_alerts:resellers"
    is_mine = handles(actor, partner_id, manager_id)
    return "customer_alerts:handle" if is_mine else "customer_alerts:view"


def refuse_unless_handler(actor: Actor, alert: CustomerAlert) -> None:
    """Raise AlreadyHandled or NotYourAlert; asked before the dialog, and again after the lock."""
    if alert.handled_at is not None:
        raise AlreadyHandled(alert.handled_by_name, alert.handled_at)
    manager = manager_of(alert)
    if not handles(actor, alert.account_id, manager.pk if manager else None):
        raise NotYourAlert(str(manager) if manager else alert.account.title)


def manager_name() -> Coalesce:
    """Expression over lists of alerts: name of the account manager, or its username."""
    return Coalesce(NullIf(F(f"{PRESENT}__manager__name"), Value("")), manager_username())


def manager_username() -> F:
    """Expression over lists of alerts: username of the account manager."""
    return F(f"{PRESENT}__manager__username")


def manager_key() -> F:
    """Expression over lists of alerts: key of the account manager; null where nobody is."""
    return F(f"{PRESENT}__manager_id")


def open_count(association: str = "pk") -> Coalesce:
    """Expression over associations: how many alerts wait to be handled (04-CUS-05)."""
    rows = CustomerAlert.objects.open().filter(association=OuterRef(association)).order_by()
    counted = rows.values("association").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


@dataclass(frozen=True)
class AlertCounts:
    """How many alerts are unhandled: those that the actor handles, and all that it sees."""

    mine: int
    every: int


def counts(actor: Actor) -> AlertCounts:
    """Unhandled alerts about the partner's own customers. One query."""
    rows = list_own(actor).filter(status=AlertStatus.UNHANDLED)
    found = rows.aggregate(mine=Count("pk", filter=_handled_by(actor)), every=Count("pk"))
    return AlertCounts(**found)


@dataclass(frozen=True)
class Losses:
    """Alerts of type Loss about one customer that wait, and who looks after it."""

    number: int
    manager_id: int | None


def losses_of(actor: Actor, association: Association) -> Losses | None:
    """For the card of a customer that the actor was shown to see (04-CUD-08). One query.

    None for those who may not see alerts.
    """
    if not actor.can(VIEW_ALERTS):
        return None
    managers = ManagerAssignment.objects.live().filter(association=OuterRef("pk"))
    rows = Association.objects.filter(pk=association.pk)
    found = rows.values_list(open_count(), Subquery(managers.values("manager")[:1])).get()
    return Losses(*found)


def open_of(association_ids: Collection[int], manager_id: int) -> int:
    """How many alerts about these customers wait for this account manager."""
    held = ManagerAssignment.objects.live().filter(
        association=OuterRef("association"), manager=manager_id
    )
    rows = CustomerAlert.objects.open().filter(association__in=association_ids)
    return rows.filter(Exists(held)).count()


def _own(actor: Actor) -> AlertQuerySet:
    return _with_manager(CustomerAlert.objects.visible_to(actor))


def _with_manager(rows: AlertQuerySet) -> AlertQuerySet:
    path = "association__assignments"
    holds = Q(**{f"{path}__ended_at": None}) & (
        Q(**{f"{path}__ends_at": None}) | Q(**{f"{path}__ends_at__gt": clock.now()})
    )
    return rows.alias(**{PRESENT: FilteredRelation(path, condition=holds)})


def _handled_by(actor: Actor) -> Q:
    if not actor.can(HANDLE_ALERTS):
        return Q(pk__in=[])
    mine = Q(**{f"{PRESENT}__manager": actor.user_id})
    nobodys = Q(**{f"{PRESENT}__association__isnull": True})
    return mine | nobodys if actor.scope == Scope.ALL else mine


#: Partner, account manager or none, how many alerts are open.
Handler = tuple[int, int | None, int]


def handlers_of(day: date) -> QuerySet[CustomerAlert, Handler]:
    """Who handles the alerts raised on a day: partner, account manager or none, how many are open."""
    rows = _with_manager(CustomerAlert.objects.open().filter(day=day))
    grouped = rows.order_by().values_list("account_id", f"{PRESENT}__manager_id")
    return grouped.annotate(number=Count("pk"))
