"""Registration: account, security phone, services, account information (01 §1.1).

Registered → services enabled → mobile bound → information complete. Each step asks that the one
before it is done; a registration that stops half-way is continued later where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

import audit.services
import outbox.services
from partner_center import clock
from partner_center.actors import Actor
from partner_center.clock import BillingCycle
from partner_center.critical import CodePrompt, name_operation
from partner_center.refusals import Stale

from .. import locks, naming
from ..choices import AccountStage, CodeChannel
from ..models import Account, AccountCurrency, AgreementSignature, User
from ..permissions import MANAGE_INFORMATION
from ..queries import agreements
from ..queries import registration as reads
from ..queries.actors import actor_for
from ..refusals import AlreadyRegistered, NameFixed, NameTaken, NoSuchName, PhoneTaken, StepRefused
from ..signals import account_registered, registration_completed
from . import codes, creation, sessions

REGISTER = name_operation("accounts.registration", _("Register an account"))
SECURITY_PHONE = name_operation("accounts.security_phone", _("Set security phone number"))
BIND_MOBILE = name_operation("accounts.bind_mobile", _("Bind mobile number"))
#: Fields of the account that the last step fills in.
PROFILE_FIELDS = (
    "tenant_type",
    "full_name",
    "tax_id",
    "address_line1",
    "address_line2",
    "city",
    "state",
    "postal_code",
    "industry",
)


def send_registration_code(email: str) -> None:
    """Send a code to an e-mail address that wants to register (01-ACC-05). Raises CodeTooSoon.

    Whoever owns an address that registered already is told so in the message; the page says the
    same in both cases.
    """
    taken = reads.is_registered(email)
    codes.send_to_target(
        operation=REGISTER,
        channel=CodeChannel.EMAIL,
        target=email,
        template="already_registered" if taken else "verification_code",
    )


def register(
    *,
    country: str,
    email: str,
    code: str,
    password: str,
    ip: str | None = None,
    request_id: str = "",
    errand: str = "",
) -> User:
    """Create an account with its main user and accept the agreements (01-ACC-02 to ACC-07).

    ``errand`` says what the newcomer came for (``partner_center.errands``); higher floors hear it
    in ``account_registered``. Raises CodeGone, WrongCode, AlreadyRegistered.
    """
    code_id = codes.check_target(operation=REGISTER, target=email, code=code)
    with transaction.atomic(durable=True):
        if reads.is_registered(email):
            raise AlreadyRegistered
        moment = clock.now()
        account = _create(country, email, password, moment)
        user = User.objects.select_related("account").get(account=account, is_main=True)
        actor = codes.spend(actor_for(user, ip=ip, request_id=request_id), code_id)
        sign(actor, agreements.AT_REGISTRATION, moment)
        audit.services.record(
            actor,
            "accounts.account.registered",
            account,
            after={"name": account.name, "country": country, "email": email},
        )
        outbox.services.queue_email(
            "welcome", email, {"account_name": account.name}, account_id=account.pk
        )
        account_registered.send(Account, account=account, actor=actor, moment=moment, errand=errand)
    return user


def name_newcomer(actor: Actor, account: Account, *, full_name: str) -> None:
    """Call a new account by the name under which it was invited, until it enters its own.

    Runs in the transaction that registers it; step *Complete Account Information* starts from it.
    """
    actor.require(MANAGE_INFORMATION)
    account.full_name = full_name
    account.save(update_fields=["full_name"])
    audit.services.record(actor, "accounts.account.named", account, after={"full_name": full_name})


def send_code_to_phone(actor: Actor, *, operation: str, phone: str) -> None:
    """Send an SMS code to a number the account wants to use. Raises CodeTooSoon."""
    actor.require(MANAGE_INFORMATION)
    codes.send_to_target(
        operation=_own(actor, operation),
        channel=CodeChannel.SMS,
        target=phone,
        account_id=actor.account_id,
    )


def phone_prompt(actor: Actor, *, operation: str, phone: str) -> CodePrompt:
    """Where the live code of a phone step went."""
    return codes.prompt_target(_own(actor, operation), phone)


def identity_prompt(actor: Actor) -> CodePrompt:
    """Where the live code of the step Verify Identity went."""
    account = reads.own_account(actor)
    return codes.prompt_target(_own(actor, reads.IDENTITY), account.email)


def needs_proof(actor: Actor) -> bool:
    """Whether a security phone asks for an identity check: always but right after registering."""
    return reads.own_account(actor).stage != AccountStage.REGISTERED


def set_security_phone(actor: Actor, *, phone: str, proof: str = "") -> Account:
    """Set the phone that resets a forgotten password and may sign in (01-ACC-08).

    Uses up the code that came with the actor. ``proof`` comes from ``sessions.verify_identity``,
    see ``needs_proof``. Raises IdentityProofMissing, CodeGone, WrongCode, PhoneTaken.
    """
    actor.require(MANAGE_INFORMATION)
    if needs_proof(actor):
        sessions.refuse_unproved(actor, proof)
    code_id = codes.check_target(
        operation=_own(actor, SECURITY_PHONE), target=phone, code=actor.code or ""
    )
    try:
        with transaction.atomic(durable=True):
            actor = codes.spend(actor, code_id)
            account = locks.lock_account(actor.account_id)
            before = account.security_phone
            account.security_phone = phone
            account.save(update_fields=["security_phone"])
            audit.services.record(
                actor,
                "accounts.security_phone.set",
                account,
                before={"security_phone": before},
                after={"security_phone": phone},
            )
    except IntegrityError as error:
        raise PhoneTaken from error
    return account


@transaction.atomic(durable=True)
def enable_services(actor: Actor, *, country: str, wants_marketing: bool) -> Account:
    """Fix the country of the services and accept their agreements (01-ACC-09). Raises StepRefused."""
    actor.require(MANAGE_INFORMATION)
    account = _at_stage(actor, AccountStage.REGISTERED)
    enable(actor, account, country=country, wants_marketing=wants_marketing, moment=clock.now())
    return account


def enable(
    actor: Actor, account: Account, *, country: str, wants_marketing: bool, moment: datetime
) -> None:
    """Enable the services of a locked account at stage *registered*, in the running transaction.

    The caller has asked for the agreements; the signatures are kept here.
    """
    account.service_country = country
    account.stage = AccountStage.ENABLED
    account.save(update_fields=["service_country", "stage"])
    set_marketing(account, wants=wants_marketing, moment=moment)
    sign(actor, agreements.AT_ENABLING, moment)
    audit.services.record(
        actor,
        "accounts.services.enabled",
        account,
        after={"service_country": country, "wants_marketing": wants_marketing},
    )


def set_marketing(account: Account, *, wants: bool, moment: datetime) -> None:
    """Keep whether the account wants promotions, and since when (08-CSA-13)."""
    account.wants_marketing = wants
    account.marketing_since = moment if wants else None
    account.save(update_fields=["wants_marketing", "marketing_since"])


def sign(actor: Actor, codes: Iterable[str], moment: datetime) -> list[AgreementSignature]:
    """Keep that the actor accepts the newest version of each document (01-ACC-07, ACC-09).

    Runs in the caller's transaction.
    """
    return AgreementSignature.objects.bulk_create(
        AgreementSignature(
            account_id=actor.account_id,
            document=document,
            user_id=actor.user_id,
            signed_at=moment,
            ip=actor.ip,
        )
        for document in agreements.current(codes, moment)
    )


def send_registration_identity_code(actor: Actor) -> None:
    """Send the code of the step Verify Identity to the registration e-mail. Raises CodeTooSoon."""
    actor.require(MANAGE_INFORMATION)
    account = reads.own_account(actor)
    codes.send_to_target(
        operation=_own(actor, reads.IDENTITY),
        channel=CodeChannel.EMAIL,
        target=account.email,
        account_id=account.pk,
    )


def verify_registration_identity(actor: Actor) -> None:
    """Use up the code of the step Verify Identity (01-ACC-10).

    Raises StepRefused, CodeGone, WrongCode.
    """
    actor.require(MANAGE_INFORMATION)
    account = reads.own_account(actor)
    if account.stage != AccountStage.ENABLED or reads.identity_verified(account.pk):
        raise StepRefused
    code_id = codes.check_target(
        operation=_own(actor, reads.IDENTITY), target=account.email, code=actor.code or ""
    )
    with transaction.atomic(durable=True):
        actor = codes.spend(actor, code_id)
        audit.services.record(actor, "accounts.identity.verified", account)


def bind_mobile(actor: Actor, *, mobile: str) -> Account:
    """Bind the mobile number for messages and identity checks; no way to sign in (01-ACC-11).

    Uses up the code that came with the actor. Raises CodeGone, WrongCode, StepRefused.
    """
    actor.require(MANAGE_INFORMATION)
    if not reads.identity_verified(actor.account_id):
        raise StepRefused
    code_id = codes.check_target(
        operation=_own(actor, BIND_MOBILE), target=mobile, code=actor.code or ""
    )
    with transaction.atomic(durable=True):
        actor = codes.spend(actor, code_id)
        account = _at_stage(actor, AccountStage.ENABLED)
        account.bound_mobile = mobile
        account.stage = AccountStage.MOBILE_BOUND
        account.save(update_fields=["bound_mobile", "stage"])
        User.objects.filter(pk=actor.user_id).update(mobile=mobile)
        audit.services.record(
            actor, "accounts.mobile.bound", account, after={"bound_mobile": mobile}
        )
    return account


@transaction.atomic(durable=True)
def complete_information(
    actor: Actor, *, profile: Mapping[str, str], currency: str, moment: datetime | None = None
) -> Account:
    """Save the account profile and the payment currency (01-ACC-13); the floors above are told.

    ``profile`` names the fields of ``PROFILE_FIELDS``; the currency counts from the billing cycle of
    ``moment`` (None: now) on. Raises StepRefused.
    """
    actor.require(MANAGE_INFORMATION)
    account = _at_stage(actor, AccountStage.MOBILE_BOUND)
    for field in PROFILE_FIELDS:
        setattr(account, field, profile.get(field, ""))
    account.stage = AccountStage.COMPLETE
    account.save(update_fields=[*PROFILE_FIELDS, "stage"])
    moment = moment or clock.now()
    AccountCurrency.objects.create(
        account=account,
        currency=currency,
        from_cycle=str(BillingCycle.of(moment)),
        set_by_id=actor.user_id,
        set_at=moment,
    )
    audit.services.record(
        actor,
        "accounts.information.completed",
        account,
        after={field: profile.get(field, "") for field in PROFILE_FIELDS} | {"currency": currency},
    )
    registration_completed.send(Account, account=account, actor=actor, moment=moment)
    return account


@transaction.atomic(durable=True)
def rename(actor: Actor, *, name: str) -> Account:
    """Choose another account name, as long as no member signs in with the present one.

    Raises NoSuchName, NameFixed, NameTaken.
    """
    actor.require(MANAGE_INFORMATION)
    if not naming.PATTERN.fullmatch(name):
        raise NoSuchName
    account = locks.lock_account(actor.account_id)
    if not reads.may_rename(account.pk):
        raise NameFixed
    before = account.name
    account.name = name
    try:
        with transaction.atomic():
            account.save(update_fields=["name"])
            User.objects.filter(account=account, is_main=True).update(username=name)
    except IntegrityError as error:
        raise NameTaken from error
    audit.services.record(
        actor, "accounts.account.renamed", account, before={"name": before}, after={"name": name}
    )
    return account


def _create(country: str, email: str, password: str, moment: datetime) -> Account:
    name = next(n for n in naming.suggestions(email) if reads.is_name_free(n))
    try:
        with transaction.atomic():
            return creation.create_account(
                name=name, email=email, country=country, password=password, moment=moment
            )
    except IntegrityError as error:
        raise AlreadyRegistered if reads.is_registered(email) else Stale from error


def _at_stage(actor: Actor, stage: AccountStage) -> Account:
    account = locks.lock_account(actor.account_id)
    if account.stage != stage:
        raise StepRefused
    return account


def _own(actor: Actor, operation: str) -> str:
    """The operation of this account: a code that another account had sent does not fit."""
    return reads.own_operation(actor.account_id, operation)
