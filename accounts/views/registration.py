"""Registration pages, from Join HCPN to the complete account (01 §1.1)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center import clock, errands
from partner_center.actors import Actor
from partner_center.critical import CodePrompt
from partner_center.errands import Errand
from partner_center.middleware import client_ip
from partner_center.refusals import Refusal
from partner_center.views import PortalView
from resellers.queries.invitations import Inviter, inviter_of_link, is_under_way
from resellers.services import requesting

from ..forms import registration as forms
from ..models import User
from ..permissions import MANAGE_INFORMATION
from ..queries import agreements
from ..queries import registration as reads
from ..queries.actors import actor_for
from ..queries.registration import Step
from ..services import codes, registration
from .codes import CodeFormPage, FormPage
from .security import ProvedPage
from .signin import start_session

WIZARD = (
    (Step.IDENTITY, gettext_lazy("Verify Identity")),
    (Step.MOBILE, gettext_lazy("Bind Mobile Number")),
    (Step.INFORMATION, gettext_lazy("Complete Account Information")),
)


class PartnersView(PortalView):
    """Partners > Become a Partner, with Join HCPN (01-ACC-01)."""

    public = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """What the visitor can do next: sign in, finish registration, or ask the operator."""
        actor = self.request.actor
        context = {
            "account": reads.own_account(actor) if actor else None,
            "pending": bool(actor and reads.pending_step(actor)),
            "may_rename": bool(actor and actor.is_main and reads.may_rename(actor.account_id)),
            "operator_email": reads.operator_email(),
        }
        return render(request, "accounts/registration/partners.html", context)


class RegisterView(CodeFormPage):
    """Form Register (01-ACC-02 to ACC-07, ACC-15)."""

    public = True
    form_class = forms.RegisterForm
    template_name = "accounts/registration/register.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Who is signed in has an account already."""
        if self.request.actor is not None:
            return redirect(self.errand.address if self.errand else "accounts:continue")
        return super().get(request, **kwargs)

    @property
    def errand(self) -> Errand | None:
        """What the visitor came for, if it was more than registering."""
        return errands.current(self.request)

    @cached_property
    def inviter(self) -> Inviter | None:
        """The distributor through whose link the visitor came, if the link still opens."""
        token = self.request.session.get(requesting.SESSION_KEY, "")
        if self.errand or not token:
            return None
        return inviter_of_link(token, clock.now())

    def build(self, data: Any = None) -> Any:
        """The form; who was invited by e-mail registers with that address.

        A reseller's is filled in only: it may answer with any account (01-RSL-02).
        """
        form = super().build(data)
        if self.errand and self.errand.email:
            form.fix_email(self.errand.email)
        elif self.inviter:
            form.initial["email"] = self.inviter.email
        return form

    def send(self, form: Any, target: str) -> None:
        registration.send_registration_code(target)

    def prompt(self, form: Any) -> CodePrompt:
        email = form.cleaned_data.get("email", "") if form.is_bound else ""
        return codes.prompt_target(registration.REGISTER, email)

    def page_context(self, form: Any) -> dict[str, Any]:
        documents = agreements.by_code(agreements.AT_REGISTRATION)
        return {
            "documents": documents,
            "errand": self.errand,
            "distributor": self.inviter.distributor if self.inviter else "",
            "sign_in": self._sign_in(),
        }

    def _sign_in(self) -> str:
        """Where somebody with an account goes instead; empty for an errand of new accounts."""
        if self.errand:
            return self.errand.sign_in
        address = reverse("accounts:sign-in")
        if not self.inviter:
            return address
        token = self.request.session[requesting.SESSION_KEY]
        return f"{address}?next={reverse('resellers:invitation', args=[token])}"

    def act(self, form: Any) -> HttpResponseBase:
        data, errand = form.cleaned_data, self.errand
        user = registration.register(
            country=data["country"],
            email=data["email"],
            code=data["verification_code"],
            password=data["password"],
            ip=client_ip(self.request),
            request_id=self.request.request_id,
            errand=errand.name if errand else "",
        )
        self._answer_invitation(user)
        address = errand.address if errand else reverse("accounts:security-phone")
        errands.forget(self.request)
        return start_session(self.request, user, remember=False, address=address)

    def _answer_invitation(self, user: User) -> None:
        """Who came through a distributor's link answers it with the new account (01-RSL-02)."""
        if token := self.request.session.pop(requesting.SESSION_KEY, ""):
            try:
                requesting.accept(actor_for(user), token)
            except Refusal as refusal:
                messages.warning(self.request, refusal.sentence)


