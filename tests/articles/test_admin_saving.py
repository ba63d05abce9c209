"""The form of an article after an error or a conflict."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories
from tests.articles.admin_forms import address, errors_of, form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return factories.article(title="港の灯台", slug="lighthouse")


def test_a_publication_that_failed_leaves_the_form_as_it_was(editor, article):
    """What is saved next publishes nothing by the way."""
    article.return_to_draft()
    failed = editor.post(address(article), form_of(article, title="", _state="published"))
    assert errors_of(failed)
    buttons = [value for value, _label in failed.context["state_buttons"]]
    assert buttons == ["review", "published", "scheduled"]
    assert failed.context["adminform"].form["status"].value() == "draft"
    assert f'href="{article.get_absolute_url()}"' not in failed.content.decode()


@pytest.mark.parametrize("name", ["published_at", "expires_at"])
def test_a_moment_that_nobody_changed_stays_as_it_is(editor, article, name):
    """The form shows whole seconds, so saving would be a change for the history."""
    moment = timezone.now() + timedelta(days=3 if name == "expires_at" else -3)
    setattr(article, name, moment.replace(microsecond=123_456))
    article.save()
    before = getattr(article, name)
    editor.post(address(article), form_of(article, title="港の新しい灯台"))
    article.refresh_from_db()
    assert (article.title, getattr(article, name)) == ("港の新しい灯台", before)
