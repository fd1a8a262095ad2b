"""Spend of customers, entered into the roll-up as charging would leave it, and budgets over it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

from budgets.choices import BudgetType, ExhaustionAction
from budgets.models import Budget, BudgetAlert, PendingAlert
from budgets.services import checking, setting
from budgets.services.setting import Wish
from catalog.choices import BillingMode
from customers.models import Association
from metering.choices import BillType
from metering.models import DailySpend, MonthlySpend
from partner_center import clock
from partner_center.clock import BUSINESS_ZONE, BillingCycle, business_date
from tests.goods import Goods


def spend(
    goods: Goods,
    association: Association,
    amount: str | Decimal,
    *,
    at: datetime | None = None,
    model: str = "reseller",
) -> None:
    """The customer has spent so much more, in USD at list price, in the month of this moment."""
    moment = at or clock.now()
    product = goods.host_by_use
    row, _is_new = MonthlySpend.objects.get_or_create(
        cycle=str(BillingCycle.of(moment)),
        customer_id=association.customer_id,
        association_id=association.pk,
        partner_id=association.account_id,
        model=model,
        service_type_id=product.service_type_id,
        product_id=product.pk,
        mode=BillingMode.PAY_PER_USE,
        bill_type=BillType.EXPENDITURE,
        defaults={
            "charges": 0,
            "list_amount": Decimal(0),
            "discount_amount": Decimal(0),
            "updated_at": moment,
        },
    )
    row.charges += 1
    row.list_amount += Decimal(amount)
    row.save()


def budget(
    world,
    user,
    association: Association,
    amount: str,
    *,
    kind: str = BudgetType.MONTHLY,
    action: str = ExhaustionAction.MANUAL,
    **more,
) -> Budget:
    """Set a budget as the user would on the page."""
    wish = Wish(
        BudgetType(kind),
        Decimal(amount),
        ExhaustionAction(action),
        unfreezes=more.pop("unfreezes", False),
        agreed_version="1.0" if action == ExhaustionAction.RESTRICT_FREEZE else "",
    )
    setting.set_budgets(world.cast.actor(user), association_ids=[association.pk], wish=wish, **more)
    return Budget.objects.get(pk=association.pk)


def check(at: datetime | None = None) -> checking.Outcome:
    """The hourly check, for everybody."""
    return checking.check_all(at or clock.now())


def told(association: Association) -> list[tuple[str, int | None]]:
    """Kind and threshold of the alerts in the ledger, oldest first."""
    found = BudgetAlert.objects.filter(association=association).order_by("pk")
    return list(found.values_list("kind", "threshold"))


def waiting() -> int:
    """Alerts that nobody was told of yet."""
    return PendingAlert.objects.count()


def spend_daily(
    goods: Goods, association: Association, amount: str, *, days: int, at: datetime
) -> None:
    """Every one of the last complete days has cost so much, in the daily and the monthly roll-up."""
    product, today = goods.host_by_use, business_date(at)
    for back in range(1, days + 1):
        day = today - timedelta(days=back)
        moment = datetime.combine(day, time(12), BUSINESS_ZONE)
        DailySpend.objects.create(
            cycle=str(BillingCycle.of(moment)),
            spent_on=day,
            customer_id=association.customer_id,
            association_id=association.pk,
            partner_id=association.account_id,
            model="reseller",
            service_type_id=product.service_type_id,
            product_id=product.pk,
            mode=BillingMode.PAY_PER_USE,
            bill_type=BillType.EXPENDITURE,
            charges=1,
            list_amount=Decimal(amount),
            discount_amount=Decimal(0),
            updated_at=moment,
        )
        spend(goods, association, amount, at=moment)
