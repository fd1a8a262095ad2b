"""JSON in and out, whatever the client's Accept and Content-Type say (docs/api/bss-api.md A.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import simplejson
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

CONTENT_TYPE = "application/json;charset=UTF-8"


def to_json(data: Any) -> bytes:
    """JSON text in UTF-8. Decimals are bare numbers: the SDK keeps strings as strings."""
    return simplejson.dumps(
        data, use_decimal=True, ensure_ascii=False, separators=(",", ":")
    ).encode()


class BareNumberRenderer(BaseRenderer):
    """Answers, with decimals as JSON numbers."""

    media_type = CONTENT_TYPE
    format = "json"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else to_json(data)


class BodyParser(JSONParser):
    """Bodies; one nested too deep to be read is the caller's error, not ours."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except RecursionError as error:
            raise ParseError("JSON parse error - nested too deep") from error


class RawParser(BaseParser):
    """Bodies of another format than JSON, handed on as they came."""

    media_type = "*/*"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Any = None
    ) -> bytes:
        return stream.body if hasattr(stream, "body") else stream.read()


class OneWay(BaseContentNegotiation):
    """There is one format; what the client would accept or says that it sends is not asked."""

    def select_parser(self, request: Request, parsers: list[BaseParser]) -> BaseParser:
        return parsers[0]

    def select_renderer(
        self, request: Request, renderers: list[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type
