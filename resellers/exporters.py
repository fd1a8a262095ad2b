"""What can be exported from the resellers app."""

from django.utils.translation import gettext_lazy as _

from partner_center import exporting
from partner_center.lists.exporter import ListExporter

from .permissions import VIEW_RESELLERS
from .views.invitations import InvitationListView
from .views.resellers import ResellerListView

exporting.register(
    ListExporter("resellers", _("Resellers"), VIEW_RESELLERS, ResellerListView.definition())
)
exporting.register(
    ListExporter(
        "reseller_invitations",
        _("Invitations of resellers"),
        VIEW_RESELLERS,
        InvitationListView.definition(),
    )
)
