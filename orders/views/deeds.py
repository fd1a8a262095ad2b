"""Deeds in the console: a dialog each, refused before anybody tries where the guard would refuse it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center import clock, money
from partner_center.refusals import NotFound, Refusal
from partner_center.views import add_refusal
from resources.queries import projects, reach

from ..forms.resources import (
    AutoRenewForm,
    ChangeForm,
    DurationForm,
    NameForm,
    ProjectForm,
    RulesForm,
    UnsubscribeForm,
)
from ..permissions import OPERATE_RESOURCES
from ..queries import mine
from ..rules.refunds import Worth
from ..services import (
    auto_renewal,
    changing,
    converting,
    operating,
    renewing,
    unsubscribing,
)
from .console import ConsolePage


class DeedView(ConsolePage):
    """A dialog that does something to one resource: what it means, a form, the verb."""

    template_name: ClassVar[str] = "orders/console/deed.html"
    title: ClassVar[str | Promise]
    verb: ClassVar[str | Promise]
    words: ClassVar[str | Promise] = ""
    danger: ClassVar[bool] = False

    @cached_property
    def resource(self) -> Any:
        """The resource of the address. Raises NotFound."""
        return reach.get_own(self.actor, self.kwargs["pk"])

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask first."""
        try:
            return self.show(self.form())
        except Refusal as refusal:
            return self._refused(refusal)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Do it."""
        try:
            form = self.form(request.POST)
        except Refusal as refusal:
            return self._refused(refusal)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            said = self.do(form)
        except Refusal as refusal:
            if isinstance(refusal, NotFound):
                raise
            add_refusal(form, refusal)
            return self.show(form, status=refusal.status)
        if isinstance(said, HttpResponseBase):
            return said
        messages.success(request, said)
        return redirect(self.back)

    def form(self, *data: Any) -> Form:
        """What is asked, filled with what was sent. May raise a refusal that ends the dialog."""
        return Form(*data)

    def do(self, form: Form) -> str | HttpResponseBase:
        """Call the service; the toast, or where to go on."""
        raise NotImplementedError

    def facts(self) -> dict[str, Any]:
        """What else the dialog shows."""
        return {}

    @property
    def back(self) -> str:
        """Where the dialog leads when it is done."""
        return reverse("console:resources")

    def show(self, form: Form, *, status: int = 200, **more: Any) -> HttpResponse:
        """Render the dialog."""
        context = {
            "title": self.title,
            "form": form,
            "submit_label": self.verb,
            "record": self.resource,
            "words": self.words,
            "danger": self.danger,
            "cancel_url": self.back,
            **(self.facts() if not more else {}),
            **more,
        }
        return render(self.request, self.template_name, context, status=status)

    def _refused(self, refusal: Refusal) -> HttpResponse:
        if isinstance(refusal, NotFound):
            raise refusal
        return self.show(Form(), status=422, refusal=refusal)


class StartView(DeedView):
    """Start."""

    permission = OPERATE_RESOURCES
    title, verb = gettext_lazy("Start the resource"), gettext_lazy("Start")
    words = gettext_lazy("It runs again at once.")

    def do(self, form: Form) -> str:
        return _("%(name)s is running.") % {"name": operating.start(self.actor, self.resource.pk)}


class StopView(DeedView):
    """Stop."""

    permission = OPERATE_RESOURCES
    title, verb = gettext_lazy("Stop the resource"), gettext_lazy("Stop")
    words = gettext_lazy(
        "The resource stops working until you start it again. Yearly/monthly fees are not given back."
    )

    def do(self, form: Form) -> str:
        return _("%(name)s is stopped.") % {"name": operating.stop(self.actor, self.resource.pk)}


class RestartView(DeedView):
    """Restart."""

    permission = OPERATE_RESOURCES
    title, verb = gettext_lazy("Restart the resource"), gettext_lazy("Restart")
    words = gettext_lazy("What it does is interrupted for a moment.")

    def do(self, form: Form) -> str:
        return _("%(name)s was restarted.") % {
            "name": operating.restart(self.actor, self.resource.pk)
        }


class RenameView(DeedView):
    """Rename."""

    permission = OPERATE_RESOURCES
    title, verb = gettext_lazy("Rename the resource"), gettext_lazy("Rename")

    def form(self, *data: Any) -> Form:
        return NameForm(*data) if data else NameForm(initial={"name": self.resource.name})

    def do(self, form: Form) -> str:
        renamed = operating.rename(self.actor, self.resource.pk, form.cleaned_data["name"])
        return _("The resource is called %(name)s now.") % {"name": renamed}


class ProjectView(DeedView):
    """Another enterprise project."""

    permission = OPERATE_RESOURCES
    title, verb = gettext_lazy("Change the enterprise project"), gettext_lazy("Change")
    words = gettext_lazy(
        "What is attached to the resource goes with it. What was charged so far stays in the project "
        "that it was charged in."
    )

    def form(self, *data: Any) -> Form:
        chosen = {"project": self.resource.project_id or ""}
        own = projects.choices_of(self.actor.account_id)
        return ProjectForm(*data, projects=own, **({} if data else {"initial": chosen}))

    def do(self, form: Form) -> str:
        wanted = form.cleaned_data["project"]
        moved = operating.move(self.actor, self.resource.pk, int(wanted) if wanted else None)
        return _("%(name)s is in the enterprise project %(project)s.") % {
            "name": moved,
            "project": moved.project or projects.DEFAULT_NAME,
        }


class DeleteView(DeedView):
    """Delete."""

    permission = OPERATE_RESOURCES
    title, verb, danger = gettext_lazy("Delete the resource"), gettext_lazy("Delete"), True
    words = gettext_lazy(
        "The resource is released and its data is deleted at once. This cannot be undone."
    )

    def do(self, form: Form) -> str:
        operating.delete(self.actor, self.resource.pk)
        return _("%(name)s is deleted.") % {"name": self.resource}


class ChangeView(DeedView):
    """Another specification or size."""

    template_name = "orders/console/change.html"
    title, verb = gettext_lazy("Change specifications"), gettext_lazy("Next")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The dialog; HTMX asks for it again, with what is chosen, to show the price."""
        if "product" not in request.GET:
            return super().get(request, pk)
        try:
            form = self.form(request.GET)
        except Refusal as refusal:
            return self._refused(refusal)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            return self.show(form, worth=self._worth(form))
        except Refusal as refusal:
            return self.show(form, blocked=refusal)

    def form(self, *data: Any) -> Form:
        chosen = {"product": self.resource.product_id, "size": self.resource.size}
        products = mine.changeable(self.resource)
        return ChangeForm(
            *data,
            products=products,
            size=self.resource.size,
            unit=mine.size_unit(self.resource),
            **({} if data else {"initial": chosen}),
        )

    def _worth(self, form: Form) -> Worth:
        return mine.change_worth(self.resource, *form.wanted(), clock.now())  # type: ignore[attr-defined]

    def do(self, form: Form) -> str | HttpResponseBase:
        """A falling price is given back only after it was shown and confirmed as it is now."""
        product, size = form.wanted()  # type: ignore[attr-defined]
        worth = self._worth(form)
        if worth.listed < 0 and self.request.POST.get("confirmed") != str(worth.amount):
            return self.show(form, worth=worth, confirms=True, submit_label=_("Confirm Change"))
        order = changing.change(self.actor, self.resource.pk, product, size)
        if order is not None and order.amount > 0:
            return redirect("console:pay", pk=order.pk)
        if order is not None and order.amount < 0:
            return _("Changed. %(amount)s is given back.") % {"amount": money.words(-order.amount)}
        return _("%(name)s is changed.") % {"name": self.resource}


