"""The order of the front page: nothing twice, and every part what is left."""

from newsroom.front import BREAKING, FEATURED, LATEST, NEWEST, OPENING, PINNED, Places, Shown


def arrange(*, newest=(), pinned=(), featured=(), breaking=(), discussed=(), blocks=(), voices=()):
    ranks = {NEWEST: newest, PINNED: pinned, FEATURED: featured, BREAKING: breaking}
    return Places.arrange(ranks, list(discussed), blocks, {*voices}.__contains__)


def test_nothing_is_shown_twice():
    keys = list(range(1, 31))
    places = arrange(
        newest=keys,
        pinned=[4, 9],
        featured=[2, 4],
        breaking=[2],
        discussed=keys[::-1],
        blocks=[("国内", keys), ("経済", keys[::-1])],
        voices=keys,
    )
    parts = [places.breaking, places.opening, places.debate, places.others, places.latest]
    parts += [part for _category, part in places.blocks]
    shown = [key for part in parts for key in part]
    assert len(shown) == len(set(shown)) == 1 + OPENING + 1 + 4 + LATEST + 3 + 3
    assert places.breaking == [2]
    assert places.opening == [4, 9, 1, 3, 5]


def test_the_featured_leads_where_nothing_is_pinned():
    assert arrange(newest=[1, 2, 3], featured=[3, 2]).opening == [3, 1, 2]


def test_the_debate_is_the_most_discussed_with_a_voice():
    places = arrange(newest=[1], discussed=[1, 2, 3, 4], voices=[1, 3])
    assert places.debate == [3]
    assert places.others == [2, 4]


def test_a_block_shows_what_is_left():
    places = arrange(newest=range(1, 8), blocks=[("国内", [1, 2, 8, 9])])
    assert places.blocks == [("国内", [8, 9])]


def test_a_refused_key_stays_for_the_next_part():
    shown = Shown()
    assert shown.take([1, 2], 1, lambda key: key == 2) == [2]
    assert shown.take([1, 2, 1], 5) == [1]
