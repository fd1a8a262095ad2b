"""The four system-defined roles (02-ORG-05)."""

from django.db import migrations

ROLES = [
    (
        "admin",
        "Admin",
        "Has all permissions in the Partner Center. Cannot be combined with another role.",
    ),
    (
        "finance",
        "Finance specialist",
        "Manages account top-up, withdrawal and other finance functions.",
    ),
    (
        "director",
        "Account director",
        "Manages account managers and views their customers.",
    ),
    (
        "manager",
        "Account manager",
        "Develops customers, views and manages its own customers.",
    ),
]


def create(apps, schema_editor):
    role = apps.get_model("accounts", "Role")
    role.objects.bulk_create(
        role(system_code=code, name=name, description=text) for code, name, text in ROLES
    )


def remove(apps, schema_editor):
    apps.get_model("accounts", "Role").objects.exclude(system_code="").delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(create, remove)]
