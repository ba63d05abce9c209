"""The headers by which every response restricts browsers and other sites."""

import pytest

from tests import factories
from tests.pictures import in_library

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def addresses():
    factories.article(slug="ship")
    factories.article(slug="gone").withdraw(note="誤り。")
    return {
        "/": 200,
        "/articles/ship/": 200,
        "/articles/gone/": 410,
        "/articles/ship": 301,
        "/nothing/": 404,
        "/articles/a%00b/": 400,
        "/admin/": 302,
        "/admin/login/": 200,
        "/articles/1/read/": 405,
    }


def test_every_response_restricts_features_and_embedding(client, addresses):
    for address, status in addresses.items():
        answer = client.get(address)
        assert answer.status_code == status, address
        policies = answer["Permissions-Policy"].split(", ")
        assert {"camera=()", "geolocation=()", "microphone=()"} <= set(policies), address
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin", address
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", address


def test_pictures_may_be_shown_by_feed_readers(client):
    answer = client.get(in_library().image_file.row)
    assert answer.status_code == 200
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Permissions-Policy" in answer
