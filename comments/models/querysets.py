"""Every rule about many comments."""

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from mptt.managers import TreeManager
from mptt.querysets import TreeQuerySet

from articles.models import Article


class CommentQuerySet(TreeQuerySet):
    def published(self):
        return self.filter(state="published")

    def readable(self, at=None):
        """What stands under an article that is public now, or at a given moment."""
        article = Article.objects.published(at).filter(pk=OuterRef("thread__article_id"))
        return self.filter(Exists(article))

    def held(self):
        return self.filter(state="held")

    def removed(self):
        return self.filter(state="removed")

    def shown(self):
        """What a thread shows: the published, and placeholders above them.

        A comment that is not published is a placeholder where a published one stands below it;
        otherwise nothing of it is shown.
        """
        below = self.model._base_manager.filter(
            tree_id=OuterRef("tree_id"),
            lft__gt=OuterRef("lft"),
            rght__lt=OuterRef("rght"),
            state="published",
        )
        return self.filter(Q(state="published") | Exists(below))

    def shown_roots(self):
        """Of top-level comments those that a thread shows: published, or above one that is."""
        return self.filter(Q(state="published") | Q(tree_published__gt=0))

    def newest_of_site(self):
        """The published ones on listed articles, the newest first, with the article's title."""
        articles = Article.objects.listed().filter(pk=OuterRef("thread__article_id"))
        return (
            self.published()
            .filter(Exists(articles))
            .select_related("thread__article", "staff")
            .defer("html", "thread__article__body", "thread__article__lead")
            .order_by("-posted_at", "-pk")
        )

    def branch_of(self, comment):
        """The comment and all below it. Its edges must have been read under the lock."""
        return self.filter(tree_id=comment.tree_id, lft__gte=comment.lft, rght__lte=comment.rght)

    def answers_to(self, comments):
        """The published replies to some comments."""
        return self.published().filter(parent__in=[comment.pk for comment in comments])

    def in_tree_order(self):
        """Oldest tree first, each comment before its replies, replies in order of posting."""
        return self.order_by("tree_id", "lft")

    def for_thread(self):
        """With what a comment in the thread shows."""
        return self.select_related("staff")


class CommentManager(TreeManager.from_queryset(CommentQuerySet)):
    def _get_next_tree_id(self):
        """Take the number of a new tree from the database's sequence, never ``MAX + 1``.

        Overrides a private method of mptt 0.20.0, which is pinned for it; a test holds it.
        """
        return apps.get_model("comments.TreeNumber").take()[0]
