"""The words of the desk: what each verb says, and the checklist until the publication."""

import pytest
from django.utils import timezone

from articles.models import Article
from tests import pictures
from tests.articles.admin_forms import ADD, address, filled_in, form_of, ready, see_preview
from tests.articles.test_readiness import TOMORROW, add_figure

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/article/"


class TestWords:
    """Each verb says what it did, with a link."""

    def messages(self, answer):
        return [str(message) for message in answer.context["messages"]]

    def test_published(self, editor):
        answer = editor.post(ADD, ready(_state="published"), follow=True)
        [message] = self.messages(answer)
        assert "公開しました" in message
        assert Article.objects.get().get_absolute_url() in message

    def test_scheduled(self, editor, draft):
        tomorrow = timezone.localtime() + TOMORROW
        moment = {"published_at_0": f"{tomorrow:%Y-%m-%d}", "published_at_1": "06:00:00"}
        fields = form_of(draft, _state="scheduled", **moment)
        [message] = self.messages(editor.post(address(draft), fields, follow=True))
        assert "6:00" in message and "予約しました" in message
        assert address(draft, "preview") in message

    def test_withdrawn(self, editor, draft):
        draft.publish()
        answer = editor.post(address(draft, "withdraw"), {"note": "誤報"}, follow=True)
        [message] = self.messages(answer)
        assert "取り下げました" in message and draft.get_absolute_url() in message

    def test_the_old_address(self, editor, draft):
        draft.publish()
        fields = form_of(draft, slug="other")
        told = self.messages(editor.post(address(draft), fields, follow=True))
        assert any("移動" in message or "転送" in message for message in told)
        assert any("/articles/other/" in message for message in told)

    def test_a_title_is_no_markup(self, editor):
        fields = ready(title="<b>港</b>", _state="published")
        [message] = self.messages(editor.post(ADD, fields, follow=True))
        assert "<b>" not in message


class TestChecklist:
    def entries(self, answer, part):
        return [(entry["code"], entry["href"]) for entry in answer.context["checklist"][part]]

    def test_it_leads_to_what_is_missing(self, editor, draft):
        picture = pictures.stored_once(copyright="港湾局")
        draft.lead = ""
        add_figure(draft, picture)
        draft.save()
        page = editor.get(address(draft))
        library = f"/admin/articles/mediafile/{picture.pk}/change/"
        assert self.entries(page, "missing") == [("lead", "#id_lead"), ("alt", library)]
        assert "見出し" in page.context["checklist"]["done"]
        for place in ("id_lead", "id_body_place"):
            assert f'id="{place}"' in page.content.decode()

    def test_the_primary_button_is_there_and_leads_to_it(self, editor, draft):
        answer = editor.post(address(draft), form_of(draft, lead="", _state="published"))
        assert self.entries(answer, "missing") == [("lead", "#id_lead")]
        assert "published" in dict(answer.context["state_buttons"])

    def test_a_new_article_lacks_all(self, editor):
        missing = dict(self.entries(editor.get(ADD), "missing"))
        assert missing.keys() == {"title", "category", "lead", "body"}

    def test_a_preview_needs_nothing(self, editor, draft):
        draft.publish()
        answer = see_preview(editor, draft, form_of(draft, lead=""))
        assert answer.status_code == 200 and "checklist" not in (answer.context or {})
        draft.refresh_from_db()
        assert draft.lead

    def test_a_draft_is_saved_with_nothing_but_a_title(self, editor):
        answer = editor.post(ADD, filled_in(title="仮", lead="", body=""))
        assert answer.status_code == 302
