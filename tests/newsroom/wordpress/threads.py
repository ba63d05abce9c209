"""A thread as the tests of the import compare it."""

from comments.models import Comment


def list_thread(article):
    """Return [(number, number of the parent, text)] in order."""
    comments = Comment.objects.filter(thread__article=article).order_by("number")
    return [
        (comment.number, comment.parent and comment.parent.number, comment.text)
        for comment in comments
    ]
