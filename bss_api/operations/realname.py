"""Real-name authentication of customers by their partner (docs/api/bss-api.md B.50 to B.53)."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from customers.permissions import VERIFY_CUSTOMERS
from customers.queries import real_name as queries
from customers.services import real_name as services
from partner_center.actors import Actor
from partner_center.refusals import NotFound
from realname.choices import (
    EnterpriseCertificate,
    Identity,
    PersonalCertificate,
    ReviewStatus,
    VerifiedStatus,
)
from realname.services.applying import Details

from ..callers import PARTNERS
from ..errors import ApiError
from ..serializers import RequestSerializer
from ..views import Operation

#: The application goes to manual review; nothing is decided at once.
_IN_REVIEW = {"is_review": 1}
_FIRST, _TO_ENTERPRISE = -1, 1
_NO_SUCH_CUSTOMER = "CBC.5002"
_RESULTS = {
    ReviewStatus.UNDER_REVIEW: VerifiedStatus.UNDER_REVIEW,
    ReviewStatus.REJECTED: VerifiedStatus.REJECTED,
}


def _only(value: int, *, required: bool = True) -> serializers.IntegerField:
    """A field that says which operation is meant, and takes nothing else."""
    return serializers.IntegerField(min_value=value, max_value=value, required=required)


class ApplicationRequest(RequestSerializer):
    """What every application names."""

    customer_id = serializers.CharField(max_length=64)
    verified_file_url = serializers.ListField(
        child=serializers.CharField(max_length=256), min_length=1, max_length=10
    )
    verified_number = serializers.CharField(max_length=64)
    xaccount_type = serializers.CharField(max_length=64)


class PersonalRequest(ApplicationRequest):
    """A person's certificate."""

    identify_type = _only(Identity.INDIVIDUAL)
    verified_type = serializers.ChoiceField(PersonalCertificate.values)
    name = serializers.CharField(max_length=128)
    change_type = _only(_FIRST, required=False)


class EnterprisePerson(RequestSerializer):
    """The legal person; the misspelt names are the API's."""

    legel_name = serializers.CharField(max_length=128)
    legel_id_number = serializers.CharField(max_length=64)
    certifier_role = serializers.ChoiceField(["legalPerson"], required=False)


class EnterpriseRequest(ApplicationRequest):
    """An organisation's certificate; a business licence unless it says otherwise."""

    identify_type = _only(Identity.ENTERPRISE)
    certificate_type = serializers.ChoiceField(
        EnterpriseCertificate.values,
        required=False,
        default=int(EnterpriseCertificate.BUSINESS_LICENCE),
    )
    corp_name = serializers.CharField(max_length=128)
    reg_country = serializers.RegexField(r"^[A-Z]{2}$", required=False, default="")
    reg_address = serializers.CharField(max_length=256, required=False, default="")
    enterprise_person = EnterprisePerson(required=False)


class ChangeRequest(EnterpriseRequest):
    """The same, for somebody who is authenticated as an individual."""

    change_type = _only(_TO_ENTERPRISE)


class ReviewResponse(serializers.Serializer):
    """Whether it is reviewed by hand."""

    is_review = serializers.IntegerField()


_ERROR_CODES = {
    "customers.not_yours": "CBC.99000035",
    "customers.wrong_platform": "CBC.0100",
    "realname.upload_not_enabled": "CBC.99005030",
    "realname.no_such_scan": "CBC.99005030",
    "realname.scan_too_large": "CBC.99000099",
    "realname.scan_type": "CBC.99000100",
    "realname.scans": "CBC.0100",
    "realname.name": "CBC.0100",
    "realname.under_review": "CBC.99007188",
    "realname.authenticated": "CBC.99007188",
    "realname.too_many_attempts": "CBC.99007191",
    "realname.cannot_be_reviewed": "CBC.70600026",
}
#: The codes about certificates are documented for individuals only.
_PERSONAL_CODES = {
    **_ERROR_CODES,
    "realname.used_too_often": "CBC.99007189",
    "realname.barred": "CBC.99007193",
    "realname.check_failed": "CBC.99007202",
}
_ENTERPRISE_CODES = {
    **_ERROR_CODES,
    "realname.used_too_often": "CBC.99007004",
    "realname.barred": "CBC.99007004",
    "realname.check_failed": "CBC.99007004",
    "realname.not_individual": "CBC.99007004",
}


