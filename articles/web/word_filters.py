"""Filters of the admin's lists that say in words what their two choices mean."""

from django.contrib import admin


def word_filter(yes, no, base=admin.BooleanFieldListFilter):
    """Return a filter of two choices that says what they mean, where Django says yes and no."""

    class WordFilter(base):
        def choices(self, changelist):
            every, *pair = super().choices(changelist)
            yield every
            for word, choice in zip((yes, no), pair, strict=False):
                _name, opening, count = str(choice["display"]).rpartition(" (")  # a facet's count
                yield choice | {"display": f"{word}{opening}{count}" if opening else word}

    return WordFilter
