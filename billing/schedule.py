"""When the jobs of the billing app run."""

from datetime import timedelta

from partner_center import schedule

# From 00:00 (GMT+08:00) on the 5th the first sweep finds the run due; later ones find it done, or go
# on with what a killed one left and what was parked.
schedule.every(timedelta(minutes=10), "billing.run_due")
schedule.every(timedelta(days=1), "billing.refresh_estimates")
# A nudge starts it on every issued bill; the sweep finds what no nudge reached.
schedule.every(timedelta(minutes=1), "billing.tell_issued")
schedule.every(timedelta(minutes=1), "billing.seal_bills")
# The same for verifications; what is asked of a run itself, the sweep of the runs finds.
schedule.every(timedelta(minutes=5), "billing.verify_asked")
# Minutes after a bill is issued its partner's cards are charged (05-PMT-08).
schedule.every(timedelta(minutes=10), "billing.charge_cards")
schedule.every(timedelta(hours=6), "billing.look_after_funds")
# Sweeps for what no nudge reached, and for what failed.
schedule.every(timedelta(minutes=5), "billing.make_invoices")
# On the 7th and 3rd day before the end of a month; all other runs find nothing to do.
schedule.every(timedelta(hours=1), "billing.tell_coupon_usage")
