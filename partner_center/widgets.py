"""Widgets that the look asks for beyond Django's own. ``look`` names how field.html draws them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise


class RadioCards(forms.RadioSelect):
    """Radios as cards, each with a sentence: ``hints`` maps a choice's value to it."""

    look = "cards"

    def __init__(
        self, *args: Any, hints: Mapping[str, str | Promise] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hints = dict(hints or {})


class Segments(forms.RadioSelect):
    """Two to four short choices beside one another."""

    look = "segments"


#: As pages print amounts: ``$1,500.00 USD``. Separators in other places may mean something else.
_PRINTED = r"\$? ?((?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?)(?: ?{currency})?"


class AmountInput(forms.TextInput):
    """An amount of money, right-aligned, with its currency inside the field.

    An amount may be typed as pages print it, such as one that was copied.
    """

    look = "amount"

    def __init__(self, attrs: dict[str, Any] | None = None, *, currency: str = "USD") -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})
        self.currency = currency

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Figures only, where it is an amount; else what was typed, for the field to refuse."""
        typed = super().value_from_datadict(data, files, name)  # type: ignore[arg-type]
        printed = _PRINTED.format(currency=re.escape(self.currency))
        found = re.fullmatch(printed, typed.strip()) if isinstance(typed, str) else None
        return found[1].replace(",", "") if found else typed


class CodeInput(forms.TextInput):
    """A verification code of six digits: one real input, drawn as six cells."""

    look = "code"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "maxlength": "6",
                "pattern": "[0-9]{6}",
                **(attrs or {}),
            }
        )


class PasswordInput(forms.PasswordInput):
    """A password with an eye that shows what was typed."""

    look = "password"

    def __init__(self, attrs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__({"autocomplete": "current-password", **(attrs or {})}, **kwargs)


class SearchSelect(forms.Select):
    """A select with a search field; ``search_url`` asks the server for long lists."""

    def __init__(
        self, attrs: dict[str, Any] | None = None, choices: Any = (), *, search_url: str = ""
    ) -> None:
        super().__init__({"data-pc-select": search_url, **(attrs or {})}, choices)
