"""The schedule of the background work."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy
from django_celery_beat.models import PeriodicTask
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from partner_center.actors import Actor
from partner_center.admin import OPERATION, PortalModelAdmin, SeenForm, site

from ..permissions import OPERATE_SCHEDULE, VIEW_SCHEDULE
from ..services import schedule


class PeriodicTaskForm(SeenForm):
    """On or off, and when."""

    seen_fields = schedule.SEEN_FIELDS
    times = forms.CharField(
        label=gettext_lazy("Times"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy(
            "Five fields as in a crontab, in GMT+08:00: minute, hour, day of month, month, day of "
            "week. Leave it empty to keep the interval."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "times" in self.fields:
            self.initial["times"] = schedule.times_of(self.instance)


@admin.register(PeriodicTask, site=site)
class PeriodicTaskAdmin(PortalModelAdmin):
    """What runs when. Tasks come with the software; here they are switched and moved."""

    view_permission = VIEW_SCHEDULE
    manage_permission = OPERATE_SCHEDULE
    changeable = True
    group = OPERATION
    icon = "schedule"
    form = PeriodicTaskForm
    list_display = ("name", "task", "when", "enabled", "last_run_at", "total_run_count")
    list_select_related = ("crontab", "interval")
    list_filter = ("enabled",)
    search_fields = ("name", "task")
    ordering = ("name",)
    fields = ("name", "task", "enabled", "times", "when", "last_run_at", "seen")
    readonly_fields = ("name", "task", "when", "last_run_at")

    @display(description=gettext_lazy("Runs"))
    def when(self, task: PeriodicTask) -> str:
        """The schedule in words."""
        return str(task.scheduler)

    def write(self, actor: Actor, form: Any, row: Any) -> PeriodicTask:
        """Switch or move the task."""
        given = form.cleaned_data
        return schedule.change_task(
            actor, row.pk, enabled=given["enabled"], times=given["times"], seen=given["seen"]
        )
