"""The commands that import from comment systems."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from comments.models import Comment
from tests.newsroom.comment_systems import exports
from tests.newsroom.comment_systems.conftest import LINK

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_each_command_prints_a_table_and_can_be_run_again(article, tmp_path):
    xml, backup = tmp_path / "export.xml", tmp_path / "backup.json"
    gone = "https://old.example/gone/"
    xml.write_bytes(
        exports.disqus(
            exports.disqus_thread(1, LINK),
            exports.disqus_thread(2, gone),
            *(exports.disqus_post(1, 1), exports.disqus_post(2, 2), exports.disqus_post(3, 2)),
        )
    )
    backup.write_bytes(exports.remark42(exports.remark42_comment("a", LINK)))
    database = exports.isso(tmp_path / "a.db", (1, 1, "一", {}), threads={1: "/2020/01/harbour/"})
    report = tmp_path / "report.csv"
    dry = run("import_disqus", xml, "--dry-run")
    first = run("import_disqus", xml, "--report", report, "--site-host", "old.example")
    assert dry.splitlines()[:-1] == first.splitlines()[:-1]
    assert dry.endswith("Dry run: nothing was written.\n")
    rows = {line.split("  ")[0]: line.split() for line in first.splitlines() if line}
    assert rows["Comments"] == ["Comments", "3", "1", "0", "0", "0", "2"]
    assert "Threads: 1 with an article, 1 without an article" in first
    assert f"2 × comments left out: no article has their address (2 × “{gone}”)" in first
    assert f"{gone},," in report.read_text("utf-8-sig")
    assert "Nothing has changed since the last import." in run("import_disqus", xml)
    run("import_remark42", backup)
    run("import_isso", database)
    assert Comment.objects.filter(thread__article=article).count() == 3


def test_what_cannot_be_imported_is_a_sentence(article, tmp_path):
    packed = tmp_path / "export.xml.gz"
    packed.write_bytes(b"\x1f\x8b" + b"x" * 50)
    with pytest.raises(CommandError, match=r"this \.gz cannot be unpacked"):
        run("import_disqus", packed)
    path = tmp_path / "page.html"
    path.write_text("<html></html>")
    for name in ("import_disqus", "import_isso", "import_remark42"):
        with pytest.raises(CommandError, match="this is a web page"):
            run(name, path)
        with pytest.raises(CommandError, match="File not found"):
            run(name, tmp_path / "missing")
        with pytest.raises(CommandError, match="Folder not found"):
            run(name, path, "--report", tmp_path / "no" / "report.csv")
