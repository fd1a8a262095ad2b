"""What the tests of Customer Management share: a distributor's world and reading list pages."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from accounts.models import Account, User
from budgets.choices import HoldOwner, Strength
from budgets.models import FreezeHold
from customers.choices import AssociationModel
from customers.models import Association
from partner_center import clock
from partner_center.lists.tables import Row
from resellers.models import ResellerAssociation, ResellerBudgetGrant, ResellerOnBehalfGrant
from tests import cast

LIST, RESELLERS = "/sales/customers", "/sales/customers/resellers"


def client_of(user: User) -> Client:
    """Signed in as this user."""
    client = Client()
    client.force_login(user)
    return client


def customer(partner: Account, name: str, *, days: int = 0, **fields: object) -> Association:
    """A customer of the partner, associated so many days ago."""
    account = cast._account(name).account
    account.bound_mobile = f"+6391755{account.pk:05d}"
    account.save(update_fields=["bound_mobile"])
    return Association.objects.create(
        account=partner,
        customer=account,
        associated_at=clock.now() - timedelta(days=days),
        **{"model": AssociationModel.RESELLER, **fields},
    )


def names(client: Client, address: str = LIST) -> list[str]:
    """Account names of the customers that the list shows, in its order."""
    return [row.label for row in rows(client, address)]


def rows(client: Client, address: str = LIST) -> list[Row]:
    """The rows of a list page; the label is the customer's account name."""
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.context["rows"]


def freeze(
    association: Association,
    owner: HoldOwner = HoldOwner.PARTNER,
    strength: Strength = Strength.RESOURCES,
) -> None:
    """Account and resources of the customer are frozen, or the account alone."""
    FreezeHold.objects.create(
        account_id=association.account_id,
        association=association,
        owner=owner,
        strength=strength,
        reason="Test",
        placed_at=clock.now(),
        retention_until=clock.now() if strength == Strength.RESOURCES else None,
    )


def details(association: Association) -> str:
    """Address of the customer's page."""
    return reverse("customers:details", args=[association.pk])


def grant_budget(reseller: Account, by: User) -> None:
    """The distributor lets the reseller set budgets and freeze."""
    ResellerBudgetGrant.objects.create(
        account_id=by.account_id,
        association=ResellerAssociation.objects.get(reseller=reseller, ended_at=None),
        monthly_quota=100,
        granted_by=by,
        granted_at=clock.now(),
    )


def grant_on_behalf(reseller: Account, by: User) -> None:
    """The distributor lets the reseller order and operate for customers."""
    ResellerOnBehalfGrant.objects.create(
        account_id=by.account_id,
        association=ResellerAssociation.objects.get(reseller=reseller, ended_at=None),
        granted_by=by,
        granted_at=clock.now(),
    )
