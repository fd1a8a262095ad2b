"""What the tests of customer development share: prospects, the form's values, another time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.models import Account, AccountStanding, EnterpriseMember, PartnerTerms
from customers.choices import AssociationModel
from customers.models import PreRegistration
from customers.services import preregistrations as services
from customers.services.preregistrations import Registration, ReviewRequest
from partner_center import clock
from partner_center.actors import Actor

from ..cast import _account

EMAIL = "buyer@reef-hotels.example"
REVIEW = ReviewRequest(
    company="Reef Hotels",
    country="PH",
    industry="tourism",
    justification="We run their booking system.",
)
#: The form Preregister Customer as a browser posts it.
FORM = {
    "customer_name": "Reef Hotels",
    "email": EMAIL,
    "mobile_code": "PH",
    "mobile_number": "9175550142",
    "wants_invitation": "no",
    "model": "reseller",
    "remarks": "Met at the fair",
}
REVIEW_FORM = {
    "company": "Reef Hotels Inc.",
    "country": "SG",
    "website": "https://reef-hotels.example",
    "industry": "tourism",
    "justification": "We run their booking system.",
}


def details(email: str = EMAIL, **changes: Any) -> Registration:
    """A registration that asks for no invitation."""
    values = {
        "customer_name": "Reef Hotels",
        "email": email,
        "mobile": "+639175550142",
        "wants_invitation": False,
    }
    return Registration(**(values | changes))


def reserve(actor: Actor, email: str = EMAIL, **changes: Any) -> PreRegistration:
    """A valid pre-registration, by the service."""
    return services.preregister(actor, details=details(email, **changes))


def prospect(*, age: timedelta = timedelta(0), country: str = "PH", **facts: Any) -> Account:
    """An account that was registered with EMAIL, and what the operator knows of it."""
    account = _account("reef-hotels").account
    Account.objects.filter(pk=account.pk).update(
        email=EMAIL, country=country, registered_at=clock.now() - age
    )
    AccountStanding.objects.create(account=account, **facts)
    return Account.objects.get(pk=account.pk)


def ask_review(actor: Actor, email: str = EMAIL, **changes: Any) -> PreRegistration:
    """A request that waits for its review; needs a prospect with a reviewable reason."""
    return services.request_review(actor, details=details(email, **changes), review=REVIEW)


def grant(partner: Account, **terms: Any) -> None:
    """What the operator grants a partner."""
    PartnerTerms.objects.update_or_create(account=partner, defaults=terms)


def join_unified(member: Account, master: Account) -> None:
    """Make an account the member of an enterprise in the unified accounting model."""
    EnterpriseMember.objects.create(
        account=master, member=member, accounting="unified", joined_at=clock.now()
    )


def at(monkeypatch: Any, moment: datetime) -> None:
    """Let it be another time."""
    monkeypatch.setattr(clock, "now", lambda: moment)


REFERRAL = AssociationModel.REFERRAL
