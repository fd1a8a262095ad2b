"""Spend at a glance: the customer’s page, the customer list, the home page (04-CUD-07, CUS-12)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Account, User
from customers.models import Association, ManagerAssignment
from tests.cast import Cast
from tests.goods import Goods

from .ledger import Line, at, post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]


def _get(user: User, url: str, status: int = 200) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


@pytest.fixture
def spent(old_cast: Cast, goods: Goods) -> Cast:
    """Harborline spent 30, 50 and 20 in the last three months; Delta 7 in this one."""
    host, traffic = goods.host_by_use, goods.traffic
    post(
        [
            Line(old_cast.harborline, host, "30", at("2026-09-05"), goods.region),
            Line(old_cast.harborline, traffic, "50", at("2026-10-05"), goods.region),
            Line(old_cast.harborline, host, "20.004", at("2026-11-19"), goods.region),
            Line(old_cast.delta, host, "7", at("2026-11-19"), goods.region),
        ]
    )
    return old_cast


def _association(customer: Account) -> int:
    return Association.objects.get(customer=customer).pk


@pytest.mark.requirement("04-CUD-07", "07-RCUS-17")
def test_the_customers_page_sums_up_its_spend(spent: Cast) -> None:
    page = _get(spent.mara, reverse("customers:details", args=[_association(spent.harborline)]))
    for words in ("$100.00", "$20.00", "$50.00", "Virtual Private Cloud", "View Expenditure"):
        assert words in page, words
    empty = _get(spent.nora, reverse("customers:details", args=[_association(spent.quarry)]))
    assert "No data available." in empty


@pytest.mark.requirement("04-CUD-07", "04-EXS-04")
def test_a_manager_sees_on_the_page_what_counts_for_it(spent: Cast) -> None:
    ManagerAssignment.objects.update(started_at=at("2026-10-10"))
    page = _get(spent.jun, reverse("customers:details", args=[_association(spent.harborline)]))
    assert "$20.00" in page and "$50.00" not in page and "$100.00" not in page


@pytest.mark.requirement("04-CUS-02", "04-CUS-12", "07-RCUS-02")
def test_the_customer_list_knows_the_spend_of_the_month(spent: Cast) -> None:
    url = reverse("customers:list")
    for query, found in (
        ("spent_min=8", ["harborline"]),
        ("spent_max=7", ["delta-fisheries"]),
        ("spent_min=1&spent_max=21", ["harborline", "delta-fisheries"]),
        ("spent_min=100", []),
    ):
        page = _get(spent.mara, f"{url}?{query}")
        listed = [name for name in ("harborline", "delta-fisheries") if f">{name}</a>" in page]
        assert listed == found, query
    assert "is no value of Expenditure This Month" in _get(spent.mara, f"{url}?spent_min=much")
    Association.objects.filter(customer=spent.harborline).update(account=spent.lagoon)
    own = _get(spent.leo, url)
    assert "Month-to-Date Expenditures" in own and "20.00" in own


def test_the_home_page_counts_the_month(spent: Cast) -> None:
    assert "$27.004" not in _get(spent.mara, "/")
    page = _get(spent.mara, "/")
    assert "$27.00 USD" in page and "Customers with expenditure" in page
    assert "Customers with expenditure" not in _get(spent.ivy, "/")


@pytest.mark.requirement("04-EXD-01")
def test_view_expenditure_leads_to_the_customers_details(spent: Cast) -> None:
    client = Client()
    client.force_login(spent.mara)
    url = reverse("expenditure:customer", args=[_association(spent.harborline)])
    answer = client.get(url)
    assert answer.status_code == 302 and answer["Location"].endswith("/details?q=harborline")
    _get(spent.nora, url, 404)
    assert url in _get(spent.mara, reverse("customers:list"))
