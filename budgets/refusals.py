"""Refusals of the budgets app: the sentences that people read."""

from __future__ import annotations

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_center import money
from partner_center.refusals import Refusal

from .choices import BudgetType, FreezeStatus


class OnlyResellerModel(Refusal):
    """Referral customers have neither budget nor freeze."""

    code = "budgets.freeze.only_reseller_model"

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "Nothing was changed: %(name)s is not associated in the Reseller model. Only customers "
                "associated in the Reseller model can be frozen."
            )
            % {"name": name}
        )


class ManagedByReseller(Refusal):
    """A distributor that has authorized its reseller only looks (06-PRM-04)."""

    code = "budgets.control.managed_by_reseller"
    status = 403

    def __init__(self, name: str, reseller: str) -> None:
        super().__init__(
            _(
                "Nothing was changed: budget and freezing of %(name)s are managed by the reseller "
                "%(reseller)s. Withdraw the authorization of the reseller first."
            )
            % {"name": name, "reseller": reseller}
        )


class NeedsDistributor(Refusal):
    """A reseller without its distributor's authorization neither budgets nor freezes (07-RTM-09)."""

    code = "budgets.control.needs_distributor"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was changed: your distributor has not authorized you to set budgets and to "
                "freeze or unfreeze customers. Contact your distributor."
            )
        )


class StateHasChanged(Refusal):
    """Frozen already, not frozen, or otherwise not as the page showed it."""

    code = "budgets.freeze.state_has_changed"
    status = 409

    def __init__(self, name: str, state: str) -> None:
        self.state = FreezeStatus(state)
        super().__init__(
            _(
                "Nothing was changed: the state of %(name)s has changed, it is “%(state)s” now. Reload "
                "the page."
            )
            % {"name": name, "state": self.state.label}
        )


class UnfreezeBoth(Refusal):
    """Account and resources are unfrozen together (04 D-16)."""

    code = "budgets.unfreeze.both"

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "Nothing was changed: account and resources of %(name)s are frozen. Use Unfreeze "
                "Account and Resources."
            )
            % {"name": name}
        )


class PartnerIsFrozen(Refusal):
    """A partner that is frozen itself, or over its quota, unfreezes nobody (04-BFM-11, D-53)."""

    code = "budgets.unfreeze.partner_is_frozen"

    def __init__(self, *, own: bool) -> None:
        super().__init__(
            _("Unfreezing failed because your account is frozen. Settle what is due first.")
            if own
            else _(
                "Unfreezing failed: the partner account is frozen. What is due must be settled first."
            )
        )


class FrozenByOperator(Refusal):
    """Nothing but the operator's hold is live; a partner cannot release it."""

    code = "budgets.unfreeze.by_operator"

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "Nothing was changed: %(name)s is frozen by the operator. Contact the operator to have "
                "it unfrozen."
            )
            % {"name": name}
        )


class HoldExists(Refusal):
    """The operator holds this customer already, at least as strongly."""

    code = "budgets.hold.exists"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Nothing was changed: the operator has already frozen %(name)s.") % {"name": name}
        )


class NotAssociated(Refusal):
    """A hold hangs on an association; an account without a partner has none."""

    code = "budgets.hold.not_associated"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("Nothing was changed: %(name)s is not associated with a partner.") % {"name": name},
            field="customer",
        )


class ReasonMissing(Refusal):
    """Every freeze and unfreeze says why."""

    code = "budgets.reason.missing"

    def __init__(self) -> None:
        super().__init__(_("Enter the reason."), field="reason")


class ReasonTooLong(Refusal):
    """256 characters are what the records keep."""

    code = "budgets.reason.too_long"

    def __init__(self, length: int) -> None:
        super().__init__(
            _("The reason must not be longer than 256 characters; it has %(length)d.")
            % {"length": length},
            field="reason",
        )


# --- Setting budgets -----------------------------------------------------------------------------


class BudgetOnlyResellerModel(Refusal):
    """Referral customers pay themselves; nobody budgets for them (04-BUD-01)."""

    code = "budgets.budget.only_reseller_model"

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "Nothing was changed: %(name)s is not associated in the Reseller model. Budgets can be "
                "set only for customers associated in the Reseller model."
            )
            % {"name": name}
        )


class HasNoBudget(Refusal):
    """Customers outside the Reseller model have no budget that could be read."""

    code = "budgets.budget.has_none"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s is not associated in the Reseller model, so there is no budget.")
            % {"name": name}
        )


class AmountInvalid(Refusal):
    """04 D-11: 0.00 to 2,147,483,647.00 USD with at most two decimals."""

    code = "budgets.budget.amount_invalid"

    def __init__(self) -> None:
        super().__init__(
            _("Enter an amount from 0.00 to 2,147,483,647.00 with at most two decimals."),
            field="amount",
        )


class AgreementMissing(Refusal):
    """The strongest action asks for the agreement (04-ONE-06)."""

    code = "budgets.budget.agreement_missing"

    def __init__(self) -> None:
        super().__init__(
            _("Read and agree to the Agreement for Partners to Manage Customer Budgets first."),
            field="agreement",
        )


