"""The proof of an issued bill: what it is, how it is verified, its package."""

from __future__ import annotations

from typing import Any

from django.core.files import File
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from partner_center.uploads import PrivateFileView
from partner_center.views import PortalView

from ..permissions import VIEW_BILLS
from ..queries import proof as queries
from .bills import AUDIENCES, address


class ProofView(PortalView):
    """The dialog Proof: fingerprint, counts, and how to verify, in plain words."""

    permission = VIEW_BILLS
    audiences = AUDIENCES

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """Show it; as long as the package is being made, it says so."""
        proof = queries.get_proof(self.actor, number)
        context = {
            "title": _("Proof of your bill"),
            "proof": proof,
            "cancel_url": address(cycle=proof.bill.cycle),
            "wide": True,
        }
        return render(request, "billing/bills/proof.html", context)


class ProofDownloadView(PrivateFileView):
    """The package: details, manifest and the script that verifies both."""

    permission = VIEW_BILLS
    audiences = AUDIENCES

    def find_file(self, **kwargs: Any) -> tuple[File, str]:
        """The package. Raises NotFound, NotSealed."""
        return queries.open_package(self.actor, kwargs["number"])
