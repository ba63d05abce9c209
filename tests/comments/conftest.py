"""Requests as a browser sends them from a page of this site."""

import pytest
from django.test import Client

from tests import factories

HERE = {"headers": {"origin": "http://testserver", "sec-fetch-site": "same-origin"}}


class Browser(Client):
    """A client whose forms stand on this site."""

    def send(self, path, **fields):
        return self.post(path, fields, **HERE)

    def write(self, article, text="それな", **fields):
        return self.send(f"/threads/{article.pk}/comments/", text=text, **fields)

    def vote(self, comment, value):
        return self.send(f"/comments/{comment.pk}/vote/", value=value)


@pytest.fixture
def article(db):
    return factories.article(title="離島の診療所")


@pytest.fixture
def reader():
    return Browser()


@pytest.fixture
def other_reader():
    return Browser(REMOTE_ADDR="192.0.2.7")


@pytest.fixture
def moderator(db):
    browser = Browser(REMOTE_ADDR="192.0.2.8")
    browser.user = factories.moderator()
    browser.force_login(browser.user)
    return browser
