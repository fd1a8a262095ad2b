"""What the crawl sends to each operation: a whole request that names objects of Tidemark.

Every operation needs an entry. Those that name no object of an account have none to give away: their
request names nothing of Tidemark's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from catalog.models import Product
from customers.models import Association
from orders.models import CustomerOrder
from partner_center import clock
from tests.cast import Cast
from tests.goods import stock
from tests.orders import partner


@dataclass(frozen=True)
class CrawlRequest:
    """Path parameters, query and body; ``names_object`` when it names an object of Tidemark."""

    path: dict[str, str] = field(default_factory=dict)
    query: list[tuple[str, object]] = field(default_factory=list)
    body: dict[str, Any] | None = None
    names_object: bool = False
    #: What a stranger who names Tidemark's object is answered.
    unknown_status: int = 400


def _certificate(cast: Cast, **fields: Any) -> dict[str, Any]:
    return {
        "customer_id": cast.harborline.public_id,
        "verified_number": "P1234567A",
        "verified_file_url": ["download/0.png", "download/1.png"],
        "xaccount_type": "TIDEMARK",
        **fields,
    }


def _freeze(cast: Cast) -> dict[str, Any]:
    return {"customer_ids": [cast.harborline.public_id], "reason": "Arrears"}


_HOST = {
    "cloud_service_type": "hws.service.type.ec2",
    "resource_type": "hws.resource.type.vm",
    "region_code": "ap-southeast-3",
}


def _order(cast: Cast) -> str:
    """The number of an unpaid order of Delta, Tidemark's customer."""
    association = Association.objects.live().get(customer=cast.delta)
    found = CustomerOrder.objects.filter(association=association).first()
    return (found or partner.order(association, (_host(), "50"))).order_no


def _host() -> Product:
    """A host for a term, of the catalogue that is there or of the small one."""
    return Product.objects.filter(mode="period").first() or stock().host_by_term


