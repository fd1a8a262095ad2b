"""Refusals: terms of partners, enterprises."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partner_center.refusals import Refusal


class NotAPartner(Refusal):
    """Only partners are granted anything."""

    code = "accounts.terms.not_a_partner"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Nothing was changed: %(name)s is not a partner. Set its partner kind first.")
            % {"name": name}
        )


class NeverForResellers(Refusal):
    """Resellers have no Referral model (07-RDF-07)."""

    code = "accounts.terms.referral_for_reseller"

    def __init__(self) -> None:
        super().__init__(_("Resellers have no Referral model."), field="may_refer")


class OnlyForDistributors(Refusal):
    """Other partners develop customers by right (06-DPR-01)."""

    code = "accounts.terms.development"

    def __init__(self) -> None:
        super().__init__(
            _("Only distributors need this permission; other partners develop customers by right."),
            field="may_develop",
        )


class PlatformTaken(Refusal):
    """A platform ID names one partner."""

    code = "accounts.terms.platform_taken"

    def __init__(self) -> None:
        super().__init__(_("Another partner has this platform ID."), field="platform_id")


class NotEnterpriseMaster(Refusal):
    """Only masters have member accounts."""

    code = "accounts.enterprise.not_master"

    def __init__(self) -> None:
        super().__init__(_("Your account is not an enterprise master account."))


class ProjectsEnabled(Refusal):
    """Enterprise projects are enabled once."""

    code = "accounts.enterprise.projects_enabled"

    def __init__(self) -> None:
        super().__init__(_("Enterprise projects are enabled already."))


class NoEnterpriseMember(Refusal):
    """Masters and members are customer accounts."""

    code = "accounts.enterprise.no_customer"

    def __init__(self, name: str, field: str) -> None:
        super().__init__(_("%(name)s is not a customer account.") % {"name": name}, field=field)


class HasMaster(Refusal):
    """One master for each member, and a master is no member."""

    code = "accounts.enterprise.has_master"

    def __init__(self, name: str, field: str) -> None:
        super().__init__(
            _("%(name)s is a member account of an enterprise already.") % {"name": name},
            field=field,
        )


class IsMaster(Refusal):
    """A master with members of its own does not become a member."""

    code = "accounts.enterprise.is_master"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s is an enterprise master account.") % {"name": name}, field="member"
        )


class SameAccount(Refusal):
    """An account is not its own member."""

    code = "accounts.enterprise.same"

    def __init__(self) -> None:
        super().__init__(_("Name two different accounts."), field="member")


class UnitNameTaken(Refusal):
    """Units of one enterprise have different names."""

    code = "accounts.enterprise.unit_name"

    def __init__(self) -> None:
        super().__init__(_("The enterprise has a unit of this name already."), field="name")
