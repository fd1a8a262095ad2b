"""The code page: asks for the verification code of a critical operation and keeps what was typed.

Any page whose service raises a CodeRefusal is answered by it (PortalView, the operator's admin). Its
form posts the same data to the same address again, with the code. See
docs/mechanisms/critical-operations.md.
"""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import reswap, retarget

from . import critical
from .actors import Actor
from .refusals import CODE_FIELD, CodeRefusal, CodeRequired, NotFound, Refusal

#: The page's own inputs; everything else that was posted is carried along.
RETURN_FIELD = "code_return"
OPERATION_FIELD = "code_operation"
CHANNEL_FIELD = "code_channel"
CANCEL_FIELD = "code_cancel"
#: Where HTMX shows the page, whatever the refused request wanted to renew.
DIALOG = "pc-dialog"
_OWN_FIELDS = {
    "csrfmiddlewaretoken",
    CODE_FIELD,
    RETURN_FIELD,
    OPERATION_FIELD,
    CHANNEL_FIELD,
    CANCEL_FIELD,
}


def actor_of(request: HttpRequest) -> Actor:
    """Who acts, with the verification code that came with the request, if one did."""
    code = request.POST.get(CODE_FIELD, "").strip() or None
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor.with_code(code)


def code_page(
    request: HttpRequest,
    refusal: CodeRefusal,
    *,
    template: str = "portal/code_required.html",
    context: dict[str, object] | None = None,
) -> HttpResponse:
    """Ask for the code of ``refusal.operation``. Sends one by itself when none is under way."""
    actor = actor_of(request)
    prompt = critical.code_store().prompt(actor, refusal.operation)
    trouble = None
    if isinstance(refusal, CodeRequired) and not prompt.sent_to and prompt.channels:
        trouble = send(actor, refusal.operation, prompt.channels[0][0])
        prompt = critical.code_store().prompt(actor, refusal.operation)
    return _render(
        request,
        template,
        prompt,
        address=request.get_full_path(),
        error="" if isinstance(refusal, CodeRequired) else refusal.sentence,
        trouble=trouble,
        context=context,
        status=refusal.status,
    )


def send(actor: Actor, operation: str, channel: str) -> Refusal | None:
    """Send a code; the refusal when that was not possible."""
    try:
        critical.code_store().send(actor, operation, channel)
    except Refusal as refusal:
        return refusal
    return None


def send_again(
    request: HttpRequest,
    *,
    template: str = "portal/code_required.html",
    context: dict[str, object] | None = None,
) -> HttpResponse:
    """Send another code as the code page asked, and show the page again with all it carried.

    Raises NotFound for an operation that does not exist.
    """
    actor = actor_of(request)
    operation = request.POST.get(OPERATION_FIELD, "")
    if not critical.is_operation(operation):
        raise NotFound
    trouble = send(actor, operation, request.POST.get(CHANNEL_FIELD, ""))
    return _render(
        request,
        template,
        critical.code_store().prompt(actor, operation),
        address=_own_address(request, request.POST.get(RETURN_FIELD, "")),
        error="",
        trouble=trouble,
        context=context,
        status=trouble.status if trouble else 200,
    )


def _render(
    request: HttpRequest,
    template: str,
    prompt: critical.CodePrompt,
    *,
    address: str,
    error: str,
    trouble: Refusal | None,
    context: dict[str, object] | None,
    status: int,
) -> HttpResponse:
    found = {
        "prompt": prompt,
        "address": address,
        "error": error,
        "trouble": trouble,
        "posted": _posted(request),
        "files": [
            (name, kept.name)
            for name, kept in request.FILES.items()
            if isinstance(kept, UploadedFile)
        ],
        "cancel_url": _own_address(
            request, request.POST.get(CANCEL_FIELD) or request.headers.get("Referer", "")
        ),
    }
    response = render(request, template, found | (context or {}), status=status)
    if request.headers.get("HX-Request"):
        reswap(retarget(response, f"#{DIALOG}"), "innerHTML")
    return response


def _posted(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _OWN_FIELDS
        for value in values
    ]


def _own_address(request: HttpRequest, address: str) -> str:
    """The address if it is one of this portal, else the start page."""
    if url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return address
    return "/"
