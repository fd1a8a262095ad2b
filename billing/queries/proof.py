"""Reads of the proof of a partner's own bill."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.files import File

from partner_center.actors import Actor
from partner_center.refusals import NotFound
from partner_center.uploads import open_private

from ..models import Bill, BillManifest
from ..permissions import VIEW_BILLS
from ..refusals import NotSealed
from ..rules import proof as rules


@dataclass(frozen=True)
class Proof:
    """What the page says of a package; ``manifest`` is None until it is sealed."""

    bill: Bill
    manifest: BillManifest | None
    customers: int = 0
    products: int = 0

    @property
    def file_name(self) -> str:
        """Name of the package for who downloads it."""
        return rules.package_name(self.bill.number)


def get_proof(actor: Actor, number: str) -> Proof:
    """The proof of one bill of the actor's own. Raises NotFound."""
    bill = _get_bill(actor, number)
    manifest = BillManifest.objects.filter(bill=bill).first()
    if manifest is None:
        return Proof(bill, None)
    by = manifest.content["by"]
    return Proof(bill, manifest, len(by["customer_id"]), len(by["product_id"]))


def open_package(actor: Actor, number: str) -> tuple[File, str]:
    """The package of a bill of the actor's own, and its name. Raises NotFound, NotSealed."""
    bill = _get_bill(actor, number)
    manifest = BillManifest.objects.filter(bill=bill).defer("content").first()
    if manifest is None:
        raise NotSealed
    return open_private(manifest.file), rules.package_name(bill.number)


def _get_bill(actor: Actor, number: str) -> Bill:
    # A reseller has none: for it, the bills of its distributor do not exist.
    actor.require(VIEW_BILLS)
    bill = Bill.objects.visible_to(actor).filter(number=number).first()
    if bill is None:
        raise NotFound
    return bill
