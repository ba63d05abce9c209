"""The edition rises with what pages show, whoever changes it."""

import pytest

from newsroom.models import Edition
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def count_editions():
    def count(act):
        before = Edition.objects.values_list("number", flat=True).first()
        act()
        return Edition.objects.values_list("number", flat=True).first() - before

    return count


@pytest.fixture
def article():
    return factories.article(category=factories.category())


def test_another_category_raises_it_outside_the_admin(article, count_editions):
    others = [factories.category(), factories.category()]
    assert count_editions(lambda: article.other_categories.set(others)) >= 1
    assert count_editions(lambda: article.other_categories.remove(others[0])) >= 1
    assert count_editions(lambda: article.other_categories.set(others[1:])) == 0  # as it was
    assert count_editions(article.other_categories.clear) >= 1


def test_a_tag_raises_it(article, count_editions):
    assert count_editions(lambda: article.tags.add("harbour")) >= 1
    assert count_editions(lambda: article.tags.remove("harbour")) >= 1
