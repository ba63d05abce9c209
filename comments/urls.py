from django.urls import path

from comments.views import comment, moderation, posting, votes

app_name = "comments"
urlpatterns = [
    path("threads/<int:article_id>/comments/", posting.post_comment, name="post"),
    path("comments/<int:pk>/", comment.detail, name="detail"),
    path("comments/<int:pk>/thread/", comment.place, name="place"),
    path("comments/<int:pk>/reply/", posting.reply, name="reply"),
    path("comments/<int:pk>/vote/", votes.vote, name="vote"),
    path("moderation/threads/<int:article_id>/", moderation.thread, name="moderation_thread"),
    path("moderation/comments/<int:pk>/menu/", moderation.menu, name="moderation_menu"),
    path("moderation/comments/<int:pk>/<slug:verb>/", moderation.decide, name="decide"),
    path("moderation/actions/<int:pk>/undo/", moderation.undo, name="undo"),
]
