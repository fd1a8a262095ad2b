"""Account directors and their account managers (02-ORG-08, ROL-08, S-05)."""

from __future__ import annotations

import pytest

from accounts.choices import SystemRole, UserStatus
from accounts.models import DirectorLink
from accounts.queries import members as queries
from accounts.refusals import NotADirector, NotAManager
from accounts.services import directors, members
from partner_center.refusals import NotFound, NotPermitted, Stale

from .organization import give, new_member

pytestmark = pytest.mark.django_db


def _direct(actor, director, *managers, seen: str = "") -> None:
    directors.manage_managers(
        actor,
        director.pk,
        manager_ids=[m.pk for m in managers],
        seen=seen or queries.seen_team(director),
    )


@pytest.mark.requirement("02-ORG-08")
def test_a_director_gets_and_loses_managers_and_the_history_stays(cast) -> None:
    actor = cast.actor(cast.mara)
    bea = new_member(actor, SystemRole.MANAGER, username="b.torres")
    _direct(actor, cast.rosa, bea)
    assert list(queries.managers_of(cast.rosa)) == [bea]
    old = DirectorLink.objects.get(manager=cast.jun)
    assert old.director == cast.rosa and old.ended_at is not None
    assert cast.actor(cast.rosa).team == {cast.rosa.pk, bea.pk}


@pytest.mark.requirement("02-ORG-08")
def test_a_manager_moves_to_another_director(cast) -> None:
    actor = cast.actor(cast.mara)
    diego = new_member(actor, SystemRole.DIRECTOR, username="d.aquino")
    _direct(actor, diego, cast.jun)
    assert queries.director_of(cast.jun) == diego
    assert not queries.managers_of(cast.rosa).exists()
    assert DirectorLink.objects.filter(manager=cast.jun).count() == 2


@pytest.mark.requirement("02-ORG-08")
def test_the_director_is_set_on_the_managers_own_form(cast) -> None:
    members.modify_member(
        cast.actor(cast.mara),
        cast.jun.pk,
        details=members.MemberDetails(cast.jun.name, cast.jun.mobile, cast.jun.email),
        status=UserStatus.NORMAL,
        director_id=None,
        seen=queries.seen_of(cast.jun, cast.rosa.pk),
    )
    assert queries.director_of(cast.jun) is None


@pytest.mark.requirement("02-ORG-08")
@pytest.mark.parametrize(
    ("director", "manager", "refusal"),
    [("felix", "jun", NotADirector), ("rosa", "felix", NotAManager), ("rosa", "rosa", NotAManager)],
)
def test_only_directors_direct_only_managers(cast, director, manager, refusal) -> None:
    with pytest.raises(refusal):
        _direct(cast.actor(cast.mara), getattr(cast, director), cast.jun, getattr(cast, manager))
    assert queries.director_of(cast.jun) == cast.rosa


@pytest.mark.requirement("02-ORG-04", "02-ORG-08")
def test_strangers_and_members_without_permission_link_nobody(cast) -> None:
    foreign = new_member(cast.actor(cast.nora), SystemRole.MANAGER, username="t.weber")
    with pytest.raises(NotFound):
        _direct(cast.actor(cast.mara), cast.rosa, foreign)
    with pytest.raises(NotFound):
        _direct(cast.actor(cast.nora), cast.rosa, foreign)
    with pytest.raises(NotPermitted):
        _direct(cast.actor(cast.rosa), cast.rosa)
    assert list(queries.managers_of(cast.rosa)) == [cast.jun]


@pytest.mark.requirement("02-ORG-08")
def test_a_stale_team_page_changes_nothing(cast) -> None:
    actor = cast.actor(cast.mara)
    seen = queries.seen_team(cast.rosa)
    _direct(actor, cast.rosa)
    with pytest.raises(Stale):
        _direct(actor, cast.rosa, cast.jun, seen=seen)
    assert not queries.managers_of(cast.rosa).exists()


@pytest.mark.requirement("02-ROL-08")
def test_a_director_who_becomes_manager_loses_the_team(cast) -> None:
    give(cast.actor(cast.mara), cast.rosa, SystemRole.MANAGER)
    assert not queries.managers_of(cast.rosa).exists()
    with pytest.raises(NotADirector):
        _direct(cast.actor(cast.mara), cast.rosa, cast.jun)
