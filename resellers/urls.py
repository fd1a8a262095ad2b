"""Addresses of the resellers app: the distributor's pages, the invited account's, the reseller's."""

from django.urls import path

from .views import invitations, requests, resellers

app_name = "resellers"
urlpatterns = [
    path("sales/resellers", resellers.ResellerListView.as_view(), name="list"),
    path("sales/resellers/invite", invitations.InviteView.as_view(), name="invite"),
    path(
        "sales/resellers/invitations",
        invitations.InvitationListView.as_view(),
        name="invitations",
    ),
    path(
        "sales/resellers/invitations/<int:pk>/resend",
        invitations.ResendView.as_view(),
        name="invitation-resend",
    ),
    path(
        "sales/resellers/invitations/<int:pk>/withdraw",
        invitations.WithdrawView.as_view(),
        name="invitation-withdraw",
    ),
    path("sales/resellers/commitment-letter", resellers.LetterView.as_view(), name="letter"),
    path(
        "sales/resellers/<int:pk>/permissions",
        resellers.BudgetGrantView.as_view(),
        name="permissions",
    ),
    path("sales/resellers/<int:pk>/on-behalf", resellers.OnBehalfView.as_view(), name="on-behalf"),
    path("overview/distributor", requests.MyDistributorView.as_view(), name="distributor"),
    path("reseller-invitation/<str:token>", requests.LandingView.as_view(), name="invitation"),
    path("reseller-request", requests.RequestView.as_view(), name="request"),
]
