"""All addresses of the portal. Each app keeps its own under ``<app>/urls``; none ends with "/"."""

from django.urls import URLPattern, URLResolver, include, path

from .admin import site as admin_site

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("accounts.urls.home")),
    path("partner-information", include("accounts.urls.information")),
    path("operator/style", include("partner_center.styleguide.urls")),
    path("admin/", admin_site.urls),
    path("", include("bss_api.urls")),
    path("", include("accounts.urls.auth")),
]
