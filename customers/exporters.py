"""What can be exported from the customers app."""

from django.utils.translation import gettext_lazy as _

from partner_center import exporting
from partner_center.lists.exporter import ListExporter

from .permissions import VIEW_DEVELOPMENT
from .views.invitations import HistoryView

exporting.register(
    ListExporter("invitations", _("History Records"), VIEW_DEVELOPMENT, HistoryView.definition())
)
