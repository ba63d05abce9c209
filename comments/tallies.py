"""The tally of a debate: a rail for each who wrote in a day, those of the last hour in colour."""

from functools import lru_cache

from django.utils.html import format_html

MOST = 40  # rails
STEP, GAP = 4, 4  # between two rails, and more after each fifth
HEIGHT = 12


@lru_cache(1_024)
def draw_tally(day, hour):
    """Return an SVG for so many writers of a day, of whom so many wrote in the last hour, safe to
    print. It is decoration: words beside it say the numbers."""
    count = min(day, MOST)
    first = count - min(hour, count)  # in colour
    places = [number * STEP + number // 5 * GAP for number in range(count)]
    width = places[-1] + 2 if places else 0
    older = "".join(f"M{place + 0.5} 0v{HEIGHT}" for place in places[:first])
    newer = "".join(f"M{place + 1} 0v{HEIGHT}" for place in places[first:])
    return format_html(
        '<svg class="tally" width="{}" height="{}" aria-hidden="true">'
        '<path class="tally__day" d="{}"/><path class="tally__hour" d="{}"/></svg>',
        width,
        HEIGHT,
        older,
        newer,
    )
