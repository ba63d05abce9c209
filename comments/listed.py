"""Comments of any articles in a moderators' list: with article, parent, reports and stamps."""

from django.db.models import Count

from articles.search.marking import Part, build_excerpt, build_pattern
from comments.models import Comment, Report

EXCERPT = 240  # characters
HEAVY = ("html", "thread__article__body", "thread__article__lead", "parent__html")


def list_rows(keys, *, phrases=()):
    """Return the comments with these keys, in their order, with all that a list shows of them.

    ``phrases`` of a query are marked in the excerpts; without any, what a check matched.
    Three queries.
    """
    fetched = Comment.objects.select_related("thread__article", "parent", "matched_rule", "staff")
    rows = fetched.defer(*HEAVY).in_bulk(keys)
    reports = Report.objects.filter(comment__in=keys).order_by().values_list("comment")
    counts = dict(reports.annotate(count=Count("pk")))
    replies = Comment.objects.count_below(keys)
    pattern = build_pattern(phrases)
    comments = [rows[key] for key in keys if key in rows]
    for comment in comments:
        comment.report_count = counts.get(comment.pk, 0)
        comment.reply_count = replies[comment.pk]
        comment.is_matched = not phrases and 0 < (comment.matched_end or 0) <= EXCERPT
        comment.excerpt = (
            _mark_match(comment)
            if comment.is_matched
            else build_excerpt(comment.text, pattern, length=EXCERPT)
        )
        comment.chosen = f"{comment.pk} {comment.stamp}"
    return comments


def _mark_match(comment):
    """Return the beginning of a text as parts, with what a check matched in it marked."""
    text, start, end = comment.text, comment.matched_start or 0, comment.matched_end
    rest = text[end:EXCERPT] + ("…" if len(text) > EXCERPT else "")
    parts = Part(text[:start]), Part(text[start:end], is_marked=True), Part(rest)
    return [part for part in parts if part.text]
