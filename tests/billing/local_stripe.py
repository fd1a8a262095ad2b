"""Localstripe as a process, taught what the gateway needs of Stripe and localstripe does not know.

``return_url`` of a confirmation (where the issuer sends the holder back to), keys of idempotency, and
the filter of PaymentIntents by customer. Everything else is localstripe's own: ``local_stripe.py PORT``.
"""

from __future__ import annotations

import sys
from typing import Any

from aiohttp import web
from localstripe import resources

CONFIRM = "/v1/setup_intents/{id}/confirm"
_answers: dict[str, tuple[int, Any]] = {}


def teach() -> None:
    """Change localstripe's objects, before its server makes routes of them."""
    confirm, every = resources.SetupIntent._api_confirm, resources.PaymentIntent._api_list_all

    def confirm_and_return(id: str, return_url: str = "", **more: Any) -> Any:  # noqa: A002
        intent = confirm(id, **more)
        if intent.next_action and return_url:
            address = {"url": f"https://issuer.example/{id}", "return_url": return_url}
            intent.next_action = {"type": "redirect_to_url", "redirect_to_url": address}
        return intent

    def list_of_customer(url: str, customer: str | None = None, **more: Any) -> Any:
        found = every(url, **more)
        found._list = [intent for intent in found._list if customer in (None, intent.customer)]
        return found

    resources.extra_apis[:] = [
        (method, url, confirm_and_return if url == CONFIRM else function)
        for method, url, function in resources.extra_apis
    ]
    resources.PaymentIntent._api_list_all = list_of_customer
    # Nothing of the tests is kept on disk.
    resources.Store.dump_to_disk = lambda self: None


@web.middleware
async def remember_keys(request: web.Request, handler: Any) -> web.StreamResponse:
    """A key is answered as it was the first time."""
    key = request.headers.get("Idempotency-Key", "")
    if request.method != "POST" or not key:
        return await handler(request)
    if key not in _answers:
        response = await handler(request)
        _answers[key] = response.status, response.body
    status, body = _answers[key]
    return web.Response(status=status, body=body, content_type="application/json")


def main(port: int) -> None:
    """Serve until the process is ended."""
    teach()
    from localstripe import server  # makes its routes when it is imported

    server.app.middlewares.insert(0, remember_keys)
    web.run_app(server.app, host="127.0.0.1", port=port, print=None)


if __name__ == "__main__":
    main(int(sys.argv[1]))
