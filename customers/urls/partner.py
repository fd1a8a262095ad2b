"""Addresses of My Account > My Partner."""

from django.urls import path

from ..views import partner

app_name = "my_partner"
urlpatterns = [
    path("my-account/partner", partner.MyPartnerView.as_view(), name="page"),
    path("my-account/partner/log", partner.OperationLogView.as_view(), name="log"),
    path(
        "my-account/partner/disassociate",
        partner.DisassociateView.as_view(),
        name="disassociate",
    ),
    path(
        "my-account/partner/requests/<int:pk>",
        partner.ProcessView.as_view(),
        name="process",
    ),
    path(
        "my-account/partner/requests/<int:pk>/withdraw",
        partner.WithdrawView.as_view(),
        name="withdraw",
    ),
]
