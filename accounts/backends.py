"""How people are known: account sign-in and IAM-user sign-in (01-LGN-01, 02-LGN-01 to 05)."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from .choices import AccountStatus, UserStatus
from .models import User
from .queries import sign_in


class PortalBackend(BaseBackend):
    """Users of active accounts; nobody else has a session."""

    def authenticate(
        self,
        request: HttpRequest | None,
        *,
        password: str = "",
        login: str = "",
        account: str = "",
        username: str = "",
    ) -> User | None:
        """The user with this password: a main user by ``login``, or a member of ``account``.

        Also a locked one and one of a suspended account: who knows the password may be told, and
        ``services.sessions.refuse_unusable`` tells. An unknown user takes as long as a wrong
        password.
        """
        user = sign_in.find_main_user(login) if login else sign_in.find_member(account, username)
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) else None

    def get_user(self, user_id: int) -> User | None:
        """The user of a running session; None ends the session (locked, deleted, suspended)."""
        return (
            User.objects.select_related("account__terms")
            .filter(
                pk=user_id,
                status=UserStatus.NORMAL,
                account__status=AccountStatus.ACTIVE,
            )
            .first()
        )
