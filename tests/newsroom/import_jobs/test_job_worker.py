"""The background: what waits is carried out, one at a time, and survives its worker."""

import os
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone, translation

from articles.models import Article
from newsroom.import_jobs import job_starter, job_worker
from newsroom.import_jobs.import_job import MOST_ATTEMPTS, Act, ImportJob, State
from newsroom.import_jobs.job_worker import hold_lock, run_waiting
from newsroom.import_jobs.upload_store import KEPT, draw_token, find_folder, store_piece
from newsroom.import_sources import SOURCES
from newsroom.wordpress.site_import import SiteImport
from tests.newsroom.wordpress import wxr

pytestmark = pytest.mark.django_db
ITEMS = tuple(wxr.item(number) for number in range(1, 5))
PARTS = (wxr.item(1, wxr.comment(5)), wxr.item(2, status="trash"), wxr.item(3, type="recipe"))


def acts_of(job):
    return list(job.acts.values_list("act", flat=True))


def run(job, **options):
    """Carry out the dry run of an import, and then the import itself."""
    assert job.request_dry_run(by=job.created_by, options=options)
    run_waiting()
    job.refresh_from_db()
    assert job.request_import(by=job.created_by)
    run_waiting()
    job.refresh_from_db()


def test_a_dry_run_comes_first_and_writes_nothing(upload):
    job = upload(*PARTS)
    assert not job.request_import(by=job.created_by)
    assert job.request_dry_run(by=job.created_by, options={})
    assert not job.request_dry_run(by=job.created_by, options={})
    assert [one.pk for one in run_waiting()] == [job.pk]
    job.refresh_from_db()
    assert (job.state, job.is_dry_run, Article.objects.count()) == (State.DONE, True, 0)
    report = job.read_report(of_dry_run=True)
    assert report.outcomes["post"] == {"new": 1, "left out": 1}
    assert job.dry_notes.count("\r\n") == sum(1 for _each in report.remarks) + 1
    assert job.read_report(of_dry_run=False) is None


def test_the_import_does_what_the_dry_run_said(upload, boss):
    job = upload(*PARTS)
    run(job, sections=["北の町"], theirs=True)
    assert (job.state, job.message, job.is_dry_run) == (State.DONE, "", False)
    assert Article.objects.filter(category__name="北の町").exists()
    reports = [job.read_report(of_dry_run=of_dry_run) for of_dry_run in (True, False)]
    assert reports[0].outcomes == reports[1].outcomes
    assert reports[0].remarks == reports[1].remarks
    finish = [Act.FINISH]
    assert acts_of(job) == [Act.UPLOAD, Act.DRY_RUN, *finish, Act.START, *finish]
    assert [act.by for act in job.acts.filter(act=Act.START)] == [boss.user]
    assert not job.request_import(by=boss.user)


@pytest.mark.once
def test_what_cannot_be_read_fails_with_its_sentence(upload):
    job = upload(data=b"<html></html>")
    job.request_dry_run(by=None, options={})
    run_waiting()
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert "Web" in job.message or "ウェブ" in job.message
    assert not job.request_import(by=None)
    assert job.request_dry_run(by=None, options={})


@pytest.mark.once
@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_each_system_says_in_a_sentence_what_it_cannot_read(boss, source, caplog):
    token, name = draw_token(), f"export{source.endings[0]}"
    store_piece(token, name, 0, [b"no export"], source.endings)
    values = {"source": source.code, "files": [name], "upload": token, "language": "en"}
    job = ImportJob.objects.upload(boss.user, **values)
    job.request_dry_run(by=boss.user, options={"site": "https://old.example"})
    run_waiting()
    job.refresh_from_db()
    assert (job.state, "the log says why" in job.message) == (State.FAILED, False)
    assert job.read_report(of_dry_run=True) is None
    assert job.message.endswith((".", "。"))
    assert caplog.text == ""


@pytest.mark.once
def test_what_ends_too_early_may_be_imported_as_far_as_it_goes(upload):
    data = wxr.export(*ITEMS)
    job = upload(data=data[: data.rindex(b"</item>")])
    job.request_dry_run(by=None, options={})
    run_waiting()
    job.refresh_from_db()
    assert job.state == State.DONE
    assert job.message
    assert job.request_import(by=None)
    run_waiting()
    job.refresh_from_db()
    assert (job.state, Article.objects.count()) == (State.FAILED, 3)
    assert job.request_import(by=None)  # once more, such as after a fault of the machine


def interrupt(monkeypatch, at, act):
    """Do something after the import of an item."""

    def save(importer, item, write=SiteImport._save_item):
        write(importer, item)
        if item.old_id == at:
            act()

    monkeypatch.setattr(job_worker, "EVERY", 0)
    monkeypatch.setattr(SiteImport, "_save_item", save)


def prepare(upload):
    job = upload(*ITEMS)
    job.request_dry_run(by=None, options={})
    run_waiting()
    job.refresh_from_db()
    assert job.request_import(by=None)
    return job