REQUESTS: dict[str, Callable[[Cast], CrawlRequest]] = {
    # Another partner's customer is no error: it is not in the list (B.1).
    "list_sub_customers": lambda cast: CrawlRequest(
        body={"customer_id": cast.harborline.public_id}
    ),
    "create_sub_customer": lambda cast: CrawlRequest(
        body={"domain_area": "PH", "xaccount_id": "u-1", "xaccount_type": "tidemark-shop"}
    ),
    # Another partner's customers are rows that failed (B.5, B.6), or are left out (B.12).
    "freeze_sub_customers": lambda cast: CrawlRequest(body=_freeze(cast)),
    "unfreeze_sub_customers": lambda cast: CrawlRequest(body=_freeze(cast)),
    "list_sub_customer_budget": lambda cast: CrawlRequest(
        body={"customer_ids": [cast.harborline.public_id]}
    ),
    "show_sub_customer_budget": lambda cast: CrawlRequest(
        query=[("customer_id", cast.harborline.public_id)], names_object=True
    ),
    "update_sub_customer_budget": lambda cast: CrawlRequest(
        body={"customer_id": cast.harborline.public_id, "budget_amount": 10}, names_object=True
    ),
    "list_sub_customer_budget_records": lambda cast: CrawlRequest(
        query=[("customer_id", cast.harborline.public_id)], names_object=True
    ),
    "show_partner_consumption_quota": lambda cast: CrawlRequest(),
    "show_customer_expenditure_quota": lambda cast: CrawlRequest(),
    "list_invoices": lambda cast: CrawlRequest(
        path={"domain_id": cast.harborline.public_id},
        query=[
            ("start_time", "2026-01-01T00:00:00Z"),
            ("end_time", "2026-12-31T00:00:00Z"),
            ("offset", 1),
            ("limit", 10),
        ],
    ),
    "show_customer_account_balances": lambda cast: CrawlRequest(),
    "check_user_identity": lambda cast: CrawlRequest(
        body={"search_type": "name", "search_value": "acme-es"}
    ),
    "send_verification_message_code": lambda cast: CrawlRequest(
        body={"receiver_type": 2, "email": "ops@acme.example"}
    ),
    "create_personal_realname_auth": lambda cast: CrawlRequest(
        body=_certificate(cast, identify_type=0, verified_type=3, name="Hana Ocampo"),
        names_object=True,
    ),
    "create_enterprise_realname_authentication": lambda cast: CrawlRequest(
        body=_certificate(cast, identify_type=1, corp_name="Harborline"), names_object=True
    ),
    "change_enterprise_realname_authentication": lambda cast: CrawlRequest(
        body=_certificate(cast, identify_type=1, corp_name="Harborline", change_type=1),
        names_object=True,
    ),
    "show_realname_authentication_review_result": lambda cast: CrawlRequest(
        query=[("customer_id", cast.harborline.public_id)],
        names_object=True,
        unknown_status=500,  # CBC.5002
    ),
    "create_enterprise_project_auth": lambda cast: CrawlRequest(),
    "list_enterprise_sub_customers": lambda cast: CrawlRequest(),
    # Orders and resources that no account has: they are as unknown as another account's.
    "pay_orders": lambda cast: CrawlRequest(
        body={"order_id": "CS0", "use_coupon": "NO", "use_discount": "NO"}
    ),
    "cancel_customer_order": lambda cast: CrawlRequest(body={"order_id": "CS0"}),
    "renewal_resources": lambda cast: CrawlRequest(
        body={"resource_ids": ["r-0"], "period_type": 2, "period_num": 1}
    ),
    "cancel_resources_subscription": lambda cast: CrawlRequest(
        body={"resource_ids": ["r-0"], "unsubscribe_type": 1}
    ),
    "auto_renewal_resources": lambda cast: CrawlRequest(path={"resource_id": "r-0"}),
    "cancel_auto_renewal_resources": lambda cast: CrawlRequest(path={"resource_id": "r-0"}),
    "set_resources_renew_config": lambda cast: CrawlRequest(
        body={"config_name": "DEDUCTION_DATE", "config_value": "5"}
    ),
    "update_period_to_on_demand": lambda cast: CrawlRequest(
        body={"operation": "SET_UP", "resource_ids": ["r-0"]}
    ),
    # Customers read their own; an account that is no member of theirs is an error (B.29 to B.31).
    "show_customer_monthly_sum": lambda cast: CrawlRequest(
        query=[
            ("bill_cycle", f"{clock.BillingCycle.of(clock.now())}"),
            ("method", "sub_customer"),
            ("sub_customer_id", cast.delta.public_id),
        ],
        names_object=True,
    ),
    "list_customerself_resource_record_details": lambda cast: CrawlRequest(
        body={
            "cycle": "2026-11",
            "method": "sub_customer",
            "sub_customer_id": cast.delta.public_id,
        },
        names_object=True,
    ),
    "list_customerself_resource_records": lambda cast: CrawlRequest(
        query=[
            ("cycle", "2026-11"),
            ("method", "sub_customer"),
            ("sub_customer_id", cast.delta.public_id),
        ],
        names_object=True,
    ),
    "list_costs": lambda cast: CrawlRequest(
        body={
            "time_condition": {
                "time_measure_id": 2,
                "begin_time": "2026-11",
                "end_time": "2026-11",
            },
            "groupby": [{"type": "dimension", "key": "CLOUD_SERVICE_TYPE"}],
            "cost_type": "ORIGINAL_COST",
            "amount_type": "PAYMENT_AMOUNT",
        }
    ),
    "list_postpaid_bill_sum": lambda cast: CrawlRequest(query=[("bill_cycle", "2026-10")]),
    "list_free_resource_infos": lambda cast: CrawlRequest(body={}),
    # Foreign items are no error: they are not in the list (B.37).
    "list_free_resource_usages": lambda cast: CrawlRequest(body={"free_resource_ids": ["1"]}),
    "list_free_resources_usage_records": lambda cast: CrawlRequest(
        query=[("deduct_time_begin", "2026-11-01"), ("deduct_time_end", "2026-11-30")]
    ),
    "list_indirect_partners": lambda cast: CrawlRequest(body={"account_name": "lagoon"}),
    "feed_usage_records": lambda cast: CrawlRequest(
        query=[("batch_id", "crawl")], body={"record_id": "1"}
    ),
    # Another partner's customer is no error: its orders are not in the list (B.15).
    # Everybody lists its own coupons.
    "list_sub_customer_coupons": lambda cast: CrawlRequest(query=[("limit", 10)]),
    "list_customer_orders": lambda cast: CrawlRequest(
        query=[("customer_id", cast.harborline.public_id)]
    ),
    "show_customer_order_details": lambda cast: CrawlRequest(
        path={"order_id": _order(cast)}, names_object=True
    ),
    "show_refund_order_details": lambda cast: CrawlRequest(
        query=[("order_id", _order(cast)), ("customer_id", cast.harborline.public_id)],
        names_object=True,
    ),
    "list_order_discounts": lambda cast: CrawlRequest(
        query=[("order_id", _order(cast))], names_object=True
    ),
    "list_customer_on_demand_resources": lambda cast: CrawlRequest(
        body={"customer_id": cast.harborline.public_id}, names_object=True
    ),
    "list_pay_per_use_customer_resources": lambda cast: CrawlRequest(
        body={"customer_id": cast.harborline.public_id}
    ),
    "list_domains": lambda cast: CrawlRequest(),
    "show_caller_identity": lambda cast: CrawlRequest(),
    # The catalogue is the same for everybody.
    "list_service_types": lambda cast: CrawlRequest(),
    "list_resource_types": lambda cast: CrawlRequest(),
    "list_service_resources": lambda cast: CrawlRequest(
        query=[("service_type_code", "hws.service.type.ec2")]
    ),
    "list_usage_types": lambda cast: CrawlRequest(),
    "list_measure_units": lambda cast: CrawlRequest(),
    "list_conversions": lambda cast: CrawlRequest(),
    "list_resource_specs": lambda cast: CrawlRequest(body=_HOST | {"charge_mode": "1"}),
    "list_resource_specs_price": lambda cast: CrawlRequest(body={"region_code": "x"}),
    "list_on_demand_resource_ratings": lambda cast: CrawlRequest(
        body={"project_id": "p", "product_infos": []}
    ),
    "list_rate_on_period_detail": lambda cast: CrawlRequest(
        body={"project_id": "p", "product_infos": []}
    ),
    # Another customer's resource is a row that failed, as a missing one is (B.49).
    "list_renew_rate_on_period": lambda cast: CrawlRequest(
        body={"resource_ids": ["tidemark-1"], "period_type": 2, "period_num": 1}
    ),
}

#: Open to those who are not known yet, each with the reason.
PUBLIC = {"create_token": "the password is the proof"}
