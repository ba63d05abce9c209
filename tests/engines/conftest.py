"""Firefox and WebKit in front of the site's own server."""

import os

import pytest

from tests import factories
from tests.engines import engines

OPEN = {"firefox": engines.open_firefox, "webkit": engines.open_webkit}
PACKAGES = {
    "firefox": "firefox-esr",
    "webkit": "webkit2gtk-driver gir1.2-webkit2-4.1 gir1.2-gtk-3.0 python3-gi xvfb dbus",
}
PHONE = (375, 800)


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "engines":
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.once)  # the views have tests of their own on both databases


@pytest.fixture(scope="session")
def window(request, live_server):
    """The browser's window, open for all tests in it."""
    engine = request.param
    if missing := engines.find_missing(engine):
        reason = f"{', '.join(missing)} missing. Install {PACKAGES[engine]} to run these tests."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with OPEN[engine](live_server.url, PHONE) as page:
        yield page


@pytest.fixture(autouse=True)
def site(live_server, settings, bundles):
    """The server; nobody has to wait before the next comment."""
    settings.STATICFILES_DIRS = [bundles, *settings.STATICFILES_DIRS]
    settings.SITE_URL = live_server.url
    settings.COMMENT_LIMITS = False
    return live_server


@pytest.fixture
def reader(window, site):
    """A window whose reader the site does not know yet."""
    yield window
    assert window.run("return window.faults ?? []") == []  # WebKit's window notes them
    window.visit("/robots.txt")
    window.run("localStorage.clear(); sessionStorage.clear()")
    window.session.send("forget")


@pytest.fixture
def article(request):
    # The browser may keep a page of an address: each test has its own.
    slug = f"lighthouse-{abs(hash(request.node.nodeid))}"
    return factories.article(title="港の灯台、百年の明かり", slug=slug)
