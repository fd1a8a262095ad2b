"""A real installation does not start with demo secrets, and its settings pass Django's own checks."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings as project
from django.core.exceptions import ImproperlyConfigured

from partner_center import checks

FIELD_KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
REAL = {
    "SECRET_KEY": "0123456789abcdef-real-" * 4,
    "FIELD_ENCRYPTION_KEYS": FIELD_KEY,
    "PORTAL_URL": "https://portal.example.com",
    "ALLOWED_HOSTS": "portal.example.com",
    "SMS_GATEWAY_URL": "https://sms.example.com/send",
    "SMS_GATEWAY_TOKEN": "token",
    "STRIPE_SECRET_KEY": "sk_live_0",
    "STRIPE_WEBHOOK_SECRET": "whsec_0",
}


def _python(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Python in the project's folder, as on a machine where only ``env`` is set."""
    bare = {"PATH": os.environ["PATH"], "TESTING": "0", "DEMO_MODE": "0", **env}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=project.BASE_DIR,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_settings_pass_all_deployment_checks() -> None:
    done = _python("manage.py", "check", "--deploy", "--fail-level=WARNING", **REAL)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_web_server_does_not_start_without_secrets() -> None:
    done = _python("-c", "import partner_center.wsgi")
    assert done.returncode != 0
    for check in ("E001", "E002", "E004"):
        assert f"partner_center.{check}" in done.stderr


def test_worker_does_not_start_without_secrets() -> None:
    signal = "celery.signals.worker_init.send(sender=None)"
    setup = "import django, celery.signals; django.setup()"
    env = {"DJANGO_SETTINGS_MODULE": "partner_center.settings", "SECRET_KEY": "short"}
    done = _python("-c", f"{setup}; {signal}", **env)
    assert done.returncode == 1
    assert "Partner Center does not start:" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def real(settings: Any) -> Any:
    """Settings as a real installation has them."""
    settings.TESTING = settings.DEMO_MODE = False
    settings.SECRET_KEY = REAL["SECRET_KEY"]
    settings.FIELD_ENCRYPTION_KEYS = [FIELD_KEY]
    settings.PORTAL_URL, settings.ALLOWED_HOSTS = REAL["PORTAL_URL"], [REAL["ALLOWED_HOSTS"]]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return settings


def test_real_settings_are_clean(real: Any) -> None:
    assert checks.check_settings() == []
    checks.refuse_unsafe_start()


@pytest.mark.parametrize(
    ("name", "value", "check"),
    [
        ("SECRET_KEY", project.DEMO_SECRET_KEY, "E001"),
        ("SECRET_KEY", "", "E001"),
        ("SECRET_KEY", "short", "E001"),
        ("FIELD_ENCRYPTION_KEYS", [], "E002"),
        ("FIELD_ENCRYPTION_KEYS", [project.DEMO_FIELD_KEY], "E002"),
        ("FIELD_ENCRYPTION_KEYS", [FIELD_KEY, "not a key"], "E002"),
        ("PORTAL_URL", "portal.example.com", "E003"),
        ("PORTAL_URL", "https://portal.example.com/", "E003"),
        ("PORTAL_URL", "https://other.example.com", "E004"),
        ("ALLOWED_HOSTS", [], "E004"),
        ("ALLOWED_HOSTS", ["portal.example.com", "*"], "E005"),
        ("EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend", "E006"),
        ("EMAIL_BACKEND", "django.core.mail.backends.dummy.EmailBackend", "E006"),
    ],
)
def test_unfit_setting_keeps_it_from_starting(
    real: Any, name: str, value: object, check: str
) -> None:
    setattr(real, name, value)
    assert [found.id for found in checks.check_settings()] == [f"partner_center.{check}"]
    with pytest.raises(ImproperlyConfigured, match=check):
        checks.refuse_unsafe_start()


def test_demo_mode_accepts_demo_secrets(real: Any) -> None:
    real.DEMO_MODE, real.SECRET_KEY = True, project.DEMO_SECRET_KEY
    assert checks.check_settings() == []


def test_missing_pango_is_a_warning_that_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(checks.ctypes, "CDLL", missing)
    (warning,) = checks.check_pango()
    assert not warning.is_serious()
    assert "apt-get install" in str(warning.hint)
