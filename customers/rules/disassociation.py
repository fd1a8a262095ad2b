"""Who may ask for disassociation, and when: decisions over plain facts (04 §8.3.1.7, 08 §10.2)."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partner_center.clock import BillingCycle, business_date

from ..choices import Side

#: One request in so many calendar months, per pair and side (00 decision 4).
INTERVAL_MONTHS = 3
#: Items about earlier requests; they say nothing about the account itself.
ABOUT_REQUESTS = frozenset({"interval", "pending"})


@dataclass(frozen=True)
class CheckItem:
    """One line of the account check. ``advice`` is what to do when it failed."""

    code: str
    label: str | Promise
    passed: bool
    advice: str | Promise = ""


@dataclass(frozen=True)
class LeavingFacts:
    """What is known of a customer and its partner when one of them wants to leave."""

    #: When this side submitted its latest request of this pair, whatever became of it.
    last_request: datetime | None = None
    #: A request of either side waits for an answer.
    is_pending: bool = False
    has_orders_for_partner: bool = False
    has_independent_members: bool = False
    is_enterprise_member: bool = False
    is_overdue: bool = False
    has_reserved_instances: bool = False
    has_support_plan: bool = False
    has_currency: bool = True
    has_commerce_contract: bool = False


def next_request_on(submitted: datetime) -> date:
    """The first day (GMT+08:00) on which the same side may ask again.

    The same day three calendar months later; the last day of a month that is too short for it.
    """
    month = BillingCycle.of(submitted).plus(INTERVAL_MONTHS)
    last_day = calendar.monthrange(month.year, month.month)[1]
    return date(month.year, month.month, min(business_date(submitted).day, last_day))


def check_items(facts: LeavingFacts, side: Side, today: date) -> list[CheckItem]:
    """The account check of one side (04-ASC-02 to ASC-05, 08-CSD-04 to CSD-09).

    ``today`` is the day in GMT+08:00.
    """
    about_requests = [_interval(facts.last_request, today), _pending(facts.is_pending)]
    if side == Side.CUSTOMER:
        return [*about_requests, *_customer_items(facts)]
    return [*about_requests, _independent_members(facts), _instances_and_plans(facts)]


def _customer_items(facts: LeavingFacts) -> list[CheckItem]:
    return [
        CheckItem(
            "orders",
            _("No order waits to be paid by the partner"),
            not facts.has_orders_for_partner,
            _("Cancel the orders, or contact your partner to pay them."),
        ),
        _independent_members(facts),
        CheckItem(
            "enterprise_member",
            _("The account is not a member account of an enterprise master"),
            not facts.is_enterprise_member,
            _("Disassociate from the enterprise master first."),
        ),
        CheckItem(
            "arrears",
            _("The account is not in arrears"),
            not facts.is_overdue,
            _(
                "Contact your partner to raise the budget or credit, so that the arrears can be "
                "written off."
            ),
        ),
        _instances_and_plans(facts),
        CheckItem(
            "currency",
            _("The payment currency is set"),
            facts.has_currency,
            _("Set the payment currency of your account first."),
        ),
        CheckItem(
            "contract",
            _("No special commerce contract is in force"),
            not facts.has_commerce_contract,
            _("Contact your partner, who must handle the contract offline first."),
        ),
    ]


def _interval(last_request: datetime | None, today: date) -> CheckItem:
    again = next_request_on(last_request) if last_request else None
    return CheckItem(
        "interval",
        _("No earlier disassociation request within three months"),
        again is None or today >= again,
        _waiting_words(again) if again else "",
    )


def _waiting_words(again: date) -> str:
    words = _(
        "Only one disassociation request can be submitted within three months. The next one is "
        "possible on %(day)s (GMT+08:00)."
    )
    return str(words) % {"day": f"{again:%b %d, %Y}"}


def _pending(is_pending: bool) -> CheckItem:
    return CheckItem(
        "pending",
        _("No request waits to be processed"),
        not is_pending,
        _("The existing request must be processed or withdrawn first."),
    )


def _independent_members(facts: LeavingFacts) -> CheckItem:
    return CheckItem(
        "independent_members",
        _("The account is not an enterprise master with independent accounting members"),
        not facts.has_independent_members,
        _("All independent accounting members must be disassociated from the account first."),
    )


def _instances_and_plans(facts: LeavingFacts) -> CheckItem:
    return CheckItem(
        "instances",
        _("No valid reserved instance or unexpired partner support plan product"),
        not (facts.has_reserved_instances or facts.has_support_plan),
        _("Unsubscribe from the reserved instances and partner support plan products first."),
    )
