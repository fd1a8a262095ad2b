"""Applying for real-name authentication (API B.50 to B.52).

A customer applies for itself with :func:`apply`. A partner's application comes through
``customers.services.real_name``, which knows whose customer it is, and ends in :func:`submit`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import audit.services
import notifications.services
from accounts import locks as account_locks
from accounts.choices import AccountStatus
from accounts.models import Account
from partner_center import clock, encryption
from partner_center.actors import Actor

from .. import locks, rules
from ..choices import Identity, ReviewStatus
from ..message_types import REAL_NAME
from ..models import RealNameApplication
from ..permissions import APPLY
from ..refusals import (
    AlreadyAuthenticated,
    CannotBeReviewed,
    CertificateBarred,
    CertificateCheckFailed,
    CertificateUsedTooOften,
    NameRefused,
    NotIndividual,
    TooManyAttempts,
    UnderReview,
    WrongScans,
)
from . import files

#: The span over which attempts are counted.
ATTEMPTS_SPAN = timedelta(hours=24)


@dataclass(frozen=True)
class Details:
    """What an application says. ``certificate``: PersonalCertificate or EnterpriseCertificate."""

    identity: Identity
    certificate: int
    name: str
    number: str
    country: str = ""
    address: str = ""
    legal_person: str = ""
    legal_number: str = ""
    #: From individual to enterprise (B.52).
    is_change: bool = False

    @property
    def digest(self) -> str:
        """What equal certificate numbers have in common."""
        return encryption.digest(self.number)

    def normal(self) -> Details:
        """With numbers as they are kept."""
        return replace(
            self,
            name=self.name.strip(),
            number=rules.normal_number(self.number),
            legal_person=self.legal_person.strip(),
            legal_number=rules.normal_number(self.legal_number),
        )


@transaction.atomic(durable=True)
def apply(actor: Actor, *, details: Details, scans: Sequence[File]) -> RealNameApplication:
    """Apply for the actor's own account, with the scans in the prescribed order.

    ``scans`` were checked by the upload validator. Raises whatever :func:`submit` raises.
    """
    actor.require(APPLY)
    return submit(
        actor,
        actor.account_id,
        details=details,
        scans=files.Uploaded(scans),
        moment=clock.now(),
    )


def submit(
    actor: Actor,
    account_id: int,
    *,
    details: Details,
    scans: files.Scans,
    moment: datetime,
) -> RealNameApplication:
    """Send an application for review, in the transaction of a caller that may do so.

    Raises CannotBeReviewed, UnderReview, AlreadyAuthenticated, NotIndividual, TooManyAttempts,
    NameRefused, CertificateCheckFailed, WrongScans, CertificateBarred, CertificateUsedTooOften, and
    what the scans are refused for. Nothing is written then.
    """
    account = account_locks.lock_account(account_id)
    _refuse_account(account)
    _refuse_state(account, details)
    _refuse_attempts(account, moment)
    details = details.normal()
    _refuse_details(details)
    _refuse_scans(details, scans)
    locks.lock_certificate(details.digest)
    _refuse_certificate(account, details)
    pages = scans.check(actor, moment)
    application = _create(actor, account, details, moment)
    pages.attach(application)
    _record(actor, application, details)
    if actor.account_id != account.pk:
        _tell_customer(actor, application)
    return application


def _refuse_account(account: Account) -> None:
    if account.is_operator or account.partner_kind or account.status != AccountStatus.ACTIVE:
        raise CannotBeReviewed


def _refuse_state(account: Account, details: Details) -> None:
    rows = RealNameApplication.objects.filter(account=account)
    if rows.open().exists():
        raise UnderReview
    approved = rows.in_force().values_list("identity", flat=True).first()
    if details.is_change:
        if approved != Identity.INDIVIDUAL:
            raise NotIndividual
    elif approved is not None:
        raise AlreadyAuthenticated


def _refuse_attempts(account: Account, moment: datetime) -> None:
    most = settings.REALNAME_ATTEMPTS_PER_DAY
    recent = RealNameApplication.objects.filter(
        account=account, submitted_at__gt=moment - ATTEMPTS_SPAN
    )
    if recent.count() >= most:
        raise TooManyAttempts(most)


def _refuse_details(details: Details) -> None:
    if not rules.is_name(details.name):
        raise NameRefused
    if not rules.is_plausible(details.identity, details.certificate, details.number):
        raise CertificateCheckFailed


def _refuse_scans(details: Details, scans: files.Scans) -> None:
    kind = (details.identity, details.certificate)
    with_person = bool(details.legal_person)
    if len(scans) not in rules.scan_counts(*kind, with_person=with_person):
        raise WrongScans(rules.scan_labels(*kind, with_person=with_person))


def _refuse_certificate(account: Account, details: Details) -> None:
    same = RealNameApplication.objects.filter(
        number_digest__in=encryption.digests(details.number)
    ).order_by()
    if same.filter(bars_number=True).exists():
        raise CertificateBarred
    most = settings.REALNAME_ACCOUNTS_PER_CERTIFICATE
    used = same.filter(status__in=[ReviewStatus.UNDER_REVIEW, ReviewStatus.APPROVED])
    others = used.exclude(account=account).values("account").distinct().count()
    if others >= most:
        raise CertificateUsedTooOften(most)


def _create(
    actor: Actor, account: Account, details: Details, moment: datetime
) -> RealNameApplication:
    return RealNameApplication.objects.create(
        account=account,
        identity=details.identity,
        is_change=details.is_change,
        certificate=details.certificate,
        name=details.name,
        number_encrypted=encryption.encrypt(details.number),
        number_digest=details.digest,
        country=details.country,
        address=details.address.strip(),
        legal_person=details.legal_person,
        legal_number_encrypted=(
            encryption.encrypt(details.legal_number) if details.legal_number else ""
        ),
        submitted_by_id=actor.user_id,
        submitted_for_id=actor.account_id,
        submitted_at=moment,
    )


def _record(actor: Actor, application: RealNameApplication, details: Details) -> None:
    """One record in the customer's book, and one in the partner's when it applied."""
    for account_id in sorted({application.account_id, actor.account_id}):
        audit.services.record(
            actor,
            "realname.application.submitted",
            application,
            after={
                "customer": application.account.name,
                "identity": application.get_identity_display(),
                "certificate": application.certificate_label,
                "name": application.name,
                "number": rules.mask_number(details.number),
                "change": application.is_change,
            },
            account_id=account_id,
        )


def _tell_customer(actor: Actor, application: RealNameApplication) -> None:
    notifications.services.notify(
        actor,
        account_id=application.account_id,
        type=REAL_NAME.code,
        key=f"realname:{application.pk}:submitted",
        template="real_name_submitted",
        context={"partner": application.submitted_for.title, "name": application.name},
        link=reverse("realname:own"),
        link_label=_("Real-Name Authentication"),
    )
