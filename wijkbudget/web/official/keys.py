"""The key of the urn where officials keep it: stepping in, a share from screen to paper, typing it after closing."""

from collections.abc import Callable
from typing import Any

from flask import flash, render_template
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from ...ballots import holders
from ...ballots.keeping import KeyStage, keeping_of
from ...ballots.shares import NEEDED, PROOF, SHARES, WORDS
from ...ballots.unlocking import type_share
from ...people.queries import people_with_role
from ...people.rules import Role
from ...people.tables import Person
from ...plans.queries import plan_totals
from ...refusal import Refusal
from ...rounds.rules import Phase
from ...rounds.tables import Round
from ..access import me
from ..answers import answer, form_page, see_other
from ..blueprints import official
from ..forms import Form, long_text, short_text
from ..lookup import round_or_404
from ..transactions import moment_of_deed, now, phase_of, session

LONGEST_TYPED = 2000
LONGEST_WORD = 100
_COOKIE = "keys"


class ShareForm(Form):
    """The words of a share, from paper."""

    words = long_text(
        _l("De %(words)s woorden van uw papier", words=WORDS), _l("Typ de woorden over."), longest=LONGEST_TYPED
    )


def _word(place: int) -> StringField:
    label = _l("Woord %(place)s", place=place)
    return short_text(label, _l("Typ woord %(place)s.", place=place), longest=LONGEST_WORD)


class ProofForm(Form):
    """Some words of a share, from paper."""

    first, second, third = (_word(place) for place in PROOF)

    @property
    def typed(self) -> list[str]:
        """The words in their order."""
        return [self.first.data, self.second.data, self.third.data]


@official.route("/rondes/<string:slug>/sleutel", methods=["GET", "POST"])
def key(slug: str) -> ResponseReturnValue:
    """How far the key is and what to do now; after closing the words of a share are sent here."""
    round_, form = round_or_404(slug), ShareForm()
    holders.require_shares(round_)

    def enter() -> ResponseReturnValue:
        type_share(session(), round=round_, official=me(), words=form.words.data, now=moment_of_deed())
        flash(_("Uw deel is ingevuld en klopt."))
        return see_other("official.key", slug=slug)

    return answer(form, enter, lambda refusal: _page(round_, form, refusal))


@official.post("/rondes/<string:slug>/sleutel/bewaren")
def keep_share(slug: str) -> ResponseReturnValue:
    """Become one of the three; what opens the share stays in this browser."""

    def keep(round_: Round) -> str:
        opens = holders.keep_share(
            session(), round=round_, official=me(), browser_key=_browser_key(round_), now=moment_of_deed()
        )
        cookie[_COOKIE] = cookie.get(_COOKIE, {}) | {str(round_.id): opens.hex()}
        return _("U bewaart een deel van de sleutel. Log niet uit totdat uw deel op papier staat.")

    return _press(slug, keep)


@official.post("/rondes/<string:slug>/sleutel/tonen")
def show_share(slug: str) -> ResponseReturnValue:
    """The words of the official's share, this once."""
    round_, form = round_or_404(slug), Form()

    def show() -> ResponseReturnValue:
        number, words = holders.show_share(
            session(), round=round_, official=me(), browser_key=_browser_key(round_), now=moment_of_deed()
        )
        told = {"round": round_, "number": number, "words": words.split(), "holder": me().name, "SHARES": SHARES}
        return render_template("official/show_share.html", **told)

    return answer(form, show, lambda refusal: _page(round_, form, refusal))


@official.post("/rondes/<string:slug>/sleutel/bevestigen")
def confirm_share(slug: str) -> ResponseReturnValue:
    """The official has the share on paper, as three words of it show; this browser needs to open it no more."""
    round_, form = round_or_404(slug), ProofForm()

    def confirm() -> ResponseReturnValue:
        holders.confirm_share(
            session(), round=round_, official=me(), browser_key=_browser_key(round_), typed=form.typed,
            now=moment_of_deed(),
        )  # fmt: skip
        cookie[_COOKIE] = {name: key for name, key in cookie.get(_COOKIE, {}).items() if name != str(round_.id)}
        flash(_("Uw deel staat goed op papier. Bewaar het in een dichte envelop, achter slot."))
        return see_other("official.key", slug=slug)

    return answer(form, confirm, lambda refusal: _page(round_, form, refusal))


