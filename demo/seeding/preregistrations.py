"""Pre-registrations of Tidemark in every state; two requests wait for the operator's review."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.models import Account, User
from accounts.queries.actors import actor_for
from customers.choices import PreRegistrationStatus
from customers.models import PreRegistration
from customers.rules.preregistration import VALIDITY
from customers.services import preregistrations as services
from customers.services import reviewing
from partner_center import clock
from partner_center.actors import Actor

_PARTNER = "tidemark-cloud"
#: Who is reserved by whom, hours ago: name, address, mobile, username, remarks.
_RESERVED = (
    ("Reef Hotels", "it@reef-hotels.example", "+639175550142", "j.lim", "Met at the cloud fair", 3),
    ("Monsoon Foods", "ops@monsoon-foods.example", "+639175550143", "a.dizon", "", 149),
    (
        "Kite Logistics",
        "admin@kite-log.example",
        "+6581230144",
        "b.torres",
        "Two data centers",
        351,
    ),
    ("Palawan Ferries", "info@palawan-ferries.example", "+639175550145", "j.lim", "", 404),
)
#: An account that registered long ago in another country (demo/world.py).
_REVIEWABLE = "brightwater-clinics"


def seed(operator: Actor) -> None:
    """Reserve, let expire, ask for reviews and have one answered; nothing if it is done."""
    partner = Account.objects.get(name=_PARTNER)
    if PreRegistration.objects.filter(account=partner).exists():
        return
    moment = clock.now()
    for name, email, mobile, username, remarks, hours in _RESERVED:
        row = services.preregister(
            _member(username), details=_details(name, email, mobile, remarks=remarks)
        )
        _backdate(row, timedelta(hours=hours))
    services.expire_due(moment)
    _seed_associated(partner, moment)
    if Account.objects.filter(name=_REVIEWABLE).exists():
        _seed_reviews(operator, moment)


def _seed_reviews(operator: Actor, moment: datetime) -> None:
    Account.objects.filter(name=_REVIEWABLE).update(registered_at=moment - timedelta(days=40))
    rejected = _ask("a.dizon")
    reviewing.reject(operator, rejected.pk, reason="Please name the person you work with there.")
    _ask("j.lim")


def _ask(username: str) -> PreRegistration:
    account = Account.objects.get(name=_REVIEWABLE)
    return services.request_review(
        _member(username),
        details=_details("Brightwater Clinics", account.email, "+6581230150"),
        review=services.ReviewRequest(
            company="Brightwater Clinics Pte. Ltd.",
            country="SG",
            website="https://brightwater-clinics.example",
            industry="healthcare",
            justification=(
                "We have run the patient portal of their Cebu branch since 2023. The group moves "
                "it to the cloud and has asked us for an offer."
            ),
        ),
    )


def _seed_associated(partner: Account, moment: datetime) -> None:
    """How Harborline came: the past is written down, because services act in the present."""
    customer = Account.objects.filter(name="harborline-logistics").first()
    if customer is None:
        return
    jun = _user("j.lim")
    began = moment - timedelta(days=30)
    PreRegistration.objects.create(
        account=partner,
        customer=customer,
        customer_name=customer.full_name,
        email=customer.email,
        mobile="+639175552291",
        status=PreRegistrationStatus.ASSOCIATED,
        manager=jun,
        created_by=jun,
        created_at=began,
        registered_at=began,
        expires_at=began + VALIDITY,
    )


def _backdate(row: PreRegistration, by: timedelta) -> None:
    if row.registered_at and row.expires_at:
        PreRegistration.objects.filter(pk=row.pk).update(
            created_at=row.created_at - by,
            registered_at=row.registered_at - by,
            expires_at=row.expires_at - by,
        )


def _details(name: str, email: str, mobile: str, **more: Any) -> services.Registration:
    return services.Registration(
        customer_name=name, email=email, mobile=mobile, wants_invitation=False, **more
    )


def _member(username: str) -> Actor:
    return actor_for(_user(username))


def _user(username: str) -> User:
    rows = User.objects.select_related("account")
    return rows.get(account__name=_PARTNER, username=username)
