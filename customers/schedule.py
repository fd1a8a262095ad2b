"""When the customers app works by itself."""

from datetime import timedelta

from partner_center import schedule

schedule.every(timedelta(minutes=1), "customers.resume_assignment_batches")
schedule.every(timedelta(minutes=10), "customers.end_due_assignments")
