"""Times in the list of messages."""

from __future__ import annotations

from datetime import date, datetime

from django import template

from partner_center import clock

register = template.Library()


@register.filter
def short_moment(value: datetime, today: date) -> str:
    """``14:10`` for today, ``Nov 19`` for this year, else ``Nov 19, 2025``; GMT+08:00."""
    local = value.astimezone(clock.BUSINESS_ZONE)
    if local.date() == today:
        return f"{local:%H:%M}"
    return f"{local:%b %d}" if local.year == today.year else f"{local:%b %d, %Y}"
