"""Tables of the distributor's lists."""

from __future__ import annotations

from decimal import Decimal

import django_tables2 as tables
from django.db.models import Case, CharField, Func, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center import masking
from partner_center.lists.columns import (
    ActionsColumn,
    BadgeColumn,
    NarrowTimeColumn,
    PortalColumn,
    TemplateColumn,
)
from partner_center.lists.tables import PortalTable
from partner_center.templatetags import portal

from .causes import explain
from .choices import InvitationStatus, RestrictionCause
from .models import ResellerAssociation
from .queries.grants import is_authorized, may_work_on_behalf, quota_of


def _title(reference: str) -> Coalesce:
    """The full name of an account, else its account name."""
    return Coalesce(NullIf(f"{reference}__full_name", Value("")), f"{reference}__name")


class QuotaColumn(PortalColumn):
    """A quota in USD; absent where budgets of this type cannot be set."""

    css = "pc-figures"

    def render(self, value: Decimal) -> SafeString:
        return portal.amount(value, 2)


class YesNoColumn(PortalColumn):
    """Yes or No as a chip."""

    def render(self, value: bool) -> SafeString:
        css = " pc-chip-chosen" if value else ""
        return format_html('<span class="pc-chip{}">{}</span>', css, _("Yes") if value else _("No"))


class WrappedColumn(TemplateColumn):
    """A column whose head is longer than its cells: the head may break."""

    css = "pc-wrap"


class ResellerTable(PortalTable):
    """Reseller Management (06 §9.2.1.1 to 9.2.1.3)."""

    name = PortalColumn(
        verbose_name=gettext_lazy("Reseller Name"),
        accessor="reseller_title",
        annotate={"reseller_title": _title("reseller")},
        export=_title("reseller"),
        second="reseller__name",
        second_label=gettext_lazy("Account Name"),
        linkify=("resellers:permissions", {"pk": tables.A("pk")}),
        fixed=True,
    )
    contact = PortalColumn(
        verbose_name=gettext_lazy("Email / Mobile Number"),
        accessor="reseller__email",
        export_label=gettext_lazy("Email"),
        mask=masking.EMAIL,
        second="reseller__bound_mobile",
        second_label=gettext_lazy("Mobile Number"),
        second_mask=masking.PHONE,
        orderable=False,
    )
    country = PortalColumn(
        verbose_name=gettext_lazy("Country/Region"), accessor="reseller__country"
    )
    associated_at = NarrowTimeColumn(verbose_name=gettext_lazy("Associated On"))
    authorized = YesNoColumn(
        verbose_name=gettext_lazy("Authorize Permissions"),
        annotate={"authorized": is_authorized()},
        export=Case(When(is_authorized(), then=Value("Yes")), default=Value("No")),
    )
    monthly_quota = QuotaColumn(
        verbose_name=gettext_lazy("Monthly Quota (USD)"),
        annotate={"monthly_quota": quota_of("monthly_quota")},
        export=quota_of("monthly_quota"),
    )
    one_time_quota = QuotaColumn(
        verbose_name=gettext_lazy("One-Time Quota (USD)"),
        annotate={"one_time_quota": quota_of("one_time_quota")},
        export=quota_of("one_time_quota"),
    )
    on_behalf = WrappedColumn(
        verbose_name=gettext_lazy(
            "Permissions for Placing Order and Performing O&M on Customer's Behalf"
        ),
        template_name="resellers/parts/on_behalf_switch.html",
        accessor="on_behalf",
        annotate={"on_behalf": may_work_on_behalf()},
        export=Case(When(may_work_on_behalf(), then=Value("On")), default=Value("Off")),
    )
    operation = ActionsColumn("resellers/parts/reseller_actions.html")

    default_order = ("-associated_at",)

    def render_country(self, record: ResellerAssociation) -> str:
        """The country's name."""
        return str(record.reseller.country.name)


def _in_words() -> list[Case]:
    """Each cause that a row has, in the words of the page."""
    return [
        Case(When(causes__contains=[code], then=Value(str(label))), output_field=CharField())
        for code, label in RestrictionCause.choices
    ]


class CausesColumn(PortalColumn):
    """Why the association is restricted, one line a cause."""

    css = "pc-wrap"

    def __init__(self) -> None:
        super().__init__(
            verbose_name=gettext_lazy("Failure Cause"),
            accessor="causes",
            orderable=False,
            export=Func(Value(" "), *_in_words(), function="concat_ws", output_field=CharField()),
        )

    def render(self, value: list[str]) -> SafeString:
        lines = format_html_join("", "<div>{}</div>", ((entry.cause,) for entry in explain(value)))
        return lines or portal.NONE


class InvitationTable(PortalTable):
    """Invitation Record (06-RSL-05 to RSL-07)."""

    email = PortalColumn(
        verbose_name=gettext_lazy("Email"), mask=masking.EMAIL, fixed=True, orderable=False
    )
    status = BadgeColumn(
        verbose_name=gettext_lazy("Status"),
        family="reseller_invitation",
        export=Case(
            *(
                When(status=value, then=Value(str(label)))
                for value, label in InvitationStatus.choices
            )
        ),
    )
    company = PortalColumn(
        verbose_name=gettext_lazy("Company Name"),
        accessor="company_title",
        annotate={"company_title": _title("reseller")},
        export=_title("reseller"),
    )
    invited_at = NarrowTimeColumn(verbose_name=gettext_lazy("Invited On"))
    sent_at = NarrowTimeColumn(verbose_name=gettext_lazy("Last Sent"))
    expires_at = NarrowTimeColumn(verbose_name=gettext_lazy("Expires On"))
    causes = CausesColumn()
    operation = ActionsColumn("resellers/parts/invitation_actions.html")

    default_order = ("-invited_at",)
