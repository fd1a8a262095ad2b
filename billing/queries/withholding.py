"""Which bills ask for a certificate of withheld tax, and what became of it (06-DIV-01, 08 §14.8)."""

from __future__ import annotations

from datetime import datetime

from django.core.files import File
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.queries import information
from partner_center.actors import Actor
from partner_center.clock import BUSINESS_ZONE
from partner_center.refusals import NotFound
from partner_center.uploads import open_private

from ..choices import BillState, CertificateState
from ..models import Bill, Invoice, TaxNotice, WithholdingCertificate
from ..models.invoices import LIVE_STATES
from ..permissions import VIEW_INVOICES
from ..refusals import NothingWithheld
from . import reach

#: Prices include withholding tax of expenditure from here on (08-TAX-01 to TAX-03).
INCLUDED_SINCE = datetime(2021, 11, 1, tzinfo=BUSINESS_ZONE)
#: States in which nothing more is to be paid.
_PAID = (BillState.PAID, BillState.NOTHING_DUE)


def list_withheld(actor: Actor) -> QuerySet[Bill]:
    """The account's bills with withheld tax, newest first.

    Each with ``certificate`` (state), ``reason`` of a rejection, ``uploaded_at``, ``invoice_number``
    and ``is_settled``: the net payment and an accepted certificate together settle it (08-TAX-08).
    Raises NoFinancialInformation.
    """
    reach.require(actor, VIEW_INVOICES)
    return _withheld(actor)


def _withheld(actor: Actor) -> QuerySet[Bill]:
    actor.require(VIEW_INVOICES)
    last = WithholdingCertificate.objects.filter(bill=OuterRef("pk")).order_by("-pk")
    live = Invoice.objects.filter(bill=OuterRef("pk"), state__in=LIVE_STATES)
    accepted = WithholdingCertificate.objects.filter(
        bill=OuterRef("pk"), state=CertificateState.ACCEPTED
    )
    rows = (
        Bill.objects.visible_to(actor)
        .filter(withheld__gt=0)
        .annotate(
            certificate=Coalesce(
                Subquery(last.values("state")[:1]), Value(CertificateState.PENDING)
            ),
            reason=Subquery(last.values("reason")[:1]),
            uploaded_at=Subquery(last.values("uploaded_at")[:1]),
            certificate_id=Subquery(last.values("pk")[:1]),
            invoice_number=Subquery(live.values("number")[:1]),
            bill_state=F("paid_state__state"),
            is_settled=Exists(accepted.filter(bill__paid_state__state__in=_PAID)),
        )
    )
    return rows.order_by("-cycle", "-pk")


def get_withheld(actor: Actor, bill_id: int) -> Bill:
    """One of them. Raises NothingWithheld for another bill of the account, NotFound."""
    if (found := _withheld(actor).filter(pk=bill_id).first()) is not None:
        return found
    if Bill.objects.visible_to(actor).filter(pk=bill_id).exists():
        raise NothingWithheld
    raise NotFound


def has_withheld(actor: Actor) -> bool:
    """Whether tax was ever withheld from a bill of the account."""
    return Bill.objects.visible_to(actor).filter(withheld__gt=0).exists()


def open_certificate(actor: Actor, certificate_id: int) -> tuple[File, str]:
    """A certificate that the account uploaded, and its name. Raises NotFound."""
    actor.require(VIEW_INVOICES)
    rows = WithholdingCertificate.objects.visible_to(actor).filter(pk=certificate_id)
    if (found := rows.first()) is None:
        raise NotFound
    return open_private(found.file.name), found.original_name


def find_notice(actor: Actor) -> TaxNotice | None:
    """The notice for the country where the account is registered (08-TAX-01), if there is one."""
    account = information.account_of(actor)
    country = str(account.service_country or account.country)
    return TaxNotice.objects.filter(country=country).first()


def get_notice(actor: Actor) -> TaxNotice:
    """The same. Raises NotFound for accounts of other countries."""
    reach.require(actor, VIEW_INVOICES)
    if (found := find_notice(actor)) is None:
        raise NotFound
    return found


def open_residence(actor: Actor) -> tuple[File, str]:
    """The operator's Tax Resident Certificate for the actor's country (08-TAX-06). Raises NotFound."""
    notice = get_notice(actor)
    if not notice.residence_file:
        raise NotFound
    return open_private(notice.residence_file.name), f"{notice.residence_title}.pdf"
