"""Repaying by card: once, whatever is clicked, killed or told twice; the books in the same second."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.choices import PartnerKind
from accounts.currencies import CURRENCIES
from accounts.models import Account, AccountCurrency
from billing import gateways
from billing.choices import BillState, EntryType, PaymentPurpose, PaymentState
from billing.gateways import sandbox
from billing.gateways.base import Answer, Unreachable
from billing.gateways.sandbox import SandboxGateway
from billing.models import (
    BillAccount,
    Card,
    ExchangeRate,
    PartnerAccount,
    Payment,
    SandboxDeal,
    StatementEntry,
)
from billing.queries import funds as queries
from billing.refusals import (
    BalanceTooSmall,
    CardNotUsable,
    DuesChanged,
    NotRefundable,
    OutsideLimits,
    PaymentGoesOn,
)
from billing.rules import payments as rules
from billing.services import charging, paying, refunding, reminding
from budgets.models import ConsumptionQuota
from budgets.queries import consumption
from budgets.services import consumption as quota_check
from notifications.models import Notice
from partner_center import clock
from partner_center.clock import BillingCycle
from partner_center.refusals import NotFound, NotPermitted
from tests.billing.conftest import ISSUE, Books

from . import wallet

pytestmark = pytest.mark.django_db

LIMITS = {"USD": ("0.01", "20000"), "CLP": ("1", "11000000")}


@pytest.fixture
def owing(books: Books) -> Books:
    """Tidemark owes its bill of October, 120.00 USD, and has a card that was there before."""
    wallet.set_currency(books.cast.tidemark)
    wallet.add(books.cast.actor(books.cast.mara))
    Card.objects.update(added_at=ISSUE - timedelta(days=9))
    books.post("100", "20")
    books.run()
    return books


def pay(books: Books, amount: str, key: str = "a", **more) -> Payment:
    """Mara pays from the first card."""
    mara = books.cast.actor(books.cast.mara)
    card = more.pop("card", None) or Card.objects.filter(account=books.cast.tidemark).first()
    seen = more.pop("seen", None) or queries.own_dues(mara).seen
    return paying.repay(mara, key=key, card_id=card.pk, amount=Decimal(amount), seen=seen)


def entries(books: Books) -> list[tuple[str, str, str]]:
    """Type, amount and balance of what was booked, in order."""
    rows = StatementEntry.objects.filter(account=books.cast.tidemark).order_by("pk")
    return [(row.type, str(row.amount), str(row.balance)) for row in rows]


def charges() -> list[Decimal]:
    """What the sandbox has charged, test charges aside."""
    rows = SandboxDeal.objects.filter(amount__gt=1, outcome="succeeded").order_by("pk")
    return list(rows.values_list("amount", flat=True))


@pytest.mark.requirement("05-TXL-01", "05-TXL-02", "05-TXL-03", "06-DRP-06")
def test_limits_of_single_transactions(settings) -> None:
    def within(amount: str, rate: str = "1", currency: str = "USD") -> bool:
        return rules.is_within(Decimal(amount), Decimal(rate), currency, LIMITS)

    assert [within(a) for a in ("0.00", "0.01", "20000.00", "20000.01")] == [0, 1, 1, 0]
    # 1 USD = 950 CLP, whole pesos: 11,000,000 are 11,578.94 USD and a bit.
    assert [within(a, "950", "CLP") for a in ("0.00", "0.01", "11578.94", "11578.95")] == [
        0,
        1,
        1,
        0,
    ]
    assert within("20000", "7.8", "HKD") and not within("20000.01", "7.8", "HKD")
    assert rules.most_at_once(Decimal(950), "CLP", LIMITS) == Decimal("11578.94")
    assert rules.least_at_once(Decimal(950), "CLP", LIMITS) == Decimal("0.01")
    assert rules.most_at_once(Decimal("7.8"), "HKD", LIMITS) == 20000
    assert {*settings.PAYMENT_LIMITS, "HKD"} <= {code for code, _words in CURRENCIES}
    assert settings.PAYMENT_LIMITS == LIMITS, "as the guide has them"
    pesos = queries.Limits("CLP", Decimal(950), Decimal("0.01"), Decimal("11578.94"))
    assert pesos.words == ("$0.01 USD (1 CLP)", "$11,578.94 USD (11,000,000 CLP)")


@pytest.mark.requirement("05-ACC-01", "05-REP-04", "05-REP-05", "05-REP-14", "05-STM-06")
def test_a_payment_tops_up_and_pays_once(owing: Books) -> None:
    seen = queries.own_dues(owing.cast.actor(owing.cast.mara)).seen
    first = pay(owing, "50", seen=seen)
    assert first.state == PaymentState.SUCCEEDED
    assert pay(owing, "50", seen=seen) == first, "a double click"
    assert entries(owing) == [
        (EntryType.TOP_UP, "50.00", "50.00"),
        (EntryType.REPAYMENT, "-50.00", "0.00"),
    ]
    assert len(set(StatementEntry.objects.values_list("at", flat=True))) == 1, "in the same second"
    state = BillAccount.objects.get()
    assert (state.state, state.paid) == (BillState.PARTIAL, 50)
    with pytest.raises(DuesChanged):
        pay(owing, "120", key="b", seen=seen)
    pay(owing, "100", key="c")
    assert entries(owing)[-1] == (EntryType.REPAYMENT, "-70.00", "30.00"), "the rest is balance"
    assert BillAccount.objects.get().state == BillState.PAID
    assert charges() == [50, 100]


@pytest.mark.requirement("05-REP-04", "05-TXL-01", "05-PMT-11")
def test_payments_that_are_refused_move_nothing(owing: Books) -> None:
    cast = owing.cast
    for amount in ("0", "20000.01"):
        with pytest.raises(OutsideLimits):
            pay(owing, amount)
    with pytest.raises(NotPermitted):
        paying.repay(cast.actor(cast.ivy), key="k", card_id=1, amount=Decimal(1), seen="")
    card = Card.objects.get(account=cast.tidemark)
    with pytest.raises(NotFound):
        paying.repay(cast.actor(cast.nora), key="k", card_id=card.pk, amount=Decimal(1), seen="")
    empty = wallet.add(cast.actor(cast.mara), wallet.NEARLY_EMPTY)
    failed = pay(owing, "100.01", key="e", card=empty)
    assert (failed.state, failed.failure) == (PaymentState.FAILED, "Insufficient funds.")
    Card.objects.filter(pk=card.pk).update(state="expired")
    with pytest.raises(CardNotUsable):
        pay(owing, "10", key="x", card=card)
    assert not StatementEntry.objects.exists() and not charges()


@pytest.mark.requirement("05-REP-05")
def test_killed_anywhere_it_is_charged_and_booked_once(
    owing: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    charge = SandboxGateway.charge

    def killed_after(self: SandboxGateway, order: object) -> Answer:
        charge(self, order)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(SandboxGateway, "charge", killed_after)
        with pytest.raises(KeyboardInterrupt):
            pay(owing, "50")
    assert charges() == [50] and not StatementEntry.objects.exists()
    with pytest.raises(PaymentGoesOn):
        pay(owing, "50", key="other tab")
    assert charging.charge_due(clock.now()) == 0, "nor does the job charge meanwhile"
    later = clock.now() + paying.IN_FLIGHT + timedelta(minutes=1)
    assert (paying.resolve_pending(later), paying.resolve_pending(later)) == (1, 0)
    assert charges() == [50] and len(entries(owing)) == 2
    with monkeypatch.context() as dying:
        dying.setattr(SandboxGateway, "charge", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            pay(owing, "20", key="never sent")
    assert paying.resolve_pending(later) == 1
    assert Payment.objects.get(key="never sent").failure == paying.NEVER_SENT
    assert charges() == [50]


@pytest.mark.requirement("05-REP-05")
def test_webhooks_are_signed_and_count_once(owing: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    charge = SandboxGateway.charge

    def slow(self: SandboxGateway, order: object) -> Answer:
        charge(self, order)  # type: ignore[arg-type]
        raise Unreachable

    monkeypatch.setattr(SandboxGateway, "charge", slow)
    assert pay(owing, "50", key="slow").state == PaymentState.PENDING
    address, client = "/billing/webhooks/sandbox", Client(enforce_csrf_checks=True)

    def tell(body: bytes, signature: str, where: str = address) -> int:
        headers = {sandbox.SIGNATURE: signature}
        return client.post(
            where, body, content_type="application/json", headers=headers
        ).status_code

    body = json.dumps({"key": "slow"}).encode()
    assert tell(body, "forged") == 400 and not StatementEntry.objects.exists()
    assert tell(body, sandbox.sign(body), "/billing/webhooks/stripe") == 404
    assert [tell(body, sandbox.sign(body)) for _twice in range(2)] == [200, 200]
    assert len(entries(owing)) == 2
    unknown = json.dumps({"key": "unknown"}).encode()
    assert tell(unknown, sandbox.sign(unknown)) == 200
    assert client.get(address).status_code == 405


@pytest.mark.requirement("05-PMT-08", "05-PMT-11", "05-TXL-03", "05-REP-13", "06-DRP-06")
def test_an_issued_bill_is_charged_to_cards_in_sequence(owing: Books, settings) -> None:
    mara = owing.cast.actor(owing.cast.mara)
    settings.PAYMENT_LIMITS = {"USD": ("0.01", "50")}
    first = Card.objects.get()
    late = wallet.add(mara, wallet.SECOND)
    # A distributor that has signed with somebody else pays by bank transfer only (05-REP-13).
    tidemark = Account.objects.filter(pk=owing.cast.tidemark.pk)
    tidemark.update(partner_kind=PartnerKind.DISTRIBUTOR)
    signed = PartnerAccount.objects.filter(account__in=tidemark)
    home = signed.get().signing_entity
    signed.update(signing_entity="Elsewhere Ltd.")
    assert charging.charge_due(clock.now()) == 0
    signed.update(signing_entity=home)
    assert (charging.charge_due(clock.now()), charging.charge_due(clock.now())) == (3, 0)
    assert charges() == [50, 50, 20], "split at the limit"
    assert BillAccount.objects.get().state == BillState.PAID
    assert set(Payment.objects.filter(purpose="automatic").values_list("card", flat=True)) == {
        first.pk
    }
    # The next bill: the default card takes nothing, the next one pays; a later one is not asked.
    poor = wallet.add(mara, wallet.CHARGES_DECLINED)
    Card.objects.filter(pk=poor.pk).update(added_at=ISSUE)
    Card.objects.filter(is_default=True).update(is_default=False)
    Card.objects.filter(pk=poor.pk).update(is_default=True)
    owing.post(owing.charge("10", day="2026-11-10"))
    december = ISSUE + timedelta(days=30)
    owing.run(BillingCycle(2026, 11), december)
    Card.objects.filter(pk=late.pk).update(added_at=december + timedelta(days=1))
    charging.charge_due(december)
    used = list(Payment.objects.filter(bill__cycle="2026-11").order_by("pk"))
    assert [(p.card_id, p.state) for p in used] == [(poor.pk, "failed"), (first.pk, "succeeded")]
    # And the one after it: no card takes it, now, 1, 3 and 7 days later; told first and last.
    Card.objects.exclude(pk=poor.pk).update(state="expired")
    owing.post(owing.charge("10", day="2026-12-10"))
    january = december + timedelta(days=31)
    owing.run(BillingCycle(2026, 12), january)
    assert (charging.charge_due(january), charging.charge_due(january)) == (1, 0)
    told = Notice.objects.filter(title="Your cards could not be charged").order_by("pk")
    assert "charged again from Jan 06, 2027 00:00:00 (GMT+08:00)" in told.get().body
    for day, tries in ((0.9, 0), (1, 1), (1.1, 0), (4, 1), (10.9, 0), (11, 1), (40, 0)):
        assert charging.charge_due(january + timedelta(days=day)) == tries, day
    assert [notice.body.count("not charged for it again") for notice in told.all()] == [0, 1]


@pytest.mark.requirement("05-PMT-08")
def test_a_charge_that_breaks_keeps_nobody_waiting(owing: Books, monkeypatch, caplog) -> None:
    def broken() -> Decimal:
        raise RuntimeError("no figures")

    claims = [
        charging.Claim(owing.cast.northgate.pk, "bad", PaymentPurpose.AUTOMATIC, broken),
        *charging._of_bills(),
    ]
    monkeypatch.setattr(charging, "_of_bills", lambda: iter(claims))
    assert charging.charge_due(clock.now()) == 1 and charges() == [120]
    assert "Charging for bad failed" in caplog.text


@pytest.mark.requirement("05-ACC-02", "05-PMT-02", "05-PMT-08", "01-QTA-02")
def test_the_quota_counts_what_is_paid(owing: Books) -> None:
    tidemark = owing.cast.tidemark
    ConsumptionQuota.objects.update(amount=1000, counts_from="2026-10")
    used = lambda: consumption.quota_of(tidemark.pk).used  # noqa: E731
    pay(owing, "30")
    assert used() == 90, "a quarter of the bill settles a quarter of its cycle"
    pay(owing, "100", key="b")
    assert used() == 0, "all is settled, 10 are paid in advance"
    owing.post(owing.charge("45", day="2026-11-10"))
    assert used() == 35
    ConsumptionQuota.objects.update(amount=20)
    quota_check.check(clock.now())
    assert (charging.charge_due(clock.now()), charging.charge_due(clock.now())) == (1, 0)
    assert charges()[-1] == 35 and used() == 0
    assert ConsumptionQuota.objects.get().level == 0
    assert PartnerAccount.objects.get(account=tidemark).balance == 45


@pytest.mark.requirement("05-REP-11", "05-REP-14", "06-DRP-05")
def test_due_bills_and_refunds(owing: Books) -> None:
    cast = owing.cast
    olga = cast.actor(cast.olga)
    due = BillAccount.objects.get().due_at
    assert reminding.remind(due - timedelta(days=8)) == 0
    for _twice in range(2):
        assert reminding.remind(due - timedelta(days=6)) == 1
    assert reminding.mark_overdue(due - timedelta(seconds=1)) == 0
    tidemark = cast.tidemark.pk
    late = [queries.dues_of(tidemark, due + timedelta(seconds=s)).overdue for s in (0, 1)]
    assert late == [0, 120], "told by the clock, before the job has marked it"
    assert (reminding.mark_overdue(due), reminding.mark_overdue(due)) == (1, 0)
    titles = Notice.objects.filter(type="bill_due").order_by("pk").values_list("title", flat=True)
    assert list(titles) == [
        "Your bill of 2026-10 is due within a week",
        "Your bill of 2026-10 is overdue",
    ]
    assert pay(owing, "20").state == PaymentState.SUCCEEDED
    assert BillAccount.objects.get().state == BillState.OVERDUE, "partly paid, still overdue"
    bound, more = pay(owing, "100", key="b"), pay(owing, "40", key="c")
    with pytest.raises(BalanceTooSmall):
        refunding.refund(olga, bound.pk, reason="No")
    with pytest.raises(NotPermitted):
        refunding.refund(cast.actor(cast.mara), more.pk, reason="Mine")
    refunded = refunding.refund(olga, more.pk, reason="Paid twice")
    assert refunded.state == PaymentState.REFUNDED
    assert entries(owing)[-1] == (EntryType.REFUND, "-40.00", "0.00")
    with pytest.raises(NotRefundable):
        refunding.refund(olga, more.pk, reason="Again")


@pytest.mark.requirement("05-REP-14")
def test_a_refused_refund_is_balance_again(owing: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    olga = owing.cast.actor(owing.cast.olga)
    payment = pay(owing, "150")

    def silent(*_arguments: object) -> Answer:
        raise Unreachable

    with monkeypatch.context() as away:
        away.setattr(SandboxGateway, "refund", silent)
        PartnerAccount.objects.update(balance=150)
        assert refunding.refund(olga, payment.pk, reason="x").state == PaymentState.REFUNDING
        assert refunding.finish(clock.now()) == 0
    refused = lambda *_: Answer(gateways.base.Outcome.FAILED, "", "Too old.")  # noqa: E731
    with monkeypatch.context() as refusing:
        refusing.setattr(SandboxGateway, "refund", refused)
        refunding.finish(clock.now())
    payment.refresh_from_db()
    assert (payment.state, payment.failure) == (PaymentState.SUCCEEDED, "Too old.")
    assert PartnerAccount.objects.get(account=owing.cast.tidemark).balance == 150


@pytest.mark.requirement(
    "05-REP-02", "05-REP-03", "05-REP-04", "05-REP-12", "06-DRP-02", "06-DRP-05"
)
def test_the_repay_pages(owing: Books, settings) -> None:
    client = Client()
    client.force_login(owing.cast.felix)
    repay, pay_page = reverse("billing:repay"), reverse("billing:pay")
    shown = client.get(repay)
    assert shown.context["form"]["amount"].value() == 120
    assert shown.context["portal"].entry.url_name == "billing:bills", "its place in the menu"
    card = Card.objects.get(account=owing.cast.tidemark)
    for wrong in ("", "abc", "-1", "1.005", "20000.01"):
        refused = client.post(repay, {"amount": wrong, "card": card.pk})
        assert refused.status_code == 422 and "id_amount_error" in refused.content.decode()
    assert client.post(repay, {"amount": "5", "card": 0}).status_code == 422
    on = client.post(repay, {"amount": "120.00", "card": card.pk})
    page = client.get(on.url)
    form = {
        name: page.context["form"][name].value() for name in ("amount", "card", "nonce", "seen")
    }
    done = [client.post(pay_page, form).url for _twice in range(2)]
    assert done == [reverse("billing:statements")] * 2
    assert charges() == [120]
    statements = client.get(done[0]).content.decode()
    assert "Expenditure (repayment)" in statements and "Top-up" in statements
    # In Hong Kong dollars the page says what the card is charged.
    AccountCurrency.objects.create(
        account=owing.cast.tidemark, currency="HKD", from_cycle="2019-02", set_at=clock.now()
    )
    unpublished = client.get(f"{pay_page}?amount=31.44&card={card.pk}")
    assert unpublished.context["limits"].currency == "USD", "no rate of it is published"
    ExchangeRate.objects.create(currency="HKD", rate=Decimal("7.7565"), valid_from="2020-01-01")
    page = client.get(f"{pay_page}?amount=31.44&card={card.pk}")
    assert page.context["charged"] == Decimal("243.86")
    stale = form | {"nonce": "0" * 32}
    assert client.post(pay_page, stale).status_code == 422, "what was due has changed"
    client.force_login(owing.cast.nora)
    assert client.post(pay_page, form | {"nonce": "1" * 32}).url == repay, "not her card"
    assert charges() == [120]
    mara = owing.cast.actor(owing.cast.mara)
    assert wallet.add(mara, wallet.CHARGES_DECLINED).state == "valid", "the test charge is 7.76 HKD"


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("05-REP-05")
def test_two_at_once_pay_once(books: Books) -> None:
    cast = books.cast
    wallet.set_currency(cast.tidemark)
    mara = cast.actor(cast.mara)
    card = wallet.add(mara)
    seen, gate, outcomes = queries.own_dues(mara).seen, threading.Barrier(2), []

    def click(key: str) -> None:
        gate.wait()
        try:
            payment = paying.repay(mara, key=key, card_id=card.pk, amount=Decimal(50), seen=seen)
            outcomes.append(payment.state)
        except (PaymentGoesOn, DuesChanged) as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=click, args=(key,)) for key in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert charges() == [50], outcomes
    assert PartnerAccount.objects.get(account=cast.tidemark).balance == 50
