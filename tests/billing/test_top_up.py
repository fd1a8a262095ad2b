"""Customers of the Referral model top up and pay orders from it; their partner sees it (08 §10.3)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.models import User
from billing.models import BillLine, Card, ExchangeRate, PartnerAccount, StatementEntry
from billing.queries import credit
from billing.queries import funds as queries
from billing.refusals import OutsideLimits, PartnerSettles
from billing.services import paying
from budgets.models import ConsumptionQuota
from customers.choices import AssociationModel
from customers.models import Association
from customers.queries.facts import customer_facts
from metering.models import UsageRecord
from orders.services import paying as orders
from orders.services import unsubscribing
from partner_center import clock
from partner_center.clock import BillingCycle
from partner_center.refusals import NotFound, NotPermitted
from tests import goods
from tests.billing.conftest import Books
from tests.metering.usage import record, take, write_csv
from tests.orders.steps import Shop

from . import wallet

pytestmark = pytest.mark.django_db
PAGE = reverse("top_up:repay")


@pytest.fixture
def shop(cast, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Harborline in the Referral model, with a card."""
    found = Shop(cast, goods.stock(), monkeypatch)
    found.refer()
    wallet.set_currency(cast.harborline)
    wallet.add(found.customer)
    return found


def top_up(shop: Shop, amount: str, key: str = "") -> None:
    card = Card.objects.get(account=shop.cast.harborline)
    paying.repay(
        shop.customer,
        key=key or secrets.token_hex(8),
        card_id=card.pk,
        amount=Decimal(amount),
        seen=queries.own_dues(shop.customer).seen,
    )


def entries(shop: Shop) -> list[tuple[str, Decimal, Decimal]]:
    rows = StatementEntry.objects.filter(account=shop.cast.harborline).order_by("pk")
    return list(rows.values_list("type", "amount", "balance"))


def words(shop: Shop, page: str) -> str:
    """What a page says, without its marks."""
    return " ".join(strip_tags(signed_in(shop.cast.hana).get(page).content.decode()).split())


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.requirement("08-CST-01", "04-CUS-12", "06-DCU-03")
def test_a_referral_customer_tops_up_and_its_partner_sees_the_credit(shop: Shop) -> None:
    hana, card = signed_in(shop.cast.hana), Card.objects.get()
    assert "$0.00" in hana.get(PAGE).content.decode()
    answer = hana.post(PAGE, {"amount": "150.50", "card": card.pk})
    page = hana.get(answer.url)
    assert answer.url.startswith(reverse("top_up:pay")) and "150.50" in page.content.decode()
    form = page.context["form"]
    sent = {name: form[name].value() for name in ("amount", "card", "nonce", "seen")}
    done = hana.post(reverse("top_up:pay"), sent)
    assert done.url == reverse("top_up:statements")
    hana.post(reverse("top_up:pay"), sent)
    assert entries(shop) == [("top_up", Decimal("150.50"), Decimal("150.50"))], "a double click"
    assert "$150.50 USD was topped up." in hana.get(done.url).content.decode()
    olga = signed_in(shop.cast.olga)
    listing = olga.get(reverse("admin:billing_payment_changelist")).content.decode()
    assert "Top-up" in listing and ">Repayment<" not in listing.split("result_list")[-1]
    assert not ConsumptionQuota.objects.filter(account=shop.cast.harborline).exists()
    chosen = {"lists": {"customers": {"columns": ["name", "available_credit"]}}}
    User.objects.filter(pk=shop.cast.mara.pk).update(preferences=chosen)
    listing = signed_in(shop.cast.mara).get(reverse("customers:list"))
    assert "Available Credit (USD)" in [head.label for head in listing.context["heads"]]
    assert "150.50" in listing.content.decode()
    shown = dict(Association.objects.values_list("customer__name", credit.available_credit()))
    assert (shown["harborline"], shown["quarry"]) == (Decimal("150.50"), None)


@pytest.mark.requirement("08-CST-03")
@pytest.mark.parametrize(
    ("currency", "amount", "fits"),
    [
        ("USD", "0.01", True),
        ("USD", "20000", True),
        ("USD", "20000.01", False),
        ("USD", "0", False),
        ("CLP", "11000", True),
        ("CLP", "11000.01", False),
    ],
)
def test_limits_of_a_single_top_up(shop: Shop, currency: str, amount: str, fits: bool) -> None:
    if currency == "CLP":
        wallet.set_currency(shop.cast.harborline, "CLP")
        ExchangeRate.objects.create(currency="CLP", rate=1000, valid_from="2019-01-01")
    account_id = shop.cast.harborline.pk
    if fits:
        paying.refuse_outside(account_id, Decimal(amount), clock.now())
        return
    with pytest.raises(OutsideLimits):
        top_up(shop, amount)
    page = signed_in(shop.cast.hana).post(PAGE, {"amount": amount, "card": Card.objects.get().pk})
    assert page.status_code == 422 and amount in page.content.decode(), "nothing typed is lost"
    assert not entries(shop)


