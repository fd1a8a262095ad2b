"""All addresses of the portal. Each app keeps its own under ``<app>/urls``; none ends with "/"."""

from django.urls import URLPattern, URLResolver, include, path

from . import health
from .admin import site as admin_site

handler500 = "partner_center.faults.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("accounts.urls.home")),
    path("partner-information", include("accounts.urls.information")),
    path("organization/members", include("accounts.urls.organization")),
    path("", include("orders.urls.on_behalf")),
    path("", include("orders.urls.console")),
    path("", include("customers.urls.landing")),
    path("my-account/partner/", include("customers.urls.instructions")),
    path("", include("customers.urls.association_reviews")),
    path("", include("customers.urls.partner")),
    path("sales/customer-development", include("customers.urls.preregistrations")),
    path("sales/customer-development", include("customers.urls.invitations")),
    path("sales/customers", include("customers.urls.records")),
    path("", include("customers.urls.authorizations")),
    path("", include("customers.urls.discounts")),
    path("sales/customers/assignment", include("customers.urls.assignment")),
    path("sales/customers/expenditure", include("metering.urls.expenditure")),
    path("billing-center", include("metering.urls.bills")),
    path("sales/customers", include("budgets.urls")),
    path("sales/customers/alerts", include("churn.urls")),
    path("sales/customers", include("customers.urls.management")),
    path("", include("catalog.urls")),
    path("sales/orders", include("orders.urls.customer_orders")),
    path("sales/financial-information", include("billing.urls")),
    path("billing-center/top-up", include("billing.top_up_urls", namespace="top_up")),
    path("", include("billing.webhook_urls")),
    path("", include("realname.urls")),
    path("enterprise-center", include("accounts.urls.enterprise")),
    path("", include("resellers.urls")),
    path("organization/access-keys", include("accounts.urls.access_keys")),
    path("operator/style", include("partner_center.styleguide.urls")),
    path("admin/", admin_site.urls),
    path("", include("exports.urls")),
    path("", include("audit.urls")),
    path("", include("notifications.urls")),
    path("", include("outbox.urls")),
    path("", include("bss_api.urls")),
    path("", include("accounts.urls.auth")),
]
