"""The customer opens an invitation: landing page, enable and associate (08 §10.1).

Whoever holds the address may open it, so these pages ask for no permission of their own; associating
asks for it in the service.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.queries import agreements
from partner_center import clock, errands
from partner_center.errands import Errand
from partner_center.refusals import NotPermitted, Refusal
from partner_center.views import PortalView, add_refusal

from ..forms.landing import ConsentForm, EnableForm, ReasonForm
from ..permissions import VIEW_PARTNER
from ..queries import instructions
from ..queries import landing as queries
from ..queries.landing import Opened, Standing
from ..refusals.acceptance import (
    AssociationRefused,
    ExistingAccount,
    InstructionsNotAgreed,
    InvitationGone,
    OtherAddress,
    failures_of,
)
from ..services import acceptance, association_reviews

#: In the session: which invitation the ticks of the landing page were set for, and which.
_CONSENT = "invitation_consent"


class InvitationView(PortalView):
    """A page of one invitation; says what is wrong with it when it opens nothing."""

    public = True
    signed_in = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead to sign-in where the page needs an account; show a refusal as its own page."""
        self.token = kwargs["token"]
        if self.signed_in and request.actor is None:  # type: ignore[attr-defined]
            return redirect(self.page("open"))
        try:
            response = super().dispatch(request, *args, **kwargs)
        except (InvitationGone, ExistingAccount, OtherAddress) as refusal:
            response = self.refused(refusal)
        patch_cache_control(response, private=True, no_store=True)
        return response

    def page(self, name: str) -> str:
        """Address of another page of this invitation."""
        return reverse(f"landing:{name}", args=[self.token])

    def opened(self) -> Opened:
        """The invitation. Raises InvitationGone."""
        return queries.open_invitation(self.token, clock.now())

    def standing(self) -> Standing:
        """How the signed-in account stands to the invitation.

        Raises NotPermitted, InvitationGone, ExistingAccount, OtherAddress.
        """
        acceptance.require_associating(self.actor)
        return queries.standing_of(self.actor, self.opened(), clock.now())

    def refused(self, refusal: Refusal) -> HttpResponseBase:
        """Why this invitation does not help, and whom to ask; who has used it sees its partner."""
        if isinstance(refusal, InvitationGone) and self._led_here():
            return redirect("my_partner:page")
        context = {"refusal": refusal, "token": self.token, "actor": self.request.actor}
        return render(self.request, "customers/landing/gone.html", context, status=refusal.status)

    def _led_here(self) -> bool:
        """Whether the link, opened once more, is how this account came to its partner."""
        actor = self.request.actor
        if self.request.method != "GET" or actor is None or not actor.can(VIEW_PARTNER):
            return False
        return queries.has_led(self.token, actor.account_id)

    def consent(self, opened: Opened) -> dict[str, Any]:
        """What was ticked on the landing page for this invitation. Raises InstructionsNotAgreed."""
        if not opened.is_reseller:
            return {"version": "", "letter": False}
        kept = self.request.session.get(_CONSENT) or {}
        if kept.get("invitation") != opened.operation_key:
            raise InstructionsNotAgreed
        return dict(kept)


