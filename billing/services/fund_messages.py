"""What partners are told about due bills, cards and transfers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

import notifications.services
from accounts.queries.actors import operator_job
from notifications.catalogue import MessageType
from partner_center import money

from ..message_types import BILL_DUE, CARD_PAYMENT, TRANSFER
from ..models import BillAccount, Card, Payment, TransferTicket


def tell_due_soon(state: BillAccount) -> None:
    """A bill is to be paid within a week."""
    _tell_of_bill(state, "due_soon", "bill_due_soon")


def tell_overdue(state: BillAccount) -> None:
    """The due moment has passed: overdue bills affect credit (05-REP-11)."""
    _tell_of_bill(state, "overdue", "bill_overdue")


def tell_card_expired(card: Card) -> None:
    """The card is charged no more."""
    _tell(
        card.account_id,
        CARD_PAYMENT,
        key=f"card:{card.pk}:expired:{card.expires_year}-{card.expires_month}",
        template="card_expired",
        context={"card": str(card), "expires": f"{card.expires_month:02d}/{card.expires_year}"},
        link=reverse("billing:payment-methods"),
        label=_("Payment Methods"),
    )


def tell_charge_failed(payment: Payment, left: Decimal, again: datetime | None) -> None:
    """No card took an automatic charge; ``left`` is what is still to be paid, in USD.

    ``again``: when cards are asked again. Told once with such a moment, and once without.
    """
    _tell(
        payment.account_id,
        CARD_PAYMENT,
        key=f"charge:{payment.series}:{'failed' if again else 'given_up'}",
        template="charge_failed",
        context={
            "bill": payment.bill,
            "reason": payment.failure,
            "left": money.words(left),
            "again": again,
        },
        link=reverse("billing:repay"),
        label=_("Repay"),
    )


def tell_transfer(ticket: TransferTicket) -> None:
    """The ticket is completed or rejected."""
    amount = money.words(ticket.confirmed_amount or ticket.amount)
    _tell(
        ticket.account_id,
        TRANSFER,
        key=f"transfer:{ticket.pk}:{ticket.state}",
        template=f"transfer_{ticket.state}",
        context={"ticket": ticket, "amount": amount},
        link=reverse("billing:transfers"),
        label=_("Transfer Tickets"),
    )


def _tell_of_bill(state: BillAccount, event: str, template: str) -> None:
    _tell(
        state.account_id,
        BILL_DUE,
        key=f"bill:{state.pk}:{event}",
        template=template,
        context={"bill": state.bill, "left": money.words(state.left)},
        link=reverse("billing:repay"),
        label=_("Repay"),
    )


def _tell(
    account_id: int,
    kind: MessageType,
    *,
    key: str,
    template: str,
    context: dict[str, Any],
    link: str,
    label: str | Promise,
) -> None:
    notifications.services.notify(
        operator_job("billing"),
        account_id=account_id,
        type=kind.code,
        key=key,
        template=template,
        context=context,
        link=link,
        link_label=label,
    )
