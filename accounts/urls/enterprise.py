"""Addresses of the Enterprise Center."""

from django.urls import path

from ..views import enterprise as views

app_name = "enterprise"
urlpatterns = [
    path("/organization", views.MemberAccountListView.as_view(), name="organization"),
    path("/projects", views.ProjectsView.as_view(), name="projects"),
    path("/projects/create", views.ProjectCreateView.as_view(), name="project-create"),
    path("/projects/<int:pk>", views.ProjectModifyView.as_view(), name="project-modify"),
    path("/projects/enable", views.ProjectsEnableView.as_view(), name="projects-enable"),
]
