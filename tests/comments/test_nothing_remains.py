"""After an erasure no table and no cache holds a word of the comment."""

import pickle
import re

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from comments.bans import ban_reader
from comments.digests import list_urgent
from comments.erasing import confirm_erasure, request_erasure
from comments.kept_pages import LONGEST, Kept
from comments.models import Comment, Measure, Mention, ModerationAction, Objection, Report, WordRule
from comments.models.moderated import decide
from comments.models.states import Verb
from comments.purging import purge_moderation
from comments.writer_record import look_up
from newsroom.page_cache.cached_page import CachedPage
from tests import factories
from tests.comments.test_edits import edit

SECRET = "ヌメロニムス銀行の口座 7734190 は山田太郎のものです。"
NAME = "ザビーネ友"
TRACES = ("ヌメロニムス", "ヌメロ", "7734190", "ザビーネ")

pytestmark = pytest.mark.django_db


def dump_tables():
    """Everything that any table of the database holds, as text."""
    held = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            held[table] = " ".join(_write(value) for row in cursor.fetchall() for value in row)
    return held


def _write(value):
    return (
        bytes(value).decode(errors="ignore")
        if isinstance(value, (bytes, memoryview))
        else f"{value}"
    )


def dump_caches():
    pages = map(pickle.loads, caches["pages"]._cache.values())  # our own
    threads = map(pickle.loads, caches["threads"]._cache.values())
    return {
        "default": " ".join(map(_write, caches["default"]._cache.values())),
        "threads": " ".join(Kept.unpack(packed).html for _stamp, packed in threads),
        "pages": " ".join(page.plain.decode() for page in pages if isinstance(page, CachedPage)),
    }


def find_traces():
    held = dump_tables() | dump_caches()
    return {place for place, text in held.items() if any(trace in text for trace in TRACES)}


@pytest.fixture
def comment(article, reader, other_reader, moderator, settings):
    """A comment whose words are wherever they can come to."""
    settings.PAGE_CACHE_SECONDS = 60
    WordRule.objects.create(text="口座")
    reader.write(article, f"古い版。{SECRET}", name=NAME)
    comment = Comment.objects.get()
    edit(reader, comment, SECRET)
    by = moderator.user
    comment.approve(by=by, note=SECRET).undo(by=by, note=SECRET)
    comment.approve(by=by, note=SECRET)
    other_reader.send(f"/comments/{comment.pk}/report/", reason="privacy", text=SECRET)
    reply = factories.comment(article, text=f"> {SECRET}\nそうですか", parent=comment)
    reply.old_texts.create(text=f"> {SECRET}\n本当ですか")
    Report.objects.create(comment=reply, reason="abuse", reporter="r", about=f"> {SECRET}")
    Report.objects.create(comment=reply, reason="abuse", reporter="s", text=f"引用が{SECRET}")
    reply.note(by, f"この返信は{SECRET}を引用")
    objection = Objection.objects.create(comment=reply, text=f"{SECRET}は公知です")
    objection.uphold(by=factories.moderator("早瀬"), note=f"{SECRET}は引用")
    both = Comment.objects.filter(pk__in=[comment.pk, reply.pk])
    decide(both, Verb.KEEP, by=by, note=SECRET)
    ban_reader(comment, by=by, days=7, reason="privacy", note=SECRET)
    look_up(comment, Verb.LOOKUP, by=by, note=SECRET)
    Measure.take(Verb.MODE, by=by, thread=comment.thread, value="held", note=f"{NAME}のため")
    Mention.objects.create(article=article, title="他紙", excerpt=SECRET, state="published")
    visit(comment, moderator, reader)
    return comment


def visit(comment, moderator, reader):
    """Open the pages that show it, so that caches hold it."""
    article = comment.thread.article
    for path in (article.get_absolute_url(), "/", "/comments/feed/", f"/comments/{comment.pk}/"):
        reader.get(path)
        moderator.get(path)
    for path in ("/moderation/", "/moderation/log/", "/moderation/search/?q=ヌメロニムス"):
        moderator.get(path)
    list_urgent()


