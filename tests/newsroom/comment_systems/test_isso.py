"""What a database of Isso brings."""

import sqlite3
from datetime import UTC, datetime

import pytest

from comments.models import Comment, Thread
from comments.verification import find_faults
from newsroom.comment_systems.isso import IssoImporter
from newsroom.importing.broken_export import BrokenExport
from tests.newsroom.comment_systems import exports
from tests.newsroom.wordpress.threads import list_thread

pytestmark = pytest.mark.django_db

URI = "/2020/01/harbour/"


def test_a_thread_comes_with_its_nesting_states_and_votes(article, tmp_path):
    path = exports.isso(
        tmp_path / "comments.db",
        (1, 1, "**根**", {"likes": 5, "dislikes": 2, "author": "A &amp; B"}),
        (2, 1, "", {"mode": 4, "author": None, "parent": 1}),
        (3, 1, "葉", {"parent": 2}),
        (4, 1, "待ち", {"mode": 2}),
        (5, 1, "迷子", {"parent": 77}),
        (6, 2, "よそ", {}),
        threads={1: URI, 2: "/gone/"},
    )
    report = IssoImporter(path).run()
    expected = [(1, None, "根"), (2, 1, ""), (3, 2, "葉"), (4, None, "待ち"), (5, None, "迷子")]
    assert list_thread(article) == expected
    comments = {each.number: each for each in Comment.objects.all()}
    assert (comments[1].name, comments[1].score) == ("A & B", 3)
    assert comments[1].posted_at == datetime.fromtimestamp(1_580_700_001.25, UTC)
    assert [each.state for _number, each in sorted(comments.items())][1:4] == [
        *("removed", "published", "held")
    ]
    assert find_faults(Thread.objects.get(article=article)) == []
    reason = "comments left out: no article has their address"
    assert [(row.item, row.times) for row in report.rows if row.reason == reason] == [("/gone/", 1)]
    assert IssoImporter(path).run().changed_nothing
    stored = str(list(Comment.objects.values()))
    assert "mail.example" not in stored
    assert "192.0.2" not in stored


def test_the_ids_of_two_databases_do_not_meet(article, tmp_path):
    first = exports.isso(tmp_path / "a.db", (1, 1, "甲", {}), threads={1: URI})
    second = exports.isso(tmp_path / "b.db", (1, 1, "乙", {"created": 1.5e9}), threads={1: URI})
    for path in (first, second, first):
        IssoImporter(path).run()
    assert sorted(Comment.objects.values_list("text", flat=True)) == ["乙", "甲"]


def test_columns_of_other_types_do_no_harm(article, tmp_path):
    odd = [b"\xff", "x\0y", 1e300, -(2**62), 7]
    names = ("created", "mode", "text", "author", "likes", "parent")
    rows = [(name, value) for name in names for value in odd]
    path = exports.isso(
        tmp_path / "comments.db",
        *((number, 1, "一", {name: value}) for number, (name, value) in enumerate(rows, 1)),
        threads={1: URI, 2: None, 3: b"\xff"},
    )
    report = IssoImporter(path).run()
    assert report.outcomes["comment"]["new"] == len(rows)
    assert find_faults(Thread.objects.get(article=article)) == []
    assert IssoImporter(path).run().changed_nothing


def write_database(path, *statements):
    database = sqlite3.connect(path)
    for statement in statements:
        database.execute(statement)
    database.commit()
    database.close()


def test_what_is_no_database_of_isso_says_why(tmp_path):
    view = (
        "CREATE VIEW comments AS WITH RECURSIVE n(tid) AS (SELECT 1 UNION ALL SELECT tid + 1 FROM"
        " n) SELECT tid, 1 id, 1 parent, 1 created, 1 mode, 1 text, 1 author, 1 likes, 1 dislikes"
        " FROM n"
    )
    threads = "CREATE TABLE threads (id INTEGER PRIMARY KEY, uri, title)"
    cases = {
        "other.db": ["CREATE TABLE posts (id)"],
        "columns.db": [threads, "CREATE TABLE comments (id, text)"],
        "view.db": [threads, view],
    }
    for name, statements in cases.items():
        write_database(tmp_path / name, *statements)
        with pytest.raises(BrokenExport, match="it lacks Isso's table"):
            IssoImporter(tmp_path / name).run()
    path = exports.isso(tmp_path / "good.db", (1, 1, "一" * 50_000, {}), threads={1: URI})
    content = path.read_bytes()
    broken = {
        b"": "this file is empty. Name a copy",
        b"<html>": "this is a web page",
        content[:100]: "the database cannot be read",
        content[:4096] + b"x" * (len(content) - 4096): "the database cannot be read",
    }
    for text, reason in broken.items():
        path.write_bytes(text)
        with pytest.raises(BrokenExport, match=reason):
            IssoImporter(path).run()
    empty = exports.isso(tmp_path / "empty.db", threads={})
    with pytest.raises(BrokenExport, match="the export holds no comment"):
        IssoImporter(empty).run()
