"""Forms of the page Adjust Price, one for each of its tabs (04-PRC-03)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..queries.adjusting import PricedItem, PricedOrder
from ..services import adjusting as services


def _amount(maximum: Decimal, **kwargs: Any) -> forms.DecimalField:
    widget = forms.NumberInput({"min": "0", "max": f"{maximum:.2f}", "step": "0.01"})
    return forms.DecimalField(max_digits=20, decimal_places=2, widget=widget, **kwargs)


class _PriceForm(forms.Form):
    """What both tabs share."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, priced: PricedOrder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.priced = priced

    def amounts(self) -> list[Decimal]:
        """The discount of each line as the valid form says it. Raises DiscountTooHigh."""
        raise NotImplementedError


class OrderPriceForm(_PriceForm):
    """One discount for the whole order."""

    def __init__(self, *args: Any, priced: PricedOrder, **kwargs: Any) -> None:
        super().__init__(*args, priced=priced, **kwargs)
        self.fields[services.ORDER_FIELD] = _amount(
            priced.maximum,
            label=_("Discount(USD)"),
            initial=f"{priced.discount:.2f}",
            help_text=_("At most %(maximum)s USD, spread in proportion over the products.")
            % {"maximum": f"{priced.maximum:,.2f}"},
        )

    def amounts(self) -> list[Decimal]:
        return services.spread(self.priced, self.cleaned_data[services.ORDER_FIELD])


class ResourcePriceForm(_PriceForm):
    """A discount amount for each resource that takes one."""

    def __init__(self, *args: Any, priced: PricedOrder, **kwargs: Any) -> None:
        super().__init__(*args, priced=priced, **kwargs)
        for each in self.adjustable:
            self.fields[each.field] = _amount(
                each.maximum,
                label=_("Discount Amount(USD) of %(item)s") % {"item": each.item.name or each.item},
                initial=f"{each.discount:.2f}",
            )

    @property
    def adjustable(self) -> list[PricedItem]:
        """Lines that take a discount."""
        return [each for each in self.priced.items if each.maximum]

    @property
    def discounts(self) -> dict[int, Decimal]:
        """The discounts by the key of the line."""
        return {each.item.pk: self.cleaned_data[each.field] for each in self.adjustable}

    def amounts(self) -> list[Decimal]:
        return services.each_of(self.priced, self.discounts)
