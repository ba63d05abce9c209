"""Rooms, lit from inside."""

from newsroom.demo.drawing.canvas import HEIGHT, WIDTH
from newsroom.demo.drawing.palettes import mix


def library(c):
    """The library at evening: tall lit windows, shelves behind them."""
    p = c.palette
    c.sky(800, clouds=4)
    c.ridge(760, 80, p.far, 251)
    wall = mix(p.near, p.ink, 0.35)
    c.box(120, 250, 1480, 880, wall)
    c.box(90, 214, 1510, 262, p.ink)
    for index in range(5):
        x = 176 + index * 256
        c.box(x, 320, x + 224, 850, p.glow)
        c.box(x, 320, x + 224, 560, mix(p.glow, p.light, 0.35))
        for shelf in range(5):
            y = 392 + shelf * 92
            c.box(x, y, x + 224, y + 7, p.near)
            cursor = x + 6
            while cursor < x + 208:
                wide, tall = c.random.uniform(8, 20), c.random.uniform(38, 66)
                shade = c.random.choice((p.accent, p.mid, p.near, p.light, p.far))
                c.box(cursor, y - tall, cursor + wide, y, shade)
                cursor += wide + c.random.choice((2, 2, 3, 26))
        c.line([(x + 112, 320), (x + 112, 850)], wall, 9)
        c.line([(x, 520), (x + 224, 520)], wall, 7)
    c.box(680, 640, 920, 880, wall)
    c.box(700, 660, 796, 880, p.glow)
    c.box(806, 660, 900, 880, p.glow)
    c.gradient(mix(p.mid, p.near, 0.5), p.near, 876)
    for index in range(5):
        x = 288 + index * 256
        c.polygon([(x - 100, 880), (x + 100, 880), (x + 190, HEIGHT), (x - 190, HEIGHT)],
                  p.glow, 34)  # fmt: skip
    for step in range(3):
        c.box(640 - step * 26, 876 + step * 18, 960 + step * 26, 896 + step * 18,
              mix(p.light, p.mid, 0.3 + step * 0.15))  # fmt: skip
    for x, y, size in ((560, 950, 170), (1120, 960, 178), (1180, 966, 124)):
        c.person(x, y, size, p.ink)
    for x in (60, 1550):
        c.line([(x, 930), (x, 480)], p.ink, 10)
        for dx, dy, r in ((0, 430, 92), (-50, 490, 66), (54, 500, 60)):
            c.disc(x + dx, dy, r, mix(p.near, p.mid, 0.3))


def reading_room(c):
    """Shelves, a long table, a lamp: the branch library in the hills."""
    p = c.palette
    c.gradient(mix(p.low, p.light, 0.4), p.low, 0, HEIGHT)
    c.gradient(mix(p.mid, p.accent, 0.25), p.near, 790)
    for unit in range(4):
        x = 30 + unit * 230
        c.box(x, 120, x + 214, 800, mix(p.near, p.accent, 0.2))
        for shelf in range(6):
            y = 224 + shelf * 110
            c.box(x + 10, y - 94, x + 204, y, mix(p.ink, p.near, 0.4))
            cursor = x + 14
            while cursor < x + 186:
                wide, tall = c.random.uniform(9, 24), c.random.uniform(50, 86)
                shade = c.random.choice(
                    (p.accent, p.mid, p.sky, p.light, p.far, mix(p.accent, p.glow, 0.5))
                )
                c.box(cursor, y - tall, cursor + wide, y, shade)
                cursor += wide + c.random.choice((1, 1, 2, 30))
    c.box(1000, 130, 1560, 640, p.light)
    c.box(1020, 150, 1540, 620, p.sky)
    c.polygon([(1020, 620), (1020, 500), (1160, 430), (1300, 480), (1420, 400), (1540, 470),
               (1540, 620)], p.far)  # fmt: skip
    c.polygon([(1020, 620), (1020, 560), (1240, 520), (1540, 570), (1540, 620)], p.mid)
    for x in (1193, 1367):
        c.box(x - 7, 150, x + 7, 620, p.light)
    c.box(1000, 370, 1560, 384, p.light)
    table = mix(p.accent, p.glow, 0.35)
    c.polygon([(300, 800), (1480, 800), (1590, 900), (190, 900)], table)
    c.polygon([(190, 900), (1590, 900), (1590, 930), (190, 930)], mix(table, p.ink, 0.35))
    for x in (240, 1510):
        c.box(x, 930, x + 34, HEIGHT, mix(table, p.ink, 0.5))
    c.line([(1240, 860), (1240, 700)], p.ink, 8)
    c.polygon([(1150, 706), (1196, 630), (1284, 630), (1330, 706)], p.accent)
    c.glow(1240, 740, 190, p.glow, 120)
    c.ellipse(1240, 862, 62, 12, p.ink)
    for x, y in ((560, 852), (930, 846)):
        c.polygon([(x, y), (x - 110, y - 16), (x - 122, y + 16), (x, y + 32)], p.light)
        c.polygon([(x, y), (x + 110, y - 16), (x + 122, y + 16), (x, y + 32)],
                  mix(p.light, p.low, 0.3))  # fmt: skip
        for row in range(4):
            c.line([(x - 100, y - 6 + row * 7), (x - 14, y + 6 + row * 7)], p.mid, 2, 130)
    for index, shade in enumerate((p.near, p.accent, p.sky)):
        c.box(700, 830 - index * 20, 830 - index * 8, 848 - index * 20, shade, radius=3)


