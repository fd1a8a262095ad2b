"""Invitations of Tidemark Cloud in every state, its links, and a promotion that runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from accounts.models import Account, User
from accounts.queries.actors import actor_for
from customers.choices import (
    FailureCause,
    InvitationMethod,
    InvitationStatus,
    PreRegistrationStatus,
    Tagging,
)
from customers.models import Campaign, Invitation, InvitationLink, PreRegistration
from customers.services import campaigns, invitations, links, reserving
from partner_center import clock
from partner_center.actors import Actor

PARTNER = "tidemark-cloud"
CAMPAIGN = "Cloud Week 2026"


@dataclass(frozen=True)
class Invited:
    """A customer who was invited by e-mail some days ago, and what became of it."""

    name: str
    email: str
    manager: str
    days_ago: int
    #: Account name of the customer who used the link.
    account: str = ""
    causes: tuple[FailureCause, ...] = ()
    withdrawn: bool = False


INVITED = (
    Invited("Harborline Logistics", "accounts@harborline-logistics.example", "j.lim", 40,
            account="harborline-logistics"),
    Invited("Mangrove Retail", "it@mangrove.example", "j.lim", 9),
    Invited("Pinecrest Academy", "cloud@pinecrest.example", "a.dizon", 10),
    Invited("Bluefern Studios", "ops@bluefern.example", "a.dizon", 2),
    Invited("Tallgrass Foods", "admin@tallgrass.example", "b.torres", 1),
    Invited("Kestrel Pay", "accounts@kestrel-pay.example", "b.torres", 4,
            account="kestrel-pay",
            causes=(FailureCause.OTHER_PARTNER, FailureCause.CONSUMPTION)),
    Invited("Sandline Media", "accounts@sandline-media.example", "j.lim", 5,
            account="sandline-media", causes=(FailureCause.OTHER_PARTNER,)),
    Invited("Orchid Clinics", "it@orchid.example", "k.ong", 6, withdrawn=True),
)  # fmt: skip
#: Tag, remarks, and the account manager of a dedicated link.
LINKS = (
    ("cebu-it-fair", "Stand 12, November", ""),
    ("clinics", "Letter to clinics in the Visayas", ""),
    ("", "For the hotel association", "a.dizon"),
)


def seed(operator: Actor) -> None:
    """Whatever of it is not there yet."""
    partner = Account.objects.filter(name=PARTNER).first()
    if partner is None:
        return
    for invited in INVITED:
        if not PreRegistration.objects.filter(account=partner, email=invited.email).exists():
            _invite(partner, invited)
    _seed_links(partner)
    _seed_campaign(operator)
    _seed_arrival(partner)


@transaction.atomic(durable=True)
def _invite(partner: Account, invited: Invited) -> None:
    """The past cannot be made through pages: the pre-registration is written as it would be now."""
    manager = User.objects.get(account=partner, username=invited.manager)
    moment = clock.now() - timedelta(days=invited.days_ago)
    reserved = PreRegistration.objects.create(
        account=partner,
        customer_name=invited.name,
        email=invited.email,
        mobile="+639175550140",
        status=PreRegistrationStatus.REGISTERED,
        manager=manager,
        created_by=manager,
        created_at=moment,
        registered_at=moment,
        expires_at=moment + timedelta(days=15),
    )
    actor = actor_for(User.objects.select_related("account").get(pk=manager.pk))
    _finish(reserved, invitations.send_for(actor, reserved, moment), invited)


def _finish(reserved: PreRegistration, invitation: Invitation, invited: Invited) -> None:
    moment = invitation.invited_at + timedelta(hours=6)
    customer = Account.objects.filter(name=invited.account).first()
    if invited.withdrawn:
        reserving.withdraw_invitations([reserved.pk], moment)
        _end(reserved, PreRegistrationStatus.DELETED, deleted_at=moment)
    elif customer and invited.causes:
        invitations.mark_failed(invitation, customer, invited.causes, moment)
    elif customer:
        invitations.mark_associated(invitation, customer, moment)
        _end(reserved, PreRegistrationStatus.ASSOCIATED, customer=customer)


def _end(reserved: PreRegistration, status: PreRegistrationStatus, **values: object) -> None:
    PreRegistration.objects.filter(pk=reserved.pk).update(status=status, **values)


def _seed_links(partner: Account) -> None:
    main = actor_for(User.objects.select_related("account").get(account=partner, is_main=True))
    for tag, remarks, manager in LINKS:
        if InvitationLink.objects.filter(account=partner, remarks=remarks).exists():
            continue
        chosen = User.objects.filter(account=partner, username=manager).first()
        wish = links.Wish(
            tagging=Tagging.DEDICATED if chosen else Tagging.CUSTOMIZE,
            custom_tag=tag,
            manager_id=chosen.pk if chosen else None,
            remarks=remarks,
        )
        links.generate(main, wish)


def _seed_campaign(operator: Actor) -> None:
    if Campaign.objects.filter(name=CAMPAIGN).exists():
        return
    moment = clock.now()
    details = campaigns.CampaignDetails(
        name=CAMPAIGN,
        starts_at=moment - timedelta(days=2),
        ends_at=moment + timedelta(days=28),
        description="New customers who register in these weeks get vouchers for storage.",
    )
    campaigns.create_campaign(operator, details)


@transaction.atomic(durable=True)
def _seed_arrival(partner: Account) -> None:
    """Quarry Analytics came through a customized link."""
    customer = Account.objects.filter(name="quarry-analytics").first()
    arrived = Invitation.objects.filter(customer=customer, method=InvitationMethod.CUSTOM)
    if customer is None or arrived.filter(status=InvitationStatus.ASSOCIATED).exists():
        return
    link = InvitationLink.objects.get(account=partner, custom_tag="cebu-it-fair")
    moment = clock.now() - timedelta(days=20)
    invitations.mark_associated(links.from_link(link, customer, moment), customer, moment)
