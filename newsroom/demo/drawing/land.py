"""Hills, rivers, rails and what stands out of doors."""

import math

from newsroom.demo.drawing.canvas import HEIGHT, WIDTH
from newsroom.demo.drawing.palettes import mix


def wind_ridge(c):
    """Turbines along a ridge, hills behind hills."""
    p = c.palette
    c.sky(700, clouds=5)
    for index, (y, tall) in enumerate(((600, 150), (680, 130))):
        c.ridge(y, tall, mix(p.low, p.far, 0.35 + index * 0.4), 60 + index)
    top = c.ridge(800, 190, p.mid, 64, 0.8)
    for x, size, turn in ((150, 0.62, 0.2), (330, 0.7, 1.4), (540, 0.82, 0.7), (790, 0.98, 1.9),
                          (1080, 1.2, 0.35), (1400, 1.45, 1.1)):  # fmt: skip
        _turbine(c, x, top(x) + 8, size, turn)
    c.ridge(930, 120, p.near, 67, 0.8)
    c.ridge(1040, 110, p.ink, 69, 1.1)


def _turbine(c, x, foot, size, turn):
    p = c.palette
    hub = foot - 330 * size
    shade = p.light
    c.polygon([(x - 8 * size, foot), (x - 4 * size, hub), (x + 4 * size, hub),
               (x + 8 * size, foot)], shade)  # fmt: skip
    for blade in range(3):
        angle = turn + blade * math.tau / 3
        along = (math.sin(angle), -math.cos(angle))
        across = (math.cos(angle), math.sin(angle))

        def at(a, b, along=along, across=across):
            return (x + size * (along[0] * a + across[0] * b),
                    hub + size * (along[1] * a + across[1] * b))  # fmt: skip

        c.polygon([at(4, -3), at(46, -9), at(190, -1), at(190, 1), at(40, 4), at(4, 4)], shade)
    c.disc(x, hub, 9 * size, mix(p.light, p.mid, 0.25))


def freight_train(c):
    """A goods train on new girders across a river valley."""
    p = c.palette
    c.sky(560, clouds=3)
    c.ridge(540, 240, mix(p.low, p.far, 0.55), 71)
    c.ridge(640, 220, p.far, 74)
    c.ridge(760, 190, p.mid, 77)
    c.polygon([(0, 880), (560, 842), (900, 850), (1600, 800), (1600, HEIGHT), (0, HEIGHT)], p.water)
    for index in range(40):
        y = 866 + index * 5
        x = c.random.uniform(-80, WIDTH)
        c.box(x, y, x + c.random.uniform(40, 60 + index * 6), y + 3, p.light, 60, 2)
    c.polygon([(0, 1000), (380, 960), (700, 1010), (1000, HEIGHT), (0, HEIGHT)], p.near)
    for x in (150, 560, 970, 1380):
        c.polygon([(x - 26, 660), (x + 26, 660), (x + 38, 960), (x - 38, 960)],
                  mix(p.light, p.mid, 0.35))  # fmt: skip
        c.polygon([(x + 6, 660), (x + 26, 660), (x + 38, 960), (x + 10, 960)], p.mid, 110)
        c.ellipse(x, 956, 62, 13, p.deep, 150)
    c.box(-10, 620, WIDTH + 10, 664, mix(p.light, p.mid, 0.2))
    c.box(-10, 650, WIDTH + 10, 664, p.mid)
    c.box(-10, 612, WIDTH + 10, 621, p.ink)
    shades = (p.accent, p.near, mix(p.accent, p.light, 0.45), p.mid, p.near, p.accent)
    for index in range(6):
        x = 452 + index * 196
        c.box(x, 586, x + 184, 602, p.ink)
        for wheel in (x + 26, x + 52, x + 132, x + 158):
            c.disc(wheel, 604, 11, p.ink)
        if index != 3:
            c.box(x + 6, 512, x + 178, 586, shades[index])
            for rib in range(12, 170, 14):
                c.line([(x + 6 + rib, 516), (x + 6 + rib, 582)], p.ink, 1.5, 60)
    c.polygon([(210, 600), (222, 506), (276, 498), (440, 498), (440, 600)], p.accent)
    c.polygon([(228, 540), (236, 510), (278, 506), (278, 540)], p.light)
    c.box(206, 560, 440, 574, p.light)
    c.box(200, 588, 446, 602, p.ink)
    for wheel in (240, 270, 380, 410):
        c.disc(wheel, 604, 12, p.ink)
    for x in range(60, WIDTH, 300):
        c.line([(x, 614), (x, 420)], p.near, 5)
        c.line([(x, 440), (x + 52, 440)], p.near, 4)
    c.line([(0, 446), (WIDTH, 446)], p.near, 1.5)


