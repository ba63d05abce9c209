"""The layout of the article's form: its one verb, the menu beside it, and the parts of its side."""

from datetime import timedelta

import pytest
from django.contrib.admin.utils import flatten_fieldsets
from django.utils import timezone

from articles.models import ArticleChange
from tests import factories, pictures, staff
from tests.articles.admin_forms import ADD, address, form_of
from tests.articles.test_readiness import add_figure

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(client):
    writer = staff.writer()
    client.force_login(writer)
    return writer


def verbs(answer):
    """Return the verb of the head, and those of the menu, as (name, value)."""
    primary, others = answer.context["primary"], answer.context["other_verbs"]
    return (primary.name, primary.value), [(verb.name, verb.value) for verb in others]


def parts(answer):
    return {part.key: part for part in answer.context["parts"]}


class TestTheVerb:
    def test_an_editor_publishes_a_draft(self, editor, draft):
        primary, others = verbs(editor.get(address(draft)))
        assert primary == ("_state", "published")
        assert ("_state", "review") in others and ("_continue", "1") in others
        assert ("_save", "1") in others

    def test_an_editor_may_publish_a_new_article_at_once(self, editor):
        assert verbs(editor.get(ADD))[0] == ("_state", "published")

    def test_a_date_to_come_schedules(self, editor, draft):
        draft.published_at = timezone.now() + timedelta(days=1)
        draft.save()
        primary, others = verbs(editor.get(address(draft)))
        assert primary == ("_state", "scheduled")
        assert ("_state", "published") in others

    def test_a_writer_submits_a_draft(self, client, writer, draft):
        draft.author = writer
        draft.save()
        primary, others = verbs(client.get(address(draft)))
        assert primary == ("_state", "review")
        assert not {"published", "scheduled"} & {value for _name, value in others}

    def test_a_writer_saves_what_is_in_review(self, client, writer):
        article = factories.article(status="review", published_at=None, author=writer)
        primary, others = verbs(client.get(address(article)))
        assert primary == ("_save", "1") and ("_state", "draft") in others

    def test_a_public_article_is_updated(self, editor):
        answer = editor.get(address(factories.article()))
        assert verbs(answer)[0] == ("_save", "1")
        assert answer.context["primary"].label == "更新する"

    def test_a_scheduled_article_is_updated_or_published_now(self, editor):
        later = timezone.now() + timedelta(days=1)
        article = factories.article(published_at=later)
        primary, others = verbs(editor.get(address(article)))
        assert primary == ("_save", "1") and ("_state", "published") in others

    def test_a_change_is_applied(self, editor, draft):
        draft.publish()
        editor.post(address(draft), form_of(draft, title="変えた題", _change="save"))
        assert ArticleChange.objects.exists()
        answer = editor.get(f"{address(draft)}?change")
        primary, others = verbs(answer)
        assert primary == ("_change", "apply") and ("_change", "save") in others
        assert answer.context["is_ahead"]
        assert f"{address(draft, 'history')}?old=" in answer.content.decode()

    def test_what_is_in_the_trash_has_no_verb_but_restoring(self, editor, draft):
        draft.trash()
        answer = editor.get(address(draft))
        assert answer.context["primary"] is None and answer.context["other_verbs"] == []
        assert address(draft, "restore") in answer.content.decode()

    def test_the_first_submit_button_publishes_nothing(self, editor, draft):
        """Enter in a field presses it where no script runs."""
        text = editor.get(address(draft)).content.decode()
        form = text[text.index('id="article_form"') :]
        assert form.index('name="_continue"') < form.index('value="published"')

    def test_no_verb_is_disabled_or_hidden_without_scripts(self, editor, draft):
        text = editor.get(address(draft)).content.decode()
        assert "disabled" not in text[text.index("form-head__verbs") : text.index("form-main")]


class TestTheParts:
    def test_folded_rows_say_their_value(self, editor, draft):
        shown = parts(editor.get(address(draft)))
        assert shown["sources"].value == "なし" and not shown["sources"].is_open
        draft.sources.create(title="運航の記録", position=1)
        draft.sources.create(title="港の日誌", position=2)
        assert parts(editor.get(address(draft)))["sources"].value == "2"

    def test_the_date_is_a_value(self, editor):
        at = timezone.make_aware(timezone.datetime(2026, 3, 4, 5, 6))
        shown = parts(editor.get(address(factories.article(published_at=at))))
        assert "3/4 05:06" in next(part.value for part in shown.values() if "3/4" in part.value)

    def test_the_placement_stands_open(self, editor, draft):
        shown = parts(editor.get(address(draft)))
        assert shown["category"].is_open and shown["related_links"].is_open
        assert list(shown)[0] == "category"

    def test_a_part_with_an_error_opens(self, editor, draft):
        fields = form_of(draft, published_at_0="never", published_at_1="")
        answer = editor.post(address(draft), fields)
        part = next(part for part in parts(answer).values() if part.has_errors)
        assert not part.is_open
        assert f'id="part-{part.key}"' in answer.content.decode()
        assert any("published_at" in anchor for _l, anchor, _e in answer.context["place_errors"])

    def test_every_field_is_in_the_form(self, editor, draft):
        draft.publish()
        answer = editor.get(address(draft))
        text = answer.content.decode()
        for name in flatten_fieldsets(answer.context["adminform"].fieldsets):
            assert f' name="{name}"' in text or f' name="{name}_0"' in text, name

    def test_a_missing_text_leads_to_the_figure(self, editor, draft):
        picture = pictures.stored_once(copyright="港湾局")
        add_figure(draft, picture)
        draft.save()
        assert f'data-file="{picture.pk}"' in editor.get(address(draft)).content.decode()


class TestTheTitle:
    def test_it_is_one_line(self, editor, draft):
        editor.post(address(draft), form_of(draft, title="港の\r\n灯台\n"))
        draft.refresh_from_db()
        assert draft.title == "港の 灯台"


class TestTheDate:
    def test_a_form_sent_unchanged_keeps_the_second(self, editor):
        at = timezone.now().replace(microsecond=0, second=37) - timedelta(days=1)
        article = factories.article(published_at=at)
        text = editor.get(address(article)).content.decode()
        assert f'value="{timezone.localtime(at):%H:%M:%S}"' in text
        assert 'type="date"' in text and 'type="time"' in text
