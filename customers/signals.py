"""What customers tell the floors above. All are sent inside the transaction."""

from django.dispatch import Signal

#: A customer was associated with a partner. Arguments: association (Association), actor (Actor),
#: moment (aware datetime), freezes (bool: place the default freeze hold, 04-RM-01, 08-CSA-14, CSA-16).
association_completed = Signal()

#: An association has ended. Arguments: association (Association), actor (Actor), moment.
association_ended = Signal()

#: The model of a live association changed. Arguments: association (Association, with the new model),
#: before (AssociationModel), actor (Actor), moment.
association_type_changed = Signal()

#: Customers have an account manager or director from now on. Arguments: association_ids (collection of
#: int), manager (User), event (str: names the assignment or batch, the same however often it is sent).
customers_assigned = Signal()
