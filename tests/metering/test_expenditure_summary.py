"""Expenditure Summary: totals, delay, attribution, reach (04 §8.3.4.1, 06-DES, 07-REXS)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from customers.models import Association, ManagerAssignment
from metering.queries import summary
from metering.queries.summary import Wanted
from metering.rules import spending
from tests.cast import Cast
from tests.goods import Goods

from .conftest import NOW
from .ledger import Line, at, post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _get(user: User, name: str = "expenditure:summary", **query: str) -> str:
    answer = _client(user).get(reverse(name), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture
def month(old_cast: Cast, goods: Goods) -> Cast:
    """November of Harborline (a host, traffic, a refund) and Delta, and a stranger's."""
    hosts = goods.host_by_use
    post(
        [
            Line(old_cast.harborline, hosts, "0.123456785", at("2026-11-03"), goods.region),
            Line(old_cast.harborline, hosts, "1", at("2026-11-04"), goods.region),
            Line(old_cast.harborline, goods.traffic, "7.5", at("2026-11-05"), goods.region),
            Line(
                old_cast.harborline,
                goods.host_by_term,
                "-14.125",
                at("2026-11-06"),
                bill_type="refund",
            ),
            Line(old_cast.delta, hosts, "100", at("2026-11-18"), goods.region, "vm-d"),
            Line(old_cast.delta, hosts, "1000", at("2026-11-19"), goods.region, "vm-d"),
            Line(old_cast.quarry, hosts, "55555", at("2026-11-05"), goods.region, "vm-q"),
            Line(old_cast.harborline, hosts, "3", at("2026-10-05"), goods.region),
        ]
    )
    return old_cast


@pytest.mark.requirement("04-EXS-01", "04-EXS-02", "04-EXS-07", "05-BIL-13")
def test_totals_and_rows_of_a_month(month: Cast) -> None:
    page = _get(month.mara)
    assert "108.62" in page  # 0.123456785 + 1 + 7.5 + 100, 2 decimals half up
    assert "14.13" in page  # the refund, half up away from zero
    assert "1.12345679" in page.replace('<span class="pc-money-tail">', "")  # 8 decimals, half up
    assert "delta-fisheries" in page and "Virtual Private Cloud" in page
    refunds = _get(month.mara, records="refunds")
    assert "14.125" in refunds.replace('<span class="pc-money-tail">', "")
    assert "delta-fisheries" not in refunds


@pytest.mark.requirement("04-EXS-03", "06-DES-01", "07-REXS-02")
def test_a_day_appears_after_the_end_of_the_following_day(month: Cast) -> None:
    mara = month.actor(month.mara)
    asked = Wanted("2026-11")
    before = datetime(2026, 11, 20, 15, 59, 59, tzinfo=UTC)
    after = datetime(2026, 11, 20, 16, tzinfo=UTC)
    assert [d.day for d in summary.days(mara, asked, before)][-1] == date(2026, 11, 18)
    assert [d.day for d in summary.days(mara, asked, after)][-1] == date(2026, 11, 19)
    # The details prevail: they have it at once.
    assert "1,000.00" in _get(month.mara, "expenditure:details")


@pytest.mark.requirement(
    "04-EXS-05", "04-RM-08", "04-RM-09", "07-REXS-04", "07-RTM-15", "07-RTM-16"
)
def test_the_page_says_that_it_is_no_bill(month: Cast) -> None:
    for user in (month.mara, month.leo):
        for name in ("expenditure:summary", "expenditure:details"):
            page = _get(user, name)
            assert "not your partner bill and no basis for settlement, repayment or billing" in page
            assert "tax not included, GMT+08:00" in page
        assert "in case of doubt, Expenditure Details prevail." in _get(user)


@pytest.mark.requirement("04-EXS-01")
def test_filters_narrow_and_wrong_values_are_named(month: Cast) -> None:
    Association.objects.filter(customer=month.delta).update(model="referral")
    assert "delta-fisheries" not in _get(month.mara, customer="HARBOR")
    october = _get(month.mara, spent_on="2026-10")
    assert "3.00" in october and "delta-fisheries" not in october
    wrong = _get(month.mara, spent_on="1999-01", model="nonsense", manager="77")
    assert "“1999-01” is no value of Spent On" in wrong and "108.62" in wrong
    strangers = _get(month.mara, manager=str(month.nora.pk))
    assert "is no value of Account Manager" in strangers


