"""Two editors: saving over a colleague's newer version merges both, and asks where they overlap.

What only one of both changed is taken. Where both changed the same thing, a page shows both
versions side by side. The result is one new revision. An own version of which something was left
out is kept in the history.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.forms.formsets import all_valid
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from simple_history.utils import get_history_model_for_model

from articles.admin.form_rows import read_rows, write_rows
from articles.admin.merge_page import CHOICE, MergePage, name_sides
from articles.admin.presence import format_moment
from articles.merging import THEIRS
from articles.models import Article, Byline
from articles.revisions import build_snapshot
from articles.versions import (
    Version,
    merge_versions,
    read_article,
    read_revision,
    read_source,
    read_value,
)
from articles.web.paging import read_integer

MERGED = "_merged"  # the field of the page: the revision it merges with
ALL = "_all"  # its buttons that choose one side everywhere
# Columns that are not merged as one value.
UNMERGED = {"status", "body"}


class Merging(admin.ModelAdmin):
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and (overlap := self._find_overlap(request, object_id)):
            if overlap.is_decided:
                self._take_merged(request, overlap)
            else:
                return self._ask(request, overlap)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def preview(self, request, object_id=None):
        """Show also what the choices of the page make, undecided ones as the own version."""
        if request.method == "POST" and (overlap := self._find_overlap(request, object_id)):
            request.POST = overlap.build_fields()
        return super().preview(request, object_id)

    def _find_overlap(self, request, object_id):
        """Return what a form and a newer version of its article make of each other, or None. A
        form with errors of its own is shown first."""
        pk, seen = (
            read_integer(unquote(object_id or "")),
            read_integer(request.POST.get("seen", "")),
        )
        article = Article.objects.filter(pk=pk).first() if pk and seen else None
        if article is None or not self.has_change_permission(request, article):
            return None
        newest = article.history.select_related("history_user").first()
        if newest is None or newest.pk == seen:
            return None
        base = article.history.filter(pk=seen).first()
        return self._build_overlap(
            request,
            article,
            lambda names: Rival(
                key=str(newest.pk),
                field="seen",
                who=newest.history_user,
                at=newest.history_date,
                version=read_article(article, names),
                base=read_revision(base, names) if base else Version({}),
            ),
        )

    def _build_overlap(self, request, article, read_rival):
        """Return what a form and its rival make of each other; None if the form has errors."""
        form, formsets = self._bind_forms(request, self.get_object(request, str(article.pk)))
        if not (form.is_valid() and all_valid(formsets)):
            return None
        return Overlap(request.POST, form, article, read_rival)

    def _ask(self, request, overlap):
        page, is_own = MergePage(overlap), overlap.rival.who == request.user
        context = {
            **self.admin_site.each_context(request),
            "title": _("Overlapping changes"),
            "opts": self.opts,
            "original": overlap.article,
            "rival": overlap.rival,
            "is_own": is_own,
            "names": name_sides(is_own=is_own),
            "rival_at": format_moment(overlap.rival.at),
            "conflicts": page.list_conflicts(),
            "decided": len(overlap.choices),
            "open": overlap.count_undecided(),
            "taken": page.list_taken(),
            "fields": overlap.list_own_fields(),
            "merged_name": MERGED,
            "all_name": ALL,
        }
        return render(request, "admin/articles/article/merge.html", context, status=409)

    def _take_merged(self, request, overlap):
        """Let the form go on with the merged version."""
        request.POST = overlap.build_fields()
        request.own_version = overlap.build_own_revision(request.user)
        if count := len([change for change in overlap.merge.changes if change.side == THEIRS]):
            text = ngettext(
                "%(count)d change by %(name)s was taken in.",
                "%(count)d changes by %(name)s were taken in.",
                count,
            )
            if overlap.rival.who == request.user:
                text = ngettext(
                    "%(count)d change of your other tab was taken in.",
                    "%(count)d changes of your other tab were taken in.",
                    count,
                )
            name = overlap.rival.who or gettext("Another user")
            self.message_user(request, text % {"count": count, "name": name}, messages.INFO)

    def save_related(self, request, form, formsets, change):
        if own_version := getattr(request, "own_version", None):
            own_version.save()
        super().save_related(request, form, formsets, change)


@dataclass(frozen=True)
class Rival:
    """What a colleague saved after a form was opened, and the version that both started from.

    ``field`` names the field of the form that holds the ``key`` of the version it knows.
    """

    key: str
    field: str
    who: object
    at: datetime
    version: Version
    base: Version


class Overlap:
    """A form and its rival. ``read_rival(names)`` reads it with the fields that the form has."""

    def __init__(self, post, form, article, read_rival):
        self.post, self.form, self.article = post, form, article
        columns = {field.name for field in Article._meta.concrete_fields} - UNMERGED
        names = [name for name in form.fields if name in columns]
        self.rival = read_rival(names)
        self.theirs, self.base = self.rival.version, self.rival.base
        self.mine = self._read_form(self.theirs.values.keys())
        self.merge = merge_versions(self.base, self.mine, self.theirs)
        self.choices = self._read_choices()

    def _read_form(self, names):
        cleaned = self.form.cleaned_data
        values = {name: read_value(cleaned.get(name)) for name in names}
        if not self.post.get("published_at_0"):  # the button has set it
            values["published_at"] = self.theirs.values.get("published_at")
        related = (read_integer(row.get("related", "")) for row in self._read_rows("related_links"))
        return Version(
            {name: value for name, value in values.items() if name in names},
            cleaned["body"],
            {
                "tags": list(cleaned["tags"]),
                "other_categories": [category.pk for category in cleaned["other_categories"]],
            },
            [read_source(row) for row in self._read_rows("sources")],
            [pk for pk in related if pk],
            self._read_credits(),
        )

    def _read_credits(self):
        rows = [
            {"byline": read_integer(row.get("byline", "")), "part": row.get("part", "")}
            for row in self._read_rows("credits")
        ]
        return [row for row in rows if row["byline"]]

    def _read_rows(self, prefix):
        return read_rows(self.post, prefix)

    def _read_choices(self):
        side = self.post.get(ALL)
        choices = {}
        for conflict in self.merge.conflicts:
            choice = side or self.post.get(CHOICE + conflict.name)
            if choice in conflict.choices():
                choices[conflict.name] = choice
        is_same = self.post.get(MERGED) == self.rival.key
        return choices if is_same else {}

    def count_undecided(self):
        return len(self.merge.conflicts) - len(self.choices)

    @property
    def is_decided(self):
        return not self.count_undecided() and ALL not in self.post

    # The result

    def build_fields(self):
        """Return the fields of a form that saves the merged version over the newest one."""
        merged, fields = self.merge.resolve(self.choices), self.post.copy()
        for name in [name for name in fields if name.startswith(CHOICE)]:
            del fields[name]
        for name, value in merged.values.items():
            if value != self.mine.values[name]:
                write_value(fields, name, value)
        fields["body"] = merged.body
        fields.setlist("tags", merged.names["tags"])
        fields.setlist("other_categories", [str(pk) for pk in merged.names["other_categories"]])
        self._write_rows(fields, "sources", merged.sources, read_source)
        signed = [{"byline": str(row["byline"]), "part": row["part"]} for row in merged.credits]
        self._write_rows(
            fields,
            "credits",
            signed,
            lambda row: {"byline": str(row["byline_id"]), "part": row["part"]},
        )
        related = [{"related": str(pk)} for pk in merged.related]
        self._write_rows(
            fields, "related_links", related, lambda row: {"related": str(row["related_id"])}
        )
        fields[self.rival.field] = self.rival.key
        return fields

    def _write_rows(self, fields, prefix, rows, read):
        stored = {str(row["id"]): read(row) for row in getattr(self.article, prefix).values()}
        free = dict(stored)
        written = []
        for position, row in enumerate(rows, start=1):
            pk = next((pk for pk, known in free.items() if _is_same_row(known, row)), "")
            free.pop(pk, None)
            entry = {"id": pk, "article": str(self.article.pk), "position": str(position)}
            written.append({**row, **entry})
        write_rows(fields, prefix, written, list(stored))

    def build_own_revision(self, user):
        """Return an unsaved revision with the own version, if something of it was left out."""
        if self.rival.field != "seen" or THEIRS not in self.choices.values():
            return None
        history, own = get_history_model_for_model(Article), self.form.instance
        values = {field.attname: getattr(own, field.attname) for field in history.tracked_fields}
        related = Article.objects.in_bulk(self.mine.related)
        keys = [row["byline"] for row in self.mine.credits]
        names = dict(Byline.objects.filter(pk__in=keys).values_list("pk", "name"))
        snapshot = build_snapshot(self.article) | {
            "tags": self.mine.names["tags"],
            "sources": [
                {**row, "position": position}
                for position, row in enumerate(self.mine.sources, start=1)
            ],
            "related": [
                {"pk": pk, "title": related[pk].title} for pk in self.mine.related if pk in related
            ],
            "credits": [
                {**row, "title": names[row["byline"]]}
                for row in self.mine.credits
                if row["byline"] in names
            ],
        }
        return history(
            **values,
            snapshot=snapshot,
            history_date=timezone.now() - timedelta(milliseconds=1),  # before the merged one
            history_user=user,
            history_type="~",
            history_change_reason=gettext("Own version before it was merged with a colleague's"),
        )

    # The page

    def list_own_fields(self):
        """Return the fields of the own form, which the page sends along."""
        return [
            (name, value)
            for name, values in self.post.lists()
            if name not in ("csrfmiddlewaretoken", MERGED, ALL) and not name.startswith(CHOICE)
            for value in values
        ]


def _is_same_row(stored, row):
    return all(stored[name] == row[name] for name in stored)


def write_value(fields, name, value):
    """Write a value into the fields of a form as its widget sends it."""
    if isinstance(value, datetime) or f"{name}_0" in fields:
        local = localtime(value) if value else None
        fields[f"{name}_0"] = local.strftime("%Y-%m-%d") if local else ""
        fields[f"{name}_1"] = local.strftime("%H:%M:%S") if local else ""
    elif isinstance(value, bool):
        fields.pop(name, None)
        if value:
            fields[name] = "on"
    else:
        fields[name] = "" if value is None else str(value)
