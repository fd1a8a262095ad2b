"""Tables of the accounts app."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Case, Value, When
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

import customers.queries.associations
from partner_center import masking
from partner_center.lists.columns import (
    ActionsColumn,
    BadgeColumn,
    ChipsColumn,
    PortalColumn,
    TimeColumn,
)
from partner_center.lists.tables import PortalTable
from partner_center.templatetags import portal

from . import rules
from .choices import EnterpriseAccounting, MemberAccountStatus, SystemRole, UserStatus
from .models import User
from .queries import members


class ManagesColumn(PortalColumn):
    """Whom the member looks after: managers of a director, customers of a manager (ROL-06, ROL-07)."""

    def __init__(self) -> None:
        counts = {
            "managed_count": members.managed_count(),
            "customer_count": customers.queries.associations.customer_count(),
        }
        super().__init__(
            verbose_name=gettext_lazy("Manages"),
            accessor="pk",
            orderable=False,
            prefetch=[members.ROLES],
            annotate=counts,
            export={
                gettext_lazy("Account managers"): members.managed_count(),
                gettext_lazy("Customers"): customers.queries.associations.customer_count(),
            },
        )

    def render(self, record: Any) -> str | SafeString:
        codes = [role.system_code for role in members.roles_of(record)]
        if rules.sees_all_customers(codes):
            return _("all customers")
        if SystemRole.DIRECTOR in codes:
            count = record.managed_count
            return ngettext("%d manager", "%d managers", count) % count
        if SystemRole.MANAGER in codes:
            count = record.customer_count
            return ngettext("%d customer", "%d customers", count) % count
        return portal.NONE


class RolesColumn(ChipsColumn):
    """The roles of a member as chips, system roles first."""

    def __init__(self) -> None:
        super().__init__(
            verbose_name=gettext_lazy("Roles"),
            accessor="pk",
            prefetch=[members.ROLES],
            export=StringAgg(
                "role_assignments__role__name", ", ", ordering="role_assignments__role__name"
            ),
        )

    def render(self, record: User) -> SafeString:
        return super().render(members.roles_of(record))


class MemberTable(PortalTable):
    """Users of Member Management; which columns show is the viewer's choice (02-USR-08)."""

    name = PortalColumn(
        verbose_name=gettext_lazy("Name"),
        second="username",
        second_label=gettext_lazy("Account Name"),
        linkify=("organization:member", {"pk": tables.A("pk")}),
        fixed=True,
    )
    contact = PortalColumn(
        verbose_name=gettext_lazy("Mobile / Email"),
        accessor="mobile",
        export_label=gettext_lazy("Mobile Number"),
        mask=masking.PHONE,
        second="email",
        second_label=gettext_lazy("Email"),
        second_mask=masking.EMAIL,
        orderable=False,
    )
    roles = RolesColumn()
    manages = ManagesColumn()
    status = BadgeColumn(
        verbose_name=gettext_lazy("Status"),
        family="member",
        export=Case(
            *(When(status=value, then=Value(str(label))) for value, label in UserStatus.choices)
        ),
    )
    last_login = TimeColumn(
        verbose_name=gettext_lazy("Last sign-in"), default=gettext_lazy("never")
    )
    office_phone = PortalColumn(
        verbose_name=gettext_lazy("Office Phone"), shown=False, orderable=False
    )
    director = PortalColumn(
        verbose_name=gettext_lazy("Account director"),
        accessor="director_name",
        annotate={"director_name": members.director_name()},
        export=members.director_name(),
        orderable=False,
        shown=False,
    )
    created_at = TimeColumn(verbose_name=gettext_lazy("Created"), shown=False)
    operation = ActionsColumn(
        "accounts/organization/parts/member_actions.html", prefetch=[members.ROLES]
    )

    default_order = ("name",)


class AccessKeyTable(PortalTable):
    """Keys of the account's users, newest first."""

    ak = PortalColumn(
        verbose_name=gettext_lazy("Access Key ID"),
        second="description",
        second_label=gettext_lazy("Description"),
        fixed=True,
    )
    user = PortalColumn(
        verbose_name=gettext_lazy("User"),
        accessor="user__username",
        second="user__name",
        second_label=gettext_lazy("Name"),
        select=["user"],
    )
    status = BadgeColumn(verbose_name=gettext_lazy("Status"), family="access_key")
    created_at = TimeColumn(verbose_name=gettext_lazy("Created"))
    last_used_at = TimeColumn(verbose_name=gettext_lazy("Last Used"))
    lock_ends = TimeColumn(verbose_name=gettext_lazy("Locked Until"))
    operation = ActionsColumn("accounts/access_keys/operation.html")

    default_order = ("-created_at",)


class MemberAccountTable(PortalTable):
    """Member accounts of an enterprise."""

    member = PortalColumn(
        verbose_name=gettext_lazy("Member Account"),
        accessor="member__name",
        second="display_name",
        second_label=gettext_lazy("Display Name"),
        select=["member"],
        fixed=True,
    )
    unit = PortalColumn(
        verbose_name=gettext_lazy("Organization Unit"),
        accessor="unit__name",
        select=["unit"],
        default=gettext_lazy("Root"),
        export=Coalesce("unit__name", Value(str(gettext_lazy("Root")))),
    )
    accounting = PortalColumn(
        verbose_name=gettext_lazy("Accounting"),
        accessor="get_accounting_display",
        orderable=False,
        export=Case(
            *(
                When(accounting=v, then=Value(str(label)))
                for v, label in EnterpriseAccounting.choices
            )
        ),
    )
    status = BadgeColumn(
        verbose_name=gettext_lazy("Status"),
        family="enterprise_member",
        export=Case(
            *(When(status=v, then=Value(str(label))) for v, label in MemberAccountStatus.choices)
        ),
    )
    joined_at = TimeColumn(verbose_name=gettext_lazy("Joined"))

    default_order = ("member",)