def fish_market(c):
    """The auction floor at five in the morning, seen from above the window seats."""
    p = c.palette
    c.gradient(mix(p.near, p.ink, 0.3), p.mid, 0, 560)
    for x in range(-200, WIDTH + 300, 200):
        c.polygon([(800 + (x - 800) * 0.34, 300), (800 + (x - 800) * 0.34 + 8, 300),
                   (x + 26, -10), (x, -10)], p.ink, 140)  # fmt: skip
    for y in (60, 150, 220, 270):
        c.line([(-10, y), (WIDTH + 10, y)], p.ink, 6, 120)
    c.polygon([(0, 460), (WIDTH, 460), (WIDTH, HEIGHT), (0, HEIGHT)], mix(p.water, p.mid, 0.4))
    c.box(0, 300, WIDTH, 470, mix(p.mid, p.low, 0.25))
    for x in (90, 390, 690, 990, 1290):
        c.box(x, 320, x + 210, 462, p.glow, 90)
        c.box(x, 400, x + 210, 462, p.water, 160)
    for x, y in ((220, 150), (560, 120), (1000, 120), (1350, 150), (790, 210)):
        c.line([(x, -10), (x, y)], p.ink, 4)
        c.polygon([(x - 56, y + 36), (x - 20, y), (x + 20, y), (x + 56, y + 36)], p.near)
        c.ellipse(x, y + 36, 54, 11, p.glow)
        c.glow(x, y + 44, 190, p.glow, 110)
        c.polygon([(x - 54, y + 38), (x + 54, y + 38), (x + 210, 700), (x - 210, 700)], p.glow, 14)
    for row in range(4):
        y = 560 + row**1.3 * 92
        size = 0.62 + row * 0.24
        for column in range(8):
            x = 800 + (column - 3.5) * 236 * size
            _fish_box(c, x, y, size, (column * 5 + row * 3) % 4)
        if row < 3:
            for column in range(4):
                x = 800 + (column - 1.5 + (row % 2) * 0.5) * 430 * size + 60
                c.person(x, y + 66 * size, 190 * size, mix(p.ink, p.near, 0.3 - row * 0.1))
                c.ellipse(x, y + (66 - 184) * size, 17 * size, 9 * size, p.accent)


def _fish_box(c, x, y, size, kind):
    p = c.palette
    half, tall = 92 * size, 30 * size
    c.polygon([(x - half, y), (x + half, y), (x + half * 1.08, y + tall * 1.5),
               (x - half * 1.08, y + tall * 1.5)], mix(p.light, p.low, 0.2))  # fmt: skip
    c.box(x - half * 1.08, y + tall * 1.5, x + half * 1.08, y + tall * 2.2, p.mid)
    for fish in range(5 if kind else 2):
        fx = x - half * 0.8 + fish * half * (0.4 if kind else 0.9)
        fy = y + tall * 0.75
        long = 30 * size if kind else 62 * size
        shade = (p.accent, p.far, p.near, mix(p.sky, p.light, 0.4))[kind]
        c.ellipse(fx, fy, long * 0.8, 9 * size if kind else 17 * size, shade)
        c.polygon([(fx + long * 0.6, fy), (fx + long, fy - 10 * size),
                   (fx + long, fy + 10 * size)], shade)  # fmt: skip


def server_room(c):
    """An aisle of machines in the thick-walled hall."""
    p = c.palette
    c.gradient(p.ink, p.near, 0, HEIGHT)
    c.polygon([(620, 470), (980, 470), (1600, HEIGHT), (0, HEIGHT)], p.mid)
    for step in range(9):
        t = (step / 9) ** 1.8
        y = 476 + t * 591
        half = 180 + t * 620
        c.line([(800 - half, y), (800 + half, y)], p.low, 1 + 3 * t, 60)
    c.polygon([(620, 330), (980, 330), (1600, -40), (0, -40)], mix(p.ink, p.near, 0.5))
    for step in range(6):
        t = (step / 6) ** 1.7
        y = 326 - t * 340
        half = 60 + t * 250
        c.polygon([(800 - half, y), (800 + half, y), (800 + half * 1.1, y - 10 - 20 * t),
                   (800 - half * 1.1, y - 10 - 20 * t)], p.light, 190)  # fmt: skip
    c.box(620, 330, 980, 470, mix(p.sky, p.mid, 0.4))
    c.box(750, 360, 850, 470, p.near)
    for side in (-1, 1):
        for rack in range(7):
            near, far = (1 - rack / 7) ** 1.5, (1 - (rack + 0.9) / 7) ** 1.5
            _rack(c, side, 180 + near * 660, 180 + far * 660, near, far, rack)
    for side in (-1, 1):
        c.polygon([(800 + side * 182, 472), (800 + side * 190, 472), (800 + side * 860, 1110),
                   (800 + side * 800, 1110)], p.sky, 150)  # fmt: skip


