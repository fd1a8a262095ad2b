"""The product dictionary, specifications and price inquiries with the official SDK (B.39 to B.49)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from huaweicloudsdkbssintl.v2 import (
    DemandProductInfo,
    ListConversionsRequest,
    ListMeasureUnitsRequest,
    ListOnDemandResourceRatingsRequest,
    ListRateOnPeriodDetailRequest,
    ListRenewRateOnPeriodReq,
    ListRenewRateOnPeriodRequest,
    ListResourceSpecsPriceRequest,
    ListResourceSpecsRequest,
    ListResourceTypesRequest,
    ListServiceResourcesRequest,
    ListServiceTypesRequest,
    ListUsageTypesRequest,
    PeriodProductInfo,
    RateOnDemandReq,
    RateOnPeriodReq,
    ResourceSpecsFilter,
    ResourceSpecsPriceFilter,
    ResourceSpecsPriceQueryReq,
    ResourceSpecsQueryReq,
)
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException

from catalog.choices import BillingMode, Period
from catalog.models import ListPrice, MeasureUnit, ServiceType, UnitConversion
from customers.choices import AssociationModel
from customers.models import Association, PartnerDiscount
from partner_center import clock
from resources.choices import ReleaseCause, ResourceStatus
from resources.models import CloudResource

from ..cast import Cast
from ..goods import LONG_AGO, Goods, stock

pytestmark = pytest.mark.django_db(transaction=True)

ECS = "hws.service.type.ec2"
VM = "hws.resource.type.vm"
EVS = "hws.service.type.ebs"
VOLUME = "hws.resource.type.volume"
REGION = "ap-southeast-3"
HOST = {
    "id": "1",
    "cloud_service_type": ECS,
    "resource_type": VM,
    "resource_spec": "s6.small.1.linux",
    "region": REGION,
    "usage_factor": "Duration",
    "usage_value": 1,
    "usage_measure_id": 4,
    "subscription_num": 1,
}
DISK = {
    "id": "2",
    "cloud_service_type": EVS,
    "resource_type": VOLUME,
    "resource_spec": "SSD",
    "region": REGION,
    "resource_size": 100,
    "size_measure_id": 17,
    "subscription_num": 1,
}


@pytest.fixture
def goods() -> Goods:
    made = stock()
    units = {unit.pk: unit for unit in MeasureUnit.objects.all()}
    UnitConversion.objects.create(unit=units[4], reference=units[6], ratio=3600)
    UnitConversion.objects.create(unit=units[10], reference=units[13], ratio=1024**3)
    return made


def _refused(call: Callable[[], Any]) -> tuple[int, str]:
    with pytest.raises(ClientRequestException) as raised:
        call()
    return raised.value.status_code, raised.value.error_code


@pytest.mark.requirement("api-B.39", "api-B.40", "api-B.41", "api-B.42", "api-B.43", "api-B.44")
def test_the_dictionary_is_there_for_partners_and_customers(
    cast: Cast, goods: Goods, key_of: Any, sdk: Any
) -> None:
    ServiceType.objects.create(code="hws.service.type.shop", name="Shop", is_marketplace=True)
    for user in (cast.mara, cast.leo, cast.hana):
        client = sdk(key_of(user))
        services = client.list_service_types(ListServiceTypesRequest(limit=2))
        assert services.total_count == 3
        assert [s.abbreviation for s in services.service_types] == ["ECS", "EVS"]
    found = client.list_service_types(ListServiceTypesRequest(service_type_name="volume"))
    assert [s.service_type_code for s in found.service_types] == [EVS]
    types = client.list_resource_types(ListResourceTypesRequest(offset=1, limit=1))
    assert (types.total_count, types.resource_types[0].resource_type_code) == (3, VM)
    assert types.resource_types[0].service_type_code == ECS
    own = client.list_service_resources(ListServiceResourcesRequest(service_type_code=ECS))
    assert own.infos[0].basic_info.to_dict() == {
        "resource_type_code": VM,
        "product_owner_service": ECS,
        "name": "Cloud host",
        "description": "",
    }
    usage = client.list_usage_types(ListUsageTypesRequest(resource_type_code=VM))
    assert usage.usage_types[0].to_dict() == {
        "code": "Duration",
        "name": "Duration",
        "resource_type_code": VM,
        "service_type_code": ECS,
        "resource_type_name": "Cloud host",
        "service_type_name": "Elastic Cloud Server",
    }
    units = client.list_measure_units(ListMeasureUnitsRequest()).measure_units
    assert {(u.measure_id, u.measure_name, u.measure_type) for u in units} >= {(4, "Hour", 2)}
    ratios = client.list_conversions(ListConversionsRequest(measure_type=3)).conversions
    assert [(r.measure_id, r.ref_measure_id, r.conversion_ratio) for r in ratios] == [
        (10, 13, 1024**3)
    ]
    assert len(client.list_conversions(ListConversionsRequest()).conversions) == 2
    for wrong in (
        lambda: client.list_conversions(ListConversionsRequest(measure_type="")),
        lambda: client.list_service_types(ListServiceTypesRequest(limit=201)),
        lambda: client.list_service_resources(ListServiceResourcesRequest()),
        lambda: client.list_usage_types(ListUsageTypesRequest(offset=-1)),
    ):
        assert _refused(wrong) == (400, "CBC.0100")


@pytest.mark.requirement("api-B.45")
def test_specifications_are_paged_by_a_marker(
    cast: Cast, goods: Goods, key_of: Any, sdk: Any
) -> None:
    client = sdk(key_of(cast.mara))

    def query(**body: Any) -> Any:
        asked = {"cloud_service_type": ECS, "resource_type": VM, "region_code": REGION}
        body = asked | {"charge_mode": "3"} | body
        return client.list_resource_specs(
            ListResourceSpecsRequest(body=ResourceSpecsQueryReq(**body))
        )

    spec = goods.host_by_use.spec
    spec.pk, spec.code = None, "s6.large.2.linux"
    spec.save(force_insert=True)
    product = goods.host_by_use
    product.pk, product.code, product.spec = None, "host-large", spec
    product.save(force_insert=True)
    ListPrice.objects.create(product=product, unit_price=Decimal("0.2"), valid_from=LONG_AGO)
    first = query(limit=1)
    assert first.cloud_service_basics[0].to_dict() == {
        "cloud_service_type": ECS,
        "cloud_service_type_name": "Elastic Cloud Server",
        "resource_type": VM,
        "resource_type_name": "Cloud host",
        "resource_spec": "s6.small.1.linux",
        "resource_spec_name": "s6.small.1",
        "charge_mode": "3",
        "region_code": REGION,
    }
    second = query(limit=1, marker=first.page_info.next_marker)
    assert second.cloud_service_basics[0].resource_spec == "s6.large.2.linux"
    assert second.page_info.next_marker is None
    by_code = query(filters=[ResourceSpecsFilter("RESOURCE_SPEC", "s6.large.2.linux")])
    assert len(by_code.cloud_service_basics) == 1
    assert len(query(charge_mode="1").cloud_service_basics) == 1  # yearly/monthly: the small one
    assert query(region_code="mars-1").cloud_service_basics == []
    for wrong in (
        {"charge_mode": "10"},
        {"limit": 101},
        {"marker": "§"},
        {"cloud_service_type": ""},
    ):
        assert _refused(lambda wrong=wrong: query(**wrong)) == (400, "CBC.0100")


@pytest.mark.requirement("api-B.46", "api-A.5")
def test_the_price_list_has_attributes_and_prices_as_text(
    cast: Cast, goods: Goods, key_of: Any, sdk: Any
) -> None:
    client = sdk(key_of(cast.hana))

    def query(**body: Any) -> Any:
        asked = ResourceSpecsPriceQueryReq(**{"region_code": REGION} | body)
        return client.list_resource_specs_price(ListResourceSpecsPriceRequest(body=asked))

    plain = query()
    assert plain.region_code == REGION
    assert [(s.attributes, s.price_lists) for s in plain.resource_spec_infos] == [(None, None)] * 2
    rows = {
        s.resource_spec: s for s in query(need_price=True, need_attributes=True).resource_spec_infos
    }
    assert [price.to_dict() for price in rows["SSD"].price_lists] == [
        {
            "offering_id": offering,
            "currency": "USD",
            "official_price": text,
            "charging_mode": mode,
            "period_type": kind,
            "period_nums": counts,
            "billing_usage_factor": factor,
        }
        for offering, text, mode, kind, counts, factor in (
            ("disk-usage", "0.0002", "ON_DEMAND", 4, None, "Duration"),
            ("disk-term", "0.1", "PERIOD", 2, list(range(1, 12)), None),
            ("disk-term", "1", "PERIOD", 3, [1, 2, 3], None),
        )
    ]
    size = rows["SSD"].attributes[-1]
    assert (size.code, size.value, size.linear_range.max) == ("size", None, 32768)
    by_mode = query(
        filters=[ResourceSpecsPriceFilter("CHARGING_MODE", "ON_DEMAND")], need_price=True
    )
    assert {p.charging_mode for s in by_mode.resource_spec_infos for p in s.price_lists} == {
        "ON_DEMAND"
    }
    once = query(filters=[ResourceSpecsPriceFilter("CHARGING_MODE", "ONE_TIME")])
    assert once.resource_spec_infos == []
    assert len(query(limit=1, cloud_service_type=EVS).resource_spec_infos) == 1
    wrong = [ResourceSpecsPriceFilter("CHARGING_MODE", "GIFT")]
    assert _refused(lambda: query(filters=wrong)) == (400, "CBC.0100")


def _refer(cast: Cast, percent: int = 10) -> None:
    """Harborline works with Tidemark in the Referral model and got a discount."""
    found = Association.objects.filter(customer=cast.harborline)
    found.update(model=AssociationModel.REFERRAL)
    today = clock.business_date(clock.now())
    PartnerDiscount.objects.create(
        account=cast.tidemark,
        association=found.get(),
        percent=percent,
        starts_on=today,
        ends_on=today,
        set_by=cast.mara,
        set_at=clock.now(),
    )


@pytest.mark.requirement("api-B.47", "08-CSN-03")
def test_usage_is_priced_with_the_discounts_of_the_caller(
    cast: Cast, goods: Goods, key_of: Any, sdk: Any
) -> None:
    _refer(cast)
    by_use = {"usage_factor": "Duration", "usage_value": 90, "usage_measure_id": 6}
    products = [DemandProductInfo(**HOST), DemandProductInfo(**DISK | by_use)]

    def rate(user: Any, **more: Any) -> Any:
        body = RateOnDemandReq(**{"project_id": "p", "product_infos": products} | more)
        client = sdk(key_of(user))
        return client.list_on_demand_resource_ratings(ListOnDemandResourceRatingsRequest(body=body))

    partner = rate(cast.mara)
    assert (partner.amount, partner.currency, partner.measure_id) == (Decimal("0.1005"), "USD", 1)
    assert [r.discount_rating_results for r in partner.product_rating_results] == [[], []]
    customer = rate(cast.hana, inquiry_precision=1)
    assert customer.official_website_amount == Decimal("0.1005")
    assert customer.amount == Decimal("0.09045") and customer.discount_amount == Decimal("0.01005")
    disk = customer.product_rating_results[1]
    assert (disk.id, disk.product_id, disk.amount) == ("2", "disk-usage", Decimal("0.00045"))
    granted = disk.discount_rating_results[0]
    assert (granted.discount_type, granted.amount) == (607, Decimal("0.00005"))
    coarse = rate(cast.mara, product_infos=[DemandProductInfo(**HOST | {"usage_measure_id": 6})])
    assert coarse.amount == Decimal("0.000028")  # 6 decimals


WRONG_USAGE = [
    ({"cloud_service_type": "ecs"}, "CBC.99006024"),
    ({"resource_type": "vm"}, "CBC.99006016"),
    ({"resource_spec": "s6"}, "CBC.99006006"),
    ({"region": "mars-1"}, "CBC.99006017"),
    ({"available_zone": "AZ9"}, "CBC.99006066"),
    ({"usage_factor": "upflow"}, "CBC.99006074"),
    ({"usage_measure_id": 10}, "CBC.99006050"),
    ({"usage_value": 10**15}, "CBC.99006055"),
    ({"subscription_num": 0}, "CBC.0100"),
    ({"subscription_num": 1001}, "CBC.0100"),
    (DISK | {"size_measure_id": 15}, "CBC.99006050"),
    (DISK | {"resource_size": None}, "CBC.0100"),
    (DISK | {"resource_size": 5}, "CBC.0100"),
]


@pytest.mark.requirement("api-B.47", "api-A.8")
def test_what_cannot_be_priced_has_its_code(
    cast: Cast, goods: Goods, key_of: Any, sdk: Any
) -> None:
    client = sdk(key_of(cast.mara))

    def rate(*products: dict[str, Any]) -> Any:
        infos = [DemandProductInfo(**product) for product in products]
        body = RateOnDemandReq(project_id="p", product_infos=infos)
        return client.list_on_demand_resource_ratings(ListOnDemandResourceRatingsRequest(body=body))

    for wrong, code in WRONG_USAGE:
        assert _refused(lambda wrong=wrong: rate(HOST | wrong)) == (400, code), wrong
    assert _refused(rate) == (400, "CBC.0100")
    assert _refused(lambda: rate(HOST, HOST)) == (400, "CBC.0100")


@pytest.mark.requirement("api-B.48", "08-CSN-03")
def test_terms_are_priced_at_list_price_and_per_discount(
    cast: Cast, goods: Goods, key_of: Any, sdk: Any
) -> None:
    _refer(cast)
    host = {name: HOST[name] for name in HOST if not name.startswith("usage")}

    hana = sdk(key_of(cast.hana))

    def rate(client: Any, *products: dict[str, Any]) -> Any:
        infos = [PeriodProductInfo(**product) for product in products]
        body = RateOnPeriodReq(project_id="p", product_infos=infos)
        return client.list_rate_on_period_detail(ListRateOnPeriodDetailRequest(body=body))

    year = host | {"period_type": 3, "period_num": 1}
    month = DISK | {"period_type": 2, "period_num": 3}
    partner = rate(sdk(key_of(cast.mara)), year, month)
    official = partner.official_website_rating_result
    assert (official.official_website_amount, partner.currency) == (Decimal("530.00"), "USD")
    assert official.installment_official_website_amount is None
    assert partner.optional_discount_rating_results == []
    assert [r.product_id for r in official.product_rating_results] == ["host-term", "disk-term"]
    customer = rate(hana, year, month)
    (granted,) = customer.optional_discount_rating_results
    assert (granted.amount, granted.discount_amount) == (Decimal("477.00"), Decimal("53.00"))
    assert (granted.discount_type, granted.best_offer) == (607, 1)
    assert [r.amount for r in granted.product_rating_results] == [
        Decimal("450.00"),
        Decimal("27.00"),
    ]
    half = rate(hana, year | {"fee_installment_mode": "HALF_PAY"})
    assert half.official_website_rating_result.installment_official_website_amount == "20.83"
    (granted,) = half.optional_discount_rating_results
    assert (granted.installment_amount, granted.installment_period_type) == ("18.75", 2)
    for wrong, code in (
        ({"period_num": 4}, "CBC.99006006"),
        ({"period_type": 9}, "CBC.0100"),
        ({"period_type": 4}, "CBC.99006006"),
        ({"period_type": 2, "fee_installment_mode": "ZERO_PAY"}, "CBC.0100"),
    ):
        assert _refused(lambda wrong=wrong: rate(hana, year | wrong)) == (400, code), wrong


def _resource(cast: Cast, goods: Goods, name: str, **fields: Any) -> CloudResource:
    now = clock.now()
    whole = {
        "account": cast.harborline,
        "resource_id": name,
        "product": goods.host_by_term,
        "region": goods.region,
        "mode": BillingMode.YEARLY_MONTHLY,
        "created_at": now,
        "effective_at": now,
        "updated_at": now,
        "expires_at": now + timedelta(days=30),
        "period": Period.MONTH,
    }
    return CloudResource.objects.create(**whole | fields)


@pytest.mark.requirement("api-B.49", "08-CSN-03", "02-ORG-04")
def test_renewals_are_priced_by_resource_and_what_fails_is_named(
    cast: Cast, goods: Goods, key_of: Any, sdk: Any
) -> None:
    host = _resource(cast, goods, "host-1")
    disk = _resource(cast, goods, "disk-1", product=goods.disk_by_term, size=50, parent=host)
    _resource(
        cast, goods, "paid-by-use", mode=BillingMode.PAY_PER_USE, expires_at=None, parent=host
    )
    _resource(cast, goods, "lone-usage", mode=BillingMode.PAY_PER_USE, expires_at=None)
    gone = {"status": ResourceStatus.RELEASED, "released_at": clock.now()}
    _resource(cast, goods, "gone", release_cause=ReleaseCause.DELETED, **gone)
    _resource(cast, goods, "foreign", account=cast.delta)
    once = _resource(cast, goods, "no-year", product=goods.disk_by_term, size=10)
    client = sdk(key_of(cast.hana))

    def rate(*ids: str, **more: Any) -> Any:
        body = {"resource_ids": list(ids), "period_type": 2, "period_num": 2} | more
        request = ListRenewRateOnPeriodRequest(body=ListRenewRateOnPeriodReq(**body))
        return client.list_renew_rate_on_period(request)

    alone = rate("host-1")
    assert [r.amount for r in alone.renew_inquiry_results] == ["100.00"]
    assert alone.optional_discount_rating_results == []
    _refer(cast)
    found = rate(
        "host-1", disk.resource_id, "lone-usage", "gone", "foreign", include_relative_resources=True
    )
    assert [(r.resource_id, r.amount) for r in found.renew_inquiry_results] == [
        ("host-1", "110.00")
    ]
    assert found.official_website_rating_result.official_website_amount == "110.00"
    (granted,) = found.optional_discount_rating_results
    assert (granted.amount, granted.discount_amount) == ("99.00", "11.00")
    assert [(f.resource_id, f.error_code) for f in found.fail_resource_infos] == [
        ("disk-1", "CBC.30050007"),
        ("lone-usage", "CBC.30050013"),
        ("gone", "CBC.30050009"),
        ("foreign", "CBC.30050009"),
    ]
    ListPrice.objects.filter(product=once.product, period=Period.YEAR).delete()
    none = rate("no-year", period_type=3, period_num=1)
    assert [f.error_code for f in none.fail_resource_infos] == ["CBC.30050008"]
    assert none.official_website_rating_result.official_website_amount == "0.00"
    for wrong, code in (
        ({"resource_ids": ["a", "a"]}, "CBC.30050012"),
        ({"period_num": 12}, "CBC.0100"),
        ({"period_type": 3, "period_num": 4}, "CBC.0100"),
        ({"resource_ids": []}, "CBC.0100"),
    ):
        assert _refused(lambda wrong=wrong: rate("host-1", **wrong)) == (400, code), wrong
