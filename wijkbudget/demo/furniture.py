"""What the plans bring to the street: each function draws one thing around the point where it stands."""

import random

from .scenery import HEIGHT, circle, line, placed, rect, shadow, shape

STEEL = "#c9ced6"
RED = "#d9482b"
TIMBER = "#7a5a3c"
BLUE = "#2d6fa5"
PETALS = ((-40, "#e25d7b"), (-22, "#f0b800"), (-2, "#c24bb0"), (18, "#fff"), (38, "#e5533a"))
LEAVES = ((-100, 30, "#3f8f4f"), (-50, 24, "#5aa860"), (0, 32, "#3f8f4f"), (50, 24, "#6cb35a"), (100, 30, "#3f8f4f"))
TULIP = "M-44 -120q0 -70 20 -90q12 26 24 26q12 0 24 -26q20 20 20 90q-44 40 -88 0Z"
GULL = "M0 0q30 -40 60 0q30 -40 60 0q-30 -18 -60 6q-30 -24 -60 -6Z"
BALL = '<circle cx="0" cy="0" r="15" fill="#fff" stroke="#222" stroke-width="3"/>'


def sandpit() -> str:
    """A large oval of sand."""
    edge = '<ellipse cx="0" cy="6" rx="430" ry="80" fill="#ecd9a8"/>'
    return edge + '<ellipse cx="0" cy="0" rx="420" ry="74" fill="#f3e4ba"/>'


def swings() -> str:
    """A frame with two swings."""
    legs = line("M-185 0L-135 -270M-75 0L-125 -270M75 0L125 -270M185 0L135 -270", RED, 14, rounded=True)
    beam = line("M-140 -268H140", RED, 16, rounded=True)
    ropes = line("M-65 -262V-80M-15 -262V-80M35 -262L15 -90M80 -262L60 -90", "#555", 4)
    return legs + beam + ropes + rect(-75, -82, 70, 12, BLUE, 5) + rect(5, -92, 66, 12, BLUE, 5)


def slide() -> str:
    """A climbing tower with a slide."""
    posts = line("M-45 -230V0M45 -230V0M-50 -290V-235M50 -290V-235", TIMBER, 12)
    rungs = line("M-45 -190H45M-45 -150H45M-45 -110H45M-45 -70H45", TIMBER, 8)
    roof = shape("M-65 -290L0 -340L65 -290Z", "#238541")
    chute = line("M53 -232Q135 -170 155 -50Q161 -10 215 -6", "#f0b800", 26)
    return (
        rect(-55, -240, 110, 14, TIMBER)
        + posts
        + rungs
        + roof
        + chute
        + line("M53 -238Q143 -174 165 -54", "#ffd84d", 8)
    )


def planter() -> str:
    """A wooden planter with flowers."""
    wood = rect(-52, -34, 104, 40, "#6d4b35", 4) + rect(-56, -40, 112, 10, "#80593f", 3)
    return wood + "".join(_flower(x, colour) for x, colour in PETALS)


def climber() -> str:
    """A plant that climbs 340 high; the same each time."""
    sway = random.Random(7)
    stem = line("M0 0C-20 -80 30 -140 0 -220C-20 -270 16 -300 0 -340", "#4d9a58", 16)
    leaves = (circle(sway.randint(-28, 28), -26 * k, 15, ("#3f8f4f", "#5aa860")[k % 2]) for k in range(14))
    return stem + "".join(leaves)


def bicycle_rack() -> str:
    """One iron hoop to lock a bicycle to."""
    return line("M-26 0V-70Q-26 -96 0 -96Q26 -96 26 -70V0", "#5b666e", 9)


def picnic_table() -> str:
    """A table with benches on both sides."""
    legs = line("M-90 0L-40 -110M90 0L40 -110", "#7a5233", 14)
    return shadow(6, 190, 14) + legs + rect(-150, -122, 300, 18, "#b07a48", 4) + rect(-180, -62, 360, 14, "#9a6a3e", 4)


