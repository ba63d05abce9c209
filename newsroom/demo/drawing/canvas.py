"""A canvas that antialiases by drawing everything at twice the size."""

import math
import random

from PIL import Image, ImageDraw

from newsroom.demo.drawing.palettes import mix

WIDTH, HEIGHT = 1600, 1067
SCALE = 2


class Canvas:
    """Shapes in the coordinates of the finished picture, on the colours of one palette.

    ``alpha`` is 0 to 255 everywhere. ``random`` is seeded, so a picture comes out the same.
    """

    def __init__(self, palette, seed):
        self.palette = palette
        self.random = random.Random(seed)
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), palette.low)
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    def finished(self):
        return self.image.reduce(SCALE)

    def gradient(self, top, bottom, y0=0, y1=HEIGHT):
        """Blend two colours downwards, over the whole width."""
        rows = int((y1 - y0) * SCALE)
        shares = Image.linear_gradient("L").resize((1, rows), Image.Resampling.BILINEAR)
        shades = [mix(top, bottom, share / 255) for share in range(256)]
        column = Image.merge(
            "RGB", [shares.point(channel) for channel in zip(*shades, strict=True)]
        )
        band = column.resize((WIDTH * SCALE, rows), Image.Resampling.NEAREST)
        self.image.paste(band, (0, int(y0 * SCALE)))

    def polygon(self, points, colour, alpha=255):
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], (*colour, alpha))

    def box(self, x0, y0, x1, y1, colour, alpha=255, radius=0):
        corners = [min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)]
        corners = [value * SCALE for value in corners]
        corners[2:] = [corners[2] - 1, corners[3] - 1]
        self.pen.rounded_rectangle(corners, radius * SCALE, (*colour, alpha))

    def ellipse(self, x, y, rx, ry, colour, alpha=255):
        box = [(x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE]
        self.pen.ellipse(box, (*colour, alpha))

    def disc(self, x, y, radius, colour, alpha=255):
        self.ellipse(x, y, radius, radius, colour, alpha)

    def ring(self, x, y, radius, colour, width, alpha=255, start=0, end=360):
        box = [(x - radius) * SCALE, (y - radius) * SCALE]
        box += [(x + radius) * SCALE, (y + radius) * SCALE]
        self.pen.arc(box, start, end, (*colour, alpha), round(width * SCALE))

    def line(self, points, colour, width=2, alpha=255):
        points = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(points, (*colour, alpha), max(1, round(width * SCALE)), joint="curve")

    def sag(self, start, end, drop, colour, width=2, alpha=255):
        """A rope or wire that hangs between two points."""
        (x0, y0), (x1, y1) = start, end
        points = [
            (x0 + (x1 - x0) * t, y0 + (y1 - y0) * t + 4 * drop * t * (1 - t))
            for t in (step / 24 for step in range(25))
        ]
        self.line(points, colour, width, alpha)

    def glow(self, x, y, radius, colour, alpha=110):
        """A soft light: many thin discs, one over the other."""
        layers = 14
        for layer in range(layers):
            share = 1 - layer / layers
            self.disc(x, y, radius * share**1.4, colour, round(alpha / layers * 1.6))

    def ridge(self, y, height, colour, seed, roughness=1.0, alpha=255):
        """A line of hills across the picture, filled to the bottom; returns its height at x."""
        source = random.Random(seed)
        waves = [
            (source.uniform(0.6, 1.4) * k * roughness, source.uniform(0, 6.28), 1 / k**1.15)
            for k in (1, 2, 3, 5, 8, 13)
        ]
        total = sum(size for *_, size in waves)

        def top(x):
            swing = sum(size * math.sin(f * x / WIDTH * 6.28 + p) for f, p, size in waves)
            return y - height * (0.5 + 0.5 * swing / total * 1.6)

        points = [(x, top(x)) for x in range(-10, WIDTH + 20, 8)]
        self.polygon([(-10, HEIGHT), *points, (WIDTH + 20, HEIGHT)], colour, alpha)
        return top

    def sky(self, horizon, clouds=3):
        """A sky that brightens downwards, with long flat clouds."""
        colours = self.palette
        self.gradient(colours.sky, colours.low, 0, horizon)
        for _ in range(clouds):
            y = self.random.uniform(horizon * 0.12, horizon * 0.75)
            x = self.random.uniform(-100, WIDTH - 300)
            self.cloud(x, y, self.random.uniform(380, 800))

    def cloud(self, x, y, length, alpha=58):
        for row in range(3):
            start = x + self.random.uniform(0, 0.25) * length
            width = length * self.random.uniform(0.45, 0.8)
            top = y + row * 17
            self.box(start, top, start + width, top + 16, self.palette.light, alpha, 8)

    def water(self, horizon, to=HEIGHT, ripples=90):
        """Water from the horizon down: darker bands, ripples longer the nearer they are."""
        colours = self.palette
        self.gradient(colours.water, colours.deep, horizon, to)
        for _ in range(ripples):
            depth = self.random.random() ** 1.3
            y = horizon + 8 + (to - horizon - 14) * depth
            length = 16 + 210 * depth * self.random.uniform(0.4, 1)
            x = self.random.uniform(-60, WIDTH)
            shade = self.random.choice((colours.low, colours.low, colours.ink))
            self.box(x, y, x + length, y + 1.6 + 3.4 * depth, shade, 34, 2)

    def shimmer(self, x, y, width, colour, length=220, alpha=70):
        """A broken reflection that reaches down from (x, y)."""
        rows = int(length / 14)
        for row in range(rows):
            share = row / rows
            half = width * (0.5 + 0.5 * share) * self.random.uniform(0.5, 1)
            shift = self.random.uniform(-0.25, 0.25) * width
            top = y + row * 14
            fade = round(alpha * (1 - share) ** 1.2)
            self.box(x + shift - half, top, x + shift + half, top + 6, colour, fade, 3)

    def windows(self, x0, y0, x1, y1, columns, rows, colour, gap=0.35, alpha=255):
        """A grid of window panes inside a rectangle."""
        width, height = (x1 - x0) / columns, (y1 - y0) / rows
        for row in range(rows):
            for column in range(columns):
                x, y = x0 + (column + gap / 2) * width, y0 + (row + gap / 2) * height
                self.box(x, y, x + width * (1 - gap), y + height * (1 - gap), colour, alpha)

    def person(self, x, y, height, colour, alpha=255):
        """A standing figure, feet at (x, y)."""
        head = height * 0.075
        self.disc(x, y - height + head, head, colour, alpha)
        shoulder, hip = height * 0.12, height * 0.09
        self.polygon(
            [
                (x - shoulder, y - height * 0.82),
                (x + shoulder, y - height * 0.82),
                (x + hip, y - height * 0.4),
                (x + hip, y),
                (x + hip * 0.15, y),
                (x, y - height * 0.38),
                (x - hip * 0.15, y),
                (x - hip, y),
                (x - hip, y - height * 0.4),
            ],
            colour,
            alpha,
        )