class TypeNotGranted(Refusal):
    """The distributor grants no quota for budgets of this type (04-ONE-01, ONE-03)."""

    code = "budgets.budget.type_not_granted"
    status = 403

    def __init__(self, type: str) -> None:  # noqa: A002  the word of the page
        super().__init__(
            _(
                "Nothing was changed: your distributor has granted you no quota for budgets of the type "
                "“%(type)s”. Contact your distributor."
            )
            % {"type": BudgetType(type).label},
            field="type",
        )


class QuotaInsufficient(Refusal):
    """All budgets of a type together stay within the quota (04-BUD-10, OTB-05)."""

    code = "budgets.budget.quota_insufficient"

    def __init__(self, available: Decimal) -> None:
        super().__init__(
            _(
                "Nothing was saved: the quota that is available is %(available)s. Contact your "
                "distributor to have it increased."
            )
            % {"available": money.words(max(available, Decimal(0)))},
            field="amount",
        )


class QuotaBelowAllocated(Refusal):
    """A quota covers at least what the reseller has allocated already (06-PRM-13)."""

    code = "budgets.quota.below_allocated"

    def __init__(self, field: str, allocated: Decimal) -> None:
        super().__init__(
            _(
                "The reseller has already allocated %(allocated)s to its customers: the quota must not "
                "be lower."
            )
            % {"allocated": money.words(allocated)},
            field=field,
        )


class OnlyPayersHaveQuota(Refusal):
    """Resellers owe their distributor, customers their partner (06-DX-12)."""

    code = "budgets.consumption_quota.only_payers"

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "Nothing was changed: only cloud solution providers and distributors have a "
                "consumption quota; %(name)s is neither."
            )
            % {"name": name}
        )


# --- What the guard refuses (04 "Refusals", 08 "Refusals"): nothing was ordered or changed ---------


class GuardRefusal(Refusal):
    """What stands in the way of a purchase or operation.

    ``notice`` says it before anybody tries, ``brief`` in a few words beside what is not possible.
    """

    brief: str | Promise = ""

    def __init__(self, cause: str, *, is_purchase: bool = False) -> None:
        self.notice = capfirst(cause)
        words = (
            _("Nothing was ordered: %(cause)s")
            if is_purchase
            else _("Nothing was changed: %(cause)s")
        )
        super().__init__(words % {"cause": cause})


class AccountFrozen(GuardRefusal):
    """A frozen customer buys, renews, changes or operates (04-RM-04, 08-BUY-06)."""

    code = "budgets.guard.account_frozen"
    brief = gettext_lazy("restricted by your partner")

    def __init__(self, partner: str, *, is_purchase: bool) -> None:
        cause = (
            _(
                "your account is restricted by your partner. Contact %(partner)s to set a budget and "
                "unfreeze your account."
            )
            if is_purchase
            else _(
                "your account is restricted by your partner. Contact %(partner)s to unfreeze your "
                "account."
            )
        )
        super().__init__(cause % {"partner": partner}, is_purchase=is_purchase)


class HeldByOperator(GuardRefusal):
    """The operator alone holds the customer; its partner cannot help."""

    code = "budgets.guard.held_by_operator"
    brief = gettext_lazy("frozen by the operator")

    def __init__(self) -> None:
        super().__init__(_("your account is frozen by the operator. Contact the operator."))


class ResourcesFrozen(GuardRefusal):
    """Account and resources are frozen; after the date resources are released and data deleted."""

    code = "budgets.guard.resources_frozen"
    brief = gettext_lazy("account and resources are frozen")

    def __init__(self, contact: str, release_on: str) -> None:
        super().__init__(
            _(
                "your account and resources are frozen. Resources will be released and their data "
                "deleted on %(day)s. Contact %(contact)s before that."
            )
            % {"day": release_on, "contact": contact}
        )


class PartnerRestricted(GuardRefusal):
    """The partner is frozen itself, or over its own quota (04-BFM-11, 08-BUY-06)."""

    code = "budgets.guard.partner_restricted"
    brief = gettext_lazy("restricted because of your partner")

    def __init__(self, partner: str) -> None:
        super().__init__(
            _("purchases are restricted because of your partner %(partner)s. Contact your partner.")
            % {"partner": partner},
            is_purchase=True,
        )


class BudgetInsufficient(GuardRefusal):
    """A prepaid order does not fit into what is left of the budget (04-BFM-06, D-07)."""

    code = "budgets.guard.budget_insufficient"
    brief = gettext_lazy("budget insufficient")

    def __init__(self, partner: str) -> None:
        super().__init__(
            _(
                "the budget that %(partner)s has set for you is insufficient. Contact your partner; "
                "pay-per-use products can still be bought."
            )
            % {"partner": partner},
            is_purchase=True,
        )


class AccountSuspended(GuardRefusal):
    """The operator has suspended the account itself."""

    code = "budgets.guard.account_suspended"
    brief = gettext_lazy("account suspended")

    def __init__(self) -> None:
        super().__init__(_("your account is suspended. Contact the operator."))


class MayNotBuy(GuardRefusal):
    """Distributors and resellers, from their application on, use no cloud services themselves."""

    code = "budgets.guard.may_not_buy"
    brief = gettext_lazy("not for distributors and resellers")

    def __init__(self) -> None:
        super().__init__(
            _(
                "accounts of distributors and of resellers of a distributor cannot buy cloud services. "
                "Register another account for that."
            ),
            is_purchase=True,
        )
