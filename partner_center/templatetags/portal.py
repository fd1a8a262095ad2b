"""Tags and filters of the portal's templates. Loaded everywhere (settings.TEMPLATES, builtins)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms.boundfield import BoundField, BoundWidget
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString

from partner_center import badges, clock, masking
from partner_center import money as money_
from partner_center.usage import UsageBar

register = template.Library()

NONE = format_html('<span class="pc-none">{}</span>', "--")


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of the sprite; always hidden from screen readers, so a word stands beside it."""
    return format_html(
        '<svg class="pc-icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        css,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def badge(family: str, word: Any, theirs: bool = False) -> SafeString:
    """A state as icon, word and tone (partner_center.badges)."""
    if not word:
        return NONE
    found = badges.find(family, str(word), theirs=theirs)
    return format_html(
        '<span class="pc-badge pc-badge-{}">{}{}</span>',
        found.tone,
        icon(found.icon),
        found.word,
    )


def _number(parts: money_.MoneyParts) -> SafeString:
    tail = format_html('<span class="pc-money-tail">{}</span>', parts.tail) if parts.tail else ""
    return format_html("{}{}{}", parts.whole, parts.cents, tail)


def _negative(parts: money_.MoneyParts) -> str:
    return " pc-money-negative" if parts.sign else ""


@register.simple_tag
def money(amount: Decimal | None, currency: str = "USD", href: str = "") -> SafeString:
    """An amount outside tables: ``$51,656.30 USD``; with ``href`` it opens what explains it."""
    if amount is None:
        return NONE
    parts = money_.split_in(amount, currency)
    figure = format_html("{}{}{}", parts.sign, money_.SIGNS.get(currency, ""), _number(parts))
    if href:
        figure = _explained(figure, href)
    return format_html(
        '<span class="pc-money{}">{} <span class="pc-money-currency">{}</span></span>',
        _negative(parts),
        figure,
        currency,
    )


@register.simple_tag
def amount(
    value: Decimal | None,
    places: int = money_.COLUMN_PLACES,
    href: str = "",
    signed: bool = False,
) -> SafeString:
    """An amount in a table cell, aligned at the decimal point; the head names the currency.

    ``places``: the most decimals that any amount of the column has. 2 leaves no room for more.
    ``signed``: what comes in has a plus (05-CNV-05).
    """
    if value is None:
        return NONE
    parts = money_.split(value)
    plus = "+" if signed and value > 0 else ""
    figure = format_html("{}{}{}", plus, parts.sign, _number(parts))
    if href:
        figure = _explained(figure, href)
    pad = parts.pad(places)
    return format_html(
        '<span class="pc-money-cell{}"{}>{}</span>',
        _negative(parts),
        format_html(' data-pad="{}"', pad) if pad else "",
        figure,
    )


def _explained(figure: SafeString, href: str) -> SafeString:
    return format_html(
        '<a class="pc-explain" href="{0}" hx-get="{0}" hx-target="#pc-drawer"'
        ' hx-swap="innerHTML">{1}</a>',
        href,
        figure,
    )


@register.filter
def or_none(value: Any) -> Any:
    """The value, or ``--`` in faint ink when it is absent."""
    return NONE if value is None or value == "" else value


@register.filter
def masked_name(value: str) -> Any:
    """A name as people see it who have not asked for it: ``H**** L****``."""
    return or_none(masking.mask_name(value or ""))


@register.filter
def masked_phone(value: str) -> Any:
    """A phone number, masked: ``+63 ****2291``."""
    return or_none(masking.mask_phone(value or ""))


@register.filter
def masked_email(value: str) -> Any:
    """An e-mail address, masked: ``acc****@harborline.ph``."""
    return or_none(masking.mask_email(value or ""))


@register.filter
def day(value: date | datetime | None) -> Any:
    """``Nov 20, 2026``; a moment is shown by its day in GMT+08:00."""
    if not value:
        return NONE
    if isinstance(value, datetime):
        value = clock.business_date(value)
    return f"{value:%b %d, %Y}"


@register.filter
def moment(value: datetime | None) -> Any:
    """``Nov 20, 2026 14:20:00``, in GMT+08:00, for columns whose head names the zone."""
    if not value:
        return NONE
    local = value.astimezone(clock.BUSINESS_ZONE)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), plain_moment(value))


@register.filter
def plain_moment(value: datetime) -> str:
    """The same words without markup, for messages, which are plain text."""
    return f"{value.astimezone(clock.BUSINESS_ZONE):%b %d, %Y %H:%M:%S}"


