"""Refusals: access keys."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center.refusals import Refusal


class TooManyKeys(Refusal):
    """The user has as many access keys as allowed."""

    code = "accounts.access_key.too_many"

    def __init__(self, username: str, limit: int) -> None:
        super().__init__(
            _(
                "No key was created: %(user)s already has %(limit)d access keys. "
                "Delete one of them first."
            )
            % {"user": username, "limit": limit},
            field="user",
        )


class KeyOfWiderUser(Refusal):
    """The key would act with permissions that its maker does not hold."""

    code = "accounts.access_key.wider_user"

    def __init__(self, username: str) -> None:
        super().__init__(
            _(
                "No key was created: %(user)s may do or see more than you, and the key would act with "
                "these permissions. Ask %(user)s or an administrator to create it."
            )
            % {"user": username},
            field="user",
        )


class KeyBlocked(Refusal):
    """The operator blocked the key: only the operator ends that."""

    code = "accounts.access_key.blocked"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was changed: the operator has blocked this access key. Ask the operator, "
                "or delete it and create another one."
            )
        )
