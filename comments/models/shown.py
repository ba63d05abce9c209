"""What a thread shows of a comment, from the columns of the comment alone."""

from functools import cache

from django.urls import reverse
from django.utils.translation import gettext as _

from comments.models.states import State


class Shown:
    """A comment with the columns that a thread shows: a model instance, or a row that a page of
    a thread reads in its place."""

    def get_absolute_url(self):
        before, after = _split_address()
        return f"{before}{self.pk}{after}"

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


@cache
def _split_address():
    """Return what stands before and after the number in the address of a comment."""
    before, _number, after = reverse("comments:detail", args=[0]).partition("0")
    return before, after


def name_writer(name, anonymous):
    """Return the name that a comment is shown with."""
    return name or anonymous