@register.filter
def full_moment(value: datetime | None) -> Any:
    """``Nov 20, 2026 14:20:00 GMT+08:00``."""
    return format_html("{} GMT+08:00", moment(value)) if value else NONE


@register.filter
def clock_time(value: datetime) -> str:
    """``Nov 20, 14:20 GMT+08:00``: the time of a figure."""
    return f"{value.astimezone(clock.BUSINESS_ZONE):%b %d, %H:%M} GMT+08:00"


@register.simple_tag
def url_if_exists(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page, or nothing when this installation has no such page."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@register.filter
def initials(name: str) -> str:
    """Two letters for an avatar: ``Tidemark Cloud`` is ``TC``, ``kestrel-pay`` is ``KP``."""
    parts = [part for part in str(name).replace("-", " ").replace(".", " ").split() if part]
    letters = [part[0] for part in parts[:2]] if len(parts) > 1 else list(str(name)[:2])
    return "".join(letters).upper()


@register.simple_tag(takes_context=True)
def query_with(context: dict[str, Any], **changes: Any) -> str:
    """The page's query string with changes; None or an empty value takes a parameter away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}" if query else "?"


CHECKS = {"CheckboxInput", "RadioSelect", "CheckboxSelectMultiple"}
SELECTS = {"Select", "SelectMultiple", "NullBooleanSelect", "LazySelect"}


def _css(widget: Any) -> str:
    names = {base.__name__ for base in type(widget).__mro__}
    if names & CHECKS:
        return "form-check-input"
    return "form-select" if names & SELECTS else "form-control"


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The input of a form field, with Tabler's class for its kind and the field's own."""
    widget = field.field.widget
    own = widget.attrs.get("class", "")
    attrs = {"class": f"{_css(widget)} {own}".strip()}
    if field.field.required and field.use_fieldset is False:
        attrs["aria-required"] = "true"
    return field.as_widget(attrs=attrs)


@register.filter
def look(field: BoundField) -> str:
    """How a field is drawn: its widget's ``look``, or check, choices or plain by its kind."""
    widget = field.field.widget
    if own := getattr(widget, "look", ""):
        return str(own)
    names = {base.__name__ for base in type(widget).__mro__}
    if "CheckboxInput" in names:
        return "check"
    if names & {"RadioSelect", "CheckboxSelectMultiple"}:
        return "choices"
    return "textarea" if "Textarea" in names else "plain"


@register.filter
def choice_hint(field: BoundField, value: Any) -> str:
    """The sentence under one choice, from the widget's ``hints``."""
    return str(getattr(field.field.widget, "hints", {}).get(str(value), ""))


@register.simple_tag
def choice_tag(option: BoundWidget) -> SafeString:
    """One radio or tick of a group, in Tabler's class."""
    option.data["attrs"]["class"] = "form-check-input"
    return option.tag()


@register.simple_tag
def described_by(field: BoundField) -> str:
    """Ids of hint and error of a field, for groups, whose fieldset carries them."""
    return field.aria_describedby or ""


@register.simple_tag
def filter_select(field: BoundField) -> SafeString:
    """The select of a filter; choosing applies it."""
    return field.as_widget(attrs={"data-pc-autosubmit": "", "aria-label": str(field.label)})


@register.simple_tag
def chart_data(data: dict[str, Any] | None, element_id: str) -> SafeString:
    """Data of a chart as JSON beside it."""
    return json_script(data or {}, f"{element_id}-data")


@register.filter
def money_number(value: Decimal | None) -> Any:
    """``−1,799.9998125``, without currency or alignment."""
    return NONE if value is None else money_.number(value)


@register.filter
def money_words(value: Decimal | str, currency: str) -> str:
    """``5,812.40 PHP``, as plain text."""
    return money_.words(value, currency)


@register.filter
def to_eight(value: Decimal) -> Decimal:
    """The amount with 8 decimals, half up: what expenditure pages show (04 D-30)."""
    return money_.to_places(value, 8)


@register.filter
def cut_eight(value: Decimal) -> Decimal:
    """The amount with at most 8 decimals, cut off: what stands beside a percent or a limit."""
    return money_.cut(value, 8)


@register.filter
def to_two(value: Decimal) -> Decimal:
    """The amount with 2 decimals, half up: totals of expenditure pages (04 D-30)."""
    return money_.round_due(value)


@register.simple_tag
def usage_bar(bar: UsageBar, large: Any = False) -> SafeString:
    """The usage of a budget as a bar with its words (partner_center.usage)."""
    return render_to_string("portal/parts/usage.html", {"bar": bar, "large": bool(large)})
