"""Filters of the Export History."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from partner_center import exporting
from partner_center.lists.filters import PortalFilterSet
from partner_center.lists.listing import FilterRequest

from . import queries
from .choices import ExportStatus


def _exporters() -> list[tuple[str, Any]]:
    return [(name, exporting.get(name).label) for name in exporting.names()]


def _creators(request: FilterRequest) -> Any:
    return queries.creators(request.actor)


class ExportFilterSet(PortalFilterSet):
    """By task, status and creator."""

    task = django_filters.ChoiceFilter(
        label=_("Task"), field_name="exporter", choices=_exporters, empty_label=_("Any")
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=ExportStatus, empty_label=_("Any")
    )
    created_by = django_filters.ModelChoiceFilter(
        label=_("Created by"), queryset=_creators, empty_label=_("Anyone")
    )
