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
