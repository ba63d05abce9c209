"""The checklist of words that are not saved: its script asks for it after each working copy."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from articles.models import Article, ArticleChange, WorkingCopy
from tests import factories, pictures
from tests.articles.admin_forms import ADD, address, filled_in, form_of, ready
from tests.articles.test_readiness import TOMORROW

pytestmark = pytest.mark.django_db
NEW = "/admin/articles/article/checklist/"
QUERIES = 13


def ask(browser, article=None, fields=None):
    """Return the codes of what is missing and of the warnings, and the sentences as HTML."""
    place = address(article, "checklist") if article else NEW
    answer = browser.post(place, filled_in() if fields is None else fields)
    assert answer.status_code == 200
    return read(answer)


def read(answer):
    checklist = answer.context["checklist"]
    assert f'data-count="{len(checklist["missing"])}"' in answer.content.decode()
    parts = [{entry["code"] for entry in checklist[part]} for part in ("missing", "warnings")]
    return (*parts, answer.content.decode())


LACKING = {
    "title": {"title": " \n"},
    "lead": {"lead": "　"},
    "body": {"body": "<p> </p>"},
    "category": {"category": ""},
    "link": {"body": '<p>霧。<a href="/articles/nowhere/">続き</a></p>'},
}


@pytest.mark.once
class TestPoints:
    @pytest.mark.parametrize(("code", "fields"), LACKING.items())
    def test_each_comes_and_goes(self, editor, draft, code, fields):
        assert ask(editor, draft, form_of(draft, **fields))[0] == {code}
        assert ask(editor, draft, form_of(draft))[0] == set()

    def test_a_new_article(self, editor):
        empty = filled_in(title="", lead="", body="", category="")
        assert ask(editor, fields=empty)[0] == {"title", "lead", "body", "category"}
        missing, _warnings, html = ask(editor, fields=filled_in(title="朝", lead="", category=""))
        assert missing == {"lead", "category"}
        assert "見出しがありません" not in html and "リードがありません" in html
        assert ask(editor, fields=ready())[0] == set()

    def test_pictures(self, editor, draft):
        bare, whole = (
            pictures.stored_once(),
            pictures.stored_once(copyright="港湾局", image_alt_text="船"),
        )
        figure = '<p>霧。</p><figure><img data-file="{}" alt="{}"></figure>'
        for alt, missing in (("", {"alt", "credit"}), ("船", {"credit"})):
            fields = form_of(draft, body=figure.format(bare.pk, alt))
            assert ask(editor, draft, fields)[0] == missing
        assert not ask(editor, draft, form_of(draft, body=figure.format(whole.pk, "")))[0]
        for name in ("lead_image", "card_image"):
            assert ask(editor, draft, form_of(draft, **{name: bare.pk}))[0] == {"alt", "credit"}
        warnings = ask(editor, draft, form_of(draft, lead_image=whole.pk))[1]
        assert "picture" not in warnings

    def test_warnings(self, editor, draft):
        draft.tags.add("港")
        assert ask(editor, draft, form_of(draft))[1] == {"picture"}
        assert ask(editor, draft, form_of(draft, tags=[]))[1] == {"picture", "tags"}
        fields = filled_in(title="霧" * 41, tags=["海"], body="<p>霧。</p><h3>船</h3>")
        assert ask(editor, fields=fields)[1] == {"picture", "long", "skipped"}

    def test_a_page_needs_no_category(self, editor):
        assert ask(editor, fields=filled_in(kind="page"))[0] == set()

    def test_a_link_to_an_article_that_is_public_by_then(self, editor, draft):
        at = timezone.localtime() + TOMORROW
        other = factories.article(published_at=at)
        body = f'<p>霧。<a href="{other.get_absolute_url()}">続き</a></p>'
        assert ask(editor, draft, form_of(draft, body=body))[0] == {"link"}
        moment = {"published_at_0": f"{at + TOMORROW:%Y-%m-%d}", "published_at_1": "23:59:00"}
        assert ask(editor, draft, form_of(draft, body=body, **moment))[0] == set()


@pytest.mark.once
class TestDraftChange:
    def test_its_words_count(self, editor):
        public = factories.article(title="港の灯台", category=factories.category())
        fields = form_of(public, lead="", _change_form="1")
        for name in ("kind", "slug", "published_at_0", "published_at_1"):
            del fields[name]  # no part of that form
        missing, _warnings, html = ask(editor, public, fields)
        assert missing == {"lead"} and "公開まで" not in html
        answer = editor.post(f"{address(public)}?change", form_of(public, _change="save"))
        assert answer.status_code == 302
        change = ArticleChange.objects.get()
        change.fields["lead"] = [""]
        change.save()
        opened = editor.get(f"{address(public)}?change&saved").context["checklist"]
        assert [entry["code"] for entry in opened["missing"]] == ["lead"]


@pytest.mark.once
class TestForm:
    """The form itself opens with the checklist of the words that it shows."""

    def test_of_a_working_copy(self, editor, draft):
        fields = form_of(draft, lead="", _page="a" * 12)
        saved = editor.post(address(draft, "autosave"), fields)
        copy = WorkingCopy.objects.get()
        assert saved.status_code == 200
        page = editor.get(f"{address(draft)}?copy={copy.pk}")
        assert read(page)[0] == {"lead"}
        assert page.context["adminform"].form.instance.lead  # the words are shown, not stored
        assert f'data-checklist="{address(draft, "checklist")}"' in page.content.decode()

    def test_of_a_refused_form(self, editor, draft):
        answer = editor.post(address(draft), form_of(draft, title=""))
        assert read(answer)[0] == {"title"}

    def test_of_a_new_one(self, editor):
        assert f'data-checklist="{NEW}"' in editor.get(ADD).content.decode()


NONSENSE = {
    "category": ["x", "0", "-1", "9" * 30, "1e3", "\0"],
    "kind": ["x"],
    "lead_image": ["x", "9" * 30, "\ud800".encode("utf-8", "surrogatepass")],
    "tags": ["、" * 9, "!" * 3, "霧" * 999],
    "published_at_0": ["x", "9999-99-99", "0001-01-01"],
    "title": ["霧" * 5_000, "a\0b"],
    "body": ["<p", '<img data-file="' + "9" * 30 + '">霧', "<p>霧</p>" * 2_000, "]]>&#0;霧"],
    "sources-TOTAL_FORMS": ["x", "9" * 30],
    "elsewhere": ["x"],
    "seen": ["x"],
    "_state": ["published", "x"],
}


class TestNonsense:
    def test_is_answered(self, editor, draft):
        cases = [(name, value) for name, values in NONSENSE.items() for value in values]
        for name, value in cases:
            for article in (draft, None):
                missing = ask(editor, article, form_of(draft, **{name: value}))[0]
                assert ("category" in missing) == (name == "category"), value
                assert "title" not in missing, (name, value)

    def test_a_form_without_fields_asks_about_the_article(self, editor, draft):
        assert ask(editor, draft, {})[0] == set()
        assert ask(editor, fields={})[0] == {"title", "lead", "body", "category"}

    def test_markup_is_text(self, editor, draft):
        body = '<p>霧。<a href="/x/&quot;&gt;&lt;b&gt;/">続き</a></p>'
        assert "<b>" not in ask(editor, draft, form_of(draft, body=body))[2]


@pytest.mark.once
class TestRights:
    def test_as_in_the_form(self, writer, client, draft):
        assert writer.post(address(draft, "checklist"), {}).status_code == 403
        assert client.post(address(draft, "checklist"), {}).status_code == 401
        assert client.post(NEW, {}).status_code == 401
        assert writer.get(NEW).status_code == 405
        assert writer.post("/admin/articles/article/9999/checklist/", {}).status_code == 403
        own = factories.article(author=writer.user, status="draft", published_at=None)
        assert "title" in ask(writer, own, form_of(own, title=""))[0]

    def test_none_in_the_trash(self, editor, draft):
        draft.trash()
        assert editor.post(address(draft, "checklist"), form_of(draft)).status_code == 403


class TestCost:
    def test_nothing_is_written(self, editor, draft):
        before = Article.objects.values().get()
        history = draft.history.count()
        ask(editor, draft, form_of(draft, title="別の題", lead="", tags=["新しい札"]))
        ask(editor, fields=filled_in(tags=["新しい札"]))
        assert Article.objects.values().get() == before
        assert draft.history.count() == history
        assert not WorkingCopy.objects.exists() and not LogEntry.objects.exists()
        assert not draft.tags.exists()

    def test_its_queries_do_not_grow(self, editor, draft, django_assert_num_queries):
        def build_body(count):
            made = [pictures.stored_once() for _ in range(count)]
            figures = [f'<figure><img data-file="{each.pk}"></figure>' for each in made]
            links = [f'<p><a href="/articles/{each.pk}-x/">霧</a></p>' for each in made]
            return "".join(figures + links)

        ask(editor, draft, form_of(draft))  # what a process asks once
        counts = []
        for count in (1, 6):
            tags = [f"札{number}" for number in range(count)]
            fields = form_of(draft, body=build_body(count), tags=tags)
            with django_assert_num_queries(QUERIES):
                missing, _warnings, html = ask(editor, draft, fields)
            assert missing == {"alt", "credit", "link"}
            counts.append(len(re.findall("data-file", html)))
        assert counts == [2, 12]
