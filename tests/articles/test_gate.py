"""The gate: an article that is not ready becomes public by no way."""

import ast
from datetime import timedelta

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.models import Article
from articles.models.readiness import NotReady
from articles.workflow import Verb
from tests import factories, pictures
from tests.articles.admin_forms import ADD, address, errors_of, form_of, ready
from tests.articles.test_readiness import TOMORROW, add_figure
from tests.newsroom.test_house import APPS, code, name_of

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/article/"


class TestEveryWay:
    """An article without a lead becomes public by none of the ways."""

    @pytest.fixture
    def bare(self, draft):
        draft.lead = ""
        draft.save()
        return draft

    WAYS = {
        "publish": lambda article: article.publish(),
        "publish earlier": lambda article: article.publish(at=timezone.now() - TOMORROW),
        "schedule": lambda article: article.schedule(at=timezone.now() + TOMORROW),
        "save": lambda article: _set(article).save(),
        "save fields": lambda article: _set(article).save(update_fields=["status", "published_at"]),
        "save whole": lambda article: _set(article).save_whole(lambda: None),
        "clean": lambda article: _set(article).full_clean(),
        "create": lambda article: _set(Article(slug="new")).save(),
        "bulk_create": lambda article: Article.objects.bulk_create([_set(Article(slug="new"))]),
        "update": lambda article: Article.objects.filter(pk=article.pk).update(
            status="published", published_at=timezone.now()
        ),
        "update all": lambda article: Article.objects.update(
            status="published", published_at=timezone.now()
        ),
    }

    @pytest.mark.parametrize("way", WAYS)
    def test_no_code_publishes_it(self, bare, way):
        with pytest.raises(ValidationError, match="リード"):
            self.WAYS[way](bare)
        assert not Article.objects.filter(status="published").exists()

    @pytest.mark.parametrize("button", ["published", "scheduled"])
    def test_no_button_of_the_form(self, editor, bare, button):
        tomorrow = timezone.localtime() + TOMORROW
        moment = {"published_at_0": f"{tomorrow:%Y-%m-%d}", "published_at_1": "06:00:00"}
        fields = {"_state": button, **(moment if button == "scheduled" else {})}
        assert errors_of(editor.post(address(bare), form_of(bare, **fields))).keys() == {"lead"}
        answer = editor.post(ADD, ready(**fields | {"lead": ""}))
        assert errors_of(answer).keys() == {"lead"}
        assert not Article.objects.filter(status="published").exists()

    @pytest.mark.parametrize("action", ["publish", "schedule"])
    def test_no_action_of_the_list(self, editor, bare, action):
        bare.published_at = timezone.now() + (TOMORROW if action == "schedule" else -TOMORROW)
        bare.save()
        chosen = {"action": action, "confirmed": "on", ACTION_CHECKBOX_NAME: [bare.pk]}
        page = editor.post(LIST, chosen, follow=True)
        assert "リードがありません。" in page.content.decode()
        assert address(bare) in str(list(page.context["messages"])[0])
        bare.refresh_from_db()
        assert bare.status == "draft"

    def test_expiry_that_is_moved_publishes_nothing(self, bare):
        past = timezone.now() - TOMORROW
        bare.status, bare.published_at = "published", past - TOMORROW
        bare.expires_at = past
        bare.verb = Verb.IMPORT
        bare.save()
        bare.expires_at = None
        with pytest.raises(NotReady):
            bare.save()
        with pytest.raises(NotReady):
            Article.objects.filter(pk=bare.pk).update(expires_at=None)

    def test_a_stale_row_does_not_hide_the_state(self, draft):
        stale = Article.objects.get(pk=draft.pk)
        draft.publish()
        stale.lead = ""
        with pytest.raises(NotReady):
            stale.save(update_fields=["lead"])

    def test_a_scheduled_article_stays_ready(self, draft):
        draft.schedule(at=timezone.now() + TOMORROW)
        draft.lead = ""
        with pytest.raises(NotReady):
            draft.save()

    def test_a_verb_that_is_refused_changes_nothing(self, bare):
        with pytest.raises(NotReady):
            bare.publish()
        assert (bare.status, bare.published_at, bare.verb) == ("draft", None, Verb.SAVE)
        bare.lead = "霧。"
        bare.save()
        bare.publish()
        assert bare.is_published