class RenewView(DeedView):
    """Renew."""

    title, verb = gettext_lazy("Renew the resource"), gettext_lazy("Next")
    words = gettext_lazy("The new term begins when the present one ends.")

    def form(self, *data: Any) -> Form:
        return DurationForm(*data, durations=mine.renewal_terms(self.resource, clock.now()))

    def do(self, form: Form) -> HttpResponseBase:
        period, count = form.chosen()  # type: ignore[attr-defined]
        order = renewing.order_renewal(self.actor, self.resource.pk, period, count)
        return redirect("console:pay", pk=order.pk)

    @property
    def back(self) -> str:
        return reverse("console:renewals")


class ToPeriodView(DeedView):
    """Pay-per-use to yearly/monthly."""

    title, verb = gettext_lazy("Change to yearly/monthly"), gettext_lazy("Next")
    words = gettext_lazy("The term begins when the order is paid; until then it is paid by use.")

    def form(self, *data: Any) -> Form:
        return DurationForm(*data, durations=mine.conversion_terms(self.resource, clock.now()))

    def do(self, form: Form) -> HttpResponseBase:
        period, count = form.chosen()  # type: ignore[attr-defined]
        order = converting.to_period(self.actor, [self.resource.pk], period, count)
        return redirect("console:pay", pk=order.pk)


class ToUsageView(DeedView):
    """Yearly/monthly to pay-per-use, at once."""

    title, verb = gettext_lazy("Change to pay-per-use"), gettext_lazy("Change to Pay-per-use")
    words = gettext_lazy("It is paid by use from now on. Unused days are given back at once.")

    def facts(self) -> dict[str, Any]:
        return {"refund": mine.refund_of(self.resource, clock.now())}

    def do(self, form: Form) -> str:
        (order,) = converting.to_usage(self.actor, [self.resource.pk])
        return _("It is paid by use now. %(amount)s is given back.") % {
            "amount": money.words(-order.amount)
        }


