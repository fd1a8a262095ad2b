"""Documents on paper: drawn by WeasyPrint from our own files only."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import engines
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from partner_center import paper, uploads
from partner_center.styleguide import samples
from tests.cast import Cast


def test_a_document_shows_its_figures_and_runs_its_foot(caplog: pytest.LogCaptureFixture) -> None:
    lines = samples.invoice() | {"lines": samples.invoice()["lines"] * 20}
    document = PdfReader(io.BytesIO(paper.render_pdf("styleguide/paper.html", lines)))
    text = [page.extract_text() for page in document.pages]
    assert len(text) > 1
    assert "SAMPLE0001" in text[0] and "27,914.338125" in text[0].replace(" ", "")
    assert f"Page 1 of {len(text)}" in text[0] and f"Page {len(text)} of {len(text)}" in text[-1]
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in document.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts and all("Inter" in font for font in fonts), fonts
    assert "cannot be loaded" not in caplog.text, "the machine's own Inter stood in for ours"


def test_a_document_never_reaches_out(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        "weasyprint.urls.request.OpenerDirector.open",
        lambda _self, request, **_more: asked.append(request.full_url),
    )
    source = '<img src="http://127.0.0.1:9/x.png"><img src="file:///etc/passwd"><p>text'
    monkeypatch.setattr(
        paper, "render_to_string", lambda *_a: engines["django"].from_string(source).render()
    )
    assert paper.render_pdf("any.html", {}).startswith(b"%PDF")
    assert asked == []


def test_drawing_does_not_let_damaged_pictures_in() -> None:
    paper.render_pdf("styleguide/paper.html", samples.invoice())
    content = io.BytesIO()
    Image.new("RGB", (80, 80)).save(content, "BMP")
    damaged = SimpleUploadedFile("logo.bmp", content.getvalue()[: content.tell() // 2])
    with pytest.raises(uploads.UploadRefused, match="damaged"):
        uploads.check_upload(damaged, uploads.LOGO)


@pytest.mark.django_db
def test_the_style_page_has_an_invoice_on_paper(cast: Cast, client: Client) -> None:
    client.force_login(cast.olga)
    answer = client.get("/operator/style/invoice.pdf")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