def test_a_running_import_is_cancelled_between_items_and_goes_on(upload, monkeypatch):
    job = prepare(upload)
    with monkeypatch.context() as patch:
        interrupt(patch, 2, lambda: ImportJob.objects.get().cancel(by=None))
        run_waiting()
    job.refresh_from_db()
    assert (job.state, Article.objects.count()) == (State.CANCELLED, 2)
    assert acts_of(job)[-2:] == [Act.CANCEL, Act.STOP]
    assert (job.progress["read"], job.progress["expected"]) == (2, 4)
    assert job.progress["counts"]["post"] == 2
    assert 50 < job.progress["percent"] < 100
    assert job.request_import(by=None)
    run_waiting()
    job.refresh_from_db()
    assert (job.state, Article.objects.count()) == (State.DONE, 4)
    assert job.read_report(of_dry_run=False).outcomes["post"] == {"same": 2, "new": 2}


def test_what_only_waits_is_cancelled_at_once(upload):
    job = upload(*ITEMS)
    job.request_dry_run(by=None, options={})
    assert job.cancel(by=None)
    assert (job.state, job.cancel(by=None)) == (State.CANCELLED, False)
    assert run_waiting() == []


@pytest.mark.once
def test_a_worker_that_must_end_puts_its_import_back(upload, monkeypatch):
    job, stopped = prepare(upload), []
    with monkeypatch.context() as patch:
        interrupt(patch, 3, lambda: stopped.append(1))
        run_waiting(lambda: bool(stopped))
    job.refresh_from_db()
    assert (job.state, Article.objects.count()) == (State.WAITING, 3)
    run_waiting()
    job.refresh_from_db()
    assert (job.state, Article.objects.count()) == (State.DONE, 4)
    assert Act.INTERRUPT in acts_of(job)


@pytest.mark.once
def test_an_import_whose_worker_was_killed_goes_on_but_not_forever(upload):
    job = prepare(upload)
    assert job.begin()  # and then the process was killed
    run_waiting()
    job.refresh_from_db()
    assert (job.state, job.attempts, Article.objects.count()) == (State.DONE, 1, 4)
    ImportJob.objects.update(state=State.RUNNING, attempts=MOST_ATTEMPTS)
    with translation.override("en"):  # of the command
        assert run_waiting() == []
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert "メモリー" in job.message
    assert job.request_import(by=None)


@pytest.mark.once
def test_a_fault_of_ours_ends_that_import_alone(upload, monkeypatch, caplog):
    first, second = prepare(upload), upload(*ITEMS)
    second.request_dry_run(by=None, options={})

    def fail(importer, item):
        raise RuntimeError("no such thing")

    with monkeypatch.context() as patch:
        patch.setattr(SiteImport, "_save_item", fail)
        run_waiting()
    states = list(ImportJob.objects.order_by("pk").values_list("state", flat=True))
    assert states == [State.FAILED, State.FAILED]
    assert "no such thing" in caplog.text
    first.refresh_from_db()
    assert "no such thing" not in first.message


def test_only_one_worker_is_at_work(upload, capsys):
    upload(*ITEMS).request_dry_run(by=None, options={})
    with hold_lock() as is_alone:
        assert is_alone
        assert run_waiting() is None
        assert not job_starter.is_needed()
        call_command("run_imports")
    assert "Another run_imports is at work." in capsys.readouterr().out
    assert job_starter.is_needed()
    call_command("run_imports", "--parent", str(os.getppid()))
    assert ImportJob.objects.get().state == State.DONE
    assert not job_starter.is_needed()


@pytest.mark.once
def test_a_worker_ends_with_the_server_that_started_it(upload):
    upload(*ITEMS).request_dry_run(by=None, options={})
    call_command("run_imports", "--watch", "--parent", "1")
    assert ImportJob.objects.get().state == State.WAITING


@pytest.mark.once
def test_uploads_are_deleted_after_a_time_but_not_what_is_needed(upload):
    over, needed = upload(*ITEMS), upload(*ITEMS)
    needed.request_dry_run(by=None, options={})
    alone = draw_token()
    store_piece(alone, "export.xml", 0, [b"x"], (".xml",))
    before = (timezone.now() - KEPT - timedelta(hours=1)).timestamp()
    for token in (over.upload, needed.upload, alone):
        os.utime(find_folder(token), (before, before))
    job_starter.tidy_up()
    over.refresh_from_db()
    assert [find_folder(token).exists() for token in (over.upload, alone)] == [False, False]
    assert find_folder(needed.upload).exists()
    assert not over.has_files
    assert not over.request_dry_run(by=None, options={})


@pytest.mark.once
def test_files_of_the_opened_folder_are_imported_and_stay(opened, boss):
    job = ImportJob.objects.upload(
        boss.user, source="wordpress", files=["old/export.xml"], language="en"
    )
    run(job)
    assert job.state == State.DONE
    assert (opened / "old" / "export.xml").exists()
    assert not job.forget_upload()
    (opened / "old" / "export.xml").unlink()
    job = ImportJob.objects.upload(
        boss.user, source="wordpress", files=["old/export.xml"], language="en"
    )
    job.request_dry_run(by=None, options={})
    run_waiting()
    job.refresh_from_db()
    assert job.message == "old/export.xml is not in the folder for imports."
