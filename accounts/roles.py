"""What the system-defined roles hold (02-ORG-05).

Admin holds everything of its audience. The others are lists of permission codes, to which each app
adds its own with :func:`grant` in its permissions module; rows of the role table never hold them, so
that a new permission reaches every partner at once.
"""

from __future__ import annotations

from partner_center import permissions
from partner_center.permissions import Audience

from .choices import SystemRole

_granted: dict[SystemRole, set[str]] = {role: set() for role in SystemRole}


def grant(role: SystemRole, *codes: str) -> None:
    """Let a system role (not Admin, which holds all) hold these permissions."""
    _granted[role].update(codes)


def permissions_of(role: SystemRole, audience: Audience) -> frozenset[str]:
    """The permissions that a system role holds in an account of this audience."""
    if role == SystemRole.ADMIN:
        return permissions.codes(audience)
    return (frozenset(_granted[role]) & permissions.codes(audience)) | permissions.default_codes(
        audience
    )
