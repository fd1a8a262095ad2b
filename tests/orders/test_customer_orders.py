"""Sales > Customers > Customer Orders (04 §8.3.3.1, 06-DOR, 07-ROQ)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.choices import SystemRole
from accounts.models import Role
from customers.models import Association
from exports.models import ExportTask
from orders.choices import OrderSource, OrderStatus, OrderType, SessionPurpose
from orders.models import CustomerOrder, OnBehalfSession
from partner_center import clock, exporting

from ..cast import Cast, _member
from ..customers.authorizing import accepted, customer_of
from ..goods import Goods, stock
from . import partner

pytestmark = pytest.mark.django_db

LIST, RESELLERS = "/sales/orders", "/sales/orders/resellers"


@pytest.fixture
def goods() -> Goods:
    return stock()


@pytest.fixture
def harborline(cast: Cast) -> Association:
    return Association.objects.get(customer=cast.harborline)


def _shown(client, address: str = LIST) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return [row.label for row in answer.context["rows"]]


def _of_reseller(cast: Cast, goods: Goods) -> CustomerOrder:
    """An order of a customer of Lagoon, Meridian's reseller."""
    _user, association = customer_of(cast, cast.lagoon)
    return partner.order(association, (goods.host_by_term, "50"), distributor_id=cast.meridian.pk)


@pytest.mark.requirement("04-ORD-01", "02-ROL-06", "06-DOR-01", "07-ROQ-01")
def test_whose_orders_stand_where(cast: Cast, goods: Goods, harborline: Association) -> None:
    delta = Association.objects.get(customer=cast.delta)
    first = partner.order(harborline, (goods.host_by_term, "50"))
    second = partner.order(delta, (goods.disk_by_term, "5"))
    lagoons = _of_reseller(cast, goods)
    before = partner.order(Association.objects.get(customer=cast.quarry), (goods.host_by_term, "9"))
    CustomerOrder.objects.filter(pk=before.pk).update(account=cast.harborline)
    assert set(_shown(partner.client_of(cast.mara))) == {first.order_no, second.order_no}
    assert _shown(partner.client_of(cast.jun)) == [first.order_no]
    assert _shown(partner.client_of(cast.leo)) == [lagoons.order_no]
    dina = partner.client_of(cast.dina)
    assert _shown(dina) == []
    assert _shown(dina, RESELLERS) == [lagoons.order_no]
    Association.objects.filter(pk=delta.pk).update(ended_at=clock.now())
    assert _shown(partner.client_of(cast.mara)) == [first.order_no]


@pytest.mark.requirement("06-DX-02")
def test_the_resellers_tab_is_the_distributors_alone(cast: Cast) -> None:
    assert partner.client_of(cast.mara).get(RESELLERS).status_code == 404
    assert partner.client_of(cast.hana).get(LIST).status_code == 404
    assert partner.client_of(cast.ivy).get(LIST).status_code == 403
    tabs = partner.client_of(cast.dina).get(LIST).context["sections"]
    assert [tab["label"] for tab in tabs] == ["Customers", "Resellers’ Customers"]


@pytest.mark.requirement("04-ORD-02", "06-DOR-02")
def test_search_and_filters(cast: Cast, goods: Goods, harborline: Association) -> None:
    old = partner.order(
        harborline,
        (goods.host_by_term, "50"),
        status=OrderStatus.COMPLETED,
        ordered_at=clock.now() - timedelta(days=40),
    )
    new = partner.order(
        Association.objects.get(customer=cast.delta),
        (goods.disk_by_term, "5"),
        order_type=OrderType.RENEWAL,
    )
    client = partner.client_of(cast.mara)
    day = clock.business_date(clock.now()).isoformat()
    cases = {
        "q=harborline": old,
        f"order_no={new.order_no[-6:]}": new,
        "status=completed": old,
        f"product={goods.disk_by_term.service_type_id}": new,
        "type=renewal": new,
        f"ordered_after={day}": new,
        f"customer={cast.delta.public_id}": new,
        "view=unpaid": new,
    }
    for query, expected in cases.items():
        assert _shown(client, f"{LIST}?{query}") == [expected.order_no], query
    lagoons = _of_reseller(cast, goods)
    dina = partner.client_of(cast.dina)
    assert _shown(dina, f"{RESELLERS}?reseller=lagoon") == [lagoons.order_no]
    assert _shown(dina, f"{RESELLERS}?reseller=other") == []


