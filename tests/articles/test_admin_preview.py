"""The preview: it shows the public page of an unsaved form and saves nothing."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from articles.models import Article, ArticleChange, Redirect, WorkingCopy
from tests import factories, staff
from tests.articles.admin_forms import (
    ADD,
    address,
    filled_in,
    form_of,
    saved,
    see_preview,
)
from tests.reading import parsed, texts

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NEW = "/admin/articles/article/preview/"


@pytest.fixture
def draft():
    return factories.article(
        title="原稿", slug="draft", lead="霧の朝。", status="draft", published_at=None
    )


@pytest.fixture
def public():
    return factories.article(title="公開中", slug="public", lead="霧の朝。")


def headline(answer):
    return texts(parsed(answer), "article__title")


@pytest.mark.parametrize(
    "state",
    [
        {"status": "draft", "published_at": None},
        {"status": "review", "published_at": None},
        {"status": "published", "published_at": timezone.now() + timedelta(days=1)},
        {"status": "published"},
        {"status": "published", "expires_at": timezone.now() - timedelta(hours=1)},
        {"status": "withdrawn", "withdrawal_note": "誤り。"},
        {"status": "trash", "trashed_from": "draft", "trashed_at": timezone.now()},
    ],
    ids=["draft", "review", "scheduled", "public", "expired", "withdrawn", "trash"],
)
def test_each_state_is_shown_as_the_public_page(editor, state):
    at = {"published_at": timezone.now() - timedelta(days=2)}
    article = factories.article(title="原稿", slug="any", lead="霧の朝。", **(at | state))
    answer = see_preview(editor, article)
    assert "articles/article_detail.html" in [template.name for template in answer.templates]
    page = parsed(answer)
    assert texts(page, "article__title") == ["原稿"]
    assert texts(page, "article__lead") == ["霧の朝。"]
    assert editor.get(address(article, "preview")).status_code == 200


def test_readers_see_nothing_of_it(client, editor, draft):
    see_preview(editor, draft)
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get(f"{address(draft, 'preview')}page/").status_code == 302


@pytest.mark.parametrize("page", ["", "page/"])
def test_nothing_keeps_it(editor, draft, page):
    answer = editor.get(address(draft, "preview") + page)
    assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
    assert "ETag" not in answer
    assert answer["X-Robots-Tag"] == "noindex"
    assert "noindex" in parsed(answer).xpath("//meta[@name='robots']/@content")


def test_only_its_own_page_may_frame_it(editor, draft):
    shell, page = editor.get(address(draft, "preview")), see_preview(editor, draft)
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in shell["Content-Security-Policy"]
    assert shell["X-Frame-Options"] == "DENY"
    assert "frame-src" in shell["Content-Security-Policy"]
    [rule] = [each for each in shell["Content-Security-Policy"].split("; ") if "frame-src" in each]
    assert "'self'" in rule
    assert (
        "frame-ancestors 'none'" in editor.get(draft.get_absolute_url())["Content-Security-Policy"]
    )


def test_it_holds_nothing_that_only_a_public_page_has(editor, public):
    page = parsed(see_preview(editor, public))
    assert not page.xpath("//*[@id='comments' or @id='write']")
    assert not page.xpath("//script[contains(@src, 'reads') or contains(@src, 'thread')]")


def test_it_speaks_the_sites_language_to_every_editor(editor, draft):
    place = f"{address(draft, 'preview')}page/"
    answer = editor.get(place, headers={"accept-language": "en"})
    assert '<html lang="ja"' in answer.content.decode()


class TestShowcase:
    def test_it_is_what_the_page_says_to_others(self, editor, draft):
        page = parsed(editor.get(address(draft, "preview")))
        assert texts(page, "search-result__title") == ["原稿 | 港湾新報"]
        assert texts(page, "search-result__text") == ["霧の朝。"]
        assert texts(page, "social-card__title") == ["原稿"]
        assert texts(page, "social-card__text") == ["霧の朝。"]
        assert page.xpath("//img[@class='social-card__picture']/@src")
        [address_of] = texts(page, "preview__address")
        assert address_of.endswith(draft.get_absolute_url())

    def test_it_counts_full_width_characters_and_says_what_is_cut_off(self, editor, draft):
        draft.title = "港" * 26 + "abc"
        draft.save()
        page = parsed(editor.get(address(draft, "preview")))
        [long] = texts(page, "preview__long")
        assert "33" in long and "30" in long

    def test_words_in_the_form_change_it(self, editor, draft):
        answer = editor.post(address(draft, "preview"), form_of(draft, title="直した題"))
        page = parsed(editor.get(answer.url))
        assert texts(page, "social-card__title") == ["直した題"]


def test_it_shows_what_stands_in_the_form_and_saves_nothing(editor, draft):
    fields = {
        "title": "直した題",
        "slug": "other",
        "tags": ["港"],
        "sources": [{"title": "航路図", "publisher": "", "url": "", "position": ""}],
        "_state": "published",
    }
    page = parsed(see_preview(editor, draft, form_of(draft, **fields)))
    assert texts(page, "article__title") == ["直した題"]
    assert texts(page, "article__tag") == ["港"]
    assert texts(page, "article__source") == ["航路図"]
    draft.refresh_from_db()
    assert (draft.title, draft.slug, draft.status) == ("原稿", "draft", "draft")
    assert not draft.tags.exists()
    assert not draft.sources.exists()
    assert draft.history.count() == 1
    assert not Redirect.objects.exists()
    assert not LogEntry.objects.exists()


def test_an_article_is_previewed_before_it_is_saved_at_all(editor):
    assert headline(see_preview(editor, None, filled_in(title="まだない記事"))) == ["まだない記事"]
    assert not Article.objects.exists()


def test_a_form_with_errors_comes_back_with_them(editor, draft):
    answer = editor.post(address(draft, "preview"), form_of(draft, title=""))
    assert answer.context["adminform"].form.errors.keys() == {"title"}
    assert f'action="{address(draft)}"' in answer.content.decode()
    answer = editor.post(NEW, filled_in(title=""))
    assert 'action="/admin/articles/article/add/"' in answer.content.decode()


def test_a_preview_gives_no_rights(draft):
    writer = staff.browser_of(staff.writer())
    assert writer.post(address(draft, "preview"), form_of(draft)).status_code == 403
    assert writer.get(f"{address(draft, 'preview')}page/").status_code == 403
    assert staff.browser_of(staff.moderator()).post(NEW, filled_in()).status_code == 403
    assert headline(see_preview(writer, None, filled_in(_state="published"))) == ["朝の桟橋"]
    assert not Article.objects.filter(title="朝の桟橋").exists()


class TestWorkingCopies:
    def keep(self, user, article, **fields):
        form = form_of(article, **fields)
        return WorkingCopy.objects.save_words(
            {name: [str(value)] for name, value in form.items() if value != []},
            user=user,
            article=article,
            page="a-form-of-mine",
            base=None,
        )

    def test_the_words_of_an_open_form_are_shown(self, editor, draft):
        words = self.keep(editor.user, draft, title="途中の題")
        assert headline(see_preview(editor, draft, of=f"copy={words.pk}")) == ["途中の題"]
        assert Article.objects.get().title == "原稿"

    def test_nobody_sees_those_of_a_colleague(self, editor, draft):
        words = self.keep(staff.editor("other"), draft, title="途中の題")
        assert see_preview(editor, draft, of=f"copy={words.pk}").status_code == 404
        assert editor.get(f"{address(draft, 'preview')}?copy={words.pk}").status_code == 404

    @pytest.mark.parametrize("pk", ["0", "x", "", "9" * 40])
    def test_what_is_no_copy_is_not_found(self, editor, draft, pk):
        assert see_preview(editor, draft, of=f"copy={pk}").status_code == 404

    def test_those_of_another_article_are_not_found(self, editor, draft, public):
        words = self.keep(editor.user, draft)
        assert see_preview(editor, public, of=f"copy={words.pk}").status_code == 404

    def test_words_with_errors_say_which(self, editor, draft):
        words = self.keep(editor.user, draft, title="")
        answer = see_preview(editor, draft, of=f"copy={words.pk}")
        assert answer.status_code == 200
        assert any(
            "タイトル" in text or "必須" in text for text in texts(parsed(answer), "notice__text")
        )
        assert editor.get(f"{address(draft, 'preview')}?copy={words.pk}").status_code == 200

    def test_a_preview_leaves_no_draft_behind(self, editor, draft):
        form = form_of(draft, title="直した題", _page="a-form-of-mine")
        see_preview(editor, draft, form)
        answer = editor.get(address(draft))
        assert answer.context["saving"]["others"] == [] and not answer.context["saving"]["chosen"]
        colleague = staff.browser_of(staff.editor("other")).get(address(draft))
        assert colleague.context["saving"]["people"] == []
        saved(editor.post(address(draft), form))
        assert not WorkingCopy.objects.exists()

    def test_the_form_keeps_its_own_words(self, editor, draft):
        words = self.keep(editor.user, draft, title="途中の題")
        see_preview(editor, draft, form_of(draft, title="試す題", _page=words.page))
        words.refresh_from_db()
        assert words.title == "途中の題"

    def test_words_of_a_new_article_survive_a_reload(self, editor):
        answer = editor.post(NEW, filled_in(title="まだない記事"))
        for _time in range(2):
            assert texts(parsed(editor.get(answer.url)), "social-card__title") == ["まだない記事"]
        assert editor.get(ADD).status_code == 200


class TestDraftChanges:
    @pytest.fixture
    def change(self, editor, public):
        form = form_of(public, title="改めた題", tags=["港"], _change="save")
        assert editor.post(address(public), form).status_code == 302
        return ArticleChange.objects.get()

    def test_the_change_is_shown_and_not_applied(self, editor, client, public, change):
        page = parsed(see_preview(editor, public, of="change"))
        assert texts(page, "article__title") == ["改めた題"]
        assert texts(page, "article__tag") == ["港"]
        public.refresh_from_db()
        assert public.title == "公開中" and not public.tags.exists()
        assert ArticleChange.objects.filter(pk=change.pk).exists()
        assert headline(client.get(public.get_absolute_url())) == ["公開中"]

    def test_both_lead_to_each_other(self, editor, public, change):
        place = address(public, "preview")
        assert f"{place}?change" in parsed(editor.get(place)).xpath("//main//a/@href")
        assert place in parsed(editor.get(f"{place}?change")).xpath("//main//a/@href")
        assert f"{place}?change" in parsed(editor.get(address(public))).xpath("//a/@href")

    def test_without_a_change_it_is_not_found(self, editor, public):
        assert see_preview(editor, public, of="change").status_code == 404
