"""An import on the admin's pages: upload, dry run, progress and report, in a browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from newsroom.import_jobs import job_worker
from newsroom.import_jobs.import_job import ImportJob
from tests import factories
from tests.newsroom.wordpress import wxr

ADD = "/admin/newsroom/importjob/add/"
EXPORT = {
    "name": "港.xml",
    "mimeType": "text/xml",
    "buffer": wxr.export(wxr.item(1, wxr.comment(5)), wxr.item(2, type="recipe")),
}


@pytest.fixture
def scripts():
    return True


@pytest.fixture
def boss(settings, tmp_path):
    settings.IMPORT_UPLOADS = tmp_path / "imports"
    return factories.user("boss", is_staff=True, is_superuser=True)


def send_file(page):
    page.goto(ADD)
    page.locator("[name=files]").set_input_files(EXPORT)
    page.get_by_role("button", name="設定へ進む").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("港.xml")


def test_an_import_is_uploaded_tried_and_carried_out(page, let_in, boss):
    let_in(page, boss)
    send_file(page)
    page.get_by_role("button", name="試験実行する").click()
    expect(page.locator("#state")).to_have_text("試験実行: 待機中")
    job_worker.run_waiting()
    expect(page.locator(".import-report__table")).to_contain_text("投稿")  # by itself


@pytest.mark.slow
def test_axe_finds_nothing_on_the_pages_of_an_import(new_context, let_in, boss):
    page = new_context(bypass_csp=True, reduced_motion="reduce").new_page()
    let_in(page, boss)
    found = []

    def look(place):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            violations = Axe().run(page).response["violations"]
            found.extend((place, scheme, each["id"]) for each in violations)

    page.goto(ADD)
    look("files")
    send_file(page)
    look("options")
    job = ImportJob.objects.get()
    job.request_dry_run(by=boss, options={})
    page.reload()
    look("waiting")
    job_worker.run_waiting()
    page.reload()
    look("report")
    page.goto("/admin/newsroom/importjob/")
    look("history")
    assert found == []
