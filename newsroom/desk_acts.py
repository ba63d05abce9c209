"""What happened to articles that somebody of the staff waits for: handed in for review, returned,
assigned, scheduled for today.

Nothing notes these acts: they are read from the revisions and rows that are there anyway, so that
they are right whoever changed an article in which way.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from articles.models import Article, ArticleChange, Assignment
from articles.state_cells import describe_due
from articles.web.addresses import build_absolute_url
from articles.web.html import remove_unprintable
from articles.workflow import Status, may_change_any, may_publish
from comments.staff_mail import Thing
from newsroom.workday.days import find_midnight

REVIEW, RETURNED, ASSIGNED, SCHEDULED = "review", "returned", "assigned", "scheduled"
AGE = timedelta(days=30)  # older acts are told no more
MOST = 100  # acts of a kind
NOTE = 500  # characters of a note
FORM = "/admin/articles/article/%s/change/"


@dataclass(frozen=True, slots=True)
class Act:
    """``key`` identifies it, ``by`` is the primary key of who did it, ``to`` of whom it concerns;
    None: all editors."""

    kind: str
    key: str
    at: datetime
    title: str
    path: str
    by: int | None = None
    to: int | None = None
    name: str = ""
    note: str = ""
    due: object = None

    def concerns(self, user):
        """Whether a user waits for it: not for what they did themselves."""
        if self.kind == SCHEDULED:
            return self.to == user.pk or may_publish(user)
        if self.by == user.pk:
            return False
        return self.to == user.pk if self.to else may_publish(user) and may_change_any(user)

    def describe(self):
        """Return the ``Thing`` that says it in the language of the moment."""
        values = {"title": _join_words(self.title), "name": _join_words(self.name)}
        match self.kind:
            case "review":
                sentence = _("%(name)s submitted “%(title)s” for review.") % values
            case "returned":
                sentence = _("“%(title)s” was returned to you.") % values
            case "assigned":
                sentence = _("“%(title)s” is assigned to you.") % values
            case _kind:
                at = date_format(timezone.localtime(self.at), "H:i")
                sentence = _("%(at)s “%(title)s”") % (values | {"at": at})
        if self.due:
            sentence = f"{sentence} {describe_due(self.due)}"
        if self.note:
            sentence = f"{sentence}\n{Truncator(remove_unprintable(self.note)).chars(NOTE)}"
        return Thing(f"{self.kind}:{self.key}", self.at, sentence, build_absolute_url(self.path))


def _join_words(text):
    """Return a text that a header of a mail can hold."""
    return " ".join(remove_unprintable(text).split())


def list_acts(now=None):
    """Return the acts that still hold. Seven queries, however many there are."""
    now = now or timezone.now()
    acts = [
        *_list_reviews(now),
        *_list_returned(now),
        *_list_changes(now),
        *_list_assigned(now),
        *list_scheduled(now),
    ]
    return sorted(acts, key=lambda act: act.at, reverse=True)


def list_scheduled(now):
    """Return what is scheduled for the day of a moment, and is still to come."""
    end = find_midnight(1)
    articles = Article.objects.scheduled().filter(
        kind__in=Article.Kind.values, published_at__lt=end
    )
    changes = ArticleChange.objects.scheduled().filter(at__gt=now, at__lt=end)
    rows = [
        *articles.values_list("published_at", "pk", "title", "author")[:MOST],
        *changes.values_list("at", "article", "article__title", "article__author")[:MOST],
    ]
    for at, pk, title, author in sorted(rows, key=lambda row: row[0]):
        yield Act(SCHEDULED, f"{pk}:{int(at.timestamp())}", at, title, FORM % pk, to=author)


def _list_reviews(now):
    articles = Article.objects.in_review().only("title", "phrases", "language")[:MOST]
    for article, at, by in _find_entries(articles, Status.REVIEW, now):
        key = f"{article.pk}:{int(at.timestamp())}"
        name = str(by or "")
        by = by and by.pk
        yield Act(REVIEW, key, at, article.title, FORM % article.pk, by=by, name=name)


def _list_returned(now):
    drafts = Article.objects.filter(status=Status.DRAFT, author__isnull=False)
    drafts = drafts.exclude(return_note="").only(
        "title", "phrases", "language", "author", "return_note"
    )[:MOST]
    for article, at, by in _find_entries(drafts, Status.DRAFT, now):
        key, by = f"{article.pk}:{int(at.timestamp())}", by and by.pk
        path, note = FORM % article.pk, article.return_note
        yield Act(RETURNED, key, at, article.title, path, by=by, to=article.author_id, note=note)


def _find_entries(articles, status, now):
    """Return (article, moment, user) of the revision by which each article entered its status."""
    articles = {article.pk: article for article in articles}
    revisions = Article.history.filter(id__in=articles).order_by("id", "-history_date", "-pk")
    entries, left = {}, set()
    for revision in revisions.select_related("history_user").only(
        "id", "status", "history_date", "history_user"
    ):
        if revision.status != status:
            left.add(revision.id)
        elif revision.id not in left:
            entries[revision.id] = revision
    return [
        (articles[pk], revision.history_date, revision.history_user)
        for pk, revision in entries.items()
        if revision.history_date > now - AGE
    ]


def _list_changes(now):
    """Return what happened to draft changes of public articles."""
    state = ArticleChange.Status
    changes = ArticleChange.objects.filter(saved_at__gt=now - AGE, saved_by__isnull=False)
    for change in changes.filter(status__in=[state.REVIEW, state.DRAFT]).for_list()[:MOST]:
        key = f"c{change.article_id}:{int(change.saved_at.timestamp())}"
        path = f"{FORM % change.article_id}?change"
        values = {"at": change.saved_at, "title": change.article.title, "path": path, "key": key}
        if change.status == state.REVIEW:
            yield Act(REVIEW, by=change.saved_by_id, name=str(change.saved_by), **values)
        elif change.note:
            yield Act(RETURNED, to=change.saved_by_id, note=change.note, **values)


def _list_assigned(now):
    assignments = Assignment.objects.open().filter(assigned_at__gt=now - AGE)
    for assignment in assignments.select_related("article").defer("article__body")[:MOST]:
        at, pk = assignment.assigned_at, assignment.article_id
        yield Act(
            ASSIGNED,
            f"{pk}:{int(at.timestamp())}",
            at,
            assignment.article.title,
            FORM % pk,
            by=assignment.assigned_by_id,
            to=assignment.assignee_id,
            due=assignment.due_on,
        )
