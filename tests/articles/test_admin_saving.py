"""The form of an article after an error or a conflict."""

import pytest

from tests import factories, staff
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
    assert article.get_absolute_url() not in failed.content.decode()


def test_what_a_colleague_saved_meanwhile_is_not_replaced_unseen(editor, article):
    def seen(answer):
        return answer.context["adminform"].form["seen"].value()

    colleague = staff.browser_of(staff.editor("colleague"))
    opened = seen(editor.get(address(article)))
    theirs = form_of(article, title="同僚の見出し", seen=seen(colleague.get(address(article))))
    assert colleague.post(address(article), theirs).status_code == 302
    mine = form_of(article, title="私の見出し", seen=opened)
    refused = editor.post(address(article), mine)
    assert str(colleague.user) in errors_of(refused)["__all__"][0]
    assert refused.context["adminform"].form["title"].value() == "私の見出し"
    assert "私の見出し" in editor.post(address(article, "preview"), mine).content.decode()
    assert editor.post(address(article), mine | {"seen": seen(refused)}).status_code == 302
    article.refresh_from_db()
    assert article.title == "私の見出し"
