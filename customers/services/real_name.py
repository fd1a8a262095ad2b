"""A partner applies for real-name authentication of its customer (API B.50 to B.52)."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files import File
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import audit.services
import notifications.services
from accounts import locks as account_locks
from accounts.queries import standing
from partner_center import clock
from partner_center.actors import Actor
from partner_center.refusals import NotFound
from realname.choices import ReviewStatus
from realname.models import RealNameApplication
from realname.services import applying, files

from ..message_types import CUSTOMER_REAL_NAME
from ..models import Association
from ..permissions import VERIFY_CUSTOMERS
from ..queries import real_name as queries
from ..refusals.real_name import NotYourCustomer, WrongPlatform


@transaction.atomic(durable=True)
def apply(
    actor: Actor, association_id: int, *, details: applying.Details, scans: Sequence[File]
) -> RealNameApplication:
    """Apply for a customer within the actor's scope, with scans that came with a form.

    Raises NotFound, and whatever ``realname.services.applying.submit`` raises.
    """
    actor.require(VERIFY_CUSTOMERS)
    customer_id = _lock_customer(actor, pk=association_id)
    if customer_id is None:
        raise NotFound
    return applying.submit(
        actor, customer_id, details=details, scans=files.Uploaded(scans), moment=clock.now()
    )


@transaction.atomic(durable=True)
def apply_with_files(
    actor: Actor,
    *,
    customer_public_id: str,
    platform_id: str,
    details: applying.Details,
    urls: Sequence[str],
) -> RealNameApplication:
    """Apply for a customer with files that were uploaded before (API B.50 to B.52).

    Raises NotYourCustomer, UploadNotEnabled, WrongPlatform, and what ``submit`` raises.
    """
    actor.require(VERIFY_CUSTOMERS)
    customer_id = _lock_customer(actor, customer__public_id=customer_public_id)
    if customer_id is None:
        raise NotYourCustomer
    files.refuse_without_upload(actor.account_id)
    if platform_id != standing.terms_of(actor.account_id).platform_id:
        raise WrongPlatform
    return applying.submit(
        actor, customer_id, details=details, scans=files.Named(urls), moment=clock.now()
    )


@transaction.atomic(durable=True)
def reveal_names(actor: Actor, association_id: int) -> queries.CustomerState:
    """The customer with its names in full; that somebody saw them is recorded. Raises NotFound."""
    actor.require(VERIFY_CUSTOMERS)
    found = queries.get_customer(actor, association_id, masks=False)
    audit.services.record(
        actor,
        "customers.customer.revealed",
        found.association,
        after={"customer": found.customer.name, "field": "real_name"},
    )
    return found


def tell_partner(actor: Actor, application: RealNameApplication) -> None:
    """Tell the partner that applied what became of it, while the customer is still its own."""
    live = Association.objects.live().filter(
        customer_id=application.account_id, account_id=application.submitted_for_id
    )
    if (association_id := live.values_list("pk", flat=True).first()) is None:
        return
    notifications.services.notify(
        actor,
        account_id=application.submitted_for_id,
        type=CUSTOMER_REAL_NAME.code,
        key=f"realname:{application.pk}:decided",
        template="customer_real_name_decided",
        context={
            "customer": application.account.title,
            "name": application.name,
            "approved": application.status == ReviewStatus.APPROVED,
            "opinion": application.opinion,
        },
        link=reverse("realname:customer", args=[association_id]),
        link_label=_("Real-Name Authentication"),
        # Others of the account may not see this customer.
        only_users=[application.submitted_by_id],
    )


def _lock_customer(actor: Actor, **named: object) -> int | None:
    """Key of the customer whose live association is in scope, its account locked; else None."""
    live = Association.objects.visible_to(actor).live().filter(**named)
    customer_id = live.values_list("customer_id", flat=True).first()
    if customer_id is not None:
        account_locks.lock_account(customer_id)
    return customer_id if customer_id is not None and live.exists() else None