def painting() -> str:
    """A mural of 800 by 420 with hills, gulls, the sun and tulips; its upper left corner is the point."""
    hills = shape("M0 270Q180 150 360 250T800 210V420H0Z", "#238541")
    meadow = shape("M0 330Q220 250 440 320T800 300V420H0Z", "#6cb35a")
    gulls = placed(shape(GULL, "#fff"), 180, 150) + placed(shape(GULL, "#fff"), 360, 80, 0.8)
    tulips = ((270, 390, 1, "#e5533a"), (440, 402, 0.8, "#f0b800"), (100, 406, 0.72, "#e88fb0"))
    flowers = (placed(_tulip(colour), x, y, size) for x, y, size, colour in tulips)
    return rect(0, 0, 800, 420, "#1d4468") + hills + meadow + circle(600, 110, 78, "#fae166") + gulls + "".join(flowers)


def raised_bed() -> str:
    """A wooden box with vegetables."""
    soil = shape("M-130 0H130L150 60H-150Z", "#5b3d2a") + rect(-150, 60, 300, 36, "#9a6a3e")
    return soil + "".join(_sprout(x, y, colour) for x, y, colour in LEAVES)


def shed() -> str:
    """A small garden shed."""
    return (
        rect(-60, -120, 130, 120, "#6d8f5e")
        + shape("M-76 -118L5 -180L86 -118Z", "#4b5a4a")
        + rect(-16, -70, 44, 70, "#3f5240")
    )


def street_lamp() -> str:
    """A lamp with its cone of light."""
    light = '<path d="M-10 -316L-150 60H190L60 -316Z" fill="#ffe9a8" opacity=".22"/>'
    return light + line("M0 0V-330Q0 -350 26 -350", STEEL, 8) + rect(14, -356, 58, 12, "#fff4cf", 6)


def football_pitch() -> str:
    """A blue pitch with white lines and a cage around it."""
    floor = shape("M120 760L300 480H920L1090 760Z", "#2d7fb0") + line("M180 668H1034M600 480V760", "#fff", 5)
    spot = '<ellipse cx="604" cy="612" rx="96" ry="44" fill="none" stroke="#fff" stroke-width="5"/>'
    posts = line("M300 480V360H920V480M120 760V560L300 360M1090 760V560L920 360", "#39434a", 8)
    wires = line("".join(f"M{x} 362V478" for x in range(312, 920, 14)), "#8d979e", 2)
    return floor + spot + posts + wires + line("M540 480V420H670V480", "#f0b800", 8)


def water_tap() -> str:
    """A public tap that runs."""
    post = rect(-34, -250, 76, 252, "#238541", 10) + rect(-46, -270, 100, 28, "#155429", 10)
    spout = line("M42 -200H96Q112 -200 112 -184V-168", STEEL, 14)
    stream = '<path d="M112 -160V-96" stroke="#6bbbe0" stroke-width="8" stroke-dasharray="16 8"/>'
    drop = shape("M4 -180c-14 22 -20 32 -20 42a20 20 0 0 0 40 0c0 -10 -6 -20 -20 -42Z", "#fff")
    return shadow(6, 120, 14) + post + spout + stream + rect(78, -92, 70, 16, "#9aa5ab", 6) + drop


def ground(y: float, colour: str) -> str:
    """A plain floor from this height down."""
    return rect(0, y, 1200, HEIGHT - y, colour)


def _flower(x: int, colour: str) -> str:
    height = 46 + abs(x) % 17
    lean = x % 7 - 3
    return line(f"M{x} -38q{x % 9 - 6} -30 {lean} -{height}", "#3f8f4f", 5) + circle(x + lean, -38 - height, 10, colour)


def _tulip(colour: str) -> str:
    return line("M0 0V-120", "#2f6b3c", 10) + shape(TULIP, colour)


def _sprout(x: int, y: int, colour: str) -> str:
    return placed(line("M0 0q-20 -30 -26 -44M0 0v-54M0 0q20 -30 26 -44", colour, 9, rounded=True), x, y)
