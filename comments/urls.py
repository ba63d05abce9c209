from django.urls import path

from comments import feeds
from comments.views import (
    comment,
    moderation,
    objections,
    own,
    queue,
    reports,
    thread,
    votes,
    writing,
)

app_name = "comments"
urlpatterns = [
    path("threads/<int:article_id>/comments/", writing.post_comment, name="post"),
    path("threads/<int:article_id>/comments/inline/", writing.post_inline, name="post_inline"),
    path("threads/<int:article_id>/token/", writing.token, name="token"),
    path("threads/<int:article_id>/mine/", own.mine, name="mine"),
    path("threads/<int:article_id>/news/", thread.news, name="news"),
    path("threads/<int:article_id>/feed/", feeds.ThreadFeed(), name="thread_feed"),
    path("comments/feed/", feeds.SiteFeed(), name="feed"),
    path("comments/<int:pk>/", comment.detail, name="detail"),
    path("comments/<int:pk>/thread/", comment.place, name="place"),
    path("comments/<int:pk>/quoted/", comment.quoted, name="quoted"),
    path("comments/<int:pk>/tree/", thread.tree, name="tree"),
    path("comments/<int:pk>/reply/", writing.reply, name="reply"),
    path("comments/<int:pk>/reply/form/", writing.reply_form, name="reply_form"),
    path("comments/<int:pk>/edit/", own.change, name="edit"),
    path("comments/<int:pk>/delete/", own.delete, name="delete"),
    path("comments/<int:pk>/report/", reports.report, name="report"),
    path("comments/<int:pk>/object/", objections.file_objection, name="object"),
    path("comments/<int:pk>/removal/", reports.removal),
    path("comments/<int:pk>/vote/", votes.vote, name="vote"),
    path("comments/<int:pk>/vote/inline/", votes.vote_inline, name="vote_inline"),
    path("me/", own.me, name="me"),
    path("moderation/", queue.queue, name="queue"),
    path("moderation/objections/<int:pk>/", objections.answer_objection, name="objection"),
    path("moderation/threads/<int:article_id>/", moderation.thread, name="moderation_thread"),
    path("moderation/threads/<int:article_id>/write/", moderation.write, name="staff_write"),
    path("moderation/comments/<int:pk>/menu/", moderation.menu, name="moderation_menu"),
    path("moderation/comments/<int:pk>/<slug:verb>/", moderation.decide, name="decide"),
    path(
        "moderation/comments/<int:pk>/<slug:verb>/inline/",
        moderation.decide_inline,
        name="decide_inline",
    ),
    path("moderation/actions/<int:pk>/undo/", moderation.undo, name="undo"),
    path("moderation/actions/<int:pk>/undo/inline/", moderation.undo_inline, name="undo_inline"),
]