@pytest.mark.requirement("07-ROQ-02", "07-ROQ-04")
def test_a_reseller_has_fewer_filters_and_no_prices_to_adjust(cast: Cast, goods: Goods) -> None:
    lagoons = _of_reseller(cast, goods)
    answer = partner.client_of(cast.leo).get(LIST)
    names = {each.field.name for each in answer.context["filters"]}
    assert names == {"order_no", "product"}
    assert b"Adjust Price" not in answer.content
    assert b"Price Adjustment History" not in answer.content
    assert lagoons.order_no.encode() in answer.content


@pytest.mark.requirement("04-ORD-03", "04-ORD-04", "04-CUS-09")
def test_what_a_row_says_and_offers(cast: Cast, goods: Goods) -> None:
    referral = partner.refer(cast)
    unpaid = partner.order(referral, (goods.host_by_term, "154.00"))
    paid = partner.order(referral, (goods.host_by_term, "60.00"), status=OrderStatus.COMPLETED)
    page = partner.client_of(cast.mara).get(LIST).content.decode()
    assert reverse("customer_orders:adjust", args=[unpaid.pk]) in page
    assert reverse("customer_orders:adjust", args=[paid.pk]) not in page
    assert f"Payment details of {paid.order_no}" in page
    assert f"Payment details of {unpaid.order_no}" not in page
    assert "Harborline</span>" not in page and "harborline" in page  # the name is masked


COLUMNS = [
    "Order No.",
    "Product Type",
    "Order Type",
    "Order Status",
    "Customer No.",
    "Ordered On",
    "Paid",
    "Order Subtotal (USD)",
    "Amount Paid (USD)",
    "Operation",
]


@pytest.mark.requirement("06-DOR-03", "06-DOR-04", "06-DOR-05", "07-ROQ-03")
def test_what_a_distributor_and_its_reseller_read(cast: Cast, goods: Goods) -> None:
    lagoons = _of_reseller(cast, goods)
    CustomerOrder.objects.update(status=OrderStatus.COMPLETED, paid_at=clock.now(), amount=50)
    for user, address, columns in (
        (cast.dina, RESELLERS, [*COLUMNS[:1], "Reseller", *COLUMNS[1:]]),
        (cast.leo, LIST, COLUMNS),
    ):
        client = partner.client_of(user)
        answer = client.get(address)
        [row] = answer.context["rows"]
        assert [cell.label for cell in row.cells] == columns
        details = reverse("customer_orders:details", args=[lagoons.pk])
        number = next(cell for cell in row.cells if cell.label == "Order No.")
        assert f'href="{details}"' in number.html, "the order ID opens the details"
        assert lagoons.order_no in client.get(details).content.decode()
        page = answer.content.decode()
        assert f"Payment details of {lagoons.order_no}" in page
        assert "Adjust Price" not in page
    history = reverse("customer_orders:adjustments")
    assert history in partner.client_of(cast.dina).get(LIST).content.decode()
    assert partner.client_of(cast.leo).get(history).status_code == 404
    role = Role.objects.get(account=None, system_code=SystemRole.MANAGER)
    seller = _member(cast.meridian, "s.aziz", role)
    _user, association = customer_of(cast, cast.meridian, "palm-dive")
    own = partner.order(association, (goods.host_by_term, "7"))
    assert _shown(partner.client_of(cast.dina)) == [own.order_no]
    assert _shown(partner.client_of(seller)) == [], "its own customers' orders alone"
    assert partner.client_of(seller).get(RESELLERS).status_code == 404


