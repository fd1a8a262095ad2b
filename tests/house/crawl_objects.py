"""What the tenant crawl needs to know: one object of Tidemark for every route with a parameter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

import audit.services
import notifications.services.settings
import resellers.services.inviting
from accounts.models import AccessKey, AgreementSignature, CustomerContact, Role, User
from accounts.services import access_keys
from audit.models import OperationRecord
from billing.models import (
    Card,
    CommercialDiscount,
    Coupon,
    Invoice,
    InvoiceTicket,
    TransferTicket,
    WithholdingCertificate,
)
from billing.services import transfers
from billing.services.transfers import Transfer
from budgets.models import BudgetAlert
from churn.models import CustomerAlert
from customers.models import (
    AssignmentBatch,
    Association,
    AssociationRequest,
    InvitationLink,
    OnBehalfAuthorization,
    PreRegistration,
)
from customers.services import links, preregistrations
from exports.models import ExportTask
from metering.models import Charge
from notifications.models import Message, Recipient
from orders.models import CustomerOrder
from orders.views.deeds import DEEDS
from partner_center import clock, encryption
from partner_center.actors import Actor
from realname.models import CertificateScan, RealNameApplication
from resellers.models import ResellerAssociation, ResellerInvitation
from resources.models import CloudResource, EnterpriseProject, PackageQuota

from .. import cast, goods
from ..billing import bills, stacks
from ..churn.alerts import alert
from ..metering import ledger, packages


@dataclass
class Scene:
    """The cast and the objects of Tidemark that the routes are asked for."""

    cast: cast.Cast
    export: ExportTask
    record: OperationRecord
    message: Message
    recipient: Recipient
    role: Role
    contact: CustomerContact
    key: AccessKey
    preregistration: PreRegistration
    link: InvitationLink
    #: Of Delta, a customer of Tidemark: no other customer sees it.
    signature: AgreementSignature
    #: Delta asks Tidemark to let it go; Tidemark asks nobody.
    request: AssociationRequest
    #: Tidemark asks Delta, which is none of the strangers.
    authorization: OnBehalfAuthorization
    #: Tidemark's with Harborline.
    association: Association
    batch: AssignmentBatch
    #: Of an application that Tidemark sent for Harborline, and one that waits for the API.
    scan: CertificateScan
    api_file: CertificateScan
    #: Meridian's, because Tidemark is no distributor.
    reseller_invitation: ResellerInvitation
    reseller: ResellerAssociation
    #: Delta's, a customer of Tidemark: no other customer sees it.
    order: CustomerOrder
    resource: CloudResource
    project: EnterpriseProject
    #: Of Harborline while it is Tidemark's; and a package of Delta, which no other customer sees.
    charge: Charge
    quota: PackageQuota
    #: About Harborline, which is Tidemark's.
    alert: BudgetAlert
    #: Granted to Tidemark, for Delta.
    discount: CommercialDiscount
    coupon: Coupon
    #: About Harborline.
    customer_alert: CustomerAlert
    card: Card
    transfer: TransferTicket
    #: Of a bill of Tidemark's.
    invoice: Invoice
    invoice_ticket: InvoiceTicket
    certificate: WithholdingCertificate


def build_scene(canary: str) -> Scene:
    """The cast, with ``canary`` in the name of everything that Tidemark owns."""
    players = cast.assemble()
    User.objects.filter(account=players.tidemark).update(name=f"{canary} person")
    mara = players.actor(players.mara)
    recipient = notifications.services.settings.create_recipient(
        mara, name=f"{canary} recipient", email="r@tidemark.example", phone="+639175552291"
    )
    notice = notifications.services.notify(
        mara,
        account_id=players.tidemark.pk,
        type="settings_changed",
        key="crawl",
        template="recipients_changed",
        context={"type": canary},
    )
    return Scene(
        cast=players,
        export=_export(players, canary),
        record=audit.services.record(mara, "x.y.z", after={"note": canary}, trace="customerEnter"),
        message=notice.messages.get(user=players.mara),
        recipient=recipient,
        role=_custom_role(players, canary),
        contact=CustomerContact.objects.create(
            account=players.tidemark,
            name="Service desk",  # customers of Tidemark see it by right (02-CON-03)
            mobile="+639175552291",
            email="desk@tidemark.example",
            created_at=clock.now(),
        ),
        key=access_keys.create_key(mara, user_id=players.mara.pk, description=canary),
        preregistration=_preregistration(mara, canary),
        link=links.generate(mara, links.Wish(custom_tag=canary)),
        signature=AgreementSignature.objects.get(account=players.delta),
        request=_request(players, canary),
        authorization=OnBehalfAuthorization.objects.create(
            account=players.tidemark,
            association=Association.objects.get(customer=players.delta),
            customer=players.delta,
            requested_at=clock.now(),
            cause=canary,
        ),
        association=Association.objects.get(customer=players.harborline),
        batch=AssignmentBatch.objects.create(
            account=players.tidemark,
            kind="transfer",
            created_by=players.mara,
            created_at=clock.now(),
            total=0,
        ),
        scan=_scan(players, canary, application=_application(players, canary)),
        api_file=_scan(players, canary, api_name=f"{'0' * 32}.png"),
        reseller_invitation=resellers.services.inviting.invite(
            players.actor(players.dina), email=f"{canary}@reef.example"
        ),
        reseller=ResellerAssociation.objects.get(reseller=players.lagoon),
        alert=_alert(players, canary),
        customer_alert=alert(Association.objects.get(customer=players.harborline)),
        **_funds(players, canary),
        discount=stacks.discount(players),
        coupon=stacks.coupon(players),
        **_bought(players, canary),
        **_invoiced(players, canary),
    )


def _invoiced(players: cast.Cast, canary: str) -> dict[str, Any]:
    moment = clock.now()
    bill = bills.bill(players.tidemark, number=canary)
    invoice = Invoice.objects.create(
        account=players.tidemark, bill=bill, number=canary, amount=5, created_at=moment
    )
    ticket = InvoiceTicket.objects.create(
        account=players.tidemark,
        number=canary,
        kind="request",
        bill=bill,
        description=canary,
        submitted_by=players.mara,
        submitted_at=moment,
    )
    certificate = WithholdingCertificate.objects.create(
        account=players.tidemark,
        bill=bill,
        file=f"wht-certificates/{canary}.pdf",
        uploaded_by=players.mara,
        uploaded_at=moment,
    )
    return {"invoice": invoice, "invoice_ticket": ticket, "certificate": certificate}


def _alert(players: cast.Cast, canary: str) -> BudgetAlert:
    """Told, so that the page names a recipient with the canary."""
    alert = BudgetAlert.objects.create(
        account=players.tidemark,
        association=Association.objects.get(customer=players.harborline),
        kind="threshold",
        threshold=90,
        budget_type="monthly",
        period="2026-11",
        amount=100,
        used=91,
        action="manual",
        at=clock.now(),
    )
    notifications.services.notify(
        players.actor(players.mara),
        account_id=players.tidemark.pk,
        type="settings_changed",
        key=alert.key,
        template="recipients_changed",
        context={"type": canary},
    )
    return alert


def _funds(players: cast.Cast, canary: str) -> dict[str, Any]:
    """A card that is being verified, and a transfer ticket."""
    today = clock.business_date(clock.now())
    wish = Transfer(today, Decimal(1), canary, "", ContentFile(b"%PDF-", "x.pdf"), f"{canary}.pdf")
    return {
        "card": Card.objects.create(
            account=players.tidemark,
            holder=canary,
            expires_month=12,
            expires_year=2040,
            added_at=clock.now(),
        ),
        "transfer": transfers.submit(players.actor(players.mara), wish),
    }


def _bought(players: cast.Cast, canary: str) -> dict[str, Any]:
    stock = goods.stock()
    order = CustomerOrder.objects.create(
        account=players.delta,
        association=Association.objects.get(customer=players.delta),
        partner=players.tidemark,
        order_no=canary,
        order_type="new",
        service_type=stock.host_by_term.service_type,
        list_amount=50,
        amount=50,
        ordered_at=clock.now(),
        ordered_by_name=canary,
    )
    resource = CloudResource.objects.create(
        account=players.delta,
        resource_id=canary,
        name=canary,
        product=stock.host_by_term,
        mode="period",
        created_at=clock.now(),
        effective_at=clock.now(),
        updated_at=clock.now(),
    )
    end = clock.now() + timedelta(hours=2)
    line = ledger.Line(players.harborline, stock.host_by_use, "1", end, resource_name=canary)
    return {
        "order": order,
        "resource": resource,
        "project": EnterpriseProject.objects.create(
            account=players.delta, name=canary, created_at=clock.now()
        ),
        "charge": ledger.post([line])[0],
        "quota": packages.package(players.delta, stock),
    }


def _request(players: cast.Cast, canary: str) -> AssociationRequest:
    """Waits for Tidemark; the customer is not Hana's, who is one of the strangers."""
    return AssociationRequest.objects.create(
        account=players.tidemark,
        customer=players.delta,
        association=Association.objects.get(customer=players.delta),
        purpose="disassociate",
        model="reseller",
        initiator="customer",
        status="pending",
        reason=canary,
        requested_at=clock.now(),
    )


