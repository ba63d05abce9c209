"""The indexes of the tables: none twice, and each of use."""

import pytest
from django.apps import apps
from django.db import connection

from comments.models import Comment, Reference

pytestmark = pytest.mark.django_db

MODELS = list(apps.get_app_config("comments").get_models())


def list_whole_indexes(model):
    """Return {name: columns} of the indexes that hold every row."""
    options = [*model._meta.indexes, *model._meta.constraints]
    partial = {option.name for option in options if getattr(option, "condition", None)}
    with connection.cursor() as cursor:
        known = connection.introspection.get_constraints(cursor, model._meta.db_table)
    return {
        name: fact["columns"]
        for name, fact in known.items()
        if (fact["index"] or fact["unique"] or fact["primary_key"]) and name not in partial
    }


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_index_repeats_the_beginning_of_another(model):
    whole = list_whole_indexes(model)
    repeated = [
        (name, longer)
        for name, columns in whole.items()
        for longer, others in whole.items()
        if longer != name and columns and others[: len(columns)] == columns
    ]
    assert not repeated


@pytest.mark.once  # PostgreSQL scans a small table
@pytest.mark.parametrize(
    ("condition", "index"),
    [
        ({"staff": 1}, "comment_staff"),
        ({"matched_rule": 1}, "comment_matched_rule"),
        ({"name": "三澄"}, "comment_name"),
        ({"tripcode": "◆a"}, "comment_tripcode"),
        ({"submission": "0" * 32}, "comment_submission_once"),
    ],
)
def test_sqlite_uses_the_partial_index(condition, index):
    comments = Comment.objects.filter(**condition).order_by()
    if index in {"comment_name", "comment_tripcode"}:
        comments = comments.exclude(**dict.fromkeys(condition, ""))
    assert index in comments.explain()


@pytest.mark.once
def test_sqlite_finds_answers_by_the_comments_of_a_page():
    answers = Reference.objects.shown().filter(target__in=range(200)).order_by("source__number")
    plan = answers.values_list("target", "source__number").explain()
    assert "target_id=?" in plan
    assert "state=?" not in plan
