"""What to do about a failed association: advice for the partner, remedy for the customer.

The causes themselves are ``choices.FailureCause``. The advice is that of 04 §8.2.2.4 (D-36 adds whom
to ask where sending the e-mail again cannot help).
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .choices import FailureCause

_RESEND = _("Send the invitation email again.")
_NEVER = _("The customer cannot be associated with a partner in this condition.")
_NEVER_RESELLER = _("The customer cannot be associated in the Reseller model.")
_SUGGEST_RESELLER = _("Suggest the Reseller model to the customer.")
_TICKET = _("Ask the customer to submit a service ticket or to contact customer service.")

#: What the partner reads beside the cause.
ADVICE: dict[str, str | Promise] = {
    FailureCause.BUSY: _("Contact customer service."),
    FailureCause.NO_LINK: _RESEND,
    FailureCause.LINK_EXPIRED: _RESEND,
    FailureCause.CODE_USED: _RESEND,
    FailureCause.LINK_USED: _RESEND,
    FailureCause.PREPAID_PARTNER: _(
        "Send the invitation email again. If this does not help, contact your ecosystem manager."
    ),
    FailureCause.RESERVED: _NEVER,
    FailureCause.IS_PARTNER: _NEVER,
    FailureCause.OTHER_PARTNER: _NEVER,
    FailureCause.SPECIAL_CONTRACT: _NEVER,
    FailureCause.INTERNAL: _NEVER,
    FailureCause.ENTERPRISE_MASTER: _NEVER_RESELLER,
    FailureCause.ENTERPRISE_MEMBER: _NEVER_RESELLER,
    FailureCause.NO_REFERRAL_TERMS: _SUGGEST_RESELLER,
    FailureCause.NO_REFERRAL_COUNTRY: _SUGGEST_RESELLER,
    FailureCause.CONSUMPTION: _TICKET,
    FailureCause.BALANCE: _TICKET,
    FailureCause.REGISTERED_LONG_AGO: _TICKET,
    FailureCause.OVERDUE: _(
        "Ask the customer to top up the account, repay what is overdue, and then submit a service "
        "ticket or contact customer service."
    ),
    FailureCause.CREDIT_OVERDUE: _(
        "Ask the customer to repay everything that is overdue, and then to submit a service ticket "
        "or to contact customer service."
    ),
    FailureCause.MAINLAND_SITE: _NEVER,
    FailureCause.SERVICE_CONTRACT: _NEVER_RESELLER,
    FailureCause.RESERVED_INSTANCE: _(
        "Ask the customer to unsubscribe from its reserved instances and to try again."
    ),
}

_ASK_PARTNER = _("Ask your partner to send the invitation again.")
_ASK_TICKET = _("Ask the operator to review your case, or contact customer service.")
_NOT_POSSIBLE = _("This account cannot be associated with this partner.")

#: What the customer reads beside the cause (08-CSA-19, Refusals).
REMEDY: dict[str, str | Promise] = {
    FailureCause.BUSY: _("Try again in a few minutes."),
    FailureCause.NO_LINK: _ASK_PARTNER,
    FailureCause.LINK_EXPIRED: _ASK_PARTNER,
    FailureCause.CODE_USED: _ASK_PARTNER,
    FailureCause.LINK_USED: _ASK_PARTNER,
    FailureCause.PREPAID_PARTNER: _("Contact your partner."),
    FailureCause.RESERVED: _("Contact the partner that has registered you."),
    FailureCause.IS_PARTNER: _("Use another account."),
    FailureCause.OTHER_PARTNER: _("Disassociate from your present partner first."),
    FailureCause.SPECIAL_CONTRACT: _NOT_POSSIBLE,
    FailureCause.INTERNAL: _NOT_POSSIBLE,
    FailureCause.ENTERPRISE_MASTER: _("Disassociate all member accounts first."),
    FailureCause.ENTERPRISE_MEMBER: _("Leave the enterprise master first."),
    FailureCause.NO_REFERRAL_TERMS: _("Ask your partner for an invitation in the Reseller model."),
    FailureCause.NO_REFERRAL_COUNTRY: _(
        "Ask your partner for an invitation in the Reseller model."
    ),
    FailureCause.CONSUMPTION: _ASK_TICKET,
    FailureCause.BALANCE: _ASK_TICKET,
    FailureCause.REGISTERED_LONG_AGO: _ASK_TICKET,
    FailureCause.OVERDUE: _(
        "Top up your account and repay what is overdue, then ask for a review."
    ),
    FailureCause.CREDIT_OVERDUE: _("Repay everything that is overdue, then ask for a review."),
    FailureCause.MAINLAND_SITE: _("Use an account of the international site."),
    FailureCause.SERVICE_CONTRACT: _NOT_POSSIBLE,
    FailureCause.RESERVED_INSTANCE: _("Unsubscribe from your reserved instances first."),
}

#: Causes about which the operator may decide otherwise, on the customer's ticket (AF16-AF20, X-03).
REVIEWABLE = frozenset(
    {
        FailureCause.CONSUMPTION,
        FailureCause.BALANCE,
        FailureCause.REGISTERED_LONG_AGO,
        FailureCause.OVERDUE,
        FailureCause.CREDIT_OVERDUE,
    }
)