@pytest.mark.requirement("04-ORD-05", "06-DOR-06", "07-ROQ-05")
def test_exports(cast: Cast, goods: Goods, harborline: Association) -> None:
    first = partner.order(harborline, (goods.host_by_term, "50"))
    partner.order(harborline, (goods.disk_by_term, "5"))
    client = partner.client_of(cast.mara)
    page = client.post(f"{LIST}?q=harbor", {"export": "xlsx", "ids": [first.pk]}, follow=True)
    assert "Records exported successfully" in page.content.decode()
    page = client.post(f"{LIST}?q=harbor", {"export": "all-csv"}, follow=True)
    assert "Tasks exported successfully" in page.content.decode()
    every, chosen = ExportTask.objects.order_by("-pk")[:2]
    assert (chosen.params["ids"], chosen.file_format) == ([str(first.pk)], "xlsx")
    assert (every.params["query"], every.file_format) == ("", "csv")
    assert "ids" not in every.params
    source = exporting.get(every.exporter).source(cast.actor(cast.mara), every.params)
    assert [column.head for column in source.columns][-2:] == [
        "Order Subtotal (USD)",
        "Amount Paid (USD)",
    ]
    subtotal = source.queryset.values_list(source.columns[-2].value, flat=True)
    assert sorted(map(str, subtotal)) == ["5.00", "50.00"], "numbers, not 20 decimals as text"


@pytest.mark.requirement("04-ORD-03", "06-DOR-03")
def test_the_details_of_an_order(cast: Cast, goods: Goods, harborline: Association) -> None:
    authorization = accepted(cast)
    session = OnBehalfSession.objects.create(
        account=cast.tidemark,
        authorization=authorization,
        customer=cast.harborline,
        user=cast.mara,
        purpose=SessionPurpose.ORDER,
        started_at=clock.now(),
    )
    bought = partner.order(
        harborline,
        (goods.host_by_term, "50"),
        (goods.disk_by_term, "5"),
        status=OrderStatus.UNSUBSCRIBED,
        source=OrderSource.ON_BEHALF,
        session=session,
        ordered_by_name="tidemark-cloud (tidemark-cloud)",
    )
    refund = partner.order(
        harborline,
        (goods.host_by_term, "-30"),
        status=OrderStatus.COMPLETED,
        order_type=OrderType.UNSUBSCRIPTION,
        original=bought,
        reason_type="5",
        reason="Not needed",
    )
    client = partner.client_of(cast.mara)
    page = client.get(f"{LIST}/{bought.pk}").content.decode()
    for words in ("host-term-1", "disk-term-2", refund.order_no, "Not needed", "on the customer’s"):
        assert words in page
    page = client.get(f"{LIST}/{refund.pk}").content.decode()
    assert bought.order_no in page and "Refunded(USD)" in page
    for stranger in (cast.nora, cast.leo, cast.dina):
        assert partner.client_of(stranger).get(f"{LIST}/{bought.pk}").status_code == 404


@pytest.mark.requirement("04-CUD-06", "07-RCUS-15")
def test_the_card_counts_and_leads_to_the_orders(
    cast: Cast, goods: Goods, harborline: Association
) -> None:
    partner.order(harborline, (goods.host_by_term, "50"))
    partner.order(harborline, (goods.host_by_term, "50"), status=OrderStatus.COMPLETED)
    client = partner.client_of(cast.mara)
    page = client.get(reverse("customers:details", args=[harborline.pk]))
    assert (page.context["orders"].unpaid, page.context["orders"].every) == (1, 2)
    answer = client.get(
        reverse("customer_orders:customer", args=[harborline.pk]) + "?view=unpaid", follow=True
    )
    assert len(answer.context["rows"]) == 1
    assert (
        partner.client_of(cast.nora)
        .get(reverse("customer_orders:customer", args=[harborline.pk]))
        .status_code
        == 404
    )


def test_a_distributor_is_led_to_the_tab_of_the_customer(cast: Cast, goods: Goods) -> None:
    lagoons = _of_reseller(cast, goods)
    address = reverse("customer_orders:customer", args=[lagoons.association_id])
    answer = partner.client_of(cast.dina).get(address)
    assert answer["Location"].startswith(RESELLERS)
    assert partner.client_of(cast.nora).get(address).status_code == 404
