"""The operator's pages of the catalogue, and the partners' list of 95th-percentile products."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import OperationRecord
from catalog.models import ListPrice, PriceTier, Product, Region, ResourceSpec, ServiceType
from catalog.services import importing
from exports import services as exports
from exports.models import ExportTask
from partner_center import clock
from tests.cast import Cast
from tests.goods import Goods, stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods() -> Goods:
    return stock()


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client(cast: Cast) -> Client:
    """Olga of the operator."""
    return _client(cast.olga)


def _url(row: Any, page: str = "change") -> str:
    return reverse(f"admin:catalog_{row._meta.model_name}_{page}", args=[row.pk])


def _operation(row: Any, name: str) -> str:
    return f"{_url(row).removesuffix('change/')}{name}/"


def _form(client: Client, address: str, **changed: Any) -> dict[str, Any]:
    """What the browser would send of a form, with some fields changed."""
    form = client.get(address).context["adminform"].form
    data: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        if name == "valid_from":
            data |= {f"{name}_0": "", f"{name}_1": ""}
        elif isinstance(value, list) and name == "zones":
            data[name] = ",".join(value)
        elif value is not False:
            data[name] = "" if value is None else value
    return data | changed


def test_a_row_is_added_and_changed_with_its_records(client: Client) -> None:
    add = reverse("admin:catalog_region_add")
    data = {"code": "ap-southeast-2", "name": "AP-Bangkok", "zones": "AZ1,AZ2", "is_offered": "on"}
    assert client.post(add, data).status_code == 302
    region = Region.objects.get(code="ap-southeast-2")
    assert region.zones == ["AZ1", "AZ2"]
    again = client.post(add, data)
    assert again.status_code == 422
    assert "“ap-southeast-2” is there already." in again.content.decode()
    changed = _form(client, _url(region), name="Bangkok", code="other")
    assert client.post(_url(region), changed).status_code == 302
    region.refresh_from_db()
    assert (region.code, region.name) == ("ap-southeast-2", "Bangkok")
    stale = client.post(_url(region), changed | {"name": "Again"})
    assert stale.status_code == 422 and "Somebody changed this" in stale.content.decode()
    actions = OperationRecord.objects.order_by("pk").values_list("action", "after__name")
    assert list(actions) == [
        ("catalog.region.added", "AP-Bangkok"),
        ("catalog.region.changed", "Bangkok"),
    ]


def test_a_specification_keeps_its_attributes_as_lines(client: Client, goods: Goods) -> None:
    spec = ResourceSpec.objects.get(code="s6.small.1.linux")
    data = _form(client, _url(spec))
    assert data["attributes"] == "vcpu=vCPUs=1="
    lines = "vcpu=vCPUs=2=\nram=Memory=4=GB"
    assert client.post(_url(spec), data | {"attributes": lines}).status_code == 302
    spec.refresh_from_db()
    assert spec.text == "2|4"
    wrong = client.post(_url(spec), _form(client, _url(spec), attributes="two vCPUs"))
    assert wrong.status_code == 422
    assert "Write each attribute as code=name=value=unit" in wrong.content.decode()
    assert "two vCPUs" in wrong.content.decode()  # nothing typed is lost


def test_a_product_is_withdrawn_and_offered_again(client: Client, goods: Goods) -> None:
    page = reverse("admin:catalog_product_changelist")
    for action, on_sale in (("withdraw", False), ("offer", True)):
        chosen = {"action": action, "_selected_action": [goods.traffic.pk]}
        assert client.post(page, chosen).status_code == 302
        assert Product.objects.get(pk=goods.traffic.pk).is_on_sale is on_sale
    actions = OperationRecord.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["catalog.product.withdrawn", "catalog.product.offered"]


def test_what_a_products_prices_were_computed_with_stays(client: Client, goods: Goods) -> None:
    url = _url(goods.traffic)
    data = _form(client, url, conversion_factor="1000", on_behalf_kinds=["csp"])
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert "Conversion factor cannot change" in refused.content.decode()
    named = _form(client, url, name="Outbound traffic", on_behalf_kinds=["csp"])
    assert client.post(url, named).status_code == 302
    product = Product.objects.get(pk=goods.traffic.pk)
    assert (product.name, product.on_behalf_kinds) == ("Outbound traffic", ["csp"])


@pytest.mark.requirement("05-BIL-08")
def test_a_price_that_was_in_effect_stays_and_another_follows_it(
    client: Client, goods: Goods
) -> None:
    price = ListPrice.objects.get(product=goods.traffic)
    old = client.post(_url(price), {"tiers": "0:1"})
    assert old.status_code == 422
    assert "It cannot be changed or withdrawn" in old.content.decode()
    assert client.post(_operation(price, "withdraw"), {}).status_code == 403
    assert not PriceTier.objects.exists()
    follow = client.get(_operation(price, "follow"))
    assert follow["Location"].endswith(f"add/?product={goods.traffic.pk}&region=&period=")
    add = reverse("admin:catalog_listprice_add")
    tomorrow = (clock.now() + timedelta(days=1)).astimezone(clock.BUSINESS_ZONE)
    data = {
        "product": goods.traffic.pk,
        "period": "",
        "unit_price": "9",
        "upfront_price": "0",
        "valid_from_0": f"{tomorrow:%Y-%m-%d}",
        "valid_from_1": "00:00:00",
        "tiers": "0:0.10\n1024:0.08",
    }
    backdated = client.post(add, data | {"valid_from_0": "2021-01-01"})
    assert backdated.status_code == 422
    assert "A new one can begin now or later" in backdated.content.decode()
    assert client.post(add, data).status_code == 302
    later = ListPrice.objects.get(product=goods.traffic, valid_from__gt=clock.now())
    assert later.valid_from.astimezone(clock.BUSINESS_ZONE).hour == 0
    assert later.unit_price == Decimal("0.10")
    twice = client.post(add, data)
    assert twice.status_code == 422
    assert "Change that one" in twice.content.decode(), twice.context["adminform"].form.errors
    cheaper = data | {"tiers": "", "unit_price": "0.07"}
    assert client.post(_url(later), cheaper).status_code == 302
    later.refresh_from_db()
    assert (later.unit_price, later.tiers.count()) == (Decimal("0.07"), 0)
    assert client.post(_operation(later, "withdraw"), {}).status_code == 302
    assert not ListPrice.objects.filter(pk=later.pk).exists()
    actions = OperationRecord.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == [f"catalog.price.{verb}" for verb in ("added", "changed", "withdrawn")]


def test_a_price_list_is_loaded_with_a_report_by_line(client: Client, goods: Goods) -> None:
    page = reverse("admin:catalog_listprice_import_file")
    assert "unit_price" in client.get(page).content.decode()
    text = b"product,region,unit_price\nhost-usage,ap-southeast-1,0.2\nhost-usage,mars,0.2\n"
    answer = client.post(page, {"file": SimpleUploadedFile("prices.csv", text)})
    content = answer.content.decode()
    assert answer.status_code == 200
    assert "Added: 1. Changed: 0. Unchanged: 0. Refused: 1." in content
    assert "There is no “mars”." in content
    assert ListPrice.objects.filter(product=goods.host_by_use).count() == 2
    for wrong, said in (
        (SimpleUploadedFile("prices.csv", b"product;unit_price\n"), "lacks the column"),
        (SimpleUploadedFile("prices.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "none of these types"),
        (SimpleUploadedFile("prices.txt", text), "its name ends with"),
    ):
        refused = client.post(page, {"file": wrong})
        assert refused.status_code == 422 and said in refused.content.decode()
    assert client.post(page, {}).status_code == 422


@pytest.mark.requirement("05-EXP-01")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sheet", ["products", "prices"])
def test_an_exported_table_can_be_imported_again(
    cast: Cast, client: Client, sheet: str, settings: Any, tmp_path: Any
) -> None:
    goods = stock()
    price = ListPrice.objects.get(product=goods.traffic)
    PriceTier.objects.create(price=price, above=Decimal(0), unit_price=Decimal("0.12"))
    PriceTier.objects.create(price=price, above=Decimal("10.5"), unit_price=Decimal("0.1"))
    model = {"products": "product", "prices": "listprice"}[sheet]
    page = reverse(f"admin:catalog_{model}_export_file")
    assert client.get(page).status_code == 200
    assert client.post(page, {}).status_code == 302
    task = ExportTask.objects.get()
    exports.run_export(task.uid)
    task.refresh_from_db()
    download = client.get(reverse("exports:download", args=[task.uid]))
    content = b"".join(download.streaming_content)
    report = importing.import_file(cast.actor(cast.olga), sheet, content)
    assert (report.problems, report.added, report.changed) == ([], 0, 0)
    assert report.unchanged == {"products": 7, "prices": 9}[sheet]


@pytest.mark.requirement(
    "04-P95-01", "04-P95-02", "05-P95-01", "05-P95-02", "06-DX-13", "07-RDF-05"
)
def test_partners_see_which_products_are_billed_by_the_95th_percentile(cast: Cast) -> None:
    for name, abbreviation, slug in (
        ("Virtual Private Cloud", "VPC", "vpc"),
        ("Cloud Connect", "Cloud Connect", "cc"),
        ("Content Delivery Network", "CDN", "cdn"),
        ("Elastic Cloud Server", "ECS", ""),
    ):
        ServiceType.objects.create(
            code=f"hws.service.type.{name}",
            name=name,
            abbreviation=abbreviation,
            overview=f"What {name} does.",
            page_slug=slug,
            has_percentile_billing=bool(slug),
        )
    page = reverse("catalog:percentile-products")
    for user in (cast.mara, cast.ivy, cast.dina):
        answer = _client(user).get(page)
        assert [s.title for s in answer.context["services"]] == [
            "Content Delivery Network (CDN)",
            "Virtual Private Cloud (VPC)",
            "Cloud Connect",
        ]
        content = answer.content.decode()
        assert "https://www.huaweicloud.com/intl/en-us/product/cdn.html" in content
        assert "What Cloud Connect does." in content
    for user in (cast.leo, cast.hana):
        assert _client(user).get(page).status_code == 404
