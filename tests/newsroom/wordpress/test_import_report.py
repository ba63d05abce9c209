"""What an import left out, in full: the report as a file, in a dry run and in the run."""

import csv
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command, load_command_class
from django.utils import translation

from articles.models import Article
from newsroom.importing.import_report import ImportReport
from tests import factories
from tests.newsroom.wordpress import wxr

pytestmark = pytest.mark.django_db


def test_the_file_holds_every_note_for_a_spreadsheet(tmp_path):
    report = ImportReport()
    for number in range(10):
        report.remark("skipped", line=number, subject=f"題 {number}")
    report.remark("odd", subject='=HYPERLINK("http://bad.example")', times=3)
    report.write_csv(tmp_path / "report.csv")
    text = (tmp_path / "report.csv").read_text("utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    assert rows[0] == ["Item", "Place", "Reason", "Number"]
    assert rows[2] == ["題 1", "line 1", "skipped", "1"]
    assert rows[-1] == ['\'=HYPERLINK("http://bad.example")', "", "odd", "3"]
    assert len(rows) == 12


@pytest.mark.once
@pytest.mark.parametrize("sign", "=+-@\t＝＋－＠")
def test_no_cell_is_a_formula(sign):
    report, file = ImportReport(), StringIO()
    report.remark("odd", subject=f"{sign}1+1")
    report.write_rows(file)
    assert list(csv.reader(StringIO(file.getvalue())))[1][0] == f"'{sign}1+1"


def test_the_command_writes_the_file_also_in_a_dry_run(tmp_path):
    path, file = tmp_path / "export.xml", tmp_path / "report.csv"
    path.write_bytes(wxr.export(*wxr.WHOLE))
    call_command("import_wordpress", path, "--dry-run", "--report", file, stdout=StringIO())
    dry = file.read_text("utf-8-sig")
    call_command("import_wordpress", path, "--report", file, stdout=StringIO())
    assert file.read_text("utf-8-sig") == dry
    assert "in the trash" in dry
    with pytest.raises(CommandError, match="Folder not found"):
        call_command("import_wordpress", path, "--report", tmp_path / "no" / "report.csv")


def test_what_cannot_be_read_or_written_is_said_before_anything_is_imported(tmp_path):
    path, out = tmp_path / "export.xml", StringIO()
    path.write_bytes(wxr.export(*wxr.WHOLE))
    (tmp_path / "ghost.json").write_text('{"db": [{"data": {}}]}')
    for arguments, message in (
        ([path, "--report", tmp_path], "A folder, not a file"),
        ([path, "--report", "/proc/report.csv"], "cannot be written"),
        ([tmp_path], "A folder, not a file"),
        ([tmp_path / "ghost.json"], "this is a Ghost export"),
    ):
        with pytest.raises(CommandError, match=message):
            call_command("import_wordpress", *arguments, stdout=out)
    assert not out.getvalue(), "no table of zeros"
    assert not Article.objects.exists()


def test_examples_show_that_there_are_more_of_them():
    report = ImportReport()
    for number in range(5):
        report.remark("skipped", subject=f"題{number}")
        report.remark("odd", line=number + 1)
    report.count_state("post", "publish")
    with translation.override("ja"):
        report.remark("半端", line=3, subject="題")
        assert list(report.list_states()) == [("投稿", "公開1")]
    texts = [examples for _text, _number, examples in report.list_remarks()]
    assert texts == ["“題0”; “題1”; “題2”; …", "line 1; line 2; line 3; …", "3行目 「題」"]


def test_the_help_of_a_command_is_in_one_language():
    with translation.override("ja"):
        parser = load_command_class("newsroom", "import_wordpress").create_parser("", "")
        assert parser.format_help().isascii()


def test_a_dry_run_foresees_what_is_here_already(bring):
    get_user_model().objects.create(username="writer")
    factories.category("港", slug="harbour")
    export = (
        *(wxr.author(name, number) for number, name in enumerate(("writer", "b", "c"), 1)),
        wxr.category("harbour", "港"),
        wxr.item(1, wxr.comment(5, user_id=2)),
    )
    dry = bring(*export, dry_run=True)
    report = bring(*export)
    assert dry.rows == report.rows
    assert dry.outcomes == report.outcomes
    assert report.remarks["author already has an account"] == 1
    assert report.remarks["category already existed"] == 1


def test_a_dry_run_foresees_what_the_workflow_refuses(bring):
    bring(wxr.item(1), wxr.item(2, wxr.comment(5)))
    article = Article.objects.get(slug="post-1")
    Article.objects.filter(pk=article.pk).update(expires_at=article.published_at.replace(day=9))
    export = (
        wxr.item(1, title="新しい題", date_gmt="2090-01-01 00:00:00"),
        wxr.item(2, status="pending"),
        wxr.item(3, wxr.comment(5, text="別")),
    )
    dry = bring(*export, dry_run=True)
    report = bring(*export)
    assert dry.rows == report.rows
    assert dry.outcomes == report.outcomes
    assert "expire" in str(report.remarks)
    assert report.remarks["comment not changed: it belongs to another thread on this site"] == 1