@official.post("/rondes/<string:slug>/sleutel/opnieuw")
def begin_keys_anew(slug: str) -> ResponseReturnValue:
    """Nobody keeps a share any more, and the rules are not frozen."""

    def begin(round_: Round) -> str:
        holders.begin_keys_anew(session(), round=round_, official=me(), now=moment_of_deed())
        return _("De oude delen gelden niet meer. Begin opnieuw, met 3 mensen.")

    return _press(slug, begin)


@official.post("/rondes/<string:slug>/sleutel/<int:number>/kwijt")
def lose_share(slug: str, number: int) -> ResponseReturnValue:
    """The paper with this share is gone."""

    def lose(round_: Round) -> str:
        holders.lose_share(session(), round=round_, number=number, official=me(), now=moment_of_deed())
        return _("Deel %(number)s is als kwijt gemeld.", number=number)

    return _press(slug, lose)


@official.post("/rondes/<string:slug>/sleutel/<int:number>/gevonden")
def find_share(slug: str, number: int) -> ResponseReturnValue:
    """The paper with this share is there again."""

    def find(round_: Round) -> str:
        holders.find_share(session(), round=round_, number=number, official=me(), now=moment_of_deed())
        return _("Deel %(number)s is als gevonden gemeld.", number=number)

    return _press(slug, find)


def _press(slug: str, deed: Callable[[Round], str]) -> ResponseReturnValue:
    """Do what a button asks for and say so on the page, or show the page with why not."""
    round_, form = round_or_404(slug), Form()

    def do() -> ResponseReturnValue:
        flash(deed(round_))
        return see_other("official.key", slug=slug)

    return answer(form, do, lambda refusal: _page(round_, form, refusal))


def _browser_key(round_: Round) -> bytes | None:
    """What this browser has to open a share of this round."""
    written = cookie.get(_COOKIE, {}).get(str(round_.id))
    return bytes.fromhex(written) if written else None


def _page(round_: Round, form: Form, refusal: Refusal | None) -> ResponseReturnValue:
    holders.require_shares(round_)
    entry = form if isinstance(form, ShareForm) else ShareForm(None)
    proof = form if isinstance(form, ProofForm) else ProofForm(None)
    return form_page("official/key.html", form, refusal, entry=entry, proof=proof, **_told(round_))


def _told(round_: Round) -> dict[str, Any]:
    """How far the key is, and what that asks of who looks."""
    keeping, my_id = keeping_of(session(), round_), me().id
    mine = next((holder for holder in keeping.holders if holder.person_id == my_id), None)
    officials = {person.id for person in people_with_role(session(), Role.OFFICIAL)}
    away = [each for each in keeping.holders if each.person_id not in officials and each.confirmed_at is None]
    return {
        "round": round_,
        "phase": phase_of(round_.schedule),
        "in_ceremony": phase_of(round_.schedule) in holders.CEREMONY,
        "is_closed": phase_of(round_.schedule) in (Phase.COUNTING, Phase.RESULT),
        "waiting": plan_totals(session(), round_.id).waiting,
        "keeping": keeping,
        "mine": mine,
        "is_readable": mine is not None and holders.can_read_share(_browser_key(round_), mine),
        "names": {holder.number: session().get_one(Person, holder.person_id).name for holder in keeping.holders},
        "typed": {typed.number: typed for typed in keeping.typed},
        "dismissed": {holder.number for holder in away},
        "did_type": any(typed.person_id == my_id for typed in keeping.typed),
        "can_begin_anew": bool(keeping.holders) and holders.can_begin_anew(session(), round_, now()),
        "KeyStage": KeyStage,
        "NEEDED": NEEDED,
        "SHARES": SHARES,
    }
