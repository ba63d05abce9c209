"""Icons at the addresses that browsers know, and the manifest."""

import pytest
from django.contrib.staticfiles import finders
from PIL import Image

from tests.reading import read

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_the_head_names_icons_that_are_there(client):
    page = read(client, "/")
    paths = page.xpath("//link[@rel='icon' or @rel='apple-touch-icon']/@href")
    assert len(paths) == 3
    assert all(finders.find(path.removeprefix("/static/")) for path in paths)
    with Image.open(finders.find("img/favicon.ico")) as icon:
        assert {(16, 16), (32, 32), (48, 48)} <= icon.info["sizes"]
    with Image.open(finders.find("img/apple-touch-icon.png")) as icon:
        assert icon.size == (180, 180)


@pytest.mark.parametrize("path", ["/favicon.ico", "/apple-touch-icon.png"])
def test_an_icon_is_found_without_the_head(client, path):
    answer = client.get(path)
    assert answer.status_code == 302 and answer["Location"].startswith("/static/img/")


def test_the_manifest_describes_the_site(client, settings):
    answer = client.get(read(client, "/").xpath("string(//link[@rel='manifest']/@href)"))
    manifest = answer.json()
    assert answer["Content-Type"] == "application/manifest+json"
    assert (manifest["name"], manifest["lang"]) == (settings.SITE_NAME, "ja")
    sizes = {tuple(map(int, icon["sizes"].split("x"))) for icon in manifest["icons"]}
    assert {(192, 192), (512, 512)} <= sizes
    for icon in manifest["icons"]:
        with Image.open(finders.find(icon["src"].removeprefix("/static/"))) as image:
            assert image.size == tuple(map(int, icon["sizes"].split("x")))
