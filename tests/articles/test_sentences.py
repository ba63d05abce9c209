"""Sentences in a row."""

import pytest
from django.utils.translation import override

from articles.web.sentences import join_sentences

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("language", "text"), [("ja", "一つ。二つ。"), ("en", "一つ。 二つ。"), (None, "一つ。 二つ。")]
)
def test_japanese_has_no_blank_between_sentences(language, text):
    with override(language):
        assert join_sentences(["一つ。", "二つ。"]) == text
