"""tests/web/account/test_forms.py tests wijkbudget/web/account/forms.py."""

from flask import Flask

from wijkbudget.web.account.forms import SignInForm


def test_a_password_is_never_written_into_a_page(app: Flask) -> None:
    with app.test_request_context():
        form = SignInForm(data={"password": "een lang wachtwoord"})
        assert "een lang wachtwoord" not in form.password()
