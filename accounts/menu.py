"""Menu entries of the accounts app."""

from django.utils.translation import gettext_lazy as _

from partner_center.navigation import add_area, add_entry
from partner_center.permissions import Audience

from . import permissions
from .choices import PartnerKind


def _add_home() -> None:
    add_area("home", _("Home"), order=0, side_menu=False, icon="home")
    add_entry(
        "home", _("Home"), "home", permissions.VIEW_HOME, audiences=Audience, order=0, icon="home"
    )


def _add_information() -> None:
    """Pages of the account drop-down menu."""
    add_area("account", _("Partner Information"), order=900, in_top_bar=False)
    add_entry(
        "account",
        _("Basic Information"),
        "information:basic",
        permissions.OWN_PROFILE,
        order=10,
        audiences=Audience,
        icon="id",
    )
    for kinds, audiences in (
        ((PartnerKind.CSP,), (Audience.PARTNER,)),
        ((), (Audience.CUSTOMER, Audience.OPERATOR)),
    ):
        add_entry(
            "account",
            _("Preferences"),
            "information:preferences",
            permissions.VIEW_INFORMATION,
            order=20,
            audiences=audiences,
            partner_kinds=kinds,
            icon="settings",
        )
    add_entry(
        "account",
        _("Security"),
        "accounts:security",
        permissions.OWN_PROFILE,
        order=30,
        audiences=Audience,
        icon="shield-lock",
    )


def _add_organization() -> None:
    add_area("organization", _("Organization"), order=60, icon="users")
    add_entry(
        "organization",
        _("Member Management"),
        "organization:members",
        permissions.VIEW_MEMBERS,
        order=10,
        audiences=(Audience.PARTNER, Audience.OPERATOR),
        icon="users",
    )
    add_entry(
        "organization",
        _("Access Keys"),
        "access_keys:list",
        permissions.VIEW_ACCESS_KEYS,
        order=60,
        audiences=(Audience.PARTNER, Audience.CUSTOMER),
        icon="key",
    )


def _add_enterprise() -> None:
    add_area("enterprise", _("Enterprise Center"), order=70, icon="building")
    for order, (label, page, icon) in enumerate(
        (
            (_("Organization"), "organization", "building-community"),
            (_("Projects"), "projects", "folder"),
        )
    ):
        add_entry(
            "enterprise",
            label,
            f"enterprise:{page}",
            permissions.VIEW_ENTERPRISE,
            order=order,
            audiences=(Audience.CUSTOMER,),
            icon=icon,
        )


def _add_administration() -> None:
    """The operator's admin pages, in the portal's own menu."""
    add_area("administration", _("Administration"), order=190)
    for order, (label, model, permission) in enumerate(
        (
            (_("Accounts"), "accounts_account", permissions.VIEW_ALL_ACCOUNTS),
            (_("Users"), "accounts_user", permissions.VIEW_ALL_USERS),
            (_("Access Keys"), "accounts_accesskey", permissions.VIEW_ALL_KEYS),
            (_("Agreements"), "accounts_agreementdocument", permissions.VIEW_AGREEMENTS),
            (_("Account Standing"), "accounts_accountstanding", permissions.VIEW_STANDING),
            (_("Partner Terms"), "accounts_partnerterms", permissions.VIEW_STANDING),
            (
                _("Schedule"),
                "django_celery_beat_periodictask",
                permissions.VIEW_SCHEDULE,
            ),
        )
    ):
        add_entry(
            "administration",
            label,
            f"admin:{model}_changelist",
            permission,
            order=order,
            audiences=(Audience.OPERATOR,),
        )


_add_home()
_add_information()
_add_organization()
_add_enterprise()
_add_administration()
