"""Exports of the customers app."""

from django.utils.translation import gettext_lazy as _

from partner_center import exporting
from partner_center.lists.exporter import ListExporter

from .permissions import VIEW_DEVELOPMENT
from .views.invitations import HistoryView
from .views.preregistrations import PreRegistrationListView

exporting.register(
    ListExporter(
        "preregistrations",
        _("Preregistered customers"),
        VIEW_DEVELOPMENT,
        PreRegistrationListView.definition(),
    )
)
exporting.register(
    ListExporter("invitations", _("History Records"), VIEW_DEVELOPMENT, HistoryView.definition())
)
