"""The form of an article after an error or a conflict."""

import pytest

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
