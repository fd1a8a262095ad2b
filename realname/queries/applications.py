"""Applications of one account, as its pages and the API show them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from partner_center import encryption
from partner_center.actors import Actor
from partner_center.masking import mask_name
from partner_center.refusals import NotFound

from ..choices import Identity, ReviewStatus, VerifiedStatus
from ..models import CertificateScan, RealNameApplication
from ..permissions import REVIEW, VIEW_OWN
from ..rules import mask_number, scan_labels
from .state import verified_status


@dataclass(frozen=True)
class ShownApplication:
    """An application with its numbers masked, and its names too where they are to be."""

    application: RealNameApplication
    name: str
    legal_person: str
    number: str
    legal_number: str
    #: Whether the partner applied for its customer.
    by_partner: bool


@dataclass(frozen=True)
class State:
    """Where an account stands."""

    status: VerifiedStatus
    #: What holds now, what waits, and everything that was sent, the newest first.
    approved: ShownApplication | None
    open: ShownApplication | None
    history: list[ShownApplication]

    @property
    def last(self) -> ShownApplication | None:
        """The newest application."""
        return self.history[0] if self.history else None

    @property
    def may_apply(self) -> bool:
        """Whether an application can be sent: none is under review, and no enterprise stands."""
        return self.open is None and (self.approved is None or self.may_change)

    @property
    def may_change(self) -> bool:
        """Whether an individual can change to an enterprise (API B.52)."""
        return bool(
            self.open is None
            and self.approved
            and self.approved.application.identity == Identity.INDIVIDUAL
        )


def own_state(actor: Actor) -> State:
    """Where the actor's own account stands."""
    actor.require(VIEW_OWN)
    return state_of(actor.account_id)


def state_of(account_id: int, *, masks_names: bool = False) -> State:
    """Where an account stands; the caller has made sure that its actor may know.

    Others than the account itself read its names masked (``masks_names``).
    """
    rows = RealNameApplication.objects.filter(account_id=account_id).order_by("-id")
    history = [
        _shown(row, masks_names) for row in rows.select_related("submitted_for", "submitted_by")
    ]
    return State(
        verified_status(account_id),
        _first(history, ReviewStatus.APPROVED),
        _first(history, ReviewStatus.UNDER_REVIEW),
        history,
    )


def last_of(account_id: int) -> RealNameApplication | None:
    """The newest application of an account; None without one (API B.53)."""
    return RealNameApplication.objects.filter(account_id=account_id).order_by("-id").first()


def waiting_count(actor: Actor) -> int:
    """How many applications wait for the operator."""
    actor.require(REVIEW)
    return RealNameApplication.objects.open().count()


def numbers_of(application: RealNameApplication) -> tuple[str, str]:
    """Number of the certificate and of the legal person's, in plain text, for the reviewer."""
    legal = application.legal_number_encrypted
    return (
        encryption.decrypt(application.number_encrypted),
        encryption.decrypt(legal) if legal else "",
    )


def scans_of(application: RealNameApplication) -> list[tuple[str, CertificateScan]]:
    """What each scan shows, and the scan, in their order."""
    scans: QuerySet[CertificateScan] = application.scans.order_by("position")
    labels = scan_labels(
        application.identity,
        application.certificate,
        with_person=bool(application.legal_person),
    )
    return list(zip(labels, scans, strict=False))


def get_scan(actor: Actor, scan_id: int) -> CertificateScan:
    """A scan of an application, for the reviewer. Raises NotFound."""
    actor.require(REVIEW)
    scans = CertificateScan.objects.filter(application__isnull=False)
    if (found := scans.select_related("application").filter(pk=scan_id).first()) is None:
        raise NotFound
    return found


def _shown(row: RealNameApplication, masks_names: bool) -> ShownApplication:
    number, legal = numbers_of(row)
    mask = mask_name if masks_names else str
    return ShownApplication(
        row,
        mask(row.name),
        mask(row.legal_person),
        mask_number(number),
        mask_number(legal) if legal else "",
        row.submitted_for_id != row.account_id,
    )


def _first(history: list[ShownApplication], status: ReviewStatus) -> ShownApplication | None:
    return next((shown for shown in history if shown.application.status == status), None)
