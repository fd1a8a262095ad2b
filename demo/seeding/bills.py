"""The bills of the demo: each month that is due was run on its 5th, and partly paid since.

Tidemark's card paid its first bill, has expired since, and what came after it was paid by half or not
at all. Northgate's card pays everything. Meridian transfers.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from accounts.models import Account, User
from accounts.queries.actors import actor_for, operator_job
from billing.choices import BillState, TicketState
from billing.gateways.base import CardDetails
from billing.models import BillAccount, Card, TransferTicket
from billing.queries import funds as queries
from billing.rules import periods
from billing.services import (
    cards,
    charging,
    invoicing,
    refunding,
    reminding,
    running,
    sealing,
    telling,
    transfers,
)
from partner_center import clock, paper
from partner_center.actors import Actor
from partner_center.clock import BillingCycle

from . import months

#: Account, number, whether it has expired since its first bill. Numbers of the sandbox gateway.
CARDS = (
    ("tidemark-cloud", "Carla Mendoza", "5555555555554444", True),
    ("northgate-systems", "Nora Bauer", "4242424242424242", False),
)
#: Partner, which of its bills (the oldest is 0), days until it is transferred, share of what is due.
TRANSFERS = (
    ("meridian-distribution", 0, 20, Decimal(1)),
    ("tidemark-cloud", 1, 12, Decimal("0.6")),
    ("meridian-distribution", 1, 17, Decimal(1)),
)
#: This partner has just sent a ticket, which the operator has not looked at.
WAITING = "meridian-distribution"
BANK_ACCOUNT = "4401-2290-17"
#: Who of the operator's staff approves what the main user has confirmed.
SECOND = "o.reyes"
CARD_LEAD = timedelta(days=20)
MINUTE = timedelta(minutes=1)


def seed(operator: Actor) -> None:
    """Run what is due and not there yet, month by month, each step at its time."""
    now = clock.now()
    cycles = months.billed(now)
    if cycles:
        for account, holder, number, expires in CARDS:
            _add_card(account, holder, number, cycles[0], expires=expires)
    for place, cycle in enumerate(cycles):
        _run(cycle)
        cards.expire_due(periods.issue_from(cycle.next()) - MINUTE)
        for partner, bill, days, share in TRANSFERS:
            if bill == place:
                moment = periods.issue_from(cycle) + timedelta(days=days, hours=10)
                _transfer(operator, partner, cycle, min(moment, now), share)
    refunding.return_tests(now)
    reminding.mark_overdue(now)
    _send_ticket(now)


def _run(cycle: BillingCycle) -> None:
    """What the jobs of the 5th do, at their times; those of a finished run find nothing to do."""
    moment = periods.issue_from(cycle) + 3 * MINUTE
    running.generate(operator_job("bill run"), cycle, moment)
    telling.tell_issued(moment + MINUTE)
    sealing.seal_all(moment + MINUTE)
    try:
        invoicing.make_due(moment + 2 * MINUTE)
    except paper.NoPaper:
        return  # make run says what is missing; the sweep draws them once it is there
    finally:
        charging.charge_due(moment + 10 * MINUTE)


def _add_card(
    account: str, holder: str, number: str, first: BillingCycle, *, expires: bool
) -> None:
    """A card that was added before the first bill and confirmed; expired: with the next month."""
    partner = Account.objects.filter(name=account).first()
    if partner is None or Card.objects.filter(account=partner).exists():
        return
    moment, actor = periods.issue_from(first) - CARD_LEAD, _main(account)
    ends = first.next() if expires else first.plus(40)
    details = CardDetails(holder, ends.month, ends.year, number, "123")
    agreed = queries.agreement(clock.now()).version
    card = cards.add(actor, details, cards.NewCard(agreed), moment)
    cards.answer_sandbox(actor, card.pk, confirmed=True)
    cards.go_on(actor, card.pk, moment + MINUTE)


def _transfer(
    operator: Actor, partner: str, cycle: BillingCycle, moment: datetime, share: Decimal
) -> None:
    """A transfer for a bill, confirmed and approved a day later; goes on where it was killed."""
    state = BillAccount.objects.filter(account__name=partner, bill__cycle=str(cycle)).first()
    if state is None:
        return
    description = f"For bill {state.bill.number}"
    ticket = TransferTicket.objects.filter(account=state.account, description=description).first()
    if ticket is None:
        amount = (state.left * share).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
        if amount <= 0:
            return
        ticket = _submit(partner, amount, description, moment - timedelta(days=1))
    if ticket.state == TicketState.SUBMITTED:
        ticket = transfers.confirm(operator, ticket.pk, amount=ticket.amount)
    if ticket.state == TicketState.PROCESSING:
        second = User.objects.select_related("account")
        eyes = actor_for(second.get(account=operator.account_id, username=SECOND))
        transfers.approve(eyes, ticket.pk, moment)


def _send_ticket(now: datetime) -> None:
    """A transfer ticket that waits for the operator."""
    description = "For what is due now"
    tickets = TransferTicket.objects.filter(account__name=WAITING)
    if tickets.filter(description=description).exists():
        return
    for state in _unpaid(WAITING):
        _submit(WAITING, state.left, description, now - timedelta(hours=3))


def _unpaid(partner: str) -> Iterator[BillAccount]:
    """The newest bill of a partner that is not paid, if there is one."""
    rows = BillAccount.objects.filter(account__name=partner).exclude(state=BillState.PAID)
    yield from rows.exclude(state=BillState.NOTHING_DUE).order_by("-bill__cycle")[:1]


def _submit(partner: str, amount: Decimal, description: str, moment: datetime) -> TransferTicket:
    day = clock.business_date(moment)
    transfer = transfers.Transfer(
        topped_up_on=day,
        amount=amount,
        bank_account=BANK_ACCOUNT,
        description=description,
        certificate=_receipt(f"{day:%Y-%m-%d}   USD {amount:,.2f}   {BANK_ACCOUNT}"),
        certificate_name="receipt.png",
    )
    return transfers.submit(_main(partner), transfer, moment)


def _receipt(words: str) -> ContentFile:
    """A picture of the bank's receipt."""
    paper_size, ink = (520, 160), (40, 44, 52)
    picture = Image.new("RGB", paper_size, (250, 250, 247))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((8, 8, 511, 151), outline=(190, 190, 184))
    draw.text((28, 30), "Harbour Commercial Bank (Demo) - transfer receipt", fill=ink)
    draw.text((28, 78), words, fill=ink)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return ContentFile(file.getvalue(), name="receipt.png")


def _main(account: str) -> Actor:
    """The main user of a demo account, as a job: nobody is there to read a code."""
    user = User.objects.select_related("account").get(account__name=account, is_main=True)
    return replace(actor_for(user), is_system=True)
