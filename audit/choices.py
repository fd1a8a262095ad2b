"""Choices of the audit trail (08 §10.8)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from partner_center.actors import Door

#: Resource type and source of every customer-related channel operation (08-CTS-02).
RESOURCE_TYPE = "csbchannelsales"
TRACE_SOURCE = "CSB"


class TraceName(TextChoices):
    """The six traced operations; the names are emitted letter for letter (08-CTS-02)."""

    INVITE = "addBpInviteTraceLog", _("Invite customer to associate with partner")
    ENTER = "customerEnter", _("Invite customer to create an account and associate")
    AUTHORIZE = "confirmCustomerAgentAuthorizationApply", _("Confirm authorization")
    UNBIND = (
        "applyUnbindOrSwitchCooperation",
        _("Request disassociation or association-mode change"),
    )
    REVIEW = "approvePartnerOrCustomerApply", _("Review/approve a request")
    PAY = "applyPartnerPayment", _("Partner applies for unified payment")


class TraceStatus(TextChoices):
    """How the traced operation ended (08-CTS-06)."""

    NORMAL = "normal", _("Normal")
    WARNING = "warning", _("Warning")
    INCIDENT = "incident", _("Incident")


class TraceType(TextChoices):
    """Through which door the traced operation came (08-CTS-09)."""

    CONSOLE = "ConsoleAction", _("ConsoleAction")
    API = "ApiCall", _("ApiCall")
    SYSTEM = "SystemAction", _("SystemAction")


#: Trace type of each door of the portal.
TYPE_OF_DOOR = {
    Door.PAGE: TraceType.CONSOLE,
    Door.API: TraceType.API,
    Door.ADMIN: TraceType.SYSTEM,
    Door.JOB: TraceType.SYSTEM,
}


class TimeRange(TextChoices):
    """Time ranges of the Trace List (08-CTS-05)."""

    HOUR = "1h", _("Last 1 hour")
    DAY = "1d", _("Last 1 day")
    WEEK = "1w", _("Last 1 week")
    CUSTOM = "custom", _("Customize")
