"""When ordinary messages are sent, and how times read in them (01-BAS-09)."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

WORK_BEGINS = time(9)
WORK_ENDS = time(18)
#: Monday to Friday, as datetime counts them.
WORK_DAYS = range(5)


def next_working_moment(moment: datetime, zone: tzinfo) -> datetime:
    """``moment`` itself when people work in ``zone`` then, else the next 09:00 of a working day.

    Working hours are 09:00 to 18:00, Monday to Friday. The answer is in ``zone``.
    """
    local = moment.astimezone(zone)
    if local.weekday() in WORK_DAYS and WORK_BEGINS <= local.time() < WORK_ENDS:
        return local
    day = local.date()
    if local.time() >= WORK_BEGINS:
        day += timedelta(days=1)
    while day.weekday() not in WORK_DAYS:
        day += timedelta(days=1)
    return datetime.combine(day, WORK_BEGINS, zone)


def local_words(moment: datetime, zone: tzinfo) -> str:
    """``Nov 20, 2026 07:20:00 GMT+01:00``: a moment as people in ``zone`` read it."""
    local = moment.astimezone(zone)
    offset = local.strftime("%z")
    return f"{local:%b %d, %Y %H:%M:%S} GMT{offset[:3]}:{offset[3:5]}"
