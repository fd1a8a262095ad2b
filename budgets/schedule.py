"""When the jobs of the budgets app run."""

from datetime import timedelta

from partner_center import schedule

schedule.every(timedelta(minutes=10), "budgets.end_retention")
# A nudge starts it on every commit; the sweep finds what no nudge reached.
schedule.every(timedelta(seconds=10), "budgets.check_touched")
schedule.every(timedelta(hours=1), "budgets.check_all")
schedule.every(timedelta(minutes=5), "budgets.check_quotas")
schedule.every(timedelta(days=1), "budgets.foretell")
