"""Background work of the budgets app."""

from celery import shared_task

from partner_center import clock

from .services import alerting, checking, consumption, foretelling, pending, retention


@shared_task(name="budgets.end_retention")
def end_retention() -> None:
    """Release frozen resources whose retention has ended, and remind before; safe to repeat."""
    moment = clock.now()
    retention.release_due(moment)
    retention.remind(moment)


@shared_task(name="budgets.check_touched")
def check_touched() -> None:
    """Check the customers whose spend or budget has changed, and tell what came of it."""
    pending.check_pending()
    alerting.tell_pending()


@shared_task(name="budgets.check_all")
def check_all() -> None:
    """Check every budget; safe to repeat and to run twice at once."""
    checking.check_all(clock.now())
    alerting.tell_pending()


@shared_task(name="budgets.check_quotas")
def check_quotas() -> None:
    """Check what partners may owe, hold and release their customers; safe to repeat."""
    consumption.check(clock.now())
    alerting.tell_pending()


@shared_task(name="budgets.foretell")
def foretell() -> None:
    """Tell of budgets that will be used up at the present pace; safe to repeat."""
    foretelling.foretell(clock.now())
    alerting.tell_pending()
