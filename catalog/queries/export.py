"""Whole tables of the catalogue, for files."""

from __future__ import annotations

from django.db.models import QuerySet

from ..choices import Origin
from ..models import ListPrice, Product


def products() -> QuerySet[Product]:
    """The catalogue's own products, by code."""
    return Product.objects.filter(origin=Origin.CATALOGUE).order_by("code")


def prices() -> QuerySet[ListPrice]:
    """All list prices, past ones included."""
    return ListPrice.objects.order_by("product__code", "region__code", "period", "valid_from", "pk")
