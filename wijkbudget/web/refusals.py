"""The pages that say no: refusals, stale forms, unknown addresses and errors, never a stack trace."""

from flask import Flask, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, InternalServerError

from ..refusal import Refusal
from .access import forget_visitor
from .sentences import answer_to
from .transactions import was_committing


def install(app: Flask) -> None:
    """Answer refusals and errors with a page that says what to do."""
    CSRFProtect(app)
    app.register_error_handler(Refusal, _refuse)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(Exception, _apologise)


def _refuse(refusal: Refusal) -> ResponseReturnValue:
    status, sentence = answer_to(refusal)
    return render_template("refusals/_refusal.html", title=_("Dat kan niet"), sentence=sentence), status


def _stale(_error: CSRFError) -> ResponseReturnValue:
    sentence = _("Deze pagina stond te lang open. Ga terug, ververs de pagina en probeer het nog eens.")
    return render_template("refusals/_refusal.html", title=_("Probeer het nog eens"), sentence=sentence), 400


def _answer(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    if isinstance(error, InternalServerError):  # what failed after the view had answered: the commit
        return _apologise(error.original_exception or error)
    title, sentence = _answers().get(
        error.code, (_("Dat kan niet"), _("Ga terug en probeer het op een andere manier."))
    )
    return render_template("refusals/_refusal.html", title=title, sentence=sentence), error.code


def _answers() -> dict[int, tuple[str, str]]:
    return {
        403: (
            _("Geen toegang"),
            _("U mag deze pagina niet bekijken. Log in met een ander account of ga naar de homepage."),
        ),
        404: (_("Pagina niet gevonden"), _("Deze pagina bestaat niet. Controleer het adres of ga naar de homepage.")),
        405: (_("Dat kan niet"), _("Deze pagina kunt u niet zo openen. Ga terug en gebruik de knop.")),
        413: (
            _("Bestand te groot"),
            _("Wat u verstuurt is te groot. Kies een kleiner bestand. Een foto is maximaal 12 MB."),
        ),
    }


def _apologise(error: BaseException) -> ResponseReturnValue:
    current_app.logger.exception("unexpected error", exc_info=error)
    forget_visitor()  # the page must not ask the database, which may be what failed
    if was_committing() and isinstance(error, DBAPIError) and error.connection_invalidated:
        sentence = _("De verbinding brak af. Wij weten niet of het gelukt is. Doe het nog eens: dubbel telt niet.")
    else:
        sentence = _("Er ging iets mis. Wat u deed is NIET opgeslagen. Probeer het later nog eens of bel 14070.")
    return render_template("refusals/_refusal.html", title=_("Er ging iets mis bij ons"), sentence=sentence), 500
