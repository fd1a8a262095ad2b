"""The second factor of one user."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes


def is_on(user_id: int) -> bool:
    """Whether sign-in asks for a code of an authenticator app."""
    return Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP).exists()


def recovery_codes_left(user_id: int) -> int:
    """How many recovery codes were not used yet."""
    held = Authenticator.objects.filter(
        user_id=user_id, type=Authenticator.Type.RECOVERY_CODES
    ).first()
    return len(RecoveryCodes(held).get_unused_codes()) if held else 0
