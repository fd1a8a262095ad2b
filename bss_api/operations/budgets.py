"""Budgets and quotas (docs/api/bss-api.md B.8, B.10 to B.13, B.35)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from accounts.permissions import VIEW_INFORMATION
from budgets.choices import AdjustmentSource, BudgetType, ExhaustionAction
from budgets.permissions import SET_BUDGETS
from budgets.queries import api as queries
from budgets.queries import consumption
from budgets.services import api as services
from customers.permissions import VIEW_CUSTOMERS
from partner_center import clock, money
from partner_center.refusals import NotFound

from .. import paging
from ..callers import PARTNERS, Caller
from ..serializers import AmountField, RequestSerializer, UtcField
from ..views import Operation
from .bills import DOLLAR

_TYPES = {"MONTHLY": BudgetType.MONTHLY, "PACKAGE": BudgetType.ONE_TIME}
_TYPE_NAMES = {type_: name for name, type_ in _TYPES.items()}
#: Freezing automatically restricts purchases (04 D-02); the stronger action is chosen on the page.
_ACTIONS = {0: ExhaustionAction.MANUAL, 1: ExhaustionAction.RESTRICT}
_NOTHING = Decimal("0.00")
_SMALLEST = Decimal("0.01")
_LARGEST = Decimal(2_147_483_647)
_NO_RESELLER = {"customers.creation.no_reseller": "CBC.99000037"}
_READ_CODES = _NO_RESELLER | {
    "not_found": "CBC.99000000",
    "budgets.budget.has_none": "CBC.99005024",
}
_OPERATOR_LENGTH = 64


def _id(*, required: bool = True) -> serializers.CharField:
    return serializers.CharField(max_length=64, required=required)


def _type(**kwargs: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(list(_TYPES), required=False, **kwargs)


class BudgetTypeField(serializers.ChoiceField):
    """``MONTHLY`` or ``PACKAGE`` for what is stored."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(list(_TYPES), **kwargs)

    def to_representation(self, value: str) -> str:
        return _TYPE_NAMES[BudgetType(value)]


class _InDollars(serializers.Serializer):
    """The unit of an answer's amounts."""

    measure_id = serializers.IntegerField(default=DOLLAR)
    currency = serializers.CharField(default="USD")


class ShowBudgetRequest(RequestSerializer):
    """Whose budget."""

    customer_id = _id()
    indirect_partner_id = _id(required=False)


class _Budget(serializers.Serializer):
    """A budget and what is used of it: 2 and 8 decimals."""

    budget_amount = AmountField(source="amount")
    used_amount = AmountField(source="used", decimal_places=8, max_digits=38)
    budget_type = BudgetTypeField(source="type")


class ShowBudgetResponse(_InDollars, _Budget):
    """The budget of one customer; without one, a monthly budget of 0.00."""


class ShowSubCustomerBudget(Operation):
    """Budget and used budget of one resale customer."""

    name = "show_sub_customer_budget"
    method = "GET"
    path = "/v2/partners/sub-customers/budget"
    callers = PARTNERS
    permission = VIEW_CUSTOMERS
    reads_only = True
    request_serializer = ShowBudgetRequest
    response_serializer = ShowBudgetResponse
    error_codes = _READ_CODES

    def run(self, data: dict[str, Any]) -> Any:
        return queries.budget_of(
            self.actor,
            data["customer_id"],
            clock.now(),
            reseller=data.get("indirect_partner_id", ""),
        )


class UpdateBudgetRequest(RequestSerializer):
    """What is set; 0 withdraws a budget on the page only."""

    keeps_blank = frozenset({"budget_type"})

    customer_id = _id()
    budget_amount = AmountField(min_value=_SMALLEST, max_value=_LARGEST)
    #: The vendor's sample sends a number.
    cancel_partner_frozen = serializers.ChoiceField(["0", "1"], required=False, default="0")
    indirect_partner_id = _id(required=False)
    budget_type = _type(default="MONTHLY")
    frozen_operate_type = serializers.ChoiceField(list(_ACTIONS), required=False)


class UpdateSubCustomerBudget(Operation):
    """Set or change the budget of a resale customer, optionally unfreezing."""

    name = "update_sub_customer_budget"
    method = "POST"
    path = "/v2/partners/sub-customers/budget"
    callers = PARTNERS
    permission = SET_BUDGETS
    request_serializer = UpdateBudgetRequest
    error_codes = _NO_RESELLER | {
        "not_found": "CBC.99000035",
        "budgets.control.managed_by_reseller": "CBC.99000000",
        "budgets.control.needs_distributor": "CBC.99000000",
        "budgets.budget.only_reseller_model": "CBC.99005024",
        "budgets.budget.amount_invalid": "CBC.0100",
        "budgets.budget.agreement_missing": "CBC.99007004",
        "budgets.unfreeze.partner_is_frozen": "CBC.99007004",
    }

    def run(self, data: dict[str, Any]) -> None:
        customer, reseller = data["customer_id"], data.get("indirect_partner_id", "")
        found = queries.association_ids(self.actor, [customer], reseller=reseller)
        if (association_id := found[customer]) is None:
            raise NotFound
        request = services.Request(
            type=_TYPES[data["budget_type"]],
            amount=data["budget_amount"],
            action=_ACTIONS.get(data.get("frozen_operate_type", -1)),
            unfreezes=data["cancel_partner_frozen"] == "1",
        )
        services.set_budget(self.actor, association_id=association_id, request=request)


