"""Muted colours for the pictures. Every motif is drawn in the words of one palette."""

from dataclasses import dataclass


def rgb(colour):
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def mix(one, other, share):
    """Return a colour between two, ``share`` (0 to 1) of the way to the other."""
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))


@dataclass(frozen=True)
class Palette:
    """From the far (``sky``, ``low`` near the horizon) to the near; ``light`` is paper white."""

    sky: tuple
    low: tuple
    far: tuple
    mid: tuple
    near: tuple
    ink: tuple
    water: tuple
    deep: tuple
    light: tuple
    accent: tuple
    glow: tuple


def palette(*colours):
    return Palette(*map(rgb, colours))


PALETTES = {
    # sky, low, far, mid, near, ink, water, deep, light, accent, glow
    "grey": palette(
        "#8794a0", "#bcc3c4", "#8f9ba3", "#6b7882", "#4a565f", "#2b343b",
        "#6d7b85", "#404c56", "#e2dfd5", "#a8674a", "#eadcb6",
    ),
    "dawn": palette(
        "#9a9aa6", "#e3c9b0", "#a79da2", "#857d85", "#5e5963", "#353440",
        "#a39693", "#5a5965", "#f0e6d8", "#b5694c", "#f6dfb4",
    ),
    "green": palette(
        "#93a69f", "#cfd6c9", "#94a79c", "#6f877b", "#4c6459", "#2b3b36",
        "#74908a", "#405953", "#e6e6d8", "#b27a4d", "#efe3b7",
    ),
    "ochre": palette(
        "#a9a08c", "#dcd2b9", "#aca28b", "#8a806a", "#655d4c", "#38342c",
        "#948d7b", "#5d594d", "#efe9da", "#9a5b40", "#f3e0ac",
    ),
    "violet": palette(
        "#82849a", "#c6bfc8", "#9391a5", "#716f86", "#504f66", "#2d2d3d",
        "#76788d", "#45465b", "#e4dfe0", "#b4745d", "#f0dcb8",
    ),
    "night": palette(
        "#232d3a", "#4d5b68", "#3c4957", "#2e3a47", "#212b36", "#131a22",
        "#32404d", "#1a232d", "#c9cbc4", "#b98354", "#f4d58f",
    ),
    "fog": palette(
        "#b9bfc0", "#d5d8d5", "#bdc3c3", "#9ea6a8", "#7b8589", "#4d575c",
        "#a9b1b2", "#838d91", "#eeeeea", "#a3785f", "#f0e8d2",
    ),
    "deep": palette(
        "#86aeb0", "#4d8088", "#437580", "#2f5c66", "#21434c", "#122a31",
        "#37707a", "#16343d", "#dbe8e0", "#c08a55", "#e8ecc9",
    ),
}  # fmt: skip
