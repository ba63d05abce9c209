"""The pages of a reader's own comments make few queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import Comment


@pytest.mark.parametrize("path", ["/me/", "/threads/{}/mine/"])
def test_one_comment_more_costs_no_look_at_the_measures(reader, article, path):
    def count_queries():
        with CaptureQueriesContext(connection) as queries:
            reader.get(path.format(article.pk))
        return sum("comments_measure" in query["sql"] for query in queries)

    reader.write(article, "一つ目")
    few = count_queries()
    reader.write(article, "二つ目")
    reader.write(article, "三つ目")
    assert Comment.objects.count() == 3
    assert count_queries() == few
