"""Ships, lights and what lies under the water."""

import math

from newsroom.demo.drawing.canvas import HEIGHT, WIDTH
from newsroom.demo.drawing.palettes import mix


def cable_ship(c):
    """A cable-laying ship at anchor, its line going down from the bow sheave."""
    p = c.palette
    c.sky(610, clouds=4)
    c.ridge(612, 70, mix(p.low, p.far, 0.6), 4)
    c.ridge(616, 34, p.far, 9)
    c.water(610)
    hull = [(330, 560), (1270, 560), (1310, 585), (1260, 706), (452, 706), (398, 640)]
    c.shimmer(830, 706, 420, p.light, 150, 60)
    c.polygon(hull, p.light)
    c.polygon([(424, 672), (1276, 668), (1262, 706), (452, 706)], p.accent)
    c.polygon([(1100, 560), (1270, 560), (1310, 585), (1282, 650), (1100, 650)], p.ink, 16)
    c.polygon([(300, 540), (420, 548), (420, 580), (352, 580)], p.light)
    c.disc(318, 556, 26, p.near)
    c.disc(318, 556, 12, p.light)
    c.line([(292, 556), (262, 700), (246, 780)], p.ink, 4)
    # decks, bridge, funnel
    c.box(470, 484, 760, 562, p.light)
    c.box(492, 424, 724, 486, mix(p.light, p.low, 0.25))
    c.box(510, 372, 690, 426, p.light)
    c.windows(518, 384, 686, 412, 9, 1, p.near, 0.3)
    c.windows(486, 500, 748, 540, 12, 1, p.mid, 0.5)
    c.windows(506, 440, 712, 472, 9, 1, p.mid, 0.5)
    c.line([(600, 372), (600, 262)], p.near, 6)
    c.line([(560, 312), (640, 312)], p.near, 4)
    c.line([(600, 268), (480, 484)], p.near, 1.5)
    c.line([(600, 268), (752, 484)], p.near, 1.5)
    c.polygon([(776, 562), (786, 462), (850, 462), (858, 562)], p.accent)
    c.box(784, 478, 852, 498, p.light)
    # cable tanks and the frame at the stern
    for x in (905, 1000, 1095):
        c.box(x, 526, x + 76, 562, mix(p.light, p.mid, 0.3))
        c.ellipse(x + 38, 526, 38, 11, p.near)
    c.line([(1200, 562), (1232, 418), (1290, 418)], p.near, 12)
    c.line([(1252, 562), (1290, 418)], p.near, 9)
    c.line([(1288, 420), (1288, 500)], p.ink, 3)
    for x in range(440, 1240, 58):
        c.line([(x, 560), (x, 544)], p.mid, 2)
    c.line([(424, 544), (1230, 544)], p.mid, 2)
    c.box(246, 702, 1330, 710, p.light, 70, 4)


def ferry(c):
    """A low white ferry under way before an island."""
    p = c.palette
    c.sky(560, clouds=3)
    c.glow(1180, 520, 320, p.glow, 90)
    c.polygon(
        [(820, 562), (930, 500), (1050, 452), (1150, 404), (1240, 418), (1330, 470),
         (1450, 508), (1600, 540), (1600, 562)], p.far,
    )  # fmt: skip
    c.polygon([(1040, 562), (1160, 498), (1270, 484), (1400, 530), (1600, 552), (1600, 562)], p.mid)
    c.water(560)
    c.shimmer(720, 724, 360, p.light, 190, 80)
    c.polygon([(282, 640), (1186, 640), (1156, 726), (330, 726)], p.near)
    c.polygon([(316, 700), (1166, 700), (1156, 726), (330, 726)], p.accent)
    c.box(350, 568, 1116, 642, p.light)
    c.windows(372, 582, 1096, 628, 26, 1, p.mid, 0.36)
    c.box(430, 508, 1040, 570, mix(p.light, p.low, 0.3))
    c.windows(446, 520, 1024, 558, 20, 1, p.mid, 0.34)
    c.polygon([(520, 510), (548, 452), (760, 452), (790, 510)], p.light)
    c.windows(556, 464, 756, 496, 9, 1, p.near, 0.22)
    for x in range(826, 1020, 46):
        c.polygon([(x, 506), (x + 40, 506), (x + 34, 494), (x - 2, 494)], p.near)
    c.line([(640, 452), (640, 356)], p.ink, 5)
    c.line([(606, 386), (674, 386)], p.ink, 4)
    c.sag((640, 360), (1040, 508), 14, p.ink, 1.5, 150)
    c.polygon([(1186, 640), (1240, 612), (1252, 628), (1190, 672)], p.near)
    for step in range(9):
        y = 730 + step * 9
        c.box(1150 - step * 34, y, 1176 + step * 52, y + 4, p.light, 120 - step * 11, 3)
        c.box(270 - step * 60, y, 330 - step * 20, y + 4, p.light, 90 - step * 8, 3)


