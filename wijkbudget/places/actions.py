"""Importing places and postcodes; doing it twice is doing it once."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from .queries import districts, neighbourhoods
from .rules import BrokenLines, NotAPostcode, Place, slug_of, valid_postcode
from .tables import District, Neighbourhood, Postcode


def import_places(session: Session, places: Iterable[Place]) -> None:
    """Add or update these neighbourhoods, known by their code, and the districts in which they lie."""
    known_districts = {district.name: district for district in districts(session)}
    known = {neighbourhood.code: neighbourhood for neighbourhood in neighbourhoods(session)}
    for place in places:
        if place.district not in known_districts:
            known_districts[place.district] = District(name=place.district, slug=slug_of(place.district))
        neighbourhood = known.setdefault(place.code, Neighbourhood(code=place.code))
        neighbourhood.number, neighbourhood.name, neighbourhood.slug = place.number, place.name, slug_of(place.name)
        neighbourhood.inhabitants, neighbourhood.district = place.inhabitants, known_districts[place.district]
        session.add(neighbourhood)
    session.flush()


def import_postcodes(session: Session, lines: Iterable[tuple[int, Sequence[str]]]) -> int:
    """Replace all postcodes by these numbered pairs of postcode and wijkcode; gives how many there are.

    Raises BrokenLines, which names every line that is wrong; then nothing is replaced.
    """
    ids = {neighbourhood.code: neighbourhood.id for neighbourhood in neighbourhoods(session)}
    codes: dict[str, int] = {}
    broken: dict[int, str] = {}
    for number, line in lines:
        if problem := _problem(line, ids, codes):
            broken[number] = problem
        else:
            codes[valid_postcode(line[0])] = ids[line[1]]
    if broken:
        raise BrokenLines(lines=broken)
    session.execute(delete(Postcode))
    if codes:
        session.execute(insert(Postcode), [{"code": code, "neighbourhood_id": id_} for code, id_ in codes.items()])
    return len(codes)


def _problem(line: Sequence[str], ids: dict[str, int], before: dict[str, int]) -> str | None:
    """What is wrong with this line, None if nothing is."""
    match line:
        case [typed, wijkcode]:
            pass
        case _:
            return "a line is a postcode and a wijkcode"
    try:
        postcode = valid_postcode(typed)
    except NotAPostcode:
        return f"{typed!r} is no postcode"
    if wijkcode not in ids:
        return f"{wijkcode!r} is no known wijkcode"
    return f"{postcode} stands here twice" if postcode in before else None
