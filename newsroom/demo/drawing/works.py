"""The harbour at work: cranes, walls, docks, lines."""

import math

from newsroom.demo.drawing.canvas import HEIGHT, WIDTH
from newsroom.demo.drawing.palettes import mix


def harbour_crane(c):
    """Container cranes over a quay, boxes stacked below."""
    p = c.palette
    c.sky(720, clouds=4)
    c.ridge(722, 60, mix(p.low, p.far, 0.6), 121)
    for x, size, shade in ((980, 0.72, p.far), (620, 0.86, p.mid), (160, 1.08, p.near)):
        _crane(c, x, 850, size, shade)
    c.polygon([(1030, 800), (1600, 800), (1600, 900), (1080, 900)], p.near)
    c.box(1030, 792, 1600, 804, p.light, 130)
    for level in range(4):
        for column in range(6 - level % 2):
            x, y = 1120 + column * 82, 800 - (level + 1) * 46
            shade = c.random.choice((p.accent, p.mid, mix(p.accent, p.light, 0.4), p.near, p.far))
            c.box(x, y, x + 78, y + 43, shade)
            c.line([(x + 26, y + 5), (x + 26, y + 38)], p.ink, 1.5, 60)
            c.line([(x + 52, y + 5), (x + 52, y + 38)], p.ink, 1.5, 60)
    c.water(890, ripples=70)
    c.box(-10, 846, 1000, 900, mix(p.near, p.ink, 0.4))
    c.box(-10, 840, 1000, 850, p.light, 120)
    for x in range(40, 980, 120):
        c.box(x, 862, x + 26, 900, p.ink, 200, 4)
    for column in range(3):
        x = 30 + column * 150
        shade = (p.accent, p.mid, mix(p.accent, p.light, 0.4))[column]
        for level in range(1 + column % 2):
            c.box(x, 790 - level * 56, x + 142, 842 - level * 56, shade)
    for x in (250, 700, 1060):
        c.glow(x, 470, 60, p.glow, 80)
        c.shimmer(x, 906, 26, p.glow, 150, 90)


def _crane(c, x, foot, size, shade):
    def at(dx, dy):
        return x + dx * size, foot + dy * size

    thick = 13 * size
    for leg in (0, 210):
        c.line([at(leg, 0), at(leg, -520)], shade, thick)
    c.line([at(0, -180), at(210, -180)], shade, thick * 0.8)
    c.line([at(0, -180), at(210, -500)], shade, thick * 0.5)
    c.line([at(-190, -440), at(560, -440)], shade, thick * 1.5)
    c.line([at(100, -690), at(0, -520)], shade, thick * 0.8)
    c.line([at(100, -690), at(210, -520)], shade, thick * 0.8)
    c.line([at(100, -690), at(540, -446)], shade, thick * 0.4)
    c.line([at(100, -690), at(330, -446)], shade, thick * 0.4)
    c.line([at(100, -690), at(-180, -446)], shade, thick * 0.4)
    x0, y0 = at(350, -436)
    x1, y1 = at(400, -396)
    c.box(x0, y0, x1, y1, c.palette.light)
    for rope in (330, 420):
        c.line([at(rope, -440), at(rope, -250)], shade, 2)
    x0, y0 = at(312, -250)
    x1, y1 = at(440, -206)
    c.box(x0, y0, x1, y1, c.palette.accent)
    x0, y0 = at(-150, -478)
    x1, y1 = at(-60, -440)
    c.box(x0, y0, x1, y1, shade)


def shore_wall(c):
    """Three cloth walls of different heights put up on the beach at full scale."""
    p = c.palette
    c.sky(520, clouds=4)
    c.ridge(520, 34, p.far, 131)
    c.water(516, to=700, ripples=60)
    c.polygon([(0, 640), (500, 662), (1100, 640), (1600, 668), (1600, HEIGHT), (0, HEIGHT)],
              mix(p.light, p.low, 0.55))  # fmt: skip
    c.polygon([(0, 640), (500, 662), (1100, 640), (1600, 668), (1600, 684), (1100, 658),
               (500, 680), (0, 658)], p.light, 170)  # fmt: skip
    for index in range(40):
        y = 700 + index * 9
        x = c.random.uniform(-100, WIDTH)
        c.box(x, y, x + c.random.uniform(60, 300), y + 4, p.mid, 34, 2)
    for x, tall, name in ((150, 560, 6), (640, 374, 4), (1130, 187, 2)):
        _cloth_wall(c, x, 860, 360, tall, name)
    for x, y, size in ((330, 900, 158), (410, 912, 118), (820, 906, 160), (1290, 902, 156),
                       (1370, 916, 164), (1450, 908, 110)):  # fmt: skip
        c.ellipse(x + 26, y, 44, 7, p.near, 90)
        c.person(x, y, size, p.ink)


