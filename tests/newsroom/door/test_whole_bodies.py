"""A body that does not come whole is not taken; the server is the real one."""

from urllib.parse import urlencode

import pytest

from articles.upload_limits import MAX_REQUEST
from comments.models import Comment
from tests import factories
from tests.newsroom.door.sockets import BOUNDARY, chunk, exchange, head, multipart

pytestmark = pytest.mark.once

FORM = "application/x-www-form-urlencoded"
FIELDS = {"text": "港の船は明日も出るらしい。", "name": "", "token": ""}


def test_a_body_that_ends_early_is_refused_and_stores_nothing(site):
    article = factories.article()
    comment = factories.comment(article)
    login = "/admin/login/"
    paths = [
        *(f"/threads/{article.pk}/comments/", f"/threads/{article.pk}/comments/inline/"),
        *(f"/comments/{comment.pk}/vote/", f"/comments/{comment.pk}/removal/"),
        *(f"/articles/{article.pk}/read/", "/me/", login, "/nowhere/"),
    ]
    for path in paths:
        for request in early_ends(site, path):
            assert exchange(site, request, ends=True) == 400, request
    assert Comment.objects.count() == 1
    assert Comment.objects.get().votes.count() == 0


def early_ends(site, path):
    """Yield requests whose bodies hold a whole text, but less than was announced."""
    form, (parts, kind) = urlencode(FIELDS).encode(), multipart(FIELDS)
    yield head(site, path, Content_Type=FORM, Content_Length=len(form) + 1) + form
    yield head(site, path, Content_Type=FORM, Content_Length=10**6) + form
    yield head(site, path, Content_Type=FORM, Content_Length=len(form))
    cut = parts[: parts.index(BOUNDARY.encode(), 10) - 2]
    yield head(site, path, Content_Type=kind, Content_Length=len(parts)) + cut
    chunked = head(site, path, Content_Type=FORM, Transfer_Encoding="chunked")
    yield chunked + chunk(form)
    yield chunked + chunk(form) + b"5\r\nabc"
    yield chunked + chunk(form) + b"nonsense\r\n"


def test_a_multipart_form_without_its_end_is_refused(site):
    article = factories.article()
    path = f"/threads/{article.pk}/comments/"
    body, kind = multipart(FIELDS)
    for cut in (body[: -len(BOUNDARY)], body[: body.index(b"name=") + 40], body[:20], b"--"):
        request = head(site, path, Content_Type=kind, Content_Length=len(cut)) + cut
        assert exchange(site, request) == 400, cut
    assert not Comment.objects.exists()


def test_a_whole_body_is_taken_in_every_form(site):
    article = factories.article()
    path = f"/threads/{article.pk}/comments/"
    for number, encoded in enumerate(whole_bodies(site, path), start=1):
        assert exchange(site, encoded) == 303, encoded
        assert Comment.objects.count() == number


def whole_bodies(site, path):
    for text in ("一つ目の意見です。", "二つ目の意見です。" * 200):
        fields = {**FIELDS, "text": text}
        form = urlencode(fields).encode()
        yield head(site, path, Content_Type=FORM, Content_Length=len(form)) + form
        body, kind = multipart({**fields, "text": f"{text}別の形"})
        yield head(site, path, Content_Type=kind, Content_Length=len(body)) + body
        form = urlencode({**fields, "text": f"{text}三度目"}).encode()
        chunks = chunk(form[:10]) + chunk(form[10:]) + chunk(b"")
        yield head(site, path, Content_Type=FORM, Transfer_Encoding="chunked") + chunks


def test_lengths_that_are_none_or_too_much_are_refused(site):
    article = factories.article()
    path = f"/threads/{article.pk}/comments/"
    for length in ("ten", "-1", "+3", "1e3", "9" * 30, "3, 4", ""):
        request = head(site, path, Content_Type=FORM, Content_Length=length) + b"text=a"
        assert exchange(site, request) == 400, length
    too_long = head(site, path, Content_Type=FORM, Content_Length=MAX_REQUEST + 1)
    assert exchange(site, too_long) == 413
