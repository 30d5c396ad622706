"""A package that was changed anywhere is noticed, and the place is told."""

import pytest
from nacl.signing import SigningKey

from tests.controls import found
from tests.results.packages import KEY, OTHER_KEY, PUBLIC, changes, record, resealed, signed
from tests.results.test_export import FORMS, rules_of_every_kind
from wijkbudget.results import verification
from wijkbudget.results.container import Broken, pack, unpack
from wijkbudget.results.manifest import BALLOTS, MANIFEST, READ_ME, RECOUNT, SIGNATURE, URN, read_manifest, sha256
from wijkbudget.results.manifest import written as written_manifest
from wijkbudget.results.verification import NotAPackage, verify_package
from wijkbudget.rounds.forms import BallotForm
from wijkbudget.tally.rule import Rule

PACKAGE = signed(record())
ROUNDS = [(form, rule) for form in FORMS for rule in rules_of_every_kind(form)]


@pytest.mark.parametrize(("form", "rule"), ROUNDS, ids=lambda each: getattr(each, "name", None) or each.form)
def test_an_unchanged_package_is_right_by_every_form_and_rule(form: BallotForm, rule: Rule) -> None:
    findings = verify_package(signed(record(form, rule, (3,))), key=PUBLIC)
    assert len(findings) == 9
    assert not any(finding.is_note for finding in findings)


@pytest.mark.proof
def test_every_changed_byte_is_noticed_with_its_place() -> None:
    every_changed_byte_is_noticed()


@pytest.mark.parametrize(("left_out", "fault"), [("_signature", "Extra items"), ("_files", r"== \[\]")])
def test_a_verification_that_leaves_a_check_out_is_found_out(
    monkeypatch: pytest.MonkeyPatch, left_out: str, fault: str
) -> None:
    monkeypatch.setattr(verification, left_out, lambda *_: iter(()))
    with found(fault):
        every_changed_byte_is_noticed(apart=23)  # the first that is missed will do


def every_changed_byte_is_noticed(apart: int = 1) -> None:
    """Fails if a byte of the package, of those so far apart, is changed unnoticed or not told with its file."""
    verify_package(PACKAGE, key=None)  # unchanged it is right
    changed = [(place, change) for place in range(0, len(PACKAGE), apart) for change in changes(place)]
    told = {each: place_told(*each) for each in changed}
    assert [each for each, where in told.items() if not where] == []
    assert {where for where in told.values() if not where.startswith("container")} == set(unpack(PACKAGE))


def place_told(place: int, change: int) -> str:
    """What is told to be broken when this byte is changed; empty if nothing is."""
    changed = bytearray(PACKAGE)
    changed[place] ^= change
    try:
        verify_package(bytes(changed), key=None)
    except Broken as broken:
        return broken.where if broken.why else ""
    return ""


