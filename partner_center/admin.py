"""The operator's admin: its site and the base of its pages.

Only operator staff enter; for everybody else nothing is there (404). What a member of the staff sees
and does is asked per permission of our catalogue, and every change goes through a service: the same
refusals, audit records and verification codes as on the pages of the portal. Nothing is deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial, update_wrapper
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import connection, models
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise, cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin as UnfoldModelAdmin
from unfold.sites import UnfoldAdminSite
from unfold.widgets import UnfoldAdminTextareaWidget

from . import code_page, money, permissions
from .actors import Actor
from .refusals import CodeRefusal, NotFound, NotOffered, NotPermitted, Refusal
from .stale import fingerprint_of
from .views import add_refusal

#: The theme's Alpine evaluates expressions of its markup, and sets its colours in a style element.
_POLICY = {
    **settings.CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "script-src": ["'self'", "'unsafe-eval'"],
    "style-src": ["'self'", "'unsafe-inline'"],
}

#: Groups of the side menu, in order; pages name one of them.
ACCOUNTS = gettext_lazy("Accounts")
ASSOCIATIONS = gettext_lazy("Associations")
AGREEMENTS = gettext_lazy("Agreements")
CATALOGUE = gettext_lazy("Catalogue")
MESSAGES = gettext_lazy("Messages")
METERING = gettext_lazy("Metering")
BILLING = gettext_lazy("Billing")
ORDERS = gettext_lazy("Orders and resources")
OPERATION = gettext_lazy("Operation")
_GROUPS = (
    *(ACCOUNTS, ASSOCIATIONS, CATALOGUE, METERING, BILLING, ORDERS, AGREEMENTS, MESSAGES),
    OPERATION,
)


class PortalAdminSite(UnfoldAdminSite):
    """The admin of the operator's staff; sign-in and sign-out are the portal's own."""

    site_title = gettext_lazy("Operator")
    index_title = gettext_lazy("Operation")

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the request comes from operator staff."""
        actor = getattr(request, "actor", None)
        return actor is not None and actor.is_operator

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        """Send strangers to sign-in, hide the admin from everybody else, ask for codes."""
        inside = super().admin_view(view, cacheable)

        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if getattr(request, "actor", None) is None:
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            if not self.has_permission(request):
                raise NotFound
            request.actor = code_page.actor_of(request)  # type: ignore[attr-defined]
            response = self._answer(inside, view, request, *args, **kwargs)
            response._csp_config = _POLICY  # type: ignore[attr-defined]
            return response

        return update_wrapper(entered, view)

    def _answer(
        self,
        inside: Callable,
        view: Callable,
        request: HttpRequest,
        *args: Any,
        **kwargs: Any,
    ) -> HttpResponseBase:
        try:
            return inside(request, *args, **kwargs)
        except CodeRefusal as refusal:
            return code_page.code_page(request, refusal, **self._code_page(request))
        except PermissionDenied as error:
            page = getattr(view, "__self__", None)
            if not isinstance(page, PortalModelAdmin):
                raise
            code = page.asked_permission(request)
            if request.actor.can(code):  # type: ignore[attr-defined]
                raise NotOffered from error
            raise NotPermitted(code, str(permissions.get(code).label)) from error

    def extra_urls(self) -> list[URLPattern]:
        """Send again, on the code page."""
        return [path("send-code/", self.admin_view(self.send_code), name="send_code")]

    def send_code(self, request: HttpRequest) -> HttpResponse:
        """Another code for the operation that waits, and its code page again."""
        if request.method != "POST":
            raise NotFound
        return code_page.send_again(request, **self._code_page(request))

    def _code_page(self, request: HttpRequest) -> dict[str, Any]:
        context = self.each_context(request) | {"title": _("Verify it’s you")}
        return {"template": "admin/code_required.html", "context": context}

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Sign-in is the portal's own page."""
        return redirect_to_login(reverse("admin:index"), settings.LOGIN_URL)

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:
        """Sign out, and stand before the portal's sign-in page."""
        return LogoutView.as_view(next_page=settings.LOGOUT_REDIRECT_URL)(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Passwords are changed in the portal."""
        return HttpResponseRedirect(reverse("home"))

    password_change_done = password_change

    def get_log_entries(self, request: HttpRequest) -> models.QuerySet:
        """Django's own log is not kept: operation records are."""
        return super().get_log_entries(request).none()

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Groups of the pages that this member of the staff may open."""
        groups: dict[Promise | str, list[dict[str, Any]]] = {}
        for page in self._registry.values():
            if isinstance(page, PortalModelAdmin) and page.has_view_permission(request):
                groups.setdefault(page.group, []).append(self._side_item(page, request))
        ordered = sorted(groups.items(), key=lambda entry: _GROUPS.index(entry[0]))
        return [{"title": title, "items": items} for title, items in ordered]

    def _side_item(self, page: PortalModelAdmin, request: HttpRequest) -> dict[str, Any]:
        link = reverse(page.list_route)
        return {
            "title": page.opts.verbose_name_plural.capitalize(),
            "icon": page.icon,
            "link": link,
            "active": request.path.startswith(link),
            "has_permission": True,
        }


site = PortalAdminSite(name="admin")


class EstimatedPaginator(Paginator):
    """Counts whole large tables by the database's estimate, everything else exactly."""

    exact_up_to = 100_000

    @cached_property
    def count(self) -> int:
        """Number of rows; an estimate when the whole of a large table is listed."""
        query = self.object_list.query
        if not query.where:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass",
                    [query.model._meta.db_table],
                )
                if (estimate := cursor.fetchone()[0]) > self.exact_up_to:
                    return estimate
        return self.object_list.count()


