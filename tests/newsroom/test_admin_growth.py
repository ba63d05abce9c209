"""Every list of the admin, its search and its suggestions: as many queries for many rows as for
few, and no statement that counts or sorts without an end."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from taggit.models import Tag

from articles.models import MediaFile, Redirect
from comments.models import Mention
from newsroom.models import ImportedItem
from tests import factories, staff
from tests.pictures import in_library, picture
from tests.shared import shared_rows

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FEW, MORE = 2, 4
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
SUGGESTIONS = [
    ("articles", "relatedarticle", "related"),
    ("articles", "article", "author"),
    ("articles", "article", "other_categories"),
    ("articles", "redirect", "article"),
    ("articles", "redirect", "category"),
    ("articles", "redirect", "tag"),
]


def list_pages():
    """Return {name: address} of what is asked for."""
    pages = {}
    for model in MODELS:
        meta = model._meta
        place = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        pages |= {meta.label: place, f"{meta.label} search": f"{place}?q=港"}
    for app, model, name in SUGGESTIONS:
        query = f"app_label={app}&model_name={model}&field_name={name}&term=港"
        pages[f"{model}.{name}"] = f"/admin/autocomplete/?{query}"
    pages["tags"] = "/admin/taggit/tag/names/?term=港"
    pages["desk"] = "/admin/"
    return pages


def write_rows(boss, first, count):
    """Write so many rows of each model, all with the word that is searched for."""
    for number in range(first, first + count):
        user = factories.user(f"staff-{number}", is_staff=True, display_name=f"港 {number}")
        user.groups.add(Group.objects.create(name=f"港 {number}"))
        category = factories.category(f"港 {number}")
        article = factories.article(title=f"港 {number}", author=user, category=category)
        article.tags.add(f"港{number}")
        article.index()
        factories.article(title=f"港の下書き {number}", author=user, status="draft")
        comment = factories.comment(article, text=f"港の話 {number}")
        comment.remove(by=user, reason="spam")
        comment.reports.create(reason="spam", text="港")
        factories.comment(article, text=f"港の声 {number}").vote(
            reader=factories.reader(str(number)), value=1
        )
        Mention.objects.create(article=article, title=f"港 {number}")
        Redirect.objects.remember(f"/港/{number}/", article=article)
        Redirect.objects.remember(f"/港/t/{number}/", tag=Tag.objects.get(name=f"港{number}"))
        ImportedItem.objects.create(
            source="x", kind="post", old_id=f"港{number}", object_id=number, checksum=""
        )
        file = MediaFile.objects.first() or in_library(upload=picture(size=(60, 40)))
        file.pk, file.caption, file._state.adding = None, f"港 {number}", True
        MediaFile.objects.bulk_create([file])


def count_statements(boss):
    """Return {page: queries}, the fewest of two: what waits is counted anew from time to time."""
    return {
        name: min(count_once(boss, place) for _time in range(2))
        for name, place in list_pages().items()
    }


def count_once(boss, place):
    with CaptureQueriesContext(connection) as queries:
        assert boss.get(place).status_code == 200, place
    return len(queries)


@pytest.fixture(scope="module")
def growth(django_db_setup, django_db_blocker):
    with shared_rows(django_db_blocker):
        boss = staff.browser_of(factories.user("boss", is_staff=True, is_superuser=True))
        write_rows(boss, 0, FEW)
        few = count_statements(boss)
        write_rows(boss, FEW, MORE)
        yield few, count_statements(boss)


@pytest.mark.slow
def test_every_page_makes_as_many_queries_for_many_rows(growth):
    few, many = growth
    assert {name: (few[name], many[name]) for name in few if many[name] != few[name]} == {}


@pytest.mark.slow
def test_no_page_makes_many_queries(growth):
    limits = {"desk": 32}  # a few for each of its parts
    too_many = {name: count for name, count in growth[1].items() if count > limits.get(name, 18)}
    assert too_many == {}


def test_no_list_of_large_tables_counts_all_rows_or_offers_to():
    for model in MODELS:
        model_admin = admin.site._registry[model]
        if model._meta.app_label in {"articles", "comments", "taggit"}:
            assert not model_admin.show_full_result_count or model._meta.model_name == "category"
            assert model_admin.list_per_page <= 50 or model._meta.model_name == "category"
            if model_admin.list_filter:
                assert model_admin.show_facets == admin.ShowFacets.NEVER, model