def _application(players: cast.Cast, canary: str) -> RealNameApplication:
    return RealNameApplication.objects.create(
        account=players.harborline,
        identity=1,
        certificate=0,
        name="Harborline",  # the customer sees it by right
        number_encrypted=encryption.encrypt(canary),
        number_digest=encryption.digest(canary),
        submitted_by=players.mara,
        submitted_for=players.tidemark,
        submitted_at=clock.now(),
    )


def _scan(players: cast.Cast, canary: str, **fields: Any) -> CertificateScan:
    return CertificateScan.objects.create(
        account=players.tidemark,
        file=f"certificates/{canary}.png",
        original_name=f"{canary}.png",
        size=1,
        uploaded_by=players.mara,
        uploaded_at=clock.now(),
        **fields,
    )


def _preregistration(mara: Actor, canary: str) -> PreRegistration:
    details = preregistrations.Registration(
        customer_name=canary,
        email=f"{canary}@reef-hotels.example",
        mobile="+639175550142",
        remarks=canary,
    )
    return preregistrations.preregister(mara, details=details)


def _custom_role(players: cast.Cast, canary: str) -> Role:
    Role.objects.filter(account=players.tidemark).update(name=f"{canary} role")
    return Role.objects.get(account=players.tidemark)


def _export(players: cast.Cast, canary: str) -> ExportTask:
    moment = clock.now()
    return ExportTask.objects.create(
        account=players.tidemark,
        uid="0" * 32,
        exporter="members",
        title=f"{canary} members",
        file_format="csv",
        created_by=players.mara,
        created_at=moment,
        touched_at=moment,
    )


