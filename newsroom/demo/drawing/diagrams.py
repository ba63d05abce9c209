"""Machines close up, and cross-sections."""

import math

from newsroom.demo.drawing.canvas import HEIGHT, WIDTH
from newsroom.demo.drawing.palettes import mix


def cable_section(c):
    """A submarine cable cut across, layer by layer."""
    p = c.palette
    c.gradient(mix(p.light, p.low, 0.35), mix(p.light, p.low, 0.7), 0, HEIGHT)
    x, y = 620, 534
    c.disc(x + 24, y + 34, 440, p.ink, 40)
    c.disc(x, y, 440, p.ink)
    c.disc(x, y, 420, p.near)
    for count, ring_at, radius, shade in (
        (26, 370, 42, p.far),
        (20, 284, 42, mix(p.far, p.mid, 0.5)),
    ):
        for wire in range(count):
            angle = wire / count * math.tau + ring_at
            wx, wy = x + ring_at * math.cos(angle), y + ring_at * math.sin(angle)
            c.disc(wx, wy, radius, p.ink)
            c.disc(wx, wy, radius - 4, shade)
            c.disc(wx - 9, wy - 11, radius * 0.42, p.light, 80)
    c.disc(x, y, 240, mix(p.light, p.glow, 0.4))
    c.disc(x, y, 148, p.accent)
    c.disc(x, y, 122, mix(p.accent, p.glow, 0.35))
    c.disc(x, y, 104, p.mid)
    c.disc(x, y, 88, mix(p.light, p.low, 0.4))
    for fibre in range(16):
        angle = fibre / 16 * math.tau
        radius = 58 if fibre % 2 else 34
        shade = (p.near, p.accent, p.sky, p.glow, p.ink)[fibre % 5]
        c.disc(x + radius * math.cos(angle), y + radius * math.sin(angle), 9, shade)
    for px, py, ty in ((x + 414, y - 96, 250), (x + 292, y + 6, 400), (x + 200, y + 60, 550),
                       (x + 134, y + 70, 700), (x + 40, y + 44, 850)):  # fmt: skip
        c.line([(px, py), (1150, ty), (1230, ty)], p.ink, 3)
        c.disc(px, py, 8, p.ink)
    for index, shade in enumerate((p.near, p.far, mix(p.light, p.glow, 0.4), p.accent, p.sky)):
        ty = 250 + index * 150
        c.box(1240, ty - 36, 1312, ty + 36, p.ink)
        c.box(1244, ty - 32, 1308, ty + 32, shade)
        c.box(1336, ty - 14, 1500 - index % 3 * 46, ty - 2, p.near, radius=5)
        c.box(1336, ty + 10, 1440 - index % 2 * 50, ty + 20, p.mid, 150, 5)


def clock_gears(c):
    """The works of the station clock with the new brass wheel."""
    p = c.palette
    c.gradient(mix(p.near, p.ink, 0.3), p.ink, 0, HEIGHT)
    c.box(120, 90, 1480, 980, mix(p.near, p.mid, 0.3), radius=20)
    c.box(150, 120, 1450, 950, mix(p.near, p.ink, 0.15), radius=12)
    brass = mix(p.accent, p.glow, 0.55)
    wheels = ((560, 560, 300, 60, p.mid), (1000, 400, 200, 40, brass), (1190, 700, 168, 34, p.far),
              (330, 260, 130, 26, p.far), (860, 800, 120, 24, p.mid))  # fmt: skip
    for x, y, radius, teeth, shade in wheels:
        c.disc(x + 12, y + 18, radius + 10, p.ink, 110)
        _gear(c, x, y, radius, teeth, shade)
    for x, y in ((200, 170), (1400, 170), (200, 900), (1400, 900)):
        c.disc(x, y, 24, p.mid)
        c.line([(x - 16, y - 8), (x + 16, y + 8)], p.ink, 6)
    c.polygon([(720, 250), (760, 236), (860, 330), (838, 372)], p.light)
    c.disc(736, 244, 20, p.mid)


def _gear(c, x, y, radius, teeth, shade):
    p = c.palette
    points = []
    for tooth in range(teeth):
        for offset, reach in ((0, 0.93), (0.22, 1), (0.5, 1), (0.72, 0.93)):
            angle = (tooth + offset) / teeth * math.tau
            points.append(
                (x + radius * reach * math.cos(angle), y + radius * reach * math.sin(angle))
            )
    c.polygon(points, shade)
    c.disc(x, y, radius * 0.86, mix(shade, p.light, 0.16))
    c.disc(x, y, radius * 0.74, mix(p.near, p.ink, 0.3))
    for spoke in range(5):
        angle = spoke / 5 * math.tau + 0.4
        c.line([(x, y), (x + radius * 0.8 * math.cos(angle), y + radius * 0.8 * math.sin(angle))],
               shade, radius * 0.11)  # fmt: skip
    c.disc(x, y, radius * 0.24, shade)
    c.disc(x, y, radius * 0.13, mix(shade, p.light, 0.4))
    c.disc(x, y, radius * 0.05, p.ink)


