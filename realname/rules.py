"""What an application must look like: pure decisions over plain values."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from .choices import EnterpriseCertificate, Identity, PersonalCertificate

NUMBER_LENGTH = 64
_SHOWN = 4
#: A passport has six letters and digits at least; the permits eight.
_PASSPORT = re.compile(r"[A-Z0-9]{6,20}")
_PERMIT = re.compile(r"[A-Z0-9]{8,20}")
_ORGANISATION = re.compile(r"[A-Z0-9][A-Z0-9./-]{3,63}")


def normal_number(number: str) -> str:
    """The number as it is kept and compared: capitals, no spaces."""
    return re.sub(r"\s+", "", number).upper()


def is_plausible(identity: int, certificate: int, number: str) -> bool:
    """Whether a certificate of this kind can have this number (already normal)."""
    if identity == Identity.ENTERPRISE:
        return bool(_ORGANISATION.fullmatch(number)) and any(c.isdigit() for c in number)
    pattern = _PASSPORT if certificate == PersonalCertificate.PASSPORT else _PERMIT
    return bool(pattern.fullmatch(number)) and any(c.isdigit() for c in number)


def is_name(name: str) -> bool:
    """Whether a name holds a letter: not only digits, spaces or symbols (API B.51)."""
    return any(character.isalpha() for character in name)


def mask_number(number: str) -> str:
    """``P1234567A`` becomes ``****567A``; short numbers only stars."""
    return f"****{number[-_SHOWN:]}" if len(number) > 2 * _SHOWN else "****"


def scan_labels(identity: int, certificate: int, *, with_person: bool) -> list[str]:
    """What the scans show, in the prescribed order (API B.50, B.51)."""
    if identity == Identity.INDIVIDUAL:
        if certificate == PersonalCertificate.PASSPORT:
            return [_("Page with the personal data"), _("Holder with the passport in hand")]
        return [_("Front"), _("Back"), _("Holder with the permit in hand")]
    pages = [_("Certificate, front"), _("Certificate, back")]
    if with_person:
        pages += [
            _("Person’s ID, portrait side"),
            _("Person’s ID, emblem side"),
        ]
    return pages


def scan_counts(identity: int, certificate: int, *, with_person: bool) -> range:
    """How many scans may come: all; only the back of a certificate may lack, when it is the last."""
    most = len(scan_labels(identity, certificate, with_person=with_person))
    may_lack = identity == Identity.ENTERPRISE and not with_person
    return range(most - int(may_lack), most + 1)


def certificate_label(identity: int, certificate: int) -> str:
    """The certificate in words; the figure itself when nobody knows it."""
    kinds = PersonalCertificate if identity == Identity.INDIVIDUAL else EnterpriseCertificate
    return str(dict(kinds.choices).get(certificate, certificate))


def certificates_of(identity: int) -> Sequence[tuple[int, str]]:
    """The certificates that an individual, or an enterprise, can show."""
    kinds = PersonalCertificate if identity == Identity.INDIVIDUAL else EnterpriseCertificate
    return [(int(value), str(label)) for value, label in kinds.choices]
