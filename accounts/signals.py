"""What accounts tell the floors above."""

from django.dispatch import Signal

#: The operator gave an account another partner kind. Sent inside the transaction, so that a
#: receiver's failure undoes the whole. Arguments: account (Account), before and after (PartnerKind
#: values), actor (Actor).
partner_kind_changed = Signal()

#: A member was deleted (02-USR-14). Sent inside the transaction. Arguments: user (User), actor
#: (Actor), moment (aware datetime).
member_deleted = Signal()

#: A member may look after customers no longer: it lost the role Account manager, or Account director
#: without becoming a manager (02 S-08). Sent inside the transaction. Arguments as above.
portfolio_role_lost = Signal()

#: Somebody registered an account. Sent inside the transaction. Arguments: account (Account), actor
#: (its main user as Actor), moment, errand (str: what the newcomer came for, empty for nothing).
account_registered = Signal()

#: The operator granted a partner something or took it. Sent inside the transaction. Arguments:
#: account (Account), before and after (changed fields of PartnerTerms with their values), actor
#: (Actor), moment (aware datetime).
terms_changed = Signal()
#: A registration is complete: the account's information was saved (01-ACC-13). Sent inside the
#: transaction. Arguments: account (Account, locked), actor (Actor), moment.
registration_completed = Signal()