class SeenForm(forms.ModelForm):
    """A form that notices when somebody else changed the row: names ``seen_fields``."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in self.initial.items():
            if isinstance(value, Decimal):
                self.initial[name] = money.plain(value)  # not 0E-8
        if "seen" in self.fields and self.instance.pk:
            self.initial["seen"] = fingerprint_of(self.instance, self.seen_fields)


class ReasonForm(forms.Form):
    """Why the operator does it; kept in the audit trail."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=UnfoldAdminTextareaWidget
    )


def owner_column(label: Promise, *, links: bool = True) -> Callable[..., Any]:
    """The row's account under the name of what it is here, such as Partner; leads to its page."""

    @admin.display(description=label, ordering="account__name")
    def owner(page: admin.ModelAdmin, row: Any) -> Any:
        if not links:
            return row.account
        address = reverse("admin:accounts_account_change", args=[row.account_id])
        return format_html('<a href="{}" class="text-link">{}</a>', address, row.account)

    @admin.display(description=label, ordering="account__name")
    def plain(row: Any) -> Any:
        return row.account

    owner.plain = plain  # type: ignore[attr-defined]
    return owner


class _OutsideTransaction(admin.ModelAdmin):
    """Services own their transactions: Django's own one around change forms is taken away."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Django's page, without a transaction of its own."""
        return self._changeform_view(request, object_id, form_url, extra_context)


