"""Which resources an actor reaches: a customer its own, a partner those of its customers."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from catalog.choices import BillingMode
from customers.queries import reach
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..choices import ResourceStatus
from ..models import CloudResource, CloudResourceQuerySet, RenewalSettings
from ..permissions import VIEW_RESOURCES

#: What pages print of a resource beside its own columns.
SHOWN = (
    "product__service_type",
    "product__resource_type",
    "product__spec__size_unit",
    "region",
    "project",
)
RESERVED = (
    BillingMode.RESERVED_UPFRONT,
    BillingMode.RESERVED_HOURLY,
    BillingMode.SAVINGS_PLAN,
)


def of_partner(actor: Actor) -> CloudResourceQuerySet:
    """Resources of the customers that the actor sees: its account's own, and its resellers'.

    Only what a customer has had since it was associated with them; the scope of account managers
    counts (02-ROL-06, ROL-07).
    """
    actor.require(VIEW_RESOURCES)
    theirs = reach.reachable(actor).filter(customer_id=OuterRef("account_id"))
    rows: CloudResourceQuerySet = CloudResource.objects.filter(Exists(theirs))
    return rows.select_related(*SHOWN)


def of_customer(actor: Actor) -> CloudResourceQuerySet:
    """The actor's own account's resources, released ones included."""
    actor.require(VIEW_RESOURCES)
    rows: CloudResourceQuerySet = CloudResource.objects.visible_to(actor)
    return rows.select_related(*SHOWN)


def get_own(actor: Actor, pk: int) -> CloudResource:
    """One resource of the actor's own account. Raises NotFound."""
    if (found := of_customer(actor).filter(pk=pk).first()) is None:
        raise NotFound
    return found


def settings_of(account_id: int) -> RenewalSettings:
    """When renewals of the account are paid and end; an unsaved row of defaults without any."""
    found = RenewalSettings.objects.filter(account_id=account_id).first()
    return found or RenewalSettings(account_id=account_id)


def has_any(account_id: int) -> bool:
    """Whether the account has provisioned cloud resources that are still there."""
    return CloudResource.objects.existing().filter(account_id=account_id).exists()


def has_reserved(account_id: int, moment: datetime) -> bool:
    """Whether the account has a reserved instance or savings plan that is valid at ``moment``."""
    rows = CloudResource.objects.existing().filter(account_id=account_id, mode__in=RESERVED)
    return rows.exclude(status=ResourceStatus.EXPIRED).filter(expires_at__gt=moment).exists()
