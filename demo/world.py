"""The demo world as plain data: who exists, who holds which role, who works with whom.

Passwords and access keys are printed in the README on purpose: they exist in demo mode only, and a
real installation refuses to start with demo secrets.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from accounts.choices import PartnerKind
from customers.choices import AssociationModel

#: The password of every demo user.
PASSWORD = "Harbour-2026"


@dataclass(frozen=True)
class Person:
    """A member of a demo account. ``roles`` are role names; the main user holds everything."""

    username: str
    name: str
    mobile: str
    roles: tuple[str, ...] = ()
    locked: bool = False
    #: Username of the account director who manages this account manager.
    director: str = ""


@dataclass(frozen=True)
class CustomRole:
    """A custom role and its permission codes."""

    name: str
    description: str
    permissions: tuple[str, ...]


@dataclass(frozen=True)
class Contact:
    """A contact that customers see on My Partner."""

    name: str
    mobile: str
    email: str
    remarks: str = ""


@dataclass(frozen=True)
class Tenant:
    """One demo account with its people."""

    name: str
    full_name: str
    main: Person
    country: str
    city: str
    currency: str = "USD"
    kind: PartnerKind = PartnerKind.NONE
    is_operator: bool = False
    #: Account name of the partner (for customers) or the distributor (for resellers).
    partner: str = ""
    #: Username of the partner's account manager who looks after this customer.
    manager: str = ""
    #: How this customer works with its partner.
    model: AssociationModel = AssociationModel.RESELLER
    people: tuple[Person, ...] = ()
    roles: tuple[CustomRole, ...] = ()
    contacts: tuple[Contact, ...] = ()
    industry: str = "internet"
    domain: str = field(default="")

    @property
    def mail_domain(self) -> str:
        """Where the people of this account read their mail."""
        return self.domain or f"{self.name}.example"

    @property
    def ak(self) -> str:
        """Access key ID: known to everybody, the same on every machine."""
        return f"DEMO{self._digest[:16].upper()}"

    @property
    def sk(self) -> str:
        """Secret access key: known to everybody, the same on every machine."""
        return self._digest[16:56]

    @property
    def _digest(self) -> str:
        return hashlib.sha256(f"demo access key of {self.name}".encode()).hexdigest()


AUDITOR = CustomRole(
    "Read-only auditor",
    "Sees members, partner information, customers, bills and invoices; changes nothing.",
    (
        *("accounts.view_members", "accounts.view_information", "customers.view_customers"),
        *("billing.view_bills", "billing.view_funds", "billing.view_invoices"),
        *("billing.view_terms", "billing.view_coupons"),
    ),
)
RENEWALS = CustomRole(
    "Renewals",
    "Looks after renewals of all customers.",
    ("accounts.view_information", "customers.view_customers"),
)
SUPPORT_DESK = CustomRole(
    "Support desk",
    "Looks up accounts and users, resets what customers forgot.",
    ("accounts.operate_users",),
)

TENANTS: tuple[Tenant, ...] = (
    Tenant(
        name="cloud-operator",
        full_name="Cloud Operator",
        main=Person("cloud-operator", "Olga Brandt", "+6565550100"),
        country="SG",
        city="Singapore",
        is_operator=True,
        people=(
            Person("o.reyes", "Owen Reyes", "+6565550101", ("Admin",)),
            Person("s.iyer", "Sana Iyer", "+6565550102", ("Support desk",)),
        ),
        roles=(SUPPORT_DESK,),
    ),
    Tenant(
        name="tidemark-cloud",
        full_name="Tidemark Cloud",
        main=Person("tidemark-cloud", "Carla Mendoza", "+639175550110"),
        country="PH",
        city="Cebu City",
        currency="PHP",
        kind=PartnerKind.CSP,
        people=(
            Person("m.velasco", "Mara Velasco", "+639175554410", ("Admin",)),
            Person("f.cruz", "Felix Cruz", "+639175557702", ("Finance specialist",)),
            Person("r.santos", "Rosa Santos", "+639175552039", ("Account director",)),
            Person("d.aquino", "Diego Aquino", "+639175552040", ("Account director",)),
            Person("j.lim", "Jun Lim", "+639175559981", ("Account manager",), director="r.santos"),
            Person(
                "a.dizon",
                "Ana Dizon",
                "+6581251150",
                ("Account manager", "Renewals"),
                director="r.santos",
            ),
            Person(
                "p.reyes",
                "Paolo Reyes",
                "+639175553348",
                ("Account manager",),
                locked=True,
                director="r.santos",
            ),
            Person(
                "b.torres",
                "Bea Torres",
                "+639175553350",
                ("Account manager",),
                director="d.aquino",
            ),
            Person("k.ong", "Kim Ong", "+639175553351", ("Account manager",), director="d.aquino"),
            Person("i.tan", "Ivy Tan", "+6581256074", ("Read-only auditor",)),
        ),
        roles=(AUDITOR, RENEWALS),
        contacts=(
            Contact(
                "Mara Velasco", "+639175554410", "m.velasco@tidemark.example", "Contracts, bills"
            ),
            Contact(
                "Service desk", "+639175550111", "service@tidemark.example", "Every day, 8 to 20"
            ),
        ),
        domain="tidemark.example",
    ),
    Tenant(
        name="northgate-systems",
        full_name="Northgate Systems",
        main=Person("northgate-systems", "Nora Bauer", "+4915150550120"),
        country="DE",
        city="Hamburg",
        currency="EUR",
        kind=PartnerKind.CSP,
        people=(Person("t.weber", "Timo Weber", "+4915150550121", ("Account manager",)),),
        domain="northgate.example",
    ),
    Tenant(
        name="meridian-distribution",
        full_name="Meridian Distribution",
        main=Person("meridian-distribution", "Dina Haddad", "+971505550130"),
        country="AE",
        city="Dubai",
        kind=PartnerKind.DISTRIBUTOR,
        people=(
            Person("s.karim", "Samir Karim", "+971505550131", ("Finance specialist",)),
            Person("l.nasser", "Lina Nasser", "+971505550132", ("Account director",)),
        ),
        domain="meridian.example",
    ),
    Tenant(
        name="lagoon-it",
        full_name="Lagoon IT",
        main=Person("lagoon-it", "Leo Farouk", "+201005550140"),
        country="EG",
        city="Alexandria",
        kind=PartnerKind.RESELLER,
        partner="meridian-distribution",
        people=(Person("y.saleh", "Yara Saleh", "+201005550141", ("Account manager",)),),
        domain="lagoon.example",
    ),
    Tenant(
        name="palmyra-tech",
        full_name="Palmyra Tech",
        main=Person("palmyra-tech", "Rami Qasim", "+962795550150"),
        country="JO",
        city="Amman",
        kind=PartnerKind.RESELLER,
        partner="meridian-distribution",
        domain="palmyra.example",
    ),
    Tenant(
        name="harborline-logistics",
        full_name="Harborline Logistics",
        main=Person("harborline-logistics", "Hana Ocampo", "+639175552291"),
        country="PH",
        city="Manila",
        partner="tidemark-cloud",
        manager="j.lim",
        people=(Person("e.bautista", "Enzo Bautista", "+639175552292", ("Finance specialist",)),),
        industry="logistics",
        domain="harborline.example",
    ),
    Tenant(
        name="quarry-analytics",
        full_name="Quarry Analytics",
        main=Person("quarry-analytics", "Quinn Abad", "+639175552301"),
        country="PH",
        city="Davao",
        partner="tidemark-cloud",
        manager="j.lim",
    ),
    Tenant(
        name="coral-bay-hotels",
        full_name="Coral Bay Hotels",
        main=Person("coral-bay-hotels", "Cora Ramos", "+639175552311"),
        country="PH",
        city="Boracay",
        partner="tidemark-cloud",
        manager="a.dizon",
        industry="tourism",
    ),
    Tenant(
        name="delta-fisheries",
        full_name="Delta Fisheries",
        main=Person("delta-fisheries", "Dario Cruz", "+639175552321"),
        country="PH",
        city="Iloilo",
        partner="tidemark-cloud",
        industry="agriculture",
    ),
    Tenant(
        name="bulan-media",
        full_name="Bulan Media",
        main=Person("bulan-media", "Bianca Luna", "+639175552341"),
        country="PH",
        city="Quezon City",
        partner="tidemark-cloud",
        manager="j.lim",
        model=AssociationModel.REFERRAL,
        industry="media",
    ),
    Tenant(
        name="kestrel-pay",
        full_name="Kestrel Pay",
        main=Person("kestrel-pay", "Klara Vogt", "+4915150552331"),
        country="DE",
        city="Berlin",
        currency="EUR",
        partner="northgate-systems",
        manager="t.weber",
        industry="finance",
    ),
    Tenant(
        name="oasis-clinics",
        full_name="Oasis Clinics",
        main=Person("oasis-clinics", "Omar Zaki", "+201005552341"),
        country="EG",
        city="Cairo",
        partner="lagoon-it",
        manager="y.saleh",
        industry="healthcare",
    ),
    Tenant(
        name="brightwater-clinics",
        full_name="Brightwater Clinics",
        main=Person("brightwater-clinics", "Bianca Teo", "+6581230150"),
        country="SG",
        city="Singapore",
        industry="healthcare",
    ),
    Tenant(
        name="sandline-media",
        full_name="Sandline Media",
        main=Person("sandline-media", "Salma Idris", "+971505552351"),
        country="AE",
        city="Sharjah",
        partner="meridian-distribution",
        industry="media",
    ),
)
