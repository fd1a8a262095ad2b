"""What real-name authentication tells the floors above. Sent inside the transaction."""

from django.dispatch import Signal

#: The operator approved or rejected an application. Arguments: application (RealNameApplication),
#: actor (Actor), moment (aware datetime).
application_decided = Signal()