def test_every_place_held_it(comment):
    places = find_traces()
    names = {re.sub("^comments_", "", place) for place in places}
    assert {"comment", "oldtext", "report", "objection", "moderationaction", "mention"} <= names
    assert {"threads", "pages"} <= names


@pytest.mark.parametrize("way", ["two people", "the command"])
def test_nothing_remains(comment, moderator, way, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        if way == "two people":
            erasure = request_erasure(comment, by=moderator.user, reason="privacy", note="命令書")
            confirm_erasure(erasure, by=factories.moderator("第二"))
            call_command("purge_moderation", "--older-than", "180d")  # optimizes the index
        else:
            call_command("erase_comment", comment.pk, "--reason", "illegal", "--ground", "命令書")
    assert find_traces() == set()
    assert ModerationAction.objects.filter(verb=Verb.REQUEST, note__endswith="命令書").exists()
    visit(comment, moderator, moderator)
    assert find_traces() == set()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("", "お知らせします。ありがとうございました", "ご確認ありがとうございました"),
        ("AI", "予算の話", "He said so again and again"),
        ("Port", "予算の話", "I report this for a reason"),
        ("", "2026年の予算の話", "2026年にも同じことを書いた"),
    ],
)
def test_innocent_words_remain(article, moderator, name, text, words):
    comment = factories.comment(article, text=text, name=name)
    other = factories.comment(article, text="別の話")
    Objection.objects.create(comment=other, text=words)
    other.note(moderator.user, words)
    Report.objects.create(comment=other, reason="abuse", reporter="r", text=words)
    Mention.objects.create(article=article, title="他紙", excerpt=words, state="published")
    call_command("erase_comment", comment.pk, "--reason", "illegal", "--ground", "命令書")
    texts = [Objection.objects.get().text, Report.objects.get().text, Mention.objects.get().excerpt]
    assert [*texts, ModerationAction.objects.get(verb=Verb.NOTE).note] == [words] * 4


@pytest.mark.parametrize(
    "words",
    ["Jane D. Doeの件", "＞ヌメロニムス銀行の", "7734190に掛けた", "彼はＪＡＮＥ　ＤＤＯＥだ"],
)
def test_what_repeats_the_text_or_the_name_goes(article, words):
    comment = factories.comment(article, text=SECRET, name="Jane D Doe")
    Objection.objects.create(comment=factories.comment(article, text="別の話"), text=words)
    call_command("erase_comment", comment.pk, "--reason", "illegal", "--ground", "命令書")
    assert Objection.objects.get().text == ""


def test_a_purge_leaves_nothing_of_a_removed_text(article, moderator, reader):
    reader.write(article, SECRET, name=NAME)
    comment = Comment.objects.get()
    edit(reader, comment, f"{SECRET}直した")
    comment.refresh_from_db()
    comment.remove(by=moderator.user, reason="privacy", note=SECRET)
    factories.comment(article, text=f"> {SECRET}\nそうですか")
    visit(comment, moderator, moderator)
    assert find_traces()
    for alias in ("default", "pages", "threads"):
        caches[alias].clear()  # nothing is cached for longer than a day
    call_command("purge_moderation", "--older-than", "0d")
    visit(comment, moderator, moderator)
    assert find_traces() == set()


@pytest.mark.django_db(transaction=True)
def test_no_page_from_before_a_removal_outlives_a_purge(settings, client):
    """Nobody has asked for the page since, so the cache still has the old one."""
    settings.PAGE_CACHE_SECONDS = 60
    comment = factories.comment(factories.article(), text=SECRET)
    client.get(comment.thread.article.get_absolute_url())
    comment.remove(by=factories.moderator(), reason="privacy")
    purge_moderation(before=timezone.now() - LONGEST)
    assert SECRET[-8:] in dump_caches()["pages"]
    purge_moderation(before=timezone.now())
    assert SECRET[-8:] not in "".join(dump_caches().values())
