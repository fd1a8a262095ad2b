"""Addresses of the API: at the root of the host, none ends with "/", nothing redirects."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from django.urls import URLPattern, path, re_path

from .operations import OPERATIONS
from .views import UnknownApi, by_method

_by_path = groupby(sorted(OPERATIONS, key=attrgetter("path")), key=attrgetter("path"))

urlpatterns: list[URLPattern] = [
    *(path(address.lstrip("/"), by_method(tuple(group))) for address, group in _by_path),
    re_path(r"^v\d", UnknownApi.as_view()),
]