def ferry_island(c):
    """A ferry far out, seen from the pier of an island."""
    p = c.palette
    c.sky(500, clouds=5)
    c.ridge(502, 46, mix(p.low, p.far, 0.7), 21)
    c.water(500, ripples=130)
    c.box(600, 476, 760, 500, p.light)
    c.box(632, 456, 732, 478, p.light)
    c.polygon([(576, 498), (792, 498), (780, 520), (590, 520)], p.near)
    c.shimmer(684, 522, 84, p.light, 110, 90)
    c.polygon(
        [(0, 820), (1010, 742), (1180, 742), (1600, 960), (1600, HEIGHT), (0, HEIGHT)], p.near
    )
    c.polygon([(0, 806), (1010, 730), (1180, 730), (1600, 940), (1600, 966), (1176, 752),
               (1010, 752), (0, 832)], mix(p.light, p.mid, 0.35))  # fmt: skip
    for x, y, size in ((240, 800, 1.25), (560, 774, 1.0), (860, 750, 0.8)):
        c.box(x - 20 * size, y - 52 * size, x + 20 * size, y + 6, p.ink, radius=6)
        c.ellipse(x, y - 52 * size, 32 * size, 12 * size, p.ink)
    c.sag((240, 762), (-20, 720), 60, p.light, 6, 220)
    for x, y, size in ((1130, 770, 120), (1176, 784, 96), (1232, 800, 126)):
        c.person(x, y, size, p.ink)
    c.line([(1330, 846), (1330, 560)], p.ink, 8)
    c.disc(1330, 552, 18, p.glow)
    c.glow(1330, 552, 90, p.glow, 70)


def lighthouse(c):
    """A white tower on a headland, its beam over the evening sea."""
    p = c.palette
    c.sky(640, clouds=4)
    c.ridge(642, 40, p.far, 31)
    c.water(640)
    for spread, alpha in ((190, 26), (120, 34), (60, 44)):
        c.polygon([(1080, 318), (-20, 250 - spread), (-20, 250 + spread)], p.glow, alpha)
        c.polygon([(1080, 318), (WIDTH, 290 - spread * 0.4), (WIDTH, 290 + spread * 0.6)],
                  p.glow, alpha)  # fmt: skip
    cliff = [(640, HEIGHT), (700, 900), (742, 812), (830, 772), (880, 716), (980, 700),
             (1210, 694), (1370, 720), (1600, 700), (1600, HEIGHT)]  # fmt: skip
    c.polygon(cliff, p.near)
    c.polygon([(980, 700), (1210, 694), (1370, 720), (1600, 700), (1600, 760), (1290, 786),
               (1060, 742)], p.mid)  # fmt: skip
    c.polygon([(640, HEIGHT), (700, 900), (742, 812), (830, 772), (800, 900), (850, HEIGHT)],
              p.ink, 70)  # fmt: skip
    c.polygon([(1060, 742), (1290, 786), (1600, 760), (1600, HEIGHT), (1180, HEIGHT),
               (1110, 900)], p.ink, 40)  # fmt: skip
    c.polygon([(1014, 708), (1040, 376), (1120, 376), (1146, 708)], p.light)
    c.polygon([(1098, 708), (1094, 376), (1120, 376), (1146, 708)], p.mid, 90)
    for y in (470, 570, 650):
        c.box(1066, y, 1084, y + 34, p.near, radius=8)
    c.box(1012, 362, 1148, 378, p.near)
    for x in range(1016, 1148, 13):
        c.line([(x, 362), (x, 338)], p.near, 2)
    c.line([(1014, 338), (1146, 338)], p.near, 3)
    c.box(1046, 288, 1114, 362, p.glow)
    for x in (1046, 1063, 1080, 1097, 1114):
        c.line([(x, 288), (x, 362)], p.ink, 3)
    c.polygon([(1036, 290), (1080, 240), (1124, 290)], p.accent)
    c.line([(1080, 242), (1080, 214)], p.ink, 4)
    c.glow(1080, 322, 150, p.glow, 120)
    c.box(1150, 646, 1320, 716, p.light)
    c.polygon([(1136, 650), (1180, 606), (1296, 606), (1336, 650)], p.accent)
    c.windows(1166, 664, 1306, 698, 4, 1, p.near, 0.5)
    for step in range(7):
        c.box(560 + step * 14, 884 + step * 26, 700, 890 + step * 26, p.light, 60, 3)


