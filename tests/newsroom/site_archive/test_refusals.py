"""An archive that is not as it was written is refused with its file and line; nothing changes."""

import json
import re
from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article
from comments.models import Comment
from newsroom.backups.file_copies import copy_file
from tests.newsroom.site_archive.archived_site import change_file, read_rows


def line(number, change):
    """Return a function that changes a line of a file, as an object."""

    def change_lines(content):
        lines = content.decode().splitlines()
        changed = change(json.loads(lines[number - 1]))
        lines[number - 1] = changed if isinstance(changed, str) else json.dumps(changed)
        return ("\n".join(lines) + "\n").encode()

    return change_lines


def change_manifest(folder, change):
    path = folder / "manifest.json"
    values = json.loads(path.read_text())
    change(values)
    path.write_text(json.dumps(values))


def name_file(folder, name):
    change_manifest(folder, lambda values: values["files"].update({name: "0"}))


def name_absolute_medium(folder):
    """Name a file that lies in the archive, and anywhere for who takes its name as a path."""
    victim = folder.parent / "victim"
    victim.write_bytes(b"secret")
    place = folder / "media" / victim.relative_to("/")
    place.parent.mkdir(parents=True)
    place.write_bytes(b"secret")
    checksum = sha256(b"secret").hexdigest()
    change_manifest(folder, lambda values: values["files"].update({f"media/{victim}": checksum}))


def link_out(folder):
    path = folder / "data" / "tags.jsonl"
    path.rename(folder.parent / "tags.jsonl")
    path.symlink_to(folder.parent / "tags.jsonl")


