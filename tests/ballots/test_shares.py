"""A key in words: any two of three shares give it back, and what is typed wrong is told precisely."""

from itertools import combinations
from secrets import token_bytes

import pytest
from shamir_mnemonic.wordlist import WORDLIST

from wijkbudget.ballots.shares import (
    PROOF,
    WORDS,
    MistypedShare,
    OtherWord,
    UnfitShares,
    UnknownWord,
    WrongWordCount,
    combined_key,
    require_proof,
    share_hash,
    split_key,
    typed_share,
)

KEY = bytes(range(32))


def test_any_two_of_three_shares_give_the_key_back() -> None:
    shares = split_key(KEY)
    assert len(set(shares)) == 3
    for pair in combinations(shares, 2):
        assert combined_key(pair) == KEY
        assert combined_key(pair[::-1]) == KEY


def test_a_share_has_33_words() -> None:
    assert {len(share.split(" ")) for share in split_key(token_bytes(32))} == {WORDS}


def test_one_share_alone_gives_nothing_nor_does_one_twice() -> None:
    share = split_key(KEY)[0]
    for shares in ([share], [share, share]):
        with pytest.raises(UnfitShares):
            combined_key(shares)


def test_shares_of_two_splits_of_the_same_key_do_not_fit() -> None:
    with pytest.raises(UnfitShares):
        combined_key([split_key(KEY)[0], split_key(KEY)[1]])


def test_each_share_has_a_hash_of_its_own() -> None:
    shares = split_key(KEY)
    assert len({share_hash(share) for share in shares}) == 3
    assert share_hash(shares[0]) == share_hash(typed_share(shares[0].upper()))


@pytest.mark.parametrize(
    "write",
    [
        " ".join,
        lambda words: "  \n ".join(words).upper(),
        lambda words: "\r\n".join(f"{place}. {word.title()}" for place, word in enumerate(words, start=1)),
        lambda words: ", ".join(f"{place}){word}" for place, word in enumerate(words, start=1)),
        lambda words: "\t".join(words) + ".",
    ],
)
def test_a_share_is_read_however_it_is_written(write: object) -> None:
    share = split_key(KEY)[1]
    assert callable(write)
    assert typed_share(write(share.split())) == share


@pytest.mark.parametrize("place", [1, 17, 33])
def test_a_word_that_is_none_is_told_with_its_place(place: int) -> None:
    words = split_key(KEY)[0].split()
    words[place - 1] = "fiets"
    with pytest.raises(UnknownWord) as refused:
        typed_share(" ".join(words))
    assert refused.value.details == {"place": place, "word": "fiets"}


def test_of_a_long_word_only_the_beginning_is_told() -> None:
    with pytest.raises(UnknownWord) as refused:
        typed_share("a" * 1000)
    assert refused.value.details["word"] == "a" * 20


@pytest.mark.parametrize("typed", [0, 1, 32, 34, 66])
def test_a_share_with_another_number_of_words_is_refused(typed: int) -> None:
    with pytest.raises(WrongWordCount) as refused:
        typed_share(" ".join((split_key(KEY)[0].split() * 2)[:typed]))
    assert refused.value.details == {"typed": typed, "whole": 33}


@pytest.mark.parametrize("place", range(0, WORDS, 4))
def test_another_word_of_the_list_is_noticed(place: int) -> None:
    words = split_key(KEY)[0].split()
    words[place] = WORDLIST[(WORDLIST.index(words[place]) + 1) % len(WORDLIST)]
    with pytest.raises(MistypedShare):
        typed_share(" ".join(words))


def test_two_words_that_changed_places_are_noticed() -> None:
    words = split_key(KEY)[0].split()
    words[7], words[20] = words[20], words[7]
    with pytest.raises(MistypedShare):
        typed_share(" ".join(words))


@pytest.mark.parametrize("place", PROOF)
def test_the_words_that_prove_a_paper_are_told_apart_by_their_place(place: int) -> None:
    [share, *_] = split_key(bytes(32))
    typed = [share.split()[each - 1] for each in PROOF]
    require_proof(share, [f"{each}. {word.upper()} " for each, word in zip(PROOF, typed, strict=True)])
    for wrong in ("", "fiets", " ".join(typed[:2])):
        with pytest.raises(OtherWord) as refused:
            require_proof(share, [wrong if each == place else word for each, word in zip(PROOF, typed, strict=True)])
        assert refused.value.details == {"place": place}