def buoy(c):
    """An observation buoy leaning on a long swell."""
    p = c.palette
    c.sky(470, clouds=4)
    c.gradient(p.water, p.deep, 470)
    for row in range(9):
        base = 486 + row**1.55 * 19
        tall = 10 + row * 9
        points = [
            (x, base - tall * math.sin(x / WIDTH * (11 - row * 0.8) + row * 1.9))
            for x in range(-10, WIDTH + 20, 10)
        ]
        shade = mix(p.water, p.deep, row / 8) if row % 2 else mix(p.low, p.water, 0.4 + row / 14)
        c.polygon([(-10, HEIGHT), *points, (WIDTH + 20, HEIGHT)], shade, 170)
        if row == 5:
            _buoy_body(c)


def _buoy_body(c):
    p = c.palette

    def lean(x, y):
        angle = 0.13
        return (820 + x * math.cos(angle) - y * math.sin(angle),
                760 + x * math.sin(angle) + y * math.cos(angle))  # fmt: skip

    c.polygon([lean(-150, 0), lean(150, 0), lean(112, 90), lean(-112, 90)], p.accent)
    c.polygon([lean(-150, -26), lean(150, -26), lean(150, 4), lean(-150, 4)], p.light)
    for x in (-96, 96):
        c.line([lean(x, -26), lean(x * 0.3, -330)], p.ink, 9)
    for y, half in ((-110, 74), (-210, 52)):
        c.line([lean(-half, y), lean(half, y)], p.ink, 6)
    c.line([lean(-74, -110), lean(52, -210)], p.ink, 4)
    c.polygon([lean(-80, -120), lean(-8, -126), lean(-14, -196), lean(-70, -190)], p.near)
    c.line([lean(-44, -122), lean(-42, -194)], p.light, 2, 120)
    c.polygon([lean(-42, -330), lean(42, -330), lean(30, -352), lean(-30, -352)], p.ink)
    x, y = lean(0, -378)
    c.glow(x, y, 120, p.glow, 130)
    c.disc(x, y, 20, p.glow)
    c.line([lean(24, -350), lean(24, -450)], p.ink, 3)


def fog_harbour(c):
    """Boats and posts that fade into the fog, layer by layer."""
    p = c.palette
    c.gradient(p.sky, p.low, 0, 620)
    c.gradient(p.low, p.water, 620)
    c.glow(1120, 300, 260, p.glow, 90)
    c.disc(1120, 300, 58, p.glow, 130)
    for depth, (y, size, start) in enumerate(
        ((560, 0.42, 980), (620, 0.62, 280), (716, 0.95, 820), (868, 1.5, 130))
    ):
        shade = mix(p.low, p.near, 0.22 + depth * 0.24)
        for index in range(2):
            _boat(c, start + index * 470 * size, y, size, shade)
        c.box(0, y + 6, WIDTH, y + 26, p.light, 50)
        for index in range(5):
            length = c.random.uniform(500, 1100)
            x = c.random.uniform(-300, WIDTH - 200)
            top = y - 40 * size + index * 16
            c.box(x, top, x + length, top + 30, p.light, 34, 15)
    for x, tall in ((1240, 330), (1330, 300), (1430, 352), (1540, 316)):
        c.box(x, HEIGHT - tall, x + 30, HEIGHT, p.ink, radius=4)
        c.box(x - 3, HEIGHT - tall, x + 33, HEIGHT - tall + 14, mix(p.ink, p.light, 0.3), radius=4)
    c.sag((1340, 860), (1030, 900), 40, p.ink, 4)


def _boat(c, x, y, size, shade):
    def at(dx, dy):
        return x + dx * size, y + dy * size

    c.polygon([at(-20, -58), at(40, -44), at(250, -44), at(286, -66), at(252, 6), at(20, 6)], shade)
    c.polygon([at(120, -44), at(128, -112), at(196, -112), at(204, -44)], shade)
    c.line([at(90, -44), at(90, -218)], shade, 6 * size)
    c.line([at(90, -200), at(20, -60)], shade, 2 * size)
    c.line([at(90, -200), at(270, -58)], shade, 2 * size)
    c.shimmer(x + 130 * size, y + 10, 110 * size, shade, 90 * size, 90)


