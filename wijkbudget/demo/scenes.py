"""The ten drawings of the demonstration's plans: our own, flat, and the same each time."""

from collections.abc import Callable

from . import furniture
from .scenery import (
    HEIGHT,
    WIDTH,
    bench,
    bicycle,
    cloud,
    grass,
    house,
    line,
    pavement,
    person,
    placed,
    rect,
    row_of_houses,
    shape,
    sky,
    tree,
)

DUSK = ("#5a4250", "#4d3f52", "#63494c", "#54404a")


def playground() -> str:
    """Swings, a climbing tower with a slide, and sand."""
    return (
        sky("#bfe3f2", "#eaf6ee") + cloud(220, 130) + cloud(900, 90, 0.8) + row_of_houses(470, 190, seed=3) + grass(460)
        + tree(120, 560, 1.1) + tree(1090, 560, 1.2) + placed(furniture.sandpit(), 620, 684)
        + placed(furniture.swings(), 485, 680) + placed(furniture.slide(), 845, 690)
        + person(255, 716, 0.8, top="#e58b3a", legs="#34506b", skin="#8a5a3c", hair="#221a14")
        + person(720, 742, 0.62, top="#c23b5a", legs="#2c3b4a", skin="#e0ac86", hair="#6b3e1d")
        + person(1070, 720, 0.62, top="#238541", legs="#2c3b4a", skin="#6b432c", hair="#111")
    )  # fmt: skip


def facade_gardens() -> str:
    """Planters and climbers along the houses."""
    planters = "".join(placed(furniture.planter(), x, 640) for x in (150, 470, 800, 1090))
    climbers = "".join(placed(furniture.climber(), x, 600) for x in (300, 960))
    return (
        sky("#cfe8f4", "#f4f7ee") + cloud(300, 80, 0.7) + row_of_houses(600, 360, seed=8) + pavement(600)
        + planters + climbers + tree(630, 700, 1.05)
        + person(520, 745, 0.95, top="#6f4aa0", legs="#31343a", skin="#9c6a48", hair="#141414")
    )  # fmt: skip


def bicycle_racks() -> str:
    """A row of racks with bicycles."""
    racks = "".join(placed(furniture.bicycle_rack(), x, 660, 1.05) for x in range(215, 1100, 170))
    colours = ("#b5322a", "#1b5e8c", "#238541", "#e0a300", "#333")
    bicycles = "".join(bicycle(265 + 175 * place, 690, colour) for place, colour in enumerate(colours))
    street = row_of_houses(540, 330, seed=11) + pavement(540, "#bfc3c6", "#adb2b6")
    return sky("#d6e9f3", "#f5f4ec") + street + tree(80, 600, 0.9) + racks + bicycles


def park() -> str:
    """A picnic table by the water."""
    far = "".join(tree(x, 430, 0.75, dark="#5e9e63", light="#79b377") for x in range(40, 1240, 120))
    ripples = line("M120 600q60 -14 120 0M700 622q60 -14 120 0M420 624q40 -10 90 0", "#e9f6fb", 4)
    pond = shape("M0 560Q300 520 560 600T1200 560V660Q900 640 600 690T0 650Z", "#8fc7dd")
    return (
        sky("#bfe0f0", "#f0f6e6") + cloud(200, 120) + cloud(760, 80, 1.1) + far + grass(420, "#8cc66f", "#79b85f")
        + pond + ripples + tree(1080, 720, 1.6) + placed(furniture.picnic_table(), 470, 760)
        + person(330, 770, 1, top="#c23b5a", legs="#2c3b4a", skin="#8a5a3c", hair="#111")
        + person(650, 776, 1, top="#f0b800", legs="#41506a", skin="#e0ac86", hair="#7a4a22") + bench(860, 700, 0.7)
    )  # fmt: skip


def mural() -> str:
    """Children and an artist paint a wall."""
    courses = "".join(f"M160 {y}H1040" for y in range(124, 600, 16))
    wall = rect(160, 110, 880, 490, "#b9674f") + line(courses, "#a9573f", 2)
    neighbours = house(-30, 600, 190, 330, "#d2a679") + house(1040, 600, 200, 350, "#9c5a48", gable="flat")
    return (
        sky("#cfe6f3", "#f6f3e8") + cloud(180, 90, 0.8) + wall + placed(furniture.painting(), 200, 150)
        + neighbours + pavement(600)
        + person(360, 740, 1.05, top="#eee", legs="#41506a", skin="#e0ac86", hair="#7a4a22")
        + line("M384 650L440 590", "#7a5a3c", 6)
        + person(880, 750, 0.95, top="#238541", legs="#222", skin="#6b432c", hair="#111")
    )  # fmt: skip


