"""Tables of Customer Assignment and of batches."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy

from partner_center import masking
from partner_center.lists.columns import (
    ActionsColumn,
    BadgeColumn,
    NumberColumn,
    PortalColumn,
    TimeColumn,
)
from partner_center.lists.tables import PortalTable

from ..queries.associations import customer_count


class ManagerTable(PortalTable):
    """Account managers and directors, with how many customers each looks after."""

    name = PortalColumn(
        verbose_name=gettext_lazy("Account Manager"),
        second="username",
        second_label=gettext_lazy("Account Name"),
        linkify=("assignment:customers", {"user_id": tables.A("pk")}),
        fixed=True,
    )
    contact = PortalColumn(
        verbose_name=gettext_lazy("Mobile / Email"),
        accessor="mobile",
        mask=masking.PHONE,
        second="email",
        second_label=gettext_lazy("Email"),
        second_mask=masking.EMAIL,
        orderable=False,
    )
    customers = NumberColumn(
        verbose_name=gettext_lazy("Customers"),
        accessor="customer_count",
        annotate={"customer_count": customer_count()},
        export=customer_count(),
    )
    operation = ActionsColumn("customers/assignment/parts/manager_actions.html")

    default_order = ("name",)


class ManagedCustomerTable(PortalTable):
    """Customers of one account manager."""

    customer = PortalColumn(
        verbose_name=gettext_lazy("Customer/Account Name"),
        accessor="customer__full_name",
        mask=masking.NAME,
        second="customer__name",
        second_label=gettext_lazy("Account Name"),
        fixed=True,
    )
    assigned_at = TimeColumn(verbose_name=gettext_lazy("Assigned On"))
    assigned_until = TimeColumn(
        verbose_name=gettext_lazy("Assigned Until"), default=gettext_lazy("Open")
    )
    operation = ActionsColumn("customers/assignment/parts/customer_actions.html")

    default_order = ("-assigned_at",)


class BatchTable(PortalTable):
    """Batches of assignments, newest first."""

    created_at = TimeColumn(
        verbose_name=gettext_lazy("Time"),
        linkify=("assignment:batch", {"batch_id": tables.A("pk")}),
        fixed=True,
    )
    kind = PortalColumn(verbose_name=gettext_lazy("Operation Type"), accessor="kind")
    source = PortalColumn(
        verbose_name=gettext_lazy("From"),
        accessor="source__username",
        select=["source"],
    )
    manager = PortalColumn(
        verbose_name=gettext_lazy("To"),
        accessor="manager__username",
        select=["manager"],
    )
    total = NumberColumn(verbose_name=gettext_lazy("Customers"))
    done = NumberColumn(verbose_name=gettext_lazy("Done"))
    refused = NumberColumn(verbose_name=gettext_lazy("Refused"))
    status = BadgeColumn(verbose_name=gettext_lazy("Status"), family="batch")
    created_by = PortalColumn(
        verbose_name=gettext_lazy("Operator"),
        accessor="created_by__username",
        select=["created_by"],
    )

    default_order = ("-created_at",)


class BatchRowTable(PortalTable):
    """What a batch did, customer by customer."""

    customer = PortalColumn(
        verbose_name=gettext_lazy("Customer/Account Name"),
        accessor="association__customer__full_name",
        mask=masking.NAME,
        second="association__customer__name",
        second_label=gettext_lazy("Account Name"),
        select=["association__customer"],
        fixed=True,
    )
    outcome = BadgeColumn(verbose_name=gettext_lazy("Result"), family="batch_row")
    message = PortalColumn(verbose_name=gettext_lazy("Reason"), orderable=False)

    default_order = ("-outcome",)
