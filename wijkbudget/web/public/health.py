"""Whether all is well with the voting: for people, and for programs that watch over the site."""

from flask import Response, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from ...rounds.queries import rounds
from ...watch import queries
from ...watch.rules import Health, Subject, Watched
from ..access import forget_visitor
from ..blueprints import public
from ..transactions import now, parts, session

WELL, ILL = 200, 503


@public.get("/gezondheid")
def health() -> ResponseReturnValue:
    """All is well (200), or what is wrong and since when (503); JSON for who asks for that."""
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return health_json()
    forget_visitor()  # the database, which may be what fails, is asked for nothing but the checks
    known = _known()
    titles = {round_.id: round_.title for round_ in rounds(session())} if known and known.failing else {}
    failing = [(_in_words(check.subject, titles), check.failing_since) for check in (known.failing if known else ())]
    return _answer(render_template("public/health.html", health=known, failing=failing), known)


@public.get("/gezondheid.json")
def health_json() -> ResponseReturnValue:
    """The same in plain values; moments in ISO 8601."""
    known = _known()
    values = {
        "healthy": known is not None and known.is_well,
        "database": known is not None,
        "watched": known is not None and known.is_watched,
        "checked_at": known.checked_at.isoformat() if known and known.checked_at else None,
        "failing": [
            {"check": check.subject.name, "since": check.failing_since.isoformat()}
            for check in (known.failing if known else ())
            if check.failing_since
        ],
    }
    return _answer(jsonify(values), known)


def _known() -> Health | None:
    """How the platform is; None if the database does not answer."""
    try:
        return queries.health(session(), now(), pepper=parts().config.code_pepper)
    except SQLAlchemyError:
        current_app.logger.exception("the database does not answer")
        return None


def _answer(body: str | Response, known: Health | None) -> Response:
    answer = make_response(body, WELL if known is not None and known.is_well else ILL)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _in_words(subject: Subject, titles: dict[int, str]) -> str:
    title = titles.get(subject.round_id or 0, "")
    match subject.watched:
        case Watched.BOOKS:
            return _("De stembus van ‘%(round)s’ klopt niet.", round=title)
        case Watched.KEY:
            return _(
                "De sleutel van de stembus van ‘%(round)s’ ontbreekt. Zo kan niemand de stemmen tellen.", round=title
            )
        case Watched.CODES:
            return _("De stemcodes van ‘%(round)s’ werken niet.", round=title)
        case Watched.TASKS:
            late = _("Bij ‘%(round)s’ is iets niet op tijd klaar.", round=title)
            return f"{late} {_('Misschien kunt u nog niet stemmen, of komt de uitslag later.')}"
        case Watched.GUESSING:
            return _("Iemand probeert stemcodes te raden. Dat lukt niet. U kunt gewoon stemmen.")
        case Watched.CANARY:
            return _("De proefstem van het systeem mislukte.")