class PortalModelAdmin(UnfoldModelAdmin, _OutsideTransaction):
    """Base of all operator pages. Read-only unless ``manage_permission`` and ``write`` are given.

    ``view_permission`` and ``manage_permission`` are codes of the catalogue. ``write`` calls the
    service; what the service refuses stands at the form, with everything that was typed.
    """

    view_permission: ClassVar[str]
    manage_permission: ClassVar[str] = ""
    #: Rows are added and changed on forms; False leaves actions only.
    addable: ClassVar[bool] = False
    changeable: ClassVar[bool] = False
    #: Heading and icon (Material Symbols) in the side menu.
    group: ClassVar[Promise] = OPERATION
    icon: ClassVar[str] = "table_rows"

    list_per_page = 25
    show_full_result_count = False
    list_filter_submit = True
    compressed_fields = True
    save_as = False

    def write(self, actor: Actor, form: Any, row: Any) -> models.Model:
        """Call the service for a valid form; ``row`` is None for a new one. Returns the row."""
        raise NotImplementedError

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Amounts as money, other decimals plainly: not with every zero that their column holds."""
        first, *others = [self._plain_column(name) for name in super().get_list_display(request)]
        return [self._opening(first), *others]

    def _opening(self, column: Any) -> Any:
        """The first column opens its row and leads nowhere else: a link in a link opens nothing."""
        shown = getattr(self, column, None) if isinstance(column, str) else column
        return getattr(shown, "plain", column)

    @property
    def readonly_preprocess_fields(self) -> dict[str, Callable[[str], str]]:
        """The same on the page of one row."""
        return {name: partial(_rewritten, each) for name, each in self._decimals.items()}

    @cached_property
    def _decimals(self) -> dict[str, models.DecimalField]:
        fields = self.opts.concrete_fields
        return {each.name: each for each in fields if isinstance(each, models.DecimalField)}

    def _plain_column(self, name: Any) -> Any:
        if name not in self._decimals:
            return name

        @admin.display(description=self._decimals[name].verbose_name, ordering=name)
        def column(row: models.Model) -> str:
            value = getattr(row, name)
            return "--" if value is None else _written(self._decimals[name], value)

        return column

    @property
    def list_route(self) -> str:
        """Name of the list page."""
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"

    @property
    def change_route(self) -> str:
        """Name of the page of one row."""
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_change"

    # --- Who may -------------------------------------------------------------------------

    def asked_permission(self, request: HttpRequest) -> str:
        """The permission that the request lacks, for the page that says so."""
        return (self.manage_permission if request.method == "POST" else "") or self.view_permission

    def may_manage(self, request: HttpRequest) -> bool:
        """Whether the member of the staff may change anything here."""
        return bool(self.manage_permission) and _actor(request).can(self.manage_permission)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the page is listed."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the rows may be seen."""
        return _actor(request).can(self.view_permission) or self.may_manage(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether a row may be added."""
        return self.addable and self.may_manage(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the form of a row may be sent."""
        return self.changeable and self.may_manage(request)

    def has_manage_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What actions ask: ``permissions=["manage"]``."""
        return self.may_manage(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted here: what is over is ended, disabled or locked."""
        return False

    # --- Writing --------------------------------------------------------------------------

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """The form; when it is sent and valid it calls the service, as part of its validation."""
        form_class = super().get_form(request, obj, change=change, **kwargs)
        if request.method != "POST":
            return form_class
        page, row = self, obj

        class WritingForm(form_class):  # type: ignore[misc, valid-type]
            def is_valid(self) -> bool:
                if not super().is_valid():
                    return False
                try:
                    self.written = page.write(_actor(request), self, row)
                except Refusal as refusal:
                    add_refusal(self, refusal)
                    return False
                return True

        return WritingForm

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """A refused form answers 422, as everywhere in the portal."""
        response = super().render_change_form(request, context, *args, **kwargs)
        if context["adminform"].form.errors:
            response.status_code = 422
        return response

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> models.Model:
        """The row that the service wrote."""
        return form.written

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The service has written already."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The service has written already."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The audit trail has it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The audit trail has it."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """The operation records of this row, instead of Django's own log."""
        row = self.row(request, object_id)
        records = reverse("admin:audit_operationrecord_changelist")
        return HttpResponseRedirect(
            f"{records}?target_type={row._meta.label_lower}&target_id={row.pk}"
        )

    # --- Actions --------------------------------------------------------------------------

    def row(self, request: HttpRequest, object_id: str) -> Any:
        """One row of the page. Raises NotFound."""
        found = self.get_object(request, object_id)
        if found is None:
            raise NotFound
        return found

    def each(
        self,
        request: HttpRequest,
        rows: Iterable[models.Model],
        service: Callable[[Actor, Any], Any],
    ) -> None:
        """Call a service for each ticked row; say how many were done, and per row what was not."""
        done = 0
        for row in rows:
            try:
                service(_actor(request), row.pk)
                done += 1
            except Refusal as refusal:
                self.message_user(request, f"{row}: {refusal.sentence}", messages.ERROR)
        if done:
            text = ngettext("%(count)d row done.", "%(count)d rows done.", done)
            self.message_user(request, text % {"count": done}, messages.SUCCESS)

    def operate(
        self,
        request: HttpRequest,
        object_id: str,
        service: Callable[..., Any],
        **words: Any,
    ) -> HttpResponse:
        """One operation on one row on a page of its own: its consequence, its fields, its button.

        ``words``: those of :meth:`ask`.
        """
        row = self.row(request, object_id)
        back = reverse(self.change_route, args=[row.pk])

        def on_row(actor: Actor, **values: Any) -> None:
            service(actor, row.pk, **values)

        return self.ask(request, on_row, back=back, row=row, **words)

    def ask(
        self,
        request: HttpRequest,
        service: Callable[..., Any],
        *,
        title: str,
        consequence: str,
        back: str,
        form_class: type[forms.Form] = forms.Form,
        initial: dict[str, Any] | None = None,
        row: Any = None,
        done: str = "",
    ) -> HttpResponse:
        """A page that asks before ``service`` is called with the actor and the form's values.

        ``done`` is said afterwards, where more is to be said than that it is done.
        """
        sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        form = form_class(*sent, initial=initial)
        if form.is_valid():
            try:
                service(_actor(request), **form.cleaned_data)
            except Refusal as refusal:
                add_refusal(form, refusal)
            else:
                self.message_user(request, done or _("%(title)s: done.") % {"title": title})
                return HttpResponseRedirect(back)
        context = self.admin_site.each_context(request) | {
            "title": title,
            "subtitle": str(row) if row else None,
            "consequence": consequence,
            "form": form,
            "opts": self.opts,
            "original": row,
            "back": back,
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/operation.html", context, status=status)


def _written(column: models.DecimalField, value: Decimal) -> str:
    """Money with separators and at least two decimals; rates, percents and quantities plainly."""
    is_money = getattr(column, "is_money", False)
    return money.number(value) if is_money else money.plain(value)


def _rewritten(column: models.DecimalField, shown: str) -> str:
    """What the theme has written of a decimal; of an absent one it stays."""
    return _written(column, Decimal(shown)) if shown[-1:].isdecimal() else shown


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]
