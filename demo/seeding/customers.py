"""Twenty-four small customers of Tidemark, who came one by one over the last fourteen months."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts import locks
from accounts.models import Account, AccountStanding, User
from accounts.services import creation
from customers.choices import AssociationModel, AssociationSource, Side
from customers.services import associating
from partner_center import clock
from partner_center.actors import Actor

PARTNER = "tidemark-cloud"
#: Account name, full name, country, tag, level.
CUSTOMERS = (
    ("amihan-wind", "Amihan Wind Power", "PH", "energy", "V2"),
    ("bakawan-foods", "Bakawan Foods", "PH", "food", "V0"),
    ("balete-books", "Balete Books", "PH", "retail", "V0"),
    ("batanes-travel", "Batanes Travel", "PH", "tourism", "V1"),
    ("bayani-health", "Bayani Health", "PH", "health", "V3"),
    ("carabao-works", "Carabao Works", "PH", "manufacturing", "V1"),
    ("cebu-robotics", "Cebu Robotics", "PH", "manufacturing", "V2"),
    ("dalisay-water", "Dalisay Water", "PH", "energy", "V1"),
    ("habagat-air", "Habagat Air Cargo", "PH", "freight", "V3"),
    ("isla-games", "Isla Games", "SG", "media", "V2"),
    ("kalesa-rides", "Kalesa Rides", "PH", "mobility", "V2"),
    ("lakan-legal", "Lakan Legal", "PH", "services", "V0"),
    ("lumad-crafts", "Lumad Crafts", "PH", "retail", "V0"),
    ("makiling-labs", "Makiling Labs", "PH", "education", "V1"),
    ("mayon-solar", "Mayon Solar", "PH", "energy", "V4"),
    ("narra-homes", "Narra Homes", "PH", "property", "V1"),
    ("palawan-dive", "Palawan Dive Centers", "PH", "tourism", "V0"),
    ("pandan-pay", "Pandan Pay", "SG", "fintech", "V4"),
    ("piedra-build", "Piedra Build", "PH", "property", "V1"),
    ("sampaguita-tv", "Sampaguita TV", "PH", "media", "V3"),
    ("siargao-surf", "Siargao Surf Camps", "PH", "tourism", "V0"),
    ("talisay-schools", "Talisay Schools", "PH", "education", "V2"),
    ("tarsier-apps", "Tarsier Apps", "SG", "software", "V2"),
    ("yakal-freight", "Yakal Freight", "PH", "freight", "V1"),
)
SOURCES = tuple(AssociationSource)
#: Who looks after them, in turn; nobody after every fourth.
MANAGERS = ("j.lim", "a.dizon", "j.lim", "")
DAYS_APART = 17


def seed(operator: Actor) -> None:
    """Create whoever is not there yet; nothing without Tidemark."""
    if not Account.objects.filter(name=PARTNER).exists():
        return
    now = clock.now()
    present = set(Account.objects.values_list("name", flat=True))
    for number, row in enumerate(CUSTOMERS):
        if row[0] not in present:
            _seed_customer(
                operator, number, now - timedelta(days=number * DAYS_APART, hours=number)
            )


@transaction.atomic(durable=True)
def _seed_customer(operator: Actor, number: int, moment: datetime) -> None:
    name, full_name, country, tag, level = CUSTOMERS[number]
    account = creation.create_account(
        name=name, email=f"it@{name}.example", country=country, password=None, moment=moment
    )
    account.full_name, account.tenant_type, account.stage = full_name, "enterprise", "complete"
    account.service_country = country
    account.bound_mobile = f"+{'65' if country == 'SG' else '63917'}555{number + 2100:04d}"
    account.save(
        update_fields=["full_name", "tenant_type", "stage", "service_country", "bound_mobile"]
    )
    AccountStanding.objects.create(account=account, level=level)
    partner = locks.lock_account(Account.objects.get(name=PARTNER).pk)
    source = SOURCES[number % len(SOURCES)]
    terms = associating.Terms(
        model=AssociationModel.REFERRAL if number % 6 == 5 else AssociationModel.RESELLER,
        source=source,
        initiator=Side.OPERATOR if source == AssociationSource.TICKET else Side.CUSTOMER,
        custom_tag=tag,
        manager=User.objects.filter(
            account=partner, username=MANAGERS[number % len(MANAGERS)]
        ).first(),
        freezes=number % 9 == 0,
    )
    associating.complete(operator, partner=partner, customer=account, terms=terms, moment=moment)
