"""When waiting requests are looked for and unanswered invitations expire."""

from datetime import timedelta

from partner_center import schedule

schedule.every(timedelta(seconds=30), "resellers.sweep_requests")
schedule.every(timedelta(minutes=10), "resellers.expire_invitations")
