"""The operator's own account, made on the machine by ``manage.py create_operator``."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

import audit.services
from partner_center import clock
from partner_center.actors import Door

from .. import naming
from ..choices import AccountStage, SystemRole
from ..models import Account, Role, User
from ..queries.actors import actor_for
from ..refusals import AlreadyRegistered, NameTaken, NoSuchName, OperatorExists
from . import creation, members


def exists() -> bool:
    """Whether the operator's account was created."""
    return Account.objects.filter(is_operator=True).exists()


@transaction.atomic(durable=True)
def create(*, name: str, email: str, country: str, password: str) -> Account:
    """Create the operator's account with its main user; there is one.

    Raises OperatorExists, NoSuchName, NameTaken, AlreadyRegistered.
    """
    if exists():
        raise OperatorExists
    if not naming.PATTERN.fullmatch(name):
        raise NoSuchName
    try:
        with transaction.atomic():
            account = creation.create_account(
                name=name,
                email=email,
                country=country,
                password=password,
                moment=clock.now(),
                is_operator=True,
            )
    except IntegrityError as error:
        taken = Account.objects.filter(name__iexact=name).exists()
        raise NameTaken if taken else AlreadyRegistered from error
    account.stage = AccountStage.COMPLETE
    account.save(update_fields=["stage"])
    actor = actor_for(_main_user(), door=Door.JOB)
    audit.services.record(actor, "accounts.operator.created", account, after={"name": name})
    return account


def add_staff(*, username: str, email: str, password: str) -> User:
    """Create a further user of the operator with the role Admin.

    It must change the password at its first sign-in. Raises what ``members.create_member`` raises.
    """
    admin = Role.objects.get(system_code=SystemRole.ADMIN)
    return members.create_member(
        actor_for(_main_user(), door=Door.JOB),
        username=username,
        password_hash=make_password(password),
        details=members.MemberDetails(name=username, mobile="", email=email),
        role_ids=[admin.pk],
    )


def _main_user() -> User:
    return User.objects.select_related("account").get(account__is_operator=True, is_main=True)
