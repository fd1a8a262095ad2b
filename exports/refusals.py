"""Refusals of exports."""

from django.utils.translation import gettext_lazy as _

from partner_center.refusals import Refusal


class UnknownFormat(Refusal):
    """Neither CSV nor XLSX."""

    code = "exports.unknown_format"
    default_sentence = _("Files are written as CSV or XLSX. No export task was created.")


class OnBehalfExport(Refusal):
    """Nobody but the account's own members exports its records."""

    code = "exports.on_behalf"
    status = 403
    default_sentence = _(
        "Records of a customer cannot be exported while you act on its behalf. No export task was "
        "created."
    )


class TooManyTasks(Refusal):
    """One member has too many tasks that wait or run."""

    code = "exports.too_many_tasks"
    default_sentence = _(
        "20 of your export tasks are not finished yet. No further task was created. "
        "Wait for one to finish, or cancel one."
    )


class NotReady(Refusal):
    """Only completed tasks are downloadable (05-EXP-02)."""

    code = "exports.not_ready"
    status = 409
    default_sentence = _("This export is not completed, so there is no file to download.")


class FileExpired(Refusal):
    """The file was kept for seven days."""

    code = "exports.file_expired"
    status = 410
    default_sentence = _("The file was kept for 7 days and is deleted. Export it again.")


class AlreadyFinished(Refusal):
    """Cancel came too late."""

    code = "exports.already_finished"
    status = 409
    default_sentence = _("This export is finished already. Nothing was changed.")


class StillRunning(Refusal):
    """Only failed and expired tasks are repeated."""

    code = "exports.not_repeatable"
    status = 409
    default_sentence = _("Only failed and expired exports are repeated. Nothing was changed.")


class NoLongerPermitted(Refusal):
    """Between the click and the run the member lost the permission or the account."""

    code = "exports.no_longer_permitted"
    default_sentence = _(
        "The member who created this task may no longer export these records, so no file was written."
    )
