"""What a card number and its dates say: pure."""

from __future__ import annotations

import re
from datetime import date

#: ``8148691-0``: digits, a hyphen, a check digit. Modulo 11 is not asked for: the manual's own example
#: fails it (05-PMT-06).
_RUT = re.compile(r"\d{6,9}-[0-9Kk]")
_MONTHS = 12


def digits_of(number: str) -> str:
    """A card number without the spaces and hyphens that people type."""
    return re.sub(r"[ -]", "", number)


def is_card_number(number: str) -> bool:
    """12 to 19 digits whose check digit is right (Luhn)."""
    if not re.fullmatch(r"[0-9]{12,19}", number):
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def is_over(month: int, year: int, day: date) -> bool:
    """Whether a card is no longer valid on a day: it is until the end of its month."""
    return (year, month) < (day.year, day.month)


def is_id_number(kind: str, number: str) -> bool:
    """Whether an ID number of Chile has the form of its kind: ``rut`` or ``otro``."""
    if kind == "rut":
        return bool(_RUT.fullmatch(number))
    return 5 <= len(number.strip()) <= 20
