"""Dockerfile, docker-compose.yml and .env.example agree with the settings and with each other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {"migrate", "web", "worker", "beat"}


def _settings_names() -> set[str]:
    source = (ROOT / "partner_center" / "settings.py").read_text()
    return set(re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', source))


def _explained_names() -> set[str]:
    return set(re.findall(r"^#? ?([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.M))


def _compose_only() -> set[str]:
    text = (ROOT / "docker-compose.yml").read_text()
    return set(re.findall(r"\$\{([A-Z0-9_]+)", text)) - _settings_names()


def test_every_setting_is_explained_and_nothing_else() -> None:
    assert _explained_names() == _settings_names() | _compose_only()


def test_all_parts_are_there() -> None:
    assert set(SERVICES) == OURS | {"postgres", "redis", "mail"}


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_services_run_one_image_with_known_settings(name: str) -> None:
    service = SERVICES[name]
    assert service["build"] == "."
    assert service["env_file"] == ".env"
    assert set(service["environment"]) <= _settings_names()


def test_workers_can_be_scaled() -> None:
    assert not {"container_name", "ports"} & set(SERVICES["worker"])


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_service_waits_for_migrations_and_redis_and_is_watched(name: str) -> None:
    conditions = {k: v["condition"] for k, v in SERVICES[name]["depends_on"].items()}
    assert conditions == {
        "migrate": "service_completed_successfully",
        "redis": "service_healthy",
    }
    assert SERVICES[name]["healthcheck"]["test"]


def test_what_others_wait_for_has_a_health_check() -> None:
    waited = {
        target
        for service in SERVICES.values()
        for target, how in service.get("depends_on", {}).items()
        if how["condition"] == "service_healthy"
    }
    assert waited == {"postgres", "redis"}
    assert all(SERVICES[name]["healthcheck"]["test"] for name in waited)


def test_named_volumes_are_declared() -> None:
    used = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
    }
    assert used == set(COMPOSE["volumes"])


def test_image_runs_as_an_ordinary_user_and_carries_no_secret() -> None:
    steps = (ROOT / "Dockerfile").read_text()
    runtime = steps.split("AS runtime")[1]
    assert "USER portal" in runtime
    assert "HEALTHCHECK" in runtime
    assert not re.search(r"^(ENV|ARG).*(SECRET|PASSWORD|KEY)", steps, re.M)
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".env", ".data", ".git"} <= set(ignored)
