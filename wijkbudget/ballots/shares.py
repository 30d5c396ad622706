"""A key in words: three shares of which any two give it back (SLIP-39), and what people type of them."""

import hashlib
import re
from collections.abc import Sequence

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.share import Share
from shamir_mnemonic.wordlist import WORD_INDEX_MAP

from ..refusal import Refusal

SHARES = 3
NEEDED = 2
WORDS = 33
"""How many words a share of a key of 32 bytes has."""
PROOF = (11, 22, 33)
"""The words, by number, that show that a share is on paper; the last shows that it is there to its end."""
LONGEST_SHOWN = 20
"""How much of a word that is none is told back."""


class UnknownWord(Refusal):
    """A word is none of the 1024 of which shares are made; details: its `place`, and the `word`."""


class WrongWordCount(Refusal):
    """A share has another number of words; details: how many were `typed`, and how many it has `whole`."""


class MistypedShare(Refusal):
    """All words exist, but together they are no share: at least one of them is another one."""


class OtherWord(Refusal):
    """The word at this `place` of the share is another one than was typed."""


class UnfitShares(Exception):
    """These shares do not give a key together."""


def split_key(key: bytes) -> tuple[str, ...]:
    """The shares of a key of 32 bytes, each as its words with one space between."""
    [shares] = generate_mnemonics(1, [(NEEDED, SHARES)], key, iteration_exponent=0)
    return tuple(shares)


def combined_key(shares: Sequence[str]) -> bytes:
    """The key of which these are `NEEDED` shares. Raises UnfitShares."""
    try:
        return combine_mnemonics(shares)
    except MnemonicError as error:
        raise UnfitShares() from error


def share_hash(share: str) -> bytes:
    """What tells a share without giving it away: it has 256 random bits, so nobody finds it by trying."""
    return hashlib.sha256(share.encode()).digest()


def typed_share(text: str) -> str:
    """The share that somebody typed from paper; numbers, capitals, marks and white space do not matter.

    Raises UnknownWord, WrongWordCount, MistypedShare.
    """
    words = _words_in(text)
    for place, word in enumerate(words, start=1):
        if word not in WORD_INDEX_MAP:
            raise UnknownWord(place=place, word=word[:LONGEST_SHOWN])
    if len(words) != WORDS:
        raise WrongWordCount(typed=len(words), whole=WORDS)
    try:
        return Share.from_mnemonic(" ".join(words)).mnemonic()
    except MnemonicError as error:
        raise MistypedShare() from error


def require_proof(share: str, typed: Sequence[str]) -> None:
    """Raise OtherWord unless these are the words of `PROOF`, typed as freely as a share may be."""
    words = share.split()
    for place, text in zip(PROOF, typed, strict=True):
        if _words_in(text) != [words[place - 1]]:
            raise OtherWord(place=place)


def _words_in(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())
