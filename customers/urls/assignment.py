"""Addresses of Customer Assignment."""

from django.urls import path

from ..views import assignment as views

app_name = "assignment"
urlpatterns = [
    path("", views.ManagerListView.as_view(), name="list"),
    path("/assign-manager", views.AssignManagerView.as_view(), name="assign-batch"),
    path("/assign-manager/<int:association_id>", views.AssignManagerView.as_view(), name="assign"),
    path("/transfer", views.TransferView.as_view(), name="transfer"),
    path("/unassign", views.UnassignView.as_view(), name="unassign-batch"),
    path("/unassign/<int:association_id>", views.UnassignView.as_view(), name="unassign"),
    path("/batches", views.BatchListView.as_view(), name="batches"),
    path("/batches/<int:batch_id>", views.BatchView.as_view(), name="batch"),
    path("/<int:user_id>", views.ManagedCustomersView.as_view(), name="customers"),
    path("/<int:user_id>/assign", views.AssignCustomersView.as_view(), name="choose"),
    path("/<int:user_id>/select", views.SelectCustomerView.as_view(), name="select"),
]
