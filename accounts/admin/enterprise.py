"""Enterprise masters: their member accounts and organization units."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from partner_center.actors import Actor
from partner_center.admin import ACCOUNTS, PortalModelAdmin, ReasonForm, SeenForm, site
from partner_center.forms.account_name import AccountNameField

from ..choices import EnterpriseAccounting, MemberAccountStatus
from ..models import EnterpriseMember, EnterpriseUnit
from ..permissions import OPERATE_STANDING, VIEW_STANDING
from ..queries import operating as accounts
from ..services import enterprise as services

_UNIT = gettext_lazy("Organization unit")
_UNIT_HELP = gettext_lazy("Its name; a new name creates it. Empty: the root.")


class MembershipForm(forms.Form):
    """How an account belongs to its enterprise."""

    display_name = forms.CharField(
        label=gettext_lazy("Display name"),
        max_length=64,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )
    unit = forms.CharField(
        label=_UNIT,
        max_length=64,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_UNIT_HELP,
    )
    accounting = forms.TypedChoiceField(
        label=gettext_lazy("Accounting"),
        choices=EnterpriseAccounting.choices,
        coerce=EnterpriseAccounting,
        widget=UnfoldAdminSelectWidget,
    )
    status = forms.TypedChoiceField(
        label=gettext_lazy("Status"),
        choices=MemberAccountStatus.choices,
        coerce=lambda value: MemberAccountStatus(int(value)),
        initial=MemberAccountStatus.NORMAL,
        widget=UnfoldAdminSelectWidget,
    )


class AddMemberForm(MembershipForm):
    """Who joins whom."""

    master = AccountNameField(
        lookup=accounts.account_id_of, label=gettext_lazy("Enterprise master (account name)")
    )
    member = AccountNameField(
        lookup=accounts.account_id_of, label=gettext_lazy("Member account (account name)")
    )
    field_order = ("master", "member")


class ModifyMemberForm(MembershipForm, SeenForm):
    """The membership, with what the page showed."""

    seen_fields = services.MEMBER_FIELDS

    class Meta:
        fields = ("display_name", "accounting", "status")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.unit:
            self.initial["unit"] = self.instance.unit.name

    def _post_clean(self) -> None:
        """The unit is a name here, which the service turns into a unit."""


class UnitForm(SeenForm):
    """The unit's name."""

    seen_fields = ("name",)


@admin.register(EnterpriseMember, site=site)
class EnterpriseMemberAdmin(PortalModelAdmin):
    """Member accounts and their masters."""

    view_permission = VIEW_STANDING
    manage_permission = OPERATE_STANDING
    changeable = True
    group = ACCOUNTS
    icon = "lan"
    form = ModifyMemberForm
    list_display = ("member", "account", "display_name", "unit", "accounting", "status")
    list_select_related = ("member", "account", "unit")
    list_filter = ("accounting", "status")
    search_fields = ("account__name", "member__name", "display_name")
    ordering = ("account__name", "member__name")
    fields = (
        "master",
        "member",
        "joined_at",
        "display_name",
        "unit",
        "accounting",
        "status",
        "seen",
    )
    readonly_fields = ("master", "member", "joined_at")
    actions_list = ("add_member",)
    actions_detail = ("remove",)

    @display(description=gettext_lazy("Enterprise master"))
    def master(self, row: EnterpriseMember) -> str:
        """The master's account name."""
        return row.account.name

    def write(self, actor: Actor, form: Any, row: Any) -> EnterpriseMember:
        """Change the membership."""
        return services.modify_member(
            actor, row.pk, membership=_membership(form), seen=form.cleaned_data["seen"]
        )

    @action(description=gettext_lazy("Add Member Account"), permissions=["manage"])
    def add_member(self, request: HttpRequest) -> HttpResponse:
        """Make an account a member of an enterprise."""
        return self.ask(
            request,
            _add_member,
            title=_("Add Member Account"),
            consequence=_("The master sees the account in its Enterprise Center."),
            back=reverse(self.list_route),
            form_class=AddMemberForm,
        )

    @action(description=gettext_lazy("Remove from Enterprise"), permissions=["manage"])
    def remove(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Let the account leave its enterprise."""
        member_id = self.row(request, object_id).pk
        return self.ask(
            request,
            lambda actor, **values: services.remove_member(actor, member_id, **values),
            title=_("Remove from Enterprise"),
            consequence=_("The account belongs to no enterprise any more."),
            back=reverse(self.list_route),
            form_class=ReasonForm,
        )


@admin.register(EnterpriseUnit, site=site)
class EnterpriseUnitAdmin(PortalModelAdmin):
    """Organization units; a unit begins when a member account is put into it."""

    view_permission = VIEW_STANDING
    manage_permission = OPERATE_STANDING
    changeable = True
    group = ACCOUNTS
    icon = "account_tree"
    form = UnitForm
    list_display = ("name", "account", "public_id")
    list_select_related = ("account",)
    search_fields = ("name", "account__name")
    ordering = ("account__name", "name")
    fields = ("name", "master", "public_id", "seen")
    readonly_fields = ("master", "public_id")

    @display(description=gettext_lazy("Enterprise master"))
    def master(self, row: EnterpriseUnit) -> str:
        """The master's account name."""
        return row.account.name

    def write(self, actor: Actor, form: Any, row: Any) -> EnterpriseUnit:
        """Rename the unit."""
        given = form.cleaned_data
        return services.rename_unit(actor, row.pk, name=given["name"], seen=given["seen"])


def _membership(form: Any) -> services.Membership:
    given = form.cleaned_data
    return services.Membership(
        **{name: given[name] for name in services.Membership.__dataclass_fields__}
    )


def _add_member(actor: Actor, *, master: int, member: int, **values: Any) -> None:
    services.add_member(
        actor, master_id=master, member_id=member, membership=services.Membership(**values)
    )
