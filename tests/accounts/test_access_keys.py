"""Organization > Access Keys: create, show once, disable, enable, delete."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.choices import AccessKeyStatus, UserStatus
from accounts.models import AccessKey, Account, Role, RoleAssignment, User
from accounts.queries import access_keys as queries
from accounts.refusals import TooManyKeys
from accounts.services import access_keys as services
from accounts.services import operating
from audit.models import OperationRecord
from outbox.models import Delivery
from partner_center import clock, encryption
from partner_center.refusals import NotFound, NotPermitted
from tests.cast import Cast

LIST = "access_keys:list"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def create(client: Client, user: User, description: str = "CRM", **more: str) -> Any:
    posted = {"user": user.pk, "description": description, **more}
    return client.post(reverse("access_keys:create"), posted)


def key_for(cast: Cast, user: User) -> AccessKey:
    main = User.objects.get(account_id=user.account_id, is_main=True)
    return services.create_key(cast.actor(main), user_id=user.pk, description="CRM")


def give(cast: Cast, user: User, *permissions: str) -> None:
    role = Role.objects.create(
        account=cast.tidemark,
        name="Keys",
        permissions=[*permissions],
        created_at=clock.now(),
    )
    RoleAssignment.objects.filter(user=user).delete()
    RoleAssignment.objects.create(
        account=cast.tidemark, user=user, role=role, assigned_at=clock.now()
    )


def test_a_key_is_created_recorded_and_mailed(cast: Cast) -> None:
    answer = create(signed_in(cast.mara), cast.felix)
    assert (answer.status_code, answer["Location"]) == (302, reverse("access_keys:created"))
    key = AccessKey.objects.get()
    assert (key.user, key.account, key.description) == (cast.felix, cast.tidemark, "CRM")
    assert len(key.ak) == 20 and key.status == AccessKeyStatus.ENABLED
    record = OperationRecord.objects.get(action="accounts.access_key.created")
    assert record.actor_user_id == cast.mara.pk
    assert record.after == {"user": "f.cruz", "description": "CRM"}
    mail = Delivery.objects.get(template="access_key_created")
    assert mail.target == cast.felix.email and key.ak in mail.body
    secret = queries.secret_of(key)
    assert len(secret) == 40
    for place in (mail.body, str(record.after), key.sk_encrypted, str(answer.content)):
        assert secret not in place


def test_the_secret_is_shown_once_and_downloaded_once(cast: Cast) -> None:
    client = signed_in(cast.mara)
    create(client, cast.mara)
    key = AccessKey.objects.get()
    secret = queries.secret_of(key)
    page = client.get(reverse("access_keys:created"))
    assert secret in page.content.decode() and key.ak in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    file = client.post(reverse("access_keys:credentials"))
    assert file.content.decode() == f"Access Key Id,Secret Access Key\r\n{key.ak},{secret}\r\n"
    assert "credentials.csv" in file["Content-Disposition"]
    for again in (
        client.get(reverse("access_keys:created"), follow=True),
        client.post(reverse("access_keys:credentials"), follow=True),
        client.get(reverse(LIST)),
    ):
        assert secret not in again.content.decode()
        assert again.status_code == 200
    assert (
        "cannot be shown again"
        in client.get(reverse("access_keys:created"), follow=True).content.decode()
    )


def test_nobody_else_sees_the_secret(cast: Cast) -> None:
    client = signed_in(cast.mara)
    create(client, cast.mara)
    secret = queries.secret_of(AccessKey.objects.get())
    other = signed_in(cast.nora)
    assert secret not in other.get(reverse("access_keys:created"), follow=True).content.decode()


def test_a_secret_that_nobody_looked_at_is_not_shown_for_long(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(cast.mara)
    create(client, cast.mara)
    later = clock.now() + timedelta(minutes=10, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get(reverse("access_keys:created")).status_code == 302


def test_the_secret_of_a_key_deleted_meanwhile_is_gone(cast: Cast) -> None:
    client = signed_in(cast.mara)
    create(client, cast.mara)
    services.delete_key(cast.actor(cast.mara), ak=AccessKey.objects.get().ak)
    assert client.get(reverse("access_keys:created")).status_code == 404


def test_a_user_has_two_keys_at_most(cast: Cast) -> None:
    first = key_for(cast, cast.felix)
    services.disable_key(cast.actor(cast.mara), ak=first.ak)
    key_for(cast, cast.felix)
    with pytest.raises(TooManyKeys) as refused:
        key_for(cast, cast.felix)
    assert "already has 2 access keys" in refused.value.sentence
    assert not queries.users_for_keys(cast.actor(cast.mara)).filter(pk=cast.felix.pk).exists()
    answer = create(signed_in(cast.mara), cast.felix, description="keep what I typed")
    assert answer.status_code == 422
    assert "keep what I typed" in answer.content.decode()
    services.delete_key(cast.actor(cast.mara), ak=first.ak)
    assert key_for(cast, cast.felix).pk and AccessKey.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_make_a_third_key(cast: Cast) -> None:
    key_for(cast, cast.felix)
    outcomes: list[str] = []

    def attempt() -> None:
        try:
            outcomes.append(key_for(cast, cast.felix).ak)
        except TooManyKeys as refusal:
            outcomes.append(refusal.code)
        connection.close()

    threads = [threading.Thread(target=attempt) for _n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[-2:] == ["accounts.access_key.too_many"] * 2
    assert AccessKey.objects.count() == 2


def test_nobody_creates_a_key_that_reaches_further_than_itself(cast: Cast) -> None:
    give(cast, cast.ivy, "accounts.view_access_keys", "accounts.manage_access_keys")
    client = signed_in(cast.ivy)
    for wider in (cast.mara, cast.felix):
        give_more = create(client, wider)
        if give_more.status_code == 302:  # a finance specialist may hold no more than Ivy
            held = cast.actor(wider).permissions
            assert held <= cast.actor(cast.ivy).permissions
    refused = create(client, cast.mara)
    assert refused.status_code == 422
    assert "may do or see more than you" in refused.content.decode()
    assert not AccessKey.objects.filter(user=cast.mara).exists()
    assert create(client, cast.ivy).status_code == 302


@pytest.mark.parametrize("status", [UserStatus.LOCKED, UserStatus.DELETED])
def test_locked_and_deleted_users_get_no_key(cast: Cast, status: str) -> None:
    User.objects.filter(pk=cast.felix.pk).update(status=status)
    assert create(signed_in(cast.mara), cast.felix).status_code == 422
    with pytest.raises(NotFound):
        services.create_key(cast.actor(cast.mara), user_id=cast.felix.pk, description="")
    assert not AccessKey.objects.exists()


def test_another_tenants_user_gets_no_key(cast: Cast) -> None:
    assert create(signed_in(cast.nora), cast.felix).status_code == 422
    with pytest.raises(NotFound):
        services.create_key(cast.actor(cast.nora), user_id=cast.felix.pk, description="")
    assert not AccessKey.objects.exists()


@pytest.mark.requirement("08-AXO-02")
def test_creating_asks_for_a_code_when_verify_its_you_is_on(cast: Cast) -> None:
    Account.objects.filter(pk=cast.tidemark.pk).update(verifies=True)
    client = signed_in(cast.mara)
    asked = create(client, cast.felix)
    assert asked.status_code == 428 and not AccessKey.objects.exists()
    mail = Delivery.objects.get(template="verification_code")
    digits = next(w.strip(".") for w in mail.body.split() if w.strip(".").isdigit())
    assert create(client, cast.felix, verification_code=digits).status_code == 302
    record = OperationRecord.objects.get(action="accounts.access_key.created")
    assert record.code_verified and AccessKey.objects.count() == 1


def test_disable_enable_and_delete(cast: Cast) -> None:
    key, client = key_for(cast, cast.felix), signed_in(cast.mara)
    steps = (("disable", AccessKeyStatus.DISABLED), ("enable", AccessKeyStatus.ENABLED))
    for step, status in (*steps, ("delete", AccessKeyStatus.DELETED)):
        answer = client.post(reverse(f"access_keys:{step}", args=[key.ak]))
        assert (answer.status_code, answer["Location"]) == (302, reverse(LIST))
        key.refresh_from_db()
        assert key.status == status
    assert key.sk_encrypted == ""
    assert key.ak not in client.get(reverse(LIST)).content.decode()
    actions = list(OperationRecord.objects.order_by("pk").values_list("action", flat=True))
    assert actions == [
        f"accounts.access_key.{verb}" for verb in ("created", "disabled", "enabled", "deleted")
    ]


def test_a_key_that_the_operator_blocked_is_not_enabled_by_its_account(cast: Cast) -> None:
    key, client = key_for(cast, cast.felix), signed_in(cast.mara)
    operating.block_access_key(cast.actor(cast.olga), key.pk)
    assert f"{key.ak}/enable" not in client.get(reverse(LIST)).content.decode()
    for step in ("enable", "disable"):
        answer = client.post(reverse(f"access_keys:{step}", args=[key.ak]), follow=True)
        assert "the operator has blocked this access key" in answer.content.decode()
        key.refresh_from_db()
        assert key.status == AccessKeyStatus.BLOCKED
    operating.release_access_key(cast.actor(cast.olga), key.pk)
    client.post(reverse("access_keys:enable", args=[key.ak]))
    key.refresh_from_db()
    assert key.status == AccessKeyStatus.ENABLED


def test_a_deleted_key_cannot_be_brought_back(cast: Cast) -> None:
    key, client = key_for(cast, cast.felix), signed_in(cast.mara)
    services.delete_key(cast.actor(cast.mara), ak=key.ak)
    for step in ("enable", "disable", "delete"):
        assert client.post(reverse(f"access_keys:{step}", args=[key.ak])).status_code == 404
    key.refresh_from_db()
    assert key.status == AccessKeyStatus.DELETED


def test_disabling_twice_is_recorded_once(cast: Cast) -> None:
    key, actor = key_for(cast, cast.felix), cast.actor(cast.mara)
    services.disable_key(actor, ak=key.ak)
    services.disable_key(actor, ak=key.ak)
    assert OperationRecord.objects.filter(action="accounts.access_key.disabled").count() == 1


def test_deleting_asks_first(cast: Cast) -> None:
    key, client = key_for(cast, cast.felix), signed_in(cast.mara)
    page = client.get(reverse("access_keys:delete", args=[key.ak])).content.decode()
    assert key.ak in page and "cannot be brought back" in page
    assert AccessKey.objects.get().status == AccessKeyStatus.ENABLED


@pytest.mark.requirement("02-ORG-04")
@pytest.mark.parametrize("step", ["disable", "enable", "delete"])
def test_another_tenants_key_is_missing(cast: Cast, step: str) -> None:
    key = key_for(cast, cast.felix)
    services.disable_key(cast.actor(cast.mara), ak=key.ak)
    answer = signed_in(cast.nora).post(reverse(f"access_keys:{step}", args=[key.ak]))
    assert answer.status_code == 404
    key.refresh_from_db()
    assert key.status == AccessKeyStatus.DISABLED


def test_who_may_only_view_sees_no_buttons_and_changes_nothing(cast: Cast) -> None:
    key = key_for(cast, cast.felix)
    give(cast, cast.ivy, "accounts.view_access_keys")
    client = signed_in(cast.ivy)
    page = client.get(reverse(LIST)).content.decode()
    assert key.ak in page
    assert reverse("access_keys:create") not in page
    for step in ("disable", "enable", "delete"):
        assert reverse(f"access_keys:{step}", args=[key.ak]) not in page
    assert client.get(reverse("access_keys:create")).status_code == 403
    for step in ("disable", "enable", "delete"):
        assert client.post(reverse(f"access_keys:{step}", args=[key.ak])).status_code == 403
    with pytest.raises(NotPermitted):
        services.create_key(cast.actor(cast.ivy), user_id=cast.ivy.pk, description="")
    key.refresh_from_db()
    assert key.status == AccessKeyStatus.ENABLED


def test_the_list_tells_state_use_and_lock(cast: Cast) -> None:
    key = key_for(cast, cast.felix)
    until = clock.now() + timedelta(minutes=3)
    AccessKey.objects.filter(pk=key.pk).update(locked_until=until, last_used_at=clock.now())
    listed = queries.list_keys(cast.actor(cast.mara)).get()
    assert listed.lock_ends == until
    page = signed_in(cast.mara).get(reverse(LIST)).content.decode()
    for word in ("f.cruz", "CRM", "Enabled", "Locked Until", "Disable"):
        assert word in page
    AccessKey.objects.filter(pk=key.pk).update(locked_until=clock.now() - timedelta(seconds=1))
    assert queries.list_keys(cast.actor(cast.mara)).get().lock_ends is None


def test_the_list_is_searched_and_filtered(cast: Cast) -> None:
    felix, rosa = key_for(cast, cast.felix), key_for(cast, cast.rosa)
    services.disable_key(cast.actor(cast.mara), ak=rosa.ak)
    client = signed_in(cast.mara)
    for query, shown in (
        (f"q={felix.ak[:8]}", felix),
        ("status=disabled", rosa),
        ("q=r.san", rosa),
    ):
        page = client.get(f"{reverse(LIST)}?{query}").content.decode()
        hidden = rosa if shown == felix else felix
        assert shown.ak in page and hidden.ak not in page, query


def test_the_operator_has_no_such_page(cast: Cast) -> None:
    assert signed_in(cast.olga).get(reverse(LIST)).status_code == 404


def test_a_customer_keeps_its_own_keys(cast: Cast) -> None:
    assert create(signed_in(cast.hana), cast.hana).status_code == 302
    assert AccessKey.objects.get().account == cast.harborline


def test_an_exchanged_encryption_key_can_be_taken_away(cast: Cast, settings: Any) -> None:
    key = key_for(cast, cast.felix)
    secret = queries.secret_of(key)
    totp = TOTP.activate(cast.mara, generate_totp_secret())
    old, new = settings.FIELD_ENCRYPTION_KEYS, Fernet.generate_key().decode()
    settings.FIELD_ENCRYPTION_KEYS = [new, *old]
    call_command("encrypt_again")
    settings.FIELD_ENCRYPTION_KEYS = [new]
    key.refresh_from_db()
    totp.instance.refresh_from_db()
    assert queries.secret_of(key) == secret
    assert encryption.decrypt(totp.instance.data["secret"])
    settings.FIELD_ENCRYPTION_KEYS = old
    with pytest.raises(InvalidToken):
        queries.secret_of(key)
