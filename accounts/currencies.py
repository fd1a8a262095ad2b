"""Currencies a partner may pay its bills in (01-BAS-08). Settlement itself is in USD (05-CNV-04)."""

from django.utils.translation import gettext_lazy as _

CURRENCIES = [
    ("USD", _("USD – US dollar")),
    ("EUR", _("EUR – Euro")),
    ("GBP", _("GBP – Pound sterling")),
    ("HKD", _("HKD – Hong Kong dollar")),
    ("SGD", _("SGD – Singapore dollar")),
    ("PHP", _("PHP – Philippine peso")),
    ("THB", _("THB – Thai baht")),
    ("MYR", _("MYR – Malaysian ringgit")),
    ("IDR", _("IDR – Indonesian rupiah")),
    ("ZAR", _("ZAR – South African rand")),
    ("BRL", _("BRL – Brazilian real")),
    ("MXN", _("MXN – Mexican peso")),
    ("CLP", _("CLP – Chilean peso")),
    ("AED", _("AED – UAE dirham")),
    ("SAR", _("SAR – Saudi riyal")),
    ("TRY", _("TRY – Turkish lira")),
]

#: The currency of an account that never chose one.
DEFAULT_CURRENCY = "USD"
