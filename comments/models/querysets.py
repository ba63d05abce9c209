"""Every rule about many comments."""

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from mptt.managers import TreeManager
from mptt.querysets import TreeQuerySet

from articles.models import Article
from articles.models.by_keys import filter_by_keys
from comments.models.states import State
from comments.models.trees import TreeNumber


class CommentQuerySet(TreeQuerySet):
    def published(self):
        return self.filter(state=State.PUBLISHED)

    def readable(self, at=None):
        """The comments on articles that are public now, or at a given moment."""
        article = Article.objects.published(at).filter(pk=OuterRef("thread__article_id"))
        return self.filter(Exists(article))

    def held(self):
        return self.filter(state=State.HELD)

    def removed(self):
        return self.filter(state=State.REMOVED)

    def with_text(self):
        """The comments whose text is not erased."""
        return self.filter(purged_at=None)

    def approvable(self):
        """The comments that a moderator may approve or hold: no writer has deleted them, and their
        texts are not erased."""
        items = self.model.moderation_items.rel.related_model.objects.in_force().by_writer()
        return self.with_text().exclude(Exists(items.filter(comment=OuterRef("pk"))))

    def shown(self):
        """The comments that a thread shows: the published, and placeholders above them.

        A comment that is not published is a placeholder if a published one is below it, else it
        is hidden.
        """
        below = self.model._base_manager.filter(
            tree_id=OuterRef("tree_id"),
            lft__gt=OuterRef("lft"),
            rght__lt=OuterRef("rght"),
            state=State.PUBLISHED,
        )
        return self.filter(Q(state=State.PUBLISHED) | Exists(below))

    def shown_roots(self):
        """The top-level comments that are published or above a published one."""
        return self.filter(Q(state=State.PUBLISHED) | Q(tree_published__gt=0), parent=None)

    def newest_of_site(self, at=None):
        """The published comments on listed articles, newest first, with the article's title."""
        articles = Article.objects.listed(at).filter(pk=OuterRef("thread__article_id"))
        return self.published().filter(Exists(articles)).with_title().order_by("-posted_at", "-pk")

    def replies_of(self, staff, at=None):
        """The published answers of a member of the staff to others, on public articles."""
        return self.published().readable(at).filter(staff=staff, parent__isnull=False)

    def with_title(self):
        """With the title of the article, and without the HTML."""
        return self.for_detail().defer("html", "thread__article__body", "thread__article__lead")

    def with_last_edge(self):
        """Annotate each comment with ``last_edge``, the right edge of the comment of its tree that
        ends last before it does; None if none does."""
        ended = self.model._base_manager.filter(
            tree_id=OuterRef("tree_id"), rght__lt=OuterRef("rght")
        )
        return self.annotate(last_edge=Subquery(ended.order_by("-rght").values("rght")[:1]))

    def count_below(self, pks):
        """Return {pk: the number of comments below it} of some comments. One query."""
        return dict(self.filter(pk__in=pks).with_count_below())

    def with_count_below(self, *conditions):
        """Select the key of each comment, and the number of comments below it that fulfil some
        conditions."""
        below = self.model._base_manager.filter(
            *conditions,
            tree_id=OuterRef("tree_id"),
            lft__gt=OuterRef("lft"),
            lft__lt=OuterRef("rght"),
        )
        count = below.order_by().values("tree_id").annotate(count=Count("pk")).values("count")
        counted = self.order_by().annotate(below=Coalesce(Subquery(count), 0))
        return counted.values_list("pk", "below")

    def branch_of(self, comment):
        """The comment and all below it. Its edges must have been read under the lock."""
        return self.filter(tree_id=comment.tree_id, lft__gte=comment.lft, rght__lte=comment.rght)

    def branches_of(self, comments):
        """Some comments and all below them: for a hundred at most. Their edges must have been
        read under the lock."""
        branches = Q(pk=None)
        for top in comments:
            branches |= Q(tree_id=top.tree_id, lft__range=(top.lft, top.rght))
        return self.filter(branches)

    def answering(self, reader):
        """The published comments of others that reply to a reader's comments, or name their
        numbers."""
        if not reader.hash:
            return self.none()
        own = self.model._base_manager.filter(reader_hash=reader.hash).order_by()
        replies = self.model._base_manager.filter(parent__in=own.values("pk"))
        replies = filter_by_keys(replies, "tree_id", own.values("tree_id"))
        references = self.model.references.rel.related_model.objects
        named = references.filter(target__in=own.values("pk"))
        # One list of keys: with an "or" of two, PostgreSQL reads every comment of the site.
        answers = replies.order_by().values("pk").union(named.order_by().values("source"))
        return self.published().filter(pk__in=answers).exclude(reader_hash=reader.hash)

    def in_tree_order(self):
        """Oldest tree first, each comment before its replies, replies in order of posting."""
        return self.order_by("tree_id", "lft")

    def for_thread(self):
        """Fetch the related rows that a comment in the thread shows."""
        return self.select_related("staff")

    def for_detail(self):
        """With the related rows that a comment on a page of its own shows."""
        return self.select_related("thread__article", "staff")


class CommentManager(TreeManager.from_queryset(CommentQuerySet)):
    def _get_next_tree_id(self):
        """Take the number of a new tree from the database's sequence, never ``MAX + 1``.

        Overrides a private method of mptt 0.20.0, which is pinned for it; a test holds it.
        """
        return TreeNumber.take()[0]
