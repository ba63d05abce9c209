"""Moderation in the admin, with the verbs of the models."""

from comments.admin.base import ReadOnly
from comments.admin.comment import CommentAdmin
from comments.admin.ledger import ModerationActionAdmin, ReportAdmin
from comments.admin.thread import MentionAdmin, ThreadAdmin, VoteAdmin

__all__ = [
    "CommentAdmin",
    "MentionAdmin",
    "ModerationActionAdmin",
    "ReadOnly",
    "ReportAdmin",
    "ThreadAdmin",
    "VoteAdmin",
]
