"""Addresses of authorizations: the partner's dialog, the customer's tab of My Partner."""

from django.urls import path

from ..views import authorizations as views

app_name = "authorizations"
urlpatterns = [
    path("sales/customers/<int:pk>/authorization", views.RequestView.as_view(), name="request"),
    path("my-account/partner/authorizations", views.AuthorizationListView.as_view(), name="list"),
    path(
        "my-account/partner/authorizations/<int:pk>",
        views.ProcessView.as_view(),
        name="process",
    ),
    path(
        "my-account/partner/authorizations/<int:pk>/letter",
        views.LetterView.as_view(),
        name="letter",
    ),
    path(
        "my-account/partner/authorizations/<int:pk>/letter-of-authorization.pdf",
        views.LetterPaperView.as_view(),
        name="letter-paper",
    ),
    path(
        "my-account/partner/authorizations/<int:pk>/revoke",
        views.RevokeView.as_view(),
        name="revoke",
    ),
]
