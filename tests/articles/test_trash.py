"""The trash: nothing public is deleted by one press, and all comes back whole."""

from datetime import timedelta

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Redirect, RelatedArticle
from articles.models.readiness import NotReady
from articles.workflow import TransitionRefused
from comments.models import Comment
from tests import factories, staff
from tests.articles.admin_forms import address, form_of
from tests.reading import parsed, text, unbroken

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/article/"
DAY = timedelta(days=1)


@pytest.fixture
def article():
    """A public article with all that may belong to one."""
    article = factories.article(
        title="港の灯台", slug="lighthouse", category=factories.category("地域", slug="place")
    )
    article.tags.add("港")
    article.sources.create(title="灯台表")
    other = factories.article(title="関連の記事")
    RelatedArticle.objects.create(article=other, related=article)
    RelatedArticle.objects.create(article=article, related=other)
    Redirect.objects.remember("/old/", article=article)
    factories.comment(article, text="灯台だ")
    article.index()
    return article


@pytest.fixture
def boss():
    """An editor with the right to empty the trash."""
    user = staff.editor("boss")
    user.user_permissions.add(Permission.objects.get(codename="empty_trash"))
    return staff.browser_of(user)


def act(browser, action, *articles, **fields):
    chosen = {ACTION_CHECKBOX_NAME: [article.pk for article in articles]}
    place = LIST if action == "delete_selected" else f"{LIST}?state=trash"
    return browser.post(place, {"action": action, **chosen, **fields}, follow=True)


def status_of(article):
    return Article.objects.get(pk=article.pk).status


def titles(browser, **query):
    return [article.title for article in browser.get(LIST, query).context["cl"].result_list]


class TestTheWayIn:
    def test_one_press_moves_nothing_public(self, editor, article):
        page = editor.get(address(article, "delete"))
        assert "sure" in page.context["form"].fields
        editor.post(address(article, "delete"))
        editor.post(address(article, "delete"), {"post": "yes"})
        act(editor, "delete_selected", article)
        act(editor, "delete_selected", article, post="yes")
        assert status_of(article) == "published"

    def test_a_second_yes_does(self, editor, article):
        answer = editor.post(address(article, "delete"), {"post": "yes", "sure": "on"}, follow=True)
        assert "ゴミ箱" in str(list(answer.context["messages"])[0])
        article.refresh_from_db()
        assert (article.status, article.trashed_from) == ("trash", "published")
        assert article.history.first().history_user == editor.user

    def test_the_list_moves_many(self, editor, article):
        other = factories.article(status="draft")
        act(editor, "delete_selected", article, other, post="yes", sure="on")
        assert (status_of(article), status_of(other)) == ("trash", "trash")

    @pytest.mark.parametrize("status", ["draft", "review", "withdrawn"])
    def test_what_is_not_public_needs_one_yes(self, editor, status):
        article = factories.article(status=status)
        assert editor.get(address(article, "delete")).status_code == 200
        editor.post(address(article, "delete"), {"post": "yes"})
        assert status_of(article) == "trash"

    def test_who_may_not_publish_moves_nothing_public(self, article):
        permissions = ("change_article", "view_article", "delete_article", "change_any_article")
        helper = staff.browser_of(factories.user("helper", *permissions, is_staff=True))
        yes = {"post": "yes", "sure": "on"}
        assert helper.post(address(article, "delete"), yes).status_code == 403
        act(helper, "delete_selected", article, **yes)
        assert status_of(article) == "published"

    def test_no_other_way_leads_in_or_out(self, article):
        article.trash()
        for verb in (Article.publish, Article.submit, Article.return_to_draft, Article.trash):
            if verb is not Article.trash:
                with pytest.raises(TransitionRefused):
                    verb(article)
        article.status = "published"
        with pytest.raises(TransitionRefused):
            article.save()
        assert status_of(article) == "trash"


class TestInTheTrash:
    @pytest.fixture
    def trashed(self, article):
        article.trash()
        return article

    def test_its_address_answers_410_and_says_nothing(self, client, trashed):
        page = client.get(trashed.get_absolute_url())
        assert page.status_code == 410
        assert "港の灯台" not in page.content.decode()
        assert client.get("/old/").url == trashed.get_absolute_url()

    @pytest.mark.parametrize("status", ["draft", "review"])
    def test_of_what_was_never_public_nobody_learns(self, client, status):
        article = factories.article(status=status)
        article.trash()
        assert client.get(article.get_absolute_url()).status_code == 404

    def test_of_what_was_scheduled_neither(self, client):
        article = factories.article(published_at=timezone.now() + DAY)
        article.trash()
        assert client.get(article.get_absolute_url()).status_code == 404

    def test_nothing_public_shows_it(self, client, trashed):
        other = Article.objects.get(title="関連の記事")
        places = ["/", "/categories/place/", "/feed/", "/sitemap-news.xml", "/archive/"]
        places += [other.get_absolute_url(), "/search/?q=灯台", "/search/suggest/?q=灯台"]
        for place in places:
            assert "lighthouse" not in client.get(place).content.decode(), place

    def test_no_list_of_the_staff_does_but_the_trash(self, editor, trashed):
        assert titles(editor) == ["関連の記事"]
        assert titles(editor, q="灯台") == []
        assert titles(editor, state="trash") == ["港の灯台"]
        query = {"app_label": "articles", "model_name": "relatedarticle", "field_name": "related"}
        answer = editor.get(reverse("admin:autocomplete"), query | {"term": "灯台"})
        assert answer.json()["results"] == []

    def test_it_is_read_but_not_changed(self, editor, trashed):
        page = editor.get(address(trashed))
        assert page.status_code == 200
        assert address(trashed, "restore") in page.content.decode()
        answer = editor.post(address(trashed), form_of(trashed, title="別の題"))
        assert answer.status_code == 403
        trashed.refresh_from_db()
        assert trashed.title == "港の灯台"

    def test_a_link_to_it_is_dead(self, trashed):
        draft = factories.article(status="draft", category=trashed.category)
        draft.body = f'<p><a href="{trashed.get_absolute_url()}">続き</a></p>'
        draft.save()
        with pytest.raises(NotReady):
            draft.publish()

    def test_its_comments_stay(self, trashed):
        assert Comment.objects.filter(thread__article=trashed).count() == 1


