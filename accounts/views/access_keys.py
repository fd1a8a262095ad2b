"""Organization > Access Keys: the keys of the HTTP API."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center import clock
from partner_center.lists.views import PortalListView
from partner_center.permissions import Audience
from partner_center.refusals import Refusal
from partner_center.views import PortalView, add_refusal

from ..filters import AccessKeyFilterSet
from ..forms.access_keys import AccessKeyForm
from ..models import AccessKey
from ..permissions import MANAGE_ACCESS_KEYS, VIEW_ACCESS_KEYS
from ..queries import access_keys as queries
from ..services import access_keys as services
from ..tables import AccessKeyTable

#: The operator has no business with the API.
AUDIENCES = frozenset({Audience.PARTNER, Audience.CUSTOMER})
#: In the session: the key that was just created, and which of its two showings are left.
_FRESH = "fresh_access_key"
#: A new secret that nobody has looked at for so long is not shown any more, in seconds.
_FRESH_FOR = 600


class AccessKeyListView(PortalListView):
    """The account's keys."""

    permission = VIEW_ACCESS_KEYS
    audiences = AUDIENCES
    title = gettext_lazy("Access Keys")
    list_name = "access_keys"
    basis = gettext_lazy("Programs sign their calls of the API with an access key and its secret.")
    queryset = staticmethod(queries.list_keys)
    filterset_class = AccessKeyFilterSet
    table_class = AccessKeyTable
    template_name = "accounts/access_keys/list.html"
    empty_title = gettext_lazy("No access keys yet")
    empty_text = gettext_lazy("Create a key for each program that calls the API.")
    empty_icon = "key"


class AccessKeyCreateView(PortalView):
    """Create a key; a critical operation."""

    permission = MANAGE_ACCESS_KEYS
    audiences = AUDIENCES

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self._show(AccessKeyForm(actor=self.actor))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Create it and go where its secret is shown once."""
        form = AccessKeyForm(request.POST, actor=self.actor)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            key = services.create_key(
                self.actor,
                user_id=form.cleaned_data["user"].pk,
                description=form.cleaned_data["description"],
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self._show(form, status=refusal.status)
        until = clock.now().timestamp() + _FRESH_FOR
        request.session[_FRESH] = {"ak": key.ak, "until": until, "left": ["page", "file"]}
        return redirect("access_keys:created")

    def _show(self, form: AccessKeyForm, status: int = 200) -> HttpResponse:
        context = {
            "title": _("Create Access Key"),
            "form": form,
            "submit_label": _("Create"),
            "cancel_url": reverse("access_keys:list"),
        }
        return render(self.request, "accounts/access_keys/create.html", context, status=status)


class FreshKeyView(PortalView):
    """What shows the secret of a key that was just created: each way works once."""

    permission = MANAGE_ACCESS_KEYS
    audiences = AUDIENCES

    def take(self, way: str) -> tuple[AccessKey, str] | None:
        """The new key and its secret, if this way was not used yet."""
        fresh = self.request.session.get(_FRESH) or {}
        if way not in fresh.get("left", ()) or clock.now().timestamp() > fresh["until"]:
            return None
        fresh["left"].remove(way)
        self.request.session[_FRESH] = fresh
        key = queries.get_key(self.actor, fresh["ak"])
        return key, queries.secret_of(key)

    def too_late(self) -> HttpResponseBase:
        """Back to the list, with the reason."""
        messages.error(
            self.request,
            _("The secret was shown before and cannot be shown again. Create another key."),
        )
        return redirect("access_keys:list")


class AccessKeyCreatedView(FreshKeyView):
    """The new key with its secret, once."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show both."""
        if (taken := self.take("page")) is None:
            return self.too_late()
        key, secret = taken
        context = {"title": _("Access key created"), "key": key, "secret": secret}
        return render(request, "accounts/access_keys/created.html", context)


class CredentialsFileView(FreshKeyView):
    """``credentials.csv`` with the new key and its secret, once."""

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """The file."""
        if (taken := self.take("file")) is None:
            return self.too_late()
        key, secret = taken
        content = f"Access Key Id,Secret Access Key\r\n{key.ak},{secret}\r\n"
        return HttpResponse(
            content,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="credentials.csv"'},
        )


class AccessKeyDisableView(PortalView):
    """Switch a key off."""

    permission = MANAGE_ACCESS_KEYS
    audiences = AUDIENCES

    def post(self, request: HttpRequest, ak: str) -> HttpResponseBase:
        """Disable it and go back to the list."""
        services.disable_key(self.actor, ak=ak)
        messages.success(request, _("Access key disabled"))
        return redirect("access_keys:list")


class AccessKeyEnableView(PortalView):
    """Switch a key on again."""

    permission = MANAGE_ACCESS_KEYS
    audiences = AUDIENCES

    def post(self, request: HttpRequest, ak: str) -> HttpResponseBase:
        """Enable it and go back to the list."""
        services.enable_key(self.actor, ak=ak)
        messages.success(request, _("Access key enabled"))
        return redirect("access_keys:list")


class AccessKeyDeleteView(PortalView):
    """Delete a key for good, after a question."""

    permission = MANAGE_ACCESS_KEYS
    audiences = AUDIENCES

    def get(self, request: HttpRequest, ak: str) -> HttpResponse:
        """The question."""
        context: dict[str, Any] = {
            "title": _("Delete Access Key"),
            "key": queries.get_key(self.actor, ak),
            "danger": True,
            "submit_label": _("Delete Access Key"),
            "cancel_url": reverse("access_keys:list"),
        }
        return render(request, "accounts/access_keys/delete.html", context)

    def post(self, request: HttpRequest, ak: str) -> HttpResponseBase:
        """Delete it and go back to the list."""
        services.delete_key(self.actor, ak=ak)
        messages.success(request, _("Access key deleted"))
        return redirect("access_keys:list")
