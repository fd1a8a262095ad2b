"""Customers of a partner: list them, create one (docs/api/bss-api.md B.1, B.4)."""

from __future__ import annotations

from typing import Any

import phonenumbers
from django_countries import countries
from rest_framework import serializers

from accounts.permissions import CREATE_CUSTOMERS
from customers.choices import AssociationModel
from customers.permissions import VIEW_CUSTOMERS
from customers.queries import api as queries
from customers.services import api_creation

from .. import paging
from ..callers import PARTNERS
from ..serializers import RequestSerializer, UtcField
from ..views import Operation

_MODELS = {"1": AssociationModel.REFERRAL, "3": AssociationModel.RESELLER}
_ASSOCIATION_TYPES = {model: number for number, model in _MODELS.items()}
_NORMAL = "normal"


def _text(most: int = 64, **kwargs: Any) -> serializers.CharField:
    return serializers.CharField(max_length=most, required=False, **kwargs)


class ListCustomersRequest(RequestSerializer):
    """Criteria, combined with AND."""

    account_name = _text()
    customer = _text()
    label = _text()
    association_type = serializers.ChoiceField(list(_MODELS), required=False)
    associated_on_begin = UtcField(required=False)
    associated_on_end = UtcField(required=False)
    customer_id = _text()
    indirect_partner_id = _text()
    offset = paging.offset_field()
    limit = paging.limit_field(100)


class AccountManager(serializers.Serializer):
    """Who looks after the customer."""

    account_name = serializers.CharField()


class CustomerInformation(serializers.Serializer):
    """One customer."""

    customer = serializers.CharField(source="name")
    account_name = serializers.CharField(source="customer.name")
    customer_id = serializers.CharField(source="customer.public_id")
    associated_on = UtcField(source="associated_at")
    association_type = serializers.SerializerMethodField()
    label = serializers.CharField(source="custom_tag")
    telephone = serializers.SerializerMethodField()
    verified_status = serializers.CharField()
    country_code = serializers.SerializerMethodField()
    customer_type = serializers.IntegerField()
    is_frozen = serializers.SerializerMethodField()
    account_managers = serializers.SerializerMethodField()
    xaccount_id = serializers.CharField()
    xaccount_type = serializers.CharField()
    customer_level = serializers.CharField(source="level")
    email = serializers.CharField(source="customer.email")

    def get_association_type(self, row: Any) -> str:
        return _ASSOCIATION_TYPES[row.model]

    def get_telephone(self, row: Any) -> str:
        """The number without its country code."""
        return _phone(row)[1]

    def get_country_code(self, row: Any) -> str:
        """Four digits, ``0063``; empty without a number."""
        return _phone(row)[0]

    def get_is_frozen(self, row: Any) -> int:
        return int(row.freeze_word != _NORMAL)

    def get_account_managers(self, row: Any) -> list[dict[str, str]]:
        return [{"account_name": row.manager_username}] if row.manager_username else []


class ListCustomersResponse(serializers.Serializer):
    """The page and the number of all."""

    customer_infos = CustomerInformation(many=True)
    count = serializers.IntegerField()


class ListSubCustomers(Operation):
    """Page through the customers associated with the partner."""

    name = "list_sub_customers"
    method = "POST"
    path = "/v2/partners/sub-customers/query"
    callers = PARTNERS
    permission = VIEW_CUSTOMERS
    reads_only = True
    request_serializer = ListCustomersRequest
    response_serializer = ListCustomersResponse
    error_codes = {"customers.creation.no_reseller": "CBC.99000037"}

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        criteria = _criteria(data)
        rows = queries.list_customers(
            self.actor, criteria, reseller=data.get("indirect_partner_id", "")
        )
        found, count = paging.keys_of(rows, data, searched=queries.is_search(criteria))
        return {"customer_infos": queries.with_facts(found), "count": count}


class CreateCustomerRequest(RequestSerializer):
    """The new customer."""

    domain_name = _text()
    email = serializers.EmailField(max_length=64, required=False)
    verification_code = _text()
    domain_area = serializers.CharField(min_length=2, max_length=2)
    xaccount_id = serializers.CharField(max_length=64)
    xaccount_type = serializers.CharField(max_length=64)
    password = _text(128, trim_whitespace=False)
    is_close_market_ms = serializers.ChoiceField(["true", "false"], required=False, default="false")
    indirect_partner_id = _text()
    include_association_result = serializers.BooleanField(required=False, default=False)

    def validate_domain_area(self, code: str) -> str:
        if code.upper() not in countries:
            raise serializers.ValidationError("This is no country of ISO 3166.")
        return code.upper()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("email") and not attrs.get("verification_code"):
            raise serializers.ValidationError(
                {"verification_code": "This field is required together with email."}
            )
        return attrs


class CreateCustomerResponse(serializers.Serializer):
    """The new account."""

    domain_id = serializers.CharField(source="public_id")
    domain_name = serializers.CharField(source="name")


class CreateSubCustomer(Operation):
    """Create a customer account and associate it in the reseller model.

    The association is complete when the answer comes, whether or not it was asked for
    (include_association_result): there is never an account without it.
    """

    name = "create_sub_customer"
    method = "POST"
    path = "/v2/partners/sub-customers"
    callers = PARTNERS
    permission = CREATE_CUSTOMERS
    request_serializer = CreateCustomerRequest
    response_serializer = CreateCustomerResponse
    error_codes = {
        "customers.creation.test_partner": "CBC.99005035",
        "customers.creation.may_not_develop": "CBC.50010059",
        "customers.creation.no_reseller": "CBC.99000037",
        "customers.creation.login_name": "CBC.99000031",
        "customers.creation.password": "CBC.99000036",
        "customers.creation.platform_user_taken": "CBC.99000039",
        "customers.creation.reserved": "CBC.99000051",
        "customers.creation.not_eligible": "CBC.99007004",
        "accounts.name.taken": "CBC.99000038",
        "accounts.code.gone": "CBC.99004008",
        "accounts.code.tried_out": "CBC.99004009",
        "accounts.code.wrong": "CBC.99004010",
    }

    def run(self, data: dict[str, Any]) -> Any:
        return api_creation.create_customer(
            self.actor,
            api_creation.NewCustomer(
                country=data["domain_area"],
                xaccount_id=data["xaccount_id"],
                xaccount_type=data["xaccount_type"],
                name=data.get("domain_name", ""),
                email=data.get("email", ""),
                code=data.get("verification_code", ""),
                password=data.get("password", ""),
                wants_marketing=data["is_close_market_ms"] != "true",
                reseller=data.get("indirect_partner_id", ""),
            ),
        )


def _criteria(data: dict[str, Any]) -> dict[str, Any]:
    """The names of the query for those of the wire."""
    names = {
        "account_name": "account_name",
        "customer": "customer",
        "label": "label",
        "customer_id": "customer_id",
        "associated_on_begin": "since",
        "associated_on_end": "until",
    }
    found = {name: data[sent] for sent, name in names.items() if sent in data}
    if kind := data.get("association_type"):
        found["model"] = _MODELS[kind]
    return found


def _phone(row: Any) -> tuple[str, str]:
    """Country code of four digits and the rest; two empty texts without a number."""
    try:
        number = phonenumbers.parse(row.customer.bound_mobile)
    except phonenumbers.NumberParseException:
        return "", row.customer.bound_mobile
    return f"{number.country_code:04d}", phonenumbers.national_significant_number(number)