class _OwnRegistration(PortalView):
    """Pages of the account's own registration: its administrator's alone."""

    permission = MANAGE_INFORMATION


class SecurityPhoneView(_OwnRegistration, ProvedPage, CodeFormPage):
    """Set security phone number, or SKIP (01-ACC-08)."""

    form_class = forms.SecurityPhoneForm
    template_name = "accounts/registration/security_phone.html"

    def needs_proof(self, actor: Actor) -> bool:
        """Not right after registering: the e-mail code has just proved the identity."""
        return actor.can(MANAGE_INFORMATION) and registration.needs_proof(actor)

    def initial(self) -> dict[str, Any]:
        """The country code of the chosen country."""
        account = reads.own_account(self.request.actor)
        return {"phone": account.security_phone or [str(account.country), ""]}

    def page_context(self, form: Any) -> dict[str, Any]:
        return {"next_url": _next_page(self.request)}

    def send(self, form: Any, target: str) -> None:
        registration.send_code_to_phone(
            self.request.actor, operation=registration.SECURITY_PHONE, phone=target
        )

    def prompt(self, form: Any) -> CodePrompt:
        phone = form.cleaned_data.get("phone", "") if form.is_bound else ""
        return registration.phone_prompt(
            self.request.actor, operation=registration.SECURITY_PHONE, phone=phone
        )

    def act(self, form: Any) -> HttpResponseBase:
        phone = form.cleaned_data["phone"]
        registration.set_security_phone(self.actor, phone=phone, proof=self.proof)
        self.forget_proof()
        messages.success(self.request, _("Security phone number set."))
        return redirect(_next_page(self.request))


class StepView(_OwnRegistration, FormPage):
    """One step of the registration: whoever is elsewhere is led to its own step."""

    step: Step

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead to the step that is due."""
        actor = request.actor  # type: ignore[attr-defined]
        if actor is not None and actor.can(MANAGE_INFORMATION):
            pending = reads.pending_step(actor)
            if pending != self.step:
                return redirect("accounts:continue")
        return super().dispatch(request, *args, **kwargs)

    def page_context(self, form: Any) -> dict[str, Any]:
        """The words of the stepper."""
        due = [step for step, _word in WIZARD].index(self.step)
        states = ["done" if n < due else "now" if n == due else "later" for n in range(len(WIZARD))]
        return {
            "steps": [
                (word, state, "") for (_step, word), state in zip(WIZARD, states, strict=True)
            ],
            "cancel_url": reverse("accounts:continue"),
        }


class EnableServicesView(StepView):
    """Enable services (01-ACC-09)."""

    step = Step.ENABLE
    form_class = forms.EnableServicesForm
    template_name = "accounts/registration/enable_services.html"

    def initial(self) -> dict[str, Any]:
        """The registration country."""
        return {"country": str(reads.own_account(self.request.actor).country)}

    def page_context(self, form: Any) -> dict[str, Any]:
        return {"documents": agreements.by_code(agreements.AT_ENABLING)}

    def act(self, form: Any) -> HttpResponseBase:
        registration.enable_services(
            self.actor,
            country=form.cleaned_data["country"],
            wants_marketing=form.cleaned_data["wants_marketing"],
        )
        return redirect(f"accounts:{Step.IDENTITY}")


class RegistrationIdentityView(CodeFormPage, StepView):
    """Complete Information, step 1: Verify Identity (01-ACC-10)."""

    step = Step.IDENTITY
    form_class = forms.RegistrationIdentityForm
    template_name = "accounts/registration/identity.html"

    def page_context(self, form: Any) -> dict[str, Any]:
        email = reads.own_account(self.request.actor).email
        return super().page_context(form) | {"masked_email": codes.mask(email)}

    def send(self, form: Any, target: str) -> None:
        registration.send_registration_identity_code(self.request.actor)

    def prompt(self, form: Any) -> CodePrompt:
        return registration.identity_prompt(self.request.actor)

    def act(self, form: Any) -> HttpResponseBase:
        registration.verify_registration_identity(self.actor)
        return redirect(f"accounts:{Step.MOBILE}")


class MobileView(CodeFormPage, StepView):
    """Complete Information, step 2: Bind Mobile Number (01-ACC-11, ACC-12)."""

    step = Step.MOBILE
    form_class = forms.MobileForm
    template_name = "accounts/registration/mobile.html"

    def initial(self) -> dict[str, Any]:
        """The country code of the services' country."""
        account = reads.own_account(self.request.actor)
        return {"mobile": account.security_phone or [str(account.service_country), ""]}

    def send(self, form: Any, target: str) -> None:
        registration.send_code_to_phone(
            self.request.actor, operation=registration.BIND_MOBILE, phone=target
        )

    def prompt(self, form: Any) -> CodePrompt:
        phone = form.cleaned_data.get("mobile", "") if form.is_bound else ""
        return registration.phone_prompt(
            self.request.actor, operation=registration.BIND_MOBILE, phone=phone
        )

    def act(self, form: Any) -> HttpResponseBase:
        registration.bind_mobile(self.actor, mobile=form.cleaned_data["mobile"])
        return redirect(f"accounts:{Step.INFORMATION}")


