"""The error pages of nginx, which ``manage.py build_error_pages`` writes."""

import re

import pytest
from django.conf import settings
from django.core.management import call_command

CONFIGURATION = (settings.BASE_DIR / "newsroom" / "deploy" / "nginx.conf").read_text()


@pytest.fixture
def pages(tmp_path):
    """Return what builds the pages and returns {name: text}."""

    def build():
        call_command("build_error_pages", tmp_path, verbosity=0)
        return {path.name: path.read_text() for path in tmp_path.iterdir()}

    return build


def test_each_page_that_nginx_names_is_there(pages):
    assert set(re.findall(r"/errors/(\d+\.html)", CONFIGURATION)) == set(pages())


@pytest.mark.parametrize(
    ("language", "title"), [("ja", "まもなく再開します"), ("en", "Back in a moment")]
)
def test_they_speak_the_language_of_the_site(pages, settings, language, title):
    settings.LANGUAGE_CODE = language
    page = pages()["502.html"]
    assert f'<html lang="{language}"' in page
    assert f">{title}</h1>" in page


def test_each_says_its_status(pages):
    for name, page in pages().items():
        assert f'<p class="notice__code">{name.removesuffix(".html")}</p>' in page
