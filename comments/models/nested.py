"""The place of a comment in its tree."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from mptt.models import MPTTModel, TreeForeignKey


class Nested(MPTTModel):
    """A comment in the tree of its top-level comment.

    Only ``comments.models.trees`` writes these columns. There is room between the edges, so a
    branch is an interval, but its size has to be counted; that of a tree is stored.
    """

    parent = TreeForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="replies",
        verbose_name=_("in reply to"),
    )
    tree_id = models.PositiveIntegerField(editable=False)
    lft = models.PositiveBigIntegerField(editable=False)
    rght = models.PositiveBigIntegerField(editable=False)
    tree_version = models.PositiveBigIntegerField(
        default=0,
        editable=False,
        help_text=_("Top-level comments only: version of the thread when this tree last changed."),
    )
    tree_size = models.PositiveIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text=_("Top-level comments only: number of comments in this tree."),
    )
    tree_published = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text=_("Top-level comments only: number of published comments in this tree."),
    )

    class MPTTMeta:
        order_insertion_by = []

    class Meta:
        abstract = True

    def below(self):
        """The comments below it."""
        return type(self).objects.filter(tree_id=self.tree_id, lft__gt=self.lft, lft__lt=self.rght)

    def get_descendant_count(self):
        """Return the number of comments below it. One query, none for a top-level comment. mptt
        computes it from the edges, which leave no room there."""
        return self.tree_size - 1 if self.parent_id is None else self.below().count()

    def is_leaf_node(self):
        """Return whether nobody has replied to it."""
        return not self.below().exists()

    def visible_descendants(self):
        """The published comments below it."""
        return self.below().published()

    def read_index(self):
        """Return its index in its tree, in which the top-level comment has 0. One query."""
        before = type(self).objects.filter(tree_id=self.tree_id, lft__lt=self.lft)
        return before.count()
