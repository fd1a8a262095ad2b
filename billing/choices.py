"""Choices of the billing app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Settlement(TextChoices):
    """Under which terms a line was settled (05-BFD column 38)."""

    COMMON = "common", _("Common product")
    PROMOTIONAL = "promotional", _("Promotional product")
    NO_DISCOUNT = "none", _("No discount")
    #: A commercial discount of one customer decided.
    SPECIAL = "special", _("Special discount request")


class DiscountState(TextChoices):
    """States of a commercial or marketplace discount, derived from its time (05 §8.4.4.1)."""

    PENDING = "pending", _("Pending")
    EFFECTIVE = "effective", _("Effective")
    EXPIRED = "expired", _("Expired")
    CANCELED = "canceled", _("Canceled")


class CouponKind(TextChoices):
    """What a coupon is for (05-CPV-01)."""

    CASH = "cash", _("Cash coupon")
    TEST = "test", _("Test coupon")


class CouponSource(TextChoices):
    """Where a coupon comes from (05-CPR-02)."""

    BENEFIT = "benefit", _("Basic benefit")
    EARNINGS = "earnings", _("Exchanged incentive earnings")
    POC = "poc", _("PoC test coupon")


class CouponState(TextChoices):
    """States of a coupon (05-CPV-04)."""

    AVAILABLE = "available", _("Available")
    USED = "used", _("Used")
    INVALID = "invalid", _("Invalid")


class CouponMove(TextChoices):
    """What changed a coupon's balance."""

    ISSUED = "issued", _("Issued")
    USED = "used", _("Used for a bill")
    RETURNED = "returned", _("Returned by a refund")
    REVOKED = "revoked", _("Revoked")


class TaxKind(TextChoices):
    """Taxes of a bill (05-BIL-05); WHT is withheld from the payment, not added."""

    VAT = "vat", _("VAT")
    GST = "gst", _("GST")
    CGST = "cgst", _("CGST")
    SGST = "sgst", _("SGST")
    IGST = "igst", _("IGST")
    WHT = "wht", _("WHT")


class RunState(TextChoices):
    """States of the bill run of one cycle."""

    RUNNING = "running", _("Running")
    #: Every partner is billed.
    FINISHED = "finished", _("Finished")


class PartState(TextChoices):
    """Where one partner stands in a bill run."""

    WAITING = "waiting", _("Waiting")
    ISSUED = "issued", _("Issued")
    #: It failed with a cause; the others go on.
    PARKED = "parked", _("Parked")


class VerificationState(TextChoices):
    """What a verification of the books has found."""

    WAITING = "waiting", _("Waiting")
    #: Everything that must hold does.
    AGREES = "agrees", _("Agrees")
    DIFFERS = "differs", _("Differs")
    #: It could not be carried out.
    FAILED = "failed", _("Failed")


class BillState(TextChoices):
    """States of an issued partner bill (05 §8.4.1.2)."""

    UNPAID = "unpaid", _("Unpaid")
    PARTIAL = "partial", _("Partially paid")
    OVERDUE = "overdue", _("Overdue")
    PAID = "paid", _("Paid")
    NOTHING_DUE = "nothing", _("No payment due")


class EntryType(TextChoices):
    """Transaction types of account statements (05-STM-04)."""

    TOP_UP = "top_up", _("Top-up")
    REPAYMENT = "repayment", _("Expenditure (repayment)")
    TRANSFER = "transfer", _("Transaction mode change")
    REFUND = "refund", _("Refund")


class CardState(TextChoices):
    """States of a credit card (05 §8.4.1.7)."""

    VERIFYING = "verifying", _("Verifying")
    VALID = "valid", _("Valid")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")
    DELETED = "deleted", _("Deleted")


class CardIdKind(TextChoices):
    """How the holder of a card proves who it is, in Chile (05-PMT-06)."""

    RUT = "rut", _("RUT")
    OTHER = "otro", _("Otro")


class PaymentPurpose(TextChoices):
    """Why money is moved through the gateway."""

    REPAYMENT = "repayment", _("Repayment")
    AUTOMATIC = "automatic", _("Automatic charge of a bill")
    QUOTA = "quota", _("Automatic charge above the quota")
    VERIFICATION = "verification", _("Test charge of a card")


class PaymentState(TextChoices):
    """States of a payment."""

    PENDING = "pending", _("Pending")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")
    #: Taken out of the books; the gateway has not confirmed yet that it gave the money back.
    REFUNDING = "refunding", _("Refunding")
    REFUNDED = "refunded", _("Refunded")


class TicketState(TextChoices):
    """States of tickets that the operator handles (transfer, invoice request and return)."""

    SUBMITTED = "submitted", _("Submitted")
    PROCESSING = "processing", _("Processing")
    COMPLETED = "completed", _("Completed")
    REJECTED = "rejected", _("Rejected")


class InvoiceState(TextChoices):
    """States of an invoice (05 §8.4.3)."""

    #: The bill is issued, its PDF is being made.
    PENDING = "pending", _("Pending")
    INVOICED = "invoiced", _("Invoiced")
    RETURNING = "returning", _("Returning")
    RETURNED = "returned", _("Returned")
    #: Taken back by the operator.
    VOID = "void", _("Void")


class InvoiceTicketKind(TextChoices):
    """What an invoice ticket asks for."""

    REQUEST = "request", _("Missing invoice")
    RETURN = "return", _("Return of an invoice")


class CertificateState(TextChoices):
    """States of a withholding-tax certificate (06-DIV-01)."""

    #: Of a bill that has none yet; no certificate is stored in this state.
    PENDING = "pending", _("Pending upload")
    UPLOADED = "uploaded", _("Uploaded")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")
