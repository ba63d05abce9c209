"""What an export of Disqus brings: threads, states, names, dates and texts."""

from datetime import UTC, datetime

import pytest

from comments.erasing import erase_alone
from comments.models import Comment, Thread
from comments.verification import find_faults
from newsroom.comment_systems.disqus import DisqusImporter
from newsroom.importing.broken_export import BrokenExport
from newsroom.importing.comment_threads import ThreadImporter
from tests import factories
from tests.newsroom.comment_systems import exports
from tests.newsroom.comment_systems.conftest import LINK
from tests.newsroom.comment_systems.exports import disqus_post as post
from tests.newsroom.comment_systems.exports import disqus_thread as thread
from tests.newsroom.comment_systems.exports import remark42_comment as comment
from tests.newsroom.wordpress.threads import list_thread

pytestmark = pytest.mark.django_db


def test_a_thread_comes_with_its_nesting_dates_and_names(article, bring):
    report = bring(
        thread(1, LINK),
        post(60_003, 1, "<p>葉</p>", 60_002),
        post(60_001, 1, "<p>根</p>", createdAt="2020-02-03T04:05:06", name="港 & 船"),
        post(60_002, 1, "<p>枝</p>", 60_001, createdAt="2020-01-01T00:00:00Z"),
    )
    assert list_thread(article) == [(1, None, "根"), (2, 1, "枝"), (3, 2, "葉")]
    root = Comment.objects.get(pk=60_001)
    assert root.posted_at == datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert (root.name, root.state) == ("港 & 船", "published")
    assert find_faults(Thread.objects.get(article=article)) == []
    assert report.outcomes["comment"] == {"new": 3, "changed": 0, "same": 0}
    assert report.states["comment"] == {"approved": 3}
    assert factories.comment(article).pk > 60_003


def test_spam_and_what_was_deleted_come_as_removed(article, bring):
    report = bring(
        thread(1, LINK),
        post(1, 1, "", isDeleted="true"),
        post(2, 1, "返事", 1),
        post(3, 1, "", isDeleted="true"),
        post(4, 1, "", 3, isDeleted="true"),
        post(5, 1, "広告", isSpam="true"),
        post(6, 1, "待ち", isApproved="false"),
        post(7, 1, "消した", isDeleted="true"),
    )
    states = {each.pk: (each.state, each.reason) for each in Comment.objects.all()}
    assert states == {
        1: ("removed", "writer"),
        2: ("published", ""),
        5: ("removed", "spam"),
        6: ("held", "check"),
        7: ("removed", "writer"),
    }
    assert report.remarks["deleted on the old site, without a text and answers"] == 2
    assert report.outcomes["comment"]["left out"] == 2
    assert Comment.objects.get(pk=2).parent_id == 1
    assert find_faults(Thread.objects.get(article=article)) == []


def test_a_deletion_there_reaches_a_comment_that_came_before(article, bring):
    bring(thread(1, LINK), post(1, 1, "早まった"))
    bring(thread(1, LINK), post(1, 1, "", isDeleted="true"))
    comment = Comment.objects.get()
    assert (comment.state, comment.text) == ("removed", "")


def test_a_second_import_changes_nothing_and_a_newer_one_adds(article, bring):
    parts = [thread(1, LINK), post(1, 1, "根"), post(2, 1, "枝", 1)]
    bring(*parts)
    version = Thread.objects.get(article=article).version
    report = bring(*parts)
    assert report.changed_nothing
    assert report.outcomes["comment"] == {"new": 0, "changed": 0, "same": 2}
    assert Thread.objects.get(article=article).version == version
    Comment.objects.get(pk=2).remove(by=factories.moderator(), reason="abuse")
    report = bring(*parts, post(3, 1, "葉", 2))
    assert report.outcomes["comment"] == {"new": 1, "changed": 0, "same": 2}
    assert list_thread(article)[2] == (3, 2, "葉")
    assert Comment.objects.get(pk=2).state == "removed"


