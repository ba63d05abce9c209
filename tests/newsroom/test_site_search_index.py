"""The admin, the import and every other writer keep the search index up to date."""

import pytest

from articles.models import Article
from articles.search import ARTICLE, find_matches
from articles.search.analysis import Query
from comments.indexing import COMMENT
from comments.models import Comment, trees
from newsroom.wordpress.importer import Importer
from tests import factories, staff
from tests.articles.admin_forms import address, form_of
from tests.newsroom.wordpress import wxr

pytestmark = pytest.mark.django_db


def found(words, kind=ARTICLE):
    return {key for lot, _cut in find_matches(Query(words), kind) for key, _fit in lot}


@pytest.fixture
def editor():
    return staff.browser_of(staff.editor())


@pytest.fixture
def article(editor):
    article = factories.article(title="修理船", status="draft", author=editor.user)
    editor.post(address(article), form_of(article, title="敷設船", tags=["通信"]))
    article.refresh_from_db()
    return article


class TestAdmin:
    def test_a_saved_form_is_found_by_its_title_and_tags(self, article):
        assert found("修理船") == set()
        assert found("敷設船") == found("通信") == {article.pk}

    def test_tags_alone_may_change(self, editor, article):
        editor.post(address(article), form_of(article, tags=["海底"]))
        assert (found("通信"), found("海底")) == (set(), {article.pk})

    def test_a_tag_may_get_another_name(self, article):
        admin = staff.browser_of(factories.user("root", is_staff=True, is_superuser=True))
        tag = article.tags.get()
        place = f"/admin/taggit/tag/{tag.pk}/change/"
        answer = admin.post(place, {"name": "電信", "slug": tag.slug})
        assert answer.status_code == 302
        assert (found("通信"), found("電信")) == (set(), {article.pk})

    def test_a_tag_may_be_deleted(self, article):
        admin = staff.browser_of(factories.user("root", is_staff=True, is_superuser=True))
        tag = article.tags.get()
        admin.post(f"/admin/taggit/tag/{tag.pk}/delete/", {"post": "yes"})
        assert not article.tags.exists()
        assert found("通信") == set()

    def test_an_article_may_go_to_the_trash(self, article):
        admin = staff.browser_of(factories.user("root", is_staff=True, is_superuser=True))
        admin.post(address(article, "delete"), {"post": "yes"})
        assert Article.objects.get(pk=article.pk).status == "trash"
        page = admin.get("/search/?q=敷設船").content.decode()
        assert article.get_absolute_url() not in page


class TestImport:
    @pytest.fixture
    def bring(self, tmp_path):
        def bring(*parts):
            path = tmp_path / "export.xml"
            path.write_bytes(wxr.export(*parts))
            Importer(path).run()

        return bring

    def test_imported_texts_are_found(self, bring):
        words = wxr.term("post_tag", "sea", "海底")
        bring(wxr.item(1, words, wxr.comment(101, text="甲乙"), title="灯台", content="霧笛"))
        article = Article.objects.get()
        assert found("灯台") == found("霧笛") == found("海底") == {article.pk}
        assert found("甲乙", COMMENT) == {101}

    def test_it_indexes_an_article_once(self, bring, monkeypatch):
        indexed = []

        def index(article):
            indexed.append((article.title, list(article.tags.names())))

        monkeypatch.setattr(Article, "index", index)
        bring(wxr.item(1, wxr.term("post_tag", "sea", "海底"), title="灯台"))
        assert indexed == [("灯台", ["海底"])]

    def test_changed_texts_are_indexed_again(self, bring):
        bring(wxr.item(1, wxr.comment(101, text="甲乙"), title="灯台"))
        bring(wxr.item(1, wxr.comment(101, text="丙丁"), title="燈台"))
        assert (found("灯台"), found("甲乙", COMMENT)) == (set(), set())
        assert (len(found("燈台")), found("丙丁", COMMENT)) == (1, {101})


def test_comments_written_at_once_are_found(article):
    with trees.thread_write(article) as thread:
        made = [Comment(text=text, html=text) for text in ("甲乙", "丙丁")]
        trees.insert_many(made, thread=thread, max_depth=9)
    assert found("丙丁", COMMENT) == {made[1].pk}


def test_a_rolled_back_post_leaves_no_entry(article):
    with pytest.raises(RuntimeError), trees.thread_write(article):
        factories.comment(factories.article(), text="甲乙")
        raise RuntimeError
    assert found("甲乙", COMMENT) == set()
