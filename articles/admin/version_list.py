"""The versions of an article as rows of its history: who, when, why, and what changed."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from articles.admin.restoring import RestoredFields
from articles.comparison.field_changes import name_changes
from articles.comparison.two_sides import (
    Side,
    read_change_side,
    read_copy_side,
    read_revision_side,
)
from articles.models import ArticleChange, WorkingCopy
from articles.models.article_change import describe_reason
from articles.models.corrections import CorrectionKind
from articles.web.html import parse_html
from articles.web.paging import read_integer
from articles.workflow import Status

# Keys of what is no revision: the draft change, own words of the article's form, of the change's.
CHANGE, COPY, CHANGE_COPY = "change", "copy", "change-copy"


@dataclass
class Version:
    """``what`` says what changed since the version before, ``why`` what its author noted."""

    key: str
    at: object
    who: str
    side: Side
    what: str = ""
    why: str = ""
    size: int = 0  # by how many characters the body grew
    revision: object = None
    is_newest: bool = False

    @property
    def label(self):
        return self.why or self.what

    @property
    def growth(self):
        return _("%(size)+d characters") % {"size": self.size}


class Versions:
    def __init__(self, article, user):
        self.article, self.user = article, user
        self.revisions = article.history.select_related("history_user").order_by(
            "-history_date", "-history_id"
        )

    # One version

    def find(self, key):
        """Return the version with a key, or None."""
        if key in {CHANGE, COPY, CHANGE_COPY}:
            return next((each for each in self._unsaved if each.key == key), None)
        revision = self.revisions.filter(pk=read_integer(key)).first()
        return revision and self.describe(revision)

    def find_newest(self):
        revision = self.revisions.first()
        return revision and self.describe(revision)

    def find_before(self, revision):
        """Return the version that a revision follows, or None."""
        older = self._find_older(revision)
        return older and self.describe(older)

    def _find_older(self, revision):
        at = revision.history_date
        older = self.revisions.filter(history_date__lt=at) | self.revisions.filter(
            history_date=at, history_id__lt=revision.pk
        )
        return older.first()

    # Rows

    def list_rows(self, page, *, is_first):
        """Return the versions of a page; the first page begins with what is no revision yet."""
        revisions = list(page)
        older = self._find_older(revisions[-1]) if revisions else None
        pairs = zip(revisions, [*revisions[1:], older], strict=bool(revisions))
        rows = [_build_row(*pair) for pair in pairs]
        if is_first and rows:
            rows[0].is_newest = True
        return [*self._unsaved, *rows] if is_first else rows

    def describe(self, revision):
        """Return a revision as a row."""
        return _build_row(revision, self._find_older(revision))

    @cached_property
    def _unsaved(self):
        """What is no revision, the newest first."""
        copies = (self._read_copy(key) for key in (COPY, CHANGE_COPY))
        versions = [version for version in (*copies, self._read_change()) if version]
        return sorted(versions, key=lambda version: version.at, reverse=True)

    def _read_change(self):
        change = (
            ArticleChange.objects.select_related("saved_by").filter(article=self.article).first()
        )
        if change is None:
            return None
        return Version(
            key=CHANGE,
            at=change.saved_at,
            who=str(change.saved_by or ""),
            side=read_change_side(self.article, change.content),
            why=change.get_status_display(),
        )

    def _read_copy(self, key):
        is_of_change = key == CHANGE_COPY
        copies = WorkingCopy.objects.of_article(self.article).filter(user=self.user)
        copy = copies.filter(of_change=is_of_change).with_words().first()
        if copy is None:
            return None
        return Version(
            key=key,
            at=copy.saved_at,
            who=str(self.user),
            side=read_copy_side(self.article, RestoredFields(copy.fields)),
            why=_("Own words for the change, not saved yet")
            if is_of_change
            else _("Own words, not saved yet"),
        )


def _build_row(revision, older):
    """Return a revision as a row; ``older`` is the revision before it, or None."""
    side = read_revision_side(revision)
    row = Version(
        key=str(revision.pk),
        at=revision.history_date,
        who=str(revision.history_user or ""),
        side=side,
        what=_("First version"),
        why=describe_reason(revision.history_change_reason or ""),
        revision=revision,
    )
    if older:
        before = read_revision_side(older)
        row.what = describe_changes(before, side)
        if side.body != before.body:
            row.size = _count_characters(side.body) - _count_characters(before.body)
    return row


def describe_changes(old, new):
    """Return in a few words what differs between two sides."""
    parts = []
    if old.values["status"] != new.values["status"]:
        states = (Status(side.values["status"]).label for side in (old, new))
        parts.append(" → ".join(map(str, states)))
    notes = new.values.get("corrections", [])[len(old.values.get("corrections", [])) :]
    parts += [f"{CorrectionKind(note['kind']).label}: {note['text']}" for note in notes]
    if not notes and new.values.get("corrections", []) != old.values.get("corrections", []):
        parts.append(_("Text of a correction"))
    labels = {"title": _("Title"), "lead": _("Lead"), "body": _("Text")}
    parts += [label for name, label in labels.items() if getattr(old, name) != getattr(new, name)]
    parts += name_changes(old, new, without={"status", "corrections"})
    if len(parts) > 1:
        parts = [str(part).rstrip("。.") for part in parts]
    return _(", ").join(parts) or _("No change")


def _count_characters(body):
    return len(parse_html(body).text_content()) if body else 0