def _set(article):
    article.status, article.published_at = "published", timezone.now()
    return article


class TestOldFaults:
    @pytest.fixture
    def faulty(self):
        """A public article of another system: it has no category and no lead."""
        return factories.article(lead="")

    def test_a_public_article_is_saved_with_them(self, editor, faulty):
        assert editor.post(address(faulty), form_of(faulty, title="直した題")).status_code == 302
        faulty.refresh_from_db()
        assert faulty.title == "直した題"

    def test_it_gets_no_new_ones(self, editor, faulty):
        picture = pictures.stored_once()
        add_figure(faulty, picture)
        with pytest.raises(NotReady):
            faulty.save()
        faulty.refresh_from_db()
        answer = editor.post(address(faulty), form_of(faulty, body="<p> </p>"))
        assert errors_of(answer).keys() == {"body"}

    def test_the_checklist_shows_them(self, editor, faulty):
        page = editor.get(address(faulty)).content.decode()
        for sentence in ("分野が選ばれていません。", "リードがありません。"):
            assert sentence in page

    def test_it_is_not_published_again(self, faulty):
        faulty.withdraw(note="誤報")
        with pytest.raises(NotReady):
            faulty.publish()


class TestDates:
    def test_a_future_date_is_no_publication(self, draft):
        draft.published_at = timezone.now() + TOMORROW
        with pytest.raises(NotReady) as refusal:
            draft.publish()
        assert [item.code for item in refusal.value.items] == ["future"]
        draft.status = "published"
        with pytest.raises(NotReady):
            draft.save()

    @pytest.mark.parametrize(("days", "code"), [(-1, "past"), (None, "undated")])
    def test_only_a_future_date_is_scheduled(self, draft, days, code):
        at = None if days is None else timezone.now() + timedelta(days=days)
        with pytest.raises(NotReady) as refusal:
            draft.schedule(at=at)
        assert [item.code for item in refusal.value.items] == [code]

    def test_a_public_article_does_not_vanish_by_its_date(self, draft):
        draft.publish()
        draft.published_at = timezone.now() + TOMORROW
        with pytest.raises(NotReady):
            draft.save()
        draft.schedule()
        assert draft.is_scheduled

    def test_a_scheduled_date_moves_on_but_not_into_the_past(self, draft):
        draft.schedule(at=timezone.now() + TOMORROW)
        draft.published_at += TOMORROW
        draft.save()
        draft.published_at = timezone.now() - TOMORROW
        with pytest.raises(NotReady):
            draft.save()

    def test_the_form_publishes_no_future_date(self, editor):
        tomorrow = timezone.localtime() + TOMORROW
        moment = {"published_at_0": f"{tomorrow:%Y-%m-%d}", "published_at_1": "06:00:00"}
        answer = editor.post(ADD, ready(_state="published", **moment))
        assert errors_of(answer).keys() == {"published_at"}
        assert errors_of(editor.post(ADD, ready(_state="scheduled"))).keys() == {"published_at"}

    @pytest.mark.parametrize("days", [1, -1])
    def test_an_emptied_date_publishes_nothing(self, editor, draft, days):
        at = timezone.now() + timedelta(days=days)
        draft.schedule(at=at) if days > 0 else draft.publish(at=at)
        emptied = {"published_at_0": "", "published_at_1": ""}
        answer = editor.post(address(draft), form_of(draft, **emptied))
        assert errors_of(answer).keys() == {"published_at"}
        draft.refresh_from_db()
        assert draft.published_at == at

    def test_the_button_publishes_now_what_was_scheduled(self, editor, draft):
        draft.schedule(at=timezone.now() + TOMORROW)
        assert editor.post(address(draft), form_of(draft, _state="published")).status_code == 302
        draft.refresh_from_db()
        assert draft.is_published


@pytest.mark.once
def test_only_these_restore_what_was_public_elsewhere():
    callers = {
        name_of(path)
        for path in code(*APPS)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"IMPORT", "PREVIEW"}
    }
    assert callers == {
        "articles/workflow.py",
        "articles/admin/preview.py",
        "newsroom/demo/loading.py",
        "newsroom/load_data/article_rows.py",
        "newsroom/wordpress/posts.py",
    }
