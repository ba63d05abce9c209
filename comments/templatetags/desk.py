"""Template tags of the desk: the tabs of its header, the number that waits, rows of the queue."""

from dataclasses import dataclass

from django import template
from django.contrib import admin
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from articles.models import Article
from comments.entries import GROUNDS, build_moderated_place
from comments.headlines import name_article
from comments.models.comment import MODERATE
from comments.models.states import Reason, Verb
from comments.waiting import (
    EDITED,
    HELD,
    KINDS,
    MENTION_MARK,
    OBJECTIONS,
    count_waiting,
    read_counts,
)

register = template.Library()

MODERATION = "/moderation/"
ARTICLES = "articles_article"
TOTAL_KEY, REVIEWS_KEY, TOTAL_SECONDS = "waiting-total", "waiting-reviews", 15
MINUTE, HOUR, DAY = 60, 3_600, 86_400  # seconds
TWO = 2  # of a unit, before the next one says it
ACT_ICONS = {
    Verb.APPROVE: "check",
    Verb.KEEP: "check",
    Verb.HOLD: "clock",
    Verb.REMOVE: "close",
    Verb.PRUNE: "branch",
    Verb.EDIT: "edit",
    Verb.NOTE: "speech",
    Verb.LOCK: "lock",
    Verb.SLOW: "clock",
    Verb.BAN: "person",
    Verb.RULES: "flag",
    Verb.LOOKUP: "search",
    Verb.NETWORK: "search",
}


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    href: str
    is_current: bool = False
    waiting: int = 0
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """Why an entry waits: an icon, a word, and a tone (held, reported, edited)."""

    icon: str
    label: str
    tone: str


@register.filter
def desk_tabs(request):
    """Return the tabs of the desk's header that a user may open."""
    user, tabs, at = request.user, [], request.path
    index = reverse("admin:index")
    if user.is_staff:
        tabs.append(Tab(pgettext("desk", "Desk"), index, is_current=at == index))
        for label, name in (
            (pgettext("desk", "Articles"), "articles_article"),
            (pgettext("desk", "Pictures"), "articles_mediafile"),
        ):
            if user.has_perm("{}.view_{}".format(*name.split("_"))):
                place = reverse(f"admin:{name}_changelist")
                waiting = _count_reviews(user) if name == ARTICLES else 0
                tabs.append(Tab(label, place, is_current=at.startswith(place), waiting=waiting))
    if user.has_perm(MODERATE):
        is_current = at.startswith(MODERATION)
        waiting = read_counts(request).total if is_current else waiting_total(user)
        tabs.append(
            Tab(
                pgettext("desk", "Discussion"),
                reverse("comments:queue"),
                is_current=is_current,
                waiting=waiting,
            )
        )
    return tabs


def _count_reviews(user):
    """Return the number of articles in review for those who may publish them."""
    if not user.has_perm("articles.publish_article"):
        return 0
    return cache.get_or_set(REVIEWS_KEY, Article.objects.in_review().count, timeout=TOTAL_SECONDS)


@register.filter
def desk_links(request):
    """Return (label, address, model) of the desk's other pages that a user may open."""
    user, links = request.user, []
    if user.has_perm(MODERATE):
        links += [
            (_("Moderation log"), reverse("comments:log"), ""),
            (_("Word rules"), reverse("comments:words"), ""),
            (_("Measures"), reverse("comments:modes"), ""),
            (_("Notices"), reverse("comments:notices"), ""),
        ]
    if user.is_staff:
        links += [
            (model["name"], model["admin_url"], model["model"]._meta.model_name)
            for app in admin.site.get_app_list(request)
            for model in app["models"]
            if model["admin_url"]
        ]
    return links


@dataclass(frozen=True, slots=True)
class SearchField:
    """The search of the desk's header: of comments on the moderators' pages, else of articles."""

    address: str
    label: str
    hint: str


@register.filter
def desk_search_field(request):
    if request.user.has_perm("articles.view_article") and not request.path.startswith(MODERATION):
        return SearchField(
            reverse(f"admin:{ARTICLES}_changelist"),
            _("Search the articles"),
            _("Headline, text, tag, address"),
        )
    if request.user.has_perm(MODERATE):
        address = reverse("comments:desk_search")
        return SearchField(address, _("Search the comments"), _("Text, ID, name, >>number"))
    return None


@register.filter
def waiting_total(user):
    """Return the number of what waits for a moderator, as of the last seconds; None for others."""
    if not user.has_perm(MODERATE):
        return None
    return cache.get_or_set(TOTAL_KEY, lambda: count_waiting().total, timeout=TOTAL_SECONDS)


@register.filter
def queue_tabs(counts, kind):
    """Return the tabs of the kinds of entries."""
    address, tabs = reverse("comments:queue"), []
    for name, label in KINDS.items():
        href = f"{address}?kind={name}" if name else address
        count = count_of(counts, name) if name else None
        tabs.append(Tab(label, href, is_current=name == kind, count=count))
    return tabs


@register.filter
def count_of(counts, kind):
    """Return the number of entries of a kind, or of all."""
    return getattr(counts, kind or "total")


@register.filter
def grounds(row):
    """Return why an entry of the queue waits."""
    if row.is_mention:
        return [Ground("link", KINDS["mentions"], "edited")]
    comment, result = row.subject, []
    if comment.is_held:
        result.append(Ground("clock", GROUNDS.get(comment.reason, KINDS[HELD]), "held"))
    if row.reports:
        label = ngettext("%(count)d report", "%(count)d reports", row.reports)
        result.append(Ground("flag", label % {"count": row.reports}, "reported"))
    if comment.is_unseen:
        result.append(Ground("edit", KINDS[EDITED], "edited"))
    if row.is_objected:
        result.append(Ground("speech", KINDS[OBJECTIONS], "edited"))
    return result


@register.filter
def headline_of(row):
    """Return the headline of an entry's article, or that it is not public."""
    subject = getattr(row, "subject", row)
    article = subject.thread.article if hasattr(subject, "thread") else subject.article
    return name_article(article)


@register.filter
def key_of(action):
    """Return the key of the queue's entry that an act was about; empty if it was none."""
    if action.comment_id:
        return str(action.comment_id)
    return f"{MENTION_MARK}{action.mention_id}" if action.mention_id else ""


@register.filter
def act_icon(action):
    if is_spam(action):
        return "ban"
    return ACT_ICONS.get(action.verb, "alert")


@register.filter
def act_label(action):
    """Return what was done, in the words of the desk."""
    return pgettext("queue", "Spam") if is_spam(action) else action.get_verb_display()


def is_spam(action):
    return action.verb == Verb.REMOVE and action.reason == Reason.SPAM


@register.filter
def age(moment):
    """Say how long ago a moment was, in its largest unit."""
    seconds = max(0, (timezone.now() - moment).total_seconds())
    if seconds < TWO * HOUR:
        count = int(seconds // MINUTE)
        return ngettext("%(count)d min", "%(count)d min", count) % {"count": count}
    if seconds < TWO * DAY:
        count = int(seconds // HOUR)
        return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}
    count = int(seconds // DAY)
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


@register.filter
def place_of(comment):
    """Return the address of a comment in its thread, for moderators."""
    return build_moderated_place(comment)


@register.filter
def when_of_day(moment, other):
    """Format a moment: the time, of another day than that of another moment the date too."""
    moment, other = localtime(moment), localtime(other)
    pattern = "H:i" if moment.date() == other.date() else _("j M, H:i")
    return date_format(moment, pattern)
