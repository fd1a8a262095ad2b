"""Uploads: one validator, private storage under random names, one way to send files back.

Nothing of an upload is believed: the type is read from the content, the name is checked and then
only shown, never used for storing. Files leave through views that ask for the actor.
"""

from __future__ import annotations

import secrets
from codecs import getincrementaldecoder
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import filetype
from django import forms
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image

from .refusals import NotFound, Refusal
from .views import PortalView

MEGABYTE = 1024 * 1024
#: What the two screenshots of the specification forbid together (01-HCPN-04).
FORBIDDEN_CHARACTERS = "!:\"'@#%&^*~<>|?$"
NAME_CHARACTERS = 128
HEAD_BYTES = 8192
#: No page needs a larger picture; anything above is refused before it is unpacked.
MOST_PIXELS = 40_000_000
#: Shown in the browser; everything else is only downloaded.
INLINE_EXTENSIONS = frozenset({"png", "jpg", "bmp"})


@dataclass(frozen=True)
class FileKind:
    """One kind of file: ``extension`` as read from the content, and those its name may have."""

    label: str
    extension: str
    name_extensions: frozenset[str]
    picture_format: str = ""  # Pillow's word, for pictures


JPG = FileKind("JPG", "jpg", frozenset({"jpg", "jpeg"}), "JPEG")
BMP = FileKind("BMP", "bmp", frozenset({"bmp"}), "BMP")
PNG = FileKind("PNG", "png", frozenset({"png"}), "PNG")
GIF = FileKind("GIF", "gif", frozenset({"gif"}), "GIF")
PDF = FileKind("PDF", "pdf", frozenset({"pdf"}))
XLSX = FileKind("XLSX", "xlsx", frozenset({"xlsx"}))
#: Text has no mark of its own: it is CSV when nothing else is and it reads as UTF-8.
CSV = FileKind("CSV", "csv", frozenset({"csv"}))
#: The same check for lines of JSON; packed files tell themselves.
USAGE_TEXT = FileKind("CSV, JSON lines", "csv", frozenset({"csv", "json", "jsonl", "ndjson"}))
GZIP = FileKind("GZIP", "gz", frozenset({"gz"}))
ZIP = FileKind("ZIP", "zip", frozenset({"zip"}))


@dataclass(frozen=True)
class UploadRules:
    """What one field takes. ``width`` and ``height`` are the most pixels of a picture."""

    kinds: tuple[FileKind, ...]
    most_bytes: int
    width: int | None = None
    height: int | None = None

    @property
    def words(self) -> str:
        """The rules as a hint under the field."""
        parts = [_("%(kinds)s, up to %(size)s") % self._values]
        if self.width and self.height:
            parts.append(_("at most %(width)s px wide and %(height)s px high") % self._values)
        return f"{'; '.join(parts)}."

    @property
    def _values(self) -> dict[str, Any]:
        return {
            "kinds": ", ".join(kind.label for kind in self.kinds),
            "size": filesizeformat(self.most_bytes).replace("\xa0", " ").replace(".0 ", " "),
            "width": self.width,
            "height": self.height,
        }


#: Company trademark: a square of 90 x 90 pixels, or a rectangle of at most 230 x 90 (01-HCPN-04).
LOGO = UploadRules((JPG, BMP, PNG), 4 * MEGABYTE, width=230, height=90)
#: Scans of certificates for real-name authentication (API B.50 to B.52).
CERTIFICATE = UploadRules((JPG, BMP, PNG, GIF, PDF), 10 * MEGABYTE)
#: What comes with a service ticket (05 §8.4.1.6, INV-03, INV-04).
TICKET = UploadRules((JPG, PNG, PDF, ZIP), 5 * MEGABYTE)
#: The expenditure bill, as the portal exports it or as a picture (05-INV-03).
EXPENDITURE_BILL = UploadRules((XLSX, CSV, JPG, PNG, PDF, ZIP), 5 * MEGABYTE)
#: Certificates of tax authorities (06-DIV-01).
TAX_CERTIFICATE = UploadRules((PDF, JPG, PNG), 20 * MEGABYTE)
#: Documents that the operator offers.
DOCUMENT = UploadRules((PDF,), 20 * MEGABYTE)
#: Tables that the operator loads.
TABLE = UploadRules((CSV,), 10 * MEGABYTE)
#: Files of usage records.
USAGE = UploadRules((USAGE_TEXT, GZIP), 1024 * MEGABYTE)


class UploadRefused(Refusal):
    """The file is not what the field takes."""

    code = "uploads.refused"


def check_upload(upload: UploadedFile, rules: UploadRules) -> FileKind:
    """The kind of the file. Raises UploadRefused with the reason and the allowed values.

    The file is left at its start.
    """
    extension = _check_name(upload.name or "")
    size = upload.size or 0
    if size == 0:
        raise UploadRefused(_("The file is empty. Choose another one."))
    if size > rules.most_bytes:
        raise UploadRefused(
            _("The file is larger than %(most)s. Choose a smaller one.")
            % {"most": rules._values["size"]}
        )
    kind = _kind_of(upload, rules)
    if extension not in kind.name_extensions:
        raise UploadRefused(
            _("The file is a %(kind)s, but its name ends with “.%(extension)s”. Rename it.")
            % {"kind": kind.label, "extension": extension}
        )
    if kind.picture_format:
        _check_picture(upload, kind, rules)
    upload.seek(0)
    return kind