def lighthouse_lens(c):
    """The glass of the lighthouse lens, ring in ring."""
    p = c.palette
    c.gradient(mix(p.sky, p.ink, 0.4), mix(p.low, p.near, 0.5), 0, HEIGHT)
    c.gradient(p.water, p.deep, 760)
    for x in (130, 1470):
        c.box(x - 20, 0, x + 20, HEIGHT, p.ink)
    c.glow(800, 530, 640, p.glow, 130)
    for index in range(11):
        radius = 440 - index * 38
        shade = mix(p.sky, p.glow, index / 10)
        c.ellipse(800, 530, radius * 0.98, radius * 1.08, p.ink, 200)
        c.ellipse(800, 530, radius * 0.98 - 5, radius * 1.08 - 5, shade)
        c.ellipse(800 - radius * 0.1, 530 - radius * 0.12, radius * 0.8, radius * 0.86, p.light, 20)
        for angle in (20, 200):
            box = radius * 0.95
            c.ring(800, 530, box, p.light, 6, 110, angle, angle + 46)
    c.disc(800, 530, 46, p.light)
    c.glow(800, 530, 130, p.light, 200)
    for angle in range(0, 360, 60):
        a = math.radians(angle + 30)
        c.line([(800 + 60 * math.cos(a), 530 + 66 * math.sin(a)),
                (800 + 436 * math.cos(a), 530 + 474 * math.sin(a))], p.accent, 9)  # fmt: skip
    c.box(560, 1000, 1040, HEIGHT, p.accent)
    c.box(520, 1010, 1080, 1034, p.near)
    c.person(1290, HEIGHT + 10, 560, p.ink)
    c.line([(1236, 660), (1150, 600), (1096, 520)], p.ink, 34)
    c.ellipse(1086, 506, 44, 28, p.light)


def seabed_array(c):
    """Pressure gauges in a line on the sea floor, joined by cable to the shore."""
    p = c.palette
    c.gradient(p.low, mix(p.low, p.light, 0.4), 0, 210)
    c.polygon([(0, 150), (180, 160), (300, 210), (420, 240), (0, 240)], p.near)
    c.box(60, 104, 150, 156, p.light)
    c.polygon([(48, 108), (105, 70), (162, 108)], p.accent)
    c.gradient(mix(p.low, p.water, 0.5), p.ink, 205)
    crest = [(x, 210 - 26 * math.exp(-(((x - 1180) / 150) ** 2))) for x in range(300, 1620, 10)]
    c.polygon([*crest, (1610, 260), (300, 260)], mix(p.low, p.water, 0.45))
    c.line(crest, p.light, 5, 200)
    for index in range(6):
        c.line([(300, 262 + index * 74), (WIDTH, 262 + index * 74)], p.light, 2, 26)

    def floor(x):
        return 235 + 560 * (1 / (1 + math.exp(-(x - 620) / 150))) + 26 * math.sin(x / 120)

    xs = range(0, WIDTH + 20, 10)
    for drop, shade in ((0, p.mid), (70, p.near), (160, p.ink)):
        line = ((x, floor(x) + drop + drop * 0.2 * math.sin(x / 170)) for x in xs)
        c.polygon([(0, HEIGHT), *line, (WIDTH + 10, HEIGHT)], shade)
    c.line([(x, floor(x) - 2) for x in range(120, WIDTH + 10, 10)], p.ink, 6)
    for x in (500, 640, 790, 940, 1090, 1240, 1390, 1530):
        y = floor(x)
        for radius in (34, 58, 82):
            c.ring(x, y - 18, radius, p.glow, 2.5, 120 - radius, 200, 340)
        c.box(x - 30, y - 34, x + 30, y - 6, p.accent, radius=13)
        c.box(x - 8, y - 34, x + 8, y - 6, p.light)
        c.line([(x, y - 90), (x, 250)], p.light, 1.5, 50)
    for _ in range(16):
        x, y = c.random.uniform(980, 1360), c.random.uniform(360, 520)
        c.ellipse(x, y, 14, 5, p.light, 120)
        c.polygon([(x + 10, y), (x + 22, y - 6), (x + 22, y + 6)], p.light, 120)


MOTIFS = (
    cable_section,
    clock_gears,
    lighthouse_lens,
    seabed_array,
)
