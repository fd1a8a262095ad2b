"""In real browsers: customers get their account manager; a customer authorizes its partner."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from customers.choices import AuthorizationStatus
from customers.models import AssignmentBatch, OnBehalfAuthorization
from customers.services import assignment_batches

from ..accounts import steps
from ..browser import PortalBrowser
from ..cast import PASSWORD, Cast
from . import portfolio
from .leaving import association_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
ARTEFACTS = Path("artefacts") / "portfolio"
CUSTOMERS = reverse("customers:list")


def _shoot(page: Any, name: str) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)


def _enter_code(page: Any, user: User) -> None:
    page.wait_for_selector("#id_verification_code >> visible=true")
    page.fill("#id_verification_code >> visible=true", steps.code_sent_to(user.email))
    page.click("button:has-text('OK') >> visible=true")


def _sign_in_member(page: Any, address: str, user: User) -> None:
    page.goto(f"{address}{reverse('accounts:member-sign-in')}")
    page.fill("#id_account", user.account.name)
    page.fill("#id_username", user.username)
    page.fill("#id_password", PASSWORD)
    page.click("button:has-text('Log In')")
    page.wait_for_url(f"{address}/")


@pytest.mark.requirement("04-AMG-01", "04-AMG-02", "04-ASG-05")
def test_two_customers_get_an_account_manager(portal_browser: PortalBrowser, cast: Cast) -> None:
    rows = portfolio.customers_of(cast.tidemark, 2, "reef")
    names = [row.customer.name for row in rows]
    page = portal_browser.open(CUSTOMERS, user=cast.mara)
    for name in names:
        page.check(f"tr:has-text('{name}') >> [data-pc-tick]")
    page.click("#pc-list-batch >> text=Batch Assign Account Manager")
    page.wait_for_selector("text=their expenditure and revenue count for")
    _shoot(page, "notice")
    page.click("a.btn:has-text('Next')")
    page.check(f"#pc-manager-{cast.jun.pk}")
    _shoot(page, "managers")
    page.click("button:has-text('OK') >> visible=true")
    page.wait_for_url("**/assignment/batches/*")
    assignment_batches.run(AssignmentBatch.objects.get().pk)
    page.wait_for_selector("#pc-batch-result >> text=2 done, 0 refused")  # the report renews itself
    _shoot(page, "report")
    own = portal_browser.open("/sign-in")
    _sign_in_member(own, portal_browser.address, cast.jun)
    own.goto(f"{portal_browser.address}{CUSTOMERS}")
    for name in [*names, "harborline"]:
        own.wait_for_selector(f"td >> text={name}")
    assert own.locator("text=delta-fisheries").count() == 0
    _shoot(own, "manager")
    assert portal_browser.complaints == []


@pytest.mark.requirement(
    "04-ATH-01", "04-ATH-02", "04-ATH-03", "04-ATH-05", "08-AUT-04", "08-AUT-07"
)
def test_authorized_and_revoked(portal_browser: PortalBrowser, cast: Cast) -> None:
    details = reverse("customers:details", args=[association_of(cast.harborline).pk])
    page = portal_browser.open(details, user=cast.mara)
    page.click("main >> text=Request Authorization")
    page.click("summary:has-text('Commitment Letter')")
    page.check("#id_agrees")
    _shoot(page, "request")
    page.click("button:has-text('OK')")
    page.wait_for_selector("text=The authorization request has been sent to the customer.")
    own = portal_browser.open(reverse("authorizations:list"), user=cast.hana)
    own.click("td >> text=Process")
    own.wait_for_selector("h1:has-text('Authorize Partner to Place Orders for Me')")
    own.check("#id_agrees")
    _shoot(own, "process")
    own.click("button:has-text('Agree')")
    _enter_code(own, cast.hana)
    own.wait_for_selector("text=You have authorized the partner.")
    page.goto(f"{portal_browser.address}{details}")
    page.click("main >> text=Authorization Obtained")
    page.wait_for_selector("text=Effective Time")
    _shoot(page, "obtained")
    own.click("td >> text=Revoke")
    own.fill("#pc-dialog textarea", "We order ourselves again")
    own.click("#pc-dialog >> button:has-text('OK')")
    _enter_code(own, cast.hana)
    own.wait_for_selector("td >> text=Revoked")
    _shoot(own, "revoked")
    assert OnBehalfAuthorization.objects.get().status == AuthorizationStatus.REVOKED
    assert [c for c in portal_browser.complaints if "428" not in c] == []
