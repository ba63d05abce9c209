"""Template tags of the staff's pages of articles: state cells, filters and pages of the list."""

from dataclasses import dataclass

from django import template
from django.contrib.admin.views.main import PAGE_VAR
from django.utils.text import capfirst
from django.utils.translation import pgettext

from articles.admin.filters import CategoryFilter, StateFilter
from articles.admin.library_list import build_pick
from articles.state_cells import LABELS, describe_due, read_state

register = template.Library()
register.filter("state", read_state)
register.filter("due", describe_due)
register.filter("pick", build_pick)


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """A filter of the list. ``chosen`` is the label of its choice, empty if it leaves all."""

    label: str
    choices: list

    @property
    def chosen(self):
        return next((choice.label for choice in self.choices[1:] if choice.is_chosen), "")


@register.filter
def state_tabs(changes):
    """Return (label, address, number, is current) of the states in a list of articles."""
    name, counts = StateFilter.parameter_name, changes.state_counts
    labels = {"": pgettext("filter", "All"), **LABELS}
    return [
        (
            label,
            changes.get_query_string({name: state or None}),
            counts[state],
            state == changes.state,
        )
        for state, label in labels.items()
        if counts[state] or state in {"", changes.state}
    ]


@register.filter
def menus(changes):
    """Return the other filters of a list as menus."""
    return [
        Menu(_name_filter(spec), [_read_choice(choice) for choice in spec.choices(changes)])
        for spec in changes.filter_specs
        if not isinstance(spec, StateFilter)
    ]


def _name_filter(spec):
    if isinstance(spec, CategoryFilter):
        return pgettext("filter", "Section")
    names = {
        "author": pgettext("filter", "Author"),
        "published_at": pgettext("filter", "Period"),
        "featured": pgettext("filter", "Featured"),
    }
    return names.get(getattr(spec, "field_path", ""), capfirst(spec.title))


def _read_choice(choice):
    return Choice(str(choice["display"]), choice["query_string"], choice["selected"])


@register.filter
def page_links(changes):
    """Return (number, address, is current) of the pages of a list; no address for a gap."""
    paginator, current = changes.paginator, changes.page_num
    if paginator.num_pages < 2:
        return []
    return [
        (number, changes.get_query_string({PAGE_VAR: number}), number == current)
        if isinstance(number, int)
        else (number, "", False)
        for number in paginator.get_elided_page_range(current, on_each_side=2, on_ends=1)
    ]


@register.filter
def without_search(changes):
    """Return the address of a list without its search."""
    return changes.get_query_string(remove=["q"])
