"""References to numbers that appear later: the texts are linked, and the target lists them."""

from comments.checks.verdict import Outcome, Verdict
from comments.editing import edit
from comments.models import AwaitedNumber, Comment, Reference, Thread
from comments.models.reference import MOST_ANSWERS, MOST_WAITING
from tests import factories


def link(pk, text):
    return f'<a class="reference" href="/comments/{pk}/thread/#comment-{pk}">{text}</a>'


def read_html(comment):
    return Comment.objects.get(pk=comment.pk).html


def test_an_anchor_to_a_number_links_once_it_exists(reader, article):
    early = factories.comment(article, text="＞＞3 が楽しみ")
    assert "<a" not in early.html
    assert (
        "<a" not in reader.get(article.get_absolute_url()).content.decode().split("＞＞3")[0][-9:]
    )
    factories.comment(article)
    assert "<a" not in read_html(early)
    reader.write(article, "三番")
    third = Comment.objects.get(number=3)
    assert read_html(early) == f"<p>{link(third.pk, '＞＞3')} が楽しみ</p>"
    assert list(third.answers.values_list("source", flat=True)) == [early.pk]
    page = reader.get(article.get_absolute_url()).content.decode()
    assert link(third.pk, "＞＞3") in page
    assert f'class="comment__answer" href="/comments/{early.pk}/thread/' in page
    assert not AwaitedNumber.objects.exists()


def test_the_links_that_exist_stay(article):
    first = factories.comment(article)
    early = factories.comment(article, text=">>1,3,4")
    third = factories.comment(article)
    first.remove(by=factories.moderator(), reason="spam")
    fourth = factories.comment(article)
    assert read_html(early) == (
        f"<p>{link(first.pk, '&gt;&gt;1')},{link(third.pk, '3')},{link(fourth.pk, '4')}</p>"
    )


def test_a_range_names_what_it_holds_when_it_appears(article):
    early = factories.comment(article, text=">>2-4")
    later = [factories.comment(article) for _number in range(4)]
    assert set(early.references.values_list("target", flat=True)) == {c.pk for c in later[:3]}
    assert read_html(early) == (f"<p>{link(later[0].pk, '&gt;&gt;2')}-{link(later[2].pk, '4')}</p>")


def test_a_comment_does_not_wait_for_itself(article):
    own = factories.comment(article, text=">>1")
    assert not AwaitedNumber.objects.exists() and "<a" not in own.html


def test_a_held_comment_is_linked_once_it_is_published(article, moderator):
    held = factories.comment(article, state="held", reason="check")
    early = factories.comment(article, text=">>1 はまだ？")
    other = factories.comment(article, text=">>4")
    assert "<a" not in read_html(early)
    held.approve(by=moderator.user)
    assert link(held.pk, "&gt;&gt;1") in read_html(early)
    assert "<a" not in read_html(other)
    assert held.answers.get().source == early


def test_an_undone_removal_links_too(article, moderator):
    first = factories.comment(article)
    action = first.remove(by=moderator.user, reason="spam")
    early = factories.comment(article, text=">>1")
    action.undo(by=moderator.user)
    assert link(first.pk, "&gt;&gt;1") in read_html(early)


def test_an_edited_text_waits_for_what_it_names_now(reader, article):
    reader.write(article, ">>2 と >>3")
    early = Comment.objects.get()
    reader.send(f"/comments/{early.pk}/edit/", text=">>3 だけ", before=early.digest)
    factories.comment(article)
    assert "<a" not in read_html(early)
    third = factories.comment(article)
    assert read_html(early) == f"<p>{link(third.pk, '&gt;&gt;3')} だけ</p>"


def test_only_so_many_wait_for_a_number(article):
    sources = [
        factories.comment(article, text=f">>{MOST_WAITING + 3} {n}")
        for n in range(MOST_WAITING + 2)
    ]
    target = factories.comment(article)
    linked = Comment.objects.filter(html__contains="reference")
    assert (target.number, linked.count()) == (MOST_WAITING + 3, MOST_WAITING)
    assert Reference.objects.filter(target=target).count() == MOST_ANSWERS
    assert "<a" not in read_html(sources[-1])


def test_a_thread_that_awaits_nothing_is_not_asked(article, django_assert_num_queries):
    thread = factories.comment(article, text=">>1").thread
    with django_assert_num_queries(0):
        assert AwaitedNumber.objects.resolve(thread, thread.comments.all()) == set()
    factories.comment(article, text=">>9")
    assert Thread.objects.get().highest_awaited == 9


def test_linking_takes_a_fixed_number_of_queries(article, django_assert_max_num_queries):
    for number in range(20):
        factories.comment(article, text=f">>21 {number}")
    with django_assert_max_num_queries(24):
        target = factories.comment(article)
    assert Comment.objects.filter(html__contains=link(target.pk, "&gt;&gt;21")).count() == 20


def test_no_text_links_itself(article, moderator):
    own = factories.reader("own")
    comment = factories.comment(article, text=">>1 >>2 一番", reader=own)
    factories.comment(article)
    assert read_html(comment).count("<a") == 1
    comment.refresh_from_db()
    comment.hold(by=moderator.user)
    comment.approve(by=moderator.user)
    edit(comment, reader=own, text=">>1 が一番", before=comment.digest)
    assert "<a" not in read_html(comment)


def test_what_is_hidden_while_a_text_comes_is_not_linked(article, moderator):
    held = factories.comment(article, state="held", reason="check")
    own, approval = factories.reader("own"), held.approve(by=moderator.user)

    def undo_meanwhile(*_places):
        approval.undo(by=moderator.user)
        return Verdict(Outcome.PUBLISH)

    early = factories.comment(article, text=">>1", reader=own, guard=undo_meanwhile)
    assert "<a" not in read_html(early) and not Reference.objects.exists()
    held.approve(by=moderator.user)
    assert "<a" in read_html(early)