def test_what_was_erased_here_stays_erased(article, bring):
    bring(thread(1, LINK), post(1, 1, "住所"))
    erase_alone(Comment.objects.get(), reason="privacy", note="")
    report = bring(thread(1, LINK), post(1, 1, "住所と番号"))
    assert report.outcomes["comment"]["kept"] == 1
    comment = Comment.objects.get()
    assert (comment.text, comment.state) == ("", "removed")
    assert bring(thread(1, LINK), post(1, 1, "住所と番号")).changed_nothing


@pytest.mark.once
def test_what_is_erased_during_the_import_stays_erased(article, bring, monkeypatch):
    bring(thread(1, LINK), post(1, 1, "住所"), post(2, 1, "港"))
    select = ThreadImporter._select_changeable

    def erase_first(*args):
        erase_alone(Comment.objects.get(pk=1), reason="privacy", note="")
        return select(*args)

    monkeypatch.setattr(ThreadImporter, "_select_changeable", erase_first)
    bring(thread(1, LINK), post(1, 1, "住所と番号"), post(2, 1, "岸壁"))
    assert dict(Comment.objects.values_list("pk", "text")) == {1: "", 2: "岸壁"}


def test_threads_of_one_article_become_one(article, bring):
    report = bring(
        thread(1, LINK),
        thread(2, LINK.replace("https://", "http://www.") + "?utm_source=mail"),
        thread(3, "http://localhost:1313/2020/01/harbour/"),
        post(1, 1, "三", createdAt="2020-03-03T00:00:00Z"),
        post(2, 2, "一", createdAt="2020-01-01T00:00:00Z"),
        post(3, 3, "二", createdAt="2020-02-02T00:00:00Z"),
    )
    assert [text for _number, _parent, text in list_thread(article)] == ["一", "二", "三"]
    several = "threads of several hosts were taken, --site-host chooses among them"
    assert report.remarks[several] == 3
    only = bring(
        thread(3, "http://localhost/2020/01/harbour/"), post(9, 3), site_hosts=["old.example"]
    )
    assert only.remarks["comments left out: their address is on another host"] == 1


def test_a_thread_without_an_article_is_told_with_its_address(article, bring):
    gone = "https://old.example/gone/"
    report = bring(
        thread(1, LINK),
        thread(2, gone),
        thread(3, LINK, deleted="true"),
        *(post(1, 1), post(2, 2), post(3, 2), post(4, 3), post(5, 99)),
    )
    rows = {(row.item, row.reason, row.times) for row in report.rows}
    assert rows == {
        (gone, "comments left out: no article has their address", 2),
        (LINK, "comments left out: their thread was deleted on the old site", 1),
        ("99", "comments left out: their thread is not in the export", 1),
    }
    assert report.outcomes["comment"]["left out"] == 4
    assert report.states["thread"] == {"matched": 1, "unmatched": 3}
    assert Comment.objects.count() == 1


def test_an_identifier_leads_to_the_article_where_the_link_does_not(article, bring):
    bring(thread(1, "https://old.example/moved/", f"528 {LINK}"), post(1, 1))
    assert Comment.objects.get().thread.article == article


def test_what_another_import_brought_comes_once(article, bring, bring_backup):
    copied = {"text": "<p>根 <b>だ</b></p>", "time": "2020-02-02T10:00:00.5Z"}
    bring_backup(comment("a", LINK, **copied), comment("b", LINK, "よそ", time=copied["time"]))
    dry = bring(thread(1, LINK), post(1, 1, "根だ"), post(2, 1, "枝", 1), dry_run=True)
    report = bring(thread(1, LINK), post(1, 1, "根だ"), post(2, 1, "枝", 1))
    assert list_thread(article) == [(1, None, "根 だ"), (2, None, "よそ"), (3, 1, "枝")]
    assert report.rows == dry.rows
    assert report.outcomes == dry.outcomes
    assert report.outcomes["comment"] == {"new": 1, "changed": 0, "same": 1}
    assert report.remarks["comment is here already, from another import"] == 1
    again = bring(thread(1, LINK), post(1, 1, "根だ"), post(2, 1, "枝", 1))
    assert again.rows == []
    assert again.changed_nothing


