"""The forms of readers and moderators: every message is one of ours."""

import gettext
import re
from functools import cache

import pytest
from django.conf import settings
from django.utils.translation import override

from comments.forms import CommentForm, DecisionForm, EditForm, ReportForm, StaffForm, VoteForm
from tests import factories

LONG = "長" * 20_000
WRONG = {
    "text": ["", " \u3164 ", LONG, "\0", "\ufffd"],
    "name": [LONG, "\0", "\ufffd"],
    "parent": ["x", "0", "9" * 5_000, "\0"],
    "reason": ["", "x", LONG, "\0"],
    "note": [LONG, "\0"],
    "value": ["", "x", "2", "\0"],
    **dict.fromkeys(("website", "token", "confirmed", "before", "seen"), ["\0", LONG]),
}
FORMS = [CommentForm, EditForm, StaffForm, ReportForm, DecisionForm, VoteForm]
GOOD = {"text": "本文", "reason": "spam", "value": "1"}


@cache
def list_own_messages():
    """Return the texts of the site's own catalogue as patterns."""
    catalogue = gettext.translation("django", settings.BASE_DIR / "newsroom/locale", ["ja"])
    texts = filter(None, map(str, catalogue._catalog.values()))
    return [re.sub(r"%\\\(\w+\\\)[ds]", ".+", re.escape(text)) for text in texts]


def list_wrong():
    for form in FORMS:
        for name in form.base_fields:
            for value in WRONG[name]:
                yield pytest.param(form, name, value, id=f"{form.__name__}-{name}-{value[:3]!r}")


@pytest.mark.parametrize(("form", "name", "value"), list(list_wrong()))
def test_every_message_is_ours_and_in_the_language_of_the_site(form, name, value):
    more = {"verb": "remove"} if form is DecisionForm else {}
    with override("ja"):
        errors = form(GOOD | {name: value}, **more).errors.get_json_data()
    messages = [error["message"] for listed in errors.values() for error in listed]
    for message in messages:
        assert any(re.fullmatch(pattern, message) for pattern in list_own_messages()), message
    if name == "parent" and messages:
        assert "__all__" in errors  # the field itself is hidden


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("\n\n　一字下げ  \n\n\n", "　一字下げ"),
        ("\u200e1,234\u200f", "1,234"),
        ("\u2068שלום\u2069", "שלום"),
    ],
)
def test_a_text_is_tidied_and_keeps_its_indent(typed, cleaned):
    form = CommentForm({"text": typed})
    assert form.is_valid() and form.cleaned_data["text"] == cleaned


def test_what_is_dropped_does_not_count():
    assert CommentForm({"text": "\u200e" * 5_000 + "字" * 5_000}).is_valid()
    assert not CommentForm({"text": "字" * 5_001}).is_valid()


def test_a_note_that_is_too_long_is_named(moderator, article):
    comment = factories.comment(article)
    answer = moderator.send(
        f"/moderation/comments/{comment.pk}/remove/", reason="spam", note="長" * 1_001
    )
    assert answer.status_code == 400
    assert "メモが長すぎるか" in answer.content.decode()
