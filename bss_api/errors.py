"""Every failure as ``{"error_code", "error_msg"}`` (docs/api/bss-api.md A.7, A.8).

Services raise the refusals of the house. An operation says in ``error_codes`` which of them has a
code of its own; the rest have the common codes below.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import SuspiciousOperation
from rest_framework import exceptions
from rest_framework.response import Response

from partner_center.refusals import Refusal

logger = logging.getLogger(__name__)

PARAMETER_ERROR = "CBC.0100"
INVALID_PARAMETER = "CBC.0101"
ACCESS_DENIED = "CBC.0151"
OTHER_ERROR = "CBC.0999"
NO_SUCH_API = "APIG.0101"
NOT_AUTHENTICATED = "APIG.0301"
THROTTLED = "APIG.0308"

NO_SUCH_API_TEXT = "The API does not exist or has not been published in the environment."

#: Refusal code → status and error code, unless the operation's own table says otherwise.
COMMON: dict[str, tuple[int, str]] = {
    "not_permitted": (403, ACCESS_DENIED),
    "code_required": (403, ACCESS_DENIED),
    "accounts.code.wrong": (403, ACCESS_DENIED),
    "accounts.code.gone": (403, ACCESS_DENIED),
    "not_found": (400, PARAMETER_ERROR),
    "stale": (400, "CBC.99000087"),
}
_OTHER_REFUSAL = (400, INVALID_PARAMETER)


class ApiError(exceptions.APIException):
    """A failure with its code, for what is no refusal of a service."""

    def __init__(
        self, status: int, code: str, message: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message, code)
        self.status_code = status
        self.error_code = code
        self.message = message
        self.headers = dict(headers or {})


class ParameterError(ApiError):
    """400 CBC.0100: something in the request is missing or wrong."""

    def __init__(self, message: str) -> None:
        super().__init__(400, PARAMETER_ERROR, f"Parameter error. {message}".strip())


class AccessDenied(ApiError):
    """403 CBC.0151: known, but not allowed."""

    def __init__(self, message: str) -> None:
        super().__init__(403, ACCESS_DENIED, f"Access denied. {message}")


class NotAuthenticated(ApiError):
    """401 APIG.0301: who calls is not proven."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            401,
            NOT_AUTHENTICATED,
            f"Incorrect IAM authentication information: {reason}",
            headers={"WWW-Authenticate": "SDK-HMAC-SHA256"},
        )


def body_of(code: str, message: str, request_id: str) -> dict[str, str]:
    """The body of a failure; the gateway's codes carry the request ID in the body too."""
    body = {"error_code": code, "error_msg": message}
    return body | {"request_id": request_id} if code.startswith("APIG.") else body


def handle(exception: Exception, context: Mapping[str, Any]) -> Response:
    """DRF's exception handler: the answer for whatever an operation raised."""
    error = _as_api_error(exception, getattr(context["view"], "error_codes", {}))
    request_id = getattr(context["request"], "request_id", "")
    body = body_of(error.error_code, error.message, request_id)
    return Response(body, status=error.status_code, headers=error.headers)


def _as_api_error(exception: Exception, own_codes: Mapping[str, str]) -> ApiError:
    match exception:
        case ApiError():
            return exception
        case Refusal():
            return _of_refusal(exception, own_codes)
        case exceptions.ValidationError():
            return ParameterError(_first_sentence(exception.detail))
        case exceptions.ParseError() | SuspiciousOperation():
            return ParameterError(str(exception))
        case exceptions.MethodNotAllowed():
            return ApiError(405, NO_SUCH_API, str(exception))
    logger.error("The API failed", exc_info=exception)
    return ApiError(500, OTHER_ERROR, "Other error. The request was not carried out.")


def _of_refusal(refusal: Refusal, own_codes: Mapping[str, str]) -> ApiError:
    if refusal.code in own_codes:
        return ApiError(400, own_codes[refusal.code], refusal.sentence)
    status, code = COMMON.get(refusal.code, _OTHER_REFUSAL)
    return ApiError(status, code, refusal.sentence)


def _first_sentence(detail: Any, place: str = "") -> str:
    """The first complaint of a serializer with the place it belongs to: ``customer_ids[0]: …``."""
    if isinstance(detail, dict):
        name, inner = next(iter(detail.items()))
        if name == "non_field_errors":
            return _first_sentence(inner, place)
        step = f"[{name}]" if isinstance(name, int) else f".{name}"
        return _first_sentence(inner, f"{place}{step}".lstrip("."))
    if isinstance(detail, list):
        index, inner = next((i, item) for i, item in enumerate(detail) if item)
        nested = isinstance(inner, dict | list)
        return _first_sentence(inner, f"{place}[{index}]" if nested else place)
    return f"{place}: {detail}" if place else str(detail)