class CreatePersonalRealnameAuth(Operation):
    """Submit a person's certificate for a customer."""

    name = "create_personal_realname_auth"
    method = "POST"
    path = "/v2/customers/realname-auths/individual"
    callers = PARTNERS
    permission = VERIFY_CUSTOMERS
    response_serializer = ReviewResponse
    request_serializer = PersonalRequest
    error_codes = _PERSONAL_CODES

    def run(self, data: dict[str, Any]) -> dict[str, int]:
        return _apply(
            self.actor,
            data,
            Details(
                identity=Identity.INDIVIDUAL,
                certificate=data["verified_type"],
                name=data["name"],
                number=data["verified_number"],
            ),
        )


class CreateEnterpriseRealnameAuthentication(Operation):
    """Submit an organisation's certificate for a customer."""

    name = "create_enterprise_realname_authentication"
    method = "POST"
    path = "/v2/customers/realname-auths/enterprise"
    callers = PARTNERS
    permission = VERIFY_CUSTOMERS
    response_serializer = ReviewResponse
    request_serializer = EnterpriseRequest
    error_codes = _ENTERPRISE_CODES

    def run(self, data: dict[str, Any]) -> dict[str, int]:
        return _apply(self.actor, data, _enterprise(data))


class ChangeEnterpriseRealnameAuthentication(Operation):
    """Change an individual customer to an enterprise."""

    name = "change_enterprise_realname_authentication"
    method = "PUT"
    path = "/v2/customers/realname-auths/enterprise"
    callers = PARTNERS
    permission = VERIFY_CUSTOMERS
    response_serializer = ReviewResponse
    request_serializer = ChangeRequest
    error_codes = _ENTERPRISE_CODES

    def run(self, data: dict[str, Any]) -> dict[str, int]:
        return _apply(self.actor, data, _enterprise(data, is_change=True))


class ResultRequest(RequestSerializer):
    """Whose result."""

    customer_id = serializers.CharField(max_length=64)


class ResultResponse(serializers.Serializer):
    """What was decided; nothing before the first application."""

    review_result = serializers.IntegerField(required=False)
    opinion = serializers.CharField(required=False)


class ShowRealnameAuthenticationReviewResult(Operation):
    """Result of the review of a customer's last application."""

    name = "show_realname_authentication_review_result"
    method = "GET"
    path = "/v2/customers/realname-auths/result"
    callers = PARTNERS
    permission = VERIFY_CUSTOMERS
    reads_only = True
    request_serializer = ResultRequest
    response_serializer = ResultResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        try:
            found = queries.last_application(self.actor, data["customer_id"])
        except NotFound as refusal:
            raise ApiError(500, _NO_SUCH_CUSTOMER, "The customer does not exist.") from refusal
        if found is None:
            return {}
        result = _RESULTS.get(ReviewStatus(found.status), VerifiedStatus.AUTHENTICATED)
        answer = {"review_result": int(result)}
        rejected = found.status == ReviewStatus.REJECTED
        return answer | ({"opinion": found.opinion} if rejected else {})


def _apply(actor: Actor, data: dict[str, Any], details: Details) -> dict[str, int]:
    """Send the application for review."""
    services.apply_with_files(
        actor,
        customer_public_id=data["customer_id"],
        platform_id=data["xaccount_type"],
        details=details,
        urls=data["verified_file_url"],
    )
    return _IN_REVIEW


def _enterprise(data: dict[str, Any], *, is_change: bool = False) -> Details:
    person = data.get("enterprise_person") or {}
    return Details(
        identity=Identity.ENTERPRISE,
        certificate=data["certificate_type"],
        name=data["corp_name"],
        number=data["verified_number"],
        country=data["reg_country"],
        address=data["reg_address"],
        legal_person=person.get("legel_name", ""),
        legal_number=person.get("legel_id_number", ""),
        is_change=is_change,
    )
