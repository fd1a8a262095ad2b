"""Freezing and unfreezing customers (docs/api/bss-api.md B.5, B.6)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from rest_framework import serializers

from budgets.choices import Strength
from budgets.permissions import FREEZE_CUSTOMERS
from budgets.queries import api as queries
from budgets.services import api as services
from partner_center.actors import Actor
from partner_center.refusals import NotFound, Refusal

from ..callers import PARTNERS
from ..serializers import RequestSerializer
from ..views import Operation
from .subscriptions import ErrorDetail, code_of

_STRENGTHS = {"ACCOUNT": Strength.ACCOUNT, "ACCOUNT_AND_RESOURCE": Strength.RESOURCES}
_RESELLER_CODE = {"customers.creation.no_reseller": "CBC.99000037"}
#: What a row says; the codes of a whole call are the common ones.
_ROW_CODES = {
    "not_found": "CBC.99000035",
    "budgets.control.managed_by_reseller": "CBC.99000000",
    "budgets.control.needs_distributor": "CBC.99000000",
    "budgets.freeze.only_reseller_model": "CBC.99005024",
    "budgets.freeze.state_has_changed": "CBC.99007004",
    "budgets.unfreeze.both": "CBC.99007004",
    "budgets.unfreeze.partner_is_frozen": "CBC.99007004",
    "budgets.unfreeze.by_operator": "CBC.99007004",
}


def _strength() -> serializers.ChoiceField:
    return serializers.ChoiceField(list(_STRENGTHS), required=False, default="ACCOUNT")


class _Request(RequestSerializer):
    """Whose, and why."""

    customer_ids = serializers.ListField(
        child=serializers.CharField(max_length=64), min_length=1, max_length=10
    )
    reason = serializers.CharField(max_length=256)
    indirect_partner_id = serializers.CharField(max_length=64, required=False)


class FreezeRequest(_Request):
    """Whom to freeze, and how much."""

    keeps_blank = frozenset({"freeze_type"})

    freeze_type = _strength()


class UnfreezeRequest(_Request):
    """Whom to unfreeze; the type must be that of the freeze in force."""

    keeps_blank = frozenset({"unfreeze_type"})

    unfreeze_type = _strength()


class PartlyFailedResponse(serializers.Serializer):
    """The customers that failed; nothing when none did."""

    error_details = ErrorDetail(many=True, required=False)


def _each_customer(
    actor: Actor,
    service: Callable[..., Mapping[int, Refusal]],
    data: Mapping[str, Any],
    strength: Strength,
) -> dict[str, Any]:
    """Let the service do it to each customer by itself; the answer names those that failed."""
    names = list(dict.fromkeys(data["customer_ids"]))
    reseller = data.get("indirect_partner_id", "")
    keys = queries.association_ids(actor, names, reseller=reseller)
    known = [key for key in keys.values() if key]
    refused = service(actor, association_ids=known, strength=strength, reason=data["reason"])
    found = [(name, refused.get(key) if key else NotFound()) for name, key in keys.items()]
    return _answer([(name, refusal) for name, refusal in found if refusal])


def _answer(failed: Collection[tuple[str, Refusal]]) -> dict[str, Any]:
    rows = [
        {
            "error_code": code_of(refusal, _ROW_CODES),
            "error_msg": refusal.sentence,
            "id": name,
        }
        for name, refusal in failed
    ]
    return {"error_details": rows} if rows else {}


class FreezeSubCustomers(Operation):
    """Freeze resale customers' accounts, optionally their resources too; frozen ones stay so."""

    name = "freeze_sub_customers"
    method = "POST"
    path = "/v2/partners/sub-customers/freeze"
    callers = PARTNERS
    permission = FREEZE_CUSTOMERS
    request_serializer = FreezeRequest
    response_serializer = PartlyFailedResponse
    error_codes = _RESELLER_CODE

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        strength = _STRENGTHS[data["freeze_type"]]
        return _each_customer(self.actor, services.freeze_each, data, strength)


class UnfreezeSubCustomers(Operation):
    """Undo a freeze; customers who are not frozen stay so."""

    name = "unfreeze_sub_customers"
    method = "POST"
    path = "/v2/partners/sub-customers/unfreeze"
    callers = PARTNERS
    permission = FREEZE_CUSTOMERS
    request_serializer = UnfreezeRequest
    response_serializer = PartlyFailedResponse
    error_codes = _RESELLER_CODE

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        strength = _STRENGTHS[data["unfreeze_type"]]
        return _each_customer(self.actor, services.unfreeze_each, data, strength)
