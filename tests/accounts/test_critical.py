"""Critical operations: any page whose service asks for a code gets the code page."""

from __future__ import annotations

import re
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from accounts.models import Account, User, VerificationCode
from accounts.refusals import CodeGone, WrongCode
from audit.models import OperationRecord
from outbox.models import Delivery
from partner_center.refusals import CodeRequired

from ..cast import PASSWORD, Cast
from . import critical_page, steps

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.critical_page")]
TYPED = {"website": "https://tidemark.example", "notes": "two\nlines & <tags>"}


@pytest.fixture
def mara(cast: Cast) -> Client:
    """Mara's browser; her account asks for codes."""
    Account.objects.filter(pk=cast.tidemark.pk).update(verifies=True)
    return steps.sign_in(cast.mara, PASSWORD)


def _website(cast: Cast) -> str:
    return str(Account.objects.get(pk=cast.tidemark.pk).website)


def _hidden(page: str) -> dict[str, str]:
    """What the code page carries along."""
    from html import unescape

    areas = re.findall(r'<textarea name="(\w+)" hidden>\n(.*?)</textarea>', page, re.S)
    inputs = re.findall(r'<input type="hidden" name="(code_\w+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in [*areas, *inputs]}


@pytest.mark.requirement("08-AXO-01", "01-BAS-05")
def test_with_the_switch_off_nothing_is_asked(cast: Cast) -> None:
    client = steps.sign_in(cast.mara, PASSWORD)
    assert client.post("/sample", TYPED)["Location"] == "/done"
    assert _website(cast) == TYPED["website"]
    assert not Delivery.objects.filter(template="verification_code").exists()


def test_an_unconditional_operation_asks_while_the_switch_is_off(cast: Cast) -> None:
    actor = cast.actor(cast.mara)
    assert not actor.verifies
    with pytest.raises(CodeRequired):
        critical_page.set_website_with_code(actor, website="https://tidemark.example")
    assert Account.objects.get(pk=cast.tidemark.pk).website == ""


@pytest.mark.requirement("08-AXO-02", "08-AXO-07")
def test_the_code_page_keeps_what_was_typed_and_the_code_finishes_the_operation(
    cast: Cast, mara: Client
) -> None:
    answer = mara.post("/sample", TYPED, headers={"Referer": "http://testserver/sample"})
    assert answer.status_code == 428
    page = answer.content.decode()
    assert "Set the website" in page and "acc****@tidemark-cloud.example" in page
    assert 'action="/sample"' in page and 'href="http://testserver/sample"' in page
    assert _website(cast) == ""
    carried = _hidden(page)
    assert {name: carried[name].replace("\r\n", "\n") for name in TYPED} == TYPED
    code = steps.code_sent_to(cast.mara.email)
    done = mara.post("/sample", carried | {"verification_code": code})
    assert done["Location"] == "/done"
    assert _website(cast) == TYPED["website"]
    assert OperationRecord.objects.get(action="accounts.sample.done").code_verified


def test_enter_in_the_code_field_means_ok(mara: Client) -> None:
    """Browsers press the first button of a form: it may not be the one that sends another code."""
    page = mara.post("/sample", TYPED).content.decode()
    forms = re.findall(r"<form.*?</form>", page, re.DOTALL)
    (form,) = (form for form in forms if "id_verification_code" in form)
    presses = re.findall(r'<(?:button|input)[^>]*type="submit"[^>]*>', form)
    assert "formaction" not in presses[0] and any("formaction" in each for each in presses)


@pytest.mark.requirement("08-AXO-07")
def test_a_wrong_code_is_counted_and_the_page_comes_back(cast: Cast, mara: Client) -> None:
    mara.post("/sample", TYPED)
    code = steps.code_sent_to(cast.mara.email)
    for left in (4, 3, 2, 1):
        page = mara.post("/sample", TYPED | {"verification_code": steps.wrong(code)})
        assert page.status_code == 422
        assert f"Tries left: {left}." in page.content.decode()
        assert _hidden(page.content.decode())["website"] == TYPED["website"]
    for entered in (steps.wrong(code), code):
        gone = mara.post("/sample", TYPED | {"verification_code": entered})
        assert "Get a new code." in gone.content.decode()
    assert _website(cast) == ""
    assert Delivery.objects.filter(template="verification_code").count() == 1, "no code by itself"


@pytest.mark.requirement("08-AXO-07")
def test_a_code_works_once_for_one_operation_and_ten_minutes(cast: Cast, mara: Client) -> None:
    mara.post("/sample", TYPED)
    code = steps.code_sent_to(cast.mara.email)
    stranger_code = steps.wrong(code)
    Account.objects.filter(pk=cast.northgate.pk).update(verifies=True)
    stranger = steps.sign_in(cast.nora, PASSWORD)
    assert (
        "Get a new code."
        in stranger.post("/sample", TYPED | {"verification_code": code}).content.decode()
    )
    VerificationCode.objects.update(operation="accounts.other")
    assert (
        "Get a new code."
        in mara.post("/sample", TYPED | {"verification_code": code}).content.decode()
    )
    VerificationCode.objects.update(operation=critical_page.OPERATION)
    assert stranger_code != code
    assert mara.post("/sample", TYPED | {"verification_code": code}).status_code == 302
    again = mara.post("/sample", {"website": "x", "verification_code": code})
    assert "Get a new code." in again.content.decode()
    assert _website(cast) == TYPED["website"]


@pytest.mark.requirement("08-AXO-07")
def test_an_expired_code_is_refused(cast: Cast, mara: Client) -> None:
    mara.post("/sample", TYPED)
    code = steps.code_sent_to(cast.mara.email)
    steps.wait(601)
    page = mara.post("/sample", TYPED | {"verification_code": code})
    assert "Get a new code." in page.content.decode()
    assert _website(cast) == ""


@pytest.mark.requirement("08-AXO-02", "08-AXO-07")
def test_send_again_waits_a_minute_and_keeps_what_was_typed(cast: Cast, mara: Client) -> None:
    carried = _hidden(mara.post("/sample", TYPED).content.decode())
    first = steps.code_sent_to(cast.mara.email)
    early = mara.post("/codes/send", carried | {"code_channel": "email"})
    assert early.status_code == 422 and "A code was just sent." in early.content.decode()
    steps.wait(61)
    again = mara.post("/codes/send", carried | {"code_channel": "sms"})
    assert again.status_code == 200
    page = again.content.decode()
    assert "+63 ****0001" in page and 'action="/sample"' in page
    assert _hidden(page) == carried
    late = mara.post("/sample", _hidden(page) | {"verification_code": first})
    assert "Tries left: 4." in late.content.decode()
    code = steps.code_sent_to("+639170000001")
    assert mara.post("/sample", _hidden(page) | {"verification_code": code}).status_code == 302
    assert _website(cast) == TYPED["website"]


def test_a_refusal_of_the_operation_itself_leaves_the_code_usable(cast: Cast, mara: Client) -> None:
    bad = {"website": "https://forbidden.example"}
    mara.post("/sample", bad)
    code = steps.code_sent_to(cast.mara.email)
    refused = mara.post("/sample", bad | {"verification_code": code})
    assert refused.status_code == 422 and "This website is forbidden." in refused.content.decode()
    assert mara.post("/sample", TYPED | {"verification_code": code}).status_code == 302


def test_a_chosen_file_is_asked_for_again(mara: Client) -> None:
    upload = SimpleUploadedFile("logo.png", b"picture", "image/png")
    page = mara.post("/sample", TYPED | {"picture": upload}).content.decode()
    assert 'type="file"' in page and 'name="picture"' in page and "logo.png" in page
    assert 'enctype="multipart/form-data"' in page


def test_a_user_without_any_address_reads_what_to_do(cast: Cast, mara: Client) -> None:
    User.objects.filter(pk=cast.mara.pk).update(email="", mobile="")
    page = mara.post("/sample", TYPED).content.decode()
    assert "neither an email address nor a mobile number" in page


def test_send_again_refuses_unknown_operations_and_foreign_addresses(mara: Client) -> None:
    assert mara.post("/codes/send", {"code_operation": "no.such"}).status_code == 404
    away = {
        "code_operation": critical_page.OPERATION,
        "code_return": "https://evil.example/x",
        "code_cancel": "//evil.example",
        "code_channel": "email",
    }
    page = mara.post("/codes/send", away).content.decode()
    assert "evil.example" not in page and 'action="/"' in page
    pigeon = mara.post("/codes/send", away | {"code_channel": "pigeon"})
    assert pigeon.status_code == 422 and "There is no such address" in pigeon.content.decode()


def test_in_a_dialog_the_code_page_is_a_fragment_for_the_dialog(mara: Client) -> None:
    answer = mara.post("/sample", TYPED, headers={"HX-Request": "true"})
    assert answer.status_code == 428
    page = answer.content.decode()
    assert "<!doctype" not in page and 'hx-post="/sample"' in page
    assert answer["HX-Retarget"] == "#pc-dialog" and answer["HX-Reswap"] == "innerHTML"


@pytest.mark.requirement("08-AXO-07")
@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_are_counted_one_by_one(cast: Cast) -> None:
    from accounts.choices import CodeChannel
    from accounts.services import codes

    actor = cast.actor(cast.mara)
    codes.send_to_user(actor, operation=critical_page.OPERATION, channel=CodeChannel.EMAIL)
    guess = steps.wrong(steps.code_sent_to(cast.mara.email))
    seen: list[int | None] = []

    def attempt() -> None:
        try:
            codes.check(actor.with_code(guess), critical_page.OPERATION)
        except WrongCode as refusal:
            seen.append(refusal.tries_left)
        except CodeGone:
            seen.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(n for n in seen if n) == [1, 2, 3, 4]
    assert seen.count(None) == 4
