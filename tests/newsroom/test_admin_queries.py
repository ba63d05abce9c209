"""Parameters of the admin on which Django itself fails."""

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LISTS = ["articles/article", "articles/mediafile", "comments/comment", "newsroom/user"]


@pytest.fixture
def admin(admin_client):
    admin_client.raise_request_exception = False
    return admin_client


@pytest.mark.parametrize("path", LISTS)
def test_a_search_of_thousands_of_words_is_refused(admin, path):
    assert admin.get(f"/admin/{path}/", {"q": "x " * 3_000}).status_code == 400


@pytest.mark.parametrize("path", LISTS)
def test_a_search_of_many_words_is_answered(admin, path):
    assert admin.get(f"/admin/{path}/", {"q": "x " * 250}).status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_a_field_without_a_name_is_refused(admin, path):
    assert admin.post(f"/admin/{path}/1/change/", {"_to_field": ""}).status_code == 400
    assert admin.get(f"/admin/{path}/1/change/", {"_to_field": ""}).status_code == 400


def test_suggestions_for_thousands_of_words_are_refused(admin):
    query = {"app_label": "articles", "model_name": "article", "field_name": "author"}
    answer = admin.get("/admin/autocomplete/", query | {"term": "x " * 3_000})
    assert answer.status_code == 400
