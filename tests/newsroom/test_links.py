"""Every link on every public page works, also without scripts."""

from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from tests import factories, staff
from tests.reading import parsed

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ROBOTS_STAY_OUT = ("/admin/", "/moderation/", "/media/", "/static/")


@pytest.fixture
def site():
    """A site with some of everything that pages link to."""
    above = factories.category("国内", slug="news")
    category = factories.category("交通", slug="traffic", parent=above)
    author = staff.editor()
    made = [
        factories.article(title=f"記事{number}", slug=f"a{number}", category=category)
        for number in range(3)
    ]
    article = made[0]
    article.author, article.body = author, "<h2>一</h2><p>本文</p>" * 4
    article.save()
    article.tags.add("灯台")
    article.sources.create(title="白書", url="https://example.jp/")
    factories.article(title="概要", slug="about", kind="page")
    first = factories.comment(article, text="最初")
    factories.comment(article, text=">>1 返事", parent=first)
    factories.comment(article, text="外れた話", parent=first).remove(by=author, reason="spam")
    return article


def test_every_link_works(client, site):
    known, waiting, broken = set(), ["/", "/search/?q=記事", "/me/"], []
    while waiting:
        path = waiting.pop()
        answer = client.get(path, follow=True)
        if answer.status_code != 200:
            broken.append((path, answer.status_code))
        if not answer["Content-Type"].startswith("text/html") or not answer.content:
            continue
        for href in parsed(answer).xpath("//a/@href | //link/@href | //form[not(@method)]/@action"):
            address = urlsplit(urldefrag(urljoin(f"http://testserver{path}", href))[0])
            link = address.path + (f"?{address.query}" if address.query else "")
            if (
                address.netloc == "testserver"
                and link not in known
                and not address.path.startswith(ROBOTS_STAY_OUT)
            ):
                known.add(link)
                waiting.append(link)
    assert broken == []
    assert len(known) > 40
