"""tests/mail/test_letters.py tests wijkbudget/mail/letters.py and the templates in templates/mail/."""

import re
from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from jinja2 import TemplateError

from config import Config
from tests.moments import DAY, SUBMITTING
from wijkbudget.mail import letters
from wijkbudget.mail.letters import TEMPLATES, euros, render_letter
from wijkbudget.mail.tables import Letter

TABLE = {kind: names.split() for kind, names in re.findall(r"^    ([a-z-]+) {2,}(.+)$", letters.__doc__ or "", re.M)}
CONFIG = Config("", "", "", TEMPLATES, "https://wijkbudget.example.org", "Wijkbudget <post@example.org>")
VALUES = {
    "name": "Samira", "title": "Nieuwe speeltuin", "round": "Wijkbudget Bezuidenhout 2026", "path": "/plannen/7",
    "criterion": "Het plan is goed voor de wijk", "reason": "Wij vinden het <mooi> & goed.", "cost": "1250000",
    "check": "round 12", "problem": "rights used / envelopes in the urn: 3 / 2",
    "day": "2026-12-13", "fingerprint": "ABCD-EFGH-JKMN-PQRS", "votes": "changeable",
}  # fmt: skip


def letter(kind: str, **changes: str) -> Letter:
    details = {name: VALUES[name] for name in TABLE[kind]} | changes
    return Letter(id=7, kind=kind, recipient="samira@example.org", details=details, posted_at=SUBMITTING)


def test_the_table_names_every_template_and_no_other() -> None:
    assert set(TABLE) == {file.stem for file in TEMPLATES.glob("*.txt")}


@pytest.mark.parametrize("kind", TABLE)
def test_a_letter_needs_exactly_the_details_in_the_table(kind: str) -> None:
    mail = render_letter(letter(kind), config=CONFIG, now=SUBMITTING)
    text = mail["Subject"] + mail.get_content()
    shown = VALUES | {
        "cost": "€\N{NO-BREAK SPACE}12.500",
        "day": "zondag 13 december 2026",
        "votes": "Stemt u daarna opnieuw?",
    }
    assert [name for name in TABLE[kind] if shown[name] not in text] == []
    assert "https://wijkbudget.example.org/plannen/7" in text
    for missing in TABLE[kind]:
        poorer = letter(kind)
        poorer.details = {name: value for name, value in poorer.details.items() if name != missing}
        with pytest.raises(TemplateError):
            render_letter(poorer, config=CONFIG, now=SUBMITTING)


@pytest.mark.parametrize("kind", TABLE)
def test_a_letter_greets_by_name_and_has_no_gaps(kind: str) -> None:
    mail = render_letter(letter(kind), config=CONFIG, now=SUBMITTING)
    text = mail.get_content()
    assert text.startswith("Beste Samira,\n\n" if "name" in TABLE[kind] else "Beste stemmer,\n\n")
    assert "\n\n\n" not in text
    assert mail["Subject"]
    assert "Onderwerp" not in mail["Subject"]


@pytest.mark.parametrize(
    ("cents", "written"),
    [("1250000", "€ 12.500"), ("1250050", "€ 12.500,50"), ("5", "€ 0,05"), ("123456700", "€ 1.234.567")],
)
def test_letters_write_amounts_the_dutch_way(cents: str, written: str) -> None:
    assert euros(cents) == written.replace(" ", "\N{NO-BREAK SPACE}")


def test_a_mail_says_who_sends_it_and_that_a_machine_does() -> None:
    mail = render_letter(letter("plan-won"), config=CONFIG, now=SUBMITTING)
    assert mail["From"] == "Wijkbudget <post@example.org>"
    assert mail["To"] == "samira@example.org"
    assert mail["Date"].datetime == SUBMITTING
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content_charset() == "utf-8"


def test_a_second_attempt_has_the_same_message_id() -> None:
    first, second = (
        render_letter(letter("plan-won"), config=CONFIG, now=now) for now in (SUBMITTING, SUBMITTING + DAY)
    )
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@example.org>")


