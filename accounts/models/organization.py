"""Roles and who holds them, directors and their managers, contacts for customers (02 §3.1)."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from partner_center.actors import Actor
from partner_center.tenancy import TenantOwned

from ..choices import RoleType, SystemRole


class RoleQuerySet(models.QuerySet):
    """System roles belong to everybody, custom roles to one account."""

    def visible_to(self, actor: Actor) -> Self:
        """The four system roles and the account's own."""
        return self.filter(models.Q(account=None) | models.Q(account_id=actor.account_id))


class Role(models.Model):
    """A named set of permissions. System roles have no account and take their set from code."""

    account = models.ForeignKey(
        settings.TENANT_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    system_code = models.CharField(
        max_length=16, choices=SystemRole, blank=True, editable=False, default=""
    )
    name = models.CharField(_("role name"), max_length=64)
    description = models.CharField(_("role description"), max_length=255, blank=True)
    permissions = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    created_at = models.DateTimeField(null=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("account", Lower("name"), name="role_name_unique_in_account"),
            models.UniqueConstraint(
                fields=["system_code"],
                condition=~models.Q(system_code=""),
                name="role_system_code_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(account=None, system_code__gt="")
                | models.Q(account__isnull=False, system_code=""),
                name="role_system_or_owned",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def type(self) -> RoleType:
        """System-defined or custom."""
        return RoleType.SYSTEM if self.system_code else RoleType.CUSTOM


class RoleAssignment(TenantOwned):
    """A user holds a role; one to three each (02-ORG-01)."""

    user = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="role_assignments"
    )
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="assignments")
    assigned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="role_assigned_once_per_user")
        ]

    def __str__(self) -> str:
        return f"{self.user} holds {self.role}"


class DirectorLink(TenantOwned):
    """An account director manages an account manager, from … to (02-ORG-08)."""

    director = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    manager = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["manager"],
                condition=models.Q(ended_at=None),
                name="director_link_one_open_per_manager",
            ),
            models.CheckConstraint(
                condition=~models.Q(director=models.F("manager")),
                name="director_link_not_to_oneself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.director} directs {self.manager}"


class CustomerContact(TenantOwned):
    """A contact of the partner, shown to its customers (02-CON-01 to 06); five at most."""

    name = models.CharField(_("name"), max_length=64)
    mobile = models.CharField(_("mobile number"), max_length=20)
    email = models.EmailField(_("email"))
    office_phone = models.CharField(_("office phone"), max_length=32, blank=True)
    remarks = models.CharField(_("remarks"), max_length=255, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
