"""No HTML under the API's addresses, whatever fails before an operation is reached."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from . import errors
from .rendering import CONTENT_TYPE, to_json

_API_PATH = re.compile(r"/v\d")
_CODES = {400: errors.PARAMETER_ERROR, 403: errors.ACCESS_DENIED, 404: errors.NO_SUCH_API}


class JsonErrorsMiddleware:
    """Turn an error page (bad host, broken request line, a fault in a middleware) into JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            response.status_code < 400
            or not _API_PATH.match(request.path)
            or response.get("Content-Type") == CONTENT_TYPE
        ):
            return response
        code = _CODES.get(response.status_code, errors.OTHER_ERROR)
        body = errors.body_of(code, response.reason_phrase, getattr(request, "request_id", ""))
        return HttpResponse(to_json(body), status=response.status_code, content_type=CONTENT_TYPE)
