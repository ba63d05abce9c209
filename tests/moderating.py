"""Decisions as the pages send them that a moderator opens now."""

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

from comments.models import Comment, ModerationAction, Report
from comments.models.stamps import add_act_stamps


def decide(browser, comment, verb, *, inline=False, **fields):
    comment = Comment.objects.get(pk=comment.pk)
    path = f"/moderation/comments/{comment.pk}/{verb}/{'inline/' if inline else ''}"
    return browser.post(path, {"seen": comment.branch_stamp, **fields})


def undo(browser, action, *, inline=False, **fields):
    add_act_stamps([action])
    path = f"/moderation/actions/{action.pk}/undo/{'inline/' if inline else ''}"
    return browser.post(path, {"seen": action.seen, **fields})


def choose(*rows):
    """Return the fields of rows that are chosen in a list of the admin, as they are now."""
    fields = {ACTION_CHECKBOX_NAME: [row.pk for row in rows]}
    for row in rows:
        row.refresh_from_db()
        if isinstance(row, ModerationAction):
            add_act_stamps([row])
            fields[f"seen_{row.pk}"] = row.seen
        elif isinstance(row, Comment):
            fields[f"seen_{row.pk}"] = row.branch_stamp
        elif isinstance(row, Report):
            fields[f"seen_{row.pk}"] = row.comment.stamp
        else:
            fields[f"seen_{row.pk}"] = getattr(row, "stamp", "")
    return fields
