"""Who signs in: the main user of an account and its organization members."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from partner_center.tenancy import TenantOwned, TenantQuerySet

from ..choices import Theme, UserStatus

if TYPE_CHECKING:
    from partner_center.actors import Actor


def new_user_uid() -> str:
    """A random user ID: 32 hexadecimal digits."""
    return secrets.token_hex(16)


class UserQuerySet(TenantQuerySet):
    """Users of accounts."""

    def present(self) -> UserQuerySet:
        """Users that were not deleted."""
        return self.exclude(status=UserStatus.DELETED)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Users are made by services only (accounts.services.members, .registration)."""


class User(AbstractBaseUser, TenantOwned):
    """A person of an account. The main user *is* the account's administrator and cannot be deleted.

    Members are known by account and username, so usernames repeat between accounts (02-LGN-05);
    ``uid`` is the technical identity. A deleted user stays, for the history (02-USR-14).
    """

    uid = models.CharField(max_length=32, unique=True, default=new_user_uid, editable=False)
    username = models.CharField(_("username"), max_length=64)
    is_main = models.BooleanField(default=False, editable=False)
    name = models.CharField(_("name"), max_length=64, blank=True)
    mobile = models.CharField(_("mobile number"), max_length=20, blank=True)
    email = models.EmailField(_("email"), blank=True)
    office_phone = models.CharField(_("office phone"), max_length=32, blank=True)
    status = models.CharField(max_length=16, choices=UserStatus, default=UserStatus.NORMAL)
    must_change_password = models.BooleanField(default=False)
    #: Part of the session hash: counting it up ends all running sessions of the user.
    session_epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.SYSTEM)
    #: Chosen columns, page sizes, folded menu groups: {"lists": {"members": {"columns": […]}}}.
    preferences = models.JSONField(default=dict, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "uid"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "account",
                Lower("username"),
                condition=~models.Q(status="deleted"),
                name="user_username_unique_in_account",
            ),
            models.UniqueConstraint(
                "account",
                Lower("email"),
                condition=~models.Q(status="deleted") & ~models.Q(email=""),
                name="user_email_unique_in_account",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(is_main=True),
                name="user_one_main_per_account",
            ),
            models.CheckConstraint(
                condition=models.Q(is_main=False) | models.Q(status="normal"),
                name="user_main_is_never_locked_or_deleted",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """What the admin's theme prints for the signed-in user."""
        return str(self)

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Django's word for: may sign in."""
        return self.status == UserStatus.NORMAL

    @property
    def is_staff(self) -> bool:
        """May enter the operator's admin; what it may do there is asked per permission."""
        return self.account.is_operator and self.is_active

    #: Set by ActorMiddleware for the running request.
    actor: Actor

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's admin asks; PortalModelAdmin answers by permission, nothing else is granted."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the admin shows the app; each PortalModelAdmin decides for itself."""
        return self.is_staff

    def get_session_auth_hash(self) -> str:
        """Session hash over the epoch: a service that ends sessions counts it up.

        The password is no part of it: a user who changes it may keep its other devices signed in
        (01-PWD-04).
        """
        return self._get_session_auth_hash()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        from django.utils.crypto import salted_hmac

        return salted_hmac(
            "accounts.User.session",
            f"{self.uid}:{self.session_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()
