"""Assignments: who is to finish an article, until when, and where that is seen."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Assignment
from tests import factories, staff
from tests.articles.admin_forms import address
from tests.reading import parsed, text, texts

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/article/"


@pytest.fixture
def writer():
    return staff.writer()


@pytest.fixture
def draft(writer):
    return factories.article(title="原稿", status="draft", published_at=None, author=writer)


def day(days):
    return timezone.localdate() + timedelta(days=days)


class TestTheVerb:
    def test_an_article_is_assigned_once(self, draft, writer, editor):
        draft.assign(writer, due_on=day(1), by=editor.user)
        first = Assignment.objects.get()
        assert (first.assignee, first.due_on, first.assigned_by) == (writer, day(1), editor.user)
        draft.assign(editor.user, due_on=None, by=editor.user)
        second = Assignment.objects.get()
        assert (second.assignee, second.due_on) == (editor.user, None)
        assert second.assigned_at > first.assigned_at

    def test_another_day_for_the_same_person_is_no_new_assignment(self, draft, writer):
        moment = draft.assign(writer, due_on=day(1)).assigned_at
        assert draft.assign(writer, due_on=day(3)).due_on == day(3)
        assert Assignment.objects.get().assigned_at == moment

    def test_nobody_ends_it(self, draft, writer):
        draft.assign(writer)
        assert draft.assign(None) is None
        assert not Assignment.objects.exists()

    @pytest.mark.parametrize("status", ["published", "withdrawn", "trash"])
    def test_what_is_finished_is_not_assigned(self, editor, status):
        trash = {"trashed_from": "draft", "trashed_at": timezone.now()}
        fields = trash if status == "trash" else {}
        article = factories.article(status=status, **fields)
        with pytest.raises(ValidationError):
            article.assign(editor.user)

    def test_whoever_may_not_change_it_is_refused(self, draft):
        gone = staff.editor("gone")
        gone.is_active = False
        gone.save()
        for person in (staff.writer("other"), staff.moderator(), gone):
            with pytest.raises(ValidationError):
                draft.assign(person)
        assert not Assignment.objects.exists()

    def test_publishing_ends_what_is_open(self, draft, writer):
        draft.category = factories.category()
        draft.save()
        draft.assign(writer, due_on=day(0))
        assert draft.open_assignment
        draft.publish()
        assert draft.open_assignment is None
        assert not Assignment.objects.open().exists()


class TestTheForm:
    def test_an_editor_assigns(self, editor, draft, writer):
        place = address(draft, "assign")
        assert place in editor.get(address(draft)).content.decode()
        form = {"assignee": writer.pk, "due_on": f"{day(2):%Y-%m-%d}"}
        assert editor.post(place, form)["Location"] == address(draft)
        assert Assignment.objects.get().due_on == day(2)
        page = parsed(editor.get(place))
        assert page.xpath("//option[@selected]/@value") == [str(writer.pk)]
        assert page.xpath("//input[@type='date']/@value") == [f"{day(2):%Y-%m-%d}"]
        editor.post(place, {"assignee": "", "due_on": ""})
        assert not Assignment.objects.exists()

    @pytest.mark.parametrize(
        "form",
        [{"assignee": "999999"}, {"assignee": "x"}, {"due_on": "2026-13-40"}, {"due_on": "x"}],
        ids=str,
    )
    def test_what_is_wrong_is_said_and_kept(self, editor, draft, form):
        answer = editor.post(address(draft, "assign"), {"assignee": "", "due_on": ""} | form)
        assert answer.status_code == 200 and answer.context["form"].errors
        assert not Assignment.objects.exists()

    def test_a_writer_assigns_nothing(self, draft, writer):
        browser = staff.browser_of(writer)
        assert address(draft, "assign") not in browser.get(address(draft)).content.decode()
        answer = browser.post(address(draft, "assign"), {"assignee": writer.pk, "due_on": ""})
        assert answer.status_code == 403 and not Assignment.objects.exists()

    def test_a_public_article_is_not_assigned(self, editor):
        article = factories.article()
        assert editor.get(address(article, "assign")).status_code == 403
        assert address(article, "assign") not in editor.get(address(article)).content.decode()


class TestTheList:
    @pytest.mark.parametrize(
        ("days", "words", "kind"),
        [(-1, "締切超過 きのう", "late"), (0, "締切 今日", "today"), (1, "締切 あす", "")],
    )
    def test_a_row_says_who_and_until_when(self, editor, draft, writer, days, words, kind):
        draft.assign(writer, due_on=day(days))
        [row] = parsed(editor.get(LIST)).xpath("//ol[@class='rows']/li")
        parts = row.xpath(".//*[contains(@class, 'due')]")
        assert [text(part) for part in parts] == ["担当 記者", words]
        assert f"due--{kind}" in parts[1].get("class") if kind else parts[1].get("class") == "due"

    def test_it_is_filtered_by_person_and_by_what_is_due(self, editor, draft, writer):
        mine = factories.article(title="私の", status="review", published_at=None)
        mine.assign(editor.user, due_on=day(5))
        draft.assign(writer, due_on=day(0))
        factories.article(title="誰でも", status="draft", published_at=None)
        found = {
            value: texts(parsed(editor.get(f"{LIST}?assigned={value}")), "rows__title")
            for value in ("mine", "due", writer.pk, "999999", "x", "9" * 30)
        }
        nobody = {"999999": [], "x": [], "9" * 30: []}
        assert found == {"mine": ["私の"], "due": ["原稿"], writer.pk: ["原稿"], **nobody}
        menu = text(parsed(editor.get(LIST)).xpath("//*[@class='filters__menus']")[0])
        assert "担当" in menu and "自分" in menu and "記者" in menu

    def test_more_rows_need_no_more_queries(self, editor, writer):
        editor.get(LIST)
        counts = []
        for _time in range(2):
            for _more in range(3):
                article = factories.article(status="draft", published_at=None, author=writer)
                article.assign(writer, due_on=day(1))
            with CaptureQueriesContext(connection) as queries:
                editor.get(LIST)
            counts.append(len(queries))
        assert counts[0] == counts[1]
