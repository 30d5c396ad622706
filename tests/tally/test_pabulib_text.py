import pytest

from tests.tally.elections import FILE
from wijkbudget.tally.instance import TallyError
from wijkbudget.tally.pabulib_text import PabulibError, Rows, decode, read_head


def refusal(text: str) -> tuple[int, str]:
    with pytest.raises(PabulibError) as refused:
        list(read_head(text).votes.records())
    assert isinstance(refused.value, TallyError)
    assert str(refused.value) == f"line {refused.value.line}: {refused.value.reason}"
    return refused.value.line, refused.value.reason


def test_the_head_is_read_and_the_votes_are_left_as_text() -> None:
    head = read_head(FILE)
    assert [record.value("key") for record in head.meta] == [
        "description",
        "num_projects",
        "num_votes",
        "budget",
        "vote_type",
    ]
    assert (head.projects[0].line, head.projects[0].value("name")) == (10, "Speeltuin; met water")
    assert (head.votes.line, head.votes.text) == (14, "1;12,3;30\n2;7;12\n3;;44\n4;3,12;\n")
    assert [record.line for record in head.votes.records()] == [15, 16, 17, 18]


def test_a_quoted_field_may_hold_lines_even_the_name_of_a_section() -> None:
    head = read_head(FILE.replace("Buurthuis", '"Buur\nVOTES\nhuis"'))
    assert [record.value("name") for record in head.projects] == ["Speeltuin; met water", "Buur\nVOTES\nhuis", "Bankje"]
    assert (head.projects[1].line, head.votes.line) == (13, 16)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_are_numbered_as_an_editor_does_whatever_ends_them(line_end: str) -> None:
    rows = Rows(line_end.join(["a;b", "", " ", '"c', 'd";e', "f"]), 10)
    assert [(line, len(fields)) for line, fields in rows] == [(11, 2), (15, 2), (16, 1)]
    assert rows.rest == ""


def test_a_column_or_field_that_is_left_out_is_empty() -> None:
    head = read_head(FILE.replace("7;40;Bankje;1", "7;40"))
    assert (head.projects[2].value("name"), head.projects[2].value("category")) == ("", "")


def test_only_a_line_with_nothing_but_a_name_begins_a_section() -> None:
    for line in ("VOTES;40;Bankje;1", "VOTES;40"):
        assert read_head(FILE.replace("7;40;Bankje;1", line)).projects[2].value("project_id") == "VOTES"


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("META\n", "", 1, "the file does not begin with META"),
        ("VOTES\n", "META\n", 13, "section META begins where VOTES is to begin"),
        ("PROJECTS\n", "VOTES\n", 8, "section VOTES begins where PROJECTS is to begin"),
        ("3;;44", "META", 17, "section META begins after VOTES"),
        ("project_id;cost", "project_id;price", 9, "section PROJECTS needs one column 'cost', and has 0"),
        ("cost;name", "cost;cost", 9, "section PROJECTS needs one column 'cost', and has 2"),
        ("vote;age", "vote;age;age", 14, "section VOTES needs one column 'age', and has 2"),
        ("2;7;12", "2;7;12;x", 16, "4 fields for 3 columns: is a semicolon unquoted?"),
        ("3;50;Buurthuis;0", "3;50;Buurt;huis;0", 11, "5 fields for 4 columns: is a semicolon unquoted?"),
        ("3;50;Buurthuis", '3;50;"Buurt"huis', 11, "the line cannot be split into fields: ';' expected after '\"'"),
        ("3;50;Buurthuis", '3;50;"Buurthuis', 18, "the line cannot be split into fields: unexpected end of data"),
        ("2;7;12", '2;"7;12', 18, "the line cannot be split into fields: unexpected end of data"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_well_formed_is_refused_with_line_and_reason(
    old: str, new: str, line: int, reason: str
) -> None:
    assert FILE.count(old) == 1
    assert refusal(FILE.replace(old, new)) == (line, reason)


def test_a_section_that_is_missing_is_named() -> None:
    assert refusal(FILE[: FILE.index("VOTES")]) == (12, "the file ends without a section VOTES")
    assert refusal("") == (1, "the file ends without a section META")
    assert refusal(FILE[: FILE.index("voter_id")]) == (13, "section VOTES needs one column 'voter_id', and has 0")


def test_a_field_beyond_all_measure_is_refused() -> None:
    assert refusal(FILE.replace("Bankje", "x" * 200_000))[0] == 12


def test_text_that_is_not_utf_8_is_refused_at_its_line() -> None:
    for content, line in ((b"META\n\xff", 2), (b"\xff", 1), (b"META\r\nkey\r\n\xe4\n", 3)):
        with pytest.raises(PabulibError, match=f"line {line}: the text is not UTF-8"):
            decode(content)


def test_a_byte_order_mark_is_no_text() -> None:
    assert decode(b"\xef\xbb\xbfMETA") == "META"


def test_a_line_with_a_semicolon_is_not_empty() -> None:
    assert list(Rows(";\n\n")) == [(1, ["", ""])]


def test_what_cannot_be_split_in_the_first_line_is_told_of_the_first_line() -> None:
    assert refusal('"META"x')[0] == 1
