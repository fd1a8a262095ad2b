"""When the API door forgets what it need not remember any more."""

from datetime import timedelta

from partner_center import schedule

schedule.every(timedelta(minutes=5), "bss_api.forget_seen_signatures")