@pytest.mark.requirement("08-CST-02")
def test_in_the_reseller_model_there_is_no_top_up(shop: Shop) -> None:
    Association.objects.update(model=AssociationModel.RESELLER)
    page = signed_in(shop.cast.hana).get(PAGE).content.decode()
    assert "ask your partner to adjust it" in page and 'name="amount"' not in page
    with pytest.raises(PartnerSettles):
        top_up(shop, "10")
    with pytest.raises(PartnerSettles):
        wallet.add(shop.customer, wallet.SECOND)


def test_nobody_else_tops_up_or_reaches_the_card(shop: Shop) -> None:
    card = Card.objects.get()
    assert signed_in(shop.cast.mara).get(PAGE).status_code == 404
    delta = signed_in(User.objects.get(account=shop.cast.delta))
    assert delta.get(reverse("top_up:card-edit", args=[card.pk])).status_code == 404
    wish = {"key": "k", "card_id": card.pk, "amount": Decimal(1), "seen": ""}
    with pytest.raises(NotFound):
        paying.repay(shop.cast.actor(shop.cast.mara), **wish)
    with pytest.raises(NotPermitted):
        paying.repay(shop.cast.actor(shop.cast.ivy), **wish)


@pytest.mark.requirement("08-CST-01")
def test_orders_are_paid_from_the_balance_and_give_back_to_it(shop: Shop) -> None:
    paid = orders.pay(shop.customer, shop.order(shop.goods.disk_by_term, size=33).pk)
    assert paid.amount == Decimal("3.30") and not entries(shop), "nothing is there: cash"
    top_up(shop, "5")
    waiting = shop.order(shop.goods.disk_by_term, size=33)
    page = signed_in(shop.cast.hana).get(reverse("console:pay", args=[waiting.pk]))
    assert "$5.00" in page.content.decode()
    orders.pay(shop.customer, waiting.pk)
    paid_page = reverse("console:paid", args=[waiting.pk])
    assert "$3.30 USD · Account balance" in words(shop, paid_page)
    disk = shop.buy(shop.goods.disk_by_term, size=33)
    in_part = reverse("console:order", args=[waiting.pk + 1])
    assert "Account balance $1.70 USD, cash $1.60 USD" in words(shop, in_part)
    records = words(shop, reverse("top_up:statements"))
    assert "Expenditure (repayment)" not in records, "a customer has no bills to repay"
    unsubscribing.unsubscribe(shop.customer, [disk.pk])
    assert entries(shop)[1:3] == [
        ("repayment", Decimal("-3.30"), Decimal("1.70")),
        ("repayment", Decimal("-1.70"), Decimal("0.00")),
    ]
    kind, amount, balance = entries(shop)[3]
    assert kind == "refund" and 0 < amount == balance <= Decimal("3.30")


@pytest.mark.requirement("04-ASC-04")
def test_a_balance_counts_when_an_account_is_checked(shop: Shop, settings) -> None:
    harborline, partner = shop.cast.harborline, shop.cast.northgate
    settings.OUTSTANDING_INVOICE_LIMIT = "-1"

    def over() -> bool:
        facts = customer_facts(
            harborline, email=harborline.email, partner=partner, moment=clock.now()
        )
        return facts.balance_over_limit

    assert not over()
    top_up(shop, "5")
    assert over() and PartnerAccount.objects.get(account=harborline).balance == 5


@pytest.mark.requirement("04-RM-11")
def test_spend_enters_the_bill_only_from_the_association_on(books: Books, tmp_path: Path) -> None:
    cast, start = books.cast, BillingCycle(2026, 10).start + timedelta(days=14)
    Association.objects.filter(customer=cast.harborline).update(associated_at=start)
    before, since = "2026-10-14T23:00:00+08:00", "2026-10-15T00:00:00+08:00"
    rows = [
        record(cast.harborline, n, start=moment, end=moment.replace(":00:00+", ":30:00+"))
        for n, moment in enumerate((before, since, "2026-10-20T08:00:00+08:00"))
    ]
    take(write_csv(tmp_path / "u.csv", rows))
    books.run()
    billed = UsageRecord.objects.filter(pk__in=BillLine.objects.values("record_id"))
    assert sorted(billed.values_list("key", flat=True)) == ["r1", "r2"]
