"""A cookie is taken from any host of ours, whatever its clock said, and from nobody else."""

import pytest
from flask import Flask
from itsdangerous import TimestampSigner

from wijkbudget.web.cookies import TimelessCookies

NAME = "wijkbudget"


def signed(app: Flask, values: dict[str, object]) -> str:
    """The cookie that holds these values."""
    serializer = TimelessCookies().get_signing_serializer(app)
    assert serializer is not None
    text = serializer.dumps(values)
    return text if isinstance(text, str) else text.decode()


def opened(app: Flask, text: str | None) -> dict[str, object]:
    """What the application reads from a request with this cookie."""
    headers = {} if text is None else {"Cookie": f"{NAME}={text}"}
    with app.test_request_context("/", headers=headers) as context:
        session = app.session_interface.open_session(app, context.request)
    assert session is not None
    return dict(session)


@pytest.mark.parametrize("off", [-400 * 86400, -1, 0, 1, 86400])
def test_a_cookie_is_taken_whatever_the_clock_said_when_it_was_signed(
    app: Flask, monkeypatch: pytest.MonkeyPatch, off: int
) -> None:
    now = TimestampSigner("key").get_timestamp()
    with monkeypatch.context() as patch:
        patch.setattr(TimestampSigner, "get_timestamp", lambda _: now + off)
        text = signed(app, {"seed": 5})
    assert opened(app, text) == {"seed": 5}


def test_a_cookie_that_we_did_not_sign_is_as_none(app: Flask) -> None:
    text = signed(app, {"seed": 5})
    other = Flask("other")
    other.secret_key = "another secret"
    for wrong in (None, "", "x", text[:-1], f"x{text}", signed(other, {"seed": 5})):
        assert opened(app, wrong) == {}
