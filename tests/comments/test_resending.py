"""A form of the desk that arrives without a login, or with an older one's token, is kept."""

import pytest
from django.test import Client

from comments.models import ModerationAction
from comments.models.stamps import add_stamps
from tests import factories
from tests.comments.conftest import HERE
from tests.reading import parsed, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NOTE = "裁判所から\n電話があった件"


@pytest.fixture
def comment(article):
    comment = factories.comment(article, text="番人は山田さん。")
    add_stamps([comment])
    return comment


def read_form(answer):
    """Return the form that a page keeps: its address and its fields."""
    page = parsed(answer)
    [form] = page.xpath("//form[@method='post']")
    return form.get("action"), dict(form.form_values()), text(page.xpath("//main")[0])


@pytest.mark.parametrize(
    "path",
    [
        *("comments/{pk}/remove/", "comments/{pk}/erase/", "comments/{pk}/ban/"),
        *("comments/{pk}/lookup/", "comments/{pk}/measures/lock/", "branches/{pk}/"),
        *("queue/hold/", "bulk/", "raid/end/", "words/add/", "erasures/1/withdraw/"),
    ],
)
def test_an_expired_login_keeps_what_was_typed(reader, comment, path):
    path = "/moderation/" + path.format(pk=comment.pk)
    answer = reader.send(path, note=NOTE, reason="privacy", seen=comment.seen)
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (403, True)
    action, fields, said = read_form(answer)
    assert action == path
    assert fields["note"].split() == NOTE.split()
    assert (fields["reason"], fields["seen"]) == ("privacy", comment.seen)
    assert "ログイン" in said and "山田" not in said


def test_an_editor_who_features_a_comment_is_no_exception(reader, comment):
    answer = reader.send(f"/comments/{comment.pk}/feature/", note=NOTE)
    assert read_form(answer)[1]["note"].split() == NOTE.split()


def test_what_another_site_sent_is_not_kept(comment):
    path, headers = f"/moderation/comments/{comment.pk}/remove/", {"sec-fetch-site": "cross-site"}
    answer = Client().post(path, {"note": NOTE}, headers=headers)
    assert answer["Location"].startswith("/admin/login/")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(factories.moderator())
    answer = strict.post(path, {"note": NOTE}, headers=headers)
    assert answer.status_code == 403
    assert NOTE.split()[0] not in answer.content.decode()


def test_an_older_token_is_renewed_and_the_decision_sent_again(comment):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(factories.moderator())
    path = f"/moderation/comments/{comment.pk}/remove/"
    fields = {"note": NOTE, "reason": "privacy", "seen": comment.seen}
    answer = strict.post(path, fields | {"csrfmiddlewaretoken": "x" * 64}, **HERE)
    assert answer.status_code == 403
    action, kept, said = read_form(answer)
    assert "何も保存されていません" in said
    assert not ModerationAction.objects.exists()
    assert strict.post(action, kept, **HERE).status_code == 303
    act = ModerationAction.objects.get()
    assert (act.note.split(), act.reason) == (NOTE.split(), "privacy")
