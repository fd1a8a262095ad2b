"""Access keys of the cast, the official SDK, and its signer over Django's test client."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.test.client import Client as DjangoClient
from huaweicloudsdkbssintl.v2 import BssintlClient
from huaweicloudsdkcore.auth.credentials import GlobalCredentials
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from accounts.models import AccessKey, User
from accounts.queries.access_keys import secret_of
from accounts.services import access_keys
from tests.cast import Cast

CHECK = "/v2/partners/sub-customers/users/check-identity"
SEND = "/v2/bases/verificationcode/send"
FREE_NAME = {"search_type": "name", "search_value": "acme-es"}


@dataclass(frozen=True)
class Key:
    """An access key as its owner holds it."""

    id: int
    ak: str
    sk: str
    domain_id: str


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> str:
        return self.body["error_code"]

    @property
    def message(self) -> str:
        return self.body["error_msg"]


@pytest.fixture
def key_of(cast: Cast) -> Callable[[User], Key]:
    """Create an access key for a user of the cast, by its account's main user."""

    def create(user: User) -> Key:
        main = User.objects.get(account_id=user.account_id, is_main=True)
        key = access_keys.create_key(cast.actor(main), user_id=user.pk, description="test")
        return Key(key.pk, key.ak, secret_of(key), user.account.public_id)

    return create


@pytest.fixture
def key(cast: Cast, key_of: Callable[[User], Key]) -> Key:
    """Mara's key: the main user of a cloud solution provider."""
    return key_of(cast.mara)


def sign(
    key: Key,
    method: str = "POST",
    path: str = CHECK,
    *,
    body: Any = None,
    query: list[tuple[str, object]] | None = None,
    headers: dict[str, str] | None = None,
) -> SdkRequest:
    """A request signed by the SDK's own signer, as the SDK would send it."""
    content = json.dumps(body).encode() if body is not None else b""
    fields = {"Content-Type": "application/json", "X-Domain-Id": key.domain_id, **(headers or {})}
    request = SdkRequest(
        method=method,
        schema="http",
        host="testserver",
        resource_path=path,
        query_params=query or [],
        header_params={name: value for name, value in fields.items() if value},
        body=content,
    )
    return Signer(GlobalCredentials(key.ak, key.sk, key.domain_id)).sign(request)


def deliver(request: SdkRequest, client: DjangoClient | None = None) -> Answer:
    """Send a signed request through the whole of Django."""
    response = (client or Client()).generic(
        request.method,
        request.uri,
        request.body,
        content_type="",
        headers=request.header_params,
    )
    body = json.loads(response.content) if response.content else None
    return Answer(response.status_code, body, dict(response.headers))


def call(key: Key, method: str = "POST", path: str = CHECK, **kwargs: Any) -> Answer:
    """Sign and send."""
    if method == "POST":
        kwargs.setdefault("body", FREE_NAME if path == CHECK else {})
    return deliver(sign(key, method, path, **kwargs))


@pytest.fixture
def closing() -> Iterator[Callable[[BssintlClient], BssintlClient]]:
    """Close clients after the test: each holds a connection open, and a thread of the server."""
    with ExitStack() as stack:

        def later(client: BssintlClient) -> BssintlClient:
            stack.callback(client._http_client.close)
            return client

        yield later
    gc.collect()  # a refused call's response hangs on its exception, and its connection on both


@pytest.fixture
def sdk(live_server: Any, closing: Callable[..., BssintlClient]) -> Callable[..., BssintlClient]:
    """The official SDK, unchanged, against the live server."""

    def build(key: Key, *, retry_times: int = 0) -> BssintlClient:
        return closing(
            BssintlClient.new_builder()
            .with_http_config(HttpConfig(timeout=(3, 10), retry_times=retry_times))
            .with_credentials(GlobalCredentials(key.ak, key.sk, key.domain_id))
            .with_endpoint(live_server.url)
            .build()
        )

    return build


def reload(key: Key) -> AccessKey:
    """The key's row, fresh."""
    return AccessKey.objects.get(pk=key.id)
