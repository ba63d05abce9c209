"""After a set time the texts that moderation keeps are erased; states and counts stay."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles import search
from comments import indexing, verification
from comments.models import Comment, ModerationAction, Objection, OldText, Report
from comments.refusals import TextErased
from tests import factories, moderating

LONG_AGO = timezone.now() - timedelta(days=200)
TEXT = "三崎町二丁目の山田太郎さんは役場の会計係です。"
ALL = ["removed-texts", "old-texts", "reported-texts", "report-words", "notes", "objections"]


def purge(*options):
    output = StringIO()
    call_command("purge_moderation", "--older-than", "180d", *options, stdout=output)
    return dict(line.split(": ") for line in output.getvalue().splitlines())


def age_everything():
    """Let all that happened be long ago."""
    Comment.objects.exclude(moderated_at=None).update(moderated_at=LONG_AGO)
    OldText.objects.update(replaced_at=LONG_AGO)
    Report.objects.exclude(answered_at=None).update(reported_at=LONG_AGO, answered_at=LONG_AGO)
    ModerationAction.objects.update(created_at=LONG_AGO)
    ModerationAction.objects.exclude(undone_at=None).update(undone_at=LONG_AGO)
    Objection.objects.exclude(answered_at=None).update(answered_at=LONG_AGO)


@pytest.fixture
def removed(article, moderator):
    """A removed comment with an old text, a report, an objection, a note and a quotation."""
    comment = factories.comment(article, text=TEXT, name="太郎の友")
    comment.old_texts.create(text=f"古い{TEXT}")
    comment.reports.create(reason="privacy", text="個人の名前です", about=TEXT, reporter="r")
    factories.comment(article, text=f">>1\n> {TEXT}\n賛成です", parent=comment)
    action = comment.remove(by=moderator.user, reason="privacy", note="山田さんの名前")
    Objection.objects.create(
        comment=comment, action=action, text="山田は公人だ", answered_at=timezone.now()
    )
    comment.refresh_from_db()
    return comment


def test_everything_old_is_purged_and_counted(article, removed, moderator, other_reader):
    published = factories.thread_of(article).published_count
    age_everything()
    assert purge("--dry-run") == dict.fromkeys(ALL, "1")
    assert Comment.objects.get(pk=removed.pk).text == TEXT
    assert purge() == dict.fromkeys(ALL, "1")
    assert purge() == dict.fromkeys(ALL, "0")
    removed.refresh_from_db()
    assert (removed.text, removed.html, removed.name, removed.state) == ("", "", "", "removed")
    assert (removed.reason, removed.number, removed.is_purged) == ("privacy", 1, True)
    assert not OldText.objects.exists()
    report, action, objection = Report.objects.get(), removed.actions.get(), removed.objection
    assert (report.text, report.about, report.reason) == ("", "", "privacy")
    assert (action.note, action.reason, action.size) == ("", "privacy", 1)
    assert objection.text == ""
    assert factories.thread_of(article).published_count == published == 1
    faults = verification.find_faults(factories.thread_of(article))
    assert [fault for fault in faults if "objection" not in fault] == []  # no act answered it
    assert TEXT not in other_reader.get(article.get_absolute_url()).content.decode()


def test_quotations_and_the_index_lose_the_text_too(article, removed, other_reader):
    page = other_reader.get(article.get_absolute_url()).content.decode()
    assert "山田太郎" in page
    age_everything()
    purge("--only", "removed-texts")
    quoting = Comment.objects.get(number=2)
    assert quoting.text == ">>1\n> …\n賛成です"
    assert "山田太郎" not in quoting.html and 'class="reference"' in quoting.html
    page = other_reader.get(article.get_absolute_url()).content.decode()
    assert "山田太郎" not in page and "賛成です" in page
    assert "山田太郎さん" not in other_reader.get("/search/?q=山田太郎").content.decode()
    assert search.list_ids(indexing.COMMENT, after=0) == [quoting.pk]


def test_what_is_young_or_waits_is_kept(article, moderator, removed):
    assert set(purge().values()) == {"0"}
    age_everything()
    Objection.objects.update(answered_at=None)
    Report.objects.update(answered_at=None)
    counts = purge("--only", "removed-texts", "reported-texts", "report-words", "objections")
    assert set(counts.values()) == {"0"}
    removed.refresh_from_db()
    assert removed.text == TEXT


def test_a_kind_can_be_purged_alone(removed):
    age_everything()
    assert purge("--only", "notes") == {"notes": "1"}
    assert OldText.objects.exists() and Report.objects.get().text
    with pytest.raises(CommandError):
        purge("--only", "everything")


def test_no_door_brings_a_purged_text_back(article, moderator, removed):
    action = removed.actions.get()
    age_everything()
    purge()
    sentence = str(TextErased.message)
    responses = [
        *(moderating.decide(moderator, removed, verb) for verb in ("approve", "hold")),
        moderating.decide(moderator, removed, "approve", inline=True),
        moderating.undo(moderator, action),
        moderating.undo(moderator, action, inline=True),
    ]
    for response in responses:
        assert response.status_code == 409 and sentence in response.content.decode()
    page = moderator.get(f"/moderation/comments/{removed.pk}/menu/").content.decode()
    assert "/approve/" not in page
    removed.refresh_from_db()
    assert removed.is_removed
    removed.prune(by=moderator.user, reason="spam")
    removed.refresh_from_db()
    assert (removed.state, removed.reason) == ("removed", "privacy")
    assert verification.find_faults(factories.thread_of(article)) == []
    verification.repair(article.pk)


def test_undoing_a_prune_restores_what_still_has_a_text(article, moderator):
    top = factories.comment(article, text="親")
    child = factories.comment(article, text="子", parent=top)
    prune = top.prune(by=moderator.user, reason="spam")
    Comment.objects.filter(pk=child.pk).update(moderated_at=LONG_AGO)
    purge("--only", "removed-texts")
    prune.undo(by=moderator.user)
    top.refresh_from_db()
    child.refresh_from_db()
    assert top.is_published and child.is_removed
    article.thread.refresh_from_db()
    assert article.thread.published_count == 1
    assert verification.find_faults(factories.thread_of(article)) == []


def test_many_quotations_cost_no_more_queries(article, moderator, django_assert_max_num_queries):
    top = factories.comment(article, text=TEXT)
    for number in range(30):
        factories.comment(article, text=f"> {TEXT}\n{number}")
    top.remove(by=moderator.user, reason="privacy")
    Comment.objects.exclude(moderated_at=None).update(moderated_at=LONG_AGO)
    with django_assert_max_num_queries(45):
        purge("--only", "removed-texts")
    assert not Comment.objects.filter(text__contains="山田").exists()