def read_row(article):
    """Return all columns but the version, which rises with every change."""
    row = Article.objects.filter(pk=article.pk).values().get()
    return {name: value for name, value in row.items() if name != "version"}


class TestTheWayBack:
    def test_it_comes_whole(self, editor, client, article):
        before = read_row(article)
        revisions = article.history.count()
        article.trash()
        editor.post(address(article, "restore"))
        assert read_row(article) == before
        page = unbroken(client.get(article.get_absolute_url()))
        for part in ("港の灯台", "灯台だ", "灯台表", "関連の記事"):
            assert part in page
        assert client.get("/old/").url == article.get_absolute_url()
        assert list(article.tags.names()) == ["港"]
        assert article.history.count() == revisions + 2
        assert article.history.first().snapshot["tags"] == ["港"]
        assert "lighthouse" in client.get("/search/?q=灯台").content.decode()

    @pytest.mark.parametrize("status", ["draft", "review", "withdrawn", "published"])
    def test_it_has_the_state_that_it_had(self, editor, status):
        article = factories.article(status=status, category=factories.category())
        article.trash()
        act(editor, "restore", article)
        assert status_of(article) == status

    def test_a_scheduled_moment_that_passed_publishes_nothing(self, article):
        article.published_at = timezone.now() + DAY
        article.schedule()
        article.trash()
        Article.objects.filter(pk=article.pk).update(
            published_at=timezone.now() - DAY, trashed_at=timezone.now() - 2 * DAY
        )
        article.refresh_from_db()
        article.restore()
        assert article.status == "draft"

    def test_one_that_is_still_to_come_is_scheduled_again(self, article):
        article.schedule(at=timezone.now() + DAY)
        article.trash()
        article.restore()
        assert article.is_scheduled

    def test_the_gate_holds(self, editor):
        """It comes back as a draft, and the desk says why."""
        article = factories.article(lead="")
        article.trash()
        with pytest.raises(NotReady):
            article.restore()
        answer = editor.post(address(article, "restore"), follow=True)
        assert status_of(article) == "draft"
        assert "リードがありません。" in answer.content.decode()

    def test_a_writer_brings_back_own_drafts_only(self, writer):
        mine = factories.article(status="draft", author=writer.user)
        public = factories.article(author=writer.user)
        for article in (mine, public):
            article.trash()
            writer.post(address(article, "restore"))
        assert (status_of(mine), status_of(public)) == ("draft", "trash")


class TestEmptying:
    def test_it_needs_a_right_of_its_own(self, editor):
        article = factories.article(status="draft")
        article.trash()
        act(editor, "empty", article, sure="on")
        assert status_of(article) == "trash"

    def test_it_asks_and_names_what_goes(self, boss):
        article = factories.article(status="draft")
        Redirect.objects.remember("/old/", article=article)
        article.trash()
        page = act(boss, "empty", article)
        assert status_of(article) == "trash"
        assert any(count == 1 for _name, count in page.context["counts"])
        act(boss, "empty", article, sure="on")
        assert not Article.objects.exists()
        assert not Article.history.exists()
        assert not Redirect.objects.exists()

    def test_nothing_outside_the_trash_goes(self, boss):
        article = factories.article(status="draft")
        act(boss, "empty", article, sure="on")
        assert status_of(article) == "draft"
        with pytest.raises(ValueError, match="trash"):
            article.empty()

    def test_comments_and_their_record_keep_an_article(self, boss, article):
        article.trash()
        page = act(boss, "empty", article)
        assert page.context["protected_articles"] == [article]
        [line] = [text(each) for each in parsed(page).xpath("//main//li")]
        assert article.title in line and "コメント 1" in line
        buttons = [
            text(each) for each in parsed(page).xpath("//*[@class='question__buttons buttons']/*")
        ]
        assert buttons == ["ゴミ箱に残す"]
        act(boss, "empty", article, sure="on")
        assert status_of(article) == "trash"
        assert Comment.objects.count() == 1
