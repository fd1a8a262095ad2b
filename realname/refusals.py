"""Refusals of real-name authentication: the sentences that people read."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partner_center.refusals import Refusal


class UnderReview(Refusal):
    """One application at a time."""

    code = "realname.under_review"

    def __init__(self) -> None:
        super().__init__(
            _(
                "An application is under review already. Wait for the decision before you apply again."
            )
        )


class AlreadyAuthenticated(Refusal):
    """Authentication does not change, but from individual to enterprise."""

    code = "realname.authenticated"

    def __init__(self) -> None:
        super().__init__(_("This account has passed real-name authentication already."))


class NotIndividual(Refusal):
    """Only an individual can be changed to an enterprise."""

    code = "realname.not_individual"

    def __init__(self) -> None:
        super().__init__(
            _("Only an account that is authenticated as an individual can change to an enterprise.")
        )


class CannotBeReviewed(Refusal):
    """The account is suspended, or is no customer."""

    code = "realname.cannot_be_reviewed"

    def __init__(self) -> None:
        super().__init__(
            _("This account cannot be reviewed: it is suspended or is no customer account.")
        )


class TooManyAttempts(Refusal):
    """The day's applications of this account are used up."""

    code = "realname.too_many_attempts"

    def __init__(self, most: int) -> None:
        text = ngettext(
            "This account has applied %(most)d time within 24 hours. Try again tomorrow.",
            "This account has applied %(most)d times within 24 hours. Try again tomorrow.",
            most,
        )
        super().__init__(text % {"most": most})


class CertificateUsedTooOften(Refusal):
    """As many accounts as allowed are authenticated with this certificate."""

    code = "realname.used_too_often"

    def __init__(self, most: int) -> None:
        text = ngettext(
            "This certificate is used by %(most)d other account already, which is the limit.",
            "This certificate is used by %(most)d other accounts already, which is the limit.",
            most,
        )
        super().__init__(text % {"most": most}, field="number")


class CertificateBarred(Refusal):
    """The operator accepts this certificate no more."""

    code = "realname.barred"

    def __init__(self) -> None:
        super().__init__(
            _("This certificate cannot be used. Contact the operator’s customer service."),
            field="number",
        )


class CertificateCheckFailed(Refusal):
    """A certificate of this kind has no such number."""

    code = "realname.check_failed"

    def __init__(self) -> None:
        super().__init__(
            _("This is not a number of this kind of certificate. Check both."), field="number"
        )


class NameRefused(Refusal):
    """A name needs letters."""

    code = "realname.name"

    def __init__(self) -> None:
        super().__init__(
            _("Enter the name as the certificate shows it, not only digits, spaces or symbols."),
            field="name",
        )


class WrongScans(Refusal):
    """Another number of scans than this certificate has."""

    code = "realname.scans"

    def __init__(self, wanted: list[str]) -> None:
        super().__init__(
            _("Send these scans, in this order: %(scans)s.") % {"scans": "; ".join(wanted)},
            field="scan_1",
        )


class ScanTooLarge(Refusal):
    """A file is larger than allowed."""

    code = "realname.scan_too_large"

    def __init__(self, name: str) -> None:
        super().__init__(_("%(name)s is larger than 10 MB.") % {"name": name}, field="file")


class ScanOfWrongType(Refusal):
    """A file is none of the types that are taken."""

    code = "realname.scan_type"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s is none of these types: JPG, BMP, PNG, GIF, PDF.") % {"name": name},
            field="file",
        )


class NoSuchScan(Refusal):
    """The address names no unused file of this partner: unknown, foreign, used or expired."""

    code = "realname.no_such_scan"

    def __init__(self, url: str) -> None:
        super().__init__(
            _("%(url)s is not an unused file of yours. Upload it on API Files again.")
            % {"url": url}
        )


class UploadNotEnabled(Refusal):
    """The operator has not let this partner upload certificates."""

    code = "realname.upload_not_enabled"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Uploading certificates is not enabled for your account. "
                "Ask your ecosystem manager for it."
            )
        )


class TooManyFiles(Refusal):
    """So many files wait already."""

    code = "realname.too_many_files"

    def __init__(self, most: int) -> None:
        super().__init__(
            _("%(most)d files wait to be used already. Delete some of them first.") % {"most": most}
        )


class AlreadyDecided(Refusal):
    """Somebody else was quicker."""

    code = "realname.decided"

    def __init__(self) -> None:
        super().__init__(_("Nothing was changed: this application was decided already."))


class OpinionMissing(Refusal):
    """Whoever is rejected must know why."""

    code = "realname.opinion_missing"

    def __init__(self) -> None:
        super().__init__(_("Enter what was wrong, so that it can be put right."), field="opinion")
