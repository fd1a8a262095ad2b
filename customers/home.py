"""What customers of partners add to the pages: to-dos, and what opens after sign-in."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partner_center import clock, context
from partner_center.actors import Actor
from partner_center.home import Link, Todo, add_todos
from partner_center.permissions import Audience

from . import pop_ups
from .permissions import (
    DISASSOCIATE,
    MANAGE_PARTNER,
    OPERATE_ASSOCIATIONS,
    REVIEW_PREREGISTRATIONS,
)
from .queries import (
    asking,
    association_reviews,
    instructions,
    preregistrations,
    records,
)

_WAITING = "?status__exact=pending_review"
_PREREGISTRATIONS = Link(
    "admin:customers_preregistration_changelist", REVIEW_PREREGISTRATIONS, _WAITING
)
_ASSOCIATIONS = Link(
    "admin:customers_associationrequest_changelist", OPERATE_ASSOCIATIONS, _WAITING
)


def instructions_todos(actor: Actor) -> Iterator[Todo]:
    """Instructions that the customer has not signed (INS-01)."""
    if document := instructions.unsigned(actor):
        yield Todo(
            _("Sign the Instructions for associating with a partner"),
            Link("instructions:sign", MANAGE_PARTNER),
            _("Sign Now"),
            document.title,
            "pencil",
        )


def preregistration_todos(actor: Actor) -> Iterator[Todo]:
    """Pre-registrations that partners ask a decision about (04-PRE-15)."""
    if not actor.can(REVIEW_PREREGISTRATIONS):
        return
    waiting, overdue = preregistrations.waiting_reviews(actor, clock.now())
    if waiting:
        words = ngettext(
            "%(count)d pre-registration waits", "%(count)d pre-registrations wait", waiting
        )
        late = _("%(count)d overdue") % {"count": overdue} if overdue else ""
        yield Todo(words % {"count": waiting}, _PREREGISTRATIONS, _("Review"), late, "bookmark")


def association_todos(actor: Actor) -> Iterator[Todo]:
    """Associations that were refused and wait for a decision (08-CSA-16)."""
    if not actor.can(OPERATE_ASSOCIATIONS):
        return
    if waiting := association_reviews.waiting_count(actor):
        words = ngettext("%(count)d association waits", "%(count)d associations wait", waiting)
        yield Todo(words % {"count": waiting}, _ASSOCIATIONS, _("Review"), icon="link")


def answer_todos(actor: Actor) -> Iterator[Todo]:
    """Customers' requests that wait for the partner's Agree or Reject (04-ASC-07, ASC-08)."""
    if not actor.can(DISASSOCIATE):
        return
    if count := records.waiting_count(actor):
        text = ngettext(
            "%(count)d request of a customer waits for your answer",
            "%(count)d requests of customers wait for your answer",
            count,
        )
        link = Link("association_records:list", DISASSOCIATE, "?view=open")
        yield Todo(text % {"count": count}, link, _("View"), icon="unlink")


def asked_todos(actor: Actor) -> Iterator[Todo]:
    """The partner asks for a disassociation, or for an authorization (08-CSD-14, 08-AUT-04)."""
    if not actor.can(MANAGE_PARTNER):
        return
    for partner in asking.asking_partners(actor):
        if partner.asks_to_leave:
            words = _("%(partner)s asks you to agree to a disassociation")
            link = Link("my_partner:page", MANAGE_PARTNER)
            yield Todo(words % {"partner": partner.title}, link, _("Process"), icon="unlink")
        if partner.asks_to_act:
            words = _("%(partner)s asks for your authorization")
            link = Link("authorizations:list", MANAGE_PARTNER)
            detail = _("To place orders and operate resources for you")
            yield Todo(words % {"partner": partner.title}, link, _("Process"), detail, "key")


add_todos(instructions_todos, Audience.CUSTOMER)
add_todos(asked_todos, Audience.CUSTOMER)
add_todos(answer_todos, Audience.PARTNER)
add_todos(preregistration_todos, Audience.OPERATOR)
add_todos(association_todos, Audience.OPERATOR)
context.use_pop_up(pop_ups.address)
