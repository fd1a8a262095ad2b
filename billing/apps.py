"""Billing: the partner bill of the 5th, with what leads to it and what follows from it."""

from partner_center import app_config


class BillingConfig(app_config.PortalConfig):
    """Commercial terms, coupons, taxes, the bill run, bills, invoices, payments, statements."""

    name = "billing"
    verbose_name = "Billing"