#: Route name → keyword arguments that name an object of Tidemark (public pages: any object).
OBJECTS: dict[str, Callable[[Scene], dict[str, Any]]] = {
    "accounts:agreement": lambda scene: {"code": "user-agreement"},
    "accounts:agreement-version": lambda scene: {"code": "user-agreement", "version": "1.0"},
    **{
        f"organization:{name}": lambda scene: {"pk": scene.cast.rosa.pk}
        for name in (
            "member",
            "created",
            "member-modify",
            "member-roles",
            "member-team",
            "member-password",
            "member-delete",
        )
    },
    **{
        f"organization:{name}": lambda scene: {"pk": scene.role.pk}
        for name in ("role", "role-users", "role-modify", "role-delete")
    },
    **{
        f"organization:{name}": lambda scene: {"pk": scene.contact.pk}
        for name in ("contact-modify", "contact-delete")
    },
    **{
        f"landing:{name}": lambda scene: {"token": "no-such-token"}
        for name in ("open", "associate", "check", "review", "switch", "done")
    },
    "instructions:signed": lambda scene: {"pk": scene.signature.pk},
    "realname:customer": lambda scene: {"pk": scene.association.pk},
    "realname:customer-apply": lambda scene: {"pk": scene.association.pk},
    "realname:scan": lambda scene: {"pk": scene.scan.pk},
    "realname:file": lambda scene: {"name": scene.api_file.api_name},
    "realname:file-delete": lambda scene: {"name": scene.api_file.api_name},
    "access_keys:disable": lambda scene: {"ak": scene.key.ak},
    "access_keys:enable": lambda scene: {"ak": scene.key.ak},
    "access_keys:delete": lambda scene: {"ak": scene.key.ak},
    "preregistrations:delete": lambda scene: {"pk": scene.preregistration.pk},
    **{
        f"association_records:{name}": lambda scene: {"pk": scene.request.pk}
        for name in ("agree", "reject", "withdraw")
    },
    "association_records:disassociate": lambda scene: {"pk": scene.request.association_id},
    **{
        f"my_partner:{name}": lambda scene: {"pk": scene.request.pk}
        for name in ("process", "withdraw")
    },
    "authorizations:request": lambda scene: {"pk": scene.authorization.association_id},
    **{
        f"authorizations:{name}": lambda scene: {"pk": scene.authorization.pk}
        for name in ("process", "letter", "letter-paper", "revoke")
    },
    "audit:record": lambda scene: {"uid": scene.record.uid},
    "audit:trace": lambda scene: {"uid": scene.record.uid},
    "notifications:message": lambda scene: {"pk": scene.message.pk},
    "notifications:read": lambda scene: {"pk": scene.message.pk},
    "notifications:unread": lambda scene: {"pk": scene.message.pk},
    "notifications:delete": lambda scene: {"pk": scene.message.pk},
    "notifications:recipient": lambda scene: {"pk": scene.recipient.pk},
    "notifications:recipient-test": lambda scene: {"pk": scene.recipient.pk},
    "notifications:recipient-delete": lambda scene: {"pk": scene.recipient.pk},
    **{
        f"invitations:{name}": lambda scene: {"pk": scene.link.pk}
        for name in ("generated", "disable")
    },
    "invitations:qr-code": lambda scene: {"pk": scene.link.pk, "kind": "svg"},
    **{
        f"assignment:{name}": lambda scene: {"user_id": scene.cast.jun.pk}
        for name in ("customers", "choose", "select")
    },
    **{
        name: lambda scene: {"association_id": scene.association.pk}
        for name in (
            "assignment:assign",
            "assignment:unassign",
            "discounts:set",
            "budgets:set",
            "budgets:adjustments",
            "budgets:freeze_account",
            "budgets:freeze_resources",
            "budgets:unfreeze_account",
            "budgets:unfreeze_resources",
            "customers:details",
            "customers:basic-information",
            "expenditure:customer",
            "customers:resources",
            "customers:details-usage",
            "customers:details-savings",
            "customers:resources-term",
            "customers:resources-usage",
            "customers:resources-reserved",
            "customers:resources-savings",
            "customer_orders:customer",
            "on_behalf:place-order",
            "on_behalf:operate",
        )
    },
    "expenditure:charge": lambda scene: {"record_id": scene.charge.pk},
    "billing:line": lambda scene: {"record_id": scene.charge.pk},
    "my_bills:deductions": lambda scene: {"quota_id": scene.quota.pk},
    "customer_orders:details": lambda scene: {"order_id": scene.order.pk},
    "customer_orders:adjust": lambda scene: {"order_id": scene.order.pk},
    "customer_alerts:process": lambda scene: {"alert_id": scene.customer_alert.pk},
    "billing:discount": lambda scene: {"discount_id": scene.discount.pk},
    "billing:coupon": lambda scene: {"coupon_id": scene.coupon.pk},
    "assignment:batch": lambda scene: {"batch_id": scene.batch.pk},
    "budgets:alert": lambda scene: {"alert_id": scene.alert.pk},
    "resellers:invitation": lambda scene: {"token": "x" * 43},
    "resellers:invitation-resend": lambda scene: {"pk": scene.reseller_invitation.pk},
    "resellers:invitation-withdraw": lambda scene: {"pk": scene.reseller_invitation.pk},
    "resellers:permissions": lambda scene: {"pk": scene.reseller.pk},
    "resellers:on-behalf": lambda scene: {"pk": scene.reseller.pk},
    # The catalogue is everybody's: a service that does not exist.
    **{
        f"console:{name}": lambda scene: {"code": "no-such-service"}
        for name in ("product", "buy", "confirm")
    },
    **{
        f"console:{name}": lambda scene: {"pk": scene.order.pk}
        for name in ("order", "pay", "paid", "cancel")
    },
    **{f"console:{name}": lambda scene: {"pk": scene.resource.pk} for name in ("resource", *DEEDS)},
    "enterprise:project-modify": lambda scene: {"pk": scene.project.pk},
    **{
        f"{place}:card-{name}": lambda scene: {"pk": scene.card.pk}
        for place in ("billing", "top_up")
        for name in ("verify", "default", "edit", "delete")
    },
    "billing:transfer-certificate": lambda scene: {"pk": scene.transfer.pk},
    **{
        f"billing:{name}": lambda scene: {"pk": scene.invoice.pk}
        for name in ("invoice", "invoice-download")
    },
    **{
        f"billing:{name}": lambda scene: {"number": scene.invoice.bill.number}
        for name in ("proof", "proof-download")
    },
    **{
        f"billing:{name}": lambda scene: {"pk": scene.invoice_ticket.pk}
        for name in ("invoice-ticket", "invoice-ticket-file")
    },
    "billing:certificate-file": lambda scene: {"pk": scene.certificate.pk},
    "billing:certificate-upload": lambda scene: {"bill_id": scene.invoice.bill_id},
    "exports:download": lambda scene: {"uid": scene.export.uid},
    "exports:cancel": lambda scene: {"uid": scene.export.uid},
    "exports:repeat": lambda scene: {"uid": scene.export.uid},
}

#: Routes that do not stand on PortalView, each with the reason.
FOREIGN: dict[str, str] = {
    "healthz": "for load balancers: answers everybody, shows no tenant",
    "readyz": "for load balancers: answers everybody, shows no tenant",
    "payment-webhook": "for the payment company: asks for its signature, shows no tenant",
}
