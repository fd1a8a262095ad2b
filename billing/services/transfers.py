"""Transfer tickets: a partner says that it has transferred money, the operator books it, four eyes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

import audit.services
from metering.services import statements
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..choices import EntryType, TicketState
from ..models import TransferTicket
from ..permissions import OPERATE_FUNDS, PAY_BILLS
from ..queries import reach
from ..refusals import FourEyes, TicketDecided
from ..rules import funds as rules
from . import fund_messages, funds

_NEXT_NUMBER = "SELECT nextval(pg_get_serial_sequence('billing_transferticket', 'id'))"


@dataclass(frozen=True)
class Transfer:
    """What the form says (05 §8.4.1.6); ``amount`` in USD, ``certificate`` checked by its field."""

    topped_up_on: date
    amount: Decimal
    bank_account: str
    description: str
    certificate: Any
    certificate_name: str


@transaction.atomic(durable=True)
def submit(actor: Actor, transfer: Transfer, moment: datetime | None = None) -> TransferTicket:
    """Send a transfer ticket (05-REP-09), now unless told when.

    Raises NotPermitted, NoFinancialInformation.
    """
    reach.require(actor, PAY_BILLS)
    key: int = statements.value(_NEXT_NUMBER)
    ticket = TransferTicket.objects.create(
        pk=key,
        number=rules.ticket_number(key),
        account_id=actor.account_id,
        topped_up_on=transfer.topped_up_on,
        amount=transfer.amount,
        bank_account=transfer.bank_account,
        description=transfer.description,
        certificate=transfer.certificate,
        certificate_name=transfer.certificate_name,
        submitted_by_id=actor.user_id,
        submitted_at=moment or clock.now(),
    )
    after = {"number": ticket.number, "amount": str(ticket.amount)}
    audit.services.record(actor, "billing.transfer.submitted", ticket, after=after)
    return ticket


@transaction.atomic(durable=True)
def confirm(actor: Actor, ticket_id: int, *, amount: Decimal) -> TransferTicket:
    """First pair of eyes: this much (USD) has arrived. Again while nobody has approved it.

    Raises NotPermitted, NotFound, TicketDecided.
    """
    actor.require(OPERATE_FUNDS)
    ticket = _locked(ticket_id, TicketState.SUBMITTED, TicketState.PROCESSING)
    ticket.state = TicketState.PROCESSING
    ticket.confirmed_amount, ticket.confirmed_by_id = amount, actor.user_id
    ticket.save(update_fields=["state", "confirmed_amount", "confirmed_by"])
    _record(actor, "billing.transfer.confirmed", ticket, amount=str(amount))
    return ticket


@transaction.atomic(durable=True)
def approve(actor: Actor, ticket_id: int, moment: datetime | None = None) -> TransferTicket:
    """Second pair of eyes: tops up the account and pays its bills, the oldest first (05-REP-10).

    ``moment``: when it is booked, None: now. Raises NotPermitted, NotFound, TicketDecided, FourEyes.
    """
    actor.require(OPERATE_FUNDS)
    account = funds.lock(_account_of(ticket_id))
    ticket = _locked(ticket_id, TicketState.PROCESSING)
    if ticket.confirmed_by_id == actor.user_id:
        raise FourEyes
    moment = moment or clock.now()
    ticket.state, ticket.approved_by_id = TicketState.COMPLETED, actor.user_id
    ticket.closed_at = moment
    ticket.save(update_fields=["state", "approved_by", "closed_at"])
    amount = ticket.confirmed_amount or Decimal(0)
    funds.book(account, EntryType.TOP_UP, amount, moment, remarks=ticket.number)
    funds.pay_bills(account, moment)
    _record(actor, "billing.transfer.approved", ticket, amount=str(amount))
    fund_messages.tell_transfer(ticket)
    return ticket


@transaction.atomic(durable=True)
def reject(actor: Actor, ticket_id: int, *, reason: str) -> TransferTicket:
    """Nothing is booked; the partner reads why. Raises NotPermitted, NotFound, TicketDecided."""
    actor.require(OPERATE_FUNDS)
    ticket = _locked(ticket_id, TicketState.SUBMITTED, TicketState.PROCESSING)
    ticket.state, ticket.reason, ticket.closed_at = TicketState.REJECTED, reason, clock.now()
    ticket.save(update_fields=["state", "reason", "closed_at"])
    _record(actor, "billing.transfer.rejected", ticket, reason=reason)
    fund_messages.tell_transfer(ticket)
    return ticket


def _account_of(ticket_id: int) -> int:
    found = TransferTicket.objects.filter(pk=ticket_id).values_list("account_id", flat=True).first()
    if found is None:
        raise NotFound
    return found


def _locked(ticket_id: int, *states: TicketState) -> TransferTicket:
    ticket = TransferTicket.objects.select_for_update(of=("self",)).filter(pk=ticket_id).first()
    if ticket is None:
        raise NotFound
    if ticket.state not in states:
        raise TicketDecided
    return ticket


def _record(actor: Actor, action: str, ticket: TransferTicket, **after: str) -> None:
    audit.services.record(
        actor,
        action,
        ticket,
        after={"number": ticket.number, **after},
        account_id=ticket.account_id,
    )
