"""Registering customers: check data, send codes (docs/api/bss-api.md B.2, B.3)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from rest_framework import serializers

from accounts.permissions import CREATE_CUSTOMERS
from accounts.queries import availability
from accounts.services import customer_codes

from ..callers import PARTNERS
from ..serializers import RequestSerializer
from ..views import Operation

_MOBILE = re.compile(r"\d{4}-\d+")
_LOGIN_NAME = re.compile(r"[a-zA-Z-][a-zA-Z0-9_-]{4,31}")
_RESERVED = ("op_", "shadow_")
#: Minutes: what absence means, the most that is taken at its word, and what more than that means.
_DEFAULT_TIMEOUT, _LONGEST_TIMEOUT, _TIMEOUT_INSTEAD = 10, 60, 5
_LANGUAGES = {"zh-cn": "zh-hans", "en-us": "en"}


class CheckIdentityRequest(RequestSerializer):
    """What is to be checked."""

    search_type = serializers.ChoiceField(["email", "mobile", "name"])
    search_value = serializers.CharField(max_length=64)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not _is_well_formed(attrs["search_type"], attrs["search_value"]):
            raise serializers.ValidationError(
                {"search_value": f"This is not a valid {attrs['search_type']}."}
            )
        return attrs


class CheckIdentityResponse(serializers.Serializer):
    """Whether it can register."""

    error_code = serializers.CharField()
    error_msg = serializers.CharField()
    check_result = serializers.ChoiceField(["available", "used_by_user"])
    mobile_remain_available_num = serializers.IntegerField(required=False)


class CheckUserIdentity(Operation):
    """Tell whether a login name, mobile number or email can still register."""

    name = "check_user_identity"
    method = "POST"
    path = "/v2/partners/sub-customers/users/check-identity"
    callers = PARTNERS
    permission = CREATE_CUSTOMERS
    reads_only = True
    per_second = 5
    request_serializer = CheckIdentityRequest
    response_serializer = CheckIdentityResponse

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        value, answer = data["search_value"], {"error_code": "CBC.0000", "error_msg": "success"}
        match data["search_type"]:
            case "name":
                left = int(availability.login_name_is_free(self.actor, value))
            case "email":
                left = int(availability.email_is_free(self.actor, value))
            case _:
                left = availability.mobile_accounts_left(self.actor, _e164(value))
                answer["mobile_remain_available_num"] = left
        return answer | {"check_result": "available" if left else "used_by_user"}


class SendCodeRequest(RequestSerializer):
    """To whom, for how long, in which language."""

    receiver_type = serializers.ChoiceField([2])
    timeout = serializers.IntegerField(required=False, default=_DEFAULT_TIMEOUT, min_value=1)
    email = serializers.EmailField(max_length=64)
    lang = serializers.ChoiceField(list(_LANGUAGES), required=False, default="en-us")

    def validate_timeout(self, minutes: int) -> int:
        return minutes if minutes <= _LONGEST_TIMEOUT else _TIMEOUT_INSTEAD


class SendVerificationMessageCode(Operation):
    """Email a registration code."""

    name = "send_verification_message_code"
    method = "POST"
    path = "/v2/bases/verificationcode/send"
    callers = PARTNERS
    permission = CREATE_CUSTOMERS
    request_serializer = SendCodeRequest
    error_codes = {"accounts.code.too_many": "CBC.99004015"}

    def run(self, data: dict[str, Any]) -> None:
        customer_codes.send_registration_code(
            self.actor,
            email=data["email"],
            lifetime=timedelta(minutes=data["timeout"]),
            language=_LANGUAGES[data["lang"]],
        )


def _is_well_formed(kind: str, value: str) -> bool:
    match kind:
        case "mobile":
            return bool(_MOBILE.fullmatch(value))
        case "name":
            return bool(_LOGIN_NAME.fullmatch(value)) and not value.startswith(_RESERVED)
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


def _e164(mobile: str) -> str:
    """``0063-9175552291`` as ``+639175552291``: the first part is the country code after 00."""
    country, number = mobile.split("-")
    return f"+{int(country)}{number}"
