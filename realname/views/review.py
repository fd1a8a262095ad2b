"""Scans, for the operator's reviewers."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.core.files import File

from partner_center.permissions import Audience
from partner_center.uploads import PrivateFileView, open_private

from ..permissions import REVIEW
from ..queries import applications as queries
from ..services import reviewing


class ScanView(PrivateFileView):
    """One scan of an application; that it was opened stands in the customer's audit trail."""

    permission = REVIEW
    audiences = frozenset({Audience.OPERATOR})
    inline = True

    def find_file(self, **kwargs: Any) -> tuple[File, str]:
        """The file. Raises NotFound."""
        scan = queries.get_scan(self.actor, kwargs["pk"])
        content = open_private(scan.file.name)
        reviewing.record_scan_view(self.actor, scan)
        suffix = PurePath(scan.file.name).suffix
        return content, f"application-{scan.application_id}-{scan.position}{suffix}"