class InformationView(StepView):
    """Complete Information, step 3 (01-ACC-13, ACC-14)."""

    step = Step.INFORMATION
    form_class = forms.InformationForm
    template_name = "accounts/registration/information.html"

    def initial(self) -> dict[str, Any]:
        """The name under which a partner invited the account, to confirm or to correct."""
        return {"full_name": reads.own_account(self.request.actor).full_name}

    def page_context(self, form: Any) -> dict[str, Any]:
        return super().page_context(form) | {"account": reads.own_account(self.request.actor)}

    def act(self, form: Any) -> HttpResponseBase:
        profile = dict(form.cleaned_data)
        currency = profile.pop("currency")
        registration.complete_information(self.actor, profile=profile, currency=currency)
        messages.success(self.request, _("Account information completed."))
        if is_under_way(self.actor.account_id):
            messages.success(self.request, _("Your association request was filed."))
            return redirect("resellers:request")
        return redirect("accounts:partners")


class ContinueView(_OwnRegistration):
    """A registration that stopped half-way is offered to continue."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """What is done, what comes next, and Later."""
        step = reads.pending_step(self.request.actor)
        if step is None:
            return redirect("accounts:partners")
        context = {
            "account": reads.own_account(self.request.actor),
            "step_url": reverse(f"accounts:{step}"),
            "steps": _stages(step),
        }
        return render(request, "accounts/registration/continue.html", context)


class AccountNameView(_OwnRegistration, FormPage):
    """Choose another account name while nobody else signs in with it."""

    form_class = forms.AccountNameForm
    template_name = "accounts/registration/account_name.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """The present name."""
        if not reads.may_rename(self.request.actor.account_id):
            return redirect("accounts:partners")
        return super().get(request, **kwargs)

    def initial(self) -> dict[str, Any]:
        """The present name."""
        return {"name": self.request.actor.account_name}

    def act(self, form: Any) -> HttpResponseBase:
        registration.rename(self.actor, name=form.cleaned_data["name"])
        messages.success(self.request, _("Account name changed."))
        return redirect("accounts:partners")


class AgreementsView(PortalView):
    """The agreements that everybody may read."""

    public = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """Their newest versions."""
        context = {"documents": agreements.public_documents()}
        return render(request, "accounts/registration/agreements.html", context)


class AgreementView(PortalView):
    """One agreement, in its newest or a named version."""

    public = True

    def get(self, request: HttpRequest, code: str, version: str = "") -> HttpResponse:
        """The text, and its other versions."""
        document = agreements.read(code, version)
        context = {"document": document, "versions": agreements.versions(code), "wide": True}
        return render(request, "accounts/registration/agreement.html", context)


def _next_page(request: Any) -> str:
    """Where the security phone leads: the step that is due, or the account's own page."""
    step = reads.pending_step(request.actor)
    return reverse(f"accounts:{step}" if step else "accounts:security")


def _stages(due: Step) -> list[tuple[str, str, str]]:
    words = [(Step.ENABLE, _("Enable services")), *WIZARD]
    done = [step for step, _word in words].index(due)
    states = ["done" if n < done else "now" if n == done else "later" for n in range(len(words))]
    return [
        (_("Register"), "done", ""),
        *((word, state, "") for (_step, word), state in zip(words, states, strict=True)),
    ]
