"""The page of one customer: its header and its tabs Overview and Basic Information (04-CUD-01)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import budgets.queries.holds
import budgets.queries.setting
import orders.queries.customer_orders
import resources.queries.of_customers
from accounts.choices import PartnerKind, TenantType
from partner_center import clock, masking
from partner_center.permissions import Audience
from partner_center.views import PortalView
from resources.permissions import VIEW_RESOURCES

from .. import row_operations
from ..models import Association
from ..permissions import VIEW_CUSTOMERS
from ..queries import authorizations, details, discounts
from ..queries import management as queries
from ..services import revealing
from . import alerts, coupons, pace, spend

AUDIENCES = frozenset({Audience.PARTNER})
MASKS = {"name": masking.mask_name, "mobile": masking.mask_phone, "email": masking.mask_email}
#: How the page names the legal nature of a customer (04-CUD-01).
USER_TYPES: dict[str, str | Promise] = {
    TenantType.ENTERPRISE: gettext_lazy("Enterprise User"),
    TenantType.INDIVIDUAL: gettext_lazy("Individual User"),
}

#: Lists of records: of own customers, and of resellers'.
_ASSOCIATION_RECORDS = ("association_records:list", "association_records:resellers")
_FREEZE_RECORDS = ("budgets:freeze-records", "budgets:resellers-freeze-records")


class CustomerPage(PortalView):
    """Header and tabs of one customer. POST shows one masked value in full, once, on record."""

    permission = VIEW_CUSTOMERS
    audiences = AUDIENCES
    tab: ClassVar[str]

    def reveal(self, association_id: int) -> HttpResponse | str:
        """The answer for HTMX, or the name of the field that the page must show in full."""
        field = self.request.POST.get("field", "")
        value = revealing.reveal(self.actor, association_id, field=field)
        if not self.request.htmx:  # type: ignore[attr-defined]
            return field
        context = {"field": field, "value": value, "shown": True}
        return render(self.request, "customers/management/parts/masked.html", context)

    def around(self, association: Association, revealed: str = "") -> dict[str, Any]:
        """What the header and the tabs print."""
        overview = details.overview(self.actor, association)
        freeze = budgets.queries.holds.freeze_of(self.actor, association.pk)
        own = row_operations.is_own(self.actor, association)
        # Whoever does not control the customer has left it to the other side (06-PRM-04).
        association.has_budget_grant = freeze.is_mine if own else not freeze.is_mine  # type: ignore[attr-defined]
        association.frozen_as = freeze.status  # type: ignore[attr-defined]
        return {
            "overview": overview,
            "holds": freeze,
            "budget": budgets.queries.setting.present_of(association.pk, clock.now()),
            **self._header(association, revealed),
            **self._operations(association, overview),
        }

    def _header(self, association: Association, revealed: str) -> dict[str, Any]:
        customer = association.customer
        return {
            "title": customer.name,
            "association": association,
            "customer": customer,
            "is_own": row_operations.is_own(self.actor, association),
            "records_url": self._records_url(association, *_ASSOCIATION_RECORDS),
            "freeze_records_url": self._records_url(association, *_FREEZE_RECORDS),
            "masked": {
                field: value if field == revealed else MASKS[field](value)
                for field, name in revealing.MASKED.items()
                for value in [getattr(customer, name)]
            },
            "shown": {revealed: True},
            "user_type": USER_TYPES.get(customer.tenant_type, ""),
            "rights": details.reseller_rights(self.actor, association),
            "crumbs": crumbs(self.request, association, _("Customer Details")),
            "sections": self._tabs(association),
        }

    def _records_url(self, association: Association, own: str, of_resellers: str) -> str:
        """Records of this customer, on the tab to which it belongs (06-DX-10)."""
        page = own if row_operations.is_own(self.actor, association) else of_resellers
        return f"{reverse(page)}?{urlencode({'customer': association.customer.name})}"

    def _operations(self, association: Association, overview: details.Overview) -> dict[str, Any]:
        association.may_discount = discounts.may_set(self.actor)  # type: ignore[attr-defined]
        association.reseller_may_act = not authorizations.needs_grant(  # type: ignore[attr-defined]
            self.actor
        )
        association.has_authorized = overview.is_authorized  # type: ignore[attr-defined]
        offered = [
            replace(each, url=each.url_on_details)
            for each in row_operations.offered(self.actor, association)
        ]
        return {
            "buttons": [each for each in offered if not each.operation.menu],
            # The button says who looks after the customer; for others the facts do.
            "may_assign": any(each.operation.key == "assign" for each in offered),
            "association_menu": _in_menu(offered, row_operations.ASSOCIATION),
            "freezing_menu": _in_menu(offered, row_operations.FREEZING),
            "urls": {each.operation.key: each.url for each in offered},
        }

    def _tabs(self, association: Association) -> list[dict[str, Any]]:
        labels = {"customers:details": _("Overview")}
        if self.actor.can(VIEW_RESOURCES):
            labels["customers:resources"] = _("Resources")
        labels["customers:basic-information"] = _("Basic Information")
        return [
            {
                "label": label,
                "url": reverse(name, args=[association.pk]),
                "current": name == self.tab,
            }
            for name, label in labels.items()
        ]


class CustomerDetailsView(CustomerPage):
    """The tab Overview (04-CUD-01 to CUD-03)."""

    template_name: ClassVar[str] = "customers/management/overview.html"
    tab = "customers:details"

    def get(self, request: HttpRequest, association_id: int) -> HttpResponse:
        """Show the page."""
        return self._page(queries.get_customer(self.actor, association_id))

    def post(self, request: HttpRequest, association_id: int) -> HttpResponse:
        """Show one masked value in full."""
        shown = self.reveal(association_id)
        if isinstance(shown, HttpResponse):
            return shown
        return self._page(queries.get_customer(self.actor, association_id), revealed=shown)

    def body(self, association: Association) -> dict[str, Any]:
        """What the tab shows below the header: cards of orders and renewals (CUD-06, CUD-09)."""
        of_customers = resources.queries.of_customers
        return {
            **alerts.card(self.actor, association),
            **coupons.card(self.actor, association),
            "orders": orders.queries.customer_orders.counts_of(self.actor, association),
            "expiring": of_customers.expiring(self.actor, association, clock.now()),
            **pace.card(association),
            **spend.card(self.actor, association),
        }

    def _page(self, association: Association, revealed: str = "") -> HttpResponse:
        context = self.around(association, revealed) | self.body(association)
        return render(self.request, self.template_name, context)


class BasicInformationView(CustomerDetailsView):
    """The tab Basic Information: facts, Account Manager History, association records (CUD-11)."""

    template_name = "customers/management/basic_information.html"
    tab = "customers:basic-information"

    def body(self, association: Association) -> dict[str, Any]:
        return {
            "managers": details.manager_history(association),
            "records": details.association_history(association),
        }


def _in_menu(offered: list[row_operations.Offered], menu: str) -> list[row_operations.Offered]:
    return [each for each in offered if each.operation.menu == menu]


def crumbs(request: Any, association: Association, here: str) -> list[tuple[str, str]]:
    """``Customer Management-Customers / Customer Details``; the suffix only for distributors."""
    last = (here, "")
    if request.actor.partner_kind != PartnerKind.DISTRIBUTOR:
        return [last]
    if row_operations.is_own(request.actor, association):
        return [(_("Customers"), reverse("customers:list")), last]
    return [(_("Resellers’ Customers"), reverse("customers:resellers")), last]
