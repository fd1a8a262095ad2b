"""The password rule (01-ACC-06, PWD-03)."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class PortalPasswordValidator:
    """At least 8 characters, both letters and digits, no spaces."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError naming each rule that is broken."""
        errors = []
        if len(password) < 8:
            errors.append(_("Use at least 8 characters."))
        if not (re.search(r"[A-Za-z]", password) and re.search(r"\d", password)):
            errors.append(_("Use both letters and digits."))
        if re.search(r"\s", password):
            errors.append(_("Leave out spaces."))
        if errors:
            raise ValidationError(errors, code="password_rule")

    def get_help_text(self) -> str:
        """The rule in one sentence."""
        return _("At least 8 characters, both letters and digits, no spaces.")
