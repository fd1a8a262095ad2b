"""The customer comes in: enable services and associate with the partner that invited it (08 §10.1).

All conditions are asked again under the locks. When one fails, nothing changes but the partner's
invitation record, which becomes Association failed with every cause.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, transaction

import audit.services
from accounts import locks as account_locks
from accounts.choices import AccountStage, SystemRole, UserStatus
from accounts.models import Account, RoleAssignment, User
from accounts.permissions import MANAGE_INFORMATION
from accounts.queries.agreements import AT_ENABLING
from accounts.services import registration
from audit.choices import TraceName
from partner_center import clock
from partner_center.actors import Actor
from partner_center.permissions import Audience
from partner_center.refusals import NotFound

from ..choices import (
    AssociationSource,
    FailureCause,
    InvitationStatus,
    PreRegistrationStatus,
    Side,
)
from ..locks import lock_email, lock_invitation
from ..models import Association, Invitation, PreRegistration
from ..permissions import MANAGE_PARTNER
from ..queries import instructions
from ..queries.landing import (
    Opened,
    causes_of,
    open_invitation,
    opened_invitation,
    record_of,
    refuse_account,
)
from ..refusals.acceptance import (
    AgreementNotAccepted,
    AssociationRefused,
    CountryFixed,
    InstructionsNotAgreed,
)
from . import associating, invitations
from .association_messages import tell_associated, tell_failed
from .authorizations import grant_at_association
from .instructions import sign_missing

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Choices:
    """What the customer ticked and chose."""

    #: Version of the Instructions that was agreed to; empty when it was not (Referral: not asked).
    instructions: str = ""
    letter: bool = False
    country: str = ""
    agreed: bool = False
    wants_marketing: bool = False


@dataclass(frozen=True)
class Entry:
    """An invitation and the account that uses it, all rows locked."""

    opened: Opened
    partner: Account
    customer: Account
    invitation: Invitation
    #: Whoever invited the customer and looks after it from now on (04-AMG-03).
    manager: User | None
    moment: datetime


def accept(actor: Actor, token: str, choices: Choices) -> Association:
    """Enable and Associate (08-CSA-10 to CSA-19, CSA-24 to CSA-26).

    Raises AssociationRefused with all causes, which the partner then reads too; InvitationGone,
    ExistingAccount, OtherAddress, InstructionsNotAgreed, AgreementNotAccepted, CountryFixed.
    """
    require_associating(actor)
    try:
        outcome = _decide(actor, token, choices)
    except OperationalError as error:  # a deadlock, or a database that gave up: AF01
        logger.exception("An association was given up")
        _note_busy(actor, token)
        raise AssociationRefused([FailureCause.BUSY]) from error
    if isinstance(outcome, Association):
        return outcome
    raise AssociationRefused(outcome)


@transaction.atomic(durable=True)
def check(actor: Actor, token: str) -> list[FailureCause]:
    """The pre-check right after login: what stands against the association, kept for the partner.

    Nothing is associated. Raises what ``accept`` raises about the invitation itself.
    """
    require_associating(actor)
    entry = lock_entry(actor, token)
    causes = causes_of(entry.customer, entry.partner, entry.opened.model, entry.moment)
    if causes:
        _note_failure(actor, entry, causes)
    return causes


def require_associating(actor: Actor) -> None:
    """Raise NotPermitted for members who may not decide this for their account.

    Accounts that are no customers may come as far as the cause that keeps them out (AF08).
    """
    is_customer = actor.audience == Audience.CUSTOMER
    actor.require(MANAGE_PARTNER if is_customer else MANAGE_INFORMATION)


def lock_entry(actor: Actor, token: str) -> Entry:
    """The invitation for the actor's account, locked in the running transaction.

    Raises InvitationGone, ExistingAccount, OtherAddress.
    """
    moment = clock.now()
    opened = open_invitation(token, moment)
    customer_id = actor.account_id
    locked = {pk: account_locks.lock_account(pk) for pk in sorted({opened.partner.pk, customer_id})}
    manager = manager_of(opened.manager_id, locked[opened.partner.pk])
    lock_email(locked[customer_id].email)  # nobody else reserves it in the meantime
    record = record_of(opened.link, customer_id) if opened.link else opened.invitation
    if record is not None:
        _lock_preregistrations(opened.partner.pk, locked[customer_id].email)
        record = lock_invitation(record.pk)
        if opened.is_online:
            opened = opened_invitation(token, _same(record, opened), moment)
    refuse_account(opened, locked[customer_id], record)
    if record is None:
        raise NotFound
    partner, customer = locked[opened.partner.pk], locked[customer_id]
    return Entry(opened, partner, customer, record, manager, moment)


def _same(record: Invitation, opened: Opened) -> Invitation:
    """The locked record, if the token still is its own: sending again kills the link before."""
    before = opened.invitation
    if before is None or record.token_digest != before.token_digest:
        record.status = InvitationStatus.WITHDRAWN
    return record


def _lock_preregistrations(partner_id: int, email: str) -> None:
    rows = PreRegistration.objects.filter(account_id=partner_id, email__iexact=email)
    list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))


@transaction.atomic(durable=True)
def _decide(actor: Actor, token: str, choices: Choices) -> Association | list[FailureCause]:
    entry = lock_entry(actor, token)
    _refuse_unagreed(entry, choices)
    causes = causes_of(
        entry.customer, entry.partner, entry.opened.model, entry.moment, country=choices.country
    )
    if causes:
        _note_failure(actor, entry, causes)
        return causes
    return _associate(actor, entry, choices)


def _refuse_unagreed(entry: Entry, choices: Choices) -> None:
    if entry.opened.is_reseller:
        refuse_unread(choices.instructions)
    if not choices.agreed:
        raise AgreementNotAccepted
    enabled = entry.customer.service_country
    if enabled and choices.country not in ("", enabled.code):
        raise CountryFixed


def refuse_unread(version: str) -> None:
    """Raise InstructionsNotAgreed unless this is the present version of the Instructions."""
    if version != instructions.instructions().version:
        raise InstructionsNotAgreed


def _associate(actor: Actor, entry: Entry, choices: Choices) -> Association:
    _enable(actor, entry, choices)
    association = associating.complete(
        actor,
        partner=entry.partner,
        customer=entry.customer,
        terms=associating.Terms(
            model=entry.opened.model,
            source=AssociationSource(entry.opened.method),
            initiator=Side.CUSTOMER,
            custom_tag=entry.opened.custom_tag,
            manager=entry.manager,
            trace=_trace(entry),
        ),
        moment=entry.moment,
    )
    finish(entry.invitation, entry.customer, entry.moment)
    if entry.opened.is_reseller:
        _sign(actor, association, choices, entry.moment)
    tell_associated(actor, association, freezes=True)
    return association


def _enable(actor: Actor, entry: Entry, choices: Choices) -> None:
    """Services come on with the association; who has them accepts what is new in the agreements."""
    customer, wants = entry.customer, choices.wants_marketing
    if customer.stage == AccountStage.REGISTERED:
        country = choices.country or customer.country.code
        registration.enable(
            actor, customer, country=country, wants_marketing=wants, moment=entry.moment
        )
        return
    sign_missing(actor, list(AT_ENABLING), entry.moment)
    if wants and not customer.wants_marketing:
        registration.set_marketing(customer, wants=True, moment=entry.moment)


def _sign(actor: Actor, association: Association, choices: Choices, moment: datetime) -> None:
    sign_missing(actor, [instructions.INSTRUCTIONS], moment)
    if choices.letter:
        grant_at_association(actor, association, moment)


def manager_of(manager_id: int | None, partner: Account) -> User | None:
    """Whoever invited the customer, if it still looks after customers of the partner (04-AMG-03)."""
    if manager_id is None:
        return None
    user = account_locks.lock_user(manager_id)
    roles = RoleAssignment.objects.filter(
        user=user, role__system_code__in=[SystemRole.MANAGER, SystemRole.DIRECTOR]
    )
    usable = user.account_id == partner.pk and not user.deleted_at
    return user if usable and user.status == UserStatus.NORMAL and roles.exists() else None


def finish(invitation: Invitation, customer: Account, moment: datetime) -> None:
    """Mark the invitation and the partner's pre-registration of the customer, both locked."""
    PreRegistration.objects.filter(
        account_id=invitation.account_id,
        email__iexact=customer.email,
        status=PreRegistrationStatus.REGISTERED,
    ).update(status=PreRegistrationStatus.ASSOCIATED, customer=customer)
    invitations.mark_associated(invitation, customer, moment)


def _trace(entry: Entry) -> TraceName:
    """What the customer's Trace List calls it (08-CTS-02)."""
    is_new = entry.customer.registered_at >= entry.invitation.invited_at
    return TraceName.ENTER if is_new else TraceName.INVITE


def _note_failure(actor: Actor, entry: Entry, causes: Sequence[FailureCause]) -> None:
    """The partner's record becomes Association failed with the causes; told once (08-CSA-19)."""
    invitation = entry.invitation
    if (invitation.status, invitation.causes) == (InvitationStatus.FAILED, list(causes)):
        return
    invitations.mark_failed(invitation, entry.customer, causes, entry.moment)
    audit.services.record(
        actor,
        "customers.invitation.failed",
        invitation,
        after={"causes": [str(cause) for cause in causes], "customer": entry.customer.name},
        account_id=invitation.account_id,
    )
    tell_failed(actor, invitation, entry.customer, causes)


def _note_busy(actor: Actor, token: str) -> None:
    """Keep AF01 on the partner's record, if the database lets us."""
    try:
        with transaction.atomic(durable=True):
            _note_failure(actor, lock_entry(actor, token), [FailureCause.BUSY])
    except OperationalError:
        logger.exception("AF01 could not be kept")