def test_a_letter_outside_the_outbox_has_a_random_message_id() -> None:
    details = {name: VALUES[name] for name in TABLE["receipt"]}
    receipt = Letter(kind="receipt", recipient="samira@example.org", details=details, posted_at=SUBMITTING)
    names = [render_letter(receipt, config=CONFIG, now=SUBMITTING)["Message-ID"] for _ in range(2)]
    assert names[0] != names[1]
    assert all(re.fullmatch(r"<letter-[0-9a-f]{32}@example\.org>", name) for name in names)


@pytest.mark.parametrize(("votes", "is_final"), [("final", True), ("changeable", False)])
def test_a_receipt_speaks_of_voting_again_only_where_that_can_be_done(votes: str, is_final: bool) -> None:
    text = render_letter(letter("receipt", votes=votes), config=CONFIG, now=SUBMITTING).get_content()
    assert ("opnieuw" in text, "U kunt hem in deze ronde niet meer veranderen." in text) == (not is_final, is_final)
    assert "\n\n\n" not in text


def test_a_line_break_in_a_title_makes_no_header() -> None:
    mail = render_letter(letter("plan-won", title="Park\r\nBcc: x@example.org"), config=CONFIG, now=SUBMITTING)
    assert mail["Bcc"] is None
    assert mail["Subject"].endswith("Park Bcc: x@example.org")


HOSTILE = [
    "=?utf-8?q?a=0ABcc=3A_x=40evil.example?=",
    "=?utf-8?q?a=0D=0A=0D=0Abody?= =?utf-8?b?QmNjOiB4?=",
    "Park =?utf-8?q?Bcc?=",
    "Park\r\nBcc: x@evil.example",
    "Park\x85Bcc: x\u2028Bcc: y\x0bBcc: z",
    "Een héél lange naam vol tekens: " + "ëé€ " * 30,
]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_arrives_as_it_was_written_and_is_never_decoded(title: str) -> None:
    mail = render_letter(letter("plan-won", title=title), config=CONFIG, now=SUBMITTING)
    for arrived in (mail, message_from_bytes(mail.as_bytes(), policy=policy.default)):
        assert arrived["Subject"] == f"Uw plan is gekozen: {' '.join(title.split())}"
        assert arrived.keys() == render_letter(letter("plan-won"), config=CONFIG, now=SUBMITTING).keys()
    head = mail.as_bytes().partition(b"\n\n")[0]
    assert b"=?utf-8?q?a=0A" not in head
    assert max(map(len, head.split(b"\n"))) < 79


def test_a_plain_subject_stays_readable_on_the_wire() -> None:
    mail = render_letter(letter("plan-won"), config=CONFIG, now=SUBMITTING)
    assert b"\nSubject: Uw plan is gekozen: Nieuwe speeltuin\n" in b"\n" + mail.as_bytes()


def test_an_address_is_never_decoded_either() -> None:
    row = letter("plan-won")
    row.recipient = "=?utf-8?q?a=0ABcc=3A_x=40evil.example?=@example.org"
    mail = render_letter(row, config=CONFIG, now=SUBMITTING)
    assert b"Bcc:" not in mail.as_bytes()
    row.recipient = "a@example.org\nBcc: x@evil.example"
    with pytest.raises(ValueError, match="linefeed"):
        render_letter(row, config=CONFIG, now=SUBMITTING)


def test_a_blank_line_in_a_title_leaves_the_text_whole() -> None:
    mail = render_letter(letter("plan-won", title="Park\n\nen vijver"), config=CONFIG, now=SUBMITTING)
    assert mail.get_content().startswith("Beste Samira,")


def test_a_text_is_never_read_as_html() -> None:
    plain = replace(CONFIG, mail_from="post@example.org")
    assert "<mooi> & goed" in render_letter(letter("plan-feasible"), config=plain, now=SUBMITTING).get_content()
