"""Partner Information > Basic Information: one address per tab."""

from django.urls import path

from ..choices import CodeChannel
from ..views import home, information

app_name = "information"
urlpatterns = [
    path("", information.BasicInformationView.as_view(), name="basic"),
    path("/company", information.CompanyView.as_view(), name="company"),
    path("/company/modify", information.CompanyModifyView.as_view(), name="company-modify"),
    path("/company/logo", information.LogoView.as_view(), name="logo"),
    path("/theme", home.ThemeView.as_view(), name="theme"),
    path("/account", information.AccountInformationView.as_view(), name="account"),
    path("/account/verification", information.VerificationView.as_view(), name="verification"),
    path(
        "/account/email",
        information.IdentityView.as_view(changes=CodeChannel.EMAIL),
        name="email",
    ),
    path(
        "/account/email/new",
        information.NewAddressView.as_view(changes=CodeChannel.EMAIL),
        name="email-new",
    ),
    path(
        "/account/mobile",
        information.IdentityView.as_view(changes=CodeChannel.SMS),
        name="sms",
    ),
    path(
        "/account/mobile/new",
        information.NewAddressView.as_view(changes=CodeChannel.SMS),
        name="sms-new",
    ),
    path("/preferences", information.PreferencesView.as_view(), name="preferences"),
    path("/preferences/currency", information.CurrencyView.as_view(), name="currency"),
    path(
        "/customer-notifications",
        information.NotificationSettingsView.as_view(),
        name="notifications",
    ),
    path("/customer-bills", information.BillSettingsView.as_view(), name="bills"),
]
