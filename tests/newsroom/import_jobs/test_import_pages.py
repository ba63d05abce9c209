"""The pages of an import: files, options, dry run, report, history; who may open them."""

import os

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile

from articles.models import Article
from newsroom.import_jobs.forms import OptionsForm
from newsroom.import_jobs.import_job import ImportJob, State
from newsroom.import_jobs.job_worker import run_waiting
from newsroom.import_jobs.upload_store import draw_token, find_folder
from newsroom.import_sources import SOURCES
from tests import staff
from tests.newsroom.wordpress import wxr
from tests.reading import parsed

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST = "/admin/newsroom/importjob/"
ADD = f"{LIST}add/"
PARTS = (wxr.item(1), wxr.item(2, type="recipe"))


def text(answer):
    return " ".join(parsed(answer).text_content().split())


def page_of(job, name="change"):
    return f"{LIST}{job.pk}/{name}/"


def send(boss, data=None, name="港.xml", **fields):
    """Send the form with a file, as a browser without scripts does."""
    file = SimpleUploadedFile(name, data or wxr.export(*PARTS), "text/xml")
    fields = {"source": "wordpress", "upload": draw_token(), "files": file, **fields}
    return boss.post(ADD, {name: value for name, value in fields.items() if value is not None})


def verbs(answer):
    """What the buttons of a page do, each once."""
    buttons = parsed(answer).xpath("//button[@name='act'] | //form[@id='options']")
    return {button.get("value") or button.get("id") for button in buttons}


def test_an_import_from_the_upload_to_the_report(boss):
    answer = boss.get(ADD)
    assert "25 MB" in text(answer)
    answer = send(boss)
    job = ImportJob.objects.get()
    assert answer.url == page_of(job)
    assert (job.state, job.files, job.created_by) == (State.UPLOADED, ["港.xml"], boss.user)
    answer = boss.get(page_of(job))
    assert verbs(answer) == {"options", "delete"}
    assert not parsed(answer).xpath("//*[@name='private_hosts' or @name='media_folder']")
    boss.post(page_of(job), {"sections": "北の町\r\n", "theirs": "on"})
    answer = boss.get(page_of(job))
    assert verbs(answer) == {"cancel"}
    assert 'http-equiv="refresh"' in answer.text
    assert "待機中" in text(boss.get(page_of(job, "progress")))
    run_waiting()
    answer = boss.get(page_of(job))
    assert verbs(answer) == {"import", "options", "delete"}
    assert 'http-equiv="refresh"' not in answer.text
    rows = {row.xpath("string(th)"): row.xpath("td/text()") for row in parsed(answer).xpath("//tr")}
    assert rows["投稿"][:2] == ["1", "1"]
    assert parsed(answer).xpath("string(//*[@name='sections'])").strip() == "北の町"
    assert Article.objects.count() == 0
    boss.post(page_of(job, "act"), {"act": "import"})
    run_waiting()
    answer = boss.get(page_of(job))
    assert verbs(answer) == {"delete"}
    assert Article.objects.filter(category__name="北の町").exists()
    assert "社主 取り込みを開始" in text(answer)
    notes = boss.get(f"{LIST}{job.pk}/notes/import/")
    assert notes.headers["Content-Disposition"].startswith("attachment")
    assert notes.content.decode("utf-8-sig").splitlines()[0].count(",") == 3
    history = boss.get(LIST)
    assert "港.xml" in text(history)
    assert "社主" in text(history)


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_each_system_has_its_options_but_none_for_the_own_network(source):
    fields = OptionsForm(source).fields
    assert fields.keys() <= {option.name for option in source.options}
    assert "private_hosts" not in fields
    assert OptionsForm(source, {}).is_valid() == (source.code != "ghost")  # its address is missing


def test_a_wrong_option_is_told_at_its_field_and_nothing_typed_is_lost(boss, upload):
    job = upload(*PARTS)
    answer = boss.post(page_of(job), {"post_types": "recipe=story", "sections": "北の町"})
    assert "recipe=article" in text(answer)
    assert parsed(answer).xpath("string(//*[@name='sections'])").strip() == "北の町"
    job.refresh_from_db()
    assert job.state == State.UPLOADED


@pytest.mark.parametrize("name", ["港.php", "港.sqlite3.exe"])
def test_a_file_of_another_kind_is_refused_with_a_sentence(boss, name):
    answer = send(boss, b"<?php", name)
    assert ".xml" in parsed(answer).xpath("string(//*[@class='form__error'])")
    assert not ImportJob.objects.exists()


def test_no_file_and_too_large_ones_are_told(boss, settings):
    assert "選んでください" in text(send(boss, files=None))
    settings.IMPORT_UPLOAD_MB = 1
    assert "1 MB" in text(send(boss, b"x" * (2**20 + 1)))
    assert not ImportJob.objects.exists()


