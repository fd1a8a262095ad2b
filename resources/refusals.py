"""Refusals of the resources app."""

from django.utils.translation import gettext_lazy as _

from partner_center.refusals import Refusal


class ProjectsNotEnabled(Refusal):
    """Enterprise projects are enabled before the first is made (API B.54)."""

    code = "resources.projects_not_enabled"
    default_sentence = _("Nothing was created: enable enterprise projects first.")


class ProjectNameMissing(Refusal):
    """An enterprise project without a usable name."""

    code = "resources.project_name_missing"

    def __init__(self) -> None:
        super().__init__(_("Enter a name of 1 to 64 characters."), field="name")


class ProjectNameTaken(Refusal):
    """Two enterprise projects of one name, or one that is called default."""

    code = "resources.project_name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("There is an enterprise project “%(name)s” already. Enter another name.")
            % {"name": name},
            field="name",
        )


class NotYourCustomer(Refusal):
    """The named account is not a customer that the partner sees (docs/api/bss-api.md B.21)."""

    code = "resources.not_your_customer"
    default_sentence = _("The account is not a customer of yours, or it does not exist.")
