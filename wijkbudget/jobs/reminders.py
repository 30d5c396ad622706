"""What officials are asked for, once, because a round waits for them; a reminder holds up nothing."""

from ..ballots.keeping import keeping_of
from ..mail.addresses import key_page
from ..mail.outbox import post_letter
from ..people.queries import people_with_role
from ..people.rules import Role
from ..results.actions import SETTLING
from ..rounds.rules import Phase
from ..rounds.voting import KeyKeeping
from .timetable import Desk, Task


def ask_for_keys(desk: Desk) -> bool:
    """Tell the officials that voting has begun and nobody can vote before they keep the key."""
    is_shared = desk.round.voting.keys is KeyKeeping.OFFICIALS
    if is_shared and not keeping_of(desk.session, desk.round).is_open_to_voters:
        _write_to_officials(desk, "keys-needed")
    return True


def ask_for_shares(desk: Desk) -> bool:
    """Tell the officials that the votes wait for two of the three shares."""
    if keeping_of(desk.session, desk.round).waits_for_shares:
        _write_to_officials(desk, "shares-needed")
    return True


def _write_to_officials(desk: Desk, kind: str) -> None:
    for official in people_with_role(desk.session, Role.OFFICIAL):
        post_letter(
            desk.session, kind=kind, recipient=official.email, now=desk.now,
            name=official.name, round=desk.round.title, path=key_page(desk.round.slug),
        )  # fmt: skip


REMINDERS = (
    Task("ask for keys", Phase.VOTING, ask_for_keys),
    Task("ask for shares", Phase.COUNTING, ask_for_shares, delay=SETTLING),
)