def test_pieces_of_a_script_become_one_file(boss):
    data, token = wxr.export(*PARTS), draw_token()
    half = len(data) // 2
    fields = {"upload": token, "source": "wordpress", "name": "港.xml"}
    for offset, piece in ((0, data[:half]), (half, data[half:])):
        file = SimpleUploadedFile("piece", piece)
        answer = boss.post(f"{LIST}piece/", {**fields, "offset": offset, "piece": file})
        assert answer.json() == {"size": offset + len(piece)}
    file = SimpleUploadedFile("piece", b"x")
    answer = boss.post(f"{LIST}piece/", {**fields, "offset": 5, "piece": file})
    assert (answer.status_code, "error" in answer.json()) == (400, True)
    assert boss.post(f"{LIST}piece/", fields).status_code == 400
    boss.post(ADD, {"source": "wordpress", "upload": token})
    job = ImportJob.objects.get()
    assert (find_folder(job.upload) / "港.xml").read_bytes() == data


def test_the_files_of_an_import_cannot_be_replaced_from_a_page_that_was_left(boss, upload):
    job = upload(*PARTS)
    before = (find_folder(job.upload) / "export.xml").read_bytes()
    fields = {"upload": job.upload, "source": "wordpress", "name": "export.xml", "offset": 0}
    piece = {"piece": SimpleUploadedFile("piece", b"another")}
    answer = boss.post(f"{LIST}piece/", fields | piece)
    assert "読み込み直" in answer.json()["error"]
    file = SimpleUploadedFile("export.xml", b"another")
    answer = boss.post(ADD, {"source": "wordpress", "upload": job.upload, "files": file})
    assert "読み込み直" in text(answer)
    assert job.upload not in text(answer)
    assert (find_folder(job.upload) / "export.xml").read_bytes() == before
    assert ImportJob.objects.get() == job


def test_a_name_in_another_encoding_does_not_break_the_page(boss, opened):
    name = "港".encode("shift_jis")
    (opened / os.fsdecode(name + b".xml")).write_bytes(b"x")
    (opened / os.fsdecode(name)).mkdir()
    (opened / os.fsdecode(name) / "a.xml").write_bytes(b"x")
    offered = parsed(boss.get(ADD)).xpath("//input[@name='names']/@value")
    assert offered == ["old/export.xml"]


def test_files_and_folders_of_the_opened_folder_are_offered_and_nothing_else(boss, opened):
    offered = parsed(boss.get(ADD)).xpath("//input[@name='names']/@value")
    assert offered == ["old/export.xml"]
    for name in ("../secret.xml", "link.xml", "/etc/passwd"):
        assert boss.post(ADD, {"source": "wordpress", "names": name}).status_code == 200
    assert not ImportJob.objects.exists()
    boss.post(ADD, {"source": "wordpress", "names": "old/export.xml"})
    job = ImportJob.objects.get()
    assert (job.files, job.upload) == (["old/export.xml"], "")
    folders = parsed(boss.get(page_of(job))).xpath("//select[@name='media_folder']/option/@value")
    assert folders == ["", "old"]
    boss.post(page_of(job), {"media_folder": "../.."})
    job.refresh_from_db()
    assert job.state == State.UPLOADED
    boss.post(page_of(job), {"media_folder": "old"})
    run_waiting()
    job.refresh_from_db()
    assert job.state == State.DONE


def test_what_is_no_longer_possible_is_said(boss, upload):
    job = upload(*PARTS)
    for act in ("import", "cancel"):
        answer = boss.post(page_of(job, "act"), {"act": act}, follow=True)
        assert "変わっています" in text(answer)
    assert boss.post(page_of(job, "act"), {"act": "no"}).status_code == 404
    token = job.upload
    boss.post(page_of(job, "act"), {"act": "delete"})
    assert not find_folder(token).exists()
    assert verbs(boss.get(page_of(job))) == set()
    assert boss.get(f"{LIST}{job.pk}/notes/import/").status_code == 404


def test_a_job_that_nobody_takes_says_what_is_missing(boss, upload):
    job = upload(*PARTS)
    job.request_dry_run(by=None, options={})
    assert "run_imports" not in text(boss.get(page_of(job)))
    ImportJob.objects.update(seen_at="2020-01-01T00:00:00Z")
    assert "run_imports" in text(boss.get(page_of(job)))


def test_only_those_with_the_right_may_import(upload):
    job = upload(*PARTS)
    editor = staff.browser_of(staff.editor())
    paths = [LIST, ADD, page_of(job), page_of(job, "progress"), f"{LIST}{job.pk}/notes/import/"]
    assert {editor.get(path).status_code for path in paths} == {403}
    posts = [ADD, f"{LIST}piece/", page_of(job), page_of(job, "act")]
    assert {editor.post(path).status_code for path in posts} == {403}
    assert "importjob" not in editor.get("/admin/").text
    editor.user.user_permissions.add(Permission.objects.get(codename="run_imports"))
    assert {editor.get(path).status_code for path in paths[:4]} == {200}
    assert LIST in editor.get("/admin/").text
