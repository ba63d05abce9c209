"""The demo: its texts are fit to print, and loading it is safe, whole and done once."""

import io
import re
from collections import Counter
from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image

from articles.models import Article, Category, MediaFile
from comments.models import Comment, Mention, ModerationAction, Vote
from newsroom.demo import chatter, library, loading
from newsroom.demo.drawing import drawn
from newsroom.demo.loading import FIGURE, LINK, SOURCE
from newsroom.demo.outline import OutlineError, parsed, resolved
from newsroom.demo.stories import CATEGORIES, STAFF, pages, pictures, stories
from newsroom.models import ImportedItem
from tests import factories

STORIES = stories(large=True)
PAGES = pages()
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


def story(key):
    return next(story for story in STORIES if story.key == key)


# The texts


def test_there_are_articles_enough_in_nested_categories():
    assert len([one for one in JAPANESE if not one.large]) >= 24
    roots = [key for key, _name, parent in CATEGORIES if parent is None]
    used = {one.category for one in JAPANESE}
    assert len(roots) == 6
    assert used <= {key for key, _name, _parent in CATEGORIES}
    for root in roots:
        below = {key for key, _name, parent in CATEGORIES if parent == root}
        assert below & used


@pytest.mark.once
@pytest.mark.parametrize("one", JAPANESE, ids=lambda one: one.key)
def test_an_article_has_the_measures_of_one(one):
    assert 20 <= len(one.title) <= 40 or one.key == LONG_TITLE
    assert 60 <= len(one.lead) <= 120
    assert 500 <= len(Words(one.body).text) <= 1_500
    assert "<h2>" in one.body
    assert one.sources and one.tags and one.related


def test_no_paragraph_stands_in_two_articles():
    paragraphs = Counter(
        text
        for one in STORIES
        for text in (one.lead, one.title, *re.findall(r"<(?:p|li|h2)>(.+?)</", one.body))
    )
    assert [text for text, times in paragraphs.items() if times > 1] == []


def test_what_articles_name_is_there():
    keys = {one.key for one in STORIES}
    known = pictures()
    shown = set()
    for one in STORIES:
        assert set(one.related) | set(LINK.findall(one.body)) <= keys - {one.key}
        shown |= {one.image, *FIGURE.findall(one.body)} - {""}
    assert shown == set(known)
    assert all(picture.alt and picture.caption and picture.credit for picture in known.values())
    assert len({picture.motif for picture in known.values()}) >= 12


@pytest.mark.parametrize("clock", [(0, 1), (4, 0), (12, 0), (23, 59)])
def test_nothing_lies_in_the_future_at_any_hour(clock):
    now = timezone.make_aware(datetime(2026, 3, 29, *clock))
    for one in STORIES:
        published_at = one.published_at(now)
        if one.state == "scheduled":
            assert published_at > now
        elif one.state in {"published", "withdrawn"}:
            assert published_at < one.updated_at(now) + timedelta(seconds=1)
            remarks = chatter.remarks() if one.large else one.remarks
            last = timedelta(minutes=remarks[-1].minutes) if remarks else timedelta()
            assert published_at + last < now, one.key


def test_the_main_thread_is_an_argument():
    remarks = story("cable-ship").remarks
    assert len(remarks) >= 80
    assert max(remark.depth for remark in remarks) >= 9
    assert len({remark.writer for remark in remarks}) >= 25
    assert {remark.fate for remark in remarks} == {"", "held", "remove", "prune"}
    assert 5 <= len([one for one in STORIES if 3 <= len(one.remarks) <= 25]) <= 8


def test_the_large_thread_is_always_the_same():
    once, again = chatter.remarks(), chatter.remarks()
    assert len(once) == 1_000
    assert [(r.minutes, r.text, r.ups) for r in once] == [(r.minutes, r.text, r.ups) for r in again]
    assert max(remark.depth for remark in once) >= 10
    assert len({len(remark.text) for remark in once}) > 50


