"""Why metering declines to act."""

from django.utils.translation import gettext_lazy as _

from partner_center.refusals import Refusal


class OtherContent(Refusal):
    """An order line was posted before with other amounts or terms."""

    code = "metering.other_content"
    status = 409
    default_sentence = _("This order line was charged already with other amounts.")