class UnsubscribeView(DeedView):
    """Unsubscribe: what is given back stands in the dialog."""

    title, verb, danger = (
        gettext_lazy("Unsubscribe from the resource"),
        gettext_lazy("Unsubscribe"),
        True,
    )
    words = gettext_lazy(
        "The resource is released and its data is deleted at once, with what is attached to it. "
        "Unused days are given back; the day that has begun is not."
    )

    def form(self, *data: Any) -> Form:
        waiting = mine.refund_of_renewals(self.resource, clock.now())
        return UnsubscribeForm(*data, renewals=waiting)

    def facts(self) -> dict[str, Any]:
        return {"refund": mine.refund_of(self.resource, clock.now())}

    def do(self, form: Form) -> str:
        found = form.cleaned_data
        done = unsubscribing.unsubscribe(
            self.actor,
            [self.resource.pk],
            found["reason_type"],
            found["reason"],
            renewal_only=found["extent"] == "renewal",
        )
        for refusal in done.failed.values():
            raise refusal
        return _("Unsubscribed. %(amount)s is given back.") % {
            "amount": money.words(-done.orders[0].amount)
        }

    @property
    def back(self) -> str:
        return reverse("console:unsubscriptions")


class _PolicyView(DeedView):
    @property
    def back(self) -> str:
        return reverse("console:renewals")


class AutoRenewView(_PolicyView):
    """Switch auto-renewal on, or change it."""

    title, verb = gettext_lazy("Auto-renewal"), gettext_lazy("Switch On")
    words = gettext_lazy(
        "The resource is renewed by itself before it expires. You are told when that fails."
    )

    def form(self, *data: Any) -> Form:
        row = self.resource
        chosen = {
            "period": row.auto_renew_period or row.period or "month",
            "times": row.auto_renewals_left or 0,
        }
        return AutoRenewForm(
            *data, fixed_term=mine.has_fixed_term(row), **({} if data else {"initial": chosen})
        )

    def do(self, form: Form) -> str:
        auto_renewal.switch_on(self.actor, self.resource.pk, **form.cleaned_data)
        return _("%(name)s is renewed by itself.") % {"name": self.resource}


class AutoRenewOffView(_PolicyView):
    """Switch auto-renewal off."""

    title, verb = gettext_lazy("Switch auto-renewal off"), gettext_lazy("Switch Off")
    words = gettext_lazy(
        "The resource expires at the end of its term and is then kept for a while."
    )

    def do(self, form: Form) -> str:
        auto_renewal.switch_off(self.actor, self.resource.pk)
        return _("%(name)s is no longer renewed by itself.") % {"name": self.resource}


class OnExpiryView(_PolicyView):
    """Change to pay-per-use when the term ends."""

    title, verb = gettext_lazy("Change to pay-per-use on expiry"), gettext_lazy("Set")
    words = gettext_lazy("When the term ends the resource goes on and is paid by use.")

    def do(self, form: Form) -> str:
        converting.on_expiry(self.actor, self.resource.pk, wanted=True)
        return _("%(name)s changes to pay-per-use on expiry.") % {"name": self.resource}


class NotOnExpiryView(_PolicyView):
    """Cancel that."""

    title, verb = gettext_lazy("Cancel the change on expiry"), gettext_lazy("Cancel the Change")
    words = gettext_lazy(
        "The resource expires at the end of its term and is then kept for a while."
    )

    def do(self, form: Form) -> str:
        converting.on_expiry(self.actor, self.resource.pk, wanted=False)
        return _("%(name)s does not change to pay-per-use.") % {"name": self.resource}


class RulesView(ConsolePage):
    """Settings of renewals: deduction day and common day of expiry."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The dialog with what is set."""
        found = reach.settings_of(self.actor.account_id)
        chosen = {"deduction_days": found.deduction_days, "expiry_day": found.expiry_day or 0}
        return self._show(RulesForm(initial=chosen))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Set them."""
        form = RulesForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        auto_renewal.set_rules(self.actor, **form.cleaned_data)
        messages.success(request, _("The settings of renewals are saved."))
        return redirect("console:renewals")

    def _show(self, form: RulesForm, *, status: int = 200) -> HttpResponse:
        context = {
            "title": _("Renewal settings"),
            "form": form,
            "submit_label": _("Save"),
            "cancel_url": reverse("console:renewals"),
        }
        return render(self.request, "portal/dialog.html", context, status=status)


#: Name of a deed's address → its dialog.
DEEDS: dict[str, type[DeedView]] = {
    "start": StartView,
    "stop": StopView,
    "restart": RestartView,
    "rename": RenameView,
    "project": ProjectView,
    "delete": DeleteView,
    "change": ChangeView,
    "renew": RenewView,
    "to-period": ToPeriodView,
    "to-usage": ToUsageView,
    "unsubscribe": UnsubscribeView,
    "auto-renew": AutoRenewView,
    "auto-renew-off": AutoRenewOffView,
    "on-expiry": OnExpiryView,
    "not-on-expiry": NotOnExpiryView,
}
