"""What a backup of Remark42 brings."""

import gzip
import json
from datetime import UTC, datetime

import pytest

from comments.models import Comment, Thread
from comments.verification import find_faults
from newsroom.comment_systems.remark42 import Remark42Importer
from newsroom.importing.broken_export import BrokenExport
from tests.newsroom.comment_systems import exports
from tests.newsroom.comment_systems.conftest import LINK
from tests.newsroom.comment_systems.exports import remark42_comment as comment
from tests.newsroom.wordpress.threads import list_thread

pytestmark = pytest.mark.django_db


def test_a_thread_comes_with_its_nesting_votes_and_names(article, bring_backup):
    report = bring_backup(
        comment("b", LINK, "<p>枝</p>\n", "a", score=-3, time="2020-02-04T00:00:00Z"),
        comment("a", LINK, "<p>根<br/>\n二行</p>\n", score=5, user={"name": "A &amp; B"}),
        comment("c", LINK, "", "b", delete=True, time="2020-02-05T00:00:00Z"),
        comment("d", LINK, "<p>葉</p>", "c", time="2020-02-06T00:00:00Z"),
        comment("e", LINK, "", delete=True),
        posts=[{"url": LINK, "read_only": True}],
    )
    expected = [(1, None, "根\n二行"), (2, 1, "枝"), (3, 2, ""), (4, 3, "葉")]
    assert list_thread(article) == expected
    root, branch, deleted, _leaf = Comment.objects.order_by("number")
    assert (root.name, root.score, branch.score) == ("A & B", 5, -3)
    assert root.posted_at == datetime(2020, 2, 3, 16, 0, 0, 472041, tzinfo=UTC)
    assert deleted.state == "removed"
    thread = Thread.objects.get(article=article)
    assert not thread.first_open
    assert find_faults(thread) == []
    assert report.outcomes["comment"] == {"new": 4, "changed": 0, "same": 0, "left out": 1}


def test_votes_of_a_newer_backup_are_added_to_those_given_here(article, bring_backup):
    bring_backup(comment("a", LINK, score=2))
    Comment.objects.update(score=3)
    report = bring_backup(comment("a", LINK, score=6))
    assert report.outcomes["comment"]["changed"] == 1
    assert Comment.objects.get().score == 7
    assert bring_backup(comment("a", LINK, score=6)).changed_nothing


def test_a_gzipped_backup_and_one_without_a_header_are_read(article, tmp_path):
    path = tmp_path / "backup-harbour-20200203.gz"
    path.write_bytes(gzip.compress(exports.remark42(comment("a", LINK))))
    assert Remark42Importer(path).run().outcomes["comment"]["new"] == 1
    path.write_text(json.dumps(comment("a", LINK), ensure_ascii=False))
    assert Remark42Importer(path).run().outcomes["comment"]["same"] == 1


def test_values_of_other_types_do_no_harm(article, bring_backup):
    odd = [7, None, "x", [1], {"a": 1}, True, 10**400, "\ud800", {"name": "a\0\ud800"}, "\0"]
    fields = ("text", "user", "score", "time", "pid", "delete", "pin")
    report = bring_backup(
        *(comment(f"{name}{place}", LINK, **{name: value})
          for name in fields for place, value in enumerate(odd)),
        *(comment("x", LINK, locator=value) for value in odd),
        *odd,
        posts=odd,
    )  # fmt: skip
    assert report.outcomes["comment"]["new"] > 40
    assert max(Comment.objects.values_list("score", flat=True)) == 2_000_000_000
    assert find_faults(Thread.objects.get(article=article)) == []
    assert report.remarks["comment skipped: the line holds no comment"] == len(odd)
    assert report.remarks["pinned on the old site: not pinned here"] == 1


BROKEN = {
    b"": "this file is empty",
    b"<html>": "this is a web page",
    b"[1, 2]": "this is not a backup of Remark42. Make a backup",
    b"{}": "this is not a backup of Remark42",
    b"[" * 100_000: "this is not a backup of Remark42",
    b'{"version": 2}\n': "version 2 of the backup is not known",
    b'{"version": [1]}\n': "version .1. of the backup is not known",
    exports.remark42(): "the export holds no comment. Make a backup",
    exports.remark42() + b'{"id": "a", "pi': "Line 2: the file ends before the export is complete",
}


def test_what_cannot_be_read_says_why(tmp_path):
    for content, reason in BROKEN.items():
        path = tmp_path / "backup"
        path.write_bytes(content)
        with pytest.raises(BrokenExport, match=reason):
            Remark42Importer(path).run()


def test_a_broken_line_costs_that_comment_alone(article, tmp_path):
    path = tmp_path / "backup"
    good = json.dumps(comment("a", LINK)).encode() + b"\n"
    long = json.dumps(comment("b", LINK, "x" * (5 << 20))).encode() + b"\n"
    path.write_bytes(exports.remark42() + b'{"id": \n' + b"\n" + long + b"\xff\n" + good)
    report = Remark42Importer(path).run()
    assert report.outcomes["comment"] == {"left out": 3, "new": 1, "changed": 0, "same": 0}
    assert report.remarks["comment skipped: the line is no JSON"] == 2
    assert [row.place for row in report.rows] == ["line 2", "line 4", "line 5"]