def kelp_forest(c):
    """Kelp standing in shafts of light, seen from the bottom."""
    p = c.palette
    c.gradient(p.sky, p.deep, 0, HEIGHT)
    for x, width in ((240, 120), (560, 190), (900, 90), (1160, 220), (1460, 120)):
        c.polygon([(x, -10), (x + width, -10), (x + width * 1.9 - 240, HEIGHT),
                   (x - 330, HEIGHT)], p.glow, 20)  # fmt: skip
    for y in range(14, 90, 18):
        c.box(c.random.uniform(0, 700), y, c.random.uniform(800, 1600), y + 5, p.light, 50, 3)
    for layer, (count, tall, shade) in enumerate(
        ((9, 560, mix(p.low, p.far, 0.5)), (8, 690, p.mid), (6, 820, p.near))
    ):
        c.ridge(HEIGHT - 30 + layer * 12, 150 - layer * 30, shade, 50 + layer, 1.2)
        for index in range(count):
            x = (index + c.random.uniform(0.2, 0.8)) * WIDTH / count
            _kelp(c, x, HEIGHT - 60, tall * c.random.uniform(0.75, 1.05), shade, 1 + layer * 0.35)
        if layer == 1:
            _fishes(c)
    for x, y in ((330, 1000), (420, 1022), (1030, 996), (1260, 1014)):
        for spike in range(22):
            angle = spike / 22 * math.tau
            c.line([(x, y), (x + 34 * math.cos(angle), y + 34 * math.sin(angle))], p.ink, 2.5)
        c.disc(x, y, 20, p.ink)


def _kelp(c, x, foot, tall, shade, size):
    phase, sway = c.random.uniform(0, 6), c.random.uniform(18, 40) * size

    def stem(t):
        return x + sway * math.sin(phase + t * 4.2) * t**0.7, foot - tall * t

    c.line([stem(t / 30) for t in range(31)], shade, 7 * size)
    for leaf in range(3, 21):
        t = leaf / 21
        px, py = stem(t)
        side = 1 if leaf % 2 else -1
        long = (1.15 - 0.5 * t) * c.random.uniform(66, 104) * size
        lift = c.random.uniform(40, 74) * size
        c.polygon(
            [(px, py), (px + side * long * 0.35, py - lift * 0.75), (px + side * long, py - lift),
             (px + side * long * 0.5, py - lift * 0.2)], shade,
        )  # fmt: skip


def _fishes(c):
    p = c.palette
    for _ in range(17):
        x, y = c.random.uniform(520, 1150), c.random.uniform(300, 560)
        c.ellipse(x, y, 19, 6.5, p.light, 190)
        c.polygon([(x - 14, y), (x - 30, y - 8), (x - 30, y + 8)], p.light, 190)


def tide_pool(c):
    """A rock pool seen from above, with what lives in it."""
    p = c.palette
    c.gradient(p.mid, p.near, 0, HEIGHT)
    for _ in range(150):
        x, y = c.random.uniform(0, WIDTH), c.random.uniform(0, HEIGHT)
        r = c.random.uniform(14, 70)
        c.ellipse(x, y, r * 1.5, r, c.random.choice((p.far, p.ink, p.mid)), 46)
    for grow, shade in ((54, p.ink), (30, p.light), (14, p.sky), (0, p.low), (-50, p.sky)):
        points = []
        for step in range(120):
            angle = step / 120 * math.tau
            r = 1 + 0.1 * math.sin(3 * angle + 1) + 0.06 * math.sin(7 * angle)
            points.append((800 + (540 * r + grow) * math.cos(angle),
                           540 + (330 * r + grow) * math.sin(angle)))  # fmt: skip
        c.polygon(points, shade, 255 if shade != p.light else 120)
    for x, y, size, turn in ((620, 470, 92, 0.2), (1010, 640, 66, 0.9)):
        points = [
            (x + size * (1 if k % 2 == 0 else 0.36) * math.sin(turn + k * math.pi / 5),
             y - size * (1 if k % 2 == 0 else 0.36) * math.cos(turn + k * math.pi / 5))
            for k in range(10)
        ]  # fmt: skip
        c.polygon(points, p.accent)
        c.disc(x, y, size * 0.12, p.light, 150)
    for x, y, r in ((860, 440, 44), (930, 480, 30), (720, 680, 52), (1120, 500, 36)):
        for spike in range(26):
            angle = spike / 26 * math.tau
            c.line([(x, y), (x + r * math.cos(angle), y + r * math.sin(angle))], p.near, 4)
        c.disc(x, y, r * 0.42, p.ink)
    for _ in range(9):
        x, y = c.random.uniform(480, 1120), c.random.uniform(380, 720)
        c.ellipse(x, y, 22, 7, p.near, 210)
        c.polygon([(x - 18, y), (x - 34, y - 8), (x - 34, y + 8)], p.near, 210)
    for _ in range(24):
        x, y = c.random.uniform(430, 1150), c.random.uniform(340, 750)
        c.box(x, y, x + c.random.uniform(30, 120), y + 4, p.light, 110, 2)


MOTIFS = (
    cable_ship,
    ferry,
    ferry_island,
    lighthouse,
    buoy,
    fog_harbour,
    kelp_forest,
    tide_pool,
)
