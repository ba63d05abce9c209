"""Titles, descriptions and pictures for search engines, as plugins store them."""

import pytest

from articles.models import Article
from tests.newsroom.wordpress import wxr

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ("_yoast_wpseo_title", "_yoast_wpseo_metadesc"),
        ("rank_math_title", "rank_math_description"),
    ],
)
def test_own_texts_are_taken(bring, title, description):
    metas = wxr.meta(title, "札の題 & 港"), wxr.meta(description, "札の文。")
    bring(wxr.item(1, *metas))
    article = Article.objects.get()
    assert (article.seo_title, article.seo_description) == ("札の題 & 港", "札の文。")


@pytest.mark.parametrize(
    "pattern", ["%%title%% %%sep%% %%sitename%%", "%title% - %sitename%", "港 %%page%%"]
)
def test_patterns_of_the_plugin_are_no_text(bring, pattern):
    bring(wxr.item(1, wxr.meta("_yoast_wpseo_title", pattern)))
    assert Article.objects.get().seo_title == ""


def test_a_percentage_is_a_text(bring):
    bring(wxr.item(1, wxr.meta("_yoast_wpseo_title", "投票率は50%、前回は48%")))
    assert Article.objects.get().seo_title == "投票率は50%、前回は48%"


def test_a_second_import_changes_what_changed_and_keeps_what_editors_wrote(bring):
    first = wxr.item(1, wxr.meta("_yoast_wpseo_title", "初めの札"))
    bring(first)
    Article.objects.update(seo_title="編集の札", seo_description="編集の文。")
    bring(first)
    assert Article.objects.get().seo_title == "編集の札"
    bring(wxr.item(1, wxr.meta("_yoast_wpseo_title", "次の札")))
    article = Article.objects.get()
    assert (article.seo_title, article.seo_description) == ("次の札", "編集の文。")
