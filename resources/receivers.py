"""What resources add to the checks of the floors below: what the account really has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from accounts.models import Account
from customers import account_checks
from customers.choices import Side
from customers.models import Association
from customers.rules.disassociation import CheckItem
from partner_center import clock
from resellers.choices import RestrictionCause
from resellers.signals import restrictions_asked

from .queries import reach


def _reserved(association: Association, side: Side) -> list[CheckItem]:
    """Reserved instances and savings plans keep both sides from leaving (04-ASC-04, 08-CSD-08)."""
    return [
        CheckItem(
            "reserved_resources",
            _("No reserved instance or savings plan is valid"),
            not reach.has_reserved(association.customer_id, clock.now()),
            _("Unsubscribe from the reserved instances, or wait until they have expired."),
        )
    ]


account_checks.add(_reserved)
account_checks.add_holder(reach.has_reserved)


@receiver(restrictions_asked)
def has_resources(sender: object, *, account: Account, **_more: Any) -> Iterable[RestrictionCause]:
    """An account with resources becomes no reseller (01-RSL-06)."""
    return [RestrictionCause.RESOURCES] if reach.has_any(account.pk) else []
