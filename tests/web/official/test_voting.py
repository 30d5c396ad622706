"""Who votes and who keeps the key, as an official fills it in."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from tests.builders import Builder
from tests.moments import ANNOUNCED
from tests.web.official.filled import filled_in
from wijkbudget.places.queries import neighbourhoods
from wijkbudget.rounds.voting import Franchise, KeyKeeping, VotingTerms
from wijkbudget.web.official.terms import TermsForm
from wijkbudget.web.official.voting import values_of_voting

OTHER = VotingTerms(Franchise.ACCOUNT, 16, is_final=True, keys=KeyKeeping.OFFICIALS, publish_ballots_from=100)


def sent(build: Builder, **changes: str) -> TermsForm:
    form = TermsForm(now=ANNOUNCED, formdata=MultiDict(filled_in(build) | changes))
    return form.offering(neighbourhoods(build.session))


def test_an_untouched_form_gives_the_usual_terms(app: Flask, build: Builder) -> None:
    with app.test_request_context(method="POST"):
        form = sent(build)
        assert form.validate(), form.errors
        assert form.terms().voting == VotingTerms()


@pytest.mark.parametrize("terms", [VotingTerms(), OTHER])
def test_what_is_stored_comes_back_the_same(app: Flask, build: Builder, terms: VotingTerms) -> None:
    shown = {name: str(value) for name, value in values_of_voting(terms).items() if value is not False}
    with app.test_request_context(method="POST"):
        form = sent(build, **shown)
        assert form.validate(), form.errors
        assert form.terms().voting == terms


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("youngest", "0", "leeftijd"),
        ("youngest", "121", "tot en met 120 jaar"),
        ("youngest", "", "leeftijd"),
        ("publish_ballots_from", "9", "minimaal 10"),
        ("publish_ballots_from", "veel", "heel getal"),
        ("franchise", "both", "hun stem krijgen"),
        ("key_keeping", "nobody", "wie de sleutel bewaart"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(app: Flask, build: Builder, field: str, text: str, words: str) -> None:
    with app.test_request_context(method="POST"):
        form = sent(build, **{field: text})
        assert not form.validate()
        assert list(form.errors) == [field]
        assert words in str(form.errors[field][0])
