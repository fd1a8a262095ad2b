"""Cloud Trace Service: a customer sees its own traces (08 §10.8)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import audit.services
from audit.choices import TraceName, TraceStatus
from audit.models import OperationRecord, TraceSetting
from audit.services import TraceDetails
from partner_center import clock
from partner_center.actors import Door
from partner_center.refusals import NotPermitted
from tests.cast import Cast

LIST = reverse("audit:traces")
Trace = Callable[..., OperationRecord]


@pytest.fixture
def hana(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.hana)
    return client


@pytest.fixture
def enabled(cast: Cast) -> None:
    audit.services.set_tracing(cast.actor(cast.hana), enabled=True)


@pytest.fixture
def trace(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Trace:
    """Write a trace of Tidemark's main user into Harborline's books, some hours ago."""

    def write(
        name: str = TraceName.INVITE, *, hours: float = 0, **options: object
    ) -> OperationRecord:
        moment = clock.now() - timedelta(hours=hours)
        door, details = options.pop("door", Door.PAGE), TraceDetails(**options)
        with monkeypatch.context() as past:
            past.setattr(clock, "now", lambda: moment)
            return audit.services.record(
                replace(cast.actor(cast.mara), ip="203.0.113.7", door=door),
                "customers.invitation.sent",
                cast.harborline,
                account_id=cast.harborline.pk,
                trace=name,
                trace_details=details,
            )

    return write


def names(client: Client, **query: str) -> list[str]:
    """Names of the shown traces, in order."""
    text = client.get(LIST, query).content.decode()
    return [part.split("</summary>")[0] for part in text.split('pc-expand"><summary>')[1:]]


@pytest.mark.requirement("08-CTS-01", "08-CTS-10")
def test_list_opens_when_the_service_is_enabled_and_shows_what_was_before(
    cast: Cast, hana: Client, trace: Trace
) -> None:
    trace()
    before = hana.get(LIST).content.decode()
    assert "Enable CTS" in before
    assert TraceName.INVITE not in before
    hana.post(reverse("audit:trace-switch"), {"enabled": "1"})
    assert names(hana) == [TraceName.INVITE]
    assert OperationRecord.objects.filter(action="audit.tracing.enabled").count() == 1
    hana.post(reverse("audit:trace-switch"), {"enabled": "1"})
    assert OperationRecord.objects.filter(action="audit.tracing.enabled").count() == 1
    hana.post(reverse("audit:trace-switch"), {"enabled": "0"})
    assert "Enable CTS" in hana.get(LIST).content.decode()


@pytest.mark.requirement("08-CTS-02")
@pytest.mark.usefixtures("enabled")
def test_six_names_and_their_resource_type_are_printed_exactly(hana: Client, trace: Trace) -> None:
    expected = [
        "addBpInviteTraceLog",
        "customerEnter",
        "confirmCustomerAgentAuthorizationApply",
        "applyUnbindOrSwitchCooperation",
        "approvePartnerOrCustomerApply",
        "applyPartnerPayment",
    ]
    for age, name in enumerate(expected):
        trace(name, hours=age)
    assert names(hana) == expected
    assert hana.get(LIST).content.decode().count(">csbchannelsales</td>") == 6


@pytest.mark.requirement("08-CTS-03")
@pytest.mark.usefixtures("enabled")
def test_list_reaches_back_seven_days_and_records_for_ever(hana: Client, trace: Trace) -> None:
    trace(hours=7 * 24 - 1)
    old = trace(TraceName.PAY, hours=7 * 24 + 1)
    assert names(hana) == [TraceName.INVITE]
    assert old.what in hana.get(reverse("audit:records"), {"traces": "traces"}).content.decode()
    assert hana.get(reverse("audit:trace", args=[old.uid])).status_code == 200


@pytest.mark.requirement("08-CTS-05")
@pytest.mark.usefixtures("enabled")
def test_time_ranges(hana: Client, trace: Trace) -> None:
    trace(TraceName.INVITE, hours=0.5)
    trace(TraceName.ENTER, hours=5)
    trace(TraceName.PAY, hours=50)
    assert names(hana, range="1h") == [TraceName.INVITE]
    assert names(hana, range="1d") == [TraceName.INVITE, TraceName.ENTER]
    assert names(hana) == [TraceName.INVITE, TraceName.ENTER, TraceName.PAY]

    def at(hours: float) -> str:
        return timezone.localtime(clock.now() - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")

    assert names(hana, range="custom", begin=at(60), end=at(1)) == [TraceName.ENTER, TraceName.PAY]
    text = hana.get(LIST, {"range": "custom", "begin": at(24 * 8)}).content.decode()
    assert "is no value of From" in text, "Customize stays within the last 7 days"


@pytest.mark.requirement("08-CTS-06", "08-CTS-07")
@pytest.mark.usefixtures("enabled")
def test_filters_can_be_combined(hana: Client, trace: Trace, cast: Cast) -> None:
    trace(TraceName.INVITE, resource_id="r-1", resource_name="Port One")
    trace(TraceName.ENTER, hours=1, door=Door.API, status=TraceStatus.WARNING, resource_id="r-2")
    audit.services.record(
        cast.actor(cast.hana), "x.y.z", trace=TraceName.PAY, trace_details=TraceDetails("r-3")
    )
    every = {"source": "CSB", "resource_type": "csbchannelsales"}
    assert len(names(hana, **every)) == 3
    assert names(hana, type="ApiCall", **every) == [TraceName.ENTER]
    assert names(hana, type="ConsoleAction", operator="tidemark-cloud") == [TraceName.INVITE]
    assert names(hana, status="warning") == [TraceName.ENTER]
    assert names(hana, status="incident") == []
    assert names(hana, name="applyPartnerPayment") == [TraceName.PAY]
    assert names(hana, resource_id="r-2") == [TraceName.ENTER]
    assert names(hana, resource_name="port", type="ConsoleAction") == [TraceName.INVITE]
    assert names(hana, resource_name="port", status="warning") == []


@pytest.mark.requirement("08-CTS-08")
@pytest.mark.usefixtures("enabled")
def test_columns(hana: Client, trace: Trace) -> None:
    trace()
    text = hana.get(LIST).content.decode()
    for head in (
        "Trace Name",
        "Resource Type",
        "Trace Source",
        "Resource ID",
        "Resource Name",
        "Trace Status",
        "Operator",
        "Operation Time",
        "Operation",
        "View Trace",
    ):
        assert head in text


@pytest.mark.requirement("08-CTS-09")
@pytest.mark.usefixtures("enabled")
def test_row_expands_and_view_trace_is_the_whole_record(hana: Client, trace: Trace) -> None:
    written = trace(
        request={"domain": "harborline", "code": "123456"},
        response={"result": "ok"},
        response_code="200",
    )
    text = hana.get(LIST).content.decode()
    for words in ("Trace ID", str(written.uid), "Source IP Address", "203.0.113.7", "Generated"):
        assert words in text
    assert "ConsoleAction" in text
    page = hana.get(reverse("audit:trace", args=[written.uid]))
    document = json.loads(page.context["document"])
    assert document["request"] == {"domain": "harborline", "code": "******"}
    assert (document["response"], document["code"]) == ({"result": "ok"}, "200")
    assert (document["trace_name"], document["operator"]) == (
        "addBpInviteTraceLog",
        "tidemark-cloud",
    )


@pytest.mark.requirement("08-CTS-10")
def test_only_the_account_itself_sees_its_traces(cast: Cast, trace: Trace) -> None:
    written = trace()
    quarry = Client()
    main = type(cast.hana).objects.get(account=cast.quarry, is_main=True)
    audit.services.set_tracing(cast.actor(main), enabled=True)
    quarry.force_login(main)
    assert names(quarry) == []
    assert quarry.get(reverse("audit:trace", args=[written.uid])).status_code == 404
    partner = Client()
    partner.force_login(cast.mara)
    assert partner.get(LIST).status_code == 404
    with pytest.raises(NotPermitted):
        audit.services.set_tracing(cast.actor(cast.mara), enabled=True)
    assert not TraceSetting.objects.filter(account=cast.tidemark).exists()
