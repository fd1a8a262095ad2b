"""How pages print a specification: pure."""

from __future__ import annotations

from ..choices import BillingMode

#: Their specification is one figure, the commitment or the quota, which alone says nothing.
_FIGURES = (BillingMode.SAVINGS_PLAN, BillingMode.PACKAGE)


def words(text: str, mode: str, product_name: str) -> str:
    """The specification of a bill (05-BFD column 15), whose values a ``|`` parts, to be read."""
    return product_name if mode in _FIGURES else text.replace("|", " · ")
