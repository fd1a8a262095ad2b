"""The permission catalogue is whole: unique, named, and given to somebody."""

from __future__ import annotations

import pytest

from accounts.choices import SystemRole
from accounts.roles import permissions_of
from partner_center import permissions
from partner_center.permissions import Audience


@pytest.mark.requirement("02-ORG-01", "02-ORG-02")
def test_codes_name_their_app_and_verb() -> None:
    from django.conf import settings

    for permission in permissions.catalogue():
        app, _dot, rest = permission.code.partition(".")
        assert app in {*settings.HOUSE_APPS, "operator"} and rest, permission.code
        assert str(permission.label) and str(permission.area) and str(permission.entry)


@pytest.mark.requirement("02-ORG-05")
@pytest.mark.parametrize("audience", list(Audience))
def test_admin_holds_everything_of_its_audience(audience: Audience) -> None:
    assert permissions_of(SystemRole.ADMIN, audience) == permissions.codes(audience)


@pytest.mark.requirement("02-ROL-05")
@pytest.mark.parametrize("role", [SystemRole.FINANCE, SystemRole.DIRECTOR, SystemRole.MANAGER])
def test_system_roles_hold_the_defaults_and_nothing_of_other_audiences(role: SystemRole) -> None:
    held = permissions_of(role, Audience.PARTNER)
    assert permissions.default_codes(Audience.PARTNER) <= held
    assert held <= permissions.codes(Audience.PARTNER)
    assert not any(permissions.get(code).admin_only for code in held)
