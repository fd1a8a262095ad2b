"""Enterprise masters and their member accounts (08-CSA-17, CSA-18; API B.54, B.55)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partner_center.tenancy import TenantOwned

from ..choices import EnterpriseAccounting, MemberAccountStatus
from .account import new_public_id


class EnterpriseUnit(TenantOwned):
    """An organisation unit of an enterprise; ``account`` is the master. The root has no row."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, editable=False)
    name = models.CharField(_("name"), max_length=64)

    def __str__(self) -> str:
        return self.name


class EnterpriseMember(TenantOwned):
    """A member account of an enterprise; ``account`` is the master. One master for each member."""

    member = models.OneToOneField(
        settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="enterprise_membership"
    )
    display_name = models.CharField(_("display name"), max_length=64, blank=True)
    unit = models.ForeignKey(
        EnterpriseUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="members"
    )
    accounting = models.CharField(
        _("accounting"),
        max_length=16,
        choices=EnterpriseAccounting,
        default=EnterpriseAccounting.INDEPENDENT,
    )
    status = models.PositiveSmallIntegerField(
        _("status"), choices=MemberAccountStatus, default=MemberAccountStatus.NORMAL
    )
    joined_at = models.DateTimeField(_("joined"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(account=models.F("member")),
                name="enterprise_member_not_its_own_master",
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} of {self.account}"
