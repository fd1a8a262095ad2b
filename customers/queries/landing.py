"""What an invitation opens, and what the landing pages show (08 §10.1)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from accounts.choices import AccountStage, AccountStatus, PartnerKind
from accounts.models import Account
from accounts.queries import contacts, registration
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..causes import REVIEWABLE
from ..choices import (
    AssociationModel,
    FailureCause,
    InvitationMethod,
    PreRegistrationStatus,
    Purpose,
)
from ..models import Association, AssociationRequest, Invitation, InvitationLink, PreRegistration
from ..refusals.acceptance import ExistingAccount, InvitationGone, OtherAddress
from ..rules.eligibility import association_causes
from ..rules.landing import invitation_gone, link_gone, may_be_waived
from . import facts
from .invitations import find_by_token
from .preregistrations import waived_causes


@dataclass(frozen=True)
class Opened:
    """An invitation that may be used: the e-mailed one, or a link with the record it led to."""

    token: str
    partner: Account
    link: InvitationLink | None = None
    invitation: Invitation | None = None

    @property
    def is_online(self) -> bool:
        """Sent by e-mail: existing accounts may use it, by one address alone (08 X-04)."""
        return self.link is None

    @property
    def _source(self) -> Invitation | InvitationLink:
        return self.link or self.invitation  # type: ignore[return-value]

    @property
    def email(self) -> str:
        """The address that alone may use it; empty for links."""
        return self.invitation.email if self.is_online and self.invitation else ""

    @property
    def method(self) -> InvitationMethod:
        """How the customer was invited."""
        return InvitationMethod(self._source.method)

    @property
    def model(self) -> AssociationModel:
        """Customers of a distributor's reseller are associated in the Reseller model only (CSA-26)."""
        if self.partner.partner_kind == PartnerKind.RESELLER:
            return AssociationModel.RESELLER
        return AssociationModel(self._source.model)

    @property
    def is_reseller(self) -> bool:
        """Whether the Instructions are asked for (08-CSA-02)."""
        return self.model == AssociationModel.RESELLER

    @property
    def custom_tag(self) -> str:
        """Stored on the customer (08-CSA-25)."""
        return self._source.custom_tag

    @property
    def manager_id(self) -> int | None:
        """Who looks after the customer from the association on (04-AMG-03)."""
        return self._source.manager_id

    @property
    def operation_key(self) -> str:
        """What tells this invitation from others in a session."""
        return f"{'link' if self.link else 'mail'}:{self._source.pk}"


def open_invitation(token: str, moment: datetime) -> Opened:
    """What a token opens. Raises InvitationGone for one that opens nothing (AF02-AF05)."""
    found = find_by_token(token)
    if found is None or not _may_invite(found.account):
        raise InvitationGone(FailureCause.NO_LINK)
    if isinstance(found, InvitationLink):
        return _opened_link(token, found, moment)
    return opened_invitation(token, found, moment)


def opened_invitation(token: str, invitation: Invitation, moment: datetime) -> Opened:
    """The e-mailed invitation, if it is still good. Raises InvitationGone."""
    preregistration = invitation.preregistration
    cause = invitation_gone(
        invitation.status,
        invitation.expires_at,
        preregistration.status if preregistration else "",
        moment,
    )
    if cause:
        raise InvitationGone(cause, invitation.account.title)
    return Opened(token=token, partner=invitation.account, invitation=invitation)


def _opened_link(token: str, link: InvitationLink, moment: datetime) -> Opened:
    campaign = link.campaign
    runs = (campaign.starts_at, campaign.ends_at) if campaign else None
    if cause := link_gone(link.disabled_at, runs, moment):
        raise InvitationGone(cause, link.account.title)
    return Opened(token=token, partner=link.account, link=link)


def _may_invite(partner: Account) -> bool:
    return bool(partner.partner_kind) and partner.status == AccountStatus.ACTIVE


def record_of(link: InvitationLink, customer_id: int) -> Invitation | None:
    """The invitation record of the account that registered through a link."""
    return Invitation.objects.filter(link=link, customer_id=customer_id).first()


