"""tests/web/account/test_forms.py tests wijkbudget/web/account/forms.py."""

import pytest
from flask import Flask
from wtforms import ValidationError

from wijkbudget.places.rules import valid_postcode
from wijkbudget.web.account.forms import RegisterForm, SignInForm, obeys


def test_a_field_says_the_sentence_of_the_rule_that_refused(app: Flask) -> None:
    with app.test_request_context():
        form = RegisterForm(data={"postcode": "hier"})
        with pytest.raises(ValidationError, match="4 cijfers en 2 letters"):
            obeys(valid_postcode)(form, form.postcode)


def test_a_password_is_never_written_into_a_page(app: Flask) -> None:
    with app.test_request_context():
        form = SignInForm(data={"password": "een lang wachtwoord"})
        assert "een lang wachtwoord" not in form.password()
