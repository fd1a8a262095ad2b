"""What the tests of authorizations share: requests, answers, the distributor's grant."""

from __future__ import annotations

from accounts.models import User
from customers.models import Association, OnBehalfAuthorization
from customers.queries import authorizations as queries
from customers.services import authorizations as services
from customers.services import operating
from partner_center import clock
from partner_center.actors import Actor
from partner_center.critical import code_store
from resellers.models import ResellerAssociation, ResellerOnBehalfGrant

from ..accounts import steps
from ..cast import Cast, _account


def with_code(actor: Actor, operation: str) -> Actor:
    """The actor with a code that it got by e-mail."""
    code_store().send(actor, operation, "email")
    return actor.with_code(steps.code_sent_to(User.objects.get(pk=actor.user_id).email))


def association_of(customer) -> Association:
    return Association.objects.live().get(customer=customer)


def request(cast: Cast, user: User, association: Association) -> OnBehalfAuthorization:
    actor = cast.actor(user)
    letter = queries.commitment_to_sign(actor)
    return services.request(actor, association.pk, agreed_version=letter.version if letter else "")


def agree(cast: Cast, user: User, authorization: OnBehalfAuthorization) -> OnBehalfAuthorization:
    actor = with_code(cast.actor(user), "customers.accept_authorization")
    version = queries.customer_letter().version
    return services.agree(actor, authorization.pk, agreed_version=version)


def revoke(
    cast: Cast, user: User, authorization: OnBehalfAuthorization, cause: str = "No longer needed"
) -> OnBehalfAuthorization:
    actor = with_code(cast.actor(user), "customers.revoke_authorization")
    return services.revoke(actor, authorization.pk, cause=cause)


def accepted(cast: Cast) -> OnBehalfAuthorization:
    """Harborline has authorized Tidemark."""
    asked = request(cast, cast.mara, association_of(cast.harborline))
    return agree(cast, cast.hana, asked)


def customer_of(cast: Cast, partner, name: str = "reef-dive") -> tuple[User, Association]:
    """A new customer of this partner, with its main user."""
    user = _account(name)
    association = operating.associate(
        cast.actor(cast.olga), partner_id=partner.pk, customer_id=user.account_id
    )
    return user, association


def permit_lagoon(cast: Cast) -> ResellerOnBehalfGrant:
    """Meridian lets Lagoon act on behalf of its customers."""
    return ResellerOnBehalfGrant.objects.create(
        account=cast.meridian,
        association=ResellerAssociation.objects.get(reseller=cast.lagoon, ended_at=None),
        granted_by=cast.dina,
        granted_at=clock.now(),
    )


def withdraw_from_lagoon() -> None:
    ResellerOnBehalfGrant.objects.filter(closed_at=None).update(closed_at=clock.now())
