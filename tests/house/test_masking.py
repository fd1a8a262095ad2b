"""Masks: what they show, and that Python and SQL agree."""

import pytest
from django.db.models import CharField, Value
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Account
from partner_center.masking import EMAIL, NAME, PHONE, Mask

pytestmark = pytest.mark.django_db


def in_sql(mask: Mask, value: str) -> str:
    return Account.objects.annotate(m=mask.sql(Value(value))).values_list("m", flat=True)[0]


@pytest.mark.parametrize(
    ("mask", "plain", "masked"),
    [
        (NAME, "Harborline Logistics", "H**** L****"),
        (NAME, "J. Lim", "J**** L****"),
        (NAME, "", ""),
        (PHONE, "+639175552291", "+63 ****2291"),
        (PHONE, "+14155550172", "+1 ****0172"),
        (PHONE, "+852912345678", "+852 ****5678"),
        (PHONE, "+63917", "****"),
        (PHONE, "call 0917*555", "****"),
        (PHONE, "", ""),
        (EMAIL, "accounts@harborline.ph", "acc****@harborline.ph"),
        (EMAIL, "ann@quarry.ph", "a****@quarry.ph"),
        (EMAIL, "x@quarry.ph", "****@quarry.ph"),
        (EMAIL, "no address", "****"),
        (EMAIL, "", ""),
    ],
)
@pytest.mark.requirement("05-EXP-05", "06-DX-06")
def test_mask_shows_the_ends_and_four_stars(cast, mask, plain, masked):
    assert mask.text(plain) == masked
    assert in_sql(mask, plain) == masked


@pytest.mark.requirement("06-DX-07")
def test_page_and_file_mask_alike(cast):
    shown = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30)
    values = [
        *((NAME, text) for text in _examples(shown)),
        *((PHONE, text) for text in _examples(st.from_regex(r"\+?[0-9* ]{0,15}", fullmatch=True))),
        *(
            (EMAIL, text)
            for text in _examples(st.from_regex(r"[a-z.@]{0,9}@?[a-z]{0,4}", fullmatch=True))
        ),
    ]
    for mask, text in values:
        assert in_sql(mask, text) == mask.text(text), text


def _examples(strategy: st.SearchStrategy[str]) -> list[str]:
    found: list[str] = []

    @settings(max_examples=60, deadline=None, database=None, derandomize=True)
    @given(strategy)
    def collect(text: str) -> None:
        found.append(text)

    collect()
    return found


def test_absent_values_stay_absent(cast):
    accounts = Account.objects.annotate(m=EMAIL.sql(Value(None, CharField())))
    assert accounts.values_list("m", flat=True)[0] is None
