"""Draft changes of a public article: readers see the old text until one is applied, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from articles.admin.article_admin import ArticleAdmin
from articles.models import Article, ArticleChange, Category, Series
from articles.models.article_change import ChangeConflict, read_content
from articles.models.readiness import NotReady
from newsroom.change_timer import apply_due_changes
from tests import factories, staff
from tests.articles.admin_forms import address, errors_of, form_of
from tests.reading import unbroken

pytestmark = pytest.mark.django_db
SOON = timedelta(hours=1)


@pytest.fixture
def article():
    article = factories.article(title="港の灯台", category=factories.category())
    article.tags.add("港")
    return article


def save(browser, article, button="save", **fields):
    return browser.post(f"{address(article)}?change", form_of(article, _change=button, **fields))


@pytest.fixture
def change(editor, article):
    """A change of title, text, tags and sources."""
    sources = [{"title": "航路図", "publisher": "", "url": "", "position": ""}]
    fields = {"title": "新しい灯台", "body": "<p>新しい本文。</p>", "tags": ["海"]}
    answer = save(editor, article, **fields, sources=sources)
    assert answer.status_code == 302, answer.context["errors"]
    return ArticleChange.objects.get()


def make_due(change):
    ArticleChange.objects.filter(pk=change.pk).update(at=timezone.now() - SOON)


def test_readers_see_the_old_text(client, article, change):
    page = unbroken(client.get(article.get_absolute_url()))
    assert "港の灯台" in page and "新しい灯台" not in page and "新しい本文" not in page
    assert article.history.filter(title="新しい灯台").count() == 0
    assert list(article.tags.names()) == ["港"]
    assert change.status == "draft"


def test_the_form_shows_it_again(editor, article, change):
    form = editor.get(f"{address(article)}?change&saved").context["adminform"].form
    assert form["title"].value() == "新しい灯台"
    assert "新しい本文。" in form["body"].as_widget()
    assert form["seen"].value() == str(article.history.first().pk)
    page = editor.get(f"{address(article)}?change&saved").content.decode()
    assert "航路図" in page and 'value="apply"' in page
    public = editor.get(f"{address(article)}?saved")
    assert public.context["adminform"].form["title"].value() == "港の灯台"
    assert "?change" in public.content.decode()


def test_what_is_no_part_of_it_is_said(editor, article):
    fields = form_of(article, _change="save", slug="other", featured="on")
    answer = editor.post(address(article), fields, follow=True)
    assert any("変更案に含まれません" in str(message) for message in answer.context["messages"])
    article.refresh_from_db()
    assert (article.slug, article.featured) != ("other", True)
    form = editor.get(f"{address(article)}?change&saved").context["adminform"].form
    assert "minor" in form.fields and not {"slug", "published_at"} & form.fields.keys()


def test_applied_it_is_the_public_text_and_a_revision(editor, client, article, change):
    before = article.updated_at
    fields = {"title": "新しい灯台", "body": "<p>新しい本文。</p>", "tags": ["海"]}
    save(editor, article, "apply", **fields)
    article.refresh_from_db()
    assert (article.title, article.body) == ("新しい灯台", "<p>新しい本文。</p>")
    assert list(article.tags.names()) == ["海"]
    assert article.updated_at > before
    newest = article.history.first()
    assert (newest.history_user, newest.snapshot["tags"]) == (editor.user, ["海"])
    assert "新しい灯台" in client.get(article.get_absolute_url()).content.decode()
    assert not ArticleChange.objects.exists()


def test_a_minor_change_sets_no_update(editor, article):
    before = article.updated_at
    save(editor, article, "apply", title="港の灯台だ", minor="on")
    article.refresh_from_db()
    assert (article.title, article.updated_at) == ("港の灯台だ", before)


class TestTime:
    def test_it_is_applied_when_due_and_once(self, article, change):
        change.schedule(at=timezone.now() + SOON)
        assert ArticleChange.objects.apply_due() == 0
        make_due(change)
        other = ArticleChange.objects.get()
        assert ArticleChange.objects.apply_due() == 1
        assert not other.apply()
        article.refresh_from_db()
        assert article.title == "新しい灯台"
        assert [source.title for source in article.sources.all()] == ["航路図"]
        assert article.history.filter(title="新しい灯台").count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_of_several_processes_one_applies_it(self):
        article = factories.article(category=factories.category())
        content = read_content(article)
        content["fields"]["title"] = "新しい灯台"
        change = ArticleChange(article=article)
        change.save_content(content, fields={}, by=None)
        change.schedule(at=timezone.now() + SOON)
        make_due(change)
        barrier = Barrier(4)

        def run(_number):
            barrier.wait()
            try:
                return ArticleChange.objects.apply_due()
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(run, range(4))) == [0, 0, 0, 1]
        assert article.history.filter(title="新しい灯台").count() == 1

    @pytest.mark.parametrize("way", ["command", "timer"])
    def test_by_the_command_and_by_the_server(self, article, change, way, monkeypatch, capsys):
        change.schedule(at=timezone.now() + SOON)
        make_due(change)
        if way == "command":
            call_command("apply_changes", dry_run=True)
            assert ArticleChange.objects.exists()
            call_command("apply_changes")
            assert capsys.readouterr().out.split() == ["1", "changes."] * 2
        else:
            monkeypatch.setattr("newsroom.change_timer.connection.close", lambda: None)
            apply_due_changes()
        article.refresh_from_db()
        assert article.title == "新しい灯台"

    @pytest.mark.once
    def test_no_fault_ends_the_thread_that_applies(self, monkeypatch, caplog):
        monkeypatch.setattr("newsroom.change_timer.connection.close", lambda: None)
        monkeypatch.setattr(type(ArticleChange.objects), "apply_due", lambda self: 1 / 0)
        apply_due_changes()
        assert "could not be applied" in caplog.text

    def test_the_form_schedules(self, editor, article):
        at = timezone.localtime() + SOON
        save(editor, article, "schedule", title="新しい", _change_at=f"{at:%Y-%m-%dT%H:%M}")
        change = ArticleChange.objects.get()
        assert change.status == "scheduled"
        assert abs(change.at - at) < timedelta(minutes=1)

    @pytest.mark.parametrize("at", ["", "2020-01-01T10:00", "nonsense"])
    def test_it_needs_a_moment_to_come(self, editor, article, at):
        answer = save(editor, article, "schedule", title="新しい", _change_at=at)
        assert answer.status_code == 302
        assert ArticleChange.objects.get().status == "draft"

    @pytest.mark.django_db(transaction=True)
    def test_what_is_gone_meanwhile_stops_no_change(self, editor, article):
        gone, kept = factories.category("廃止"), article.category
        series = Series.objects.create(title="連載", slug="series")
        fields = {"title": "新しい灯台", "category": gone.pk, "series": series.pk}
        save(editor, article, **fields, other_categories=[factories.category("別").pk])
        ArticleChange.objects.get().schedule(at=timezone.now() + SOON)
        Category.objects.exclude(pk=kept.pk).delete()
        series.delete()
        make_due(ArticleChange.objects.get())
        assert ArticleChange.objects.apply_due() == 1
        article.refresh_from_db()
        assert (article.title, article.category, article.series) == ("新しい灯台", kept, None)
        assert not article.other_categories.exists()

    def test_the_gate_holds(self, editor, article):
        save(editor, article, lead="")
        change = ArticleChange.objects.get()
        with pytest.raises(NotReady):
            change.schedule(at=timezone.now() + SOON)
        with pytest.raises(NotReady):
            change.apply()
        article.refresh_from_db()
        assert article.lead and ArticleChange.objects.exists()

    def test_new_words_need_a_new_approval(self, editor, article, change):
        change.schedule(at=timezone.now() + SOON)
        save(editor, article, title="もっと新しい")
        change.refresh_from_db()
        assert (change.status, change.at) == ("draft", None)


class TestConflict:
    @pytest.fixture
    def newer(self, article, change):
        """The article, changed since the change was begun."""
        change.schedule(at=timezone.now() + SOON)
        article.refresh_from_db()
        article.lead = "別の人のリード。"
        article.save()
        return article

    def test_nothing_is_overwritten_and_nothing_lost(self, newer, change):
        make_due(change)
        assert ArticleChange.objects.apply_due() == 0
        newer.refresh_from_db()
        change.refresh_from_db()
        assert (newer.title, newer.lead) == ("港の灯台", "別の人のリード。")
        assert change.content["fields"]["title"] == "新しい灯台"
        assert change.status == "draft" and "変更" in change.note

    def test_the_editor_sees_it_and_decides(self, editor, newer, change):
        page = editor.get(f"{address(newer)}?change&saved").content.decode()
        assert 'value="keep"' in page
        with pytest.raises(ChangeConflict):
            change.apply()
        save(editor, newer, "keep")
        change.refresh_from_db()
        assert change.apply()

    def test_other_fields_are_no_conflict(self, article, change):
        article.refresh_from_db()
        article.featured = True
        article.save()
        article.correct(kind="addition", text="追記。")
        assert change.apply()
        article.refresh_from_db()
        assert article.featured and article.corrections


class TestReview:
    def test_it_is_submitted_and_returned_with_a_note(self, editor, article, change):
        change.submit()
        assert ArticleChange.objects.get().status == "review"
        save(editor, article, "return")
        assert ArticleChange.objects.get().status == "review"
        save(editor, article, "return", _change_note="数字の出典を足してください。")
        change.refresh_from_db()
        assert change.status == "draft"
        page = editor.get(f"{address(article)}?change&saved").content.decode()
        assert "数字の出典を足してください。" in page

    @pytest.mark.parametrize("button", ["apply", "schedule", "return"])
    def test_only_who_may_publish_approves(self, article, change, button):
        permissions = ("change_article", "view_article", "change_any_article")
        helper = staff.browser_of(factories.user("helper", *permissions, is_staff=True))
        assert save(helper, article, button, title="別").status_code == 403
        assert save(helper, article, "submit", title="別の題").status_code == 302
        assert ArticleChange.objects.get().status == "review"
        article.refresh_from_db()
        assert article.title == "港の灯台"

    def test_it_is_discarded(self, editor, article, change):
        save(editor, article, "discard")
        assert not ArticleChange.objects.exists()
        article.refresh_from_db()
        assert article.title == "港の灯台"


def test_a_form_with_errors_comes_back(editor, article):
    assert errors_of(save(editor, article, title="")).keys() == {"title"}
    assert not ArticleChange.objects.exists()


@pytest.mark.parametrize("part", ["form", "rows"])
def test_what_only_the_form_of_a_change_refuses_is_not_saved(editor, article, part, monkeypatch):
    bind = ArticleAdmin._bind_forms

    def refuse(admin, *args):
        form, formsets = bind(admin, *args)
        if part == "form":
            form.add_error("title", "だめです。")
        else:
            monkeypatch.setattr(formsets[0], "is_valid", lambda: False)
        return form, formsets

    monkeypatch.setattr(ArticleAdmin, "_bind_forms", refuse)
    answer = save(editor, article, title="新しい灯台", body="<p>新しい本文。</p>")
    errors = errors_of(answer)
    expected = {
        "form": {"title": ["だめです。"]},
        "rows": {"__all__": ["変更案を保存していません。"]},
    }
    assert errors == expected[part]
    assert "新しい本文。" in answer.content.decode()
    article.refresh_from_db()
    assert article.title == "港の灯台" and not ArticleChange.objects.exists()


def test_only_a_public_article_has_one(editor):
    draft = factories.article(status="draft")
    assert save(editor, draft, title="別").status_code == 403
    assert Article.objects.get(pk=draft.pk).title != "別"


def test_a_moment_that_has_passed_is_refused(change):
    with pytest.raises(ValidationError):
        change.schedule(at=timezone.now() - SOON)