def _cloth_wall(c, x, foot, wide, tall, metres):
    p = c.palette
    c.polygon([(x, foot), (x + wide, foot), (x + wide + 90, foot + 34), (x + 90, foot + 34)],
              p.near, 90)  # fmt: skip
    c.box(x, foot - tall, x + wide, foot, mix(p.light, p.low, 0.12))
    for fold in range(1, 6):
        fx = x + fold * wide / 6
        c.box(fx - 10, foot - tall, fx, foot, p.mid, 34)
    for pole in range(7):
        px = x + pole * wide / 6
        c.line([(px, foot + 8), (px, foot - tall - 24)], p.near, 5)
    for step in range(metres + 1):
        y = foot - tall * step / metres
        c.line([(x - 12, y), (x + wide + 12, y)], p.near, 3.5, 190)
    c.line([(x, foot), (x + wide / 3, foot - tall)], p.near, 3, 120)
    c.line([(x + wide, foot), (x + wide * 2 / 3, foot - tall)], p.near, 3, 120)
    c.box(x - 12, foot - tall - 12, x + wide + 12, foot - tall, p.accent)


def dry_dock(c):
    """A flooded stone dock with floating seats and a lit stage."""
    p = c.palette
    c.sky(470, clouds=4)
    c.ridge(470, 60, p.far, 141)
    for x, size in ((90, 0.5), (1240, 0.56)):
        _crane(c, x, 480, size, p.mid)
    stone = mix(p.light, p.mid, 0.35)
    c.polygon([(0, 520), (560, 470), (1040, 470), (1600, 520), (1600, HEIGHT), (0, HEIGHT)], stone)
    for step in range(6):
        t = step / 6
        left, right = 60 + step * 62, 1540 - step * 62
        near, y = 580 + step * 12, 478 + step * 8
        shade = mix(stone, p.near, 0.12 + t * 0.6)
        c.polygon([(left, HEIGHT), (near, y), (1600 - near, y), (right, HEIGHT)], shade)
    c.polygon([(430, HEIGHT), (648, 528), (952, 528), (1170, HEIGHT)], p.deep)
    c.polygon([(648, 528), (952, 528), (1010, 640), (590, 640)], p.water)
    c.glow(800, 520, 260, p.glow, 110)
    c.box(690, 512, 910, 548, p.near)
    c.box(690, 504, 910, 514, p.glow)
    for x in (728, 770, 836, 880):
        c.person(x, 506, 52, p.ink)
    c.line([(676, 548), (676, 372), (924, 372), (924, 548)], p.ink, 6)
    for x in range(700, 920, 44):
        c.disc(x, 382, 9, p.glow)
    c.shimmer(800, 552, 96, p.glow, 120, 130)
    for row in range(6):
        y = 676 + row**1.35 * 34
        half = 150 + row * 36
        c.polygon([(800 - half, y), (800 + half, y), (800 + half + 14, y + 20 + row * 2),
                   (800 - half - 14, y + 20 + row * 2)], mix(p.light, p.mid, 0.3))  # fmt: skip
        seats = 9
        for seat in range(seats):
            x = 800 - half + 24 + seat * (2 * half - 48) / (seats - 1)
            r = 8 + row * 1.7
            if (seat * 7 + row * 3) % 5:
                c.disc(x, y - r * 1.9, r * 0.8, p.ink)
                c.box(x - r, y - r * 1.2, x + r, y + r, p.ink, radius=r * 0.7)


