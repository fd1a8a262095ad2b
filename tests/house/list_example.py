"""A list page made for the tests of the list machine: the users of an account."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, Q
from django.urls import path

from accounts.choices import UserStatus
from accounts.models import Role, User
from accounts.permissions import EXPORT_MEMBERS, MANAGE_MEMBERS, VIEW_MEMBERS
from partner_center import exporting, masking
from partner_center.actors import Actor
from partner_center.lists.batches import BatchAction, RowResult, run_each
from partner_center.lists.columns import (
    BadgeColumn,
    ChipsColumn,
    PortalColumn,
    TimeColumn,
)
from partner_center.lists.exporter import ListExporter
from partner_center.lists.filters import DateRangeFilter, PortalFilterSet, SearchFilter
from partner_center.lists.listing import SavedView
from partner_center.lists.tables import PortalTable
from partner_center.lists.views import PortalListView
from partner_center.refusals import Refusal
from partner_center.urls import urlpatterns as portal_urls


def list_people(actor: Actor) -> Any:
    return User.objects.visible_to(actor)


def roles_of(request: Any) -> Any:
    return Role.objects.filter(Q(account=None) | Q(account_id=request.actor.account_id))


class PeopleFilters(PortalFilterSet):
    q = SearchFilter(["username", "name"], placeholder="Name or account name")
    status = django_filters.ChoiceFilter(label="Status", choices=UserStatus, empty_label="Any")
    role = django_filters.ModelChoiceFilter(
        label="Role",
        queryset=roles_of,
        field_name="role_assignments__role",
        empty_label="Any",
    )
    created = DateRangeFilter(label="Created", field_name="created_at")

    more = ("created",)

    class Meta:
        model = User
        fields: list[str] = []


class PeopleTable(PortalTable):
    name = PortalColumn(second="username", second_label="Account Name", fixed=True)
    contact = PortalColumn(
        accessor="mobile",
        verbose_name="Mobile / Email",
        export_label="Mobile",
        mask=masking.PHONE,
        second="email",
        second_label="Email",
        second_mask=masking.EMAIL,
        orderable=False,
    )
    roles = ChipsColumn(
        accessor="role_assignments",
        prefetch=["role_assignments__role"],
        export=StringAgg("role_assignments__role__name", ", "),
    )
    account = PortalColumn(accessor="account__name", select=["account"], shown=False)
    held = PortalColumn(annotate={"held": Count("role_assignments")}, shown=False)
    status = BadgeColumn(family="member")
    created_at = TimeColumn(verbose_name="Created")

    default_order = ("name",)


class LockPeople(BatchAction):
    name = "lock"
    label = "Lock"
    permission = MANAGE_MEMBERS
    confirmation = "They can no longer sign in."

    def run(self, actor: Actor, ids: list[Any]) -> list[RowResult]:
        rows = User.objects.visible_to(actor).filter(pk__in=ids).order_by("pk")
        return run_each(rows, _lock, "Locked")


class GreetPeople(BatchAction):
    name = "greet"
    label = "Greet"
    permission = VIEW_MEMBERS

    def run(self, actor: Actor, ids: list[Any]) -> list[RowResult]:
        return [RowResult(pk, f"number {pk}", True, "Greeted") for pk in ids]


def _lock(user: User) -> None:
    if user.is_main:
        raise Refusal("The main user cannot be locked.")
    User.objects.filter(pk=user.pk).update(status=UserStatus.LOCKED)


class PeopleListView(PortalListView):
    permission = VIEW_MEMBERS
    title = "People"
    list_name = "test_people"
    queryset = staticmethod(list_people)
    filterset_class = PeopleFilters
    table_class = PeopleTable
    saved_views = (
        SavedView("all", "All"),
        SavedView("locked", "Locked", Q(status=UserStatus.LOCKED), urgent=True),
    )
    batch_actions = (LockPeople, GreetPeople)
    export_name = "test_people"
    export_permission = EXPORT_MEMBERS
    empty_title = "No people yet"


class NobodyListView(PeopleListView):
    list_name = "test_nobody"
    queryset = staticmethod(lambda actor: list_people(actor).none())
    empty_action = ("Invite somebody", "test-people")


if "test_people" not in exporting.names():
    exporting.register(
        ListExporter("test_people", "People", EXPORT_MEMBERS, PeopleListView.definition())
    )

urlpatterns = [
    path("test/people", PeopleListView.as_view(), name="test-people"),
    path("test/nobody", NobodyListView.as_view(), name="test-nobody"),
    *portal_urls,
]