def _rack(c, side, x_near, x_far, near, far, rack):
    p = c.palette

    def at(t, v):
        """t from near (0) to far (1), v from top (0) to bottom (1)."""
        half = x_near + (x_far - x_near) * t
        depth = near + (far - near) * t
        top, bottom = 330 - depth * 390, 470 + depth * 590
        return 800 + side * half, top + (bottom - top) * v

    shade = mix(p.ink, p.near, 0.25 + rack * 0.1)
    c.polygon([at(0, 0.02), at(1, 0.02), at(1, 0.98), at(0, 0.98)], shade)
    for unit in range(18):
        v = 0.06 + unit * 0.05
        c.polygon([at(0.1, v), at(0.9, v), at(0.9, v + 0.036), at(0.1, v + 0.036)], p.mid, 120)
        for light in range(4):
            t = 0.2 + light * 0.09
            if (unit * 7 + light * 5 + rack * 3) % 4:
                colour = p.accent if (unit + light + rack) % 7 == 0 else p.glow
                c.polygon([at(t, v + 0.012), at(t + 0.04, v + 0.012), at(t + 0.04, v + 0.024),
                           at(t, v + 0.024)], colour)  # fmt: skip


def classroom(c):
    """A classroom that looks on the sea; a screen joins it to another one."""
    p = c.palette
    c.gradient(mix(p.light, p.low, 0.3), mix(p.light, p.low, 0.55), 0, 740)
    c.gradient(mix(p.accent, p.glow, 0.45), mix(p.accent, p.mid, 0.4), 740)
    c.box(60, 120, 780, 560, p.near)
    for pane in range(3):
        x = 76 + pane * 236
        c.box(x, 136, x + 220, 544, p.sky)
        c.box(x, 380, x + 220, 544, p.water)
        c.box(x, 376, x + 220, 384, p.low)
        for index in range(7):
            y = 400 + index * 20
            px = x + c.random.uniform(0, 130)
            c.box(px, y, px + 70, y + 4, p.light, 60)
    c.polygon([(350, 378), (440, 378), (430, 396), (360, 396)], p.light)
    c.box(376, 362, 416, 380, p.light)
    c.polygon([(60, 560), (780, 560), (820, 590), (30, 590)], p.light)
    c.box(880, 150, 1540, 530, mix(p.near, p.ink, 0.4))
    c.box(900, 170, 1230, 510, mix(p.mid, p.ink, 0.3))
    c.box(1252, 170, 1520, 510, p.sky)
    for index in range(6):
        x, y = 1296 + (index % 3) * 90, 330 + (index // 3) * 110
        c.disc(x, y - 26, 24, p.near)
        c.ellipse(x, y + 44, 40, 46, (p.accent, p.mid, p.near)[index % 3])
    for row in range(4):
        c.line([(930, 220 + row * 56), (1180 - row * 40, 220 + row * 56)], p.light, 6, 190)
    for row, (y, size) in enumerate(((760, 0.8), (900, 1.15))):
        for column in range(4 - row):
            x = 250 + row * 190 + column * 350 * size
            c.polygon([(x - 120 * size, y), (x + 120 * size, y), (x + 140 * size, y + 52 * size),
                       (x - 140 * size, y + 52 * size)], mix(p.glow, p.accent, 0.3))  # fmt: skip
            c.box(x - 140 * size, y + 52 * size, x + 140 * size, y + 66 * size, p.near)
            for leg in (-120, 112):
                c.box(x + leg * size, y + 66 * size, x + (leg + 9) * size, y + 190 * size, p.near)
            page = ((-40, 12), (34, 12), (42, 38), (-46, 38))
            c.polygon([(x + dx * size, y + dy * size) for dx, dy in page], p.light)
            c.disc(x, y + 4 * size, 40 * size, p.ink)
            c.ellipse(x, y + 108 * size, 70 * size, 78 * size, (p.near, p.accent)[column % 2])


MOTIFS = (
    library,
    reading_room,
    fish_market,
    server_room,
    classroom,
)