def pylons(c):
    """Transmission towers at dusk, white battery boxes in front."""
    p = c.palette
    c.sky(740, clouds=5)
    c.glow(360, 640, 420, p.glow, 110)
    c.ridge(700, 120, mix(p.low, p.far, 0.6), 151)
    c.ridge(780, 90, p.far, 153)
    towers = [(1480, 850, 1.5), (1010, 806, 1.0), (700, 782, 0.68), (490, 768, 0.46),
              (340, 758, 0.31)]  # fmt: skip
    for (x0, y0, s0), (x1, y1, s1) in zip(towers, towers[1:], strict=False):
        for arm, high in ((120, 400), (96, 470), (70, 540)):
            for side in (-1, 1):
                c.sag((x0 + side * arm * s0, y0 - high * s0 + 18 * s0),
                      (x1 + side * arm * s1, y1 - high * s1 + 18 * s1),
                      46 * s0, p.ink, 1.1 + s0, 190)  # fmt: skip
    for arm, high in ((120, 400), (96, 470), (70, 540)):
        for side in (-1, 1):
            x, y = 1480 + side * arm * 1.5, 850 - high * 1.5 + 27
            c.sag((x, y), (1980 + side * 200, y + 60), 90, p.ink, 3, 190)
    for x, y, size in reversed(towers):
        _tower(c, x, y, size, mix(p.near, p.ink, min(1, size - 0.2) if size > 0.3 else 0))
    c.ridge(880, 60, p.near, 157, 0.7)
    c.polygon([(0, 930), (WIDTH, 900), (WIDTH, HEIGHT), (0, HEIGHT)], p.ink)
    for index in range(7):
        x = 60 + index * 218
        y = 958 - index * 4
        c.box(x, y - 110, x + 186, y, p.light)
        c.box(x + 140, y - 110, x + 186, y, p.mid, 80)
        c.windows(x + 12, y - 96, x + 132, y - 20, 4, 3, mix(p.light, p.mid, 0.45), 0.24)
        c.disc(x + 162, y - 86, 6, p.accent if index % 3 else p.glow)
        c.box(x - 4, y, x + 190, y + 12, p.mid)


def _tower(c, x, foot, size, shade):
    def at(dx, dy):
        return x + dx * size, foot - dy * size

    width = max(1.4, 7 * size)
    for side in (-1, 1):
        c.line([at(side * 70, 0), at(side * 26, 330), at(side * 9, 610)], shade, width)
        for arm, high in ((120, 400), (96, 470), (70, 540)):
            c.line([at(side * 18, high + 26), at(side * arm, high), at(side * 20, high)], shade,
                   width * 0.7)  # fmt: skip
            c.line([at(side * arm, high), at(side * arm, high - 18)], shade, width * 0.7)
    levels = [0, 90, 170, 240, 300, 350, 400, 450, 500, 550, 600]
    for low, high in zip(levels, levels[1:], strict=False):

        def half(y):
            return 70 - 44 * y / 330 if y < 330 else 26 - 17 * (y - 330) / 280

        c.line([at(-half(low), low), at(half(high), high)], shade, width * 0.5)
        c.line([at(half(low), low), at(-half(high), high)], shade, width * 0.5)


