"""The comments of an export: their nesting, order, states, ids and votes."""

import pytest

from articles.models import Article
from comments.models import Comment, Mention, Thread
from comments.verification import find_faults
from tests import factories
from tests.newsroom.wordpress import wxr
from tests.newsroom.wordpress.threads import list_thread

pytestmark = pytest.mark.django_db


def test_a_decision_made_here_outlives_a_change_there(bring):
    bring(wxr.item(1, wxr.comment(5)))
    Comment.objects.get().remove(by=factories.moderator(), reason="abuse")
    bring(wxr.item(1, wxr.comment(5, text="変えた", approved="1")))
    comment = Comment.objects.get()
    assert (comment.text, comment.state, comment.reason) == ("変えた", "removed", "abuse")


def test_comments_that_came_later_find_their_parents(bring):
    bring(wxr.item(1, wxr.comment(5, text="根"), wxr.comment(6, 5, text="枝")))
    article = Article.objects.get()
    factories.comment(article, text="ここで", parent=Comment.objects.get(pk=6))
    report = bring(
        wxr.item(
            1,
            wxr.comment(5, text="根"),
            wxr.comment(6, 5, text="枝"),
            wxr.comment(7, 6, text="葉"),
            wxr.comment(8, text="新しい根"),
        )
    )
    assert report.outcomes["comment"] == {"new": 2, "same": 2, "changed": 0}
    assert list_thread(article) == [
        (1, None, "根"),
        (2, 1, "枝"),
        (3, 2, "ここで"),
        (4, 2, "葉"),
        (5, None, "新しい根"),
    ]
    assert find_faults(Thread.objects.get(article=article)) == []


def test_numbers_count_by_date_but_never_before_the_parent(bring):
    bring(
        wxr.item(
            1,
            wxr.comment(9, text="三", date_gmt="2020-03-03 00:00:00"),
            wxr.comment(5, 7, text="二の返事", date_gmt="2019-01-01 00:00:00"),
            wxr.comment(7, text="二", date_gmt="2020-02-02 00:00:00"),
            wxr.comment(8, text="一", date_gmt="2020-01-01 00:00:00"),
        )
    )
    assert [text for _number, _parent, text in list_thread(Article.objects.get())] == [
        "一",
        "二",
        "二の返事",
        "三",
    ]


def test_parents_in_a_circle_are_cut(bring):
    bring(
        wxr.item(1, wxr.comment(5, 6, text="甲"), wxr.comment(6, 5, text="乙"), wxr.comment(7, 7))
    )
    article = Article.objects.get()
    assert list_thread(article) == [(1, None, "甲"), (2, 1, "乙"), (3, None, "それな")]
    assert find_faults(Thread.objects.get(article=article)) == []


def test_deeper_than_the_depth_allowed_a_reply_stands_beside_its_parent(bring):
    chain = [wxr.comment(number, number - 1 if number > 1 else 0) for number in range(1, 110)]
    bring(wxr.item(1, *chain))
    article = Article.objects.get()
    assert max(Comment.objects.values_list("level", flat=True)) == 100
    assert Comment.objects.count() == 109
    assert find_faults(Thread.objects.get(article=article)) == []


def test_an_id_that_is_taken_becomes_an_alias(bring):
    native = factories.comment(factories.article())
    bring(
        wxr.item(
            1,
            wxr.comment(native.pk, text="根"),
            wxr.comment(native.pk + 900, native.pk, text="枝 >>1"),
        )
    )
    root = Comment.objects.get(text="根")
    assert root.pk != native.pk
    assert root.alias == native.pk
    branch = Comment.objects.get(pk=native.pk + 900)
    assert branch.parent == root
    assert f'#comment-{root.pk}"' in branch.html
    assert find_faults(root.thread) == []


def test_a_new_comment_takes_an_id_above_all_imported_ones(bring):
    bring(wxr.item(1, wxr.comment(5_000)))
    assert factories.comment(Article.objects.get()).pk > 5_000


def test_votes_of_a_named_meta(bring):
    bring(wxr.item(1, wxr.comment(5, meta={"my_likes": 12})), votes_key="my_likes")
    comment = Comment.objects.get()
    assert (comment.imported_score, comment.score) == (12, 12)


def test_a_comment_of_the_staff_is_shown_as_such(bring):
    bring(wxr.author("writer", 3, "港 太郎"), wxr.item(1, wxr.comment(5, user_id=3)))
    assert str(Comment.objects.get().staff) == "港 太郎"


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("港 &amp; 船", "港 & 船"),
        ("◆trip", "◇trip"),
        ("reader@mail.example", "reader"),
        ("長" * 80, "長" * 50),
        ("", ""),
    ],
)
def test_names_are_plain_and_no_mail_address(bring, author, name):
    bring(wxr.item(1, wxr.comment(5, author=author)))
    assert Comment.objects.get().name == name


def test_a_comment_without_any_date_is_kept(bring):
    nothing = {"date": "0000-00-00 00:00:00", "date_gmt": "0000-00-00 00:00:00"}
    bring(wxr.item(1, wxr.comment(5, **nothing), status="draft", **nothing))
    assert Comment.objects.get().posted_at.year == 1970


@pytest.mark.parametrize("kind", ["note", "order_note", "review", "Comment"])
def test_only_what_readers_wrote_becomes_a_comment(bring, kind):
    report = bring(
        wxr.item(1, wxr.comment(5, text="読者", type=""), wxr.comment(6, text="社内", type=kind))
    )
    assert [one.text for one in Comment.objects.all()] == ["読者"]
    assert not Mention.objects.exists()
    assert report.outcomes["comment"] == {"new": 1, "left out": 1, "changed": 0, "same": 0}
    assert report.remarks[f"skipped, comments of this type are not imported: {kind}"] == 1
    assert report.states["comment"] == {"approved": 1}


def test_a_parent_in_another_thread_is_lost(bring):
    bring(wxr.item(1, wxr.comment(5, text="根")))
    report = bring(
        wxr.item(1), wxr.item(2, wxr.comment(5, text="根"), wxr.comment(6, 5, text="枝"))
    )
    assert list_thread(Article.objects.get(slug="post-2")) == [(1, None, "枝")]
    assert [find_faults(thread) for thread in Thread.objects.all()] == [[], []]
    assert report.remarks["comment moved to the top level: its parent is not in the export"] == 1
