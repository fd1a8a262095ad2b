"""Widgets that the look asks for beyond Django's own. ``look`` names how field.html draws them."""

from __future__ import annotations

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


class AmountInput(forms.TextInput):
    """An amount of money, right-aligned, with its currency inside the field."""

    look = "amount"

    def __init__(self, attrs: dict[str, Any] | None = None, *, currency: str = "USD") -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})
        self.currency = currency


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
