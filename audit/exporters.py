"""What can be exported of the audit trail."""

from django.utils.translation import gettext_lazy as _

from partner_center import exporting
from partner_center.lists.exporter import ListExporter
from partner_center.lists.listing import ListDefinition

from . import queries
from .filters import RecordFilterSet
from .permissions import VIEW_ALL_RECORDS, VIEW_RECORDS
from .tables import AllRecordTable
from .views import RecordListView

exporting.register(
    ListExporter(
        "operation_records", _("Operation Records"), VIEW_RECORDS, RecordListView.definition()
    )
)
exporting.register(
    ListExporter(
        "all_operation_records",
        _("Operation records of all accounts"),
        VIEW_ALL_RECORDS,
        ListDefinition(queries.list_all_records, RecordFilterSet, AllRecordTable),
    )
)
