"""What accounts tell the floors above."""

from django.dispatch import Signal

#: The operator gave an account another partner kind. Sent inside the transaction, so that a
#: receiver's failure undoes the whole. Arguments: account (Account), before and after (PartnerKind
#: values), actor (Actor).
partner_kind_changed = Signal()
