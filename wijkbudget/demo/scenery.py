"""The parts of our own drawings: each function gives SVG for a picture of WIDTH by HEIGHT, at a place and a size."""

import random
from collections.abc import Sequence

WIDTH, HEIGHT = 1200, 800
BRICK = ("#b9674f", "#a9573f", "#c47f60", "#9c5a48", "#d2a679", "#b98a63")
ROOFS = ("#7d3f33", "#6b5148", "#94523f")
DOORS = ("#2d5d46", "#1d4468", "#7a2e2a", "#3a3a3a")
GABLES = ("stepped", "flat", "pointed")
GLASS = "#dfeaf0"
WOOD = "#9a6a3e"


def placed(drawing: str, x: float, y: float, size: float = 1.0) -> str:
    """A drawing made around the point 0,0, moved and scaled."""
    return f'<g transform="translate({x:g},{y:g}) scale({size:g})">{drawing}</g>'


def rect(x: float, y: float, width: float, height: float, colour: str, round_by: float = 0) -> str:
    """A rectangle in one colour."""
    corner = f' rx="{round_by:g}"' if round_by else ""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"{corner} fill="{colour}"/>'


def circle(x: float, y: float, radius: float, colour: str) -> str:
    """A filled circle."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{colour}"/>'


def shape(path: str, colour: str) -> str:
    """A filled shape."""
    return f'<path d="{path}" fill="{colour}"/>'


def line(path: str, colour: str, width: float, *, rounded: bool = False) -> str:
    """A line along a path."""
    cap = ' stroke-linecap="round"' if rounded else ""
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"{cap}/>'


def shadow(y: float, across: float, down: float) -> str:
    """The soft shadow under a thing."""
    return f'<ellipse cx="0" cy="{y:g}" rx="{across:g}" ry="{down:g}" fill="#000" opacity=".13"/>'


def sky(above: str, below: str) -> str:
    """The whole background, from one colour above to another below."""
    stops = f'<stop offset="0" stop-color="{above}"/><stop offset="1" stop-color="{below}"/>'
    gradient = f'<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">{stops}</linearGradient></defs>'
    return gradient + rect(0, 0, WIDTH, HEIGHT, "url(#sky)")


def cloud(x: float, y: float, size: float = 1.0) -> str:
    """A small white cloud."""
    ellipses = ((0, 0, 70, 26), (-30, -16, 36, 26), (22, -24, 46, 34))
    puffs = (f'<ellipse cx="{cx}" cy="{cy}" rx="{rx}" ry="{ry}"/>' for cx, cy, rx, ry in ellipses)
    return placed(f'<g fill="#fff" opacity=".85">{"".join(puffs)}</g>', x, y, size)


def tree(
    x: float, y: float, size: float = 1.0, *, dark: str = "#3f8f4f", light: str = "#5aa860", trunk: str = "#7a5a3c"
) -> str:
    """A round tree that stands on the point."""
    wood = shape("M-8 0L-5 -110L5 -110L8 0Z", trunk) + line("M0 -60L34 -100", trunk, 6)
    crown = [circle(*spot, dark) for spot in ((0, -170, 78), (-46, -140, 50), (48, -138, 52))]
    shine = [circle(*spot, light) for spot in ((-18, -196, 46), (-52, -156, 26), (34, -164, 24))]
    return placed(shadow(4, 60, 10) + wood + "".join(crown + shine), x, y, size)


def house(x: float, y: float, width: float, height: float, wall: str, **looks: str) -> str:
    """A house whose left foot is the point; `looks` may name roof, gable, glass and door."""
    gable = looks.get("gable", "stepped")
    roof = wall if gable == "stepped" else looks.get("roof", ROOFS[0])
    top = _gable(gable, width, height, roof)
    front = _windows(width, height, looks.get("glass", GLASS), looks.get("door", DOORS[0]))
    return placed(rect(0, -height, width, height, wall) + top + front, x, y)


def row_of_houses(y: float, height: float, *, seed: int, walls: Sequence[str] = BRICK, glass: str = GLASS) -> str:
    """A street of houses from edge to edge; the same seed gives the same street."""
    choose = random.Random(seed).choice
    houses = []
    x = -20
    while x < WIDTH + 20:
        width = choose((150, 170, 190))
        looks = {"roof": choose(ROOFS), "gable": choose(GABLES), "glass": glass, "door": choose(DOORS)}
        houses.append(house(x, y, width, height + choose((-20, 0, 24, 40)), choose(walls), **looks))
        x += width
    return "".join(houses)


def grass(y: float, far: str = "#7fbf6a", near: str = "#6bb05c") -> str:
    """A lawn from this height down."""
    wave = f"M0 {y + 60:g}Q300 {y + 20:g} 600 {y + 70:g}T1200 {y + 50:g}V{HEIGHT}H0Z"
    return rect(0, y, WIDTH, HEIGHT - y, far) + shape(wave, near)


def pavement(y: float, stone: str = "#cfc8bd", joint: str = "#bdb5a8") -> str:
    """Paving stones from this height down, larger where they are near."""
    joints = []
    top, course = y, 0
    while top < HEIGHT:
        depth = 14 + course * 5
        joints.append(f"M0 {top:g}H{WIDTH}")
        joints += [f"M{k * (40 + course * 9) + course % 2 * 20} {top:g}v{depth}" for k in range(26)]
        top, course = top + depth, course + 1
    return rect(0, y, WIDTH, HEIGHT - y, stone) + line("".join(joints), joint, 2)


def person(x: float, y: float, size: float, *, top: str, legs: str, skin: str, hair: str) -> str:
    """Somebody who stands on the point."""
    body = shape("M-13 0L-10 -62H10L13 0H4L0 -44L-4 0Z", legs) + shape("M-18 -58Q-20 -112 0 -114Q20 -112 18 -58Z", top)
    head = circle(0, -132, 17, skin) + shape("M-18 -134Q-16 -154 0 -154Q16 -154 18 -134Q6 -146 -18 -134Z", hair)
    return placed(shadow(2, 26, 6) + body + head, x, y, size)


def bench(x: float, y: float, size: float = 1.0, wood: str = WOOD) -> str:
    """A bench with a back, its middle on the point."""
    iron = ((-92, -44, 10, 46), (82, -44, 10, 46), (-92, -104, 8, 62), (84, -104, 8, 62))
    frame = "".join(rect(*bar, "#3f474d") for bar in iron)
    boards = "".join(rect(-112, height, 224, 13, wood, 3) for height in (-52, -106, -86))
    return placed(shadow(4, 120, 9) + frame + boards, x, y, size)


def bicycle(x: float, y: float, colour: str) -> str:
    """A bicycle that stands on the point."""
    wheels = "".join(
        f'<circle cx="{cx}" cy="-42" r="42" fill="none" stroke="#222" stroke-width="6"/>' for cx in (-58, 62)
    )
    frame = line("M-58 -42L-24 -108H44L62 -42M-24 -108L4 -42L44 -108M-58 -42H4", colour, 8, rounded=True)
    saddle = line("M-34 -122H-10", "#333", 9, rounded=True)
    return placed(wheels + frame + saddle + line("M44 -108L40 -132H66", "#444", 6, rounded=True), x, y)


def _gable(kind: str, width: float, height: float, colour: str) -> str:
    if kind == "flat":
        return rect(-4, -height - 26, width + 8, 28, colour)
    if kind == "pointed":
        return shape(f"M0 {1 - height:g}L{width / 2:g} {-height - 120:g}L{width:g} {1 - height:g}Z", colour)
    return _stepped_gable(width, height, colour)


def _stepped_gable(width: float, height: float, colour: str, steps: int = 4, rise: int = 34) -> str:
    run = width / 2 / steps
    left = [(k * run, -height - level * rise) for k in range(steps) for level in (k, k + 1)]
    right = [(width - x, y) for x, y in reversed(left)]
    outline = [(0.0, 1.0 - height), *left, (width / 2, -height - steps * rise), *right, (width, 1.0 - height)]
    return shape("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in outline) + "Z", colour)


def _windows(width: float, height: float, glass: str, door: str) -> str:
    columns, rows = max(2, int(width // 62)), int(height // 110)
    pane = width / (columns * 1.8 + 0.8)
    drawings = []
    for row in range(rows):
        for column in range(columns):
            x = pane * 0.8 + column * pane * 1.8
            is_door = (row, column) == (rows - 1, columns - 1)
            drawings.append(
                _door(x, pane, door, glass) if is_door else _window(x, 26 - height + row * 104, pane, glass)
            )
    return "".join(drawings)


def _door(x: float, width: float, colour: str, glass: str) -> str:
    return rect(round(x, 1), -92, round(width, 1), 92, colour) + rect(
        round(x + 4, 1), -86, round(width - 8, 1), 20, glass
    )


def _window(x: float, y: float, width: float, glass: str) -> str:
    x, width = round(x, 1), round(width, 1)
    bars = f"M{x:g} {y + 33:g}h{width:g}M{x + width / 2:g} {y:g}v66"
    return rect(x - 3, y - 3, width + 6, 72, "#fff") + rect(x, y, width, 66, glass) + line(bars, "#fff", 3)
