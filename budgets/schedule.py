"""When the jobs of the budgets app run."""

from datetime import timedelta

from partner_center import schedule

schedule.every(timedelta(minutes=10), "budgets.end_retention")
