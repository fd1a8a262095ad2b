"""Refusals of the order queries of the API (docs/api/bss-api.md B.16 to B.18)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from partner_center.refusals import Refusal


class OrderNotUsable(Refusal):
    """There is no such order for the caller, or it no longer waits for payment."""

    code = "orders.api.invalid_order"
    default_sentence = _("The order does not exist, is not yours, or does not wait for payment.")


class NoRefundOrder(Refusal):
    """The order gave nothing back."""

    code = "orders.api.no_refund_order"
    default_sentence = _("This is not an unsubscription or downgrade order that you can see.")
