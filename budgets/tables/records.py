"""Adjustment Records of budgets (04 "Adjustment Records columns", D-12)."""

from __future__ import annotations

from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from partner_center.lists.columns import AmountColumn, PortalColumn, TimeColumn
from partner_center.lists.tables import PortalTable

from ..choices import AdjustmentSource, BudgetType, ExhaustionAction


def _labels(field: str, choices: type[BudgetType | ExhaustionAction | AdjustmentSource]) -> Case:
    return Case(*(When(**{field: each}, then=Value(str(each.label))) for each in choices))


class AdjustmentTable(PortalTable):
    """Every change of one customer's budget."""

    at = TimeColumn(verbose_name=_("Time"), fixed=True)
    actor_name = PortalColumn(verbose_name=_("Operator"))
    kind = PortalColumn(
        verbose_name=_("Budget Type"),
        accessor="type_after",
        export=_labels("type_after", BudgetType),
        second="type_before_label",
        second_label=_("Budget Type before"),
        annotate={
            "type_before_label": Case(
                When(type_before=F("type_after"), then=None),
                default=_labels("type_before", BudgetType),
            )
        },
        orderable=False,
    )
    before = AmountColumn(verbose_name=_("Before"), orderable=False)
    after = AmountColumn(verbose_name=_("After"), orderable=False)
    action_before = PortalColumn(
        verbose_name=_("Action before"),
        export=_labels("action_before", ExhaustionAction),
        orderable=False,
    )
    action_after = PortalColumn(
        verbose_name=_("Action after"),
        export=_labels("action_after", ExhaustionAction),
        orderable=False,
    )
    unfrozen = PortalColumn(
        verbose_name=_("Unfrozen at the same time"),
        accessor="unfrozen_word",
        annotate={
            "unfrozen_word": Case(
                When(Q(unfrozen=True), then=Value(str(_("Yes")))), default=Value(str(_("No")))
            )
        },
        orderable=False,
    )
    source = PortalColumn(
        verbose_name=_("Source"), export=_labels("source", AdjustmentSource), orderable=False
    )

    default_order = ("-at",)