def may_fit(actor: Actor | None, opened: Opened) -> bool:
    """Whether somebody signed in may go on with the own account: through a link new ones only."""
    if actor is None or opened.link is None:
        return actor is not None
    return record_of(opened.link, actor.account_id) is not None


def refuse_account(opened: Opened, customer: Account, record: Invitation | None) -> None:
    """Raise ExistingAccount, OtherAddress or InvitationGone for an account it is not meant for."""
    if opened.is_online:
        if customer.email.lower() != opened.email.lower():
            raise OtherAddress(opened.email)
        return
    if record is None:
        raise ExistingAccount
    if cause := invitation_gone(record.status, None, "", record.invited_at):
        raise InvitationGone(cause, opened.partner.title)


def causes_of(
    customer: Account,
    partner: Account,
    model: AssociationModel,
    moment: datetime,
    *,
    country: str = "",
    waived: Collection[FailureCause] = (),
) -> list[FailureCause]:
    """Everything that keeps the account from being associated now (08-CSA-17, CSA-18; 04 D-38).

    ``country`` is the one about to be chosen, for an account whose services are off.
    """
    known = facts.customer_facts(customer, email=customer.email, partner=partner, moment=moment)
    granted = facts.partner_facts(partner, customer_country=country or facts.country_of(customer))
    approved = waived_causes(_valid_preregistration(partner, customer.email, moment))
    return association_causes(known, granted, model, moment, waived=approved | set(waived))


def _valid_preregistration(
    partner: Account, email: str, moment: datetime
) -> PreRegistration | None:
    """The partner's own reservation of this address."""
    return PreRegistration.objects.filter(
        account=partner,
        email__iexact=email,
        status=PreRegistrationStatus.REGISTERED,
        expires_at__gt=moment,
    ).first()


@dataclass(frozen=True)
class Standing:
    """How the signed-in account stands to an invitation, for the page."""

    opened: Opened
    account: Account
    causes: list[FailureCause]
    pending: AssociationRequest | None

    @property
    def needs_enabling(self) -> bool:
        """Whether Enable and Associate enables the services too."""
        return self.account.stage == AccountStage.REGISTERED

    @property
    def may_ask_review(self) -> bool:
        """Whether the operator can help (08 X-03)."""
        return self.pending is None and may_be_waived(self.causes, REVIEWABLE)


def standing_of(actor: Actor, opened: Opened, moment: datetime) -> Standing:
    """The pre-check right after login (08-CSA-19); writes nothing.

    Raises ExistingAccount, OtherAddress, InvitationGone.
    """
    account = Account.objects.get(pk=actor.account_id)
    record = record_of(opened.link, account.pk) if opened.link else opened.invitation
    refuse_account(opened, account, record)
    causes = causes_of(account, opened.partner, opened.model, moment)
    return Standing(opened, account, causes, open_request(opened.partner.pk, account.pk))


def open_request(partner_id: int, customer_id: int) -> AssociationRequest | None:
    """The association that this pair has asked for and that nobody has decided."""
    rows = AssociationRequest.objects.open().filter(purpose=Purpose.ASSOCIATION)
    return rows.filter(account_id=partner_id, customer_id=customer_id).first()


def own_association(actor: Actor, token: str) -> Association:
    """The live association that the token led the actor's account to. Raises NotFound."""
    found = find_by_token(token)
    live = Association.objects.live().select_related("account")
    rows = live.filter(customer_id=actor.account_id, account_id=found.account_id if found else None)
    if (association := rows.first()) is None:
        raise NotFound
    return association


def has_led(token: str, customer_id: int) -> bool:
    """Whether this account is associated through the invitation of the token."""
    found = find_by_token(token)
    if not isinstance(found, Invitation) or found.customer_id != customer_id:
        return False
    live = Association.objects.live()
    return live.filter(customer_id=customer_id, account_id=found.account_id).exists()


def contacts_of(association: Association) -> list[contacts.ShownContact]:
    """Whom to ask at the partner (02-CON-03)."""
    return contacts.shown_to_customers(association.account_id)


def has_pending_step(actor: Actor) -> bool:
    """Whether something is left of the account's registration."""
    return registration.pending_step(actor) is not None
