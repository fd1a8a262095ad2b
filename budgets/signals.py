"""What budgets tell higher floors about."""

from django.dispatch import Signal

#: Inside the transaction that sets a consumption quota: ``account_id``, ``moment``. The floor of the
#: bills answers with what is settled of it.
quota_set = Signal()
