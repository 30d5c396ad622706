"""Voting with an account: who declares the age and lives in the area enters the booth, once for each round."""

from functools import partial

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import BooleanField

from ...ballots.accounts import entitle_person, require_accounts, right_of
from ...ballots.queries import has_voted
from ...ballots.rules import AlreadyVoted
from ...refusal import Refusal
from ...rounds.tables import Round
from ..access import me
from ..answers import answer, form_page, see_other
from ..blueprints import resident
from ..forms import Form
from ..lookup import round_or_404
from ..sentences import sentence_of
from ..transactions import moment_of_deed, session
from ..voter.booth import enter_booth
from ..wording import number


class DeclarationForm(Form):
    """What somebody declares who votes with an account."""

    is_old_enough = BooleanField()


@resident.route("/stemmen/<string:slug>", methods=["GET", "POST"])
def vote(slug: str) -> ResponseReturnValue:
    """The declaration, in the place of a code."""
    round_, form = round_or_404(slug), DeclarationForm()
    require_accounts(round_)
    form.is_old_enough.label.text = _("Ik ben %(age)s jaar of ouder", age=number(round_.voting.youngest))

    def enter() -> ResponseReturnValue:
        right = entitle_person(
            session(), round=round_, person=me(), is_old_enough=form.is_old_enough.data, now=moment_of_deed()
        )
        enter_booth(right.id, round_.id)
        return see_other("voter.choose")

    return answer(form, enter, partial(_page, round_, form))


def _page(round_: Round, form: Form, refusal: Refusal | None = None) -> ResponseReturnValue:
    voted = sentence_of(AlreadyVoted(franchise=round_.voting.franchise)) if _has_no_vote_left(round_) else ""
    return form_page("resident/vote.html", form, refusal, round=round_, postcode=me().postcode, voted=voted)


def _has_no_vote_left(round_: Round) -> bool:
    right = right_of(session(), round_.id, me().id)
    return round_.voting.is_final and right is not None and has_voted(session(), right.id)
