"""What waits for a member of the staff, the most urgent kind first."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from articles.models import Article, ArticleChange
from articles.state_cells import RETURNED, describe_age, describe_day, read_state
from articles.workflow import may_publish
from comments.headlines import name_article
from comments.models import Comment
from comments.models.comment import MODERATE
from comments.waiting import HELD, REPORTED, count_waiting, list_waiting
from newsroom.workday.days import find_midnight

WEEK = 7  # days
FEW = 6  # rows of a kind; the list shows the others
EXCERPT = 80  # characters of a comment
LIST = "admin:articles_article_changelist"


@dataclass(frozen=True, slots=True)
class Cell:
    """The state cell of what is no article: comments that wait, draft changes."""

    name: str
    icon: str
    label: str
    when: str


@dataclass(frozen=True, slots=True)
class Task:
    """A row: what state it is in, its headline, and what to do next."""

    state: object
    title: str
    href: str
    verb: str
    note: str = ""
    assignment: object = None
    meta: list = field(default_factory=list)


def list_tasks(user):
    """Return the rows of a member of the staff, each article once. A fixed number of queries for
    each right."""
    tasks, changes = [], ArticleChange.objects.none()
    if user.has_perm("articles.change_article"):
        changes = ArticleChange.objects.waiting_for(user, until=find_midnight(1)).for_list()
        tasks += _list_returned(user, changes) + _list_assigned(user)
    if may_publish(user):
        tasks += _list_reviews(changes)
    if user.has_perm(MODERATE):
        tasks += _list_comments()
    if may_publish(user):
        tasks += _list_scheduled(changes)
    if user.has_perm("articles.change_article"):
        tasks += _list_drafts(user)
    unique = {}
    for task in tasks:
        unique.setdefault(task.href, task)
    return list(unique.values())


def _list_returned(user, changes):
    """Return what came back to its writer, with the note."""
    articles = Article.objects.returned_to(user).for_list().with_last_change().order_by("-pk")
    verb = pgettext("desk", "Mend")
    return [
        *(_build_task(article, verb, note=article.return_note) for article in articles[:FEW]),
        *_build_changes(changes, ArticleChange.Status.DRAFT, verb),
    ]


def _list_assigned(user):
    """Return what a user is to finish: late first, then today, then by day."""
    articles = Article.objects.assigned_to(user).for_list().with_last_change()
    verb = pgettext("desk", "Continue")
    return [_build_task(article, verb, assignment=article.assignment) for article in articles[:FEW]]


def _list_reviews(changes):
    articles = Article.objects.in_review().for_list().with_last_change().order_by("pk")
    verb = pgettext("desk", "Review")
    return [
        *(_build_task(article, verb) for article in articles[:FEW]),
        *_build_changes(changes, ArticleChange.Status.REVIEW, verb),
    ]


def _list_scheduled(changes):
    coming = Article.objects.scheduled().filter(kind__in=Article.Kind.values)
    today = coming.filter(published_at__lt=find_midnight(1)).for_list().order_by("published_at")
    verb = pgettext("desk", "Look")
    return [
        *(_build_task(article, verb) for article in today[:FEW]),
        *_build_changes(changes, ArticleChange.Status.SCHEDULED, verb),
    ]


def _list_drafts(user):
    drafts = Article.objects.filter(author=user, status=Article.Status.DRAFT)
    newest = drafts.for_list().with_last_change().order_by("-pk")
    verb = pgettext("desk", "Continue")
    return [_build_task(article, verb) for article in newest[:FEW]]


def _build_task(article, verb, *, note="", assignment=None):
    return Task(
        state=read_state(article),
        title=article.title,
        href=reverse("admin:articles_article_change", args=[article.pk]),
        verb=verb,
        note=note,
        assignment=assignment,
        meta=[str(each) for each in (article.category, article.author) if each],
    )


def _build_changes(changes, status, verb):
    return [_build_change(change, verb) for change in changes if change.status == status][:FEW]


def _build_change(change, verb):
    """Return the row of a draft change; it leads to the form of the change."""
    article = change.article
    status = ArticleChange.Status
    icon, name, label = {
        status.DRAFT: ("reply", RETURNED, pgettext("desk", "Change returned")),
        status.REVIEW: ("half-disc", change.status, pgettext("desk", "Change to review")),
        status.SCHEDULED: ("clock", change.status, pgettext("desk", "Change scheduled")),
    }[change.status]
    when = describe_day(change.at) if change.at else describe_age(change.saved_at)
    form = reverse("admin:articles_article_change", args=[article.pk])
    return Task(
        state=Cell(name, icon, label, when),
        title=article.title,
        href=f"{form}?change",
        verb=verb,
        note=change.note if change.status == ArticleChange.Status.DRAFT else "",
        meta=[str(each) for each in (article.category, change.saved_by) if each],
    )


def _list_comments():
    """Return a row for the comments that are held, and one for those that were reported."""
    counts = count_waiting()
    rows = [
        (
            HELD,
            ("clock", pgettext("desk", "To check")),
            ngettext("%(count)d comment is held", "%(count)d comments are held", counts.held),
            counts.held,
        ),
        (
            REPORTED,
            ("flag", pgettext("desk", "Reported")),
            ngettext(
                "%(count)d comment was reported",
                "%(count)d comments were reported",
                counts.reported,
            ),
            counts.reported,
        ),
    ]
    return [_build_comments(*row) for row in rows if row[-1]]


def _build_comments(kind, face, title, count):
    [first, *_others], _more = list_waiting(kind)
    comment = first.subject
    return Task(
        state=Cell(kind, *face, when=describe_age(first.since)),
        title=title % {"count": count},
        href=f"{reverse('comments:queue')}?kind={kind}",
        verb=pgettext("desk", "Look"),
        note=Truncator(comment.text).chars(EXCERPT),
        meta=[f">>{comment.number}", name_article(comment.thread.article)],
    )


def count_today():
    """Return (label, number) of what was published today, what is scheduled, and the comments."""
    start, end = find_midnight(0), find_midnight(1)
    public = Article.objects.listed().filter(published_at__gte=start)
    coming = Article.objects.scheduled().filter(kind__in=Article.Kind.values, published_at__lt=end)
    comments = Comment.objects.published().filter(posted_at__gte=start)
    return [
        (_("Published today"), public.count()),
        (_("Scheduled"), coming.count()),
        (_("Comments"), comments.count()),
    ]


def list_corrections():
    """Return (article, note) of the corrections and additions of the last days, the newest
    first. One query."""
    since = find_midnight(-WEEK)
    articles = Article.objects.corrected_since(since).defer("body")[:FEW]
    notes = [(article, note) for article in articles for note in article.dated_notes]
    recent = [pair for pair in notes if pair[1].at >= since]
    return sorted(recent, key=lambda pair: pair[1].at, reverse=True)[:FEW]
