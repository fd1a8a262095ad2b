"""Partner Information > Basic Information: one address per tab."""

from django.urls import path

from ..views import information

app_name = "information"
urlpatterns = [
    path("", information.BasicInformationView.as_view(), name="basic"),
    path("/company", information.CompanyView.as_view(), name="company"),
    path("/company/modify", information.CompanyModifyView.as_view(), name="company-modify"),
    path("/company/logo", information.LogoView.as_view(), name="logo"),
    path("/company/logo/change", information.LogoChangeView.as_view(), name="logo-change"),
    path("/account", information.AccountInformationView.as_view(), name="account"),
    path("/account/verification", information.VerificationView.as_view(), name="verification"),
    path("/account/email", information.EmailView.as_view(), name="email"),
    path("/account/mobile", information.MobileView.as_view(), name="mobile"),
    path("/consumption-quota", information.ConsumptionQuotaView.as_view(), name="quota"),
    path("/preferences", information.PreferencesView.as_view(), name="preferences"),
    path("/preferences/currency", information.CurrencyView.as_view(), name="currency"),
    path(
        "/customer-notifications",
        information.NotificationSettingsView.as_view(),
        name="notifications",
    ),
    path("/customer-bills", information.BillSettingsView.as_view(), name="bills"),
]
