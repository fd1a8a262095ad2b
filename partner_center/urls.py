"""All addresses of the portal. Each app keeps its own under ``<app>/urls``; none ends with "/"."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
]
