"""The tables of billing, by what they are about."""

from .adjustments import Adjustment
from .bills import (
    Bill,
    BillAccount,
    BillLine,
    BillManifest,
    BillPart,
    BillRun,
    BillSum,
    BillTax,
    EstimateSum,
    RunPart,
    SettledCharge,
)
from .coupons import Coupon, CouponEntry, CouponNotice, CouponUse
from .funds import (
    Card,
    PartnerAccount,
    Payment,
    SandboxDeal,
    StatementEntry,
    TopUpAccount,
    TransferTicket,
)
from .invoices import (
    Invoice,
    InvoiceInfo,
    InvoiceNumber,
    InvoiceTicket,
    TaxNotice,
    WithholdingCertificate,
)
from .notes import DismissedNote
from .terms import (
    CommercialDiscount,
    DiscountTerm,
    ExchangeRate,
    MarketplaceDiscount,
    TaxRule,
)
from .verifications import Verification

__all__ = [
    "Adjustment",
    "Bill",
    "BillAccount",
    "BillLine",
    "BillManifest",
    "BillPart",
    "BillRun",
    "BillSum",
    "BillTax",
    "Card",
    "CommercialDiscount",
    "Coupon",
    "CouponEntry",
    "CouponNotice",
    "CouponUse",
    "DiscountTerm",
    "DismissedNote",
    "EstimateSum",
    "ExchangeRate",
    "Invoice",
    "InvoiceInfo",
    "InvoiceNumber",
    "InvoiceTicket",
    "MarketplaceDiscount",
    "PartnerAccount",
    "Payment",
    "RunPart",
    "SandboxDeal",
    "SettledCharge",
    "StatementEntry",
    "TaxNotice",
    "TaxRule",
    "TopUpAccount",
    "TransferTicket",
    "Verification",
    "WithholdingCertificate",
]