COMMENTS = "data/comments.jsonl"
SPOILT = {
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "is no archive"),
    "another format": (
        lambda folder: change_manifest(folder, lambda values: values.update(format="x")),
        "another format, 'x'",
    ),
    "a newer version": (
        lambda folder: change_manifest(folder, lambda values: values.update(version=2)),
        "the version 2, and this release reads 1",
    ),
    "a manifest of other things": (
        lambda folder: change_manifest(folder, lambda values: values.update(files=[])),
        "manifest.json is damaged: files",
    ),
    "a missing file": (
        lambda folder: (folder / COMMENTS).unlink(),
        "comments.jsonl cannot be read",
    ),
    "a changed file": (lambda folder: (folder / COMMENTS).write_text(""), "checksum is another"),
    "a file outside": (lambda folder: name_file(folder, "media/../../x"), "outside of the folder"),
    "a medium outside": (lambda folder: name_file(folder, "media/../schema.json"), "outside of"),
    "an absolute path": (
        lambda folder: name_file(folder, "/etc/hostname"),
        "outside of the folder",
    ),
    "a medium at an absolute path": (name_absolute_medium, "outside of the folder"),
    "a medium with two names": (
        lambda folder: name_file(folder, "media/./cabinet/2026/ship.webp"),
        "outside of the folder",
    ),
    "a link that leads out": (link_out, "outside of the folder"),
    "no JSON": (
        lambda folder: change_file(folder, COMMENTS, line(2, lambda row: "{")),
        "comments.jsonl, line 2: is no JSON",
    ),
    "no text": (
        lambda folder: change_file(folder, COMMENTS, lambda content: b"\xff" + content),
        "comments.jsonl, line 1: is no JSON",
    ),
    "no object": (
        lambda folder: change_file(folder, COMMENTS, line(2, lambda row: [1])),
        "comments.jsonl, line 2: is no JSON object",
    ),
    "half a line": (
        lambda folder: change_file(folder, COMMENTS, lambda content: content[:-1]),
        "comments.jsonl, line 5: has no end",
    ),
    "a field too many": (
        lambda folder: change_file(folder, COMMENTS, line(3, lambda row: row | {"mood": 1})),
        "line 3: has the field mood",
    ),
    "a field too few": (
        lambda folder: change_file(folder, COMMENTS, line(3, lambda row: row.pop("text") and row)),
        "line 3: has no field text",
    ),
    "a wrong type": (
        lambda folder: change_file(folder, COMMENTS, line(3, lambda row: row | {"number": True})),
        "line 3: number is not a whole number",
    ),
    "a wrong value": (
        lambda folder: change_file(folder, COMMENTS, line(3, lambda row: row | {"state": "x"})),
        "line 3: state is 'x'",
    ),
    "no moment": (
        lambda folder: change_file(
            folder,
            COMMENTS,
            line(3, lambda row: row | {"posted_at": "2026-13-01T00:00:00.000000Z"}),
        ),
        "line 3: posted_at is '2026-13",
    ),
    "a long text": (
        lambda folder: change_file(folder, COMMENTS, line(3, lambda row: row | {"name": "x" * 51})),
        "line 3: name is longer than 50 characters",
    ),
    "half a character": (
        lambda folder: change_file(folder, COMMENTS, line(3, lambda row: row | {"text": "\ud83d"})),
        "line 3: text holds what is no text",
    ),
    "a number too large": (
        lambda folder: change_file(folder, COMMENTS, line(3, lambda row: row | {"number": 2**31})),
        "line 3: number is 2147483648",
    ),
    "a file of the library elsewhere": (
        lambda folder: change_file(
            folder, "data/media_files.jsonl", line(1, lambda row: row | {"image_file": "../x"})
        ),
        "media_files.jsonl, line 1: image_file is",
    ),
    "a key twice": (
        lambda folder: change_file(folder, "data/tags.jsonl", lambda content: content * 2),
        "tags.jsonl, line 3: ",
    ),
    "a rule of the database": (
        lambda folder: change_file(
            folder, "data/articles.jsonl", line(1, lambda row: row | {"published_at": None})
        ),
        "articles.jsonl, line 1: .*article_published_has_date",
    ),
    "a parent that is nowhere": (
        lambda folder: change_file(folder, COMMENTS, line(2, lambda row: row | {"parent": 10**6})),
        "comments.jsonl, line 2: parent 1000000 is in no file",
    ),
    "a script in a comment": (
        lambda folder: change_file(
            folder, COMMENTS, line(3, lambda row: row | {"html": "<p onclick='x()'>港</p>"})
        ),
        "line 3: html holds tags that no comment has",
    ),
    "an address that is a script": (
        lambda folder: change_file(
            folder,
            "data/article_sources.jsonl",
            line(1, lambda row: row | {"url": "javascript:alert(1)"}),
        ),
        "article_sources.jsonl, line 1: url is 'javascript:alert",
    ),
    "a schema of later": (
        lambda folder: change_file(
            folder, "schema.json", lambda content: content.replace(b'"tags"', b'"moods"', 1)
        ),
        "has moods, which this release does not know",
    ),
}