def test_a_closed_thread_is_closed_here_until_it_is_opened_there(article, bring):
    report = bring(thread(1, LINK, closed="true"), post(1, 1))
    assert not Thread.objects.get(article=article).first_open
    assert report.remarks["comments closed, as on the old site"] == 1
    Thread.objects.filter(article=article).update(first_open=True)
    bring(thread(1, LINK, closed="true"), post(1, 1))
    assert Thread.objects.get(article=article).first_open


def test_a_dry_run_says_what_the_run_does(article, bring):
    parts = [
        thread(1, LINK, closed="true"),
        thread(2, "https://old.example/gone/"),
        *(post(1, 1, "根"), post(2, 1, "枝", 1), post(3, 1, "迷子", 77), post(4, 2), post(4, 2)),
        post(5, 1, "", isDeleted="true"),
    ]
    dry = bring(*parts, dry_run=True)
    assert not Comment.objects.exists()
    report = bring(*parts)
    assert dry.rows == report.rows
    assert dry.outcomes == report.outcomes
    assert dry.states == report.states
    assert list(dry.format_lines()) == list(report.format_lines())


TEXTS = {
    '<p>一<br>二</p><p>三 <a href="https://a.example/x" title="t">これ</a></p>': (
        "一\n二\n\n三 これ ( https://a.example/x )"
    ),
    '<a href="http://blogs.example/b/b8/archive/x.aspx">http://blogs.example/b/b8/...</a>': (
        "http://blogs.example/b/b8/archive/x.aspx"
    ),
    '<a href="https://a.example/x">続き...</a>': "続き... ( https://a.example/x )",
    '<a href="https://disq.us/url?url=https%3A%2F%2Fa.example%2Fx%3Fb%3D1%26c%3D2%3AiYbp5-x&amp;'
    'cuid=123" title="t">これ</a>': "これ ( https://a.example/x?b=1&c=2 )",
    "<blockquote>一<br>二</blockquote>三 🐈": "> 一\n> 二\n\n三 🐈",
    "<p>見よ\n            <br>\n   これ</p>": "見よ\nこれ",
    "<pre><code>if a &lt; b:\n    c()\n</code></pre>": "if a < b:\n    c()",
    "<p>a</p>\n\n<ul>\n<li>b</li>\n<li>c</li>\n</ul>": "a\n\n- b\n- c",
}


def test_messages_become_texts(article, bring):
    messages = dict(enumerate(TEXTS, 1))
    bring(thread(1, LINK), *(post(number, 1, html) for number, html in messages.items()))
    texts = dict(Comment.objects.values_list("pk", "text"))
    assert {messages[pk]: text for pk, text in texts.items()} == TEXTS


def test_odd_values_are_taken_as_well_as_they_can_be(article, tmp_path):
    path = tmp_path / "export.xml"
    content = exports.disqus(
        thread(1, LINK),
        post(1, 1, "一", createdAt="2011-x09-30", name="reader@mail.example", isSpam="123"),
        post(2, 1, "二", createdAt="0001-01-01T00:00:00Z").replace(' dsq:id="2"', "", 1),
        post(3, 1, "三").replace('dsq:id="3"', 'ns1:id="x3" xmlns:ns1="urn:x"'),
        post(10**15, 1, "四"),
        post(5, 1, "五\x08\x0b").replace("<![CDATA[", "&#8;&#x1F;<![CDATA["),
    )
    path.write_bytes(content.replace("五".encode(), b"\xff\xe4\xba\x94"))
    DisqusImporter(path).run()
    comments = {each.text.lstrip(): each for each in Comment.objects.all()}
    assert set(comments) == {"一", "二", "三", "四", "五"}
    assert comments["一"].name == "reader"
    assert comments["一"].posted_at == article.published_at
    assert all(each.pk < 10**12 for each in comments.values())
    report = DisqusImporter(path).run()
    assert report.outcomes["comment"] == {"new": 0, "changed": 0, "same": 5}
    stored = str(list(Comment.objects.values()))
    assert "mail.example" not in stored
    assert "192.0.2" not in stored


