"""The operator decides about applications."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import audit.services
import notifications.services
from accounts import locks as account_locks
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound

from .. import locks
from ..choices import ReviewStatus
from ..message_types import REAL_NAME
from ..models import CertificateScan, RealNameApplication
from ..permissions import REVIEW
from ..refusals import AlreadyDecided, OpinionMissing
from ..signals import application_decided


@transaction.atomic(durable=True)
def approve(actor: Actor, application_id: int, *, opinion: str = "") -> RealNameApplication:
    """Authenticate the account; what was approved before is replaced. Raises AlreadyDecided."""
    application = _take(actor, application_id)
    before = RealNameApplication.objects.filter(account_id=application.account_id).in_force()
    before.update(status=ReviewStatus.REPLACED)
    _decide(actor, application, ReviewStatus.APPROVED, opinion)
    return application


@transaction.atomic(durable=True)
def reject(
    actor: Actor, application_id: int, *, opinion: str, bars_number: bool = False
) -> RealNameApplication:
    """Refuse the application and say why (256 characters at most).

    ``bars_number``: nobody can apply with this certificate any more. Raises OpinionMissing,
    AlreadyDecided.
    """
    if not opinion.strip():
        raise OpinionMissing
    application = _take(actor, application_id)
    application.bars_number = bars_number
    _decide(actor, application, ReviewStatus.REJECTED, opinion)
    return application


@transaction.atomic(durable=True)
def record_view(actor: Actor, application_id: int) -> None:
    """Record that the operator looked at a person's certificate number."""
    actor.require(REVIEW)
    if (found := RealNameApplication.objects.filter(pk=application_id).first()) is None:
        raise NotFound
    audit.services.record(actor, "realname.application.viewed", found, account_id=found.account_id)


@transaction.atomic(durable=True)
def record_scan_view(actor: Actor, scan: CertificateScan) -> None:
    """Record that the operator opened a scan of an application."""
    actor.require(REVIEW)
    application = scan.application
    if application is None:
        raise NotFound
    audit.services.record(
        actor,
        "realname.scan.viewed",
        application,
        after={"scan": scan.position},
        account_id=application.account_id,
    )


def _take(actor: Actor, application_id: int) -> RealNameApplication:
    """The application, its account locked before it. Raises NotFound, AlreadyDecided."""
    actor.require(REVIEW)
    rows = RealNameApplication.objects.filter(pk=application_id)
    if (account_id := rows.values_list("account_id", flat=True).first()) is None:
        raise NotFound
    account_locks.lock_account(account_id)
    application = locks.lock_application(application_id)
    if application.status != ReviewStatus.UNDER_REVIEW:
        raise AlreadyDecided
    return application


def _decide(
    actor: Actor, application: RealNameApplication, status: ReviewStatus, opinion: str
) -> None:
    application.status = status
    application.opinion = opinion.strip()
    application.reviewer_id = actor.user_id
    application.reviewed_at = clock.now()
    application.save(update_fields=["status", "opinion", "reviewer", "reviewed_at", "bars_number"])
    audit.services.record(
        actor,
        f"realname.application.{status}",
        application,
        before={"status": ReviewStatus.UNDER_REVIEW},
        after={
            "status": status,
            "opinion": application.opinion,
            "barred": application.bars_number,
        },
        account_id=application.account_id,
    )
    _tell_customer(actor, application)
    application_decided.send(
        RealNameApplication,
        application=application,
        actor=actor,
        moment=application.reviewed_at,
    )


def _tell_customer(actor: Actor, application: RealNameApplication) -> None:
    notifications.services.notify(
        actor,
        account_id=application.account_id,
        type=REAL_NAME.code,
        key=f"realname:{application.pk}:decided",
        template="real_name_decided",
        context={
            "name": application.name,
            "approved": application.status == ReviewStatus.APPROVED,
            "opinion": application.opinion,
        },
        link=reverse("realname:own"),
        link_label=_("Real-Name Authentication"),
    )
