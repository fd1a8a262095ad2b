"""The side menu of the Message Center: one entry for each category that has messages."""

from django.utils.translation import gettext_lazy as _

from partner_center.navigation import add_area, add_entry
from partner_center.permissions import Audience

from .choices import Category
from .permissions import MANAGE_SETTINGS, READ_MESSAGES

_AREA = "messages"
_ICONS = {
    Category.FINANCE: "receipt",
    Category.CUSTOMERS: "users",
    Category.INCENTIVES: "gift",
    Category.PROGRAMS: "certificate",
    Category.PRODUCT: "puzzle",
    Category.SECURITY: "shield-check",
    Category.OM: "activity",
    Category.CAMPAIGNS: "flag",
    Category.FILING: "file-text",
    Category.SYSTEM: "settings",
}
_SETTINGS = _("Settings")
_shown: set[tuple[Category, Audience]] = set()

add_area(_AREA, _("Message Center"), order=900, in_top_bar=False, icon="bell")
add_entry(
    _AREA,
    _("All messages"),
    "notifications:messages",
    READ_MESSAGES,
    order=0,
    audiences=tuple(Audience),
    icon="message",
)
add_entry(
    _AREA,
    _("SMS & Email Settings"),
    "notifications:settings",
    MANAGE_SETTINGS,
    order=900,
    group=_SETTINGS,
    audiences=tuple(Audience),
    icon="adjustments-horizontal",
)
add_entry(
    _AREA,
    _("Recipients"),
    "notifications:recipients",
    MANAGE_SETTINGS,
    order=910,
    group=_SETTINGS,
    audiences=tuple(Audience),
    icon="users-group",
)


def show_category(category: Category, audience: Audience) -> None:
    """Give a category its entry, once."""
    if (category, audience) not in _shown:
        _shown.add((category, audience))
        add_entry(
            _AREA,
            category.label,
            f"notifications:{category}",
            READ_MESSAGES,
            order=100 + list(Category).index(category),
            audiences=(audience,),
            icon=_ICONS[category],
        )
