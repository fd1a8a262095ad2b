"""The OpenAPI document: ``manage.py spectacular --file docs/api/openapi.yaml``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from . import GROUPS, operations_of


class OperationsEnumerator(EndpointEnumerator):
    """Every operation is an endpoint, also where two share a path."""

    def get_api_endpoints(
        self, patterns: Any = None, prefix: str = ""
    ) -> list[tuple[str, str, str, Callable[..., Any]]]:
        return [
            (self.get_path_from_regex(operation.path), operation.path, operation.method, view)
            for group in GROUPS
            for operation in operations_of(group)
            for view in [operation.as_view()]
        ]


class OperationsGenerator(SchemaGenerator):
    """Generates from the list of operations, not from the addresses."""

    endpoint_inspector_cls = OperationsEnumerator


class OperationSchema(AutoSchema):
    """What an operation declares, said in OpenAPI's words."""

    def get_operation_id(self) -> str:
        return str(self.view.name)

    def get_tags(self) -> list[str]:
        return [type(self.view).__module__.rpartition(".")[2]]

    def get_request_serializer(self) -> Any:
        if self.view.body_types:
            return dict.fromkeys(self.view.body_types, OpenApiTypes.STR)
        return None if self.method == "GET" else self.view.request_serializer

    def get_response_serializers(self) -> Any:
        success = self.view.response_serializer
        answers = {self.view.success_status: success} if success else {204: None}
        return answers | {"default": ErrorBody}

    def get_override_parameters(self) -> list[Any]:
        asked = self.view.request_serializer
        in_query = self.method == "GET" or self.view.body_types
        queried = [asked] if in_query and asked().fields else []
        named = re.findall(r"<str:(\w+)>", self.view.path)
        return [OpenApiParameter(name, location=OpenApiParameter.PATH) for name in named] + queried


class ErrorBody(serializers.Serializer):
    """Every failure, with any status from 400 on."""

    error_code = serializers.CharField()
    error_msg = serializers.CharField()


class SignatureScheme(OpenApiAuthenticationExtension):
    """Signing with an access key."""

    target_class = "bss_api.authentication.SignatureAuthentication"
    name = "signature"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "SDK-HMAC-SHA256 Access=…, SignedHeaders=…, Signature=…",
        }


class TokenScheme(OpenApiAuthenticationExtension):
    """A token."""

    target_class = "bss_api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "X-Auth-Token"}
