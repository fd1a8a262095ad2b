"""What the operator's cloud sends to customers, as the partner's template groups it (01-BAS-11)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .choices import NotificationCategory


@dataclass(frozen=True)
class CustomerMessageType:
    """One line below a category. ``code`` never changes once released."""

    code: str
    label: str | Promise
    category: NotificationCategory


def _types(category: NotificationCategory, **labels: Promise) -> tuple[CustomerMessageType, ...]:
    return tuple(CustomerMessageType(code, label, category) for code, label in labels.items())


TYPES: tuple[CustomerMessageType, ...] = (
    *_types(
        NotificationCategory.FINANCE,
        account_restriction=_("Account frozen or unfrozen"),
        spending_limit=_("Spending limit used up"),
        order=_("Orders and renewals"),
        discount=_("Discounts and coupons"),
    ),
    *_types(
        NotificationCategory.PRODUCT,
        product_release=_("New products and features"),
        product_change=_("Product changes and retirement"),
        resource_expiry=_("Expiring resources"),
    ),
    *_types(
        NotificationCategory.SECURITY,
        sign_in_security=_("Sign-in and password security"),
        vulnerability=_("Vulnerability notices"),
        violation=_("Violations and attacks"),
    ),
    *_types(
        NotificationCategory.OM,
        maintenance=_("Planned maintenance"),
        fault=_("Faults and recovery"),
        quota=_("Quotas and alarms"),
    ),
    *_types(
        NotificationCategory.CAMPAIGNS,
        campaign=_("Promotions and events"),
        survey=_("Surveys"),
    ),
    *_types(
        NotificationCategory.FILING,
        filing_progress=_("Filing progress"),
        filing_change=_("Filing changes and checks"),
    ),
)

BY_CODE = {kind.code: kind for kind in TYPES}


def types_of(category: NotificationCategory) -> list[CustomerMessageType]:
    """The types of one category, in the order they are shown."""
    return [kind for kind in TYPES if kind.category == category]