class OpenView(InvitationView):
    """The landing page: who invites, the Instructions, what follows (08-CSA-02 to CSA-06)."""

    signed_in = False

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """The page; who is signed in already goes on with this account, or signs out first."""
        return self._show(self.opened(), ConsentForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Keep the ticks and lead to registering or signing in."""
        opened = self.opened()
        form = ConsentForm(request.POST)
        if opened.is_reseller:
            if not form.is_valid():
                return self._show(opened, form, status=422)
            self._keep(opened, form)
        if self.request.actor is not None:
            return redirect(self.page("associate"))
        if "log_in" in request.POST and opened.is_online:
            return redirect(self._sign_in())
        errands.keep(request, self._errand(opened))
        query = urlencode({"next": self.page("associate")})
        return redirect(f"{reverse('accounts:register')}?{query}")

    def _keep(self, opened: Opened, form: ConsentForm) -> None:
        self.request.session[_CONSENT] = {
            "invitation": opened.operation_key,
            "version": form.cleaned_data["version"],
            "letter": form.cleaned_data["letter"],
        }

    def _errand(self, opened: Opened) -> Errand:
        words = _(
            "%(partner)s invites you. After registering, you enable the services and associate."
        )
        return Errand(
            name=self.token,
            address=self.page("associate"),
            words=words % {"partner": opened.partner.title},
            email=opened.email,
            sign_in=self._sign_in() if opened.is_online else "",
        )

    def _sign_in(self) -> str:
        query = urlencode({"next": self.page("associate")})
        return f"{reverse('accounts:sign-in')}?{query}"

    def _show(self, opened: Opened, form: ConsentForm, status: int = 200) -> HttpResponse:
        context = {
            "title": _("Invitation"),
            "wide": True,
            "opened": opened,
            "form": form,
            "fits": queries.may_fit(self.request.actor, opened),
            "instructions": instructions.instructions() if opened.is_reseller else None,
            "switch_url": self.page("switch"),
        }
        return render(self.request, "customers/landing/open.html", context, status=status)


class SwitchView(InvitationView):
    """Sign out and open the invitation again, to use another account."""

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Back on the landing page, signed out."""
        logout(request)
        return redirect(self.page("open"))


class AssociateView(InvitationView):
    """Enable Huawei Cloud Services and Associate with Partner (08-CSA-10 to CSA-19)."""

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """The form; whatever stands against the association is said at once."""
        try:
            standing = self.standing()
            self.consent(standing.opened)
        except InstructionsNotAgreed as refusal:
            messages.warning(request, refusal.sentence)
            return redirect(self.page("open"))
        except NotPermitted as refusal:
            return self.refused(refusal)
        if standing.causes:
            return self._show_causes(standing)
        return self._show(standing, EnableForm(initial=_country(standing), fixed=_fixed(standing)))

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Associate, or show every reason why not."""
        try:
            standing = self.standing()
            consent = self.consent(standing.opened)
        except (InstructionsNotAgreed, NotPermitted) as refusal:
            return self.refused(refusal)
        form = EnableForm(request.POST, initial=_country(standing), fixed=_fixed(standing))
        if not form.is_valid():
            return self._show(standing, form, status=422)
        choices = acceptance.Choices(
            instructions=consent["version"],
            letter=consent["letter"],
            country=form.cleaned_data["country"],
            agreed=form.cleaned_data["agreed"],
            wants_marketing=form.cleaned_data["wants_marketing"],
        )
        return self._accept(standing, form, choices)

    def _accept(
        self, standing: Standing, form: EnableForm, choices: acceptance.Choices
    ) -> HttpResponseBase:
        try:
            acceptance.accept(self.actor, self.token, choices)
        except AssociationRefused as refusal:
            return self._show_causes(self.standing(), refusal)
        except (InvitationGone, ExistingAccount, OtherAddress, InstructionsNotAgreed) as refusal:
            return self.refused(refusal)
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self._show(standing, form, status=refusal.status)
        self.request.session.pop(_CONSENT, None)
        return redirect(self.page("done"))

    def _show(self, standing: Standing, form: EnableForm, status: int = 200) -> HttpResponse:
        context = {
            "title": _("Enable Huawei Cloud Services and Associate with Partner"),
            "wide": True,
            "standing": standing,
            "form": form,
            "fixed": _fixed(standing),
            "documents": agreements.by_code(agreements.AT_ENABLING),
            "switch_url": self.page("switch"),
        }
        return render(self.request, "customers/landing/associate.html", context, status=status)

    def _show_causes(
        self, standing: Standing, refusal: AssociationRefused | None = None
    ) -> HttpResponse:
        """All causes with their remedies; the partner hears of them by the POST of the page."""
        context = {
            "title": _("This account cannot be associated now"),
            "wide": True,
            "standing": standing,
            "failures": refusal.failures if refusal else failures_of(standing.causes),
            "told": refusal is not None,
            "check_url": self.page("check"),
            "review_url": self.page("review"),
            "switch_url": self.page("switch"),
        }
        status = refusal.status if refusal else 200
        return render(self.request, "customers/landing/refused.html", context, status=status)


class CheckView(InvitationView):
    """Check again; the page with the causes also sends it once by itself (08-CSA-19)."""

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Keep the causes for the partner, and show how the account stands now."""
        acceptance.check(self.actor, self.token)
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(status=204)
        return redirect(self.page("associate"))


class ReviewView(InvitationView):
    """Ask the operator to review a refused association (08 X-03)."""

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """The form."""
        return self._show(ReasonForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Send it, and show that it is being processed."""
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            consent = self.consent(self.opened())
            association_reviews.request_by_customer(
                self.actor,
                self.token,
                instructions_version=consent["version"],
                letter=consent["letter"],
                reason=form.cleaned_data["reason"],
            )
        except (InvitationGone, ExistingAccount, OtherAddress):
            raise
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self._show(form, status=refusal.status)
        messages.success(request, _("Request sent. You are told what the operator decides."))
        return redirect(self.page("associate"))

    def _show(self, form: ReasonForm, status: int = 200) -> HttpResponse:
        standing = self.standing()
        context = {
            "title": _("Ask the operator to review"),
            "wide": True,
            "standing": standing,
            "failures": failures_of(standing.causes),
            "form": form,
            "cancel_url": self.page("associate"),
        }
        return render(self.request, "customers/landing/review.html", context, status=status)


class DoneView(InvitationView):
    """What happens now, after the association (08-CSA-14, CSA-15)."""

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """Frozen or not, whom to contact, what is left of the registration."""
        association = queries.own_association(self.actor, token)
        context = {
            "title": _("You are associated"),
            "wide": True,
            "association": association,
            "contacts": queries.contacts_of(association),
            "pending": queries.has_pending_step(self.actor),
        }
        return render(request, "customers/landing/done.html", context)


def _country(standing: Standing) -> dict[str, str]:
    account = standing.account
    return {"country": str(account.service_country or account.country)}


def _fixed(standing: Standing) -> bool:
    """Whether the country of the services is chosen for good (08-CSA-11)."""
    return not standing.needs_enabling
