"""Process Task: what became of a customer, said once by whoever handles the alert (04-ALH-04)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

import audit.services
from partner_center import clock
from partner_center.actors import Actor

from .. import queries
from ..choices import AlertStatus, Feedback, LossReason
from ..locks import lock_alert
from ..models import CustomerAlert
from ..permissions import HANDLE_ALERTS
from ..refusals import AnswerMissing, TextMissing
from ..rules import LONGEST_TEXT


@dataclass(frozen=True)
class Answer:
    """What the dialog says: lost or not, a LossReason or a Feedback, and words for Other."""

    lost: bool
    answer: str
    text: str = ""


@transaction.atomic(durable=True)
def process(actor: Actor, alert_id: int, *, answer: Answer) -> CustomerAlert:
    """Handle an alert; it is final. The handler is the one of this moment (04 D-42).

    Raises NotFound, AlreadyHandled, NotYourAlert, AnswerMissing, TextMissing.
    """
    actor.require(HANDLE_ALERTS)
    queries.get_alert(actor, alert_id)
    alert = lock_alert(alert_id)
    queries.refuse_unless_handler(actor, alert)
    text = _text(answer)
    _close(actor, alert, answer, text)
    audit.services.record(
        actor,
        "churn.alert.handled",
        alert,
        before={"status": AlertStatus.UNHANDLED.value},
        after={
            "status": AlertStatus.HANDLED.value,
            "lost": answer.lost,
            "answer": answer.answer,
            "text": text,
        },
    )
    return alert


def _text(answer: Answer) -> str:
    """The words that are kept: those that go with Other."""
    choices = LossReason if answer.lost else Feedback
    if answer.answer not in choices:
        raise AnswerMissing(field="reason" if answer.lost else "feedback")
    text = answer.text.strip()
    if answer.answer != choices.OTHER:
        return ""
    if not 1 <= len(text) <= LONGEST_TEXT:
        raise TextMissing(field="text")
    return text


def _close(actor: Actor, alert: CustomerAlert, answer: Answer, text: str) -> None:
    alert.status = AlertStatus.HANDLED
    alert.handled_by_id, alert.handled_by_name = actor.user_id, actor.full_name
    alert.handled_at = clock.now()
    alert.lost, alert.answer, alert.text = answer.lost, answer.answer, text
    alert.save(
        update_fields=[
            *("status", "handled_by", "handled_by_name", "handled_at"),
            *("lost", "answer", "text"),
        ]
    )