def vegetable_garden() -> str:
    """Raised beds, a shed and two gardeners."""
    spots = ((250, 520), (620, 500), (980, 520), (420, 660), (820, 660))
    return (
        sky("#c6e5f3", "#f3f6e4") + cloud(880, 110) + row_of_houses(430, 170, seed=21)
        + grass(420, "#94c973", "#7fba62") + "".join(placed(furniture.raised_bed(), x, y) for x, y in spots)
        + tree(70, 560, 0.9) + placed(furniture.shed(), 1110, 520)
        + person(600, 720, 1.05, top="#e58b3a", legs="#34506b", skin="#8a5a3c", hair="#141414")
        + person(140, 730, 0.95, top="#1b5e8c", legs="#333", skin="#e9bd97", hair="#999")
    )  # fmt: skip


def street_lights() -> str:
    """A cycle path in the dark under soft lamps."""
    path = furniture.ground(560, "#39404d")
    stripes = f'<path d="M0 690H{WIDTH}" stroke="#5a6270" stroke-width="4" stroke-dasharray="60 40"/>'
    lamps = "".join(placed(furniture.street_lamp(), x, 600) for x in (150, 480, 810, 1110))
    return (
        sky("#16263f", "#3d4d6b") + row_of_houses(560, 340, seed=5, walls=DUSK, glass="#f7d98a") + path + stripes
        + lamps + person(640, 640, 0.9, top="#c23b5a", legs="#20242c", skin="#8a5a3c", hair="#111")
        + tree(330, 600, 0.7, dark="#2c4a45", light="#355a50", trunk="#33302e")
    )  # fmt: skip


def benches() -> str:
    """Two benches and two older people on a square."""
    return (
        sky("#c9e6f2", "#f4f6ea") + cloud(420, 100) + row_of_houses(520, 240, seed=31)
        + pavement(520, "#d6cfc4", "#c5bdb0") + tree(150, 640, 1.2) + tree(1060, 640, 1.25)
        + bench(430, 700, 1.15) + bench(790, 700, 1.15, "#238541")
        + person(390, 702, 1.02, top="#6f4aa0", legs="#444", skin="#e9bd97", hair="#d9d9d9")
        + person(620, 752, 1, top="#1b5e8c", legs="#333", skin="#8a5a3c", hair="#bbb")
        + line("M648 690V752", "#6d4b35", 6)
    )  # fmt: skip


def football_cage() -> str:
    """A small football cage with artificial grass."""
    return (
        sky("#c3e1f0", "#eef3ea") + cloud(960, 90) + row_of_houses(440, 220, seed=41) + furniture.ground(440, "#9aa5ab")
        + furniture.football_pitch()
        + person(430, 660, 0.95, top="#e5533a", legs="#222", skin="#6b432c", hair="#111")
        + person(760, 690, 1, top="#f0b800", legs="#1d2f5a", skin="#e0ac86", hair="#7a4a22")
        + placed(furniture.BALL, 560, 668) + tree(1140, 560, 0.8)
    )  # fmt: skip


def water_tap() -> str:
    """A public tap with drinking water."""
    return (
        sky("#cbe7f4", "#f5f7ee") + row_of_houses(560, 300, seed=51) + pavement(560) + tree(960, 640, 1.3)
        + tree(180, 600, 0.9) + placed(furniture.water_tap(), 560, 740)
        + person(730, 752, 1.05, top="#e58b3a", legs="#34506b", skin="#8a5a3c", hair="#141414")
        + person(420, 740, 0.7, top="#c23b5a", legs="#2c3b4a", skin="#e0ac86", hair="#6b3e1d")
    )  # fmt: skip


SCENES: dict[str, Callable[[], str]] = {
    "speeltuin": playground,
    "geveltuin": facade_gardens,
    "fietsen": bicycle_racks,
    "park": park,
    "muur": mural,
    "moestuin": vegetable_garden,
    "licht": street_lights,
    "banken": benches,
    "panna": football_cage,
    "water": water_tap,
}


def picture(name: str) -> str:
    """The drawing of that name as a whole SVG document. Raises KeyError for a name that is not in SCENES."""
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{SCENES[name]()}</svg>'
