"""All addresses of the portal. Each app keeps its own under ``<app>/urls``; none ends with "/"."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("operator/style", include("partner_center.styleguide.urls")),
    path("admin/", admin.site.urls),
    path("", include("exports.urls")),
    path("", include("bss_api.urls")),
]
