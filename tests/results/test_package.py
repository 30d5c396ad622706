"""The package: the same record gives the same bytes, in files that people can open."""

from dataclasses import replace

import pytest
from nacl.signing import VerifyKey

from tests.results.packages import ORDER, PUBLIC, record, signed
from tests.results.test_export import FORMS
from wijkbudget.results.container import unpack
from wijkbudget.results.manifest import MANIFEST, PABULIB, RECOUNT, SIGNATURE, Seal
from wijkbudget.results.package import RECOUNT_SOURCE
from wijkbudget.rounds.forms import BallotForm


def test_the_same_record_gives_the_same_bytes() -> None:
    assert signed(record()) == signed(replace(record()))


def test_it_holds_these_files_in_this_order() -> None:
    assert tuple(unpack(signed(record()))) == ORDER


def test_the_program_and_the_pabulib_text_are_in_it_word_for_word() -> None:
    files = unpack(signed(record()))
    assert files[RECOUNT] == RECOUNT_SOURCE.read_bytes()
    assert files[PABULIB].decode() == record().pabulib


def test_the_signature_is_that_of_the_manifest() -> None:
    files = unpack(signed(record()))
    seal = Seal.parse(files[SIGNATURE])
    assert seal.public_key == PUBLIC
    VerifyKey(PUBLIC).verify(files[MANIFEST], seal.signature)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.form)
def test_of_few_ballots_nothing_that_belongs_to_one_is_in_it(form: BallotForm) -> None:
    few = record(form, least=61)
    data = signed(few)
    assert tuple(unpack(data)) == ORDER[:4]
    assert not any(ballot.tracker.encode() in data for ballot in few.ballots)
    assert not any(digest.hex().encode() in data for digest in few.digests)
