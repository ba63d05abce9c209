"""Addresses that are built without ``reverse`` and ``urljoin``, which take many times longer."""

from urllib.parse import urljoin

import pytest
from django.urls import reverse, set_script_prefix

from articles.web.addresses import (
    build_absolute_url,
    build_fixed_path,
    build_path,
    build_path_pattern,
)
from newsroom.jinja import build_url


@pytest.mark.parametrize(
    "address",
    [
        *("/", "/articles/ship/", "/articles/港の朝/?page=2#comment-1", "/a.html?u=1.5"),
        *("//cdn.example.org/a.webp", "https://cdn.example.org/a.webp", "a/b", ""),
        *("/a/../b", "/./a", "/a/./b", "/search/?q={search_term_string}"),
    ],
)
def test_an_absolute_address_is_that_of_urljoin(settings, address):
    settings.SITE_URL = "https://news.example.org"
    assert build_absolute_url(address) == urljoin("https://news.example.org/", address)


@pytest.mark.parametrize("prefix", ["/", "/paper/", "/100%/"])
def test_a_path_is_that_of_reverse(prefix):
    set_script_prefix(prefix)
    try:
        assert build_fixed_path("home") == build_url("home") == reverse("home")
        author = reverse("articles:author", args=[12])
        assert build_path_pattern("articles:author") % 12 == author
        assert build_url("articles:author", 12) == author
        article = reverse("articles:detail", args=["港-1"])
        assert build_path("articles:detail", "港-1") == article
        assert build_url("articles:detail", "港-1") == article
    finally:
        set_script_prefix("/")
