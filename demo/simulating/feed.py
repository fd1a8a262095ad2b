"""The public HTTP feed, as the operator's metering would call it (docs/formats/usage.md)."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from bss_api.signature import ALGORITHM, SignedRequest, signature_of
from partner_center import clock

from ..refusals import FeedRefused

PATH = "/v2/metering/usage-records"
TIMEOUT = 60
_SIGNED = ("host", "x-sdk-date")


class Feed:
    """One portal and the access key of its operator."""

    def __init__(self, server: str, ak: str, sk: str) -> None:
        self._address = urlsplit(server)
        self._ak, self._sk = ak, sk
        self._signed_at = datetime.min.replace(tzinfo=UTC)

    def send(self, source: str, content: bytes) -> Mapping[str, Any]:
        """Send one batch and return the answer's figures. Raises FeedRefused.

        The batch is named after its content, so that the same one sent again is answered as before.
        """
        batch = hashlib.sha256(content).hexdigest()[:32]
        query = urlencode({"batch_id": batch, "source": source})
        body = gzip.compress(content, mtime=0)
        # A signature works once: an equal batch needs another second.
        self._signed_at = max(clock.now(), self._signed_at + timedelta(seconds=1))
        headers = {
            "Host": self._address.netloc,
            "X-Sdk-Date": f"{self._signed_at:%Y%m%dT%H%M%SZ}",
            "Content-Type": "application/gzip",
        }
        headers["Authorization"] = self._authorization(query, body, headers)
        return self._post(f"{PATH}?{query}", body, headers)

    def _authorization(self, query: str, body: bytes, headers: Mapping[str, str]) -> str:
        given = {name.lower(): value for name, value in headers.items()}
        request = SignedRequest("POST", PATH, query, body, given.get)
        signature = signature_of(request, _SIGNED, self._sk)
        names = ";".join(_SIGNED)
        return f"{ALGORITHM} Access={self._ak}, SignedHeaders={names}, Signature={signature}"

    def _post(self, address: str, body: bytes, headers: Mapping[str, str]) -> Mapping[str, Any]:
        kind = HTTPSConnection if self._address.scheme == "https" else HTTPConnection
        connection = kind(self._address.netloc, timeout=TIMEOUT)
        try:
            connection.request("POST", address, body, dict(headers))
            answer = connection.getresponse()
            found = json.loads(answer.read())
        except (OSError, ValueError) as error:
            raise FeedRefused(str(error)) from error
        finally:
            connection.close()
        if answer.status != 200:
            raise FeedRefused(found.get("error_msg", str(answer.status)))
        return found
