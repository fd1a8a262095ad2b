"""Sales > Leads and Opportunities > Customer Development, tab From Partner Center."""

from django.urls import path

from ..views import preregistrations as views

app_name = "preregistrations"
urlpatterns = [
    path("", views.PreRegistrationListView.as_view(), name="list"),
    path("/preregister", views.PreregisterView.as_view(), name="preregister"),
    path("/requirements", views.RequirementsView.as_view(), name="requirements"),
    path("/process", views.ProcessView.as_view(), name="process"),
    path("/<int:pk>/delete", views.DeleteView.as_view(), name="delete"),
]
