"""Refusals of invitations, links and campaigns."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center.refusals import Refusal


class DevelopmentOff(Refusal):
    """The operator has not let this distributor develop customers (06-DPR-01)."""

    code = "customers.development.off"
    status = 403
    default_sentence = gettext_lazy(
        "Your account does not have the customer development permission. Contact your ecosystem "
        "manager to apply for it."
    )


class ReferralOff(Refusal):
    """The partner may associate customers in the Reseller model only (04-TM-03, 07-RTM)."""

    code = "customers.invitation.referral_off"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was changed: your account may invite customers in the Reseller model only. "
                "Contact your ecosystem manager to apply for the Referral model."
            ),
            field="model",
        )


class NotReserved(Refusal):
    """Only customers with a valid pre-registration are invited by e-mail (04-INV-01)."""

    code = "customers.invitation.not_reserved"
    default_sentence = gettext_lazy(
        "No invitation was sent: only customers with the status Pre-registered can be invited by "
        "email. Preregister the customer first."
    )


class NotExpired(Refusal):
    """Resend Invite is for expired invitations (04-HIS-04)."""

    code = "customers.invitation.not_expired"

    def __init__(self, state: str) -> None:
        super().__init__(
            _(
                "No invitation was sent: its status is %(state)s. Only expired invitations can be "
                "sent again."
            )
            % {"state": state}
        )


class OnlyCustomTag(Refusal):
    """Resellers give their links a custom tag and nothing else (07-RLNK-04)."""

    code = "customers.link.only_custom_tag"

    def __init__(self) -> None:
        super().__init__(
            _("No link was generated: resellers generate links with a custom tag only."),
            field="tagging",
        )


class NoManagerChosen(Refusal):
    """Dedicated asks for an account manager whom the actor may choose (D-35)."""

    code = "customers.link.no_manager"

    def __init__(self) -> None:
        super().__init__(
            _("No link was generated: choose an account manager or account director of yours."),
            field="manager",
        )


class LinkDisabled(Refusal):
    """A link is disabled once; only customized ones can be."""

    code = "customers.link.disabled"
    default_sentence = gettext_lazy("Nothing was changed: this link is disabled already.")


class CampaignOver(Refusal):
    """Links of a promotion exist while it runs (04-LNK-09)."""

    code = "customers.campaign.over"
    default_sentence = gettext_lazy(
        "No link was generated: this promotion is not running. Reload the page to see the "
        "promotions that run now."
    )


class CampaignNameTaken(Refusal):
    """Two campaigns never share a name."""

    code = "customers.campaign.name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("There is a campaign with the name %(name)s already.") % {"name": name},
            field="name",
        )


class CampaignDates(Refusal):
    """A campaign ends after it starts, and does not end in the past."""

    code = "customers.campaign.dates"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, field="ends_at")


class CampaignEnded(Refusal):
    """What has ended does not change any more, and what has not started is not ended."""

    code = "customers.campaign.ended"
    default_sentence = gettext_lazy(
        "Nothing was changed: this campaign is not running. Change the dates of one that has not "
        "started."
    )
