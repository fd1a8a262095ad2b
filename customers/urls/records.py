"""Addresses of association records and of the partner's disassociation, below /sales/customers."""

from django.urls import path

from ..views import records

app_name = "association_records"
urlpatterns = [
    path("/association-records", records.AssociationRecordListView.as_view(), name="list"),
    path(
        "/association-records/resellers",
        records.ResellerRecordListView.as_view(),
        name="resellers",
    ),
    path("/association-records/<int:pk>/agree", records.AgreeView.as_view(), name="agree"),
    path("/association-records/<int:pk>/reject", records.RejectView.as_view(), name="reject"),
    path("/association-records/<int:pk>/withdraw", records.WithdrawView.as_view(), name="withdraw"),
    path("/<int:pk>/disassociate", records.DisassociateView.as_view(), name="disassociate"),
]