def arch_bridge(c):
    """An old arch bridge over a gorge, a small drone below it."""
    p = c.palette
    c.sky(520, clouds=3)
    c.ridge(500, 170, mix(p.low, p.far, 0.5), 81)
    c.ridge(600, 160, p.far, 84)
    c.polygon([(0, 400), (190, 440), (330, 620), (400, 900), (420, HEIGHT), (0, HEIGHT)], p.mid)
    c.polygon([(1600, 380), (1430, 440), (1290, 600), (1210, 860), (1190, HEIGHT),
               (1600, HEIGHT)], p.mid)  # fmt: skip
    c.polygon([(400, 930), (1205, 930), (1290, HEIGHT), (330, HEIGHT)], p.water)
    for index in range(34):
        y = 938 + index * 4
        x = c.random.uniform(360, 1180)
        c.box(x, y, x + c.random.uniform(20, 130), y + 3, p.light, 66, 2)
    stone = mix(p.light, p.mid, 0.22)

    def arch(x):
        return 860 - 420 * math.sqrt(max(0, 1 - ((x - 805) / 470) ** 2))

    xs = range(335, 1276, 6)
    c.polygon([*((x, arch(x)) for x in xs), *((x, arch(x) + 52) for x in reversed(xs))], stone)
    c.polygon([*((x, arch(x) + 36) for x in xs), *((x, arch(x) + 52) for x in reversed(xs))],
              p.near, 120)  # fmt: skip
    for x in range(366, 1260, 68):
        if arch(x) - 420 > 30:
            c.box(x - 11, 410, x + 11, arch(x) + 20, stone)
            c.box(x + 3, 410, x + 11, arch(x) + 20, p.near, 90)
    c.box(-10, 384, WIDTH + 10, 420, stone)
    c.box(-10, 410, WIDTH + 10, 420, p.near, 150)
    for x in range(0, WIDTH, 34):
        c.line([(x, 384), (x, 352)], p.near, 3)
    c.line([(-10, 352), (WIDTH + 10, 352)], p.near, 4)
    c.polygon([(0, 700), (150, 760), (280, 1010), (290, HEIGHT), (0, HEIGHT)], p.near)
    c.polygon([(1600, 720), (1450, 800), (1350, 1000), (1340, HEIGHT), (1600, HEIGHT)], p.near)
    x, y = 900, 620
    for dx in (-58, 58):
        c.line([(x, y), (x + dx, y - 14)], p.ink, 5)
        c.ellipse(x + dx, y - 24, 44, 6, p.ink, 150)
        c.line([(x + dx, y - 14), (x + dx, y - 26)], p.ink, 4)
    c.box(x - 26, y - 14, x + 26, y + 14, p.ink, radius=8)
    c.disc(x, y + 20, 9, p.accent)
    c.polygon([(x - 6, y - 30), (x - 150, 482), (x + 120, 482)], p.glow, 44)
    for px in (1010, 1046):
        c.person(px, 388, 66, p.ink)


def reservoir(c):
    """The waterworks' lake among hills, with its intake tower."""
    p = c.palette
    c.sky(430, clouds=4)
    c.ridge(430, 150, mix(p.low, p.far, 0.5), 91)
    c.ridge(480, 120, p.far, 94)
    c.ridge(540, 80, p.mid, 97)
    c.water(560, ripples=130)
    c.polygon([(0, 560), (260, 566), (420, 600), (180, 640), (0, 650)], p.near)
    c.polygon([(1600, 552), (1330, 566), (1210, 590), (1420, 640), (1600, 676)], p.near)
    stone = mix(p.light, p.mid, 0.12)
    c.shimmer(700, 760, 110, p.light, 210, 90)
    c.box(630, 460, 770, 770, stone)
    c.box(716, 460, 770, 770, p.mid, 90)
    c.polygon([(606, 462), (700, 384), (794, 462)], p.accent)
    c.box(616, 458, 784, 474, p.near)
    for y in (510, 600, 690):
        c.box(678, y, 722, y + 52, p.near, radius=20)
    c.polygon([(770, 552), (1600, 640), (1600, 672), (770, 570)], p.near)
    for x in range(810, 1600, 90):
        y = 552 + (x - 770) * 88 / 830
        c.line([(x, y + 18), (x, y + 100 + (x - 770) * 0.12)], p.near, 9)
        c.line([(x, y), (x, y - 34)], p.near, 3)
    c.line([(770, 520), (1600, 606)], p.near, 4)
    c.polygon([(0, HEIGHT), (0, 930), (340, 956), (640, 1010), (820, HEIGHT)], p.ink)
    for x in range(10, 640, 22):
        tall = c.random.uniform(30, 96)
        y = 948 + x * 0.1
        c.line([(x, y + 20), (x + c.random.uniform(-14, 18), y - tall)], p.ink, 3)