@pytest.mark.requirement("04-EXS-04", "06-DES-01", "07-REXS-03")
@pytest.mark.parametrize(
    ("assigned", "counted"),
    [
        ("2026-11-01", "8.62"),
        ("2026-11-02", "8.50"),
        ("2026-11-03", "7.50"),
        ("2026-11-04", "0.00"),
    ],
)
def test_spend_counts_for_a_manager_from_the_second_day(
    month: Cast, assigned: str, counted: str
) -> None:
    ManagerAssignment.objects.update(started_at=at(assigned, 23))
    own = _get(month.jun)
    assert f"${counted} " in own.replace('<span class="pc-money-currency">', "")
    assert "delta-fisheries" not in own
    filtered = _get(month.mara, manager=str(month.jun.pk))
    assert f"${counted} " in filtered.replace('<span class="pc-money-currency">', "")


@pytest.mark.requirement("04-EXS-04")
def test_spend_of_an_earlier_manager_stays_its_own(month: Cast) -> None:
    ManagerAssignment.objects.update(ended_at=at("2026-11-04", 23))
    mara = month.actor(month.mara)
    counted = summary.days(mara, Wanted("2026-11", manager_id=month.jun.pk), NOW)
    assert [d.day.day for d in counted] == [3, 4]
    # Whoever looks after it no more sees nothing of it.
    assert summary.days(month.actor(month.jun), Wanted("2026-11"), NOW) == []


#: Filters, totals, tabs, columns and exports of the page.
SUMMARY = (
    *("<span>Spent On:", "<span>Account Manager:", "<span>Association Type:"),
    *("Customer or account name", ">Amount<", ">Refunds<", "Customer Expenditures"),
    *(">Customer<", ">Account Name<", ">Service Type<", ">Billing Mode<", ">Association Type<"),
    *(">Amount (USD)", ">Cash Payments (USD)", ">Coupons Used (USD)", ">Discount (USD)"),
    *(">Monthly Settlement (USD)", "Export Customer Bills", "View Export"),
    'aria-label="Products of operator, Elastic Cloud Server"',
)


@pytest.mark.requirement(
    "06-DX-03", "06-DED-01", "05-BIL-16", "06-DES-02", "07-REXS-01", "07-REXS-05"
)
def test_a_distributor_sees_its_resellers_customers(old_cast: Cast, goods: Goods) -> None:
    Association.objects.create(
        account=old_cast.lagoon, customer=old_cast.operator, associated_at=at("2026-11-02")
    )
    before = Line(old_cast.operator, goods.host_by_use, "9", at("2026-11-01"))
    post([before, Line(old_cast.operator, goods.host_by_use, "5", at("2026-11-03"))])
    for who in (old_cast.dina, old_cast.leo):
        found = summary.days(old_cast.actor(who), Wanted("2026-11"), NOW)
        assert [(d.day.day, d.amount) for d in found] == [(3, Decimal(5))]
        page = _get(who)
        assert [words for words in SUMMARY if words not in page] == []
        assert "$5.00 " in page.replace('<span class="pc-money-currency">', "")
    assert summary.days(old_cast.actor(old_cast.mara), Wanted("2026-11"), NOW) == []
    page = _get(old_cast.dina, "expenditure:details")
    assert "Partner Name/Account" in page and "lagoon" in page
    assert "lagoon" in _get(old_cast.dina, "expenditure:details", partner="LAGOON")
    assert "No record matches" in _get(old_cast.dina, "expenditure:details", partner="reef")
    assert "Partner Name" not in _get(old_cast.leo, "expenditure:details").split("<form")[1]


@pytest.mark.requirement("04-EXS-02")
def test_a_product_opens_its_days_and_a_stranger_finds_none(month: Cast) -> None:
    asked = {
        "spent_on": "2026-11",
        "account": month.harborline.public_id,
        "product": "host-usage",
        "mode": "usage",
    }
    page = _get(month.mara, "expenditure:days", **asked)
    assert "Nov 03, 2026" in page and "1.12345679" in page.replace(
        '<span class="pc-money-tail">', ""
    )
    for stranger in (month.nora, month.dina):
        assert _client(stranger).get(reverse("expenditure:days"), asked).status_code == 404
    assert _client(month.hana).get(reverse("expenditure:summary")).status_code == 404
    assert _client(month.ivy).get(reverse("expenditure:summary")).status_code == 403


@pytest.mark.requirement("04-EXD-02")
def test_rules_of_days_and_months() -> None:
    assert spending.cycles_kept(NOW)[0] == "2026-11" and spending.cycles_kept(NOW)[-1] == "2025-05"
    first_of_december = datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert not spending.is_summed_up("2026-11", first_of_december)
    assert spending.is_summed_up("2026-11", first_of_december.replace(month=12, day=1))
    assert spending.counts_from(at("2026-12-30", 23)) == date(2027, 1, 1)
