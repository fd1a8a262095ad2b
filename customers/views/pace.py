"""The card Budget Pace on the page of one customer: what is used, and what will be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

import budgets.queries.pace
from partner_center import clock, money
from partner_center.templatetags import portal

from ..models import Association


def card(association: Association) -> dict[str, Any]:
    """What the card prints; nothing without a budget."""
    course = budgets.queries.pace.course_of(association.pk, clock.now())
    return {"pace": course, "pace_chart": _chart(course)} if course else {}


def _chart(course: budgets.queries.pace.Course) -> dict[str, Any]:
    days = course.days
    return {
        "categories": [_words(each.day) for each in days],
        "currency": "$",
        "description": _("What is used of the budget day by day, and what will be at this pace."),
        "series": [
            {
                "name": _("Used in all"),
                "type": "line",
                "area": True,
                "values": [_cents(each.used) for each in days],
            },
            {
                "name": _("At this pace"),
                "type": "line",
                "forecast": True,
                "values": [_cents(each.expected) for each in days],
            },
            {"name": _("Used that day"), "values": [_cents(each.spent) for each in days]},
        ],
        "thresholds": [
            {"value": course.budget.amount, "label": _("Budget"), "tone": "red", "dashed": True}
        ],
    }


def _cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else money.round_due(amount)


def _words(day: date) -> str:
    return str(portal.day(day)).partition(",")[0]
