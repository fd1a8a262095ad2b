"""What can be exported from the customers app."""

from django.utils.translation import gettext_lazy as _

from partner_center import exporting
from partner_center.lists.exporter import ListExporter

from .permissions import EXPORT_CUSTOMERS
from .views.records import AssociationRecordListView, ResellerRecordListView

exporting.register(
    ListExporter(
        "association_records",
        _("Association records"),
        EXPORT_CUSTOMERS,
        AssociationRecordListView.definition(),
    )
)
exporting.register(
    ListExporter(
        "reseller_association_records",
        _("Association records of resellers’ customers"),
        EXPORT_CUSTOMERS,
        ResellerRecordListView.definition(),
    )
)
