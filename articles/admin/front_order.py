"""The page on which editors order the front page: pinned articles first, the rest by rule.

The order is written in numbers; a script moves the rows. A colleague who saved meanwhile loses
nothing: both orders are joined, and the page is shown again.
"""

import json
from datetime import MAXYEAR, MINYEAR, datetime

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.article_search import find_target
from articles.list_rows import read_listed, read_newest
from articles.merging import merge_rows
from articles.models import Article, FrontPage, FrontPin
from articles.models.front_page import MOST_PINS
from articles.web.paging import read_integer
from articles.workflow import may_publish

TEMPLATE = "admin/articles/article/front.html"
CANDIDATES = 40  # newest articles that are offered
MOMENT = "%Y-%m-%dT%H:%M"  # of a field for a local time


class PinForm(forms.Form):
    """A row: the place of one article."""

    position = forms.IntegerField(min_value=0, max_value=999, required=False)
    until = forms.DateTimeField(
        required=False,
        input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S"],
        error_messages={"invalid": gettext_lazy("Enter a day and a time.")},
    )
    remove = forms.BooleanField(required=False)

    def clean_until(self):
        """Refuse the first and the last year, which are no years in another time zone."""
        until = self.cleaned_data["until"]
        if until and not MINYEAR < until.year < MAXYEAR:
            raise ValidationError(self.fields["until"].error_messages["invalid"], code="invalid")
        return until


class FrontOrder(admin.ModelAdmin):
    def get_urls(self):
        view = self.admin_site.admin_view(self.order_front)
        return [path("front/", view, name="articles_article_front"), *super().get_urls()]

    def order_front(self, request):
        if not may_publish(request.user):
            raise PermissionDenied
        if request.method != "POST":
            return self._show_order(request, Order.load())
        order = Order.read(request.POST)
        if order.is_valid and order.save(by=request.user):
            message = _("The order of the front page was saved.")
            self.message_user(request, message, messages.SUCCESS)
            if order.gone:
                message = ngettext(
                    "%(count)d article was deleted meanwhile and is left out.",
                    "%(count)d articles were deleted meanwhile and are left out.",
                    order.gone,
                )
                self.message_user(request, message % {"count": order.gone}, messages.WARNING)
            return HttpResponseRedirect(reverse("admin:articles_article_front"))
        if order.is_valid:
            order = order.join_stored()
        return self._show_order(request, order, status=409 if order.colleague else 200)

    def _show_order(self, request, order, status=200):
        pinned = {row["article"] for row in order.rows}
        newest = [row for row in read_newest(CANDIDATES) if row.pk not in pinned]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Order of the front page"),
            "opts": self.opts,
            "order": order,
            "candidates": newest,
            "most": MOST_PINS,
        }
        return render(request, TEMPLATE, context, status=status)


class Order:
    """The rows of the page, with what was typed into them, and the order they began with."""

    gone = 0

    def __init__(self, rows, *, base, seen, errors=(), colleague=None):
        self.rows, self.base, self.seen = rows, base, seen
        self.errors, self.colleague = list(errors), colleague
        articles = read_listed([row["article"] for row in rows])
        for row in rows:
            row["shown"] = articles.get(row["article"])

    @classmethod
    def load(cls):
        """Return the stored order. Pins that have ended are left out."""
        page, rows = FrontPage.load(), _list_stored()
        return cls(rows, base=_strip(rows), seen=page.number)

    @classmethod
    def read(cls, data):
        """Return the order that was sent, its rows in the order of their numbers."""
        rows, errors = [], []
        for pk in dict.fromkeys(filter(None, map(read_integer, data.getlist("article")))):
            form = PinForm(data, prefix=str(pk))
            is_valid = form.is_valid()
            if form.cleaned_data.get("remove"):
                continue
            row = {"article": pk, "until": data.get(f"{pk}-until", "")}
            row["errors"] = [error for each in form.errors.values() for error in each]
            if "until" in form.cleaned_data:
                row["until"] = _write_moment(form.cleaned_data["until"])
            position = form.cleaned_data.get("position")
            rows.append((MOST_PINS if position is None else position, len(rows), row))
            errors += [] if is_valid else row["errors"]
        rows = [row for *_place, row in sorted(rows, key=lambda row: row[:2])]
        added, error = _read_addition(data)
        if added and all(row["article"] != added for row in rows):
            rows.insert(0, {"article": added, "until": ""})
        if len(rows) > MOST_PINS:
            error = _("At most %(count)d articles can be pinned.") % {"count": MOST_PINS}
        base, seen = _read_base(data.get("base", "")), read_integer(data.get("seen", "")) or 0
        return cls(rows, base=base, seen=seen, errors=[*errors, *([error] if error else [])])

    @property
    def is_valid(self):
        return not self.errors

    @property
    def base_text(self):
        return json.dumps(self.base)

    @transaction.atomic
    def save(self, *, by):
        """Save the order; whether no colleague was faster. Articles that are gone are left out, and
        ``gone`` counts them; the others are not deleted until the order is saved."""
        locked = Article.objects.select_for_update().order_by("pk").filter(pk__in=self._keys)
        existing = set(locked.values_list("pk", flat=True))
        self.gone = len(self.rows) - len(existing)
        places = [
            (row["article"], _read_moment(row["until"]))
            for row in self.rows
            if row["article"] in existing
        ]
        return FrontPage.arrange(places, by=by, seen=self.seen)

    def join_stored(self):
        """Return this order joined with that of a colleague, who saved meanwhile."""
        page, stored = FrontPage.load(), _list_stored()
        merge = merge_rows(
            "front", self.base, _strip(self.rows), _strip(stored), key=lambda row: row["article"]
        )
        at = page.saved_at and date_format(timezone.localtime(page.saved_at), "H:i")
        colleague = {"name": page.saved_by or _("Another user"), "at": at}
        joined = merge.resolve({})
        return Order(joined, base=_strip(stored), seen=page.number, colleague=colleague)

    @property
    def _keys(self):
        return [row["article"] for row in self.rows]


def _list_stored():
    return [
        {"article": pin.article_id, "until": _write_moment(pin.until)}
        for pin in FrontPin.objects.running()
    ]


def _strip(rows):
    return [{"article": row["article"], "until": row["until"]} for row in rows]


def _read_base(text):
    try:
        rows = json.loads(text or "[]")
        return [{"article": int(row["article"]), "until": str(row["until"])} for row in rows]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return []


def _read_addition(data):
    """Return the key of the article to add, and an error."""
    text = data.get("address", "").strip()
    if not text:
        return read_integer(data.get("add", "")), None
    row = Article.objects.listed().filter(find_target(text)).values_list("pk", flat=True).first()
    error = _("No public article has this address: %(address)s") % {"address": text}
    return row, None if row else error


def _write_moment(moment):
    return timezone.localtime(moment).strftime(MOMENT) if moment else ""


def _read_moment(text):
    return timezone.make_aware(datetime.fromisoformat(text)) if text else None
