"""Customers on their way in: signed Instructions, a registration that stopped half-way, a ticket."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from accounts.models import Account, User
from accounts.queries.actors import actor_for
from accounts.services import creation
from customers.choices import AssociationModel, PreRegistrationStatus
from customers.models import Association, AssociationRequest, PreRegistration
from customers.queries import instructions as reads
from customers.services import association_reviews, instructions, invitations
from partner_center import clock
from partner_center.actors import Actor

from ..world import PASSWORD

_PARTNER = "tidemark-cloud"
#: Its notice Sign Now and the dialog after sign-in stay to be seen.
_UNSIGNED = "delta-fisheries"
_HALF_WAY = "pearl-divers"
#: The customer of another partner, for which the operator will refuse the ticket.
_WANTED = "kestrel-pay"


def seed(operator: Actor) -> None:
    """Whatever of it is not there yet."""
    live = Association.objects.live().filter(model=AssociationModel.RESELLER)
    for name in live.exclude(customer__name=_UNSIGNED).values_list("customer__name", flat=True):
        actor = _main(name)
        if document := reads.unsigned(actor):
            instructions.sign(actor, version=document.version)
    if Account.objects.filter(name=_WANTED).exists():
        _seed_half_way()
        _seed_ticket()


@transaction.atomic(durable=True)
def _seed_half_way() -> None:
    """Registered from the e-mail, services not enabled: the link in the outbox still works."""
    if Account.objects.filter(name=_HALF_WAY).exists():
        return
    moment = clock.now()
    partner = _main(_PARTNER)
    reserved = PreRegistration.objects.create(
        account_id=partner.account_id,
        customer_name="Pearl Divers",
        email=f"office@{_HALF_WAY}.example",
        mobile="+639175550177",
        status=PreRegistrationStatus.REGISTERED,
        created_by_id=partner.user_id,
        created_at=moment,
        registered_at=moment,
        expires_at=moment + timedelta(days=15),
    )
    invitations.send_for(partner, reserved, moment)
    creation.create_account(
        name=_HALF_WAY, email=reserved.email, country="PH", password=PASSWORD, moment=moment
    )


def _seed_ticket() -> None:
    asked = AssociationRequest.objects.filter(account__name=_PARTNER, customer__name=_WANTED)
    if not asked.exists():
        association_reviews.request_by_partner(
            _main(_PARTNER),
            account_name=_WANTED,
            model=AssociationModel.RESELLER,
            reason="The customer wants to move to us and has told its present partner.",
        )


def _main(account_name: str) -> Actor:
    users = User.objects.select_related("account")
    return actor_for(users.get(account__name=account_name, is_main=True))
