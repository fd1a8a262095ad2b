"""Why metering declines to act."""

from django.utils.translation import gettext_lazy as _

from partner_center.refusals import Refusal


class OtherContent(Refusal):
    """An order line was posted before with other amounts or terms."""

    code = "metering.other_content"
    status = 409
    default_sentence = _("This order line was charged already with other amounts.")


class TooManyRecords(Refusal):
    """An export would hold more than 5,000,000 records (04-EXD-03, D-49)."""

    code = "metering.too_many_records"
    default_sentence = _(
        "More than 5,000,000 records match, which is the most that one export holds. "
        "No task was created. Choose a shorter time or narrow the filters."
    )


class TooManyMembers(Refusal):
    """An enterprise of more than 1,000 members names one of them (API CBC.18000048)."""

    code = "metering.too_many_members"
    default_sentence = _("The enterprise has more than 1,000 members. Name one of them.")


class WrongFormat(Refusal):
    """A file is none of the format that was named."""

    code = "metering.wrong_format"
    default_sentence = _("The file is not in this format.")


class DamagedFile(Refusal):
    """A file ends before its content does, or cannot be unpacked."""

    code = "metering.damaged_file"

    def __init__(self, reason: str) -> None:
        super().__init__(
            _(
                "The file is damaged: %(reason)s. What was read until there is taken in; send the "
                "whole file again to go on."
            )
            % {"reason": reason}
        )


class OtherFormat(Refusal):
    """The source sends records in another format."""

    code = "metering.other_format"

    def __init__(self, source: str, kind: str) -> None:
        super().__init__(
            _("The source “%(source)s” sends records in the format %(kind)s.")
            % {"source": source, "kind": kind},
            field="source",
        )


class SourceInactive(Refusal):
    """The operator has stopped a source."""

    code = "metering.source_inactive"

    def __init__(self, source: str) -> None:
        super().__init__(
            _("The source “%(source)s” accepts no records.") % {"source": source}, field="source"
        )


class WrongMap(Refusal):
    """A map of sub-accounts cannot be read or names customers that do not exist."""

    code = "metering.wrong_map"


class CycleNotOver(Refusal):
    """A billing cycle can only be closed when it is over."""

    code = "metering.cycle_not_over"
    default_sentence = _("The billing cycle is not over yet.")


class TooLarge(Refusal):
    """A batch holds more than one request may bring."""

    code = "metering.too_large"
    status = 413


class OtherBatch(Refusal):
    """The ID of a batch was used before for other content."""

    code = "metering.other_batch"
    status = 409
    default_sentence = _("This batch ID was used before with other content.")
