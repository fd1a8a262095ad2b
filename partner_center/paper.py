"""Documents on paper: a template on ``portal/pdf.html`` becomes a PDF (WeasyPrint).

WeasyPrint is loaded when the first document is drawn, because it needs Pango from the operating
system: where Pango is missing, everything else goes on working (checks.py says what to install).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from PIL import ImageFile

from .refusals import Refusal

STYLESHEET = "pdf.css"


class NoPaper(Refusal):
    """Documents cannot be drawn on this machine."""

    code = "paper.pango_missing"
    status = 503

    def __init__(self) -> None:
        super().__init__(
            _(
                "The document was not made: Pango is missing on the server. Ask the operator to "
                "install libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0."
            )
        )


def render_pdf(template: str, context: Mapping[str, Any]) -> bytes:
    """The PDF of a template that extends ``portal/pdf.html``. Raises NoPaper without Pango."""
    try:
        from weasyprint import HTML, URLFetcher
    except OSError as error:
        raise NoPaper from error
    # WeasyPrint lets Pillow open damaged pictures, in the whole process: the uploads must not.
    ImageFile.LOAD_TRUNCATED_IMAGES = False

    home = _home()

    class OwnFiles(URLFetcher):
        """Serves the stylesheet and its fonts; a document never reaches anything else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            path = Path(unquote(urlsplit(url).path)).resolve()
            if not url.startswith("file:") or not path.is_relative_to(home):
                raise ValueError(f"A document must not fetch {url}")
            return super().fetch(url, headers)

    known = {"stylesheet": STYLESHEET, "portal_name": settings.PORTAL_NAME}
    document = HTML(
        string=render_to_string(template, known | dict(context)),
        base_url=f"{home.as_uri()}/",
        url_fetcher=OwnFiles(allowed_protocols=["file"]),
    )
    pdf: bytes = document.write_pdf()
    return pdf


def _home() -> Path:
    """The folder of the built stylesheet and fonts."""
    found = finders.find(STYLESHEET) or staticfiles_storage.path(STYLESHEET)
    return Path(found).resolve().parent
