"""View Resources and the tab Resources of Customer Details (04 §8.3.1.9, CUD-11; 06-DRS, 07-RRES)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from customers.models import Association
from exports.models import ExportTask
from partner_center import clock, exporting
from partner_center.refusals import NotFound
from resources.models import CloudResource

from ..cast import Cast
from ..goods import Goods, stock
from ..orders.partner import client_of, resource, savings_plan
from .authorizing import customer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods() -> Goods:
    return stock()


@pytest.fixture
def harborline(cast: Cast, goods: Goods) -> Association:
    """A customer with something of every kind."""
    key = cast.harborline.pk
    web = resource(key, goods.host_by_term, "web", region=goods.region, order_no="CS77")
    resource(key, goods.disk_by_term, "data", parent=web, size=100)
    resource(key, goods.traffic_package, "package")
    resource(key, goods.host_by_use, "batch", status="stopped")
    resource(key, goods.host_reserved, "reserved")
    resource(key, savings_plan(goods.host_by_use), "plan")
    return Association.objects.get(customer=cast.harborline)


def _address(name: str, association: Association) -> str:
    return reverse(f"customers:{name}", args=[association.pk])


def _shown(client, address: str) -> set[str]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return {row.label for row in answer.context["rows"]}


KINDS = {
    "resources-term": {"web", "data", "package"},
    "resources-usage": {"batch"},
    "resources-reserved": {"reserved"},
    "resources-savings": {"plan"},
    "resources": {"web", "data", "package"},
    "details-usage": {"batch"},
    "details-savings": {"plan"},
}


@pytest.mark.requirement("04-RES-01", "06-DRS-02", "07-RRES-01", "04-CUD-11")
def test_each_tab_holds_its_kind(cast: Cast, harborline: Association) -> None:
    for name, expected in KINDS.items():
        address = _address(name, harborline)
        assert _shown(client_of(cast.mara), address) == expected, name
        assert _shown(client_of(cast.jun), address) == expected, "its account manager"
        assert client_of(cast.nora).get(address).status_code == 404
        assert client_of(cast.felix).get(address).status_code == 403
    page = client_of(cast.mara).get("/sales/customers").content.decode()
    assert _address("resources-term", harborline) in page
    Association.objects.filter(pk=harborline.pk).update(ended_at=clock.now())
    assert client_of(cast.mara).get(_address("resources", harborline)).status_code == 404


@pytest.mark.requirement("04-RES-01")
def test_each_tab_has_search_options_of_its_own(
    cast: Cast, goods: Goods, harborline: Association
) -> None:
    CloudResource.objects.filter(name="package").update(frozen_at=clock.now())
    client = client_of(cast.mara)
    far = (clock.now() + timedelta(days=30)).date().isoformat()
    for name, query, expected in (
        ("resources-term", "q=web", {"web"}),
        ("resources-term", f"product={goods.disk_by_term.service_type_id}", {"data"}),
        ("resources-term", f"region={goods.region.pk}", {"web"}),
        ("resources-term", "order_no=cs77", {"web"}),
        ("resources-term", "status=Frozen", {"package"}),
        ("resources-term", "status=running", {"web", "data"}),
        ("resources-term", f"expires_after={far}", set()),
        ("resources-usage", "status=stopped", {"batch"}),
        ("resources-usage", f"created_after={far}", set()),
        ("resources-reserved", "q=id-reserved", {"reserved"}),
        ("resources-savings", f"expires_after={far}", set()),
    ):
        assert _shown(client, f"{_address(name, harborline)}?{query}") == expected, (name, query)


@pytest.mark.requirement("04-RES-02", "07-RRES-03", "06-DRS-03")
def test_icons_tell_of_the_instance_and_what_hangs_on_it(
    cast: Cast, harborline: Association
) -> None:
    CloudResource.objects.filter(name="web").update(frozen_at=clock.now())
    answer = client_of(cast.mara).get(_address("resources-term", harborline) + "?q=web")
    page = answer.content.decode()
    assert "Instance information of web" in page and "Associated resources of web" in page
    assert "id-data" in page, "the attached disk"
    [row] = answer.context["rows"]
    status = next(cell for cell in row.cells if cell.label == "Status")
    assert "Frozen" in status.html


@pytest.mark.requirement("04-RES-02", "04-RES-03", "04-RES-04", "06-DCU-13", "07-RRES-02")
def test_what_is_exported_where(cast: Cast, goods: Goods, harborline: Association) -> None:
    user, of_lagoon = customer_of(cast, cast.lagoon)
    resource(user.account_id, goods.host_by_term, "reef")
    everywhere = {"resources-term", "resources-usage"}
    tab = {"resources", "details-usage", "details-savings"}
    for user, association, allowed in (
        (cast.mara, harborline, everywhere | tab),
        (cast.leo, of_lagoon, everywhere | tab),
        (cast.dina, of_lagoon, tab),
    ):
        client = client_of(user)
        for name in KINDS:
            address = _address(name, association)
            assert client.get(address).context["can_export"] is (name in allowed), (user, name)
            status = client.post(address, {"export": "csv"}).status_code
            assert status == (302 if name in allowed else 404), (user, name)


@pytest.mark.requirement("06-DRS-01", "07-RRES-01")
def test_a_distributor_reaches_customers_of_both_tabs(cast: Cast, goods: Goods) -> None:
    dina = client_of(cast.dina)
    for tab, seller, name in (
        ("/sales/customers", cast.meridian, "palm-dive"),
        ("/sales/customers/resellers", cast.lagoon, "reef-dive"),
    ):
        user, association = customer_of(cast, seller, name)
        resource(user.account_id, goods.host_by_term, f"{name}-web")
        address = _address("resources-term", association)
        page = dina.get(f"{tab}?q={name[:4].upper()}").content.decode()
        assert address in page and "View Resource" in page, "More > View Resource after a search"
        assert address not in dina.get(f"{tab}?q=nothing").content.decode()
        assert _shown(dina, address) == {f"{name}-web"}
        assert client_of(cast.nora).get(address).status_code == 404


@pytest.mark.requirement("04-RES-02")
def test_the_file_holds_this_customer_and_asks_again_who_may_see_it(
    cast: Cast, goods: Goods, harborline: Association
) -> None:
    resource(cast.delta.pk, goods.host_by_term, "foreign")
    address = _address("resources-term", harborline)
    client_of(cast.mara).post(address, {"export": "csv"})
    task = ExportTask.objects.get()
    exporter = exporting.get(task.exporter)
    source = exporter.source(cast.actor(cast.mara), task.params)
    assert {row.name for row in source.queryset} == KINDS["resources-term"]
    heads = {column.head for column in source.columns}
    assert {"Name/ID", "Resource ID", "Status", "Expires"} <= heads
    Association.objects.filter(pk=harborline.pk).update(account=cast.northgate)
    with pytest.raises(NotFound):
        exporter.source(cast.actor(cast.mara), task.params)


def test_the_header_of_the_tab_shows_a_masked_value_once(
    cast: Cast, harborline: Association
) -> None:
    client, address = client_of(cast.mara), _address("resources", harborline)
    assert cast.harborline.email not in client.get(address).content.decode()
    assert cast.harborline.email in client.post(address, {"field": "email"}).content.decode()
    assert cast.harborline.email not in client.get(address).content.decode()


@pytest.mark.requirement("04-CUD-09", "06-DCU-12", "07-RCUS-16")
def test_the_card_counts_what_must_be_renewed_soon(
    cast: Cast, goods: Goods, harborline: Association
) -> None:
    moment = clock.now()
    for name, days in (("soon", 3), ("later", 20), ("far", 40)):
        resource(
            cast.harborline.pk, goods.host_by_term, name, expires_at=moment + timedelta(days=days)
        )
    page = client_of(cast.mara).get(_address("details", harborline))
    # web and the package expire in 10 days; the attached disk is renewed with web.
    assert page.context["expiring"].counts == ((7, 1), (15, 3), (30, 4))
    for days, count in page.context["expiring"].counts:
        link = f"{_address('resources', harborline)}?expiring={days}"
        assert f'<a href="{link}">{count}</a>' in page.content.decode()
        assert len(client_of(cast.mara).get(link).context["rows"]) == count
