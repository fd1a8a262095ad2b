"""Refusals of order exceptions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from partner_center.refusals import Refusal


class NotANewPurchase(Refusal):
    """Only what a completed new purchase delivered is unsubscribed as a whole."""

    code = "orders.exceptions.not_a_new_purchase"
    default_sentence = _(
        "Only a completed new purchase can be unsubscribed because of an order exception. Nothing was "
        "changed."
    )


class NothingDelivered(Refusal):
    """No resource of the order is there any more."""

    code = "orders.exceptions.nothing_delivered"
    default_sentence = _("Nothing of this order is there any more. Nothing was changed.")
