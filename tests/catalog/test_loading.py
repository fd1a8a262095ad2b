"""The catalogue from files: ours goes in whole, good lines beside bad ones, again nothing changes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.queries.actors import operator_job
from audit.models import OperationRecord
from catalog.choices import BillingMode, Origin
from catalog.models import ListPrice, PriceTier, Product, Region, ServiceType
from catalog.queries import goods as queries
from catalog.queries.quotes import quote_term, quote_usage
from catalog.refusals import UnreadableFile
from catalog.services import importing
from catalog.services.importing import Report, import_file
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotPermitted
from tests.cast import Cast
from tests.goods import stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(cast: Cast) -> Actor:
    return operator_job("test")


def _load(job: Actor, sheet: str, text: str) -> Report:
    return import_file(job, sheet, text.encode())


def _said(report: Report) -> list[str]:
    return [str(problem) for problem in report.problems]


@pytest.mark.requirement("08-BUY-09", "04-OBO-06")
def test_our_own_catalogue_goes_in_whole_and_a_second_load_changes_nothing(cast: Cast) -> None:
    out = StringIO()
    call_command("load_catalogue", stdout=out)
    assert "0 added" not in out.getvalue()
    rows = (Product.objects.count(), ListPrice.objects.count(), PriceTier.objects.count())
    records = OperationRecord.objects.count()
    again = StringIO()
    call_command("load_catalogue", stdout=again)
    assert all(": 0 added, 0 changed" in line for line in again.getvalue().splitlines())
    assert (Product.objects.count(), ListPrice.objects.count(), PriceTier.objects.count()) == rows
    assert OperationRecord.objects.count() == records > sum(rows[:2])
    _is_a_whole_world()


def _is_a_whole_world() -> None:
    """What the specification asks of the catalogue, and that all of it can be bought."""
    now = clock.now()
    assert ServiceType.objects.count() >= 20
    assert set(BillingMode.values) == set(Product.objects.values_list("mode", flat=True))
    assert Region.objects.filter(name="CN-North-Ulanqab203").exists()
    flagged = ServiceType.objects.filter(has_percentile_billing=True)
    assert set(flagged.values_list("page_slug", flat=True)) == {
        "cdn", "aad", "obs", "live", "vpc", "cc", "dc"
    }  # fmt: skip
    sold = Product.objects.filter(on_behalf_kinds__contains=["reseller"])
    assert set(sold.values_list("service_type__abbreviation", flat=True)) == {"ECS", "EVS", "VPC"}
    region = Region.objects.get(code="ap-southeast-1")
    on_sale = list(queries.products(region, now))
    assert len(on_sale) == Product.objects.on_sale().count()
    for product in {(p.service_type_id, p.mode): p for p in on_sale}.values():
        size = product.spec.size_min if product.spec else None
        (term, *_others) = queries.terms(product, region, now)
        if product.mode == BillingMode.PAY_PER_USE:
            quote_usage(product, region, now, size=size)
        else:
            quote_term(product, region, now, period=term.period, periods=term.counts[0], size=size)


@pytest.mark.requirement("08-BUY-09")
def test_good_lines_go_in_and_each_bad_one_is_named(job: Actor) -> None:
    stock()
    report = _load(
        job,
        "regions",
        "code,name,zones,is_offered\n"
        "ap-southeast-2,AP-Bangkok,AZ1|AZ2,yes\n"
        ",Nowhere,,yes\n"
        "ap-southeast-9,Twice,AZ1|AZ1,yes\n"
        "ap-southeast-8,Maybe,AZ1,perhaps\n"
        f"ap-southeast-7,{'x' * 129},AZ1,yes\n"
        "ap-southeast-2,Again,AZ1,yes\n"
        "ap-southeast-6,Short\n"
        "ap-southeast-3,AP-Singapore,AZ1|AZ2,yes\n"
        "ap-southeast-1,Hong Kong,AZ1,no\n",
    )
    assert (report.added, report.changed, report.unchanged) == (1, 1, 1)
    assert _said(report) == [
        "Line 3, code: This column is required.",
        "Line 4, zones: Name each availability zone once.",
        "Line 5, is_offered: Write yes or no, not “perhaps”.",
        "Line 6, name: Ensure this value has at most 128 characters (it has 129).",
        "Line 7: The same row stands in the file twice.",
        "Line 8: The line has 2 cells, not as many as the first.",
    ]
    assert not Region.objects.get(code="ap-southeast-1").is_offered
    record = OperationRecord.objects.get(action="catalog.region.changed")
    assert (record.before["name"], record.after["name"]) == ("CN-Hong Kong", "Hong Kong")
    assert OperationRecord.objects.get(action="catalog.region.added").after["zones"] == [
        "AZ1",
        "AZ2",
    ]


#: A product line with one thing wrong, over a whole one; then what is said.
WHOLE = {
    "code": "new",
    "name": "New",
    "resource_type": "hws.resource.type.vm",
    "spec": "s6.small.1.linux",
    "mode": "usage",
    "usage_type": "Duration",
    "usage_unit": "6",
    "pricing_unit": "4",
    "conversion_factor": "3600",
}
WRONG_PRODUCTS = [
    ({"resource_type": "vm"}, "resource_type: There is no “vm”."),
    ({"spec": "SSD"}, "spec: There is no “SSD”."),
    ({"mode": "gift"}, "mode: Value 'gift' is not a valid choice."),
    ({"usage_unit": ""}, "usage_unit: Products of this billing mode are metered. Choose one."),
    ({"usage_unit": "six"}, "usage_unit: Write a whole number, not “six”."),
    ({"conversion_factor": "60"}, "conversion_factor: One h is 3600 s: enter 3600."),
    ({"conversion_factor": "0.0"}, "conversion_factor: Enter a factor above 0."),
    ({"conversion_factor": "NaN"}, "conversion_factor: Write a number such as 0.0125, not “NaN”."),
    ({"mode": "ri_upfront"}, "payment_option: Choose a payment option."),
    ({"mode": "package"}, "package_quota: Enter how much is free."),
    (
        {"mode": "ri_upfront", "payment_option": "no", "term_months": "12"},
        (
            "payment_option: Nothing upfront is billed by the hour: choose reserved instance-hourly"
            " billing."
        ),
    ),
    (
        {"term_months": "12"},
        "term_months: Products of this billing mode have none. Leave it empty.",
    ),
    (
        {"mode": "savings", "payment_option": "no", "term_months": "12", "plan_discount": "20"},
        "commitment: Enter the commitment, in USD an hour.",
    ),
    (
        {
            "mode": "savings",
            "payment_option": "no",
            "term_months": "12",
            "commitment": "1",
            "plan_discount": "100",
        },
        "plan_discount: Enter a discount from 1 to 99 percent.",
    ),
    (
        {"plan_discount": "20"},
        "plan_discount: Products of this billing mode have none. Leave it empty.",
    ),
    (
        {"package_reset": "month"},
        "package_reset: Only resource packages start anew. Leave it empty.",
    ),
    (
        {"is_percentile": "yes"},
        "is_percentile: Only pay-per-use products of services with 95th-percentile bandwidth are.",
    ),
    ({"mode": "period", "is_spot": "yes"}, "is_spot: Only pay-per-use products are spot."),
    (
        {"is_spot": "yes", "takes_partner_discount": "yes"},
        (
            "takes_partner_discount: Spot, marketplace and no-discount products take no partner"
            " discounts."
        ),
    ),
    ({"on_behalf_kinds": "csp|agent"}, "on_behalf_kinds: There is no kind of partner “agent”."),
]


def test_a_product_that_contradicts_itself_is_refused_with_the_reason(job: Actor) -> None:
    stock()
    _load(job, "conversions", "unit,reference,ratio\n4,6,3600\n")
    heads = sorted({head for wrong, _said in WRONG_PRODUCTS for head in wrong} | set(WHOLE))
    lines = [WHOLE | {"code": f"new-{i}"} | wrong for i, (wrong, _) in enumerate(WRONG_PRODUCTS)]
    cells = [",".join(line.get(head, "") for head in heads) for line in [*lines, WHOLE]]
    text = "\n".join([",".join(heads), *cells])
    report = _load(job, "products", text)
    assert _said(report) == [
        f"Line {i}, {said}" for i, (_, said) in enumerate(WRONG_PRODUCTS, start=2)
    ]
    assert report.added == 1
    assert Product.objects.get(code="new").service_type.code == "hws.service.type.ec2"


def test_what_past_prices_were_computed_with_does_not_change(job: Actor) -> None:
    goods = stock()
    text = "code,conversion_factor,is_on_sale\nhost-usage,60,no\ntraffic,1073741824,no\n"
    report = _load(job, "products", text)
    assert _said(report) == [
        (
            "Line 2, conversion_factor: Conversion factor cannot change: prices of this product have "
            "been in effect. Add a new product and withdraw this one from sale."
        )
    ]
    goods.traffic.refresh_from_db()
    assert not goods.traffic.is_on_sale
    assert goods.traffic.name == "Traffic"  # a column that the file lacks stays
    ListPrice.objects.filter(product=goods.disk_by_use).delete()
    text = "resource_type,code,size_unit,size_min,size_max,size_step\n"
    report = _load(job, "specs", text + "hws.resource.type.volume,SSD,,,,\n")
    assert "The unit of the size cannot change" in _said(report)[0]


def test_terms_of_a_savings_plan_that_were_missing_are_entered_once(job: Actor) -> None:
    goods = stock()
    Product.objects.filter(pk=goods.host_reserved.pk).update(mode=BillingMode.SAVINGS_PLAN)
    changed = "Line 2, commitment: Hourly commitment cannot change"
    for commitment, said in (("0.5", []), ("0.5", []), ("0.6", [changed])):
        text = f"code,commitment,plan_discount\nhost-reserved,{commitment},20\n"
        found = _said(_load(job, "products", text))
        assert [sentence[: len(changed)] for sentence in found] == said
    plan = Product.objects.get(pk=goods.host_reserved.pk)
    assert (plan.commitment, plan.plan_discount) == (Decimal("0.5"), 20)


@pytest.mark.requirement("05-BIL-08")
def test_prices_go_in_by_line_with_their_tiers(job: Actor) -> None:
    goods = stock()
    now = clock.now()
    soon = (now + timedelta(days=9)).isoformat()
    past = (now - timedelta(days=9)).isoformat()
    report = _load(
        job,
        "prices",
        "product,region,period,unit_price,upfront_price,valid_from,tiers\n"
        f"traffic,,,9,,{soon},0:0.10;1024:0.08\n"
        "host-usage,,,0.1,,,\n"
        "host-usage,ap-southeast-1,,0.11,,,\n"
        f"host-usage,,,0.09,,{past},\n"
        "host-usage,,,0.09,,2020-01-01T00:00:00Z,\n"
        "host-usage,,,0.10,,2020-01-01T08:00:00+08:00,\n"
        "host-usage,,month,1,,,\n"
        "host-term,,month,cheap,,,\n"
        "host-term,,month,-1,,,\n"
        "host-term,,week,1,,,\n"
        "host-term,,month,1,5,,\n"
        f"host-term,,month,1,,{soon},0:1\n"
        "host-term,,month,0.12345678901,,,\n"
        "host-reserved,,month,1,,,\n"
        f"traffic,,,1,,{soon},5:1\n"
        f"traffic,,,1,,{soon},0:1;5:-1\n"
        f"traffic,,,1,,{soon},0:1;ten\n"
        "traffic,,,1,,2026-01-01,\n"
        "nothing,,,1,,,\n"
        "traffic,mars,,1,,,\n",
    )
    assert (report.added, report.changed, report.unchanged) == (2, 0, 2)
    assert [said.split(": ", 1)[0] for said in _said(report)] == [
        f"Line {line}{column}"
        for line, column in (
            (5, ", valid_from"),
            (6, ""),
            (8, ", period"),
            (9, ", unit_price"),
            (10, ", unit_price"),
            (11, ", period"),
            (12, ", upfront_price"),
            (13, ", tiers"),
            (14, ", unit_price"),
            (15, ", period"),
            (16, ", tiers"),
            (17, ", tiers"),
            (18, ", tiers"),
            (19, ", valid_from"),
            (20, ", product"),
            (21, ", region"),
        )
    ]
    said = _said(report)
    assert "A new one can begin now or later, not in the past." in said[0]
    assert "has been in effect since 2020-01-01 08:00:00 GMT+08:00" in said[1]
    scheduled = ListPrice.objects.get(product=goods.traffic, valid_from__gt=now)
    assert scheduled.unit_price == Decimal("0.10")  # that of the first tier
    assert [(t.above, t.unit_price) for t in scheduled.tiers.order_by("above")] == [
        (Decimal(0), Decimal("0.10")),
        (Decimal(1024), Decimal("0.08")),
    ]
    again = _load(job, "prices", f"product,unit_price,valid_from\ntraffic,0.05,{soon}\n")
    assert (again.added, again.changed) == (0, 1)  # not in effect yet, so it may change
    assert not PriceTier.objects.filter(price=scheduled).exists()


def test_a_row_that_only_a_usage_file_knew_becomes_the_catalogues(job: Actor) -> None:
    Region.objects.create(code="mars-1", name="mars-1", origin=Origin.USAGE)
    report = _load(job, "regions", "code,name,zones\nmars-1,Mars,AZ1\n")
    assert report.changed == 1
    assert Region.objects.get(code="mars-1").origin == Origin.CATALOGUE


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name\nAsia\n", "lacks the column code"),
        (b"code,nmae\nx,Asia\n", "no column “nmae”"),
        (b"code,name,name\nx,a,b\n", "a column twice"),
        (b"code;name\nx;Asia\n", "lacks the column code"),
        ("code,name\nx,Zürich\n".encode("latin-1"), "not UTF-8"),
        (b'code,name\nx,"Asia\n', "cannot be read as CSV"),
        (b"", "lacks the column code"),
    ],
)
def test_a_file_that_is_none_changes_nothing(job: Actor, content: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile) as raised:
        import_file(job, "regions", content)
    assert said in raised.value.sentence
    assert not Region.objects.exists()


def test_the_command_names_what_is_wrong_and_says_so_by_its_exit_code(
    cast: Cast, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match="no file of the catalogue"):
        call_command("load_catalogue", str(tmp_path))
    (tmp_path / "regions.csv").write_text("code,name,is_offered\nx,X,perhaps\ny,Y,yes\n")
    err = StringIO()
    with pytest.raises(CommandError, match="1 lines did not go in"):
        call_command("load_catalogue", str(tmp_path), stdout=StringIO(), stderr=err)
    assert "regions.csv: Line 2, is_offered: Write yes or no" in err.getvalue()
    assert list(Region.objects.values_list("code", flat=True)) == ["y"]


def test_only_the_operators_own_people_load(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        import_file(cast.actor(cast.mara), "regions", b"code,name\nx,X\n")


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_leave_one_of_each_row(job: Actor) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    def load(_number: int) -> int:
        try:
            return _load(job, "regions", "code,name\nx,X\ny,Y\n").added
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(load, range(2))) == [0, 2]
    assert Region.objects.count() == 2
    assert importing.ORDER[-1] == "prices"