def test_the_pages_outside_the_lists_say_who_and_what_is_kept():
    keys = {one.key for one in STORIES + PAGES}
    assert [one.key for one in PAGES] == ["about", "contact", "privacy"]
    assert all(one.kind == "page" for one in PAGES)
    assert all(set(LINK.findall(one.body)) <= keys for one in PAGES)
    assert all(one.kind == "article" for one in STORIES)


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
    early, first, reply = parsed(OUTLINE)
    assert early.staff == "writer" and early.minutes == 30
    assert (first.writer, first.ups, first.downs, first.name) == ("a", 3, 1, "海鳥#secret")
    assert first.text == "一行目\n>引用\n\n二段落目"
    assert reply.parent is first and reply.depth == 1 and reply.minutes == 65
    assert (reply.fate, reply.reason, reply.note) == ("remove", "abuse", "人への攻撃。")
    assert resolved(reply, {"^": 2, "first": 2}) == ">>2 と >>2 は同じ。"


@pytest.mark.parametrize(
    ("outline", "complaint"),
    [
        ("- +1m a\n      - +1m b\n        x\n", "indentation"),
        ("text\n", "outside"),
        ("- +x a\n  text\n", "no time"),
        ("- +1m a\n- +2m b\n  text\n", "no text"),
        ("- +1m a what\n  text\n", "what is"),
        ("- +1m a\n  >>{^}\n", "no parent"),
        ("- +1m a\n  >>{later}\n- +2m b #later\n  text\n", "not before"),
        ("- +1m a #x\n  text\n- +2m b #x\n  text\n", "taken"),
    ],
)
def test_an_outline_that_makes_no_sense_is_refused(outline, complaint):
    with pytest.raises(OutlineError, match=complaint):
        parsed(outline)


# The pictures


@pytest.mark.once
def test_pictures_are_of_one_size_and_light():
    for picture in pictures().values():
        content = drawn(picture.motif, picture.palette, picture.seed)
        with Image.open(io.BytesIO(content)) as image:
            assert image.size == (1600, 1067)
        assert len(content) < 150_000, picture.key


@pytest.mark.once
def test_a_picture_comes_out_the_same_and_its_seed_matters():
    assert drawn("buoy", "grey", 1) == drawn("buoy", "grey", 1)
    assert drawn("buoy", "grey", 1) != drawn("buoy", "grey", 2)


# The loading


@pytest.fixture
def plain_pictures(monkeypatch):
    """Small pictures in place of the drawn ones, which have tests of their own."""
    file = io.BytesIO()
    Image.new("RGB", (60, 40), "#8794a0").save(file, "JPEG")
    monkeypatch.setattr(library, "drawn", lambda *picture: file.getvalue())


@pytest.fixture
def few_stories(monkeypatch):
    """A few of the articles in place of all, where the number does not matter."""
    few = [story(key) for key in ("leak-listener", "channel-depth", "island-clinic", "cable-ship")]
    monkeypatch.setattr(loading, "stories", lambda large: few)
    monkeypatch.setattr(loading, "pages", list)
    return few


@pytest.fixture
def load(db, plain_pictures):
    def run(*arguments):
        output = io.StringIO()
        call_command("load_demo", *arguments, stdout=output)
        return output.getvalue()

    return run


def counts():
    models = (Article, Category, MediaFile, Comment, Vote, Mention, ModerationAction, ImportedItem)
    return {model.__name__: model.objects.count() for model in (*models, get_user_model())}


