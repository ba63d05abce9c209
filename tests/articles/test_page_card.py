"""The title, description and picture that search results and cards show of an article."""

import json
import re

import pytest

from articles.models import Article, ArticleChange
from articles.models.media_use import MediaUse
from articles.models.readiness import NotReady
from articles.renditions import CUTS
from tests import factories, staff
from tests.articles.admin_forms import address, filled_in, form_of, saved
from tests.pictures import stored_once

pytestmark = pytest.mark.django_db

PATH = "/articles/ship/"


@pytest.fixture
def editor():
    return staff.browser_of(staff.editor())


def read_head(client):
    """Return the title, the meta properties, and the JSON-LD of the article."""
    html = client.get(PATH).content.decode()
    metas = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', html))
    scripts = re.findall(r'<script type="application/ld\+json">(.+?)</script>', html)
    nodes = [json.loads(text) for text in scripts]
    [title] = re.findall(r"<title>(.+?)</title>", html)
    return title, metas, next(node for node in nodes if node["@type"] == "NewsArticle")


def test_without_its_own_the_card_shows_title_lead_and_picture(client):
    file = stored_once()
    factories.article(slug="ship", title="修理船", lead="港の一日。", lead_image=file)
    title, metas, node = read_head(client)
    assert title.startswith("修理船 |")
    assert metas["description"] == metas["og:description"] == node["description"] == "港の一日。"
    assert metas["og:title"] == node["headline"] == "修理船"
    assert len(node["image"]) == 1 + len(CUTS)


def test_its_own_stand_in_head_card_and_json_ld_and_not_on_the_page(client):
    file, card = stored_once(), stored_once(image_alt_text="札")
    factories.article(
        slug="ship",
        title="修理船",
        lead_image=file,
        seo_title="海底ケーブルの修理船",
        seo_description="船の一日を追う。",
        card_image=card,
    )
    title, metas, node = read_head(client)
    assert title.startswith("海底ケーブルの修理船 |")
    assert metas["og:title"] == node["headline"] == "海底ケーブルの修理船"
    assert metas["description"] == metas["og:description"] == node["description"]
    assert metas["description"] == "船の一日を追う。"
    assert metas["og:image:alt"] == "札"
    assert node["image"][0]["url"].endswith(card.image_file.name)
    assert len(node["image"]) == 2 + len(CUTS)  # only the first is cut
    html = client.get(PATH).content.decode()
    assert "<h1" in html and ">修理船</h1>" in html


def test_the_form_saves_them_and_a_draft_change_carries_them(editor):
    card = stored_once(image_alt_text="札", copyright="港湾新報")
    fields = {"seo_title": "札の題", "seo_description": "札の文。", "card_image": card.pk}
    article = saved(editor.post("/admin/articles/article/add/", filled_in(**fields)))
    assert (article.seo_title, article.seo_description, article.card_image) == (
        *("札の題", "札の文。"),
        card,
    )
    public = factories.article(category=factories.category())
    form = form_of(public, **fields) | {"_change": "save"}
    assert editor.post(f"{address(public)}?change", form).status_code == 302
    assert Article.objects.get(pk=public.pk).seo_title == ""
    ArticleChange.objects.get().apply(by=editor.user)
    assert Article.objects.get(pk=public.pk).card_image == card


def test_the_picture_of_the_card_is_gated_and_counted_as_a_use():
    file = stored_once(image_alt_text="", copyright="")
    article = factories.article(
        status="draft", published_at=None, category=factories.category(), card_image=file
    )
    with pytest.raises(NotReady):
        article.publish()
    assert list(MediaUse.objects.values_list("place", flat=True)) == ["card"]


def test_the_form_says_how_many_characters_fit(editor):
    html = editor.get("/admin/articles/article/add/").content.decode()
    fields = re.findall(r'<(?:input|textarea)[^>]*name="(\w+)"[^>]*data-fits="(\d+)"', html)
    assert dict(fields) == {"seo_title": "30", "seo_description": "120"}


@pytest.mark.parametrize("field", ["seo_title", "seo_description"])
def test_a_text_that_is_far_too_long_is_refused(editor, field):
    answer = editor.post("/admin/articles/article/add/", filled_in(**{field: "長" * 600}))
    assert answer.status_code == 200
    assert "長" * 600 in answer.content.decode()
