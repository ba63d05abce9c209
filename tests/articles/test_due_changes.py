"""Changes that are due at once: an error of one stops no other."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError
from django.utils import timezone

from articles.models import ArticleChange
from articles.models.article_change import read_content
from tests import factories

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def changes():
    """Changes of two articles that are due, in the order in which they are applied."""
    category = factories.category()
    return [schedule(factories.article(category=category), hours) for hours in (2, 1)]


def schedule(article, hours):
    content = read_content(article)
    content["fields"]["title"] = "新しい題"
    change = ArticleChange(article=article)
    change.save_content(content, fields={}, by=None)
    change.schedule(at=timezone.now() + HOUR)
    ArticleChange.objects.filter(pk=change.pk).update(at=timezone.now() - hours * HOUR)
    return change


def fail_for(chosen, build_error, monkeypatch):
    """Let one change raise an error when it is applied."""
    apply = ArticleChange.apply

    def fail(change, **kwargs):
        if change.pk == chosen.pk:
            raise build_error()
        return apply(change, **kwargs)

    monkeypatch.setattr(ArticleChange, "apply", fail)


@pytest.mark.parametrize("error", [ValueError, TypeError, IntegrityError])
def test_the_change_is_refused_and_the_next_one_applied(changes, error, monkeypatch, caplog):
    first = changes[0]
    fail_for(first, error, monkeypatch)
    assert ArticleChange.objects.apply_due() == 1
    first.refresh_from_db()
    assert (first.status, first.at) == ("draft", None)
    assert "エラー" in first.note and error.__name__ in caplog.text
    for change in changes:
        change.article.refresh_from_db()
    assert [change.article.title == "新しい題" for change in changes] == [False, True]


def test_an_error_of_the_connection_ends_the_pass(changes, monkeypatch):
    fail_for(changes[0], OperationalError, monkeypatch)
    with pytest.raises(OperationalError):
        ArticleChange.objects.apply_due()
    assert ArticleChange.objects.due().count() == 2


def test_a_change_that_was_discarded_meanwhile_stops_no_other(changes, monkeypatch):
    def discard():
        ArticleChange.objects.filter(pk=changes[0].pk).delete()
        return ValueError()

    fail_for(changes[0], discard, monkeypatch)
    assert ArticleChange.objects.apply_due() == 1
    assert not ArticleChange.objects.exists()
