"""Tables of History Records and of the Generation Record (04 §8.2.2.3, 8.2.2.4, D-57)."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, Value, When
from django.db.models.functions import Coalesce, Concat, NullIf, Trim
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from partner_center import masking
from partner_center.lists.columns import (
    ActionsColumn,
    BadgeColumn,
    NarrowTimeColumn,
    NumberColumn,
    PortalColumn,
    TemplateColumn,
)
from partner_center.lists.tables import PortalTable

from ..choices import AssociationModel, FailureCause, InvitationMethod, InvitationStatus
from ..queries import links
from ..queries.invitations import address_of, explained


def _labels(path: str, choices: Any) -> Case:
    """The label of a choice, made by the database."""
    cases = (When(**{path: value}, then=Value(str(label))) for value, label in choices.choices)
    return Case(*cases, default=Value(""), output_field=CharField())


def _causes() -> Trim:
    """All causes of a failed association as sentences, made by the database."""
    sentences = (
        Case(
            When(causes__contains=[code], then=Value(f"{label} ")),
            default=Value(""),
            output_field=CharField(),
        )
        for code, label in FailureCause.choices
    )
    return Trim(Concat(*sentences))


class InvitedColumn(PortalColumn):
    """The customer's name, masked, with the arrow that shows the record (04-HIS-02)."""

    is_masked = True

    def __init__(self) -> None:
        super().__init__(
            verbose_name=_("Customer Name"),
            accessor="customer_name",
            empty_values=(),
            fixed=True,
            select=("customer", "link", "manager", "invited_by", "preregistration"),
            export=masking.NAME.sql(
                Coalesce(
                    NullIf("customer_name", Value("")),
                    NullIf("customer__full_name", Value("")),
                    "customer__name",
                )
            ),
        )

    def render(self, record: Any, table: Any) -> SafeString:
        # Who came through a link may have been nameless when it did.
        name = record.customer_name or (record.customer.title if record.customer else "")
        if not table.is_plain("customer_name", record):
            name = masking.mask_name(name)
        return render_to_string(
            "customers/development/invited.html",
            {"record": record, "name": name},
            request=table.request,
        )


class StateColumn(BadgeColumn):
    """The state now; a failed association with its causes and what to do (04-HIS-03)."""

    def __init__(self) -> None:
        super().__init__(
            verbose_name=_("Status"),
            family="lead",
            accessor="state",
            export={
                _("Status"): _labels("state", InvitationStatus),
                _("Failure Cause"): _causes(),
            },
        )

    def render(self, value: str, record: Any) -> SafeString:
        badge = super().render(InvitationStatus(value).label)
        if value != InvitationStatus.FAILED:
            return badge
        context = {"badge": badge, "record": record, "causes": explained(record.causes)}
        return render_to_string("customers/development/cause.html", context)


class InvitationTable(PortalTable):
    """History Records (D-57)."""

    customer_name = InvitedColumn()
    account_name = PortalColumn(_("Account Name"), accessor="customer__name", select=["customer"])
    custom_tag = PortalColumn(_("Custom Tag"))
    email = PortalColumn(_("Email"), mask=masking.EMAIL)
    method = PortalColumn(
        _("Invitation Method"),
        basis=_("Association Type"),
        second="get_model_display",
        export={
            _("Invitation Method"): _labels("method", InvitationMethod),
            _("Association Type"): _labels("model", AssociationModel),
        },
    )
    invited_at = NarrowTimeColumn(_("Invited On"))
    status = StateColumn()
    operation = ActionsColumn("customers/development/invitation_actions.html")
    default_order = ("-invited_at",)


class AddressColumn(PortalColumn):
    """The whole address of a link, to be selected or copied."""

    def __init__(self) -> None:
        super().__init__(_("Link"), accessor="token", orderable=False, export=False)

    def render(self, record: Any) -> SafeString:
        context = {"record": record, "address": address_of(record.token)}
        return render_to_string("customers/development/link_address.html", context)


class LinkTable(PortalTable):
    """The Generation Record of customized links (04-LNK-07)."""

    custom_tag = PortalColumn(_("Custom Tag"), fixed=True)
    model = PortalColumn(_("Association Type"), export=_labels("model", AssociationModel))
    manager = PortalColumn(
        _("Account Manager"),
        accessor="manager__name",
        second="manager__username",
        select=["manager"],
    )
    remarks = PortalColumn(_("Remarks"))
    address = AddressColumn()
    customers = NumberColumn(
        _("Associated Customers"),
        accessor="brought",
        annotate={"brought": links.associated_count()},
    )
    created_at = NarrowTimeColumn(_("Generated On"))
    status = TemplateColumn(
        _("Status"), accessor="disabled_at", template_name="customers/development/link_state.html"
    )
    operation = ActionsColumn("customers/development/link_actions.html")
    default_order = ("-created_at",)
