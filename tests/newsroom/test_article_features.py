"""Featuring a comment, found from the form of its article."""

import pytest

from comments.models import Measure
from comments.models.states import Verb
from tests import factories, staff
from tests.articles.admin_forms import address
from tests.reading import parsed, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return factories.article(title="港の灯台")


def numbers(page, heading):
    """Return the numbers of the comments in the part with a heading."""
    return page.xpath(f"//section[@aria-labelledby='{heading}']//li//b/text()")


def test_the_form_leads_to_the_best_comments_and_to_those_featured(article):
    editor = staff.browser_of(staff.editor())
    low, high, removed, chosen = (
        factories.scored(article, score, text=f"意見{score}") for score in (1, 9, 20, 3)
    )
    removed.remove(by=factories.moderator(), reason="spam")
    Measure.take(Verb.FEATURE, by=editor.user, comment=chosen, value="front")
    form = read(editor, address(article))
    [row] = form.xpath("//a[contains(@href, '/feature/')]")
    assert "注目のコメント" in row.text_content() and ">>4" in row.text_content()
    page = read(editor, row.get("href"))
    assert numbers(page, "featured") == ["4"]
    assert numbers(page, "best") == ["2", "1"]
    links = page.xpath("//section[@aria-labelledby='best']//a/@href")
    assert links == [f"/comments/{each.pk}/feature/" for each in (high, low)]
    assert editor.get(links[0]).status_code == 200


def test_a_number_leads_to_any_other_comment(article):
    editor = staff.browser_of(staff.editor())
    comment = factories.comment(article)
    held = factories.comment(article, state="held")
    factories.comment(factories.article())
    path = address(article, "feature")
    assert editor.get(path, {"number": "1"})["Location"] == f"/comments/{comment.pk}/feature/"
    for wrong in (str(held.number), "99", "9" * 30, "-1", "x", ""):
        page = parsed(editor.get(path, {"number": wrong}))
        assert page.xpath("//input[@aria-invalid='true']/@value") == [wrong], wrong
        assert page.xpath("//div[@role='alert']//text()")


def test_who_may_not_feature_is_offered_nothing(article):
    user = staff.writer()
    writer = staff.browser_of(user)
    own = factories.article(author=user, status="draft", published_at=None)
    answers = [writer.get(address(each, "feature")) for each in (article, own)]
    assert [answer.status_code for answer in answers] == [404, 403]
    editor = staff.browser_of(staff.editor())
    draft = factories.article(status="draft", published_at=None)
    assert not read(editor, address(draft)).xpath("//a[contains(@href, '/feature/')]")
    assert editor.get("/admin/articles/article/0/feature/").status_code == 404
