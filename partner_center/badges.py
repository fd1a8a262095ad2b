"""States as badges: family and word give icon and tone. Unknown words are grey, never an error.

Tones: quiet (as it should be), teal (under way), amber (you must act), red (failed, refused, late),
ice and indigo (frozen, weaker and stronger), green (reserved), grey (over), dashed (not final).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Badge:
    """What one state looks like."""

    word: str
    icon: str
    tone: str


QUIET = ("circle-check", "quiet")
UNDER_WAY = ("loader-2", "teal")
REFUSED = ("circle-x", "red")
FROZEN = ("lock", "ice")
FROZEN_HARD = ("snowflake", "indigo")
UNKNOWN = ("circle-minus", "grey")
YOU_CONFIRM = ("user-check", "amber")
THEY_CONFIRM = ("loader-2", "teal")

#: Family → word → (icon, tone).
TABLE: dict[str, dict[str, tuple[str, str]]] = {
    "freeze": {
        "Normal": QUIET,
        "Account frozen": FROZEN,
        "Account and resources frozen": FROZEN_HARD,
    },
    "bill": {
        "Estimate": ("hourglass", "dashed"),
        "Unpaid": ("receipt", "amber"),
        "Partially paid": ("circle-half-2", "amber"),
        "Overdue": ("alert-triangle", "red"),
        "Paid": QUIET,
        "No payment due": ("circle-minus", "grey"),
    },
    "package": {
        "Not yet valid": ("clock", "grey"),
        "Valid": QUIET,
        "Used up": ("circle-half-2", "amber"),
        "Expired": ("clock-off", "grey"),
        "Unsubscribed": ("arrow-back-up", "grey"),
    },
    "charge": {
        "Billed": QUIET,
        "Not billed yet": ("hourglass", "dashed"),
    },
    "invoice": {
        "Pending": ("clock", "grey"),
        "Invoiced": QUIET,
        "Returning": UNDER_WAY,
        "Returned": ("arrow-back-up", "grey"),
        "Void": ("ban", "grey"),
    },
    "ticket": {
        "Submitted": ("clock", "grey"),
        "Processing": UNDER_WAY,
        "Completed": QUIET,
        "Rejected": REFUSED,
    },
    "certificate": {
        "Pending upload": ("upload", "amber"),
        "Uploaded": UNDER_WAY,
        "Accepted": QUIET,
        "Rejected": REFUSED,
    },
    "card": {
        "Verifying": ("user-check", "amber"),
        "Valid": QUIET,
        "Failed": REFUSED,
        "Expired": ("clock-exclamation", "amber"),
        "Deleted": ("trash", "grey"),
    },
    "incentive": {
        "Estimated": ("hourglass", "dashed"),
        "Pending confirmation": YOU_CONFIRM,
        "Issuing": UNDER_WAY,
        "Issued": QUIET,
    },
    "earning": {
        "Frozen": FROZEN,
        "In request": UNDER_WAY,
        "Paid": QUIET,
        "Expired": ("clock-off", "grey"),
    },
    "export": {
        "Waiting": ("clock", "grey"),
        "Processing": UNDER_WAY,
        "Completed": QUIET,
        "Failed": REFUSED,
        "Expired": ("clock-off", "grey"),
    },
    "order": {
        "Pending payment": ("receipt", "amber"),
        "Processing": UNDER_WAY,
        "Completed": QUIET,
        "Canceled": ("ban", "grey"),
        "Unsubscribed": ("arrow-back-up", "grey"),
    },
    "resource": {
        "Running": QUIET,
        "Stopped": ("player-pause", "grey"),
        "Frozen": FROZEN_HARD,
        "Expired": ("clock-exclamation", "amber"),
        "Released": ("trash", "grey"),
    },
    "lead": {
        "Pending review": UNDER_WAY,
        "Pre-registered": ("bookmark", "green"),
        "Associated": QUIET,
        "Rejected": REFUSED,
        "Association failed": ("unlink", "red"),
        "Invited": ("send", "teal"),
        "Expired": ("clock-off", "grey"),
        "Withdrawn": ("arrow-back-up", "grey"),
        "Usable": QUIET,
        "Disabled": ("ban", "grey"),
    },
    "reseller_invitation": {
        "Invited": ("send", "teal"),
        "Registered": UNDER_WAY,
        "Associating": UNDER_WAY,
        "Associated": QUIET,
        "Association restricted": ("unlink", "red"),
        "Ignored": ("circle-minus", "grey"),
        "Expired": ("clock-off", "grey"),
        "Withdrawn": ("arrow-back-up", "grey"),
    },
    "authorization": {
        "Pending confirmation": YOU_CONFIRM,
        "Accepted": QUIET,
        "Completed": QUIET,
        "Rejected": REFUSED,
        "Revoked": ("arrow-back-up", "grey"),
        "Canceled": ("ban", "grey"),
        "Pending review": UNDER_WAY,
    },
    "grant": {
        "Authorized": QUIET,
        "Not authorized": UNKNOWN,
    },
    "member": {
        "Normal": QUIET,
        "Valid": QUIET,
        "Handled": QUIET,
        "Locked": ("lock", "red"),
        "Deleted": ("trash", "grey"),
        "Failed": REFUSED,
        "Verifying": UNDER_WAY,
        "Unhandled": ("alert-circle", "amber"),
    },
    "bill_run": {
        "Waiting": ("clock", "grey"),
        "Running": UNDER_WAY,
        "Parked": ("parking", "red"),
        "Done": QUIET,
    },
    "discount": {
        "Not effective": ("clock", "grey"),
        "Pending": ("clock", "grey"),
        "Effective": QUIET,
        "Expired": ("clock-off", "grey"),
        "Canceled": ("ban", "grey"),
    },
    "coupon": {
        "Available": QUIET,
        "Used": ("checks", "grey"),
        "Invalid": ("ban", "grey"),
    },
    "batch": {
        "Waiting": ("clock", "grey"),
        "Running": UNDER_WAY,
        "Completed": QUIET,
    },
    "batch_row": {
        "Waiting": ("clock", "grey"),
        "Done": QUIET,
        "Refused": REFUSED,
    },
    "account": {
        "Active": QUIET,
        "Suspended": ("ban", "red"),
    },
    "access_key": {
        "Enabled": QUIET,
        "Disabled": ("ban", "grey"),
        "Blocked by the operator": ("lock", "red"),
        "Deleted": ("trash", "grey"),
    },
    "realname": {
        "Not authenticated": ("circle-minus", "grey"),
        "Under review": UNDER_WAY,
        "Rejected": REFUSED,
        "Approved": QUIET,
        "Authenticated": QUIET,
        "Replaced": ("arrow-back-up", "grey"),
    },
    "enterprise_member": {
        "Normal": QUIET,
        "Creating": UNDER_WAY,
        "Closing": ("clock", "grey"),
        "Closed": ("ban", "grey"),
        "Registering": UNDER_WAY,
        "To be activated": ("clock", "grey"),
    },
    "trace": {
        "Normal": QUIET,
        "Warning": ("alert-triangle", "amber"),
        "Incident": ("circle-x", "red"),
    },
    "delivery": {
        "Queued": ("clock", "grey"),
        "Sent": QUIET,
        "Read": ("checks", "quiet"),
        "Failed": REFUSED,
    },
}
#: Families that share the words of another.
ALIASES = {"link": "lead", "request": "authorization", "card": "member", "alert": "member"}


def find(family: str, word: str, *, theirs: bool = False) -> Badge:
    """The badge of a state; grey for an unknown one.

    ``theirs``: the other side must confirm, so "Pending confirmation" is teal instead of amber.
    """
    states = TABLE.get(ALIASES.get(family, family), {})
    icon, tone = states.get(word, UNKNOWN)
    if theirs and (icon, tone) == YOU_CONFIRM:
        icon, tone = THEY_CONFIRM
    return Badge(word, icon, tone)