@pytest.mark.once
@pytest.mark.usefixtures("db")
class TestRefusal:
    @pytest.mark.parametrize("what", SPOILT)
    def test_a_spoilt_archive_changes_nothing(self, copy, settings, what):
        spoil, sentence = SPOILT[what]
        Comment.objects.filter(number=1).update(text="ここにしかない。")
        (settings.MEDIA_ROOT / "own.txt").write_text("own")
        before = list(Comment.objects.order_by("pk").values_list("pk", "text"))
        media = sorted(settings.MEDIA_ROOT.rglob("*"))
        spoil(copy)
        with pytest.raises(CommandError, match=sentence):
            call_command("import_site", str(copy), force=True)
        assert list(Comment.objects.order_by("pk").values_list("pk", "text")) == before
        assert sorted(settings.MEDIA_ROOT.rglob("*")) == media
        (settings.MEDIA_ROOT / "own.txt").unlink()

    @pytest.mark.parametrize(
        "html",
        [
            "<script>alert(1)</script>",
            "<!--><img src=x onerror=alert(1)>-->",
            '<p onclick="alert(1)">港</p>',
            '<a href="javascript:alert(1)">港</a>',
            '<a href="java&#115;cript:alert(1)">港</a>',
            '<img src="x"onerror="alert(1)">',
            "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
            '<iframe src="https://evil.example/"></iframe>',
        ],
    )
    def test_bodies_are_sanitized(self, copy, html):
        for name in ("articles", "article_revisions"):
            change = line(1, lambda row: row | {"body": f"<p>霧。</p>{html}"})
            change_file(copy, f"data/{name}.jsonl", change)
        stdout = StringIO()
        call_command("import_site", str(copy), force=True, stdout=stdout)
        article = Article.objects.get(pk=read_rows(copy, "articles")[0]["id"])
        revision = read_rows(copy, "article_revisions")[0]["history_id"]
        for body in (article.body, Article.history.get(history_id=revision).body):
            assert body.startswith("<p>霧。</p>")
            assert not re.search("alert|script|onerror|onclick|iframe", body)
        assert "data/articles.jsonl: HTML that the editor" in stdout.getvalue()
        assert "data/article_revisions.jsonl: HTML that the editor" in stdout.getvalue()

    def test_sanitized_bodies_stay_as_they_are(self, copy):
        body = (
            '<h2 id="at-x">港</h2>\n<table><tr><td class="align-right" colspan="2">1 &lt; 2</td>'
            '</tr></table><p>一<br><a href="https://x.example/?a=1&amp;b=2:" title="a>b">三</a></p>'
            '<ol reversed start="3"><li id="note-1">注</li></ol><img data-file="999">\n'
            '<math display="block"><mfrac><mn>1</mn><mn>2</mn></mfrac></math>\n'
        )
        change_file(copy, "data/articles.jsonl", line(1, lambda row: row | {"body": body}))
        stdout = StringIO()
        call_command("import_site", str(copy), force=True, stdout=stdout)
        article = Article.objects.get(pk=read_rows(copy, "articles")[0]["id"])
        assert article.body == body
        assert "was removed" not in stdout.getvalue()
        counts = f"articles: {Article.objects.count()}, comments: {Comment.objects.count()}, votes"
        assert counts in stdout.getvalue()

    def test_a_site_with_content_needs_a_word(self, archive):
        with pytest.raises(CommandError, match=r"not empty: it has [^_]+\. With --force"):
            call_command("import_site", str(archive))

    def test_media_that_cannot_be_copied(self, archive, settings, tmp_path, monkeypatch):
        settings.MEDIA_ROOT = tmp_path / "media"
        written = []

        def fail_later(source, target, **modes):
            if written:
                raise OSError(28, "No space left on device")
            target.parent.mkdir(parents=True)
            target.write_bytes(b"")
            written.append(target)

        monkeypatch.setattr("newsroom.site_archive.archive_reading.copy_file", fail_later)
        Comment.objects.filter(number=1).update(text="ここにしかない。")
        with pytest.raises(CommandError, match="No space left"):
            call_command("import_site", str(archive), force=True)
        assert Comment.objects.filter(text="ここにしかない。").exists()
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    def test_media_that_were_replaced_come_back(self, archive, settings, tmp_path, monkeypatch):
        settings.MEDIA_ROOT = tmp_path / "media"
        ours = settings.MEDIA_ROOT / "cabinet" / "2026" / "ship.avif"
        ours.parent.mkdir(parents=True)
        ours.write_bytes(b"another ship of the same name")

        def fail_at_last(source, target, **modes):
            if target.suffix == ".webp":
                raise OSError(28, "No space left on device")
            return copy_file(source, target, **modes)

        monkeypatch.setattr("newsroom.site_archive.archive_reading.copy_file", fail_at_last)
        with pytest.raises(CommandError, match="No space left"):
            call_command("import_site", str(archive), force=True)
        assert ours.read_bytes() == b"another ship of the same name"
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == [ours]
