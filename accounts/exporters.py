"""What can be exported from the accounts app."""

from django.utils.translation import gettext_lazy as _

from partner_center import exporting
from partner_center.lists.exporter import ListExporter

from .permissions import EXPORT_ENTERPRISE, EXPORT_MEMBERS
from .views.enterprise import MemberAccountListView
from .views.organization.members import MemberListView

exporting.register(
    ListExporter("members", _("Members"), EXPORT_MEMBERS, MemberListView.definition())
)
exporting.register(
    ListExporter(
        "member_accounts",
        _("Member accounts"),
        EXPORT_ENTERPRISE,
        MemberAccountListView.definition(),
    )
)
