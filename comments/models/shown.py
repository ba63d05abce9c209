"""What a thread shows of a comment, from the columns of the comment alone."""

from django.urls import reverse
from django.utils.translation import gettext as _

from comments.models.states import State


class Shown:
    """A comment with the columns that a thread shows: a model instance, or a row that a page of
    a thread reads in its place."""

    def get_absolute_url(self):
        return reverse("comments:detail", args=[self.pk])

    @property
    def anchor(self):
        return f"comment-{self.pk}"

    @property
    def display_name(self):
        return name_writer(self.name, _("Anonymous"))

    @property
    def is_published(self):
        return self.state == State.PUBLISHED

    @property
    def is_held(self):
        return self.state == State.HELD

    @property
    def is_removed(self):
        return self.state == State.REMOVED


def name_writer(name, anonymous):
    """Return the name that a comment is shown with."""
    return name or anonymous
