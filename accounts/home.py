"""What accounts add to the home pages."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from partner_center.actors import Actor
from partner_center.home import Card, Figure, Link, Todo, add_card, add_todos
from partner_center.permissions import Audience

from . import rules
from .permissions import (
    MANAGE_CONTACTS,
    MANAGE_INFORMATION,
    VIEW_ALL_ACCOUNTS,
    VIEW_MEMBERS,
)
from .queries import home, information, registration

_MEMBERS = "organization:members"
_ALL_ACCOUNTS = "admin:accounts_account_changelist"


def members_card(actor: Actor) -> Card:
    """Users of the account."""
    counts = home.member_counts(actor)
    return Card(
        _("Organization"),
        [
            Figure(_("Members"), counts.all, Link(_MEMBERS, VIEW_MEMBERS)),
            Figure(
                _("Locked"),
                counts.locked,
                Link(_MEMBERS, VIEW_MEMBERS, "?status=locked"),
                bad=bool(counts.locked),
            ),
        ],
    )


def accounts_card(actor: Actor) -> Card:
    """All accounts of the installation, by kind."""
    counts = home.account_counts()
    figures = [
        Figure(
            kind.label if kind.kind else _("Customers and new accounts"),
            kind.count,
            Link(
                _ALL_ACCOUNTS,
                VIEW_ALL_ACCOUNTS,
                f"?is_operator__exact=0&partner_kind__exact={kind.kind}",
            ),
        )
        for kind in counts.kinds
    ]
    suspended = Link(_ALL_ACCOUNTS, VIEW_ALL_ACCOUNTS, "?status__exact=suspended")
    figures.append(Figure(_("Suspended"), counts.suspended, suspended, bad=bool(counts.suspended)))
    return Card(_("Accounts"), figures, wide=True)


def partner_todos(actor: Actor) -> Iterator[Todo]:
    """What a partner's account still lacks."""
    account = information.account_of(actor)
    if not (account.full_name and account.address_line1 and account.contact_name):
        yield Todo(
            _("Complete your company information"),
            Link("information:company-modify", MANAGE_INFORMATION),
            _("Complete"),
            _("Name, registration address and a contact"),
            "building",
        )
    if not home.has_customer_contact(actor):
        yield Todo(
            _("No customer contact yet"),
            Link("organization:contacts", MANAGE_CONTACTS),
            _("Add"),
            _("Your customers see nobody to turn to"),
            "user-question",
        )
    if rules.has_verification_switch(actor.audience) and not account.verifies:
        yield Todo(
            _("Verify It’s You is off"),
            Link("information:account", MANAGE_INFORMATION),
            _("Switch on"),
            _("Critical operations are done without a code"),
            "shield-lock",
        )


def registration_todos(actor: Actor) -> Iterator[Todo]:
    """A registration that stopped half-way (01 §1.1, states)."""
    if registration.pending_step(actor):
        yield Todo(
            _("Complete your registration"),
            Link("accounts:continue", MANAGE_INFORMATION),
            _("Continue"),
            _("Services, mobile number or account information are missing"),
            "user-check",
        )


add_card(members_card, Audience.PARTNER, Audience.OPERATOR, order=20)
add_card(accounts_card, Audience.OPERATOR, order=10)
add_todos(registration_todos, Audience.PARTNER, Audience.CUSTOMER)
add_todos(partner_todos, Audience.PARTNER)
