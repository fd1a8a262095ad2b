"""The ledger of alerts as people read it: what was told, to whom, how far it got (04-RCP-03 to RCP-05).

A partner sees its own alerts and, as a distributor, those about its resellers' customers; of whom they
reached it sees the people of its own account only.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import CharField, Count, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

import notifications.queries
import resellers.queries
from notifications.choices import ReachState
from notifications.models import Message, Notice, NoticeDelivery
from notifications.permissions import MANAGE_SETTINGS
from notifications.queries import Reach
from outbox.choices import DeliveryState
from partner_center import masking
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..models import BudgetAlert
from ..permissions import VIEW_ALERTS


def list_alerts(actor: Actor) -> QuerySet[BudgetAlert]:
    """Alerts that the actor may see, with ``notice_id`` for the columns that say whom they reached."""
    actor.require(VIEW_ALERTS)
    of_resellers = Q(
        account_id__in=resellers.queries.reseller_ids(actor.account_id), association__isnull=False
    )
    rows = BudgetAlert.objects.filter(Q(account_id=actor.account_id) | of_resellers)
    key = Concat(Value("budget-alert:"), Cast(OuterRef("pk"), CharField()))
    notice = Notice.objects.filter(account_id=actor.account_id, key=key)
    seen = rows.within_scope(actor, "association")  # type: ignore[attr-defined]
    found: QuerySet[BudgetAlert] = seen.alias(notice_id=Subquery(notice.values("pk")[:1]))
    return found


def get_alert(actor: Actor, alert_id: int) -> BudgetAlert:
    """One alert. Raises NotFound."""
    rows = list_alerts(actor).select_related("account", "association__customer", "hold")
    if (found := rows.filter(pk=alert_id).first()) is None:
        raise NotFound
    return found


def recipients() -> Coalesce:
    """Expression over ``list_alerts``: e-mails, SMS and messages in the portal."""
    return Coalesce(_deliveries() + _messages(), _deliveries(), _messages(), Value(0))


def failed() -> Coalesce:
    """Expression over ``list_alerts``: e-mails and SMS that could not be delivered."""
    return Coalesce(_deliveries(Q(delivery__state=DeliveryState.FAILED)), Value(0))


def read() -> Coalesce:
    """Expression over ``list_alerts``: people who have read it in the Message Center."""
    return Coalesce(_messages(~Q(read_at=None)), Value(0))


def recipient_words() -> Subquery:
    """Expression over ``list_alerts``, for files: each recipient, by which way, and how far."""
    each = Concat(
        F("name"),
        Value(", "),
        F("channel"),
        Value(": "),
        F("delivery__state"),
        output_field=TextField(),
    )
    rows = NoticeDelivery.objects.filter(notice_id=OuterRef("notice_id")).order_by()
    return Subquery(rows.values("notice").annotate(words=StringAgg(each, "; ")).values("words"))


def _deliveries(condition: Q | None = None) -> Subquery:
    rows = NoticeDelivery.objects.filter(condition or Q(), notice_id=OuterRef("notice_id"))
    return Subquery(rows.order_by().values("notice").annotate(n=Count("pk")).values("n"))


def _messages(condition: Q | None = None) -> Subquery:
    rows = Message.objects.filter(condition or Q(), notice_id=OuterRef("notice_id"))
    return Subquery(rows.order_by().values("notice").annotate(n=Count("pk")).values("n"))


@dataclass(frozen=True)
class Told:
    """Whom an alert reached; ``subject`` and ``body`` are what they read."""

    subject: str
    body: str
    link: str
    reach: tuple[Reach, ...]

    @property
    def failures(self) -> int:
        """E-mails and SMS that could not be delivered."""
        return sum(each.state == ReachState.FAILED for each in self.reach)


def told_of(actor: Actor, alert: BudgetAlert) -> Told | None:
    """Whom in the actor's account an alert reached; None while nobody was told there.

    Addresses are masked for those who do not manage recipients.
    """
    notice = Notice.objects.filter(account_id=actor.account_id, key=alert.key).first()
    if notice is None:
        return None
    found = notifications.queries.reach_of(actor, notice)
    if not actor.can(MANAGE_SETTINGS):
        found = [_masked(each) for each in found]
    return Told(notice.title, notice.body, notice.link, tuple(found))


def reach_everywhere(alert: BudgetAlert) -> list[str]:
    """One line for every recipient in every account that was told; for the operator. Two queries."""
    sent = NoticeDelivery.objects.filter(notice__key=alert.key).select_related("notice__account")
    seen = Message.objects.filter(notice__key=alert.key).select_related("notice__account", "user")
    return [
        *(
            f"{each.notice.account}: {each.name}, {each.channel} {each.target}: "
            f"{each.delivery.state} {each.delivery.last_error}".strip()
            for each in sent.select_related("delivery").order_by("pk")
        ),
        *(
            f"{each.notice.account}: {each.user.username}, portal: "
            f"{'read' if each.read_at else 'not read'}"
            for each in seen.order_by("pk")
        ),
    ]


def _masked(each: Reach) -> Reach:
    hide = masking.mask_email if "@" in each.target else masking.mask_phone
    is_portal = each.way == "portal"
    return Reach(
        each.name,
        each.way,
        each.target if is_portal else hide(each.target),
        each.state,
        each.at,
        each.error,
    )
