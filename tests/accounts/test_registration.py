"""Registration: from Join HCPN to a complete account, and what is refused on the way."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Account, AccountCurrency, AgreementDocument, AgreementSignature, User
from accounts.naming import suggestions
from audit.models import OperationRecord
from outbox.models import Delivery
from partner_center import clock

from ..cast import PASSWORD, Cast
from . import steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    return Client()


def _refused(answer: object, words: str, status: int = 422) -> None:
    assert answer.status_code == status  # type: ignore[attr-defined]
    assert words in answer.content.decode()  # type: ignore[attr-defined]


@pytest.mark.requirement("01-ACC-01", "01-LGN-01")
def test_join_hcpn_leads_a_visitor_to_sign_in_with_a_register_link(visitor: Client) -> None:
    page = visitor.get("/partners").content.decode()
    assert "Join HCPN" in page
    sign_in = visitor.get("/sign-in?next=/partners").content.decode()
    assert 'href="/register"' in sign_in
    assert 'href="/forgot-password"' in sign_in


@pytest.mark.requirement("01-ACC-02", "01-ACC-03", "01-ACC-04", "01-ACC-15")
def test_register_page_says_what_the_country_decides_and_what_the_service_needs(
    visitor: Client,
) -> None:
    page = visitor.get("/register").content.decode()
    assert "Already have an account? Log in >" in page
    assert "where the enterprise is registered" in page
    assert "cannot be changed after registration" in page
    assert "The service needs an Internet connection" in page


@pytest.mark.requirement("01-ACC-02", "01-ACC-05", "01-ACC-07")
def test_registering_creates_the_account_and_keeps_the_accepted_versions(visitor: Client) -> None:
    account = steps.registered(visitor)
    assert (account.stage, account.country, account.name) == ("registered", "PH", "mara-velasco")
    user = User.objects.get(account=account)
    assert user.is_main and user.check_password(steps.NEW_PASSWORD)
    signed = AgreementSignature.objects.filter(account=account).select_related("document")
    assert {s.document.code for s in signed} == {"user-agreement", "privacy-statement"}
    assert all(s.document.version == "1.0" and s.signed_at and s.ip for s in signed)
    record = OperationRecord.objects.get(action="accounts.account.registered")
    assert (record.account_id, record.code_verified) == (account.pk, True)
    assert "mara-velasco" in Delivery.objects.get(template="welcome").body
    assert steps.is_signed_in(visitor)


@pytest.mark.requirement("01-ACC-07")
def test_the_newest_published_version_is_the_one_accepted(visitor: Client) -> None:
    AgreementDocument.objects.create(
        code="user-agreement",
        version="2.0",
        title="User Agreement",
        body="New words.",
        published_at=clock.now(),
    )
    account = steps.registered(visitor)
    signed = AgreementSignature.objects.filter(account=account, document__code="user-agreement")
    assert [s.document.version for s in signed] == ["2.0"]
    assert "New words." in visitor.get("/agreements/user-agreement").content.decode()
    assert "1. Your account." in visitor.get("/agreements/user-agreement/1.0").content.decode()


@pytest.mark.requirement("01-ACC-05", "01-ACC-06")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"verification_code": ""}, "Enter the verification code."),
        ({"password": "short1", "confirm_password": "short1"}, "Use at least 8 characters."),
        ({"password": "longenough", "confirm_password": "longenough"}, "both letters and digits"),
        ({"password": "with space 1", "confirm_password": "with space 1"}, "Leave out spaces."),
        ({"confirm_password": "Lighthouse78"}, "The two passwords are not the same."),
        ({"country": ""}, "This field is required."),
        ({"email": "nonsense"}, "Enter a valid email address."),
    ],
)
def test_a_wrong_field_is_named_and_what_was_typed_stays(
    visitor: Client, changes: dict[str, str], words: str
) -> None:
    code = steps.start_registration(visitor)
    data = steps.register_data(code, **changes)
    answer = visitor.post("/register", data)
    _refused(answer, words)
    assert f'value="{data["email"]}"' in answer.content.decode()
    assert not Account.objects.exists()


@pytest.mark.requirement("01-ACC-05")
def test_a_wrong_code_is_refused_and_the_right_one_still_works(visitor: Client) -> None:
    code = steps.start_registration(visitor)
    answer = visitor.post("/register", steps.register_data(steps.wrong(code)))
    _refused(answer, "The code is wrong. Tries left: 4.")
    assert not Account.objects.exists()
    assert visitor.post("/register", steps.register_data(code)).status_code == 302


@pytest.mark.requirement("01-ACC-05")
def test_a_code_for_another_address_is_refused(visitor: Client) -> None:
    code = steps.start_registration(visitor)
    answer = visitor.post("/register", steps.register_data(code, email="other@newcomer.example"))
    _refused(answer, "Get a new code.")
    assert not Account.objects.exists()


def test_a_registered_address_gets_the_same_answer_and_is_told_by_mail(
    visitor: Client, cast: Cast
) -> None:
    taken = cast.tidemark.email
    data = {"country": "PH", "get_code": "1"}
    fresh_page = visitor.post("/register", data | {"email": steps.EMAIL})
    taken_page = Client().post("/register", data | {"email": taken})
    assert fresh_page.status_code == taken_page.status_code == 200
    assert "Sent to" in taken_page.content.decode()
    mail = Delivery.objects.get(target=taken)
    assert mail.template == "already_registered"
    assert "was made" in mail.body
    answer = visitor.post("/register", steps.register_data("123456", email=taken))
    _refused(answer, "The code is wrong.")
    assert Account.objects.filter(email=taken).count() == 1


def test_registration_loses_to_one_that_took_the_address_meanwhile(visitor: Client) -> None:
    code = steps.start_registration(visitor)
    from accounts.services import creation

    creation.create_account(
        name="faster", email=steps.EMAIL, country="HK", password="x", moment=clock.now()
    )
    answer = visitor.post("/register", steps.register_data(code))
    _refused(answer, "already used to register an account")
    assert Account.objects.count() == 1


def test_account_names_are_made_from_the_address_and_unique(visitor: Client) -> None:
    steps.registered(visitor)
    second = steps.registered(Client(), "mara.velasco@elsewhere.example")
    shared = steps.registered(Client(), "info@tidemark.example")
    assert (second.name, shared.name) == ("mara-velasco-2", "tidemark")
    assert next(suggestions("1@2.ph")) == "account-1"


def test_the_account_name_may_change_until_members_use_it(visitor: Client, cast: Cast) -> None:
    account = steps.registered(visitor)
    _refused(visitor.post("/register/account-name", {"name": "Bad Name!"}), "lower-case letters")
    taken = visitor.post("/register/account-name", {"name": cast.tidemark.name})
    _refused(taken, "This account name is taken.")
    assert visitor.post("/register/account-name", {"name": "Newcomer"}).status_code == 302
    account.refresh_from_db()
    assert account.name == "newcomer"
    assert User.objects.get(account=account).username == "newcomer"
    client = steps.sign_in(cast.mara, PASSWORD)
    refused = client.post("/register/account-name", {"name": "tide"})
    _refused(refused, "members of your organization use it")
    cast.tidemark.refresh_from_db()
    assert cast.tidemark.name == "tidemark-cloud"


@pytest.mark.requirement("01-ACC-08")
def test_security_phone_is_set_with_an_sms_code(visitor: Client) -> None:
    account = steps.registered(visitor)
    page = visitor.get("/register/security-phone").content.decode()
    assert '<option value="PH" selected>' in page and "SKIP" in page
    assert (
        visitor.post("/register/security-phone", steps.PHONE | {"get_code": "1"}).status_code == 200
    )
    code = steps.code_sent_to(steps.MOBILE)
    wrong = visitor.post(
        "/register/security-phone", steps.PHONE | {"verification_code": steps.wrong(code)}
    )
    _refused(wrong, "Tries left: 4.")
    assert 'value="917 555 2291"' in wrong.content.decode()
    account.refresh_from_db()
    assert account.security_phone == ""
    visitor.post("/register/security-phone", steps.PHONE | {"verification_code": code})
    account.refresh_from_db()
    assert account.security_phone == steps.MOBILE


@pytest.mark.requirement("01-ACC-08")
def test_a_security_phone_belongs_to_one_account(visitor: Client) -> None:
    account = steps.registered(visitor)
    Account.objects.exclude(pk=account.pk).delete()
    from accounts.services import creation

    other = creation.create_account(
        name="first-one", email="a@first.example", country="PH", password="x", moment=clock.now()
    )
    Account.objects.filter(pk=other.pk).update(security_phone=steps.MOBILE)
    visitor.post("/register/security-phone", steps.PHONE | {"get_code": "1"})
    code = steps.code_sent_to(steps.MOBILE)
    answer = visitor.post("/register/security-phone", steps.PHONE | {"verification_code": code})
    _refused(answer, "security phone of another account")
    account.refresh_from_db()
    assert account.security_phone == ""


@pytest.mark.requirement("01-ACC-08")
def test_a_later_change_of_the_security_phone_asks_for_an_identity_check(cast: Cast) -> None:
    from accounts.refusals import IdentityProofMissing
    from accounts.services import registration

    client = steps.sign_in(cast.mara, PASSWORD)
    verify = client.get("/register/security-phone")["Location"]
    assert verify.startswith("/security/verify-identity")
    assert client.post("/register/security-phone", steps.PHONE)["Location"] == verify
    with pytest.raises(IdentityProofMissing):
        registration.set_security_phone(cast.actor(cast.mara), phone=steps.MOBILE)
    client.post(verify, {"channel": "email", "get_code": "1"})
    code = steps.code_sent_to(cast.mara.email)
    client.post(verify, {"channel": "email", "verification_code": code})
    client.post("/register/security-phone", steps.PHONE | {"get_code": "1"})
    code = steps.code_sent_to(steps.MOBILE)
    done = client.post("/register/security-phone", steps.PHONE | {"verification_code": code})
    assert done["Location"] == "/security"
    cast.tidemark.refresh_from_db()
    assert cast.tidemark.security_phone == steps.MOBILE


@pytest.mark.requirement("01-ACC-09")
def test_enabling_needs_the_agreements_and_fixes_the_country(visitor: Client) -> None:
    account = steps.registered(visitor)
    refused = visitor.post("/register/enable-services", {"country": "HK"})
    _refused(refused, "Accept the agreements")
    account.refresh_from_db()
    assert (account.stage, account.service_country.code) == ("registered", "")
    assert '<option value="HK" selected>' in refused.content.decode()
    done = visitor.post("/register/enable-services", {"country": "HK", "agreed": "on"})
    assert done["Location"] == "/register/verify-identity"
    account.refresh_from_db()
    assert (account.stage, account.service_country, account.wants_marketing) == (
        "enabled",
        "HK",
        False,
    )
    codes = AgreementSignature.objects.filter(account=account).values_list(
        "document__code", flat=True
    )
    assert sorted(codes) == [
        "customer-agreement",
        "privacy-statement",
        "privacy-statement",
        "user-agreement",
    ]
    again = visitor.post("/register/enable-services", {"country": "PH", "agreed": "on"})
    assert again["Location"] == "/register/continue"
    account.refresh_from_db()
    assert account.service_country == "HK"


def _enabled(visitor: Client) -> Account:
    account = steps.registered(visitor)
    visitor.post(
        "/register/enable-services", {"country": "PH", "agreed": "on", "wants_marketing": "on"}
    )
    return account


def _identified(visitor: Client) -> Account:
    account = _enabled(visitor)
    visitor.post("/register/verify-identity", {"get_code": "1"})
    code = steps.code_sent_to(account.email)
    visitor.post("/register/verify-identity", {"verification_code": code})
    return account


def _bound(visitor: Client) -> Account:
    account = _identified(visitor)
    number = {"mobile_code": "PH", "mobile_number": "9175552291"}
    visitor.post("/register/bind-mobile", number | {"get_code": "1"})
    code = steps.code_sent_to(steps.MOBILE)
    answer = visitor.post("/register/bind-mobile", number | {"verification_code": code})
    assert answer["Location"] == "/register/information"
    return account


@pytest.mark.requirement("01-ACC-10", "01-ACC-12", "01-ACC-13", "01-ACC-14")
def test_complete_information_takes_three_steps(visitor: Client) -> None:
    account = _identified(visitor)
    page = visitor.get("/register/bind-mobile").content.decode()
    assert "Get a verification code" not in page and "t get a verification code?" in page
    account = Account.objects.get(pk=account.pk)
    assert account.stage == "enabled"
    number = {"mobile_code": "PH", "mobile_number": "9175552291"}
    visitor.post("/register/bind-mobile", number | {"get_code": "1"})
    code = steps.code_sent_to(steps.MOBILE)
    visitor.post("/register/bind-mobile", number | {"verification_code": code})
    account.refresh_from_db()
    assert (account.stage, account.bound_mobile) == ("mobile_bound", steps.MOBILE)
    answer = visitor.post("/register/information", steps.INFORMATION)
    assert answer["Location"] == "/partners"
    account.refresh_from_db()
    assert account.stage == "complete"
    assert (account.tenant_type, account.full_name) == ("enterprise", "Newcomer Cloud Inc.")
    assert AccountCurrency.objects.get(account=account).currency == "PHP"
    assert "Your account is registered and complete." in visitor.get("/partners").content.decode()


@pytest.mark.requirement("01-ACC-13", "01-ACC-14")
@pytest.mark.parametrize(
    "field",
    [
        "tenant_type",
        "full_name",
        "address_line1",
        "city",
        "state",
        "postal_code",
        "currency",
        "industry",
    ],
)
def test_required_information_is_asked_for_and_nothing_typed_is_lost(
    visitor: Client, field: str
) -> None:
    account = _bound(visitor)
    answer = visitor.post("/register/information", steps.INFORMATION | {field: ""})
    _refused(answer, "This field is required.")
    kept = "Cebu" if field != "city" else "Harbour Road"
    assert kept in answer.content.decode()
    account.refresh_from_db()
    assert account.stage == "mobile_bound"


@pytest.mark.requirement("01-ACC-10")
@pytest.mark.parametrize(
    ("prepare", "due"),
    [
        (steps.registered, "/register/enable-services"),
        (_enabled, "/register/verify-identity"),
        (_identified, "/register/bind-mobile"),
        (_bound, "/register/information"),
    ],
)
def test_a_half_way_registration_continues_where_it_stopped(
    visitor: Client, prepare: object, due: str
) -> None:
    account = prepare(visitor)  # type: ignore[operator]
    again = Client()
    answer = again.post("/sign-in", {"login": account.email, "password": steps.NEW_PASSWORD})
    assert answer["Location"] == "/register/continue"
    assert f'href="{due}"' in again.get("/register/continue").content.decode()
    assert 'href="/register/continue"' in again.get("/").content.decode(), "home reminds of it"
    pages = {"enable-services", "verify-identity", "bind-mobile", "information"}
    for page in pages - {due.rpartition("/")[2]}:
        for refused in (again.get(f"/register/{page}"), again.post(f"/register/{page}", {})):
            assert refused["Location"] == "/register/continue"
    assert again.get(due).status_code == 200


def test_steps_out_of_order_are_refused_by_the_services_too(visitor: Client) -> None:
    from accounts.queries.actors import actor_for
    from accounts.refusals import StepRefused
    from accounts.services import registration

    account = steps.registered(visitor)
    actor = actor_for(User.objects.select_related("account").get(account=account))
    with pytest.raises(StepRefused):
        registration.verify_registration_identity(actor.with_code("123456"))
    with pytest.raises(StepRefused):
        registration.bind_mobile(actor.with_code("123456"), mobile=steps.MOBILE)
    with pytest.raises(StepRefused):
        registration.complete_information(actor, profile={}, currency="USD")
    account.refresh_from_db()
    assert account.stage == "registered"


@pytest.mark.requirement("01-ACC-11")
def test_the_bound_mobile_is_no_way_to_sign_in(visitor: Client) -> None:
    _bound(visitor)
    answer = Client().post("/sign-in", {"login": steps.MOBILE, "password": steps.NEW_PASSWORD})
    _refused(answer, "These details do not match.")


@pytest.mark.requirement("01-ACC-14", "01-LGN-03")
def test_who_is_no_partner_reads_whom_to_ask(cast: Cast) -> None:
    client = steps.sign_in(cast.hana, PASSWORD)
    page = client.get("/partners").content.decode()
    assert cast.operator.email in page and cast.harborline.public_id in page
    partner = steps.sign_in(cast.mara, PASSWORD).get("/partners").content.decode()
    assert "Cloud solution provider" in partner


def test_members_without_the_right_do_not_touch_the_registration(cast: Cast) -> None:
    client = steps.sign_in(cast.ivy, PASSWORD)
    for page in ("security-phone", "account-name", "continue", "information"):
        assert client.get(f"/register/{page}").status_code == 403
