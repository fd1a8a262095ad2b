"""The upload validator and the answer that carries a private file."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
import xlsxwriter
from django import forms
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from partner_center.refusals import NotFound
from partner_center.uploads import (
    EXPENDITURE_BILL,
    LOGO,
    MEGABYTE,
    PDF,
    XLSX,
    CheckedFileField,
    UploadRefused,
    UploadRules,
    check_upload,
    open_private,
    send_file,
)

FORMATS = {"png": "PNG", "jpg": "JPEG", "bmp": "BMP"}


def picture(extension: str = "png", size: tuple[int, int] = (90, 90)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, FORMATS[extension])
    return out.getvalue()


def upload(content: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    file = SimpleUploadedFile("x", content)
    file._name = name  # as a hostile client sends it
    return file


def refused(content: bytes, name: str = "logo.png", rules: UploadRules = LOGO) -> str:
    with pytest.raises(UploadRefused) as refusal:
        check_upload(upload(content, name), rules)
    return refusal.value.sentence


@pytest.mark.requirement("01-HCPN-04", "01-BAS-01")
@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("size", [(90, 90), (230, 90), (1, 1)])
def test_logo_within_the_limits_is_taken(extension, size):
    file = upload(picture(extension, size), f"My logo (2).{extension.upper()}")
    assert check_upload(file, LOGO).extension == extension
    assert file.tell() == 0


@pytest.mark.requirement("01-HCPN-04")
@pytest.mark.parametrize("size", [(231, 90), (230, 91), (90, 230)])
def test_larger_logo_is_refused_with_its_size_and_the_limits(size):
    words = refused(picture(size=size))
    assert f"{size[0]} x {size[1]} px" in words
    assert "230 px wide and 90 px high" in words


@pytest.mark.requirement("01-HCPN-04")
@pytest.mark.parametrize("character", "!:\"'@#%&^*~<>|?$")
def test_forbidden_characters_of_the_name_are_named(character):
    assert f"contains {character}." in refused(picture(), f"lo{character}go.png")


@pytest.mark.parametrize(
    "name", ["../logo.png", "a/b.png", ".png", "lo\x00go.png", "lo\u202ego.png"]
)
def test_names_that_are_paths_or_tricks_are_refused(name):
    assert "Rename it" in refused(picture(), name)


def test_long_name_is_refused():
    assert "128 characters" in refused(picture(), "x" * 125 + ".png")


@pytest.mark.requirement("01-HCPN-04")
def test_too_many_bytes_are_refused():
    assert "4 MB" in refused(picture() + b"\0" * 4 * MEGABYTE)


def test_empty_file_is_refused():
    assert "empty" in refused(b"")


@pytest.mark.requirement("01-HCPN-04")
@pytest.mark.parametrize(
    "content",
    [b"<svg onload=alert(1)>", b"<html>", b"MZ\x90\0", b"GIF89a" + b"\0" * 20, b"%PDF-1.7\n"],
)
def test_type_is_read_from_the_content(content):
    assert "none of these types: JPG, BMP, PNG" in refused(content)


def test_name_and_content_must_agree():
    assert "is a JPG" in refused(picture("jpg"), "logo.png")


@pytest.mark.parametrize("extension", FORMATS)
def test_damaged_picture_is_refused(extension):
    content = picture(extension, (80, 80))
    words = refused(content[: len(content) // 2], f"logo.{extension}")
    assert "damaged" in words


def _bomb(side: int) -> bytes:
    """A PNG of a few bytes that says it is a square of so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [7_000, 60_000])
def test_decompression_bomb_is_refused_before_it_is_unpacked(side):
    unlimited = UploadRules(LOGO.kinds, MEGABYTE)
    assert "more than 40,000,000 pixels" in refused(_bomb(side), rules=unlimited)


def test_document_rules_take_documents():
    rules = UploadRules((PDF,), MEGABYTE)
    assert check_upload(upload(b"%PDF-1.7\n%", "letter.pdf"), rules) is PDF


@pytest.mark.requirement("05-INV-03")
def test_a_bill_is_taken_as_the_portal_exports_it():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        book.add_worksheet().write(0, 0, "Bill")
    assert check_upload(upload(content.getvalue(), "Bills.xlsx"), EXPENDITURE_BILL) is XLSX


class LogoForm(forms.Form):
    logo = CheckedFileField(rules=LOGO)


def test_form_field_stores_under_a_random_name():
    names = set()
    for _number in range(2):
        form = LogoForm(files={"logo": upload(picture(), "Our logo.png")})
        assert form.is_valid()
        file = form.cleaned_data["logo"]
        assert file.original_name == "Our logo.png"
        assert len(file.name) == 36 and file.name.endswith(".png")
        names.add(file.name)
    assert len(names) == 2


def test_form_field_shows_the_rules_and_the_reason():
    form = LogoForm(files={"logo": upload(b"<svg>", "logo.svg")})
    assert "none of these types" in form.errors["logo"][0]
    hint = form.fields["logo"].help_text
    assert hint == "JPG, BMP, PNG, up to 4 MB; at most 230 px wide and 90 px high."
    assert 'accept=".bmp,.jpeg,.jpg,.png"' in str(form["logo"])


@pytest.mark.parametrize(
    ("name", "inline", "disposition"),
    [
        ("logo.png", True, "inline"),
        ("logo.png", False, "attachment"),
        ("page.html", True, "attachment"),
        ("drawing.svg", True, "attachment"),
    ],
)
def test_only_pictures_show_inline(name, inline, disposition):
    answer = send_file(ContentFile(b"x"), name, inline=inline)
    assert answer["Content-Disposition"].startswith(disposition)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_file_names_cannot_break_out_of_the_header():
    answer = send_file(ContentFile(b"x"), 'a"; filename="evil.exe.csv')
    disposition = answer["Content-Disposition"]
    assert disposition == 'attachment; filename="a\\"; filename=\\"evil.exe.csv"'
    answer = send_file(ContentFile(b"x"), "a\r\nSet-Cookie: x=1.csv")
    assert not {"\r", "\n"} & set(answer["Content-Disposition"])


def test_missing_file_is_not_found(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with pytest.raises(NotFound):
        open_private("exports/1/none.csv")
    default_storage.save("exports/1/some.csv", ContentFile(b"x"))
    with open_private("exports/1/some.csv") as file:
        assert file.read() == b"x"