def greenhouse(c):
    """Rows of greenhouses that glow as the curtain closes."""
    p = c.palette
    c.sky(560, clouds=4)
    c.ridge(560, 110, p.far, 101)
    c.gradient(p.mid, p.near, 552)
    for index in range(4):
        _greenhouse_row(c, 60 + index * 384, index)
    for index in range(12):
        y = 880 + index * 17
        c.polygon([(0, y), (WIDTH, y - 40), (WIDTH, y - 32), (0, y + 9)], p.ink, 60)
    for x in range(20, WIDTH, 46):
        y = 1000 + c.random.uniform(-26, 36)
        c.ellipse(x, y, 34, 15, p.ink, 150)


def _greenhouse_row(c, x, index):
    p = c.palette
    wide, eave, ridge, foot = 372, 600, 470, 850
    lit = mix(p.glow, p.light, 0.25 + index * 0.1)
    c.polygon([(x, eave), (x + wide / 2, ridge), (x + wide, eave), (x + wide, foot), (x, foot)],
              mix(lit, p.mid, 0.18))  # fmt: skip
    for row in range(5):
        y = 690 + row * 36
        for plant in range(9):
            px = x + 22 + plant * 40 + (row % 2) * 12
            c.ellipse(px, y, 25, 21, mix(p.near, p.mid, row / 5), 200)
            if (plant + row) % 3 == 0:
                c.disc(px + 8, y + 4, 6, p.accent)
    c.polygon([(x, eave), (x + wide / 2, ridge), (x + wide, eave), (x + wide, 640), (x, 640)],
              p.light, 90)  # fmt: skip
    for step in range(7):
        px = x + step * wide / 6
        peak = eave - (eave - ridge) * (1 - abs(step - 3) / 3)
        c.line([(px, peak), (px, foot)], p.near, 3.5 if step % 3 else 6)
    c.line([(x, eave), (x + wide / 2, ridge), (x + wide, eave)], p.near, 7)
    for y in (eave, 640, 745, foot):
        c.line([(x, y), (x + wide, y)], p.near, 4)


def radar_dome(c):
    """The white dome of the weather radar on its mountain, cloud below."""
    p = c.palette
    c.sky(760, clouds=4)
    c.ridge(640, 110, mix(p.low, p.far, 0.5), 111)
    for index in range(12):
        y = 560 + index * 17
        x = c.random.uniform(-200, 1100)
        c.box(x, y, x + c.random.uniform(500, 900), y + 26, p.light, 60, 13)
    c.polygon([(0, 960), (260, 880), (520, 770), (700, 716), (980, 716), (1180, 790), (1400, 900),
               (1600, 950), (1600, HEIGHT), (0, HEIGHT)], p.mid)  # fmt: skip
    c.polygon([(0, HEIGHT), (300, 960), (640, 880), (980, 890), (1300, 980), (1600, 1010),
               (1600, HEIGHT)], p.near)  # fmt: skip
    for x in (772, 908):
        c.line([(x, 720), (x, 520)], p.near, 12)
    for y in (560, 620, 680):
        c.line([(772, y + 40), (908, y - 10)], p.near, 5)
        c.line([(772, y - 10), (908, y + 40)], p.near, 5)
    c.box(742, 506, 938, 530, p.near)
    c.box(930, 640, 1080, 722, mix(p.light, p.mid, 0.15))
    c.windows(944, 656, 1068, 700, 4, 1, p.near, 0.4)
    c.disc(840, 376, 150, p.light)
    c.ellipse(884, 400, 106, 126, p.mid, 40)
    for angle in range(0, 180, 30):
        reach = abs(math.cos(math.radians(angle)))
        box = 150 * reach
        c.line([(840 - box, 376 - 150 * math.sin(math.radians(angle))),
                (840 + box, 376 - 150 * math.sin(math.radians(angle)))], p.mid, 2, 120)  # fmt: skip
    for bend in (-100, -50, 0, 50, 100):
        points = [
            (840 + bend * math.cos(math.radians(t)), 376 + 150 * math.sin(math.radians(t)))
            for t in range(-90, 91, 6)
        ]
        c.line(points, p.mid, 2, 120)
    c.box(770, 500, 910, 512, p.near)


MOTIFS = (
    wind_ridge,
    freight_train,
    arch_bridge,
    reservoir,
    greenhouse,
    radar_dome,
)
