"""Addresses of registration, sign-in, passwords and security."""

from django.urls import path

from ..views import codes, home, password, registration, security, signin

app_name = "accounts"
urlpatterns = [
    path("partners", registration.PartnersView.as_view(), name="partners"),
    path("register", registration.RegisterView.as_view(), name="register"),
    path(
        "register/security-phone",
        registration.SecurityPhoneView.as_view(),
        name="security-phone",
    ),
    path(
        "register/enable-services",
        registration.EnableServicesView.as_view(),
        name="enable-services",
    ),
    path(
        "register/verify-identity",
        registration.RegistrationIdentityView.as_view(),
        name="registration-identity",
    ),
    path("register/bind-mobile", registration.MobileView.as_view(), name="registration-mobile"),
    path(
        "register/information",
        registration.InformationView.as_view(),
        name="registration-information",
    ),
    path("register/continue", registration.ContinueView.as_view(), name="continue"),
    path("register/account-name", registration.AccountNameView.as_view(), name="account-name"),
    path("agreements", registration.AgreementsView.as_view(), name="agreements"),
    path("agreements/<slug:code>", registration.AgreementView.as_view(), name="agreement"),
    path(
        "agreements/<slug:code>/<str:version>",
        registration.AgreementView.as_view(),
        name="agreement-version",
    ),
    path("sign-in", signin.SignInView.as_view(), name="sign-in"),
    path("sign-in/member", signin.MemberSignInView.as_view(), name="member-sign-in"),
    path("sign-in/second-factor", signin.SecondFactorView.as_view(), name="second-factor"),
    path("sign-out", signin.SignOutView.as_view(), name="sign-out"),
    path("forgot-password", password.ForgotPasswordView.as_view(), name="forgot-password"),
    path(
        "forgot-password/member",
        password.MemberForgotPasswordView.as_view(),
        name="member-forgot-password",
    ),
    path("forgot-password/new", password.ResetPasswordView.as_view(), name="reset-password"),
    path("first-password", password.FirstPasswordView.as_view(), name="first-password"),
    path("security", security.SecurityView.as_view(), name="security"),
    path("security/password", password.ChangePasswordView.as_view(), name="change-password"),
    path("security/devices", security.EndSessionsView.as_view(), name="end-sessions"),
    path("security/verify-identity", security.VerifyIdentityView.as_view(), name="verify-identity"),
    path(
        "security/second-factor/on",
        security.SecondFactorOnView.as_view(),
        name="second-factor-on",
    ),
    path(
        "security/second-factor/off",
        security.SecondFactorOffView.as_view(),
        name="second-factor-off",
    ),
    path("security/recovery-codes", security.RecoveryCodesView.as_view(), name="recovery-codes"),
    path("theme", home.ThemeView.as_view(), name="theme"),
    path("codes/send", codes.SendCodeView.as_view(), name="send-code"),
]
