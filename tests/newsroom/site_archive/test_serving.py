"""A site is archived as of one moment while readers write."""

import threading

from django.db import connection

from comments.models import Comment
from comments.posting import post
from newsroom.site_archive.archive_writing import export_site
from tests import factories
from tests.newsroom.site_archive.archived_site import read_rows


def test_all_tables_are_of_one_moment(transactional_db, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    article = factories.article()
    post(article, text="前。", reader=factories.reader("ann"))

    def write_another():
        post(article, text="後。", reader=factories.reader("ben"))
        connection.close()

    def interrupt(done):
        if done == 1:
            writer = threading.Thread(target=write_another)
            writer.start()
            writer.join(20)
            assert not writer.is_alive()

    export_site(tmp_path / "archive", progress=interrupt)
    assert [row["text"] for row in read_rows(tmp_path / "archive", "comments")] == ["前。"]
    assert [row["last_number"] for row in read_rows(tmp_path / "archive", "threads")] == [1]
    assert Comment.objects.count() == 2
    post(article, text="その後。", reader=factories.reader("ben"))
