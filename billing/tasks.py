"""Background work of the billing app."""

from celery import shared_task

from partner_center import clock

from .services import (
    cards,
    charging,
    coupon_notices,
    estimating,
    funds,
    invoicing,
    paying,
    refunding,
    reminding,
    running,
    sealing,
    telling,
    verifications,
)


@shared_task(name="billing.run_due")
def run_due() -> None:
    """Issue the bills that are due, and those that were asked for; safe to repeat."""
    moment = clock.now()
    running.run_due(moment)
    running.run_asked(moment)


@shared_task(name="billing.run_asked")
def run_asked() -> None:
    """Issue the bills that the operator asked for; safe to repeat and to run twice at once."""
    running.run_asked(clock.now())


@shared_task(name="billing.verify_asked")
def verify_asked() -> None:
    """Verify the books that the operator asked for; safe to repeat and to run twice at once."""
    verifications.verify_asked(clock.now())


@shared_task(name="billing.refresh_estimates")
def refresh_estimates() -> None:
    """Refresh what open cycles come to so far; safe to repeat."""
    estimating.refresh_due(clock.now())


@shared_task(name="billing.tell_issued")
def tell_issued() -> None:
    """Tell partners of bills that are issued; safe to repeat."""
    telling.tell_issued(clock.now())


@shared_task(name="billing.seal_bills")
def seal_bills() -> None:
    """Make the packages that prove issued bills; safe to repeat."""
    sealing.seal_all(clock.now())


@shared_task(name="billing.charge_cards")
def charge_cards() -> None:
    """Settle payments that wait for the gateway, then charge what is to be charged; safe to repeat."""
    moment = clock.now()
    paying.resolve_pending(moment)
    cards.end_abandoned(moment)
    refunding.finish(moment)
    charging.charge_due(moment)


@shared_task(name="billing.look_after_funds")
def look_after_funds() -> None:
    """Expired cards, test charges to be returned, due bills, quotas; safe to repeat."""
    moment = clock.now()
    cards.expire_due(moment)
    refunding.return_tests(moment)
    reminding.mark_overdue(moment)
    reminding.remind(moment)
    funds.note_quotas(moment)


@shared_task(name="billing.make_invoices")
def make_invoices() -> None:
    """Make the PDFs of invoices that wait for theirs; safe to repeat and to run twice at once."""
    invoicing.make_due(clock.now())


@shared_task(name="billing.tell_coupon_usage")
def tell_coupon_usage() -> None:
    """Tell partners what test coupons pay of the month; safe to repeat, each is told once a due day."""
    coupon_notices.tell_due(clock.now())
