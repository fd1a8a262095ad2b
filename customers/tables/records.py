"""Columns of Manage Association Records and of the customer's Operation Log."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Value, When
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from partner_center import masking
from partner_center.lists.columns import (
    ActionsColumn,
    BadgeColumn,
    NarrowTimeColumn,
    PortalColumn,
    TimeColumn,
)
from partner_center.lists.tables import PortalTable
from partner_center.templatetags import portal

from ..choices import AssociationModel, Purpose, RequestStatus, Side
from ..queries import records


def _labels(field: str, choices: Any) -> Case:
    """The words of a choice, for exported files."""
    return Case(*(When(**{field: value}, then=Value(str(label))) for value, label in choices))


class _StatusColumn(BadgeColumn):
    """The state; amber only while the reader has to decide."""

    def __init__(self, reader: Side) -> None:
        super().__init__(
            verbose_name=_("Status"),
            family="request",
            export=_labels("status", RequestStatus.choices),
        )
        self.reader = reader

    def render(self, value: str, record: Any) -> SafeString:
        return portal.badge("request", value, theirs=record.initiator == self.reader)


class _RecordTable(PortalTable):
    """What every list of association records shows."""

    name = PortalColumn(
        verbose_name=_("Account Name"),
        basis=_("Customer"),
        accessor="customer__name",
        second="customer__full_name",
        second_label=_("Customer"),
        second_mask=masking.NAME,
        fixed=True,
    )
    mobile = PortalColumn(
        verbose_name=_("Mobile Number"),
        accessor="customer__bound_mobile",
        mask=masking.PHONE,
        orderable=False,
    )
    purpose = PortalColumn(
        verbose_name=_("Purpose"),
        basis=_("Association Type"),
        second="get_model_display",
        export={
            _("Association Type"): _labels("model", AssociationModel.choices),
            _("Purpose"): _labels("purpose", Purpose.choices),
        },
    )
    reason = PortalColumn(verbose_name=_("Reason"), orderable=False)
    initiator = PortalColumn(
        verbose_name=_("Initiated By"), export=_labels("initiator", Side.choices)
    )
    status = _StatusColumn(Side.PARTNER)
    manager = PortalColumn(
        verbose_name=_("Account Manager"),
        accessor="manager_name",
        annotate={"manager_name": records.manager_name()},
        export=records.manager_name(),
        orderable=False,
    )
    requested_at = NarrowTimeColumn(verbose_name=_("Request Time"))
    decided_at = NarrowTimeColumn(verbose_name=_("Approval Time"))
    answer = PortalColumn(verbose_name=_("Answer"), orderable=False, shown=False)

    default_order = ("-requested_at",)


class AssociationRecordTable(_RecordTable):
    """Records of the partner's own customers, with Agree, Reject and Withdraw."""

    operation = ActionsColumn("customers/records/parts/actions.html")


class ResellerRecordTable(_RecordTable):
    """Records of resellers' customers, for their distributor to read (06-DCU-06)."""

    reseller = PortalColumn(
        verbose_name=_("Reseller"),
        accessor="account__full_name",
        second="account__name",
        second_label=_("Reseller’s Account Name"),
        select=["account"],
    )

    class Meta:
        sequence = ("name", "reseller", "...")


class OperationLogTable(PortalTable):
    """What happened between the customer and partners (08-CSD-15)."""

    purpose = PortalColumn(
        verbose_name=_("Operation"), export=_labels("purpose", Purpose.choices), fixed=True
    )
    partner = PortalColumn(
        verbose_name=_("Partner"), accessor="account__full_name", select=["account"]
    )
    model = PortalColumn(
        verbose_name=_("Association Type"), export=_labels("model", AssociationModel.choices)
    )
    initiator = PortalColumn(
        verbose_name=_("Initiated By"), export=_labels("initiator", Side.choices)
    )
    status = _StatusColumn(Side.CUSTOMER)
    reason = PortalColumn(verbose_name=_("Reason"), orderable=False)
    answer = PortalColumn(verbose_name=_("Answer"), orderable=False)
    requested_at = TimeColumn(verbose_name=_("Time"))
    decided_at = TimeColumn(verbose_name=_("Processed"))

    default_order = ("-requested_at",)
