"""Steps that tests of resellers take: reading links and codes, answering, deciding, granting."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.test import Client

from accounts.models import Account, User
from accounts.queries.actors import actor_for
from outbox.models import Delivery
from partner_center import clock
from partner_center.actors import Actor
from resellers.models import (
    ResellerAssociation,
    ResellerBudgetGrant,
    ResellerInvitation,
    ResellerOnBehalfGrant,
)
from resellers.queries.grants import budget_grant_of, seen_budget_grant
from resellers.services import grants, inviting, requesting

from ..accounts.steps import code_sent_to
from ..cast import Cast, _account

EMAIL = "newcomer@reef.example"


def signed_in(user: User) -> Client:
    """A browser of this user."""
    client = Client()
    client.force_login(user)
    return client


def verified(actor: Actor) -> Actor:
    """The same user, whom no code is asked of: what the code is for, other tests prove."""
    return replace(actor, is_system=True)


def newcomer(name: str = "reef-systems") -> User:
    """An account that is complete, in the distributor's country, and works with nobody."""
    return _account(name)


def actor_of(user: User) -> Actor:
    """The user as an actor, fresh."""
    return actor_for(User.objects.select_related("account").get(pk=user.pk))


def invite(cast: Cast, email: str = EMAIL, by: User | None = None) -> ResellerInvitation:
    """An invitation by Meridian."""
    return inviting.invite(cast.actor(by or cast.dina), email=email)


def token_sent_to(email: str = EMAIL) -> str:
    """The token in the newest invitation that was mailed there."""
    mails = Delivery.objects.filter(target=email, template="reseller_invitation")
    return re.search(r"/reseller-invitation/(\S+)", mails.latest("pk").body).group(1)  # type: ignore[union-attr]


def accepted(cast: Cast, user: User, email: str = EMAIL) -> ResellerInvitation:
    """Invited, answered by this user, and decided."""
    invitation = invite(cast, email)
    requesting.accept(actor_of(user), token_sent_to(email))
    requesting.decide(invitation.pk, clock.now())
    invitation.refresh_from_db()
    return invitation


def lagoon(cast: Cast) -> ResellerAssociation:
    """Lagoon under Meridian."""
    return ResellerAssociation.objects.get(reseller=cast.lagoon, ended_at=None)


def granted(
    cast: Cast, monthly: str | None = "1000", one_time: str | None = None
) -> ResellerBudgetGrant:
    """Lagoon may set budgets within these quotas."""
    present = budget_grant_of(cast.lagoon.pk)
    return grants.set_budget_grant(
        verified(cast.actor(cast.dina)),
        lagoon(cast).pk,
        monthly_quota=Decimal(monthly) if monthly is not None else None,
        one_time_quota=Decimal(one_time) if one_time is not None else None,
        seen=seen_budget_grant(present),
    )


def on_behalf(cast: Cast) -> ResellerOnBehalfGrant:
    """Lagoon may work on the behalf of customers."""
    return grants.grant_on_behalf(
        verified(cast.actor(cast.dina)), lagoon(cast).pk, consented=True, version="1.0"
    )


def post_with_code(client: Client, url: str, data: dict[str, Any], user: User) -> Any:
    """Post, get the code page, and post again with the code that was mailed."""
    asked = client.post(url, data)
    assert asked.status_code == 428, asked.content
    return client.post(url, {**data, "verification_code": code_sent_to(user.email)})


def country(account: Account, code: str) -> None:
    """Move an account's services to another country."""
    Account.objects.filter(pk=account.pk).update(country=code, service_country=code)
