"""Telling customer and partner what happened by itself."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from budgets.queries import control
from budgets.refusals import AccountFrozen, BudgetInsufficient
from customers.models import Association
from customers.queries.audience import users_who_see
from notifications.services import notify
from partner_center.actors import Actor
from partner_center.refusals import Refusal
from resources.models import CloudResource

from ..message_types import CUSTOMER_RENEWAL_FAILED, RENEWAL_FAILED

_NONE = ("", "customers:details", _("Customer Details"))
#: What a partner can do about a refusal: the word of the template, where it does so.
_REMEDIES: dict[type[Refusal], tuple[str, str, str | Promise]] = {
    BudgetInsufficient: ("budget", "budgets:set", _("Set Budget")),
    AccountFrozen: ("unfreeze", "customers:details", _("Customer Details")),
}


def tell_renewal_failed(actor: Actor, resource: CloudResource, refusal: Refusal, day: date) -> None:
    """Auto-renewal was tried and refused: the customer is told, and its partner (04 D-07)."""
    words: dict[str, object] = {
        "resource": str(resource),
        "product": resource.product.name,
        "cause": refusal.sentence,
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
        _tell_partners(actor, association, key, words, refusal)


def _tell_partners(
    actor: Actor,
    association: Association,
    key: str,
    words: dict[str, object],
    refusal: Refusal,
) -> None:
    """The partner; and where it could have helped, whoever decides about budget and freezing too."""
    told = {association.account_id}
    remedy, page, label = _REMEDIES.get(type(refusal), _NONE)
    if remedy and (controller := control.controllers_of([association])[association.pk]):
        told.add(controller[1])
    for account_id in sorted(told):
        notify(
            actor,
            account_id=account_id,
            type=CUSTOMER_RENEWAL_FAILED.code,
            key=key,
            template="customer_renewal_failed",
            context=words | {"remedy": remedy},
            link=reverse(page, args=[association.pk]),
            link_label=label,
            only_users=users_who_see(association, account_id=account_id),
        )
