"""What the tests of the customer's way in share: invitations that were really sent, accounts, steps."""

from __future__ import annotations

import re
from datetime import timedelta

from django.test import Client

from accounts.choices import AccountStage
from accounts.models import Account, AccountStanding, User
from accounts.services import creation
from customers.choices import AssociationModel, InvitationMethod, PreRegistrationStatus
from customers.models import Invitation, InvitationLink, PreRegistration
from customers.services import acceptance, invitations
from outbox.models import Delivery
from partner_center import clock
from partner_center.actors import Actor

from ..accounts import steps
from ..cast import PASSWORD, Cast

EMAIL = "rico@newport.example"
VERSION = "V1001"
CHOICES = acceptance.Choices(instructions=VERSION, country="PH", agreed=True)


def preregistered(
    cast: Cast,
    email: str = EMAIL,
    *,
    partner: Account | None = None,
    manager: User | None = None,
    model: AssociationModel = AssociationModel.RESELLER,
) -> PreRegistration:
    """A valid pre-registration, as if its partner had made it now."""
    account = partner or cast.tidemark
    creator = manager or User.objects.get(account=account, is_main=True)
    moment = clock.now()
    return PreRegistration.objects.create(
        account=account,
        customer_name="Newport Traders",
        email=email,
        mobile="+639175552299",
        model=model,
        status=PreRegistrationStatus.REGISTERED,
        manager=manager,
        created_by=creator,
        created_at=moment,
        registered_at=moment,
        expires_at=moment + timedelta(days=15),
    )


def token_of(email: str = EMAIL) -> str:
    """The token in the newest invitation mail to an address."""
    body = Delivery.objects.filter(target=email, template="customer_invitation").latest("pk").body
    return re.search(r"/invitation/(\S+)", body).group(1)  # type: ignore[union-attr]


def invited(
    cast: Cast,
    email: str = EMAIL,
    *,
    partner: Account | None = None,
    manager: User | None = None,
    model: AssociationModel = AssociationModel.RESELLER,
) -> str:
    """A customer invited by e-mail; the token of its link."""
    from django.db import transaction

    reserved = preregistered(cast, email, partner=partner, manager=manager, model=model)
    sender = manager or User.objects.get(account=reserved.account, is_main=True)
    with transaction.atomic():
        invitations.send_for(cast.actor(sender), reserved, clock.now())
    return token_of(email)


def link_of(cast: Cast, manager: User | None = None, **values: object) -> InvitationLink:
    """A customized link of Tidemark."""
    return InvitationLink.objects.create(
        account=cast.tidemark,
        method=values.pop("method", InvitationMethod.CUSTOM),
        custom_tag="spring-fair",
        manager=manager,
        created_by=manager or cast.mara,
        created_at=clock.now(),
        **values,
    )


def account(email: str = EMAIL, stage: AccountStage = AccountStage.COMPLETE) -> User:
    """An account of somebody else, with its main user."""
    made = creation.create_account(
        name=email.split("@", maxsplit=1)[0] + "-acc",
        email=email,
        country="PH",
        password=PASSWORD,
        moment=clock.now(),
    )
    country = "" if stage == AccountStage.REGISTERED else "PH"
    Account.objects.filter(pk=made.pk).update(stage=stage, service_country=country)
    return User.objects.select_related("account").get(account=made, is_main=True)


def standing(user: User, **facts: object) -> None:
    """What the operator knows of the account."""
    AccountStanding.objects.update_or_create(account_id=user.account_id, defaults=facts)


def record() -> Invitation:
    """The only invitation record."""
    return Invitation.objects.get()


def browser(user: User | None = None) -> Client:
    """A browser, signed in or not."""
    client = Client()
    if user:
        client.force_login(User.objects.get(pk=user.pk))
    return client


def tick(client: Client, token: str, button: str = "go_on", *, letter: bool = False) -> object:
    """Agree on the landing page and press a button."""
    data = {"instructions": "on", "version": VERSION, button: "1"}
    return client.post(f"/invitation/{token}", data | ({"letter": "on"} if letter else {}))


def enable(client: Client, token: str, **changes: str) -> object:
    """Press Enable and Associate."""
    data = {"country": "PH", "agreed": "on"} | changes
    return client.post(f"/invitation/{token}/associate", data)


def register(client: Client, address: str, email: str = EMAIL) -> Account:
    """Register on the page that the landing page leads to."""
    asked = client.post(address, {"country": "PH", "email": email, "get_code": "1"})
    assert asked.status_code == 200, asked.content
    data = steps.register_data(steps.code_sent_to(email), email=email)
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.content
    return Account.objects.get(email=email)


def accept(actor: Actor, token: str, **changes: object) -> object:
    """The service behind the button."""
    from dataclasses import replace

    return acceptance.accept(actor, token, replace(CHOICES, **changes))


def operator_associates(cast: Cast, user: User) -> None:
    """Associated by the operator: the account has signed nothing."""
    from customers.services import operating

    operating.associate(
        cast.actor(cast.olga), partner_id=cast.tidemark.pk, customer_id=user.account_id
    )
