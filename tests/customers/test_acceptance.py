"""The customer's way in: invitation, landing page, register or log in, associate (08 §10.1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.choices import AccountStage, SystemRole
from accounts.models import Account, AgreementDocument, AgreementSignature
from audit.models import OperationRecord
from budgets.models import FreezeHold
from customers.choices import AssociationModel, InvitationStatus, PreRegistrationStatus
from customers.models import (
    Association,
    AssociationRequest,
    Invitation,
    ManagerAssignment,
    OnBehalfAuthorization,
    PreRegistration,
)
from notifications.models import Notice
from partner_center import clock

from ..accounts.organization import new_member
from . import landing

pytestmark = pytest.mark.django_db


def _text(answer) -> str:
    return answer.content.decode()


@pytest.mark.requirement(
    "08-CSA-01", "08-CSA-02", "08-CSA-14", "08-CSA-16", "08-CSA-20", "08-CSA-21"
)
def test_the_landing_page_says_who_invites_and_what_follows(cast) -> None:
    token = landing.invited(cast)
    page = _text(landing.browser().get(f"/invitation/{token}"))
    assert "Tidemark Cloud invites you" in page
    assert "Instructions for Associating with a Huawei Cloud Partner" in page
    assert "Last Updated: Feb 01, 2024" in page
    assert "your account will be frozen by default" in page
    assert "Only the account is frozen by default, not the resources" in page
    assert "resources that you have already go on incurring fees unless the partner freezes" in page
    assert "ask the partner to submit a ticket to associate with you" in page
    assert "cash coupons can only offset expenditure from before the association" in page


@pytest.mark.requirement("08-CSA-22", "08-CSA-23", "08-X-20")
def test_the_instructions_disclose_what_the_partner_does_and_sees(cast) -> None:
    page = _text(landing.browser().get(f"/invitation/{landing.invited(cast)}"))
    for words in (
        "contracts, invoices, settlement, technical assistance",
        "placing orders and performing O&amp;M on your behalf, account freezing, resource freezing,",
        "account recovery",
        "will affect you and your member accounts",
        "You shall manage your member accounts",
        "shall not be liable",
        "associated distributor (if any)",
        "account name, company name, contact person&#x27;s name, contact information",
    ):
        assert words in page, words
    assert AgreementDocument.objects.filter(code="association-instructions").count() == 1


@pytest.mark.requirement("08-CSA-03", "08-CSA-04", "08-CSA-06", "08-X-04")
def test_both_buttons_wait_for_the_tick_and_the_letter_is_optional(cast) -> None:
    page = _text(landing.browser().get(f"/invitation/{landing.invited(cast)}"))
    assert page.count('data-pc-needs="id_instructions"') == 2
    assert "Register and Associate" in page and "Log In and Associate" in page
    assert "I have read and agree with the Instructions for Associating" in page
    assert "which will not affect your association with the partner.)" in page
    assert " checked" not in page


@pytest.mark.requirement("08-CSA-03")
def test_a_forged_post_without_the_tick_is_refused(cast) -> None:
    token = landing.invited(cast)
    client = landing.browser()
    answer = client.post(f"/invitation/{token}", {"register": "1", "version": landing.VERSION})
    assert answer.status_code == 422
    assert "Read and agree with the Instructions" in _text(answer)
    user = landing.account()
    client.force_login(user)
    forged = landing.enable(client, token)
    assert forged.status_code == 422 and "Read and agree with" in _text(forged)
    assert not Association.objects.filter(customer=user.account).exists()


@pytest.mark.requirement("08-CSA-02", "08-CSA-15")
def test_a_referral_invitation_has_no_instructions_and_freezes_nothing(cast) -> None:
    landing_facts(cast, may_refer=True)
    token = landing.invited(cast, model=AssociationModel.REFERRAL)
    client = landing.browser()
    page = _text(client.get(f"/invitation/{token}"))
    assert "Instructions" not in page and "frozen by default" not in page
    assert "contracts, billing and invoices stay with the cloud operator" in page
    answer = client.post(f"/invitation/{token}", {"register": "1"})
    customer = landing.register(client, answer["Location"])
    done = client.get(landing.enable(client, token)["Location"])
    assert "Nothing is frozen" in _text(done)
    association = Association.objects.get(customer=customer)
    assert association.model == AssociationModel.REFERRAL
    created = OperationRecord.objects.filter(action="customers.association.created").first()
    assert created.after["default_freeze"] is False
    assert not FreezeHold.objects.filter(association=association).exists()
    assert not _signed(customer, "association-instructions")


def landing_facts(cast, **facts) -> None:
    from accounts.models import PartnerTerms

    PartnerTerms.objects.update_or_create(account=cast.tidemark, defaults=facts)


def _signed(account, code: str) -> bool:
    return AgreementSignature.objects.filter(account=account, document__code=code).exists()


@pytest.mark.requirement("08-CSA-07", "08-CSA-10", "08-CSA-14", "08-CSA-24", "04-PRE-07")
def test_a_new_customer_registers_enables_and_associates(cast, settings) -> None:
    token = landing.invited(cast)
    client = landing.browser()
    address = landing.tick(client, token, "register")["Location"]
    page = _text(client.get(address))
    assert f'value="{landing.EMAIL}"' in page and "disabled" in page
    customer = landing.register(client, address)
    assert customer.stage == AccountStage.REGISTERED
    assert customer.full_name == "Newport Traders", "the name that the partner preregistered"
    page = _text(client.get(f"/invitation/{token}/associate"))
    assert "Enable Huawei Cloud Services and Associate with Partner" in page
    assert '<option value="PH" selected>' in page
    done = client.get(landing.enable(client, token)["Location"])
    text = _text(done)
    assert "Your account is frozen for now." in text and "Continue registration" in text
    again = client.get(f"/invitation/{token}")
    assert again.status_code == 302 and again["Location"] == reverse("my_partner:page")
    association = Association.objects.get(customer=customer)
    assert (association.account, association.model, association.source) == (
        cast.tidemark,
        "reseller",
        "email",
    )
    hold = FreezeHold.objects.get(association=association)
    assert (hold.owner, hold.strength) == ("default", "account"), "the account, not the resources"
    customer.refresh_from_db()
    assert (customer.stage, customer.service_country) == (AccountStage.ENABLED, "PH")
    record = landing.record()
    assert (record.status, record.customer) == (InvitationStatus.ASSOCIATED, customer)
    assert PreRegistration.objects.get().status == PreRegistrationStatus.ASSOCIATED
    signed = AgreementSignature.objects.filter(account=customer).select_related("document")
    kept = {s.document.code: s for s in signed}
    assert set(kept) == {
        "user-agreement",
        "privacy-statement",
        "customer-agreement",
        "association-instructions",
    }
    instructions = kept["association-instructions"]
    assert instructions.document.version == "V1001"
    assert instructions.ip and instructions.signed_at and instructions.user.account == customer
    assert not OnBehalfAuthorization.objects.exists()


@pytest.mark.requirement("04-PRE-07", "08-CSA-07")
def test_another_address_cannot_register_through_a_mail(cast) -> None:
    token = landing.invited(cast)
    client = landing.browser()
    address = landing.tick(client, token, "register")["Location"]
    customer = landing.register(
        client, address
    )  # the form posts the fixed address whatever is typed
    assert customer.email == landing.EMAIL
    other = landing.account("other@elsewhere.example")
    client = landing.browser(other)
    landing.tick(client, token)
    answer = landing.enable(client, token)
    assert answer.status_code == 422
    assert "This invitation was sent to ri****@newport.example." in _text(answer)
    assert not Association.objects.filter(customer__in=[customer, other.account]).exists()
    assert landing.record().status == InvitationStatus.INVITED


@pytest.mark.requirement("08-CSA-08", "08-CSA-19", "01-LGN-01")
def test_an_existing_account_logs_in_and_associates(cast) -> None:
    token = landing.invited(cast)
    user = landing.account()
    client = landing.browser()
    address = landing.tick(client, token, "log_in")["Location"]
    assert address.startswith("/sign-in?next=")
    answer = client.post(address, {"login": user.account.name, "password": landing.PASSWORD})
    answer = client.post(
        f"/sign-in?next=/invitation/{token}/associate",
        {
            "login": user.account.name,
            "password": landing.PASSWORD,
            "next": f"/invitation/{token}/associate",
        },
    )
    assert answer["Location"] == f"/invitation/{token}/associate"
    page = _text(client.get(answer["Location"]))
    assert "Fixed when the services were enabled." in page and "Enable and Associate" in page
    assert landing.enable(client, token, country="")["Location"].endswith("/done")
    assert Association.objects.get(customer=user.account).account == cast.tidemark
    assert _signed(user.account, "customer-agreement")


@pytest.mark.requirement("08-CSA-11")
def test_the_country_cannot_change_after_enabling(cast) -> None:
    token = landing.invited(cast)
    user = landing.account()
    client = landing.browser(user)
    landing.tick(client, token)
    answer = landing.enable(client, token, country="HK")
    assert answer.status_code == 422
    assert "The country/region cannot be changed after the services were enabled." in _text(answer)
    assert not Association.objects.filter(customer=user.account).exists()
    user.account.refresh_from_db()
    assert user.account.service_country == "PH"


@pytest.mark.requirement("08-CSA-11", "08-CSA-12")
def test_enabling_needs_the_agreement_and_says_what_the_country_decides(cast) -> None:
    token = landing.invited(cast)
    user = landing.account(stage=AccountStage.REGISTERED)
    client = landing.browser(user)
    landing.tick(client, token)
    page = _text(client.get(f"/invitation/{token}/associate"))
    assert "it cannot be changed after you enable" in page.replace("\n", " ")
    assert 'data-pc-needs="id_agreed"' in page and "enable services later" in page
    answer = landing.enable(client, token, agreed="", country="HK")
    assert answer.status_code == 422 and "Accept the Huawei Cloud Customer Agreement" in _text(
        answer
    )
    assert '<option value="HK" selected>' in _text(answer)
    user.account.refresh_from_db()
    assert user.account.stage == AccountStage.REGISTERED


@pytest.mark.requirement("08-CSA-12", "08-X-23", "08-CSA-10")
def test_services_enabled_later_leave_the_invitation_valid(cast) -> None:
    token = landing.invited(cast)
    client = landing.browser()
    customer = landing.register(client, landing.tick(client, token, "register")["Location"])
    assert client.get("/").status_code == 200
    customer.refresh_from_db()
    assert customer.stage == AccountStage.REGISTERED
    assert not Association.objects.filter(customer=customer).exists()
    assert landing.record().status == InvitationStatus.INVITED
    landing.tick(client, token)
    assert landing.enable(client, token)["Location"].endswith("/done")
    assert Association.objects.get(customer=customer)


@pytest.mark.requirement("08-CSA-13")
@pytest.mark.parametrize("wants", [True, False])
def test_promotions_are_kept_with_their_moment(cast, wants: bool) -> None:
    token = landing.invited(cast)
    user = landing.account(stage=AccountStage.REGISTERED)
    client = landing.browser(user)
    landing.tick(client, token)
    landing.enable(client, token, **({"wants_marketing": "on"} if wants else {}))
    customer = Account.objects.get(pk=user.account_id)
    assert (customer.wants_marketing, customer.marketing_since is not None) == (wants, wants)


@pytest.mark.requirement("08-CSA-04", "08-CSA-05", "08-CSA-24")
def test_the_ticked_letter_grants_an_authorization_from_the_association_on(cast) -> None:
    token = landing.invited(cast)
    user = landing.account()
    client = landing.browser(user)
    landing.tick(client, token, letter=True)
    landing.enable(client, token)
    association = Association.objects.get(customer=user.account)
    granted = OnBehalfAuthorization.objects.get(association=association)
    assert (granted.status, granted.effective_at) == ("accepted", association.associated_at)
    assert granted.signature.document.code == "customer-authorization-letter"


@pytest.mark.requirement("08-CSA-25", "04-AMG-03", "04-LNK-03")
def test_whoever_invited_the_customer_looks_after_it(cast) -> None:
    token = landing.invited(cast, manager=cast.jun)
    user = landing.account()
    landing.accept(cast.actor(user), token)
    assignment = ManagerAssignment.objects.get(association__customer=user.account)
    assert (assignment.manager, assignment.origin) == (cast.jun, "invitation")


@pytest.mark.requirement("08-CSA-25")
def test_a_manager_who_left_gets_no_customers(cast) -> None:
    from accounts.services import members

    token = landing.invited(cast, manager=cast.jun)
    members.delete_member(cast.actor(cast.mara), cast.jun.pk)
    user = landing.account()
    landing.accept(cast.actor(user), token)
    assert not ManagerAssignment.objects.filter(association__customer=user.account).exists()


@pytest.mark.requirement("07-RAM-03", "04-AMG-03", "08-CSA-25")
def test_a_resellers_manager_looks_after_whom_it_invited(cast) -> None:
    tom = new_member(cast.actor(cast.leo), SystemRole.MANAGER, username="t.ong")
    token = landing.invited(cast, partner=cast.lagoon, manager=tom)
    user = landing.account()
    landing.accept(cast.actor(user), token)
    assignment = ManagerAssignment.objects.get(association__customer=user.account)
    assert (assignment.account, assignment.manager) == (cast.lagoon, tom)
    assert assignment.origin == "invitation"


@pytest.mark.requirement("08-CSA-26", "07-RTM-02")
def test_customers_of_a_reseller_are_associated_in_the_reseller_model(cast) -> None:
    token = landing.invited(cast, partner=cast.lagoon, model=AssociationModel.REFERRAL)
    assert "frozen by default" in _text(landing.browser().get(f"/invitation/{token}"))
    user = landing.account()
    association = landing.accept(cast.actor(user), token)
    assert (association.model, association.distributor) == ("reseller", cast.meridian)


@pytest.mark.requirement("08-CSA-09", "08-X-04", "04-LNK-04", "04-D-34")
def test_a_link_works_for_new_accounts_only(cast) -> None:
    link = landing.link_of(cast)
    visitor = landing.browser()
    page = _text(visitor.get(f"/invitation/{link.token}"))
    assert "Register and Associate" in page and "Log In and Associate" not in page
    forged = landing.tick(visitor, link.token, "log_in")["Location"]
    assert forged.startswith("/register")
    user = landing.account()
    client = landing.browser(user)
    assert "ask the partner for an online invitation" in _text(
        client.get(f"/invitation/{link.token}")
    )
    landing.tick(client, link.token)
    for answer in (
        client.get(f"/invitation/{link.token}/associate"),
        landing.enable(client, link.token),
    ):
        assert answer.status_code == 422
        assert "for new accounts only" in _text(answer)
        assert "ask your partner for an online invitation" in _text(answer)
    assert not Association.objects.filter(customer=user.account).exists()
    assert not Invitation.objects.exists()


@pytest.mark.requirement("04-LNK-03", "08-CSA-25", "04-D-34", "08-CSA-09")
def test_a_new_account_comes_through_a_link(cast) -> None:
    link = landing.link_of(cast, manager=cast.jun)
    client = landing.browser()
    address = landing.tick(client, link.token, "register")["Location"]
    customer = landing.register(client, address, "new@comer.example")
    record = landing.record()
    assert (record.status, record.customer, record.method) == ("invited", customer, "custom")
    assert record.expires_at is None
    assert "Continue with" in _text(client.get(f"/invitation/{link.token}")), "enabled later"
    assert landing.enable(client, link.token)["Location"].endswith("/done")
    association = Association.objects.get(customer=customer)
    assert (association.custom_tag, association.source) == ("spring-fair", "custom")
    assert ManagerAssignment.objects.get(association=association).manager == cast.jun
    record.refresh_from_db()
    assert record.status == InvitationStatus.ASSOCIATED
    second = landing.browser()
    other = landing.register(
        second, landing.tick(second, link.token, "register")["Location"], "second@comer.example"
    )
    landing.enable(second, link.token)
    assert Association.objects.filter(customer=other).exists(), "a link serves many"


@pytest.mark.requirement("04-D-34")
def test_a_link_does_not_serve_an_account_that_another_partner_reserved(cast) -> None:
    link = landing.link_of(cast)
    client = landing.browser()
    address = landing.tick(client, link.token, "register")["Location"]
    landing.preregistered(cast, "new@comer.example", partner=cast.northgate)
    customer = landing.register(client, address, "new@comer.example")
    answer = landing.enable(client, link.token)
    assert answer.status_code == 422
    assert "The customer has been registered by another partner." in _text(answer)
    assert not Association.objects.filter(customer=customer).exists()
    assert landing.record().causes == ["AF07"]


@pytest.mark.requirement("04-D-34")
def test_coming_through_a_link_uses_up_the_partners_own_reservation(cast) -> None:
    landing.preregistered(cast, "new@comer.example")
    link = landing.link_of(cast)
    client = landing.browser()
    address = landing.tick(client, link.token, "register")["Location"]
    customer = landing.register(client, address, "new@comer.example")
    landing.enable(client, link.token)
    reserved = PreRegistration.objects.get()
    assert (reserved.status, reserved.customer) == ("associated", customer)


def test_both_sides_are_told_and_both_books_have_it(cast) -> None:
    token = landing.invited(cast)
    user = landing.account()
    landing.accept(cast.actor(user), token)
    told = {n.account_id: n.title for n in Notice.objects.all()}
    assert told[user.account_id] == "Tidemark Cloud is your partner now"
    assert told[cast.tidemark.pk] == f"{user.account.title} is your customer now"
    created = OperationRecord.objects.filter(action="customers.association.created")
    assert {r.account_id for r in created} == {cast.tidemark.pk, user.account_id}


def test_account_managers_hear_of_their_own_customers_only(cast) -> None:
    token = landing.invited(cast)
    user = landing.account()
    landing.accept(cast.actor(user), token)
    notice = Notice.objects.get(account=cast.tidemark)
    readers = set(notice.messages.values_list("user_id", flat=True))
    assert cast.mara.pk in readers
    assert not readers & {cast.jun.pk, cast.rosa.pk}


@pytest.mark.requirement("08-CTS-02")
@pytest.mark.parametrize(
    ("is_new", "trace"), [(True, "customerEnter"), (False, "addBpInviteTraceLog")]
)
def test_the_trace_tells_new_accounts_from_existing_ones(cast, is_new: bool, trace: str) -> None:
    if is_new:
        token = landing.invited(cast)
        user = landing.account(stage=AccountStage.REGISTERED)
    else:
        user = landing.account()
        token = landing.invited(cast)
    landing.accept(cast.actor(user), token)
    traced = OperationRecord.objects.filter(account=user.account).exclude(trace_name="")
    assert [r.trace_name for r in traced] == [trace]


def test_members_without_the_permission_cannot_associate_the_account(cast) -> None:
    from accounts.models import Role, RoleAssignment
    from accounts.services import creation

    token = landing.invited(cast)
    owner = landing.account()
    member = creation.create_user(
        account=owner.account,
        username="clerk",
        password=landing.PASSWORD,
        email="clerk@newport.example",
        moment=clock.now(),
    )
    role = Role.objects.create(
        account=owner.account,
        name="Clerk",
        permissions=["customers.view_partner"],
        created_at=clock.now(),
    )
    RoleAssignment.objects.create(
        account=owner.account, user=member, role=role, assigned_at=clock.now()
    )
    client = landing.browser(member)
    landing.tick(client, token)
    for answer in (client.get(f"/invitation/{token}/associate"), landing.enable(client, token)):
        assert answer.status_code == 403
        assert "Decide about my partner" in _text(answer)
    assert not Association.objects.filter(customer=owner.account).exists()


def test_a_newer_version_of_the_instructions_is_asked_for_again(cast) -> None:
    token = landing.invited(cast)
    user = landing.account()
    client = landing.browser(user)
    landing.tick(client, token)
    AgreementDocument.objects.create(
        code="association-instructions",
        version="V1002",
        title="Instructions",
        body="New words.",
        published_at=clock.now(),
    )
    answer = landing.enable(client, token)
    assert answer.status_code == 422 and "Read and agree with the Instructions" in _text(answer)
    assert not Association.objects.filter(customer=user.account).exists()


def test_ticks_of_one_invitation_do_not_count_for_another(cast) -> None:
    token = landing.invited(cast)
    other = landing.invited(cast, "other@newport.example", partner=cast.northgate)
    user = landing.account()
    client = landing.browser(user)
    landing.tick(client, other)
    answer = landing.enable(client, token)
    assert answer.status_code == 422 and "Read and agree with the Instructions" in _text(answer)


def test_the_done_page_is_the_associated_accounts_own(cast) -> None:
    token = landing.invited(cast)
    user = landing.account()
    landing.accept(cast.actor(user), token)
    assert landing.browser(user).get(f"/invitation/{token}/done").status_code == 200
    for stranger in (cast.nora, landing.account("other@elsewhere.example")):
        assert landing.browser(stranger).get(f"/invitation/{token}/done").status_code == 404


def test_signing_out_leads_back_to_the_invitation(cast) -> None:
    token = landing.invited(cast)
    client = landing.browser(landing.account("other@elsewhere.example"))
    assert client.post(f"/invitation/{token}/switch")["Location"] == f"/invitation/{token}"
    assert "Log In and Associate" in _text(client.get(f"/invitation/{token}"))


@pytest.mark.requirement("04-D-34")
def test_sending_again_kills_the_old_link(cast) -> None:
    from django.db import transaction

    from customers.services import invitations

    old = landing.invited(cast)
    with transaction.atomic():
        invitations.send_for(cast.actor(cast.mara), PreRegistration.objects.get(), clock.now())
    new = landing.token_of()
    assert old != new
    gone = landing.browser().get(f"/invitation/{old}")
    assert gone.status_code == 410 and "The invitation link does not exist." in _text(gone)
    assert landing.browser().get(f"/invitation/{new}").status_code == 200


@pytest.mark.requirement("04-AF02", "04-AF03", "04-AF04", "04-AF05", "04-D-34")
@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("unknown", "The invitation link does not exist."),
        ("withdrawn", "The invitation link does not exist."),
        ("disabled link", "The invitation link does not exist."),
        ("no partner any more", "The invitation link does not exist."),
        ("expired", "The invitation link has expired."),
        ("past its end", "The invitation link has expired."),
        ("code used", "The invitation code has already been used."),
        ("used", "The invitation link has already been used."),
    ],
)
def test_a_dead_invitation_says_why_and_whom_to_ask(cast, case: str, words: str) -> None:
    token = _dead(cast, case)
    user = landing.account()
    before = list(Invitation.objects.values())
    client = landing.browser(user)
    for answer in (
        landing.browser().get(f"/invitation/{token}"),
        client.get(f"/invitation/{token}/associate"),
        landing.tick(client, token),
        landing.enable(client, token),
        client.post(f"/invitation/{token}/check"),
    ):
        assert answer.status_code == 410, case
        text = _text(answer)
        assert words in text and "This invitation is not valid any more" in text
        assert "to send the invitation again." in text
    assert list(Invitation.objects.values()) == before
    assert not AssociationRequest.objects.exists()
    assert not Association.objects.filter(customer=user.account).exists()


def _dead(cast, case: str) -> str:
    if case == "unknown":
        return "no-such-token"
    if case == "disabled link":
        return landing.link_of(cast, disabled_at=clock.now()).token
    token = landing.invited(cast)
    past = timezone.now() - timedelta(seconds=1)
    rows = Invitation.objects.all()
    if case == "withdrawn":
        rows.update(status=InvitationStatus.WITHDRAWN)
    elif case == "no partner any more":
        Account.objects.filter(pk=cast.tidemark.pk).update(partner_kind="")
    elif case == "expired":
        rows.update(status=InvitationStatus.EXPIRED)
    elif case == "past its end":
        rows.update(expires_at=past)
    elif case == "code used":
        PreRegistration.objects.update(status=PreRegistrationStatus.ASSOCIATED)
    elif case == "used":
        rows.update(status=InvitationStatus.ASSOCIATED)
    return token
