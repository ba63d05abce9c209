"""The newest comments of the site, for the front page."""

from collections import Counter

from django.utils import timezone

from articles.models import compiled
from articles.web.macros import render_macro
from comments.models import Comment

SHOWN, OF_ONE = 3, 2  # comments on the front page, and of one article
CANDIDATES = 30  # the newest comments; a busy thread has more of them than the page shows


def render_newest():
    """Return the HTML of the newest comments, shortened, few of each article. Two queries."""
    return render_macro("comments/_page.jinja", "newest", find_newest_comments(SHOWN, OF_ONE))


def find_newest_comments(count, of_one_article):
    """Return the newest comments, so many of one article at most. Two queries."""
    keys, of_thread = [], Counter()
    for pk, thread_id in _newest(timezone.now()):
        of_thread[thread_id] += 1
        if of_thread[thread_id] <= of_one_article:
            keys.append(pk)
    comments = {comment.pk: comment for comment in _with_title(keys[:count])}
    return [comments[pk] for pk in keys[:count] if pk in comments]


@compiled.rows
def _newest(now):
    return Comment.objects.newest_of_site(now).values_list("pk", "thread_id")[:CANDIDATES]


@compiled.rows
def _with_title(keys):
    return Comment.objects.published().filter(pk__in=compiled.each_of(keys)).with_title()
