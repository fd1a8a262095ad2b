"""By Link or QR Code: general-purpose, customized and promotional links (04 §8.2.2.3)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.choices import SystemRole
from accounts.models import RoleAssignment, User
from audit.models import OperationRecord
from customers.choices import AssociationModel, FailureCause, InvitationMethod, InvitationStatus
from customers.models import Campaign, Invitation, InvitationLink
from customers.queries.invitations import address_of, find_by_token
from customers.refusals.invitations import LinkDisabled, NoManagerChosen, OnlyCustomTag
from customers.services import invitations, links
from customers.services.links import Wish
from partner_center import clock

from ..accounts.organization import at_once, refusals, signed_in
from .invited import grant

pytestmark = pytest.mark.django_db
LINKS = "/sales/customer-development/links"
FORM = {"model": "reseller", "tagging": "customize", "custom_tag": "spring-fair", "remarks": ""}


def _campaign(name: str = "Cloud Week", *, ends_in: int = 10, starts_in: int = -1) -> Campaign:
    now = clock.now()
    return Campaign.objects.create(
        name=name,
        description="Vouchers for new customers",
        starts_at=now + timedelta(days=starts_in),
        ends_at=now + timedelta(days=ends_in),
        created_at=now,
    )


def _generated(user: User, cast, **wish) -> InvitationLink:
    return links.generate(cast.actor(user), Wish(**{"custom_tag": "spring-fair", **wish}))


def _html(user: User, path: str = "") -> str:
    answer = signed_in(user).get(LINKS + path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.requirement("04-LNK-01", "07-RLNK-01", "06-DLQ-02")
@pytest.mark.parametrize("who", ["mara", "leo", "dina"])
@pytest.mark.parametrize("path", ["", "/customized", "/promotional"])
def test_the_tab_has_three_sub_tabs(cast, who: str, path: str) -> None:
    grant(cast.meridian, may_develop=True)
    html = _html(getattr(cast, who), path)
    for label in ("General-Purpose", "Customized", "Promotional"):
        assert f"{label} Invitation Links</a>" in html
    segments = re.search(r'<div class="pc-segments.*?</div>', html, re.DOTALL)
    assert segments and segments[0].count('aria-current="true"') == 1
    assert "By Link or QR Code</a>" in html and "History Records</a>" in html


@pytest.mark.requirement("04-LNK-02", "04-LNK-05", "06-DLQ-03", "07-RLNK-01", "07-RLNK-03")
def test_the_general_link_is_generated_once_and_carries_the_login_name(cast) -> None:
    client = signed_in(cast.jun)
    assert "You have no general-purpose link yet." in client.get(LINKS).content.decode()
    assert not InvitationLink.objects.exists(), "looking writes nothing"
    for _turn in range(2):
        assert client.post(LINKS).status_code == 302
    link = InvitationLink.objects.get()
    assert (link.method, link.custom_tag, link.manager) == ("general", "j.lim", cast.jun)
    html = client.get(LINKS).content.decode()
    address = address_of(link.token)
    assert f"{address}</code>" in html and f'data-pc-copy="{address}"' in html
    assert f"/links/{link.pk}/qr-code.png?download" in html
    assert find_by_token(link.token) == link


@pytest.mark.requirement("04-LNK-03")
def test_links_of_those_who_look_after_nobody_assign_to_nobody(cast) -> None:
    link = links.get_general_link(cast.actor(cast.mara))
    assert (link.manager, link.custom_tag) == (None, cast.mara.username)
    assert links.get_general_link(cast.actor(cast.rosa)).manager == cast.rosa


@pytest.mark.requirement("04-LNK-05", "07-RLNK-03")
@pytest.mark.parametrize(
    ("kind", "start", "content_type"),
    [("png", b"\x89PNG", "image/png"), ("svg", b"<?xml", "image/svg+xml")],
)
def test_the_qr_code_is_a_picture_and_a_download(
    cast, kind: str, start: bytes, content_type: str
) -> None:
    link = links.get_general_link(cast.actor(cast.mara))
    url = reverse("invitations:qr-code", args=[link.pk, kind])
    answer = signed_in(cast.mara).get(url)
    assert answer.content.startswith(start) and answer["Content-Type"] == content_type
    assert "Content-Disposition" not in answer
    answer = signed_in(cast.mara).get(f"{url}?download")
    assert answer["Content-Disposition"] == f'attachment; filename="invitation-{link.pk}.{kind}"'
    assert signed_in(cast.nora).get(url).status_code == 404
    assert signed_in(cast.mara).get(url.replace(kind, "gif")).status_code == 404


@pytest.mark.requirement("04-LNK-06", "04-LNK-08", "06-DLQ-02", "06-DLQ-04")
def test_a_customized_link_is_generated_with_its_tag(cast) -> None:
    client = signed_in(cast.mara)
    answer = client.post(f"{LINKS}/customized", FORM | {"remarks": "Stand 12"})
    link = InvitationLink.objects.get()
    assert answer["Location"] == f"{LINKS}/{link.pk}"
    assert (link.method, link.custom_tag, link.remarks) == ("custom", "spring-fair", "Stand 12")
    html = client.get(answer["Location"]).content.decode()
    assert "<h1>Generate</h1>" in html and "Link and QR code generated successfully." in html
    for label in ("Association Type", "Account Manager", "Remarks", "Link", "QR Code"):
        assert f"{label}<" in html, label
    assert address_of(link.token) in html and ">OK</a>" in html and "Stand 12" in html
    record = OperationRecord.objects.get(action="customers.link.generated")
    assert record.after["custom_tag"] == "spring-fair" and link.token not in str(record.after)


@pytest.mark.requirement("04-LNK-06", "06-DLQ-04")
def test_dedicated_takes_tag_and_manager_from_the_chosen_manager(cast) -> None:
    form = FORM | {"tagging": "dedicated", "manager": cast.jun.pk, "custom_tag": "ignored"}
    assert signed_in(cast.mara).post(f"{LINKS}/customized", form).status_code == 302
    link = InvitationLink.objects.get()
    assert (link.custom_tag, link.manager, link.created_by) == ("j.lim", cast.jun, cast.mara)


@pytest.mark.requirement("04-LNK-06")
def test_only_managers_within_the_scope_can_be_chosen(cast) -> None:
    def offered(user: User) -> set[str]:
        html = _html(user, "/customized")
        select = html.split('name="manager"')[1].split("</select>")[0]
        return set(re.findall(r'value="(\d+)"', select))

    jun, rosa = str(cast.jun.pk), str(cast.rosa.pk)
    assert offered(cast.mara) == {jun, rosa}
    assert offered(cast.rosa) == {jun, rosa}
    assert offered(cast.jun) == {jun}
    for user, chosen in ((cast.jun, cast.rosa), (cast.mara, cast.felix), (cast.mara, cast.nora)):
        form = FORM | {"tagging": "dedicated", "manager": chosen.pk}
        assert signed_in(user).post(f"{LINKS}/customized", form).status_code == 422
        with pytest.raises(NoManagerChosen):
            links.generate(cast.actor(user), Wish(tagging="dedicated", manager_id=chosen.pk))
    assert not InvitationLink.objects.exists()


@pytest.mark.requirement("04-LNK-06")
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"custom_tag": "  "}, "Enter a custom tag."),
        ({"custom_tag": "x" * 65}, "at most 64 characters"),
        ({"remarks": "x" * 101}, "at most 100 characters"),
        ({"tagging": "dedicated"}, "Choose an account manager."),
        ({"tagging": "other"}, "Select a valid choice"),
        ({"model": "other"}, "Select a valid choice"),
    ],
)
def test_wrong_input_is_refused_beside_its_field(cast, change: dict, sentence: str) -> None:
    answer = signed_in(cast.mara).post(f"{LINKS}/customized", FORM | {"remarks": "kept"} | change)
    html = answer.content.decode()
    assert answer.status_code == 422 and sentence in html
    assert change.get("remarks", "kept") in html
    assert not InvitationLink.objects.exists()


@pytest.mark.requirement("04-LNK-06", "04-TM-03")
def test_the_form_warns_of_the_resellers_duties_and_offers_referral_by_permission(cast) -> None:
    html = _html(cast.mara, "/customized")
    assert "Resellers, instead of the operator, are responsible for providing billing" in html
    assert "capital backflow risks" in html and 'value="referral"' not in html
    assert "By default, only the Reseller model is offered." in html
    grant(cast.tidemark, may_refer=True)
    html = _html(cast.mara, "/customized")
    assert 'value="referral"' in html and "By default, only the Reseller" not in html
    assert _generated(cast.mara, cast, model="referral").model == AssociationModel.REFERRAL


@pytest.mark.requirement("04-TM-03", "06-DLQ-01")
def test_a_forged_request_for_referral_is_forbidden_and_keeps_what_was_typed(cast) -> None:
    form = FORM | {"model": "referral", "remarks": "kept"}
    answer = signed_in(cast.mara).post(f"{LINKS}/customized", form)
    html = answer.content.decode()
    assert answer.status_code == 403 and "kept" in html
    assert "your account may invite customers in the Reseller model only" in html
    assert 'value="referral"' not in html and not InvitationLink.objects.exists()


@pytest.mark.requirement("07-RLNK-04", "07-RLNK-06")
def test_resellers_give_a_custom_tag_and_nothing_else(cast) -> None:
    html = _html(cast.leo, "/customized")
    assert 'name="custom_tag"' in html and "use the general-purpose link" in html
    for name in ("tagging", "manager", "remarks", "model"):
        assert f'name="{name}"' not in html
    assert "By default, only the Reseller model is offered." not in html
    answer = signed_in(cast.leo).post(f"{LINKS}/customized", {"custom_tag": "lagoon-fair"})
    assert answer.status_code == 302
    link = InvitationLink.objects.get()
    assert (link.custom_tag, link.model) == ("lagoon-fair", AssociationModel.RESELLER)
    for wish in (Wish(custom_tag="x", remarks="y"), Wish(tagging="dedicated", manager_id=1)):
        with pytest.raises(OnlyCustomTag):
            links.generate(cast.actor(cast.leo), wish)


@pytest.mark.requirement("04-LNK-04", "07-RLNK-05", "06-DLQ-03")
@pytest.mark.parametrize("who", ["mara", "leo"])
def test_every_sub_tab_says_that_links_are_for_new_accounts(cast, who: str) -> None:
    for path in ("", "/customized", "/promotional"):
        html = _html(getattr(cast, who), path)
        assert "Only customers with a newly registered account can associate by link" in html


@pytest.mark.requirement("06-DLQ-04", "07-RLNK-06")
def test_the_eye_before_process_flowchart_opens_the_guide(cast) -> None:
    html = _html(cast.leo)
    assert f'href="{LINKS}/process"' in html and "#eye" in html
    assert "The customer registers a new account" in _html(cast.leo, "/process")


@pytest.mark.requirement("04-LNK-07", "06-DLQ-02", "07-RLNK-03")
def test_the_generation_record_lists_links_to_be_sent_again(cast) -> None:
    link = _generated(cast.mara, cast, remarks="Stand 12")
    links.get_general_link(cast.actor(cast.mara))
    assert f'href="{LINKS}/records"' in _html(cast.mara, "/customized")
    html = _html(cast.mara, "/records")
    assert "spring-fair" in html and "Stand 12" in html and "Generation Record" in html
    assert f'data-pc-copy="{address_of(link.token)}"' in html
    assert f"{LINKS}/{link.pk}/qr-code.png?download" in html
    assert html.count("data-pc-copy=") == 1, "general links stand on their own tab"
    assert "spring-fair" in _html(cast.mara, "/records?q=stand")
    assert "Stand 12" not in _html(cast.mara, "/records?q=nothing")


@pytest.mark.requirement("04-LNK-07")
def test_a_disabled_link_opens_nothing_and_cannot_be_disabled_twice(cast) -> None:
    link, client = _generated(cast.mara, cast), signed_in(cast.mara)
    url = f"{LINKS}/{link.pk}/disable"
    assert "open nothing any more" in client.get(url).content.decode()
    assert client.post(url)["Location"] == f"{LINKS}/records"
    link.refresh_from_db()
    assert link.disabled_at is not None and find_by_token(link.token) == link
    answer = client.post(url)
    assert answer.status_code == 422 and "disabled already" in answer.content.decode()
    with pytest.raises(LinkDisabled):
        links.disable(cast.actor(cast.mara), link.pk)
    assert "Disabled" in _html(cast.mara, "/records")


def test_general_links_are_never_disabled(cast) -> None:
    link = links.get_general_link(cast.actor(cast.mara))
    assert signed_in(cast.mara).post(f"{LINKS}/{link.pk}/disable").status_code == 404
    link.refresh_from_db()
    assert link.disabled_at is None


def test_links_of_others_are_not_found(cast) -> None:
    of_mara, of_jun = _generated(cast.mara, cast), _generated(cast.jun, cast)
    for user, link in ((cast.nora, of_mara), (cast.jun, of_mara)):
        client = signed_in(user)
        for path in ("", "/disable", "/qr-code.svg"):
            assert client.get(f"{LINKS}/{link.pk}{path}").status_code == 404, path
        assert client.post(f"{LINKS}/{link.pk}/disable").status_code == 404
        assert address_of(link.token) not in _html(user, "/records")
    assert address_of(of_jun.token) in _html(cast.rosa, "/records"), "its director sees it"
    assert InvitationLink.objects.filter(disabled_at=None).count() == 2


def test_without_the_permission_nothing_is_generated(cast) -> None:
    campaign = _campaign()
    for user, status in ((cast.ivy, 403), (cast.felix, 403), (cast.hana, 404)):
        client = signed_in(user)
        assert client.post(LINKS).status_code == status
        assert client.post(f"{LINKS}/customized", FORM).status_code == status
        assert client.post(f"{LINKS}/promotional", {"campaign": campaign.pk}).status_code == status
    assert not InvitationLink.objects.exists()


@pytest.mark.requirement("04-LNK-09", "06-DLQ-02", "07-RLNK-03")
def test_without_a_running_campaign_the_tab_says_so(cast) -> None:
    _campaign("Over", starts_in=-9, ends_in=-1)
    _campaign("Planned", starts_in=1)
    html = _html(cast.mara, "/promotional")
    assert "No promotion activity is available." in html
    assert "Over" not in html and "Planned" not in html


@pytest.mark.requirement("04-LNK-09", "07-RLNK-06")
def test_links_of_a_campaign_hold_while_it_runs(cast) -> None:
    campaign, client = _campaign(), signed_in(cast.jun)
    html = client.get(f"{LINKS}/promotional").content.decode()
    assert "Cloud Week" in html and "Remind your customers to complete the registration" in html
    for _turn in range(2):
        assert client.post(f"{LINKS}/promotional", {"campaign": campaign.pk}).status_code == 302
    link = InvitationLink.objects.get()
    assert (link.campaign, link.custom_tag, link.manager) == (campaign, "j.lim", cast.jun)
    assert address_of(link.token) in client.get(f"{LINKS}/promotional").content.decode()
    assert find_by_token(link.token) == link
    Campaign.objects.filter(pk=campaign.pk).update(ends_at=clock.now())
    html = client.get(f"{LINKS}/promotional").content.decode()
    assert address_of(link.token) not in html and "No promotion activity is available." in html


@pytest.mark.requirement("04-LNK-09")
def test_campaigns_that_do_not_run_give_no_link(cast) -> None:
    over = _campaign("Over", starts_in=-9, ends_in=-1)
    for pk in (over.pk, over.pk + 1000):
        answer = signed_in(cast.mara).post(f"{LINKS}/promotional", {"campaign": pk})
        assert answer.status_code == 422
        assert "this promotion is not running" in answer.content.decode()
    assert not InvitationLink.objects.exists()


@pytest.mark.requirement("04-LNK-03", "04-LNK-08", "06-DLQ-03", "07-RLNK-02")
def test_who_comes_through_a_link_carries_its_tag_and_its_manager(cast) -> None:
    link, moment = _generated(cast.jun, cast), clock.now()
    found = links.from_link(link, cast.quarry, moment)
    assert (found.method, found.custom_tag, found.manager) == ("custom", "spring-fair", cast.jun)
    assert (found.account, found.customer, found.email) == (
        cast.tidemark,
        cast.quarry,
        cast.quarry.email,
    )
    assert found.status == InvitationStatus.INVITED and found.expires_at is None
    invitations.mark_failed(found, cast.quarry, [FailureCause.REGISTERED_LONG_AGO], moment)
    assert links.from_link(link, cast.quarry, moment) == found, "the second time is the same row"
    assert Invitation.objects.count() == 1


@pytest.mark.requirement("04-LNK-03")
def test_a_manager_who_lost_the_role_gets_nobody(cast) -> None:
    link = _generated(cast.jun, cast)
    RoleAssignment.objects.filter(user=cast.jun, role__system_code=SystemRole.MANAGER).delete()
    assert links.from_link(link, cast.quarry, clock.now()).manager is None


@pytest.mark.django_db(transaction=True)
def test_two_requests_for_the_general_link_generate_one(cast) -> None:
    actor = cast.actor(cast.mara)
    answers = at_once(*[lambda: links.get_general_link(actor)] * 2)
    assert not refusals(answers) and answers[0] == answers[1]
    assert InvitationLink.objects.filter(method=InvitationMethod.GENERAL).count() == 1
