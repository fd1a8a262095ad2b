"""What resellers tell and ask the floors above. All are sent inside the transaction."""

from django.dispatch import Signal

#: The grant to set budgets and freeze was given, changed or closed (06-PRM-03 to PRM-07). Arguments:
#: association (ResellerAssociation), before and after (ResellerBudgetGrant or None), actor (Actor),
#: moment. A receiver that raises a Refusal undoes the change (06-PRM-13).
budget_grant_changed = Signal()

#: The grant to order and operate for customers was given or withdrawn (06-OBH-01, OBH-08).
#: Arguments: association, before and after (ResellerOnBehalfGrant or None), actor, moment.
on_behalf_grant_changed = Signal()

#: What do the floors above know against this account as a reseller? Arguments: account (Account,
#: locked). Receivers return a collection of RestrictionCause (06-RSL-09).
restrictions_asked = Signal()
