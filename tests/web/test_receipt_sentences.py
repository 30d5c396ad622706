"""The refusals about tried codes, final votes and receipts say what to do; tests/web/test_sentences.py has them all."""

import pytest

from wijkbudget.ballots.mailings import MailedOften
from wijkbudget.ballots.receipts import NoReceipt
from wijkbudget.ballots.rules import AlreadyVoted, TooManyGuesses
from wijkbudget.mail.direct import NotDeliverable, PostClosed
from wijkbudget.refusal import Refusal
from wijkbudget.rounds.voting import Franchise
from wijkbudget.web.receipt_sentences import RECEIPTS
from wijkbudget.web.sentences import SENTENCES, answer_to


def test_all_of_them_are_in_the_one_table() -> None:
    assert RECEIPTS.items() <= SENTENCES.items()


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize(
    ("refusal", "status", "words"),
    [
        (TooManyGuesses(), 429, "Hebt u de goede code? Die werkt gewoon."),
        (AlreadyVoted(), 409, "Met deze code is al gestemd."),
        (AlreadyVoted(franchise=Franchise.LETTER), 409, "Met deze code is al gestemd."),
        (AlreadyVoted(franchise=Franchise.ACCOUNT), 409, "Met uw account is al gestemd."),
        (NoReceipt(), 403, "Dan zit uw stem in de stembus."),
        (MailedOften(most=3), 429, "vandaag al 3 keer een bewijs gemaild"),
        (PostClosed(), 503, "Uw stem zit wel in de stembus."),
        (NotDeliverable(), 422, "Kijk of het adres klopt."),
    ],
)
def test_a_refusal_says_what_is_so_and_what_to_do(refusal: Refusal, status: int, words: str) -> None:
    told = answer_to(refusal)
    assert told[0] == status
    assert words in told[1]
