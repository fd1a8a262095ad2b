"""The customer's Billing Center: bills at list price, packages, and their revocation (08-BUY)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import PartnerKind
from accounts.models import Account, User
from customers.models import Association
from resources.models import PackageQuota
from tests.cast import Cast
from tests.goods import Goods

from .ledger import Line, at, post
from .packages import package

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]
PAGES = ("my_bills:bills", "my_bills:resources", "my_bills:packages")


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _get(user: User, name: str, *args: int, **query: str) -> str:
    answer = _client(user).get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode().replace('<span class="pc-money-tail">', "")


@pytest.fixture
def spent(old_cast: Cast, goods: Goods) -> Cast:
    """Harborline used a host and traffic; Delta something too."""
    post(
        [
            Line(old_cast.harborline, goods.host_by_use, "1.5", at("2026-11-03"), goods.region),
            Line(old_cast.harborline, goods.host_by_use, "0.25", at("2026-11-04"), goods.region),
            Line(old_cast.harborline, goods.traffic, "7", at("2026-11-04"), None, "bw-1"),
            Line(old_cast.harborline, goods.host_by_use, "99", at("2026-10-04"), goods.region),
            Line(old_cast.delta, goods.host_by_use, "4444", at("2026-11-03"), goods.region),
        ]
    )
    return old_cast


@pytest.mark.requirement("08-BUY-07", "04-RM-07")
def test_bills_by_product_and_resource_are_labelled(spent: Cast) -> None:
    page = _get(spent.hana, "my_bills:bills")
    assert "list-price reference figures, not the money spent" in page
    assert "8.75" in page and "1.75" in page and "4,444" not in page
    by_resource = _get(spent.hana, "my_bills:resources")
    assert "vm-1" in by_resource and "bw-1" in by_resource and "7.00" in by_resource
    assert "99.00" in _get(spent.hana, "my_bills:bills", cycle="2026-10")
    assert "8.75" in _get(spent.hana, "my_bills:bills", cycle="nonsense")


@pytest.mark.requirement("07-RTM-14")
def test_a_resellers_customer_agrees_with_it_what_it_pays(spent: Cast) -> None:
    Account.objects.filter(pk=spent.tidemark.pk).update(partner_kind=PartnerKind.RESELLER)
    page = _get(spent.hana, "my_bills:bills")
    assert "list-price reference figures, not the money spent" in page
    assert "What you really pay is agreed between you and your partner." in page
    assert "your partner makes for you" not in page


@pytest.mark.requirement("08-BUY-07")
def test_a_referral_customer_reads_what_it_owes(spent: Cast, goods: Goods) -> None:
    Association.objects.filter(customer=spent.harborline).update(model="referral")
    line = Line(spent.harborline, goods.traffic, "10", at("2026-11-08"), discount="2.5")
    post([line])
    page = _get(spent.hana, "my_bills:bills")
    assert "reference figures" not in page and "Amount Due" in page and "16.25" in page


@pytest.mark.requirement("08-BUY-10", "01-BAS-14")
def test_a_partner_takes_bills_from_its_reseller_customers(spent: Cast) -> None:
    client = _client(spent.hana)
    assert reverse("my_bills:bills") in client.get("/").content.decode()
    Account.objects.filter(pk=spent.tidemark.pk).update(revokes_customer_bills=True)
    assert reverse("my_bills:bills") not in client.get("/").content.decode()
    for name in PAGES:
        assert client.get(reverse(name)).status_code == 403
    Association.objects.filter(customer=spent.harborline).update(model="referral")
    for name in PAGES:
        assert client.get(reverse(name)).status_code == 200


def test_partners_have_no_such_pages(spent: Cast) -> None:
    for name in PAGES:
        assert _client(spent.mara).get(reverse(name)).status_code == 404


@pytest.mark.parametrize(
    ("used", "starts", "ends", "word"),
    [
        ("30", "2026-11-01", "2026-12-01", "Valid"),
        ("100", "2026-11-01", "2026-12-01", "Used up"),
        ("100", "2026-10-01", "2026-11-01", "Expired"),
        ("0", "2026-12-01", "2027-01-01", "Not yet valid"),
    ],
)
def test_packages_show_what_is_left(
    old_cast: Cast, goods: Goods, used: str, starts: str, ends: str, word: str
) -> None:
    quota = package(old_cast.harborline, goods, used=used)
    PackageQuota.objects.filter(pk=quota.pk).update(starts_at=at(starts), ends_at=at(ends))
    page = _get(old_cast.hana, "my_bills:packages")
    assert word in page and f"{100 - int(used)} GB" in page


def test_deductions_of_a_package(old_cast: Cast, goods: Goods) -> None:
    quota = package(old_cast.harborline, goods)
    page = _get(old_cast.hana, "my_bills:deductions", quota.pk)
    assert "bw-1" in page and "70 of 100 GB left" in page
    other = User.objects.get(account=old_cast.delta)
    url = reverse("my_bills:deductions", args=[quota.pk])
    assert _client(other).get(url).status_code == 404
