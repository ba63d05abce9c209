"""Streets, stops and houses of the harbour town and its islands."""

import math

from newsroom.demo.drawing.canvas import HEIGHT, WIDTH
from newsroom.demo.drawing.palettes import mix


def bus_stop(c):
    """A bus at the stop beside the border bridge."""
    p = c.palette
    c.sky(600, clouds=4)
    c.ridge(600, 110, p.far, 201)
    for x, wide, tall in ((40, 200, 190), (250, 130, 130), (1240, 180, 240), (1430, 200, 160)):
        c.box(x, 640 - tall, x + wide, 700, mix(p.far, p.mid, 0.6))
        c.windows(x + 14, 656 - tall, x + wide - 14, 640, 4, max(2, tall // 60), p.low, 0.5, 150)
    c.gradient(p.mid, p.near, 690)
    c.box(-10, 690, WIDTH + 10, 716, mix(p.light, p.mid, 0.4))
    c.box(-10, 920, WIDTH + 10, 930, p.light, 150)
    for x in range(-40, WIDTH, 210):
        c.polygon([(x, 1000), (x + 120, 1000), (x + 108, 1016), (x - 12, 1016)], p.light, 160)
    c.ellipse(760, 902, 520, 20, p.ink, 110)
    c.box(260, 520, 1240, 880, p.light, radius=34)
    c.box(260, 720, 1240, 882, p.accent, radius=26)
    c.box(260, 712, 1240, 760, p.accent)
    c.box(280, 560, 1222, 702, p.near, radius=16)
    for x in range(420, 1130, 118):
        c.box(x, 556, x + 12, 706, p.light)
    c.polygon([(300, 566), (384, 566), (330, 696), (292, 696)], p.low, 60)
    c.polygon([(760, 562), (860, 562), (800, 700), (700, 700)], p.low, 50)
    c.box(1100, 566, 1196, 862, mix(p.near, p.low, 0.3), radius=8)
    c.line([(1148, 566), (1148, 862)], p.light, 5)
    c.box(300, 530, 520, 552, p.ink, radius=5)
    for index in range(5):
        c.box(312 + index * 40, 536, 340 + index * 40, 546, p.glow)
    for x in (430, 1000):
        c.disc(x, 880, 60, p.ink)
        c.disc(x, 880, 28, mix(p.light, p.mid, 0.3))
    c.disc(282, 806, 15, p.glow)
    c.line([(1390, 930), (1390, 560)], p.ink, 9)
    c.disc(1390, 546, 54, p.light)
    c.ring(1390, 546, 54, p.accent, 12)
    c.box(1356, 620, 1424, 760, p.light)
    for y in range(636, 750, 18):
        c.box(1366, y, 1414, y + 6, p.mid, 150)
    for x, y, size in ((1462, 934, 190), (1524, 940, 168)):
        c.person(x, y, size, p.ink)
    c.polygon([(1462, 716), (1400, 764), (1524, 764)], p.accent)
    c.line([(1462, 724), (1474, 846)], p.ink, 4)


def tram(c):
    """A tram climbing the slope from the harbour."""
    p = c.palette
    c.sky(620, clouds=4)
    c.ridge(560, 60, p.far, 211)
    c.box(-10, 540, WIDTH + 10, 660, p.water)
    for index in range(7):
        x = -30 + index * 240
        tall = 180 + (index * 73) % 130
        y = 700 - index * 8
        c.box(x, y - tall, x + 214, HEIGHT, mix(p.mid, p.far, (index % 3) / 4))
        c.polygon([(x - 12, y - tall), (x + 40, y - tall - 54), (x + 174, y - tall - 54),
                   (x + 226, y - tall)], p.near)  # fmt: skip
        c.windows(x + 18, y - tall + 26, x + 196, y - 30, 4, 3, p.glow, 0.5, 150)
    c.polygon([(0, 930), (1600, 760), (1600, HEIGHT), (0, HEIGHT)], p.near)
    for off in (40, 62, 128, 150):
        c.line([(0, 930 + off), (1600, 760 + off)], p.low, 4, 190)

    def at(x, y):
        return x, 0.0 + y - (x - 380) * 0.106

    def panel(x0, y0, x1, y1, colour, alpha=255):
        c.polygon([at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1)], colour, alpha)

    panel(376, 940, 1224, 968, p.ink, 160)
    panel(380, 560, 1220, 930, p.light)
    panel(380, 780, 1220, 930, p.accent)
    panel(380, 764, 1220, 782, p.near)
    panel(366, 534, 1234, 566, p.near)
    for x in (400, 500, 700, 800, 900, 1120):
        panel(x, 600, x + 84, 742, p.ink)
        panel(x + 8, 608, x + 34, 734, p.low, 70)
    for x in (602, 1012):
        panel(x, 600, x + 84, 916, p.mid)
        c.line([at(x + 42, 600), at(x + 42, 916)], p.light, 5)
    panel(1226, 800, 1240, 840, p.glow)
    for x in (470, 560, 1040, 1130):
        px, py = at(x, 944)
        c.disc(px, py, 27, p.ink)
        c.disc(px, py, 11, p.mid)
    c.line([at(700, 536), at(790, 440), at(720, 384)], p.ink, 6)
    c.line([(0, 450), (1600, 280)], p.ink, 3)
    for x in (150, 1440):
        c.line([(x, 950 - x * 0.1), (x, 300)], p.ink, 9)
        c.line([(x, 400 - x * 0.06), (x + 90, 440 - x * 0.106)], p.ink, 5)


def station_clock(c):
    """The great clock on the front of the terminus."""
    p = c.palette
    c.gradient(p.sky, p.low, 0, HEIGHT)
    wall = mix(p.light, p.low, 0.35)
    c.polygon([(160, HEIGHT), (160, 330), (800, 70), (1440, 330), (1440, HEIGHT)], wall)
    c.polygon([(110, 350), (800, 40), (1490, 350), (1490, 384), (800, 84), (110, 384)], p.near)
    for row in range(14):
        y = 400 + row * 50
        c.line([(160, y), (1440, y)], p.mid, 1.5, 50)
        for column in range(16):
            x = 160 + column * 84 + (row % 2) * 42
            c.line([(x, y), (x, y + 50)], p.mid, 1.5, 40)
    for x in (250, 1130):
        c.box(x, 560, x + 220, HEIGHT, p.near)
        c.ellipse(x + 110, 560, 110, 96, p.near)
        c.windows(x + 16, 570, x + 204, 1060, 3, 6, p.glow, 0.16, 170)
    x, y, radius = 800, 470, 300
    c.disc(x + 14, y + 20, radius + 22, p.ink, 60)
    c.disc(x, y, radius + 20, p.ink)
    c.disc(x, y, radius + 4, p.accent)
    c.disc(x, y, radius - 8, p.light)
    for tick in range(60):
        angle = math.radians(tick * 6)
        inner = radius - (64 if tick % 5 == 0 else 36)
        c.line([(x + inner * math.sin(angle), y - inner * math.cos(angle)),
                (x + (radius - 22) * math.sin(angle), y - (radius - 22) * math.cos(angle))],
               p.ink, 11 if tick % 5 == 0 else 3)  # fmt: skip
    for degrees, long, thick in ((8.7 * 30, 150, 22), (42 * 6, 226, 13)):
        angle = math.radians(degrees)
        ahead = (math.sin(angle), -math.cos(angle))
        side = (math.cos(angle) * thick, math.sin(angle) * thick)
        c.polygon(
            [(x - ahead[0] * 44 + side[0] * 0.6, y - ahead[1] * 44 + side[1] * 0.6),
             (x + ahead[0] * long, y + ahead[1] * long),
             (x - ahead[0] * 44 - side[0] * 0.6, y - ahead[1] * 44 - side[1] * 0.6)], p.ink,
        )  # fmt: skip
    c.disc(x, y, 24, p.accent)
    c.disc(x, y, 9, p.ink)
    c.box(560, 880, 1040, HEIGHT, p.near)
    c.box(540, 850, 1060, 886, p.accent)
    c.windows(572, 890, 1028, 1064, 6, 1, p.glow, 0.14, 190)
    for px, size in ((700, 150), (752, 160), (930, 148)):
        c.person(px, HEIGHT + 6, size, p.ink)


def island_school(c):
    """A small school above the bay, children on the way to the boat."""
    p = c.palette
    c.sky(520, clouds=5)
    c.ridge(520, 46, mix(p.low, p.far, 0.6), 221)
    c.water(518)
    c.polygon([(180, 566), (420, 566), (396, 600), (206, 600)], p.light)
    c.box(250, 536, 350, 568, p.light)
    c.polygon([(1600, 380), (1320, 430), (1080, 520), (820, 560), (560, 700), (300, 840), (0, 920),
               (0, HEIGHT), (1600, HEIGHT)], p.mid)  # fmt: skip
    c.polygon([(1600, 640), (1200, 680), (820, 760), (420, 900), (0, 990), (0, HEIGHT),
               (1600, HEIGHT)], p.near)  # fmt: skip
    c.box(980, 440, 1440, 640, p.light)
    c.box(1360, 440, 1440, 640, p.mid, 70)
    c.polygon([(946, 446), (1010, 366), (1412, 366), (1476, 446)], p.accent)
    c.windows(996, 470, 1424, 560, 8, 1, p.near, 0.28)
    c.windows(996, 570, 1180, 630, 4, 1, p.near, 0.3)
    c.box(1196, 566, 1258, 642, p.near)
    c.box(1160, 300, 1260, 372, p.light)
    c.polygon([(1146, 304), (1210, 250), (1274, 304)], p.accent)
    c.disc(1210, 336, 24, p.near)
    c.disc(1210, 336, 19, p.light)
    c.line([(1210, 336), (1210, 322)], p.ink, 3)
    c.line([(1210, 336), (1222, 340)], p.ink, 3)
    c.line([(900, 640), (900, 400)], p.ink, 5)
    c.polygon([(900, 404), (832, 420), (900, 440)], p.light)
    path = [(1220, 642), (1130, 690), (920, 740), (700, 820), (470, 906), (240, 960), (150, 990),
            (330, 976), (560, 920), (790, 838), (1010, 760), (1200, 706), (1268, 642)]  # fmt: skip
    c.polygon(path, mix(p.light, p.low, 0.5))
    for index in range(7):
        x, y = 1010 - index * 100, 746 + index * 33
        size = 84 + index * 7
        c.person(x, y, size, p.ink)
        c.ellipse(x, y - size + 3, 13, 7, p.glow)
        c.ellipse(x, y - size + 7, 18, 3, p.glow)


def island_clinic(c):
    """The clinic of the small island, a dish on its roof."""
    p = c.palette
    c.sky(560, clouds=4)
    c.ridge(560, 40, mix(p.low, p.far, 0.6), 231)
    c.water(556, ripples=110)
    c.polygon([(0, 740), (420, 690), (1180, 690), (1600, 760), (1600, HEIGHT), (0, HEIGHT)], p.mid)
    c.polygon([(0, 900), (700, 840), (1600, 900), (1600, HEIGHT), (0, HEIGHT)], p.near)
    c.ellipse(830, 846, 470, 22, p.ink, 90)
    c.box(430, 520, 1210, 842, p.light)
    c.box(1040, 520, 1210, 842, p.mid, 60)
    c.box(404, 486, 1240, 526, p.near)
    c.windows(470, 576, 800, 720, 4, 1, p.glow, 0.2)
    c.box(860, 590, 990, 842, p.near)
    c.box(874, 604, 976, 720, p.glow, 220)
    c.box(1060, 590, 1170, 690, p.glow, 230)
    c.box(640, 742, 700, 802, p.accent)
    c.box(662, 750, 678, 794, p.light)
    c.box(648, 764, 692, 780, p.light)
    c.line([(560, 486), (560, 420)], p.ink, 9)
    c.line([(540, 486), (560, 440), (584, 486)], p.ink, 5)
    dish = [(470, 300), (486, 372), (548, 424), (628, 436)]
    c.polygon([*dish, (560, 360)], mix(p.light, p.low, 0.1))
    c.polygon([(470, 300), (486, 372), (548, 424), (628, 436), (540, 392), (504, 356)], p.mid)
    c.line([(546, 370), (610, 310)], p.ink, 5)
    c.disc(614, 306, 10, p.ink)
    for radius in (60, 110, 160):
        c.ring(614, 306, radius, p.light, 4, 130 - radius // 2, 285, 345)
    for x in range(60, 420, 44):
        c.line([(x, 800), (x, 740)], p.light, 5, 200)
    c.line([(40, 756), (420, 726)], p.light, 4, 200)
    c.line([(40, 782), (420, 752)], p.light, 4, 200)
    c.person(930, 846, 176, p.ink)
    c.polygon([(1300, 842), (1320, 720), (1340, 842)], p.near)
    for x, y, r in ((1320, 690, 70), (1270, 720, 52), (1372, 716, 56)):
        c.disc(x, y, r, mix(p.near, p.mid, 0.4))


def night_street(c):
    """Two in the morning: a street lamp, a hydrant, somebody listening."""
    p = c.palette
    c.gradient(p.sky, p.low, 0, 640)
    for index, (x, wide, tall) in enumerate(
        ((0, 280, 470), (280, 220, 350), (500, 180, 270), (940, 200, 290), (1140, 220, 380),
         (1360, 260, 500))
    ):  # fmt: skip
        c.box(x, 690 - tall, x + wide, 760, mix(p.mid, p.near, (index % 2) * 0.6))
        c.polygon([(x - 10, 690 - tall), (x + 36, 650 - tall), (x + wide - 36, 650 - tall),
                   (x + wide + 10, 690 - tall)], p.ink)  # fmt: skip
        c.windows(x + 24, 716 - tall, x + wide - 24, 640, 3, max(2, tall // 110), p.ink, 0.5, 120)
    c.box(1206, 420, 1250, 486, p.glow)
    c.polygon([(0, HEIGHT), (0, 770), (640, 690), (960, 690), (1600, 770), (1600, HEIGHT)], p.near)
    c.polygon([(440, HEIGHT), (760, 690), (840, 690), (1160, HEIGHT)], p.deep)
    for step in range(6):
        y = 716 + step**1.7 * 18
        half = 3 + step * 2.4
        c.polygon([(800 - half, y), (800 + half, y), (800 + half + 2, y + 10 + step * 6),
                   (800 - half - 2, y + 10 + step * 6)], p.light, 120)  # fmt: skip
    c.polygon([(1010, 320), (640, 1040), (1380, 1040)], p.glow, 26)
    c.polygon([(1010, 320), (760, 1040), (1260, 1040)], p.glow, 26)
    c.ellipse(1010, 960, 330, 60, p.glow, 40)
    c.line([(1180, 960), (1180, 300), (1140, 272), (1040, 272)], p.ink, 12)
    c.polygon([(980, 300), (1006, 262), (1050, 262), (1064, 300)], p.ink)
    c.ellipse(1016, 304, 40, 11, p.glow)
    c.glow(1016, 306, 130, p.glow, 130)
    c.box(880, 850, 920, 962, p.accent, radius=8)
    c.ellipse(900, 850, 30, 22, p.accent)
    c.box(862, 882, 938, 904, p.accent, radius=6)
    c.box(868, 956, 932, 972, p.ink)
    c.disc(1040, 800, 24, p.ink)
    c.polygon([(1010, 826), (1066, 820), (1096, 908), (1090, 970), (1010, 970), (1006, 900)], p.ink)
    c.line([(1018, 846), (960, 886), (924, 890)], p.ink, 15)
    c.polygon([(1016, 794), (1062, 786), (1066, 796), (1008, 804)], p.accent)
    for radius in (40, 70, 100):
        c.ring(900, 890, radius, p.glow, 3, 120 - radius, 150, 230)


def lanterns(c):
    """Many paper lanterns drifting on the dark harbour."""
    p = c.palette
    c.gradient(p.sky, p.low, 0, 440)
    c.ridge(440, 110, p.mid, 241)
    c.gradient(p.water, p.deep, 430)
    for _ in range(50):
        x, y = c.random.uniform(0, WIDTH), c.random.uniform(340, 428)
        c.disc(x, y, 2.2, p.glow, 160)
    spots = sorted((c.random.random() ** 1.5, c.random.uniform(-0.55, 0.55)) for _ in range(74))
    for depth, side in spots:
        y = 456 + depth * 500
        size = 0.12 + depth * 1.0
        x = 800 + math.sin(depth * 5) * 260 * depth + side * (500 + 1500 * depth)
        _lantern(c, x, y, size)
    c.polygon([(0, HEIGHT), (0, 1010), (500, 1040), (760, HEIGHT)], p.ink)
    for x, size in ((110, 210), (190, 150), (264, 200)):
        c.person(x, 1050, size, p.ink)


def _lantern(c, x, y, size):
    p = c.palette
    tall, wide = 92 * size, 62 * size
    c.glow(x, y - tall * 0.4, 130 * size, p.glow, 60)
    c.shimmer(x, y + 4, wide * 0.45, p.glow, 120 * size, 130)
    c.box(x - wide * 0.75, y - 4 * size, x + wide * 0.75, y + 8 * size, p.ink, radius=4 * size)
    c.box(x - wide / 2, y - tall, x + wide / 2, y - 2, mix(p.accent, p.glow, 0.55))
    c.box(x - wide * 0.36, y - tall * 0.8, x + wide * 0.36, y - 2, p.glow)
    if size > 0.3:
        for edge in (-0.5, 0.5):
            c.line([(x + edge * wide, y - tall), (x + edge * wide, y)], p.near, 3 * size)
        c.line([(x - wide / 2, y - tall), (x + wide / 2, y - tall)], p.near, 4 * size)


def lantern_single(c):
    """One lantern of soluble paper, close."""
    p = c.palette
    c.gradient(p.sky, p.mid, 0, 520)
    c.gradient(p.water, p.deep, 520)
    for _ in range(26):
        x, y = c.random.uniform(0, WIDTH), c.random.uniform(330, 520)
        c.disc(x, y, c.random.uniform(10, 26), p.glow, 34)
    for index in range(46):
        y = 540 + index * 11
        x = c.random.uniform(-60, WIDTH)
        c.box(x, y, x + c.random.uniform(60, 260), y + 5, p.low, 30, 2)
    _lantern(c, 800, 820, 4.6)
    for index in range(7):
        x = 684 + index * 39
        c.line([(x, 420), (x + 6 * math.sin(index), 806)], p.light, 1.5, 80)
    c.polygon([(740, 792), (770, 660), (800, 600), (830, 660), (860, 792)], p.light, 90)
    for index in range(15):
        x = 586 + index * 31
        c.line([(x, 812), (x + 26, 852)], mix(p.accent, p.glow, 0.4), 6)
    for x, y, size in ((240, 560, 0.6), (1360, 580, 0.75), (1180, 548, 0.4), (440, 546, 0.4)):
        _lantern(c, x, y, size)


MOTIFS = (
    bus_stop,
    tram,
    station_clock,
    island_school,
    island_clinic,
    night_street,
    lanterns,
    lantern_single,
)
