"""Telling customer and partner what happened by itself."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from customers.models import Association
from customers.queries.audience import users_who_see
from notifications.services import notify
from partner_center.actors import Actor
from resources.models import CloudResource

from ..message_types import CUSTOMER_RENEWAL_FAILED, RENEWAL_FAILED


def tell_renewal_failed(actor: Actor, resource: CloudResource, cause: str, day: date) -> None:
    """Auto-renewal was tried and refused: the customer is told, and its partner (04 D-07)."""
    words = {
        "resource": str(resource),
        "product": resource.product.name,
        "cause": cause,
        "expires_at": resource.expires_at,
        "customer": resource.account.title,
    }
    key = f"auto_renewal:{resource.pk}:{day}"
    notify(
        actor,
        account_id=resource.account_id,
        type=RENEWAL_FAILED.code,
        key=key,
        template="auto_renewal_failed",
        context=words,
        link=reverse("console:renewals"),
        link_label=_("Renewals"),
    )
    live = Association.objects.live().filter(customer_id=resource.account_id)
    if association := live.select_related("account").first():
        notify(
            actor,
            account_id=association.account_id,
            type=CUSTOMER_RENEWAL_FAILED.code,
            key=key,
            template="customer_renewal_failed",
            context=words,
            link=reverse("customers:details", args=[association.pk]),
            link_label=_("Customer Details"),
            only_users=users_who_see(association),
        )
