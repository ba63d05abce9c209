"""Loading the demo is safe, whole and done once."""

import io
import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image

from articles.models import Article, Category, MediaFile, ReadCount
from comments.models import Comment, Mention, ModerationAction, Vote, WordRule
from newsroom.demo import loading
from newsroom.demo.loading import FOLDERS, SOURCE, add_to_library
from newsroom.demo.staff import STAFF
from newsroom.demo.stories import Picture, read_pages, read_pictures, read_stories
from newsroom.models import ImportedItem
from tests import factories

STORIES = read_stories(large=True)
PAGES = read_pages()
PICTURES = read_pictures()


def find_story(key):
    return next(story for story in STORIES if story.key == key)


@pytest.mark.once
def test_a_picture_enters_the_library_with_its_texts_and_renditions(db):
    picture = PICTURES["cable-ship"]
    file = add_to_library(picture)
    assert file.folder.name == FOLDERS["ja"]
    assert file.image_alt_text == picture.alt
    assert (file.caption, file.copyright) == (picture.caption, picture.credit)
    assert (file.image_width, file.image_height) == (1600, 1067)
    assert file.build_srcset("webp").endswith("1440w")
    assert file.social_card.width == 1200
    assert file.image_file.name.endswith(".webp")
    with file.image_file.open() as stored:
        assert stored.read() == picture.path.read_bytes()


@pytest.fixture
def plain_pictures(monkeypatch, tmp_path):
    """A small picture in place of the demo's, which have tests of their own."""
    path = tmp_path / "plain.webp"
    Image.new("RGB", (60, 40), "#8794a0").save(path)
    monkeypatch.setattr(Picture, "path", path)


@pytest.fixture
def few_stories(monkeypatch):
    """A few of the articles in place of all, where the number does not matter."""
    few = [
        find_story(key) for key in ("leak-listener", "channel-depth", "island-clinic", "cable-ship")
    ]
    monkeypatch.setattr(loading, "read_stories", lambda large: few)
    monkeypatch.setattr(loading, "read_pages", list)
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


@pytest.mark.slow
@pytest.mark.once  # the others load a part of the demo
def test_the_demo_is_whole_and_sound(load, client):
    output = load("--large")

    for member in STAFF:
        assert f"{member.login:<10} {member.password}" in output
        user = get_user_model().objects.get(username=member.login)
        assert user.is_staff and user.check_password(member.password)
        assert {group.name for group in user.groups.all()} == {member.group} - {""}
    assert counts()["Article"] == len(STORIES) + len(PAGES)
    assert WordRule.objects.on().exists()
    call_command("verify_comments", stdout=io.StringIO())

    main = Comment.objects.filter(thread__article__slug="cable-ship")
    assert main.published().count() >= 80
    assert max(main.values_list("level", flat=True)) >= 6
    assert main.held().count() == 1
    assert set(main.removed().values_list("actions__verb", flat=True)) == {"remove", "prune", None}
    by = set(ModerationAction.objects.values_list("verb", "moderator__username"))
    assert {name for verb, name in by if verb != "feature"} == {"moderator"}
    assert ("feature", "editor") in by
    assert Article.objects.exclude(corrected_at=None).exists()
    assert ReadCount.objects.exists() and MediaFile.objects.exclude(download_file="").exists()
    scores = set(main.values_list("score", flat=True))
    assert min(scores) < 0 and max(scores) >= 40 and len(scores) > 25
    assert main.exclude(tripcode="").exists() and main.exclude(staff=None).exists()
    large = Comment.objects.filter(thread__article__slug="tram-vote")
    assert large.count() == 1_000
    assert large.filter(html__contains='class="reference"').count() > 50

    now = timezone.now()
    assert not Comment.objects.filter(posted_at__gt=now).exists()
    assert not Vote.objects.filter(voted_at__gt=now).exists()
    for story in (*STORIES, *PAGES):
        status = {"published": 200, "withdrawn": 410}.get(story.state, 404)
        response = client.get(f"/articles/{story.key}/")
        assert response.status_code == status, story.key
        if status == 200:
            html = response.content.decode()
            assert story.title in html
            assert 'href="article:' not in html
    assert (
        find_story("channel-depth").note in client.get("/articles/channel-depth/").content.decode()
    )
    assert client.get("/").status_code == 200


@pytest.mark.slow
@pytest.mark.once
def test_figures_and_links_of_an_article_lead_somewhere(load, few_stories):
    load()
    body = Article.objects.get(slug="cable-ship").body
    file = MediaFile.objects.get(pk=re.search(r'data-file="(\d+)"', body)[1])
    assert file.caption == PICTURES["cable-section"].caption
    assert file.copyright and file.image_alt_text
    assert 'href="/articles/island-clinic/"' in body


@pytest.mark.slow
def test_loading_twice_makes_no_doubles(load, few_stories):
    load()
    before = counts()
    load()
    assert counts() == before
    call_command("verify_comments", stdout=io.StringIO())  # every thread of the demo is sound


@pytest.mark.slow
@pytest.mark.once
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


@pytest.mark.slow
@pytest.mark.once
def test_a_site_in_use_gets_no_more_of_the_demo(load, few_stories, settings):
    settings.DEBUG = False
    load()
    factories.article(title="自分の記事")
    before = counts()
    few_stories.append(find_story("shore-wall"))
    with pytest.raises(CommandError):
        load()
    assert counts() == before


@pytest.mark.slow
@pytest.mark.once
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


@pytest.mark.slow
def test_an_interrupted_run_goes_on(load, few_stories, monkeypatch):
    def interrupt(self, comments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("newsroom.demo.thread_writer.ThreadWriter.cast_votes", interrupt)
        load()
    assert not Comment.objects.exists()
    load()
    assert Article.objects.count() == len(few_stories)
    assert Comment.objects.count() == sum(len(story.remarks) for story in few_stories)
    assert ImportedItem.objects.filter(source=SOURCE, kind="related").count() == len(few_stories)


@pytest.mark.slow
@pytest.mark.once
def test_an_address_that_is_taken_is_left_to_its_article(load, few_stories, settings):
    settings.DEBUG = True
    own = factories.article(title="自分の記事", slug="island-clinic")
    load()
    own.refresh_from_db()
    assert own.title == "自分の記事"
    assert Article.objects.count() == len(few_stories)
