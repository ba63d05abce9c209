"""Reports that arrive at once hold a comment once, and never against a moderator."""

import threading

import pytest
from django.db import connection

from comments.models import ModerationAction, Report
from comments.refusals import Refused
from tests import factories
from tests.comments.test_report_weights import reporter

READERS = 12


def run_at_once(acts):
    """Run functions in threads of their own; returns the errors that are no refusals."""
    gate, errors = threading.Barrier(len(acts)), []

    def run(act):
        gate.wait()
        try:
            act()
        except Refused:
            pass
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return errors


def build_reports(comment, readers):
    copies = [type(comment).objects.get(pk=comment.pk) for _reader in readers]
    return [
        lambda copy=copy, reader=reader: Report.objects.file(copy, reader=reader, reason="spam")
        for copy, reader in zip(copies, readers, strict=True)
    ]


@pytest.fixture
def comment(transactional_db):
    return factories.comment(factories.article(), text="通報される意見")


def test_a_comment_is_held_once(comment):
    assert run_at_once(build_reports(comment, [reporter(n) for n in range(READERS)])) == []
    comment.refresh_from_db()
    assert comment.is_held
    assert ModerationAction.objects.filter(verb="hold").count() == 1
    assert Report.objects.count() == 3  # the others came to a comment that was hidden


def test_one_reader_reports_once(comment):
    assert run_at_once(build_reports(comment, [reporter("same")] * READERS)) == []
    assert Report.objects.count() == 1


def test_no_report_overrules_a_moderator(comment):
    by = factories.user("三澄")
    reports = build_reports(comment, [reporter(n) for n in range(READERS)])
    copy = type(comment).objects.get(pk=comment.pk)
    assert run_at_once([*reports, lambda: copy.approve(by=by)]) == []
    comment.refresh_from_db()
    assert comment.is_published
    assert ModerationAction.objects.latest("pk").verb == "approve"
