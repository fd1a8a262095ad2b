"""History Records: the list, why an association failed, Resend Invite, Export All (04 §8.2.2.4)."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from accounts.models import User
from accounts.queries.actors import actor_for
from customers.causes import ADVICE
from customers.choices import FailureCause, InvitationMethod, InvitationStatus
from customers.models import Invitation
from customers.queries import invitations as queries
from customers.queries.invitations import find_by_token
from customers.refusals.invitations import NotExpired, NotReserved
from customers.services import invitations, links
from customers.tasks import expire_invitations
from exports.models import ExportTask
from exports.services import run_export
from outbox.models import Delivery
from partner_center import clock
from partner_center.refusals import NotFound

from ..accounts.organization import at_once, refusals, signed_in
from .invited import mailed_token, reserve, sent

pytestmark = pytest.mark.django_db
HISTORY = "/sales/customer-development/history"
RESEND = f"{HISTORY}/resend"
#: Cause and advice as 04 §8.2.2.4 prints them, AF01 to AF20.
TABLE = [
    ("AF01", "The system is busy.", "Contact customer service."),
    ("AF02", "The invitation link does not exist.", "Send the invitation email again."),
    ("AF03", "The invitation link has expired.", "Send the invitation email again."),
    ("AF04", "The invitation code has already been used.", "Send the invitation email again."),
    ("AF05", "The invitation link has already been used.", "Send the invitation email again."),
    (
        "AF06",
        "Prepaid partners cannot develop customers in the Reseller model.",
        "Send the invitation email again. If this does not help, contact your ecosystem manager.",
    ),
    ("AF07", "registered by another partner", "cannot be associated with a partner"),
    ("AF08", "already a partner or is applying", "cannot be associated with a partner"),
    ("AF09", "already associated with another partner", "cannot be associated with a partner"),
    ("AF10", "has a special contract", "cannot be associated with a partner"),
    ("AF11", "operator-internal account", "cannot be associated with a partner"),
    ("AF12", "enterprise master account", "cannot be associated in the Reseller model"),
    ("AF13", "must first be disassociated", "cannot be associated in the Reseller model"),
    ("AF14", "signed relationship", "Suggest the Reseller model"),
    ("AF15", "country of registration", "Suggest the Reseller model"),
    ("AF16", "consumption record", "submit a service ticket or to contact customer service"),
    ("AF17", "outstanding invoice amount", "submit a service ticket or to contact"),
    ("AF18", "registered longer ago than the limit", "submit a service ticket or to contact"),
    ("AF19", "has an overdue payment", "top up the account, repay what is overdue"),
    ("AF20", "bill run of the customer’s credit account", "repay everything that is overdue"),
]


def _list(user: User, query: str = "") -> str:
    answer = signed_in(user).get(f"{HISTORY}?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def _expired(user: User, email: str = "it@coralbay.example", **values) -> Invitation:
    """An invitation of eight days ago, of a pre-registration that still holds."""
    moment = clock.now() - timedelta(days=8)
    return sent(actor_for(user), reserve(user, email, moment=moment, **values), moment)


def _total(html: str) -> int:
    return html.count('name="ids"')


@pytest.mark.requirement("04-HIS-03", "06-DIM-02", "07-RHIS-02")
@pytest.mark.parametrize(("code", "cause", "advice"), TABLE)
def test_every_failure_shows_its_cause_and_its_advice(
    cast, code: str, cause: str, advice: str
) -> None:
    invitation = sent(cast.actor(cast.mara), reserve(cast.mara))
    invitations.mark_failed(invitation, cast.delta, [FailureCause(code)], clock.now())
    html = _list(cast.mara)
    panel = html.split('class="pc-menu-panel pc-record"')[-1].split("</details>")[0]
    hover = html.split('class="pc-icon-button" title="')[1].split('"')[0]
    for words in (cause, advice):
        assert words in panel and words in hover
    assert "Association failed" in html


@pytest.mark.requirement("04-HIS-03", "06-DIM-02", "07-RHIS-03")
def test_the_table_has_twenty_causes_and_two_of_them_are_of_the_referral_model() -> None:
    numbered = [cause for cause in FailureCause if cause.startswith("AF")]
    assert [str(cause) for cause in numbered] == [row[0] for row in TABLE]
    referral = [cause for cause in numbered if "Referral" in str(cause.label)]
    assert [str(cause) for cause in referral] == ["AF14", "AF15"], "the 18 others are of resellers"
    assert set(ADVICE) == set(FailureCause)


def test_several_causes_are_all_shown(cast) -> None:
    invitation = sent(cast.actor(cast.mara), reserve(cast.mara))
    causes = [FailureCause.OVERDUE, FailureCause.CONSUMPTION]
    invitations.mark_failed(invitation, cast.delta, causes, clock.now())
    html = _list(cast.mara)
    assert "overdue payment" in html and "consumption record" in html


@pytest.mark.requirement("04-HIS-01", "06-DIM-03", "07-RHIS-01")
def test_search_and_filters_find_by_everything_the_page_names(cast) -> None:
    actor, moment = cast.actor(cast.mara), clock.now()
    done = sent(actor, reserve(cast.mara, "a@coral.example", customer_name="Coral Bay"))
    invitations.mark_associated(done, cast.delta, moment)
    sent(actor, reserve(cast.mara, "b@pine.example", customer_name="Pinecrest"))
    Invitation.objects.create(
        account=cast.tidemark,
        method=InvitationMethod.GENERAL,
        model="reseller",
        customer_name="Sunward",
        email="c@sunward.example",
        custom_tag="spring-fair",
        invited_by=cast.mara,
        invited_at=moment,
        status=InvitationStatus.FAILED,
        causes=["AF16"],
    )
    assert _total(_list(cast.mara)) == 3
    for query in (
        "q=pinecrest",
        "q=delta-fisheries",
        "q=spring-fair",
        "q=b@pine",
        "method=general",
        "status=associated",
        "status=failed",
        "status=invited",
        "tag=spring",
    ):
        assert _total(_list(cast.mara, query)) == 1, query
    for name in ("customer_name", "account_name", "custom_tag", "email", "method", "status"):
        assert _total(_list(cast.mara, f"sort=-{name}")) == 3, name


@pytest.mark.requirement("04-HIS-02", "07-RHIS-01")
def test_the_arrow_shows_the_record(cast) -> None:
    invitation = sent(cast.actor(cast.rosa), reserve(cast.rosa))
    html = _list(cast.mara)
    panel = html.split('class="pc-menu-panel pc-record"')[1].split("</details>")[0]
    assert "R Santos" in panel and "Link valid until" in panel
    until = invitation.expires_at.astimezone(clock.BUSINESS_ZONE)
    assert f"{until:%b %d, %Y %H:%M:%S}" in panel


@pytest.mark.requirement("07-RINV-07")
def test_names_and_addresses_are_masked_until_the_eye_is_used(cast) -> None:
    sent(cast.actor(cast.mara), reserve(cast.mara))
    html = _list(cast.mara)
    assert "C**** B**** R****" in html and "Coral Bay" not in html
    assert "i****@coralbay.example" in html and "it@coralbay" not in html
    shown = signed_in(cast.mara).post(HISTORY, {"reveal": "customer_name"}).content.decode()
    assert "Coral Bay Resorts" in shown and "it@coralbay" not in shown
    shown = signed_in(cast.mara).post(HISTORY, {"reveal": "email"}).content.decode()
    assert "it@coralbay.example" in shown


@pytest.mark.requirement("04-HIS-01")
def test_who_came_through_a_link_is_listed_under_the_name_of_the_account(cast) -> None:
    link = links.get_general_link(cast.actor(cast.jun))
    found = links.from_link(link, cast.quarry, clock.now())
    Invitation.objects.filter(pk=found.pk).update(customer_name="")
    html = _list(cast.mara, "method=general&q=quarry")
    assert "Q****" in html and ">quarry<" in html and "General-purpose link" in html


@pytest.mark.requirement("04-INV-05")
def test_past_its_end_an_invitation_is_expired_with_and_without_the_job(cast) -> None:
    invitation = _expired(cast.mara)
    assert invitation.status == InvitationStatus.INVITED
    assert _total(_list(cast.mara, "status=expired")) == 1
    assert _total(_list(cast.mara, "status=invited")) == 0
    expire_invitations()
    invitation.refresh_from_db()
    assert invitation.status == InvitationStatus.EXPIRED
    assert invitation.finished_at == invitation.expires_at
    assert _total(_list(cast.mara, "status=expired")) == 1


def test_the_expiry_job_takes_what_is_due_and_nothing_else_twice(
    cast, django_assert_num_queries
) -> None:
    moment = clock.now()
    for number in range(3):
        _expired(cast.mara, f"x{number}@x.example")
    open_one = sent(cast.actor(cast.mara), reserve(cast.mara), moment)
    failed = sent(cast.actor(cast.mara), reserve(cast.mara, "f@f.example"), moment)
    invitations.mark_failed(failed, cast.delta, [FailureCause.BUSY], moment)
    with django_assert_num_queries(1):
        assert invitations.expire_invitations(moment) == 3
    assert invitations.expire_invitations(moment) == 0
    open_one.refresh_from_db()
    failed.refresh_from_db()
    assert (open_one.status, failed.status) == ("invited", "failed")


@pytest.mark.requirement("04-HIS-04", "06-DIM-03", "07-RHIS-04")
def test_resend_from_the_row_asks_first_and_kills_the_old_link(cast) -> None:
    invitation = _expired(cast.mara)
    old, client = mailed_token(invitation.email), signed_in(cast.mara)
    assert f"{RESEND}?ids={invitation.pk}" in _list(cast.mara)
    html = client.get(f"{RESEND}?ids={invitation.pk}").content.decode()
    assert "<h1>Resend Invite</h1>" in html and "C**** B**** R****" in html
    assert "i****@coralbay.example" in html and ">OK</button>" in html
    answer = client.post(RESEND, {"ids": [invitation.pk]})
    assert answer["Location"] == HISTORY
    invitation.refresh_from_db()
    assert invitation.status == InvitationStatus.INVITED
    assert invitation.expires_at > clock.now() + timedelta(days=6)
    assert find_by_token(old) is None
    assert find_by_token(mailed_token(invitation.email)) == invitation
    assert Invitation.objects.count() == 1 and Delivery.objects.count() == 2


@pytest.mark.requirement("04-HIS-04", "07-RHIS-04")
def test_resend_in_batch_names_the_customers_and_refuses_what_has_not_expired(cast) -> None:
    expired, also = _expired(cast.mara), _expired(cast.mara, "b@b.example")
    fresh = sent(cast.actor(cast.mara), reserve(cast.mara, "c@c.example", customer_name="New"))
    client, ids = signed_in(cast.mara), [expired.pk, also.pk, fresh.pk]
    html = client.post(HISTORY, {"batch": "resend", "ids": ids}).content.decode()
    assert "Resend Invite" in html and f'action="{RESEND}"' in html
    assert html.count('<input type="hidden" name="ids"') == 3
    html = client.post(RESEND, {"ids": ids}).content.decode()
    assert "2 sent, 1 refused" in html
    assert "its status is Invited. Only expired invitations can be sent again." in html
    assert Delivery.objects.filter(target="c@c.example").count() == 1


@pytest.mark.requirement("04-HIS-04")
def test_only_expired_invitations_are_sent_again(cast) -> None:
    actor, moment = cast.actor(cast.mara), clock.now()
    for status, word in (("associated", "Associated"), ("failed", "Association failed")):
        row = sent(actor, reserve(cast.mara, f"{status}@x.example"))
        Invitation.objects.filter(pk=row.pk).update(status=status, finished_at=moment)
        with pytest.raises(NotExpired, match=f"its status is {word}"):
            invitations.resend(actor, row.pk)
    assert Delivery.objects.count() == 2
    assert RESEND not in _list(cast.mara)


@pytest.mark.requirement("04-INV-01")
def test_after_the_end_of_the_preregistration_nothing_is_sent_again(cast) -> None:
    row = _expired(cast.mara, expires_at=clock.now() - timedelta(hours=1))
    with pytest.raises(NotReserved):
        invitations.resend(cast.actor(cast.mara), row.pk)
    assert Delivery.objects.count() == 1
    answer = signed_in(cast.mara).post(RESEND, {"ids": [row.pk]})
    assert answer.status_code == 422
    assert "Preregister the customer first." in answer.content.decode()


def test_referral_that_was_withdrawn_is_not_sent_again(cast) -> None:
    row = _expired(cast.mara)
    Invitation.objects.filter(pk=row.pk).update(model="referral")
    answer = signed_in(cast.mara).post(RESEND, {"ids": [row.pk]})
    assert answer.status_code == 422 and "Reseller model only" in answer.content.decode()
    assert Delivery.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("04-HIS-04")
def test_two_resends_at_once_send_one_email(cast) -> None:
    row, actor = _expired(cast.mara), cast.actor(cast.mara)
    answers = at_once(*[lambda: invitations.resend(actor, row.pk)] * 2)
    assert refusals(answers) == ["customers.invitation.not_expired"]
    assert Delivery.objects.count() == 2, "the first of eight days ago, and one more"
    assert find_by_token(mailed_token(row.email)) == row


@pytest.mark.django_db(transaction=True)
def test_two_invites_at_once_leave_one_open_invitation(cast) -> None:
    reserved, actor = reserve(cast.mara), cast.actor(cast.mara)
    answers = at_once(*[lambda: invitations.invite(actor, reserved.pk, model="reseller")] * 2)
    assert not refusals(answers)
    assert Invitation.objects.get().token_digest
    assert find_by_token(mailed_token(reserved.email)) is not None


def test_the_scope_narrows_list_and_resend(cast) -> None:
    own, of_rosa, of_mara = (
        _expired(cast.jun, "j@j.example"),
        _expired(cast.rosa, "r@r.example"),
        _expired(cast.mara, "m@m.example"),
    )
    seen = {
        user.username: set(queries.list_invitations(cast.actor(user)))
        for user in (cast.jun, cast.rosa, cast.mara)
    }
    assert seen == {
        "j.lim": {own},
        "r.santos": {own, of_rosa},
        cast.mara.username: {own, of_rosa, of_mara},
    }
    for row in (of_rosa, of_mara):
        with pytest.raises(NotFound):
            invitations.resend(cast.actor(cast.jun), row.pk)
        assert signed_in(cast.jun).post(RESEND, {"ids": [row.pk]}).status_code == 404
    assert Delivery.objects.count() == 3


def test_strangers_and_people_without_the_permission_resend_nothing(cast) -> None:
    row = _expired(cast.mara)
    assert signed_in(cast.nora).get(f"{RESEND}?ids={row.pk}").status_code == 404
    assert signed_in(cast.nora).post(RESEND, {"ids": [row.pk]}).status_code == 404
    assert signed_in(cast.ivy).post(RESEND, {"ids": [row.pk]}).status_code == 403
    assert signed_in(cast.ivy).get(HISTORY).status_code == 403
    assert signed_in(cast.hana).get(HISTORY).status_code == 404
    assert "i****@coralbay" not in _list(cast.nora)
    assert Delivery.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("04-HIS-05", "06-DIM-03", "07-RHIS-05")
def test_export_all_exports_every_record_whatever_the_page_is_narrowed_to(
    cast, settings, tmp_path, monkeypatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("exports.services.requests._send", [].append)
    actor, moment = cast.actor(cast.mara), clock.now()
    failed = sent(actor, reserve(cast.mara))
    invitations.mark_failed(failed, cast.delta, [FailureCause.OVERDUE], moment)
    _expired(cast.mara, "b@pine.example")
    sent(cast.actor(cast.nora), reserve(cast.nora, "n@north.example"))
    client = signed_in(cast.mara)
    html = client.get(f"{HISTORY}?status=failed").content.decode()
    assert f'<form method="post" action="{HISTORY}">' in html and "Export All</button>" in html
    client.post(HISTORY, {"export": "csv"})
    task = ExportTask.objects.get()
    rows = _rows(task)
    assert {row["Email"] for row in rows} == {"i****@coralbay.example", "****@pine.example"}
    by_status = {row["Status"]: row for row in rows}
    assert set(by_status) == {"Association failed", "Expired"}
    assert (
        by_status["Association failed"]["Failure Cause"] == "The customer has an overdue payment."
    )
    assert by_status["Expired"]["Failure Cause"] == ""
    assert by_status["Expired"]["Invitation Method"] == "Email"


def _rows(task: ExportTask) -> list[dict[str, str]]:
    run_export(task.uid)
    task.refresh_from_db()
    with default_storage.open(task.storage_name) as stored:
        text = stored.read().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))
