"""How people are known: account sign-in and IAM-user sign-in (01-LGN-01, 02-LGN-01 to 05)."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend

from .choices import AccountStatus, UserStatus
from .models import User


class PortalBackend(BaseBackend):
    """Users of active accounts; nobody else has a session."""

    def get_user(self, user_id: int) -> User | None:
        """The user of a running session; None ends the session (locked, deleted, suspended)."""
        return (
            User.objects.select_related("account")
            .filter(
                pk=user_id,
                status=UserStatus.NORMAL,
                account__status=AccountStatus.ACTIVE,
            )
            .first()
        )