def foghorn(c):
    """The horn at the end of the mole, six o'clock."""
    p = c.palette
    c.sky(640, clouds=4)
    c.glow(320, 560, 300, p.glow, 120)
    c.disc(320, 566, 54, p.glow, 220)
    c.ridge(640, 30, p.far, 161)
    c.water(636)
    c.shimmer(320, 646, 110, p.glow, 300, 120)
    for radius in range(120, 760, 92):
        c.ring(900, 486, radius, p.light, 5, max(12, 120 - radius // 7), 150, 212)
    stone = mix(p.light, p.mid, 0.3)
    c.polygon([(700, 760), (1600, 720), (1600, 880), (760, 900)], p.near)
    c.polygon([(690, 742), (1600, 700), (1600, 730), (690, 776)], stone)
    for x in range(760, 1600, 110):
        c.line([(x, 778), (x + 14, 890)], p.ink, 3, 110)
    for index in range(9):
        x = 640 + index * 112
        c.polygon([(x, 930), (x + 46, 866), (x + 110, 872), (x + 136, 930), (x + 70, 960)],
                  mix(p.near, p.ink, 0.25 + (index % 3) * 0.25))  # fmt: skip
    c.box(980, 470, 1240, 740, p.light)
    c.box(1170, 470, 1240, 736, p.mid, 80)
    c.polygon([(956, 474), (1000, 400), (1220, 400), (1264, 474)], p.accent)
    c.box(1060, 600, 1130, 738, p.near, radius=6)
    c.windows(1000, 510, 1220, 566, 3, 1, p.near, 0.55)
    c.polygon([(1010, 470), (884, 400), (884, 560), (1010, 520)], p.near)
    c.ellipse(884, 480, 26, 82, p.ink)
    c.ellipse(880, 480, 15, 60, p.mid)
    c.line([(1330, 716), (1330, 420)], p.ink, 7)
    c.polygon([(1330, 424), (1420, 450), (1330, 478)], p.accent)
    for x, size in ((1410, 150), (1462, 138)):
        c.person(x, 716, size, p.ink)


def harbour_dusk(c):
    """Town lights across the basin at dusk."""
    p = c.palette
    c.sky(560, clouds=5)
    c.ridge(560, 170, p.far, 171)
    c.ridge(590, 110, p.mid, 173)
    c.water(620, ripples=140)
    lights = []
    for index in range(34):
        x = 20 + index * 47 + c.random.uniform(-8, 8)
        tall = c.random.uniform(34, 120)
        wide = c.random.uniform(34, 62)
        c.box(x, 626 - tall, x + wide, 628, mix(p.near, p.ink, c.random.random() * 0.6))
        for row in range(int(tall / 26)):
            for column in range(2):
                if c.random.random() < 0.45:
                    wx, wy = x + 8 + column * wide * 0.45, 632 - tall + row * 24
                    c.box(wx, wy, wx + 9, wy + 11, p.glow)
                    lights.append(wx + 4)
    c.box(-10, 624, WIDTH + 10, 636, p.ink)
    for x in lights[::2]:
        c.shimmer(x, 640, 9, p.glow, c.random.uniform(90, 250), 110)
    for x, tall in ((210, 300), (238, 250), (1330, 330)):
        c.line([(x, 800), (x, 800 - tall)], p.ink, 5)
        c.line([(x, 800 - tall), (x + 110, 786)], p.ink, 2, 180)
    c.polygon([(120, 780), (420, 780), (390, 832), (160, 832)], p.ink)
    c.polygon([(1250, 776), (1500, 776), (1474, 824), (1284, 824)], p.ink)
    c.box(1290, 738, 1390, 778, p.near)
    c.box(1302, 748, 1330, 764, p.glow)
    c.polygon([(0, HEIGHT), (0, 990), (WIDTH, 950), (WIDTH, HEIGHT)], p.ink)
    for angle in range(3):
        c.box(330 + angle * 420, 930 - angle * 12, 372 + angle * 420, 1000, p.ink, radius=8)
        c.ellipse(351 + angle * 420, 930 - angle * 12, 34, 11, mix(p.ink, p.mid, 0.35))


def rain_radar(c):
    """A radar picture: the coast, rings of distance, rain in flat steps."""
    p = c.palette
    c.gradient(mix(p.deep, p.ink, 0.35), mix(p.deep, p.ink, 0.55), 0, HEIGHT)
    coast = [(0, 300), (130, 330), (210, 420), (330, 446), (390, 560), (520, 590), (600, 700),
             (760, 742), (820, 850), (980, 900), (1050, HEIGHT), (0, HEIGHT)]  # fmt: skip
    c.polygon(coast, p.near)
    c.line(coast[:-1], p.low, 4, 200)
    for x, y, r in ((1190, 560, 34), (1260, 610, 20), (1120, 500, 12)):
        c.ellipse(x, y, r * 1.4, r, p.near)
        c.ring(x, y, r * 1.2, p.low, 2, 120)
    c.line([(0, 760), (160, 740), (280, 800), (420, 770), (560, 690)], p.water, 6)
    steps = (p.far, p.sky, mix(p.glow, p.sky, 0.4), p.glow, p.accent)
    cell = 22
    for column in range(WIDTH // cell + 1):
        for row in range(HEIGHT // cell + 1):
            x, y = column * cell, row * cell
            band = (y - 0.72 * x - 60 + 70 * math.sin(x / 170)) / 230
            swirl = math.sin(x / 97 + y / 151) + math.sin(x / 53 - y / 71) * 0.5
            rain = 3.7 - 4.4 * abs(band) + swirl * 1.1
            if rain > 0.4:
                c.box(x, y, x + cell, y + cell, steps[min(4, int(rain))], 205)
    for radius in (170, 340, 510, 680, 850):
        c.ring(520, 640, radius, p.light, 2, 90)
    for angle in range(0, 180, 45):
        dx, dy = math.cos(math.radians(angle)) * 900, math.sin(math.radians(angle)) * 900
        c.line([(520 - dx, 640 - dy), (520 + dx, 640 + dy)], p.light, 1.5, 50)
    for turn in range(26):
        sweep = [(520, 640)]
        for angle in (math.radians(-60 + turn * 1.1), math.radians(-58.9 + turn * 1.1)):
            sweep.append((520 + 1400 * math.cos(angle), 640 + 1400 * math.sin(angle)))
        c.polygon(sweep, p.light, turn * 2)
    c.disc(520, 640, 10, p.light)


MOTIFS = (
    harbour_crane,
    shore_wall,
    dry_dock,
    pylons,
    foghorn,
    harbour_dusk,
    rain_radar,
)