class ListBudgetsRequest(RequestSerializer):
    """Whose budgets."""

    customer_ids = serializers.ListField(
        child=serializers.CharField(max_length=64), min_length=1, max_length=100
    )
    indirect_partner_id = _id(required=False)


class BudgetInfo(_Budget):
    """One customer's budget."""

    customer_id = serializers.CharField()


class ListBudgetsResponse(_InDollars):
    """Budgets by customer; what is no resale customer of the caller is left out."""

    budget_infos = BudgetInfo(many=True)


class ListSubCustomerBudget(Operation):
    """Budgets of up to 100 resale customers."""

    name = "list_sub_customer_budget"
    method = "POST"
    path = "/v2/partners/sub-customers/budget/query"
    callers = PARTNERS
    permission = VIEW_CUSTOMERS
    reads_only = True
    request_serializer = ListBudgetsRequest
    response_serializer = ListBudgetsResponse
    error_codes = _NO_RESELLER

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        found = queries.budgets_of(
            self.actor,
            data["customer_ids"],
            clock.now(),
            reseller=data.get("indirect_partner_id", ""),
        )
        return {"budget_infos": found}


class BudgetRecordsRequest(RequestSerializer):
    """Whose budget, and which of its changes."""

    keeps_blank = frozenset({"operation_type", "budget_type"})

    customer_id = _id()
    indirect_partner_id = _id(required=False)
    operation_type = serializers.ChoiceField(["SETTING", "DELETE"], required=False)
    budget_type = _type()
    offset = paging.offset_field()
    limit = paging.limit_field(100)


class BudgetRecord(serializers.Serializer):
    """One change."""

    budget_amount = AmountField(source="after")
    operation_type = serializers.SerializerMethodField()
    operation_time = UtcField(source="at")
    operator = serializers.SerializerMethodField()
    budget_type = BudgetTypeField(source="type_after")
    partner_corp_name = serializers.CharField(source="partner_name")
    partner_account_name = serializers.CharField(source="partner_account")

    def get_operation_type(self, row: Any) -> str:
        return "DELETE" if row.source == AdjustmentSource.ENDED else "SETTING"

    def get_operator(self, row: Any) -> str:
        """The name at that time; ``system`` where nobody did it."""
        return row.actor_name[:_OPERATOR_LENGTH] if row.actor_id else "system"


class BudgetRecordsResponse(_InDollars):
    """The page and the number of all."""

    total_count = serializers.IntegerField()
    record_list = BudgetRecord(many=True)


class ListSubCustomerBudgetRecords(Operation):
    """History of budget changes of one customer, the newest first."""

    name = "list_sub_customer_budget_records"
    method = "GET"
    path = "/v2/partners/sub-customers/budget/records"
    callers = PARTNERS
    permission = VIEW_CUSTOMERS
    reads_only = True
    request_serializer = BudgetRecordsRequest
    response_serializer = BudgetRecordsResponse
    error_codes = _READ_CODES

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        criteria: dict[str, Any] = {}
        if name := data.get("budget_type"):
            criteria["type"] = _TYPES[name]
        if kind := data.get("operation_type"):
            criteria["ended"] = kind == "DELETE"
        rows = queries.records_of(
            self.actor,
            data["customer_id"],
            criteria,
            reseller=data.get("indirect_partner_id", ""),
        )
        found, count = paging.page_of(rows, data)
        return {"record_list": found, "total_count": count}


class TextAmountField(serializers.CharField):
    """An amount as a text with so many decimals."""

    def __init__(self, places: int = 2, **kwargs: Any) -> None:
        self.places = places
        super().__init__(**kwargs)

    def to_representation(self, value: Decimal) -> str:
        return format(money.to_places(value, self.places), "f")


class ConsumptionQuotaResponse(_InDollars):
    """Quota, and what makes up its use. Balance, coupons and amount due are 0 before billing exists."""

    consumption_quota = TextAmountField(source="total", allow_null=True)
    amount = TextAmountField(default=_NOTHING)
    coupon_amount = TextAmountField(default=_NOTHING)
    due_amount = TextAmountField(default=_NOTHING)
    unbilled_amount = TextAmountField(8, source="used")
    used_consumption_quota = TextAmountField(8, source="used")


class ShowPartnerConsumptionQuota(Operation):
    """What the partner may owe, and what it has used; without a limit the quota is null."""

    name = "show_partner_consumption_quota"
    method = "GET"
    path = "/v2/partners/credit/consumption-quota"
    callers = PARTNERS
    permission = VIEW_INFORMATION
    reads_only = True
    response_serializer = ConsumptionQuotaResponse

    def run(self, data: dict[str, Any]) -> Any:
        return consumption.quota_of(self.actor.account_id)


class ExpenditureQuotaResponse(_InDollars):
    """What the customer's partner lets it spend; nothing outside the Reseller model."""

    granting_amount = AmountField(source="amount")
    granting_amount_used = AmountField(source="used", decimal_places=8, max_digits=38)
    percentage_granting_amount_used = AmountField(source="percent")


class ShowCustomerExpenditureQuota(Operation):
    """The budget of the calling customer; every user of it may know."""

    name = "show_customer_expenditure_quota"
    method = "GET"
    path = "/v2/accounts/customer-accounts/expenditure-quota"
    callers = frozenset({Caller.CUSTOMER})
    reads_only = True
    response_serializer = ExpenditureQuotaResponse

    def run(self, data: dict[str, Any]) -> Any:
        found = queries.granted_to(self.actor, clock.now())
        return found or queries.BudgetRow("", BudgetType.MONTHLY, Decimal(0), Decimal(0))
