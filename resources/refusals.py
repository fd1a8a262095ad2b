"""Refusals of the resources app."""

from django.utils.translation import gettext_lazy as _

from partner_center.refusals import Refusal


class NotYourCustomer(Refusal):
    """The named account is not a customer that the partner sees (docs/api/bss-api.md B.21)."""

    code = "resources.not_your_customer"
    default_sentence = _("The account is not a customer of yours, or it does not exist.")
