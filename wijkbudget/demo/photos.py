"""Our own drawings as photos of plans, each developed once."""

from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

from ..plans.photos import Developed, developed_photo
from ..plans.tables import Photo, Rendition

PICTURES = Path(__file__).with_name("pictures")

ALT = {
    "speeltuin": "Tekening van een speeltuin met spelende kinderen.",
    "geveltuin": "Tekening van huizen met planten en bloemen langs de gevel.",
    "fietsen": "Tekening van fietsen in een rek op straat.",
    "park": "Tekening van een picknicktafel bij het water, met twee mensen.",
    "muur": "Tekening van mensen die een grote muur beschilderen.",
    "moestuin": "Tekening van bakken met groente, een schuurtje en twee mensen die tuinieren.",
    "licht": "Tekening van een fietspad in het donker, met lampen die zacht licht geven.",
    "banken": "Tekening van twee bankjes op een plein, met twee oudere mensen.",
    "panna": "Tekening van een kleine voetbalkooi met twee spelers.",
    "water": "Tekening van een kraan met drinkwater op straat, met een kind en een volwassene.",
}


@dataclass
class Darkroom:
    """Makes photos from the drawings and remembers what it developed: that takes a third of a second each."""

    _developed: dict[str, Developed] = field(default_factory=dict)

    def photo(self, picture: str) -> Photo:
        """A new photo of this drawing."""
        if picture not in self._developed:
            self._developed[picture] = developed_photo((PICTURES / f"{picture}.webp").read_bytes())
        kept = self._developed[picture]
        renditions = [Rendition(width=width, webp=webp) for width, webp in kept.renditions]
        name = token_hex(16)
        return Photo(name=name, alt=ALT[picture], width=kept.width, height=kept.height, renditions=renditions)
