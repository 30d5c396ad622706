"""Who may enter is one table; what it does not name is closed."""

import re

import flask_login
from flask import Flask, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from ..people.queries import live_sign_in
from ..people.rules import Role
from ..people.tables import Person, SignIn
from .transactions import now, reading, session

ANYONE: frozenset[Role] = frozenset()
AUDIENCES: dict[str, frozenset[Role]] = {
    "public": ANYONE,
    "account": ANYONE,
    "voter": ANYONE,
    "resident": frozenset({Role.RESIDENT}),
    "moderator": frozenset({Role.MODERATOR}),
    "official": frozenset({Role.OFFICIAL}),
    "development": ANYONE,
}


class SignedIn(flask_login.UserMixin):  # type: ignore[misc]
    """A signed-in person; the cookie names the sign-in, so ending that row ends it at once."""

    def __init__(self, sign_in: SignIn) -> None:
        self.sign_in = sign_in
        self.person = sign_in.person

    def get_id(self) -> str:
        """The name of the sign-in, not of the person."""
        return self.sign_in.id

    def has_role(self, role: str) -> bool:
        """Whether the person has this role now."""
        return Role(role) in self.person.roles


def signed_in_person() -> Person | None:
    """Who is signed in, None for a visitor; to look at, not to write about."""
    user = flask_login.current_user
    return user.person if user.is_authenticated else None


def me() -> Person:
    """The signed-in person, in views that only signed-in people reach."""
    # The guard read it elsewhere, so that knocking at a door takes no lock.
    return session().get_one(Person, flask_login.current_user.person.id)


def forget_visitor() -> None:
    """Take the visitor of this request for a stranger, so that a page about a failure asks nothing of the database."""
    g._login_user = flask_login.AnonymousUserMixin()  # where flask-login keeps who it loaded


def install(app: Flask) -> None:
    """Guard every door."""
    manager = flask_login.LoginManager(app)
    manager.session_protection = None  # it follows address and browser; we keep neither
    manager.user_loader(_load)
    app.before_request(_guard)


def _load(sign_in_id: str) -> SignedIn | None:
    row = live_sign_in(reading(), sign_in_id, now())
    return SignedIn(row) if row else None


def _guard() -> ResponseReturnValue | None:
    if request.endpoint in (None, "static"):
        return None
    needed = AUDIENCES.get(request.blueprint or "")
    if needed is None:
        abort(403)
    if needed == ANYONE:
        return None
    person = signed_in_person()
    if person is None:
        target = request.script_root + request.full_path if request.method == "GET" else request.referrer or ""
        return redirect(url_for("account.sign_in", verder=own_path(target)))
    return None if needed <= person.roles else abort(403)


def own_path(target: str) -> str:
    """The path part of an address of our own, to return to after signing in; empty for any other address."""
    path = target.removeprefix(request.host_url.rstrip("/")).removesuffix("?")
    # Browsers read a backslash as a slash and skip tabs and line ends: `/\other.example` would leave our site.
    return path if re.fullmatch(r"/(?!/)[!-\[\]-~]*", path) else ""