def test_a_changed_byte_of_a_file_is_told_as_that_file() -> None:
    for name, content in unpack(PACKAGE).items():
        start = PACKAGE.index(content)
        places = [start, start + len(content) // 2, start + len(content) - 1]
        assert {place_told(place, 1 << place % 8) for place in places} == {name}


def swapped() -> dict[str, bytes]:
    """Two ballots changed places, and the manifest was mended."""
    files = unpack(PACKAGE)
    lines = files[BALLOTS].split(b"\n")
    lines[1], lines[2] = lines[1][:16] + lines[2][16:], lines[2][:16] + lines[1][16:]
    assert lines[1][16:] != lines[2][16:]
    return {**files, BALLOTS: b"\n".join(lines)}


def broken(data: bytes, key: bytes | None = None) -> Broken:
    with pytest.raises(Broken) as raised:
        verify_package(data, key=key)
    return raised.value


def test_a_changed_ballot_with_everything_mended_fails_at_the_signature() -> None:
    assert broken(pack(resealed(swapped()))).where == SIGNATURE


def test_a_changed_ballot_signed_with_our_own_key_fails_at_the_root() -> None:
    assert broken(pack(resealed(swapped(), key=KEY))).where == BALLOTS


def test_a_package_signed_with_another_key_is_right_until_the_key_is_asked_for() -> None:
    data = signed(record(), OTHER_KEY)
    assert verify_package(data, key=None)
    told = broken(data, PUBLIC)
    assert (told.where, told.why) == (
        SIGNATURE, f"the package was signed with another key: {bytes(OTHER_KEY.verify_key).hex()}",
    )  # fmt: skip


def test_a_signature_of_somebody_else_does_not_do() -> None:
    files = unpack(PACKAGE)
    theirs = unpack(signed(record(), OTHER_KEY))[SIGNATURE].splitlines(keepends=True)
    ours = files[SIGNATURE].splitlines(keepends=True)
    assert broken(pack({**files, SIGNATURE: ours[0] + ours[1] + theirs[2]})).where == SIGNATURE


def test_the_fingerprint_of_the_key_must_be_right() -> None:
    files = unpack(PACKAGE)
    foreign = {**files, SIGNATURE: unpack(signed(record(), OTHER_KEY))[SIGNATURE]}
    other = resealed(foreign, key=OTHER_KEY)
    wrong = written_manifest(read_manifest(other[MANIFEST]) | {"key_fingerprint": sha256(PUBLIC)})
    assert "key_fingerprint" in broken(signed_again({**other, MANIFEST: wrong}, OTHER_KEY)).why


def signed_again(files: dict[str, bytes], key: SigningKey = KEY) -> bytes:
    """The files as they are, with a signature that is right."""
    manifest = files[MANIFEST]
    head, public, _ = files[SIGNATURE].decode().splitlines()
    head = f"manifest SHA-256: {sha256(manifest)}"
    text = "\n".join([head, public, f"Ed25519 signature: {key.sign(manifest).signature.hex()}", ""])
    return pack({**files, SIGNATURE: text.encode()})


@pytest.mark.parametrize("name", [READ_ME, RECOUNT, URN, BALLOTS, MANIFEST])
def test_a_missing_file_is_named(name: str) -> None:
    files = {other: data for other, data in unpack(PACKAGE).items() if other != name}
    with pytest.raises((Broken, NotAPackage), match=name):
        verify_package(pack(files), key=None)


def test_a_file_too_many_is_named_though_signed() -> None:
    files = unpack(PACKAGE) | {"more.txt": b"more"}
    assert str(broken(pack(files))) == "container: the file 'more.txt' does not belong in the package"


def test_a_manifest_that_says_nothing_is_told_though_signed() -> None:
    empty = written_manifest({"format": "wijkbudget package 1"})
    told = broken(signed_again({**unpack(PACKAGE), MANIFEST: empty}))
    assert told.where == MANIFEST


@pytest.mark.parametrize("data", [b"", b"hello", pack({"a.txt": b"x"})])
def test_something_else_is_not_a_package(data: bytes) -> None:
    with pytest.raises(NotAPackage):
        verify_package(data, key=None)


def test_another_recount_program_is_a_note_and_no_failure() -> None:
    files = unpack(PACKAGE)
    older = resealed({**files, RECOUNT: files[RECOUNT] + b"# older\n"}, key=KEY)
    notes = [finding.told for finding in verify_package(pack(older), key=PUBLIC) if finding.is_note]
    assert notes == ["recount.py is not the one of this version of wijkbudget"]


def test_few_ballots_are_told_as_a_note() -> None:
    few = record(least=61)
    findings = verify_package(signed(few), key=PUBLIC)
    assert [finding.told for finding in findings if finding.is_note] == [
        "so few ballots were cast that only totals and roots are published"
    ]
    assert findings[-1].told == "counting again by most-votes funds the same 4 plans"


def test_an_urn_that_is_no_text_is_told_though_signed() -> None:
    files = unpack(PACKAGE)
    assert broken(pack(resealed({**files, URN: b"\xff\n"}, key=KEY))).where == URN
