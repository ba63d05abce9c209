"""Decisions as the pages send them that a moderator opens now."""

from comments.models import Comment
from comments.models.stamps import add_act_stamps


def decide(browser, comment, verb, *, inline=False, **fields):
    comment = Comment.objects.get(pk=comment.pk)
    path = f"/moderation/comments/{comment.pk}/{verb}/{'inline/' if inline else ''}"
    return browser.post(path, {"seen": comment.branch_stamp, **fields})


def undo(browser, action, *, inline=False, **fields):
    add_act_stamps([action])
    path = f"/moderation/actions/{action.pk}/undo/{'inline/' if inline else ''}"
    return browser.post(path, {"seen": action.seen, **fields})
