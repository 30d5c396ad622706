"""The text of the letter, in Dutch (B1) and in English, which stand on the same paper."""

from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date

from ..clock import THE_HAGUE
from .terms import LetterTerms

SENDER = "Gemeente Den Haag"
SERIAL = ("Briefnummer", "Letter number")
HELP = ("Hulp", "Help")
REPLACES = ("Vervangt", "Replaces")
CODE = ("Uw stemcode", "Your voting code")


@dataclass(frozen=True)
class Note:
    """A short warning or offer: what it is about, and what to do."""

    lead: str
    text: str


@dataclass(frozen=True)
class Words:
    """The letter in one language; `period` tells when people can vote, `change` whether a vote can be changed."""

    heading: str
    introduction: str
    period: str
    how: str
    steps: tuple[str, ...]
    change: str
    notes: tuple[Note, ...]


def dutch(terms: LetterTerms) -> Words:
    """The letter in Dutch."""
    return Words(
        "Stem mee over de plannen in uw wijk",
        f"De gemeente heeft {euros(terms.budget, 'nl')} voor plannen in {terms.area}. U beslist mee welke plannen er "
        f"komen. U mag stemmen als u {terms.youngest} jaar of ouder bent.",
        f"U kunt stemmen van {moment(terms.opens, 'nl')} {until(terms.closes, 'nl')}.",
        "Zo stemt u op internet",
        (
            f"Scan de QR-code met uw telefoon. Of ga naar {terms.site}/stemmen",
            "Vul uw stemcode in.",
            "Kies uw plannen en verstuur uw stem.",
        ),
        "U kunt uw stem veranderen zolang het stemmen duurt. Uw laatste stem telt."
        if terms.may_change
        else "U kunt 1 keer stemmen. Daarna kunt u uw stem niet meer veranderen.",
        (
            Note("Hulp nodig?", f"Bel {terms.help_phone} of ga naar het wijkcentrum. Een medewerker helpt u. "
                 "U kiest zelf, de medewerker kijkt niet mee."),
            Note("Houd deze brief geheim.", "Geef uw stemcode aan niemand. "
                 "Uw stem gaat in een dichte digitale envelop."),
            Note("Brief kwijt?", f"Bel {terms.help_phone} en noem uw briefnummer. "
                 "Schrijf dat nummer daarom ook ergens anders op."),
        ),
    )  # fmt: skip


def english(terms: LetterTerms) -> Words:
    """The letter in English."""
    return Words(
        "Vote on the plans in your neighbourhood",
        f"The city has {euros(terms.budget, 'en')} for plans in {terms.area}. You help decide which plans will be "
        f"carried out. You may vote if you are {terms.youngest} or older.",
        f"You can vote from {moment(terms.opens, 'en')} {until(terms.closes, 'en')}.",
        "How to vote on the internet",
        (
            f"Scan the QR code with your phone. Or go to {terms.site}/en/stemmen",
            "Fill in your voting code.",
            "Choose your plans and send your vote.",
        ),
        "You can change your vote as long as voting lasts. Your last vote counts."
        if terms.may_change
        else "You can vote once. After that you cannot change your vote.",
        (
            Note("Need help?", f"Call {terms.help_phone} or go to the community centre. A member of staff will help "
                 "you. You choose by yourself: they do not watch."),
            Note("Keep this letter secret.", "Give your voting code to nobody. "
                 "Your vote goes into a sealed digital envelope."),
            Note("Lost your letter?", f"Call {terms.help_phone} and give your letter number. "
                 "So also write that number down somewhere else."),
        ),
    )  # fmt: skip


def euros(cents: int, language: str) -> str:
    """An amount: `€ 12.500` or `€ 12.500,50` (nl, the space does not break), `€12,500` or `€12,500.50` (en)."""
    whole, rest = divmod(cents, 100)
    english = f"{whole:,}" + (f".{rest:02d}" if rest else "")
    if language == "en":
        return f"€{english}"
    return "€\N{NO-BREAK SPACE}" + english.translate(str.maketrans(",.", ".,"))


def day(when: date, language: str) -> str:
    """A day with its weekday: `zondag 13 december 2026`, `Sunday 13 December 2026`."""
    return format_date(when, "EEEE d MMMM y", locale="en_GB" if language == "en" else "nl_NL")


def moment(when: datetime, language: str) -> str:
    """A moment on the wall clock of The Hague: `zondag 13 december 2026 om 18.00 uur`."""
    local = when.astimezone(THE_HAGUE)
    written = day(local.date(), language)
    return f"{written} at {local:%H:%M}" if language == "en" else f"{written} om {local:%H.%M} uur"


def until(when: datetime, language: str) -> str:
    """The end that is not included: `tot … uur`, or `tot en met` the day before where it is midnight."""
    local = when.astimezone(THE_HAGUE)
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return f"{'until' if language == 'en' else 'tot'} {moment(when, language)}"
    eve = day(date.fromordinal(local.toordinal() - 1), language)
    return f"up to and including {eve}" if language == "en" else f"tot en met {eve}"