def _check_name(name: str) -> str:
    """The extension, in lower case."""
    found = sorted({c for c in name if c in FORBIDDEN_CHARACTERS})
    if found:
        raise UploadRefused(
            _("The file name contains %(found)s. It must not contain any of %(forbidden)s")
            % {"found": " ".join(found), "forbidden": " ".join(FORBIDDEN_CHARACTERS)}
        )
    if not name.isprintable() or name.startswith(".") or PurePath(name).name != name:
        raise UploadRefused(_("The file name contains characters that cannot be shown. Rename it."))
    if len(name) > NAME_CHARACTERS:
        raise UploadRefused(
            _("The file name is longer than %(most)s characters. Rename it.")
            % {"most": NAME_CHARACTERS}
        )
    return PurePath(name).suffix.removeprefix(".").lower()


def _kind_of(upload: UploadedFile, rules: UploadRules) -> FileKind:
    upload.seek(0)
    head = upload.read(HEAD_BYTES)
    guessed = filetype.guess_extension(head) or ("csv" if _is_text(head) else None)
    for kind in rules.kinds:
        if kind.extension == guessed:
            return kind
    raise UploadRefused(
        _("The content of the file is none of these types: %(kinds)s.") % rules._values
    )


def _is_text(head: bytes) -> bool:
    """Whether it reads as UTF-8, but for a character that the end of the head cuts."""
    try:
        getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return b"\0" not in head


def _check_picture(upload: UploadedFile, kind: FileKind, rules: UploadRules) -> None:
    """Measure before unpacking, then unpack: a broken or disguised picture does not pass."""
    try:
        upload.seek(0)
        with Image.open(upload, formats=[kind.picture_format]) as picture:
            _check_pixels(picture.width, picture.height, rules)
            picture.verify()
        upload.seek(0)
        with Image.open(upload, formats=[kind.picture_format]) as picture:
            picture.load()
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise UploadRefused(
            _("The picture is damaged and cannot be opened. Choose another one.")
        ) from error


def _check_pixels(width: int, height: int, rules: UploadRules) -> None:
    too_wide = rules.width is not None and width > rules.width
    too_high = rules.height is not None and height > rules.height
    if too_wide or too_high:
        raise UploadRefused(
            _(
                "The picture is %(own)s px. It may be at most %(width)s px wide and %(height)s px high."
            )
            % {"own": f"{width} x {height}", "width": rules.width, "height": rules.height}
        )
    if width * height > MOST_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> UploadRefused:
    return UploadRefused(
        _("The picture has more than %(most)s pixels. Choose a smaller one.")
        % {"most": f"{MOST_PIXELS:,}"}
    )


def random_name(kind: FileKind) -> str:
    """A name to store a file by, which tells nothing and cannot be guessed."""
    return f"{secrets.token_hex(16)}.{kind.extension}"


class CheckedFileField(forms.FileField):
    """A file field with upload rules. The cleaned file carries a random name.

    ``original_name`` of the cleaned file is what the user called it.
    """

    def __init__(self, *args: Any, rules: UploadRules, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", rules.words)
        super().__init__(*args, **kwargs)
        self.rules = rules
        self.widget.attrs["accept"] = ",".join(_accepted(rules.kinds))

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The checked file. Raises ValidationError with the sentence of the refusal."""
        upload = super().clean(data, initial)
        if not isinstance(upload, UploadedFile):
            return upload
        try:
            kind = check_upload(upload, self.rules)
        except UploadRefused as refusal:
            raise ValidationError(refusal.sentence, code=refusal.code) from refusal
        upload.original_name = upload.name  # type: ignore[attr-defined]
        upload.name = random_name(kind)
        return upload


def _accepted(kinds: Iterable[FileKind]) -> list[str]:
    return sorted(f".{extension}" for kind in kinds for extension in kind.name_extensions)


def open_private(name: str) -> File:
    """A file of the private storage. Raises NotFound when it is not there."""
    try:
        return default_storage.open(name)
    except FileNotFoundError:
        raise NotFound from None


def send_file(content: File, name: str, *, inline: bool = False) -> FileResponse:
    """The answer that carries a private file. Pictures may show inline, all else is downloaded."""
    may_show = inline and PurePath(name).suffix.removeprefix(".").lower() in INLINE_EXTENSIONS
    response = FileResponse(content, as_attachment=not may_show, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


class PrivateFileView(PortalView):
    """Sends one private file to those who may see it.

    Subclasses say which file: :meth:`find_file` raises NotFound for a missing or foreign one.
    """

    inline = False

    def find_file(self, **kwargs: Any) -> tuple[File, str]:
        """The open file and the name that the user sees."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> FileResponse:
        """Send the file."""
        content, name = self.find_file(**kwargs)
        return send_file(content, name, inline=self.inline)
