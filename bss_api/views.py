"""The base of every operation, and what stands beside the operations.

An operation is a class with a declaration and one method::

    class CheckUserIdentity(Operation):
        '''Tell whether a login name, mobile number or email can still register.'''

        name = "check_user_identity"
        method = "POST"
        path = "/v2/partners/sub-customers/users/check-identity"
        callers = PARTNERS
        permission = CREATE_CUSTOMERS
        reads_only = True
        request_serializer = CheckIdentityRequest
        response_serializer = CheckIdentityResponse

        def run(self, data):
            return {...}          # or None: 204 without body
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, NoReturn

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from accounts.refusals import CodeTooSoon, NoChannel
from accounts.services import codes
from partner_center import clock, critical
from partner_center.actors import Actor
from partner_center.refusals import CodeRequired

from . import errors, language, throttling
from .authentication import SignatureAuthentication, TokenAuthentication
from .callers import ANYBODY, Caller, caller_of
from .rendering import BareNumberRenderer, BodyParser, OneWay
from .serializers import RequestSerializer
from .services import replay


class JsonView(APIView):
    """One format, one error shape, no session, no CSRF, no redirect."""

    authentication_classes: ClassVar[list[type]] = []
    permission_classes: ClassVar[list[type]] = []
    renderer_classes = [BareNumberRenderer]
    parser_classes = [BodyParser]
    content_negotiation_class = OneWay

    def get_exception_handler(self) -> Callable[[Exception, Mapping[str, Any]], Response]:
        return errors.handle


class Operation(JsonView):
    """One operation of the API; see the module's words for how one is written."""

    name: ClassVar[str]
    method: ClassVar[str]
    #: As in a Django path, with a leading slash: ``/v2/orders/details/<str:order_id>``.
    path: ClassVar[str]
    callers: ClassVar[frozenset[Caller]] = ANYBODY
    #: Code of the permission that the caller's user must hold; None: open to all users.
    permission: ClassVar[str | None] = None
    #: Changes nothing, so that an equal request within two seconds may be answered again.
    reads_only: ClassVar[bool] = False
    request_serializer: ClassVar[type[RequestSerializer]] = RequestSerializer
    response_serializer: ClassVar[type[BaseSerializer] | None] = None
    #: Refusal code → the operation's own error code (400).
    error_codes: ClassVar[Mapping[str, str]] = {}
    #: Media types of a body that is no JSON object; the parameters stand in the query then.
    body_types: ClassVar[tuple[str, ...]] = ()
    #: Requests per second, where the operation's limit is not the common one.
    per_second: ClassVar[int | None] = None
    success_status: ClassVar[int] = 200

    authentication_classes = [SignatureAuthentication, TokenAuthentication]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "method" in cls.__dict__:
            cls.http_method_names = [cls.method.lower()]
            setattr(cls, cls.method.lower(), cls._answer)

    def run(self, data: dict[str, Any]) -> Mapping[str, Any] | None:
        """Do it. ``data`` is the validated request; path parameters are in ``self.kwargs``."""
        raise NotImplementedError

    @property
    def actor(self) -> Actor:
        """Who calls, with the code of X-Verification-Code, if one came."""
        return self.request.user

    @property
    def language(self) -> str:
        """``en_US`` or ``zh_CN``, as X-Language says."""
        return language.language_of(self.request.headers.get("X-Language"))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Authenticate, throttle, refuse repetitions, then ask who may.

        Throttling comes before the memory of signatures: a throttled request was not carried out,
        and the SDK sends it again with the same signature.
        """
        super().initial(request, *args, **kwargs)
        if not self.authentication_classes:
            return
        throttling.refuse_too_many(self.actor, self.name, self.per_second)
        self._refuse_repetition()
        self._authorize()

    def _refuse_repetition(self) -> None:
        signed = self.request.auth
        if signed is None:
            return
        try:
            replay.accept_once(
                signed.signature,
                moment=clock.now(),
                expires_at=signed.expires_at,
                reads_only=self.reads_only,
            )
        except replay.AlreadyReceived as refusal:
            raise errors.NotAuthenticated(refusal.sentence) from refusal

    def _authorize(self) -> None:
        if caller_of(self.actor) not in self.callers:
            raise errors.AccessDenied("This kind of account cannot call this API.")
        if self.permission:
            self.actor.require(self.permission)

    def _answer(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        try:
            answer = self.run(self._read_request())
        except CodeRequired as refusal:
            self._send_code(refusal)
        if answer is None:
            return Response(status=204)
        if self.response_serializer:
            answer = self.response_serializer(answer).data
        return Response(answer, status=self.success_status)

    def _read_request(self) -> dict[str, Any]:
        """The validated body, or the validated query string of GET and DELETE."""
        in_query = self.method == "GET" or self.body_types
        sent = self.request.query_params.dict() if in_query else self.request.data
        serializer = self.request_serializer(data=sent)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def _send_code(self, refusal: CodeRequired) -> NoReturn:
        """A critical operation came without a code: send one, and say how to go on."""
        label = critical.get_operation(refusal.operation).label
        try:
            code = codes.send_to_first_channel(self.actor, operation=refusal.operation)
            what = f"A code was sent to {codes.mask(code.target)}."
        except (CodeTooSoon, NoChannel) as declined:
            what = declined.sentence
        raise errors.AccessDenied(
            f"“{label}” asks for a verification code. {what} "
            "Repeat the call with the code in the header X-Verification-Code."
        ) from refusal


class UnknownApi(JsonView):
    """404 for every path that looks like the API and is none."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise errors.ApiError(404, errors.NO_SUCH_API, errors.NO_SUCH_API_TEXT)


class WrongMethod(JsonView):
    """405 for a path of the API that has no operation of this method."""

    methods: tuple[str, ...] = ()

    @property
    def allowed_methods(self) -> list[str]:
        return list(self.methods)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise errors.ApiError(
            405,
            errors.NO_SUCH_API,
            f"The API has no method {request.method} on this path, but: {', '.join(self.methods)}.",
        )


def by_method(operations: Iterable[type[Operation]]) -> Callable[..., HttpResponseBase]:
    """The view of one path: two operations may share it and differ in their method."""
    views = {operation.method: operation.as_view() for operation in operations}
    otherwise = WrongMethod.as_view(methods=tuple(sorted(views)))

    @csrf_exempt
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return views.get(request.method or "", otherwise)(request, **kwargs)

    answer.operations = tuple(operations)  # type: ignore[attr-defined]
    return answer
