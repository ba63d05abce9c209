"""Comments and mentions as elements of an item. Nothing tells one reader from another: keys, IDs
and networks of readers stay here."""

from comments.models import Comment, Mention
from comments.models.states import Reason, State
from newsroom.wordpress.plugin_votes import list_votes
from newsroom.wordpress.wxr.vocabulary import COMMENT
from newsroom.wordpress.wxr.xml_writing import (
    build_dates,
    build_element,
    build_meta,
    build_own_meta,
    build_section,
)

BATCH = 1_000
STATES = {State.PUBLISHED: "1", State.HELD: "0", State.REMOVED: "trash"}
META = "wp:commentmeta"


def iterate_comments(thread_id):
    """Yield the elements of the comments of a thread, in the order of their numbers."""
    last = 0
    rows = Comment.objects.order_by("number").filter(thread=thread_id).select_related("staff")
    while batch := list(rows.filter(number__gt=last).defer("html")[:BATCH]):
        yield from map(_build_comment, batch)
        if len(batch) < BATCH:
            break
        last = batch[-1].number


def iterate_mentions(article_id):
    """Yield the elements of the mentions of an article, below zero: their ids are of another table
    than those of comments."""
    for mention in Mention.objects.filter(article=article_id):
        yield _wrap(
            build_element("wp:comment_id", -mention.pk),
            build_section("wp:comment_author", _escape(mention.title)),
            build_element("wp:comment_author_url", mention.url),
            build_dates("wp:comment_date", mention.received_at),
            build_section("wp:comment_content", _escape(mention.excerpt)),
            build_section("wp:comment_approved", STATES[mention.state]),
            build_section("wp:comment_type", mention.kind),
            build_element("wp:comment_parent", 0),
            build_element("wp:comment_user_id", 0),
        )


def _build_comment(comment):
    name = f"{comment.name}◆{comment.tripcode}" if comment.tripcode else comment.name
    approved = STATES[comment.state]
    if comment.is_removed and comment.reason == Reason.SPAM:
        approved = "spam"
    parts = [
        build_element("wp:comment_id", comment.pk),
        build_section("wp:comment_author", _escape(str(comment.staff or name))),
        build_section("wp:comment_author_email", ""),
        build_element("wp:comment_author_url", ""),
        build_section("wp:comment_author_IP", ""),
        build_dates("wp:comment_date", comment.posted_at),
        build_section("wp:comment_content", _escape(comment.text)),
        build_section("wp:comment_approved", approved),
        build_section("wp:comment_type", "comment"),
        build_element("wp:comment_parent", comment.parent_id or 0),
        build_element("wp:comment_user_id", comment.staff_id or 0),
    ]
    votes = list_votes(comment.up_votes, comment.down_votes, comment.imported_score)
    parts += [build_meta(key, number, META) for key, number in votes]
    return _wrap(*parts, build_own_meta(COMMENT, _list_own(comment), META))


def _list_own(comment):
    """Return what WordPress has no field for; the name too where the author says something else."""
    own = {
        "tripcode": comment.tripcode,
        "reason": comment.reason,
        "edited_at": comment.edited_at,
    }
    own = {name: value for name, value in own.items() if value}
    has_other_author = comment.tripcode or comment.staff_id or "@" in comment.name
    return own | {"name": comment.name} if has_other_author else own


def _wrap(*parts):
    return f"<wp:comment>\n{''.join(parts)}</wp:comment>\n"


def _escape(text):
    """Return plain text as HTML; ``>`` stays, which many comments begin with."""
    return text.replace("&", "&amp;").replace("<", "&lt;")
