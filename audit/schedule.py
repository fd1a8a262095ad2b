"""When the work of the audit trail is done."""

from datetime import timedelta

from partner_center import schedule

schedule.every(timedelta(seconds=5), "audit.seal_records")
