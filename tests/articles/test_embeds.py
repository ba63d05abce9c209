"""Cards of other services: a link until it is pressed."""

import pytest

from articles.body.embeds import SERVICES, find_embed
from articles.body.stored import render_body, sanitize_body
from articles.players import ALLOWED
from tests import factories

pytestmark = pytest.mark.once
YOUTUBE = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"


@pytest.mark.parametrize(
    ("address", "service", "player"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "YouTube", YOUTUBE),
        ("https://www.youtube.com/watch?t=5&v=dQw4w9WgXcQ&x=1", "YouTube", YOUTUBE),
        ("https://youtu.be/dQw4w9WgXcQ?t=5", "YouTube", YOUTUBE),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", "YouTube", YOUTUBE),
        ("https://vimeo.com/76979871", "Vimeo", "https://player.vimeo.com/video/76979871"),
        ("https://www.nicovideo.jp/watch/sm9", "niconico", "https://embed.nicovideo.jp/watch/sm9"),
        ("https://x.com/port/status/12345", "X", ""),
        ("https://twitter.com/port/status/12345", "X", ""),
        ("https://maps.app.goo.gl/abc", "Google Maps", ""),
        ("https://www.google.com/maps/place/x", "Google Maps", ""),
    ],
)
def test_the_address_of_an_embed_becomes_a_card(address, service, player):
    body = sanitize_body(f'<p><a href="{address}">{address}</a></p>'.replace("&", "&amp;"))
    assert body.startswith("<p><a")
    html = render_body(body)
    assert html.startswith('<figure class="embed"><a')
    assert "iframe" not in html and f">{service}<" in html
    assert (f'data-player="{player}"' in html) is bool(player)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/@port",
        "https://evil.example/https://youtu.be/dQw4w9WgXcQ",
        "https://youtu.be.evil.example/dQw4w9WgXcQ",
        "javascript:https://youtu.be/dQw4w9WgXcQ",
        "https://x.com/port",
    ],
)
def test_any_other_address_is_a_link(address):
    assert find_embed(address) is None


def test_a_link_in_a_sentence_or_with_words_stays_one():
    link = '<a href="https://youtu.be/dQw4w9WgXcQ">映像</a>'
    for html in (f"<p>{link}</p>", f"<p>{link}がある。</p>"):
        assert "embed" not in render_body(html)


@pytest.mark.django_db
def test_the_policy_of_a_page_lets_in_these_players_only(client):
    policy = client.get(factories.article().get_absolute_url())["Content-Security-Policy"]
    assert f"frame-src {' '.join(ALLOWED)}" in policy
    players = {player.partition("?")[0] for _rule, _service, player in SERVICES if player}
    assert players == set(ALLOWED)
