"""The demo: its texts and pictures are fit to print, its outlines are read as meant."""

import re
from collections import Counter
from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from PIL import Image

from articles.documents import check_document
from newsroom.demo.film import FRAMES, make_film
from newsroom.demo.loading import FIGURE, LINK
from newsroom.demo.outline import REFERENCE, OutlineError, parse_outline, resolve_references
from newsroom.demo.staff import PROFILES
from newsroom.demo.stories import (
    HERE,
    read_categories,
    read_pages,
    read_pictures,
    read_stories,
)

STORIES = read_stories(large=True)
PAGES = read_pages()
PICTURES = read_pictures()
JAPANESE = [
    story for story in STORIES if story.state == "published" and story.key != "foghorn-vote"
]
LONG_TITLE = "consultation-extended"


class Words(HTMLParser):
    """The text of some HTML without its tags and spaces."""

    def __init__(self, html):
        super().__init__()
        self.text = ""
        self.feed(html)

    def handle_data(self, data):
        self.text += "".join(data.split())


def find_story(key):
    return next(story for story in STORIES if story.key == key)


def depth_of(remark):
    return 0 if remark.parent is None else depth_of(remark.parent) + 1


# The texts


def test_there_are_articles_enough_in_nested_categories():
    assert len([story for story in JAPANESE if not story.large]) >= 24
    parents = {key: entry.get("parent") for key, entry in read_categories().items()}
    roots = [key for key, parent in parents.items() if parent is None]
    used = {story.category for story in JAPANESE}
    assert len(roots) == 6
    assert used <= parents.keys()
    for root in roots:
        below = {key for key, parent in parents.items() if parent == root}
        assert below & used


@pytest.mark.parametrize("story", JAPANESE, ids=lambda story: story.key)
def test_an_article_has_the_measures_of_one(story):
    assert 20 <= len(story.title) <= 40 or story.key == LONG_TITLE
    assert 60 <= len(story.lead) <= 120
    assert 500 <= len(Words(story.body).text) <= 1_500
    assert "<h2>" in story.body
    assert story.sources and story.tags and story.related


def test_no_paragraph_stands_in_two_articles():
    paragraphs = Counter(
        text
        for story in STORIES
        for text in (story.lead, story.title, *re.findall(r"<(?:p|li|h2)>(.+?)</", story.body))
    )
    assert [text for text, times in paragraphs.items() if times > 1] == []


def test_what_articles_name_is_there():
    keys = {story.key for story in STORIES}
    shown = set()
    for story in STORIES:
        assert set(story.related) | set(LINK.findall(story.body)) <= keys - {story.key}
        shown |= {story.image, *FIGURE.findall(story.body)} - {""}
    assert shown == set(PICTURES)
    assert {path.stem for path in (HERE / "pictures").iterdir()} == set(PICTURES)
    assert all(picture.alt and picture.caption and picture.credit for picture in PICTURES.values())


@pytest.mark.parametrize("clock", [(0, 1), (4, 0), (12, 0), (23, 59)])
def test_nothing_lies_in_the_future_at_any_hour(clock):
    now = timezone.make_aware(datetime(2026, 3, 29, *clock))
    for story in STORIES:
        published_at = story.published_at(now)
        if story.state == "scheduled":
            assert published_at > now
        elif story.state in {"published", "withdrawn"}:
            assert published_at < story.updated_at(now) + timedelta(seconds=1)
            last = timedelta(minutes=story.remarks[-1].minutes if story.remarks else 0)
            assert published_at + last < now, story.key


def test_the_main_thread_is_an_argument():
    remarks = find_story("cable-ship").remarks
    assert len(remarks) >= 80
    assert max(map(depth_of, remarks)) >= 9
    assert len({remark.writer for remark in remarks}) >= 25
    assert {remark.fate for remark in remarks} == {"", "held", "remove", "prune"}
    assert 5 <= len([story for story in STORIES if 3 <= len(story.remarks) <= 30]) <= 12


def test_the_large_thread_has_1000_comments_in_deep_branches():
    [story] = [story for story in STORIES if story.large]
    assert len(story.remarks) == 1_000
    assert max(map(depth_of, story.remarks)) >= 10
    assert len({len(remark.text) for remark in story.remarks}) > 50


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)
def test_a_comment_has_a_text_that_names_comments_before_it(story):
    labels = set()
    for remark in story.remarks:
        assert remark.text and "- +" not in remark.text  # a head line that is not read as one
        names = set(REFERENCE.findall(remark.text))
        assert names <= labels | ({"^"} if remark.parent else set())
        assert not remark.label or remark.label not in labels
        labels.add(remark.label)


def test_the_pages_outside_the_lists_say_who_and_what_is_kept():
    keys = {story.key for story in STORIES + PAGES}
    assert [story.key for story in PAGES] == ["about", "contact", "privacy"]
    assert all(story.kind == "page" for story in PAGES)
    assert all(set(LINK.findall(story.body)) <= keys for story in PAGES)
    assert all(story.kind == "article" for story in STORIES)


# The outline


OUTLINE = """\
- +1h a ^3-1 name=海鳥#secret #first
  一行目
  >引用

  二段落目
  - +5m b !remove:abuse -- 人への攻撃。
    >>{^} と >>{first} は同じ。
- +30m @writer
  先に書かれた。
"""


def test_an_outline_is_read_in_the_order_of_its_times():
    early, first, reply = parse_outline(OUTLINE)
    assert early.staff == "writer" and early.minutes == 30
    assert (first.writer, first.ups, first.downs, first.name) == ("a", 3, 1, "海鳥#secret")
    assert first.text == "一行目\n>引用\n\n二段落目"
    assert reply.parent is first and depth_of(reply) == 1 and reply.minutes == 65
    assert (reply.fate, reply.reason, reply.note) == ("remove", "abuse", "人への攻撃。")
    assert resolve_references(reply, {"^": 2, "first": 2}) == ">>2 と >>2 は同じ。"


@pytest.mark.parametrize(
    ("outline", "complaint"),
    [
        ("- +1m a\n      - +1m b\n        x\n", "indentation"),
        ("text\n", "outside"),
        ("- +x a\n  text\n", "outside"),
        ("- +1m a what\n  text\n", "what is"),
    ],
)
def test_an_outline_that_makes_no_sense_is_refused(outline, complaint):
    with pytest.raises(OutlineError, match=complaint):
        parse_outline(outline)


# The pictures


def test_pictures_are_fit_for_the_library():
    """They enter it as they are, without being encoded again."""
    for picture in PICTURES.values():
        with Image.open(picture.path) as image:
            assert (image.format, image.size) == ("WEBP", (1600, 1067)), picture.key
            assert not {"exif", "xmp", "icc_profile"} & image.info.keys(), picture.key
        assert picture.path.stat().st_size < 75_000, picture.key


def test_the_film_is_one_that_the_library_takes():
    film = make_film(PICTURES["harbour-dusk"].path)
    assert check_document("webm", film) == "video/webm"
    assert film.count(b"\x9d\x01\x2a") == FRAMES  # the start code of a key frame of VP8
    with pytest.raises(ValidationError):
        check_document("mp4", film)


def test_the_portraits_are_fit_for_the_library():
    portraits = {path.stem: path for path in (HERE / "portraits").iterdir()}
    assert portraits.keys() == {profile.login for profile in PROFILES}
    for path in portraits.values():
        with Image.open(path) as image:
            assert (image.format, image.size) == ("WEBP", (720, 900))
