"""Forms of Organization > Member Management (02 §3.1)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from partner_center.forms.password import (
    NewPasswordField,
    PasswordField,
    PasswordInput,
    PasswordPair,
)
from partner_center.forms.phone import PhoneField
from partner_center.widgets import RadioCards

from ..choices import RoleType, UserStatus
from ..models import Role
from ..services.contacts import ContactDetails
from ..services.members import MemberDetails

_USERNAME = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9._@-]*$",
    _("Use letters, digits and . _ - @ only, and begin with a letter or digit."),
)


class SeenForm(forms.Form):
    """Carries what the page showed, for the stale check of the service."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class MemberForm(forms.Form):
    """What Create User and Modify share."""

    name = forms.CharField(label=_("Name"), max_length=64)
    mobile = PhoneField(label=_("Mobile Number"))
    email = forms.EmailField(
        label=_("Email"), max_length=254, help_text=_("Can be used to sign in.")
    )
    office_phone = forms.CharField(label=_("Office Phone"), max_length=32, required=False)

    def __init__(self, *args: Any, region: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mobile"].widget.region = region

    @property
    def details(self) -> MemberDetails:
        """The valid values, for the service."""
        return MemberDetails(
            **{name: self.cleaned_data[name] for name in MemberDetails.__dataclass_fields__}
        )


class CreateUserForm(MemberForm):
    """Step 1 of Create User: Specify User Information (02-USR-01 to 03).

    With ``has_password`` the password was entered before: empty fields keep it.
    """

    username = forms.CharField(
        label=_("Username"),
        max_length=64,
        validators=[_USERNAME],
        help_text=_("Used to sign in. It can never be changed after the user is created."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    password = NewPasswordField(label=_("Password"))
    confirm_password = PasswordField(
        label=_("Confirm Password"), widget=PasswordInput({"autocomplete": "new-password"})
    )

    field_order = ("username", "password", "confirm_password")

    def __init__(self, *args: Any, has_password: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_password:
            self.keep_password()

    def keep_password(self) -> None:
        """A password waits from an earlier try: the fields may stay empty."""
        for name in ("password", "confirm_password"):
            self.fields[name].required = False
        self.fields["password"].help_text = _(
            "You have entered a password. Leave both fields empty to keep it."
        )

    def clean(self) -> dict[str, Any]:
        """Both entries of the password must be equal."""
        cleaned = super().clean() or self.cleaned_data
        first, second = cleaned.get("password"), cleaned.get("confirm_password")
        if first is not None and second is not None and first != second:
            self.add_error("confirm_password", _("The two passwords are not the same."))
        return cleaned


class ModifyUserForm(SeenForm, MemberForm):
    """Modify: everything but the username (02-USR-11, USR-12, S-05)."""

    status = forms.ChoiceField(
        label=_("Status"),
        choices=[(s.value, s.label) for s in (UserStatus.NORMAL, UserStatus.LOCKED)],
        widget=RadioCards(
            hints={
                UserStatus.NORMAL: _("Can sign in."),
                UserStatus.LOCKED: _(
                    "Cannot sign in and loses running sessions. Customers stay assigned."
                ),
            }
        ),
    )
    director = forms.ModelChoiceField(
        label=_("Account director"),
        queryset=None,
        required=False,
        empty_label=_("No account director"),
    )

    field_order = ("name", "mobile", "email", "office_phone", "status", "director")

    def __init__(
        self, *args: Any, directors: Any, is_manager: bool, is_own: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["director"].queryset = directors
        if not is_manager:
            del self.fields["director"]
        if is_own:
            self.fields["status"].disabled = True
            self.fields["status"].help_text = _("Nobody can lock themselves.")

    @property
    def director_id(self) -> int | None:
        """Key of the chosen account director, if any."""
        chosen = self.cleaned_data.get("director")
        return chosen.pk if chosen else None


class ResetPasswordForm(PasswordPair):
    """Reset Password: new password and confirmation (02-USR-13)."""

    password = NewPasswordField(label=_("New Password"))


class RoleChoiceForm(SeenForm):
    """The role table of Create User and Assign Role (02-USR-04, USR-05).

    How many, and which together, is decided by the service's rules. ``role_type`` only filters what
    the table shows; chosen roles of other types stay chosen.
    """

    roles = forms.ModelMultipleChoiceField(
        label=_("Roles"),
        queryset=None,
        required=False,
        error_messages={"invalid_choice": _("One of the roles does not exist any more.")},
    )
    role_type = forms.ChoiceField(
        label=_("Role Type"),
        choices=[("", _("All role types")), *RoleType.choices],
        required=False,
        widget=forms.Select({"class": "w-auto"}),
    )
    director = forms.ModelChoiceField(
        label=_("Account director"),
        queryset=None,
        required=False,
        empty_label=_("No account director"),
        help_text=_("Who manages this account manager."),
    )

    def __init__(self, *args: Any, roles: Any, directors: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].queryset = roles
        if directors is None:
            del self.fields["director"]
        else:
            self.fields["director"].queryset = directors

    @property
    def chosen(self) -> list[Role]:
        """The chosen roles; also of a form that was not sent or is not valid."""
        wanted = {str(value) for value in self["roles"].value() or []}
        return [role for role in self.fields["roles"].queryset if str(role.pk) in wanted]

    @property
    def shown_type(self) -> str:
        """The role type that the table shows; empty for all."""
        value = self["role_type"].value() or ""
        return value if value in RoleType.values else ""

    @property
    def director_id(self) -> int | None:
        """Key of the chosen account director, if any."""
        chosen = self.cleaned_data.get("director")
        return chosen.pk if chosen else None


class RoleForm(SeenForm):
    """Create Custom Role, Modify Role (02-ROL-03, ROL-12). The tree draws ``permissions`` itself."""

    name = forms.CharField(label=_("Role Name"), max_length=64)
    description = forms.CharField(
        label=_("Role Description"),
        max_length=255,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    permissions = forms.MultipleChoiceField(
        label=_("Permissions"),
        error_messages={
            "required": _("Select at least one permission."),
            "invalid_choice": _("One of the permissions cannot be given to a role."),
        },
    )

    def __init__(
        self, *args: Any, offered: Collection[str], kept: Collection[str] = (), **kwargs: Any
    ) -> None:
        """``kept``: permissions of the role that its editor does not hold and so leaves alone."""
        super().__init__(*args, **kwargs)
        self.kept = frozenset(kept)
        self.fields["permissions"].choices = [(code, code) for code in offered]
        self.fields["permissions"].required = not self.kept

    @property
    def chosen(self) -> frozenset[str]:
        """The chosen codes; also of a form that was not sent or is not valid."""
        return frozenset(self["permissions"].value() or []) | self.kept

    @property
    def values(self) -> dict[str, Any]:
        """What the services take."""
        return {
            "name": self.cleaned_data["name"],
            "description": self.cleaned_data["description"],
            "codes": frozenset(self.cleaned_data["permissions"]) | self.kept,
        }


class TeamForm(SeenForm):
    """Manage account managers of a director (S-05)."""

    managers = forms.ModelMultipleChoiceField(
        label=_("Account managers"), queryset=None, required=False
    )

    def __init__(self, *args: Any, managers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["managers"].queryset = managers


class ContactForm(SeenForm):
    """Create Customer Contact and its edit page (02-CON-01, CON-05)."""

    name = forms.CharField(label=_("Name"), max_length=64)
    mobile = PhoneField(label=_("Mobile Number"))
    email = forms.EmailField(label=_("Email"), max_length=254)
    office_phone = forms.CharField(label=_("Office Phone"), max_length=32, required=False)
    remarks = forms.CharField(
        label=_("Remarks"),
        max_length=255,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("What customers ask this contact about, or when it can be reached."),
    )

    def __init__(self, *args: Any, region: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mobile"].widget.region = region

    @property
    def details(self) -> ContactDetails:
        """The valid values, for the service."""
        return ContactDetails(
            **{name: self.cleaned_data[name] for name in ContactDetails.__dataclass_fields__}
        )