def test_the_demo_is_whole_and_sound(load, client):
    output = load("--large")

    for member in STAFF:
        assert f"{member.login:<10} {member.password}" in output
        user = get_user_model().objects.get(username=member.login)
        assert user.is_staff and user.check_password(member.password)
        assert {group.name for group in user.groups.all()} == {member.group} - {""}
    assert counts()["Article"] == len(STORIES) + len(PAGES)
    call_command("verify_comments", stdout=io.StringIO())

    main = Comment.objects.filter(thread__article__slug="cable-ship")
    assert main.published().count() >= 80
    assert max(main.values_list("level", flat=True)) >= 6
    assert main.held().count() == 1
    assert set(main.removed().values_list("actions__verb", flat=True)) == {"remove", "prune", None}
    assert set(ModerationAction.objects.values_list("moderator__username", flat=True)) == {
        "moderator"
    }
    scores = set(main.values_list("score", flat=True))
    assert min(scores) < 0 and max(scores) >= 40 and len(scores) > 25
    assert main.exclude(tripcode="").exists() and main.exclude(staff=None).exists()
    large = Comment.objects.filter(thread__article__slug="tram-vote")
    assert large.count() == 1_000
    assert large.filter(html__contains='class="reference"').count() > 50

    now = timezone.now()
    assert not Comment.objects.filter(posted_at__gt=now).exists()
    assert not Vote.objects.filter(voted_at__gt=now).exists()
    for one in (*STORIES, *PAGES):
        status = {"published": 200, "withdrawn": 410}.get(one.state, 404)
        response = client.get(f"/articles/{one.key}/")
        assert response.status_code == status, one.key
        if status == 200:
            html = response.content.decode()
            assert one.title in html
            assert 'href="article:' not in html
    assert story("channel-depth").note in client.get("/articles/channel-depth/").content.decode()
    assert client.get("/").status_code == 200


def test_figures_and_links_of_an_article_lead_somewhere(load, few_stories):
    load()
    body = Article.objects.get(slug="cable-ship").body
    file = MediaFile.objects.get(pk=re.search(r'data-file="(\d+)"', body)[1])
    assert file.caption == pictures()["cable-section"].caption
    assert file.copyright and file.image_alt_text
    assert 'href="/articles/island-clinic/"' in body


def test_loading_twice_makes_no_doubles(load, few_stories):
    load()
    before = counts()
    load()
    assert counts() == before


def test_a_second_run_leaves_alone_what_people_did(load, few_stories, settings):
    settings.DEBUG = False
    load()
    renamed = Article.objects.get(slug="cable-ship")
    renamed.title, renamed.slug = "別の題", "another-address"
    renamed.save()
    Article.objects.get(slug="leak-listener").delete()  # it has no thread
    get_user_model().objects.filter(username="writer").update(display_name="別の人")
    factories.article(title="自分の記事")
    before = counts()

    load()

    assert counts() == before
    renamed.refresh_from_db()
    assert (renamed.title, renamed.slug) == ("別の題", "another-address")
    assert get_user_model().objects.get(username="writer").display_name == "別の人"


def test_a_site_in_use_gets_no_more_of_the_demo(load, few_stories, settings):
    settings.DEBUG = False
    load()
    factories.article(title="自分の記事")
    before = counts()
    few_stories.append(story("shore-wall"))
    with pytest.raises(CommandError):
        load()
    assert counts() == before


def test_a_site_with_articles_of_its_own_is_refused(load, few_stories, settings):
    settings.DEBUG = False
    factories.article(title="自分の記事")
    before = counts()
    with pytest.raises(CommandError):
        load()
    assert counts() == before

    settings.DEBUG = True
    load()
    assert counts()["Article"] == before["Article"] + len(few_stories)


def test_an_interrupted_run_goes_on(load, few_stories, monkeypatch):
    def interrupt(self, made):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("newsroom.demo.threads.ThreadWriter.vote", interrupt)
        load()
    assert not Comment.objects.exists()
    load()
    assert Article.objects.count() == len(few_stories)
    assert Comment.objects.count() == sum(len(one.remarks) for one in few_stories)
    assert ImportedItem.objects.filter(source=SOURCE, kind="related").count() == len(few_stories)


def test_an_address_that_is_taken_is_left_to_its_article(load, few_stories, settings):
    settings.DEBUG = True
    own = factories.article(title="自分の記事", slug="island-clinic")
    load()
    own.refresh_from_db()
    assert own.title == "自分の記事"
    assert Article.objects.count() == len(few_stories)
