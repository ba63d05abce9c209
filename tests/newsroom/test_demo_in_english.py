"""The English paper of the demo: as large and as sound as the Japanese one, with its own words."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from articles.web.languages import JAPANESE
from newsroom.demo.loading import FIGURE, LINK
from newsroom.demo.outline import REFERENCE
from newsroom.demo.staff import STAFF
from newsroom.demo.stories import read_categories, read_pages, read_pictures, read_stories
from tests.newsroom.test_demo import PICTURES, STORIES, Words, depth_of

pytestmark = pytest.mark.once
OTHER_LANGUAGE = "kiri-no-oto"
LONG_TITLE = "consultation-again"


@pytest.fixture
def stories(settings):
    settings.LANGUAGE_CODE = "en"
    return {story.key: story for story in read_stories(large=True)}


def test_it_is_as_large_as_the_japanese_one(stories):
    published = [story for story in stories.values() if story.state == "published"]
    assert len([story for story in published if not story.large]) >= 24
    categories = read_categories()
    roots = [key for key, entry in categories.items() if "parent" not in entry]
    assert len(roots) == 6
    for root in roots:
        assert {story.category for story in published} & {
            key for key, entry in categories.items() if entry.get("parent") == root
        }
    assert {story.state for story in stories.values()} == {story.state for story in STORIES}
    assert [page.key for page in read_pages()] == ["about", "contact", "privacy"]
    assert any(story.film for story in published)
    assert any(story.corrections for story in published)
    assert len([story for story in published if story.series]) >= 3
    assert any(remark.is_featured for story in published for remark in story.remarks)


def test_its_articles_have_the_measures_of_one(stories):
    for key, story in stories.items():
        if story.state == "published" and key != OTHER_LANGUAGE:
            assert 30 <= len(story.title) <= 80 or key == LONG_TITLE, key
            assert 90 <= len(story.lead) <= 200, key
            assert 700 <= len(Words(story.body).text) <= 2_500, key
            assert "<h2>" in story.body and story.sources and story.tags and story.related, key


def test_what_it_names_is_there(stories):
    pictures, keys, shown = read_pictures(), set(stories), set()
    for story in [*stories.values(), *read_pages()]:
        links = set(story.related) | set(LINK.findall(story.body))
        assert links <= keys | {"contact", "privacy"}, story.key
        shown |= {story.image, *FIGURE.findall(story.body)} - {""}
    assert shown == set(pictures) == set(PICTURES)
    assert all(picture.alt and picture.caption and picture.credit for picture in pictures.values())


def test_nothing_lies_in_the_future(stories):
    now = timezone.make_aware(datetime(2026, 3, 29, 0, 1))
    for story in stories.values():
        if story.state in {"published", "withdrawn"}:
            last = timedelta(minutes=story.remarks[-1].minutes if story.remarks else 0)
            assert story.published_at(now) + last < now, story.key


def test_its_threads_are_arguments(stories):
    remarks = stories["cable-ship-berth"].remarks
    assert len(remarks) >= 60 and max(map(depth_of, remarks)) >= 9
    assert len({remark.writer for remark in remarks}) >= 25
    assert {remark.fate for remark in remarks} == {"", "held", "remove", "prune"}
    assert len(stories["tram-ballot"].remarks) == 1_000
    for story in stories.values():
        for remark in story.remarks:
            assert remark.text and "- +" not in remark.text
            assert set(REFERENCE.findall(remark.text)) <= {"^"} - {"" if remark.parent else "^"}


def test_its_words_are_english(stories):
    for key, story in stories.items():
        if key != OTHER_LANGUAGE:
            texts = [story.title, story.lead, story.body, *(each.text for each in story.remarks)]
            assert not JAPANESE.search("".join(texts)), key
    assert stories[OTHER_LANGUAGE].language == "ja"
    paragraphs = re.findall(r"<(?:p|li|h2)>(.+?)</", "".join(s.body for s in stories.values()))
    assert len(paragraphs) == len(set(paragraphs))
    assert not any(JAPANESE.search(member.display_name) for member in STAFF)
