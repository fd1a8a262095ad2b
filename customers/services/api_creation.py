"""A partner creates a customer account and is associated with it at once (API B.4)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

import audit.services
from accounts import locks as account_locks
from accounts.choices import PartnerKind
from accounts.models import Account
from accounts.permissions import CREATE_CUSTOMERS
from accounts.queries import registration, standing
from accounts.refusals import AlreadyRegistered, NameTaken
from accounts.services import codes, creation, customer_codes
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from ..choices import AssociationModel, AssociationSource, FailureCause, Side
from ..models import Association
from ..queries import facts, management
from ..refusals import (
    AlreadyAssociated,
    IsTestPartner,
    MalformedLoginName,
    MayNotDevelop,
    NoSuchReseller,
    NotEligible,
    PlatformUserTaken,
    ReservedElsewhere,
    WeakPassword,
    WrongPlatform,
)
from ..rules import creation as rules
from ..rules.eligibility import CustomerFacts, association_causes
from . import associating


@dataclass(frozen=True)
class NewCustomer:
    """What the caller says of the customer; empty texts were left out."""

    country: str
    xaccount_id: str
    xaccount_type: str
    name: str = ""
    email: str = ""
    code: str = ""
    password: str = ""
    wants_marketing: bool = True
    #: Domain ID of the distributor's reseller who gets the customer.
    reseller: str = ""


def create_customer(actor: Actor, new: NewCustomer) -> Account:
    """Create the account and associate it in the Reseller model, both or neither.

    The code that was sent to the customer's address (B.3) is used up. Raises IsTestPartner,
    WrongPlatform, MayNotDevelop, NoSuchReseller, MalformedLoginName, WeakPassword, NameTaken,
    PlatformUserTaken, AlreadyRegistered, ReservedElsewhere, NotEligible, WrongCode, CodeGone,
    CodeTriedOut.
    """
    actor.require(CREATE_CUSTOMERS)
    _refuse_caller(actor, new)
    partner = _partner(actor, new)
    name = new.name or f"c-{secrets.token_hex(15)}"
    _refuse_form(new, name)
    code_id = _check_code(new)
    with transaction.atomic(durable=True):
        moment = clock.now()
        partner = account_locks.lock_account(partner.pk)
        _refuse_ineligible(partner, new, moment)
        account = _create_account(actor, new, name, moment)
        if code_id is not None:
            codes.use_up(code_id)
        _associate(actor, partner, account, new, moment)
    return account


def _refuse_caller(actor: Actor, new: NewCustomer) -> None:
    terms = standing.terms_of(actor.account_id)
    if terms.is_test:
        raise IsTestPartner
    if not terms.platform_id or new.xaccount_type != terms.platform_id:
        raise WrongPlatform
    own = actor.partner_kind == PartnerKind.DISTRIBUTOR and not new.reseller
    if own and not terms.may_develop:
        raise MayNotDevelop


def _partner(actor: Actor, new: NewCustomer) -> Account:
    """Who gets the customer: a named reseller of a distributor, else the caller itself."""
    if actor.partner_kind == PartnerKind.DISTRIBUTOR and new.reseller:
        try:
            return management.get_reseller(actor, new.reseller)
        except NotFound as error:
            raise NoSuchReseller from error
    return Account.objects.visible_to(actor).get(pk=actor.account_id)


def _refuse_form(new: NewCustomer, name: str) -> None:
    if not rules.is_login_name(name):
        raise MalformedLoginName
    if new.password and not rules.is_strong(new.password, name=name, email=new.email):
        raise WeakPassword
    if not registration.is_name_free(name):
        raise NameTaken
    if new.email and registration.is_registered(new.email):
        raise AlreadyRegistered


def _check_code(new: NewCustomer) -> int | None:
    if not new.email:
        return None
    return customer_codes.check_registration_code(email=new.email, code=new.code)


def _refuse_ineligible(partner: Account, new: NewCustomer, moment: datetime) -> None:
    """A new account has no past: only what the partner is, and who reserved the address, counts."""
    reserved = bool(new.email) and facts.is_reserved(
        new.email, other_than=partner.pk, moment=moment
    )
    causes = association_causes(
        CustomerFacts(reserved_by_other=reserved),
        facts.partner_facts(partner, customer_country=new.country),
        AssociationModel.RESELLER,
        moment,
    )
    if FailureCause.RESERVED in causes:
        raise ReservedElsewhere
    if causes:
        raise NotEligible(causes[0])
    taken = Association.objects.filter(
        account=partner, xaccount_type=new.xaccount_type, xaccount_id=new.xaccount_id
    )
    if taken.exists():
        raise PlatformUserTaken(new.xaccount_id)


def _create_account(actor: Actor, new: NewCustomer, name: str, moment: datetime) -> Account:
    try:
        with transaction.atomic():
            account = creation.create_account(
                name=name,
                email=new.email,
                country=new.country,
                password=new.password or None,
                moment=moment,
            )
    except IntegrityError as error:  # somebody was faster
        raise NameTaken if not registration.is_name_free(name) else AlreadyRegistered from error
    account.wants_marketing = new.wants_marketing
    account.marketing_since = moment if new.wants_marketing else None
    account.save(update_fields=["wants_marketing", "marketing_since"])
    audit.services.record(
        actor,
        "customers.customer.created",
        account,
        after={"name": name, "country": new.country, "email": new.email},
    )
    return account


def _associate(
    actor: Actor, partner: Account, customer: Account, new: NewCustomer, moment: datetime
) -> None:
    terms = associating.Terms(
        source=AssociationSource.API,
        initiator=Side.PARTNER,
        xaccount_id=new.xaccount_id,
        xaccount_type=new.xaccount_type,
    )
    try:
        associating.complete(actor, partner=partner, customer=customer, terms=terms, moment=moment)
    except AlreadyAssociated as error:  # a new account has no partner: the platform's user has one
        raise PlatformUserTaken(new.xaccount_id) from error
