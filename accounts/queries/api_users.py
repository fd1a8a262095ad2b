"""Finding the user whom a token names, for doors without a session."""

from __future__ import annotations

from ..choices import AccountStatus, UserStatus
from ..models import User


def find_by_uid(uid: str) -> User | None:
    """The user with this ID, if it and its account may act."""
    return (
        User.objects.select_related("account__terms")
        .filter(uid=uid, status=UserStatus.NORMAL, account__status=AccountStatus.ACTIVE)
        .first()
    )
