"""Numbers and words of the vendor's API for what charges say (docs/api/bss-api.md A.11)."""

from __future__ import annotations

from catalog.choices import BillingMode, PaymentOption, Period

#: CHARGE_MODE.
CHARGE_MODES = {
    BillingMode.YEARLY_MONTHLY: 1,
    BillingMode.PACKAGE: 1,
    BillingMode.PAY_PER_USE: 3,
    BillingMode.RESERVED_UPFRONT: 10,
    BillingMode.RESERVED_HOURLY: 10,
    BillingMode.SAVINGS_PLAN: 11,
}
#: BILL_PERIOD.
PERIODS = {
    Period.YEAR: 19,
    Period.MONTH: 20,
    Period.DAY: 24,
    Period.HOUR: 25,
    Period.ONE_TIME: 5,
}
#: ``payment_type`` of reserved instances and savings plans.
PAYMENT_TYPES = {
    PaymentOption.ALL_UPFRONT: "ALL_UPFRONT",
    PaymentOption.PARTIAL_UPFRONT: "PARTIAL_UPFRONT",
    PaymentOption.NO_UPFRONT: "NO_UPFRONT",
}

PURCHASE = 1
RENEWAL = 2
CHANGE = 3
UNSUBSCRIPTION = 4
USAGE = 5
COMPENSATION = 9
HOURLY = 12
DEDUCTION = 16
CHANGE_REFUND = 20
SAVINGS = 23
TO_USAGE_REFUND = 24
#: BILL_TYPE of an order's charge by the type of the order.
OF_ORDERS = {"new": PURCHASE, "to_period": PURCHASE, "renewal": RENEWAL, "change": CHANGE}
#: BILL_TYPE of a refund by the type of the order; other refunds are for an unsubscription.
OF_REFUNDS = {"change": CHANGE_REFUND, "to_usage": TO_USAGE_REFUND}


def modes_of(charge_mode: int) -> list[str]:
    """Our billing modes of one CHARGE_MODE; none for a number that is none."""
    return [str(mode) for mode, number in CHARGE_MODES.items() if number == charge_mode]
