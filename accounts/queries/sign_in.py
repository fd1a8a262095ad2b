"""Who is meant by what people type into sign-in and forgotten-password forms."""

from __future__ import annotations

from django.db.models import Q

from partner_center.forms.phone import to_e164

from ..models import Account, User


def find_main_user(login: str) -> User | None:
    """The main user by account name, registration e-mail, domain ID or security phone (01-LGN-01).

    The bound mobile number is no way in (01-ACC-11).
    """
    typed = login.strip()
    meant = (
        Q(account__name__iexact=typed)
        | Q(account__email__iexact=typed)
        | Q(account__public_id=typed.lower())
    )
    if phone := _phone(typed):
        meant |= Q(account__security_phone=phone)
    return User.objects.select_related("account").filter(meant, is_main=True).first()


def is_security_phone(account: Account, login: str) -> bool:
    """Whether what was typed is the account's security phone."""
    return bool(account.security_phone) and _phone(login.strip()) == account.security_phone


def find_member(account: str, username: str) -> User | None:
    """A user by account name and its username or e-mail there (02-LGN-02, LGN-05)."""
    typed = username.strip()
    return (
        User.objects.present()
        .select_related("account")
        .filter(account__name__iexact=account.strip())
        .filter(Q(username__iexact=typed) | (Q(email__iexact=typed) & ~Q(email="")))
        .order_by("is_main")
        .first()
    )


def _phone(typed: str) -> str | None:
    """E.164 of a typed phone number with its country code, with or without the plus."""
    return to_e164(typed) or (to_e164(f"+{typed}") if typed[:1].isdigit() else None)