BROKEN = {
    b"": "this file is empty",
    b"<html><body>Login</body></html>": "this is a web page",
    b"<!DOCTYPE html><html></html>": "this is a web page",
    b"{}": "this is JSON",
    b"\x89PNG": "this is a picture",
    b"<rss><channel></channel></rss>": "this is a WordPress export",
    b"`" + exports.disqus(): "the XML cannot be read from its beginning",
    exports.disqus(): "the export holds no comment. In Disqus choose",
    exports.HEAD.encode(): "the file ends before the export is complete",
    exports.HEAD.encode() + b"<a>" * 100: "nested too deeply",
    b'<!DOCTYPE disqus [<!ENTITY a "b">]>' + exports.HEAD.encode(): "entities are not accepted",
}


def test_what_cannot_be_read_says_why(tmp_path):
    for content, reason in BROKEN.items():
        path = tmp_path / "export.xml"
        path.write_bytes(content)
        with pytest.raises(BrokenExport, match=reason):
            DisqusImporter(path).run()
    assert not Comment.objects.exists()


def test_of_a_file_that_ends_early_whole_branches_come(article, tmp_path):
    path = tmp_path / "export.xml"
    whole = exports.disqus(
        *(thread(1, LINK), post(3, 1, "迷子", 2), post(1, 1, "根"), post(2, 1, "枝", 1))
    )
    path.write_bytes(whole[: whole.index("枝".encode())])
    importer = DisqusImporter(path)
    with pytest.raises(BrokenExport, match="Line 7: the file ends before"):
        importer.run()
    assert list_thread(article) == [(1, None, "根")]
    assert importer.report.remarks["answers a comment that could not be read"] == 1
    path.write_bytes(whole)
    DisqusImporter(path).run()
    assert list_thread(article) == [(1, None, "根"), (2, 1, "枝"), (3, 2, "迷子")]


def test_a_fault_in_the_xml_costs_that_post_alone(article, tmp_path):
    path = tmp_path / "export.xml"
    content = exports.disqus(
        thread(1, LINK),
        *(post(number, 1, filler="x" * 10_000) for number in range(1, 41)),
    )
    for number in (3, 30, 40):
        fault = f'<post dsq:id="{number}"><id>'.encode()
        assert fault in content
        content = content.replace(fault, b"<post><id>&nothing;<b></c>")
    path.write_bytes(content)
    report = DisqusImporter(path).run()
    assert report.outcomes["comment"] == {"left out": 3, "new": 37, "changed": 0, "same": 0}
    assert [row.place for row in report.rows] == ["line 7", "line 34", "line 44"]
    path.write_bytes(exports.HEAD.encode() + b"<post>&a;" * 2_000)
    with pytest.raises(BrokenExport, match="too many faults"):
        DisqusImporter(path).run()


def test_an_interrupted_import_goes_on(article, bring):
    other = factories.article(slug="second")
    parts = (thread(1, LINK), thread(2, "/articles/second/"), post(1, 1), post(2, 2))

    def stop(step, share):
        if step == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(*parts, progress=stop)
    assert Comment.objects.get().thread.article == article
    report = bring(*parts)
    assert report.outcomes["comment"] == {"new": 1, "changed": 0, "same": 1}
    assert (report.read, report.expected) == (2, 2)
    assert Comment.objects.filter(thread__article=other).count() == 1


def test_a_text_without_end_costs_that_comment_alone(article, bring):
    report = bring(thread(1, LINK), post(1, 1, "長" * (1 << 20)), post(2, 1, "短"))
    assert [each.text for each in Comment.objects.all()] == ["短"]
    assert report.remarks["comment skipped: it is too long"] == 1
