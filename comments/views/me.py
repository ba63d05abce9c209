"""The page of a reader's own comments and of the answers to them, and the feed of these answers."""

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles.models import Article
from articles.web.addresses import build_absolute_url
from articles.web.html import make_links_absolute
from articles.web.origin import same_origin
from articles.web.paging import read_integer
from comments.bans import find_ban_of
from comments.checks.banned import describe_ban
from comments.models import AnswerNotice, Comment, ReaderFeed, Report
from comments.readers import Reader, identify_reader
from comments.rendering import keep_spaces
from comments.views.own import list_own, share_threads
from comments.views.responses import (
    mark_personal,
    refuse_from_elsewhere,
    render_page,
    see_other,
)
from comments.web_push.messages import read_public_key

A_PAGE = 50  # comments
REPORTS = 50  # the newest
ENTRIES = 50  # of the feed, the newest
MOST_SEEN = 200  # answers that one request marks as read


@require_safe
def me(request):
    """List the answers to a reader, the unread first, and the reader's comments of all articles.

    An answer stays unread until the reader has had it on the screen (``mark_seen``).
    """
    reader = identify_reader(request)
    listed = Paginator(list_own(reader).order_by("-posted_at", "-pk"), A_PAGE)
    own = listed.get_page(request.GET.get("page"))
    own.object_list = share_threads(own.object_list)
    answers = AnswerNotice.objects.with_unread(_list_answers(reader), reader)
    answered = Paginator(answers, A_PAGE).get_page(request.GET.get("answers"))
    answered.object_list = share_threads(answered.object_list)
    ban = find_ban_of(reader)
    feed = reader.hash and ReaderFeed.objects.filter(reader_hash=reader.hash).first()
    context = {
        "page": own,
        "answers": answered,
        "unread": answers.filter(is_unread=True).count(),
        "feed": feed and build_absolute_url(reverse("comments:answer_feed", args=[feed.token])),
        "push_key": read_public_key(settings.PUSH_PRIVATE_KEY),
        "ban": ban and describe_ban(ban),
        "reports": _list_reports(reader),
    }
    return render_page(request, "comments/me.html", context)


@same_origin(refuse_from_elsewhere)
@require_POST
def mark_seen(request):
    """Mark answers as read: those that were on the reader's screen, or on a page without
    scripts."""
    reader = identify_reader(request)
    named = [read_integer(pk) for pk in request.POST.getlist("answer")[:MOST_SEEN]]
    wanted = [pk for pk in named if pk is not None]
    answers = list(Comment.objects.answering(reader).filter(pk__in=wanted))
    AnswerNotice.objects.note(reader.hash, answers, seen_at=timezone.now())
    return see_other(f"{reverse('comments:me')}#answers")


@same_origin(refuse_from_elsewhere)
@require_POST
def renew_feed(request):
    """Make a new secret address of the reader's feed, or void the one there is."""
    reader = identify_reader(request)
    if "revoke" in request.POST:
        ReaderFeed.objects.filter(reader_hash=reader.hash).delete()
    elif reader.hash and list_own(reader).exists():
        ReaderFeed.objects.renew(reader)
    return see_other(f"{reverse('comments:me')}#feed")


@require_safe
def answer_feed(request, token):
    """Show the newest answers to a reader as Atom, to whoever knows the secret address."""
    found = ReaderFeed.objects.find(token)
    if not found:
        raise Http404
    page = build_absolute_url(reverse("comments:me"))
    title = _("%(site)s: replies to you") % {"site": settings.SITE_NAME}
    feed = Atom1Feed(title=title, link=page, description="", feed_guid=f"{page}#{found.pk}")
    for answer in _list_answers(Reader(hash=found.reader_hash)).order_by("-pk")[:ENTRIES]:
        place = build_absolute_url(reverse("comments:place", args=[answer.pk]))
        text = Truncator(answer.text).chars(60)
        feed.add_item(
            title=f">>{answer.number} {answer.display_name}: {text}",
            link=f"{place}#{answer.anchor}",
            description=make_links_absolute(keep_spaces(answer.html), place),
            unique_id=build_absolute_url(answer.get_absolute_url()),
            author_name=str(answer.display_name),
            pubdate=answer.posted_at,
            updateddate=answer.edited_at or answer.posted_at,
        )
    response = HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"  # the address is a secret, and no form stands here
    return mark_personal(response)


def _list_answers(reader):
    return Comment.objects.answering(reader).readable().for_detail()


def _list_reports(reader):
    """Return a reader's newest reports about comments on articles that are public."""
    public = Article.objects.published().filter(pk=OuterRef("comment__thread__article"))
    own = Report.objects.filter(Exists(public), reporter=reader.hash or None)
    return own.with_outcomes().select_related("answer", "comment__thread__article")[:REPORTS]
