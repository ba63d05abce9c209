"""The workflow of an article, and each queryset rule beside its property."""

from datetime import timedelta
from itertools import product

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from articles.workflow import NEXT, Status, TransitionRefused, Verb, may_change
from tests import factories, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return factories.category()


VERBS = {
    Status.DRAFT: Article.return_to_draft,
    Status.REVIEW: Article.submit,
    Status.PUBLISHED: Article.publish,
    Status.TRASH: Article.trash,
    Status.WITHDRAWN: lambda article: article.withdraw(note="誤報"),
}
NEEDS_DATE = "公開日時が必要です"
EXPIRES_EARLY = "公開終了日時は公開日時より後にしてください"
TRANSITIONS = list(product(Status, Status))


def stored_status(article):
    return Article.objects.values_list("status", flat=True).get(pk=article.pk)


class TestTransitions:
    @pytest.mark.parametrize(("before", "after"), TRANSITIONS)
    def test_a_verb_follows_the_workflow(self, before, after, place):
        article = factories.article(status=before, category=place)
        if after in NEXT[before]:
            VERBS[after](article)
            assert stored_status(article) == article.status == after
        else:
            with pytest.raises(TransitionRefused):
                VERBS[after](article)
            assert stored_status(article) == article.status == before

    @pytest.mark.parametrize(("before", "after"), TRANSITIONS)
    def test_so_do_saving_and_cleaning(self, before, after, place):
        article = factories.article(status=before, category=place)
        article.status = after
        if after == Status.TRASH and before != after:
            article.trashed_from, article.trashed_at = before, timezone.now()
        if after in NEXT[before]:
            article.full_clean()
            article.save()
        else:
            with pytest.raises(ValidationError) as refusal:
                article.full_clean()
            assert "transition" in [error.code for error in refusal.value.error_dict["__all__"]]
            with pytest.raises(TransitionRefused):
                article.save()
        assert stored_status(article) == (after if after in NEXT[before] else before)

    def test_what_counts_is_the_state_in_the_database(self, place):
        article = factories.article(status="review", category=place)
        Article.objects.get(pk=article.pk).publish()
        with pytest.raises(TransitionRefused):
            article.submit()
        assert stored_status(article) == "published"

    def test_a_stale_article_is_not_saved_against_the_workflow(self, place):
        stale = factories.article(status="withdrawn", category=place)
        Article.objects.get(pk=stale.pk).return_to_draft()
        with pytest.raises(TransitionRefused):
            stale.save()
        with pytest.raises(TransitionRefused):
            stale.save(update_fields=["status"])
        assert stored_status(stale) == "draft"

    def test_the_check_costs_no_query(self, place):
        article = factories.article(status="draft", category=place)
        with CaptureQueriesContext(connection) as queries:
            article.save(update_fields=["status"])
        savepoint, update, revision, release = (query["sql"] for query in queries)
        assert update.startswith('UPDATE "articles_article"')
        assert revision.startswith('INSERT INTO "articles_historicalarticle"')

    def test_a_new_article_with_a_key_may_have_any_status(self, place):
        article = factories.article(category=place)
        article.pk, article.slug, article.status = article.pk + 1, "copy", Status.WITHDRAWN
        article.save()
        assert stored_status(article) == "withdrawn"

    def test_other_fields_are_saved_in_any_state(self, place):
        article = factories.article(status="withdrawn", category=place)
        article.title = "別の題"
        article.save(update_fields=["title"])
        assert Article.objects.get().title == "別の題"

    def test_each_step_is_a_revision_with_its_snapshot(self, place):
        article = factories.article(status="draft", category=place)
        article.tags.add("港")
        article.publish()
        assert article.history.first().snapshot["tags"] == ["港"]


class TestDates:
    def test_a_publication_has_a_date(self, place):
        article = factories.article(status="draft", published_at=None, category=place)
        article.status = Status.PUBLISHED
        with pytest.raises(ValidationError, match=NEEDS_DATE):
            article.save()

    def test_nothing_expires_before_its_publication(self, place):
        article = factories.article(status="draft", published_at=None, category=place)
        article.expires_at = timezone.now() - timedelta(days=1)
        article.save()
        with pytest.raises(ValidationError, match=EXPIRES_EARLY):
            article.publish()
        assert stored_status(article) == "draft"

    def test_the_list_says_why(self, place):
        expires_at = timezone.now() - timedelta(days=1)
        article = factories.article(
            status="draft", published_at=None, expires_at=expires_at, category=place
        )
        action = {"action": "publish", "confirmed": "on", ACTION_CHECKBOX_NAME: [article.pk]}
        editor = staff.browser_of(staff.editor())
        answer = editor.post("/admin/articles/article/", action, follow=True)
        [message] = answer.context["messages"]
        assert EXPIRES_EARLY in str(message)
        assert article.title in str(message)


PAIRS = {
    "published": "is_published",
    "scheduled": "is_scheduled",
    "expired": "is_expired",
    "reachable": "is_reachable",
    "trashed": "is_trashed",
    "gone": "is_gone",
}


class TestOneRule:
    @pytest.fixture
    def articles(self):
        """An article for each combination of state, kind, publication and expiry that exists."""
        moments = [None, *(timezone.now() + timedelta(days=days) for days in (-2, -1, 1, 2))]
        grid = product(Status, Article.Kind, moments, moments)
        articles = [
            Article(
                slug=f"article-{number}",
                status=status,
                kind=kind,
                published_at=published_at,
                expires_at=expires_at,
                trashed_from="published" if status == Status.TRASH else "",
                trashed_at=timezone.now() if status == Status.TRASH else None,
            )
            for number, (status, kind, published_at, expires_at) in enumerate(grid)
            if published_at or status != Status.PUBLISHED
            if not (published_at and expires_at and expires_at <= published_at)
        ]
        for article in articles:
            article.verb = Verb.IMPORT
        Article.objects.bulk_create(articles)
        return list(Article.objects.all())

    def test_a_queryset_holds_the_articles_whose_property_says_so(self, articles):
        for method, name in PAIRS.items():
            chosen = set(getattr(Article.objects, method)())
            assert chosen == {article for article in articles if getattr(article, name)}, method
            assert set() < chosen < set(articles), method

    def test_featured_and_breaking_end_by_themselves(self, articles):
        moments = [None, *(timezone.now() + timedelta(days=days) for days in (-1, 1))]
        for number, article in enumerate(articles):
            article.featured = number % 2 == 0
            article.featured_until, article.breaking_until = (
                moments[number % 3],
                moments[-number % 3],
            )
        Article.objects.bulk_update(articles, ["featured", "featured_until", "breaking_until"])
        for method, name in (("featured", "is_featured"), ("breaking", "is_breaking")):
            chosen = set(getattr(Article.objects, method)())
            assert chosen == {article for article in articles if getattr(article, name)}
            assert set() < chosen < set(articles)

    def test_lists_hold_what_is_published_but_for_pages(self, articles):
        listed = {article for article in articles if article.is_published and not article.is_page}
        assert set(Article.objects.listed()) == listed

    @pytest.mark.parametrize("person", ["writer", "editor", "moderator"])
    def test_who_may_change_what(self, articles, person):
        user = getattr(staff, person)()
        Article.objects.filter(pk__in=[article.pk for article in articles[::2]]).update(author=user)
        articles = list(Article.objects.all())
        chosen = set(Article.objects.changeable_by(user))
        assert chosen == {article for article in articles if may_change(user, article)}
        linkable = {article for article in chosen if not article.is_trashed}
        linkable |= set(Article.objects.published())
        assert set(Article.objects.linkable_by(user)) == linkable
