"""A real browser in front of a real server, with JavaScript; in the slow suite also without it."""

import os
import shutil

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests import factories
from tests.browser.waiting import PATIENCE

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "There is no Chromium here. Install the package chromium to run the browser tests."

# Each context loads the pages behind the address bar and a spare renderer: half of a short test.
UNUSED = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess")
# Chromium reads the last list of features only, so ours repeats playwright's.
DISABLED = (
    *("AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync"),
    *("DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades"),
    *("LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints"),
    *("PaintHolding", "PreconnectToSearch", "TcpPortRandomizationWin"),
    *("ThirdPartyStoragePartitioning", *UNUSED),
)

# Playwright runs an event loop in the thread of the test, in which the test makes its articles.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.once)  # the views have tests of their own on both databases


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    features = f"--disable-features={','.join(DISABLED)}"
    return {**browser_type_launch_args, "executable_path": path, "args": [features]}


@pytest.fixture(
    params=[True, pytest.param(False, marks=pytest.mark.slow)], ids=["scripts", "no scripts"]
)
def scripts(request):
    """Whether the browser runs JavaScript."""
    return request.param


@pytest.fixture
def browser_context_args(browser_context_args, scripts, live_server):
    return {
        **browser_context_args,
        "base_url": live_server.url,
        "java_script_enabled": scripts,
        "locale": "ja-JP",
        "service_workers": "block",  # what they ask for passes no route of a test
    }


@pytest.fixture(autouse=True)
def site(live_server, settings, bundles):
    """The server; nobody has to wait before the next comment."""
    settings.STATICFILES_DIRS = [bundles, *settings.STATICFILES_DIRS]
    settings.SITE_URL = live_server.url
    settings.COMMENT_LIMITS = False
    settings.PAGE_CACHE_SECONDS = 5
    return live_server


@pytest.fixture
def faults():
    """What the browser complained about, which must be nothing (the CSP's refusals too)."""
    found = []
    yield found
    assert found == []


def _complains(said):
    return said.type == "error" and not said.text.startswith("Failed to load resource")


def _is_missing(answer):
    """Whether a part of a page is missing. A page itself may well be a refusal, and so may what a
    script asks for."""
    may_refuse = {"document": 600, "xhr": 500, "fetch": 500}
    return may_refuse.get(answer.request.resource_type, 400) <= answer.status


@pytest.fixture
def visitor(new_context, faults):
    """Return a function that opens a page in a browser of its own, as another person would."""

    def visit():
        page = new_context().new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: _complains(said) and faults.append(said.text))
        page.on("response", lambda answer: _is_missing(answer) and faults.append(answer.url))
        return page

    return visit


@pytest.fixture
def page(visitor):
    return visitor()


@pytest.fixture
def let_in(site):
    """Return a function that signs a staff member in, without the form."""

    def let_in(page, user):
        client = Client()
        client.force_login(user)
        [(name, session)] = client.cookies.items()
        page.context.add_cookies([{"name": name, "value": session.value, "url": site.url}])

    return let_in


@pytest.fixture
def article():
    return factories.article(title="港の灯台、百年の明かり", slug="lighthouse")


@pytest.fixture
def branch(article):
    """A comment, a reply to it and a reply to that."""
    first = factories.comment(article, text="灯台の光が好きです。")
    second = factories.comment(article, text="わたしもです。", parent=first)
    third = factories.comment(article, text="夜に見ました。", parent=second)
    return first, second, third


@pytest.fixture
def thread(article):
    """Where to look for comments on a page: by what the DOM promises."""

    class Thread:
        address = article.get_absolute_url()

        def __init__(self, page):
            self.page = page

        def open(self):
            self.page.goto(self.address)
            return self

        @property
        def title(self):
            return self.page.locator("section#comments h2").first

        def comment(self, comment):
            return self.page.locator(f"article.comment#comment-{comment.pk}")

        def saying(self, text):
            return self.page.locator("article.comment", has_text=text)

    return Thread
