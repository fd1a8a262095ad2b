"""Refusals of Customer Alerts: the sentences that people read."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.clock import BUSINESS_ZONE
from partner_center.refusals import Refusal, Stale


class AlreadyHandled(Stale):
    """An alert is handled once (04 "Refusals")."""

    code = "churn.already_handled"

    def __init__(self, name: str, at: datetime) -> None:
        local = at.astimezone(BUSINESS_ZONE)
        super().__init__(
            _("Nothing was changed: this alert was already handled by %(name)s at %(time)s.")
            % {"name": name, "time": f"{local:%b %d, %Y %H:%M:%S} GMT+08:00"}
        )


class NotYourAlert(Refusal):
    """One person handles an alert: the assigned account manager, else the partner (04-ALH-01)."""

    code = "churn.not_yours"
    status = 403

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Nothing was changed: this is not your alert. It is handled by %(name)s.")
            % {"name": name}
        )


class AnswerMissing(Refusal):
    """A lost customer needs a reason, one that is not lost a feedback; one of those listed."""

    code = "churn.answer_missing"
    default_sentence = gettext_lazy("Choose one of the answers.")


class TextMissing(Refusal):
    """Other says nothing by itself (04 D-41)."""

    code = "churn.text_missing"
    default_sentence = gettext_lazy("Enter 1 to 256 characters that say what it is.")
