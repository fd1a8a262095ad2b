"""The operator's metering sends usage records (docs/formats/usage.md)."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from metering.permissions import FEED_USAGE
from metering.services import feeding

from ..callers import OPERATOR
from ..rendering import RawParser
from ..serializers import RequestSerializer
from ..views import Operation


class FeedRequest(RequestSerializer):
    """Which batch it is. The body holds its records."""

    batch_id = serializers.CharField(max_length=64)
    source = serializers.CharField(max_length=64, required=False, default="metering")


class RejectedRecord(serializers.Serializer):
    """A line that did not go in, and why."""

    line = serializers.IntegerField()
    code = serializers.CharField()
    reason = serializers.CharField()


class FeedResponse(serializers.Serializer):
    """Figures of the batch; the first 1,000 rejected lines."""

    batch_id = serializers.CharField(source="intake.batch")
    accepted = serializers.IntegerField(source="intake.accepted")
    duplicate = serializers.IntegerField(source="intake.duplicates")
    rejected = serializers.IntegerField(source="intake.rejected")
    list_cost = serializers.DecimalField(
        source="intake.list_cost", max_digits=None, decimal_places=None, coerce_to_string=True
    )
    repeated = serializers.BooleanField()
    rejected_lines = RejectedRecord(many=True)


class FeedUsageRecords(Operation):
    """Take in a batch of usage records: JSON lines or CSV with a head, as it is or packed with gzip.

    A batch is at most 2.5 MB as it is sent, 32 MB and 50,000 records unpacked. The same batch ID with
    the same content does nothing and answers as before.
    """

    name = "feed_usage_records"
    method = "POST"
    path = "/v2/metering/usage-records"
    callers = OPERATOR
    permission = FEED_USAGE
    parser_classes = [RawParser]
    body_types = ("application/x-ndjson", "text/csv", "application/gzip")
    request_serializer = FeedRequest
    response_serializer = FeedResponse

    def run(self, data: dict[str, Any]) -> feeding.Batch:
        return feeding.take_batch(
            self.actor,
            source_name=data["source"],
            batch_id=data["batch_id"],
            content=self.request.data or b"",  # an empty body is not even parsed
        )
