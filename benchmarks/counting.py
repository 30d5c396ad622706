"""What opening and counting cost for each ballot."""

from secrets import token_bytes

from nacl.public import PrivateKey, SealedBox

from wijkbudget.ballots.opening import opened_contents
from wijkbudget.ballots.rules import Ballot, FrozenRules, MenuItem
from wijkbudget.ballots.urn import seal
from wijkbudget.results.rules import counted
from wijkbudget.rounds.rules import BallotForm, Form

from .measure import Figure, cost

BALLOTS = 2000
RULES = FrozenRules(
    round_id=1, title="Benchmark", kind="wijkbudget", area="Bezuidenhout", budget=4_000_000, schedule={},
    ballot_form=BallotForm(Form.BASKET), like_threshold=0, criteria=(), eligible=BALLOTS, reference_date="2026-01-01",
    menu=tuple(MenuItem(number, f"Plan {number}", 300_000) for number in range(1, 21)),
)  # fmt: skip


def figures() -> list[Figure]:
    """Opening an envelope by the library alone first, then our opening with its checks, then the count."""
    key = PrivateKey.generate()
    ballots = [Ballot(tuple(range(1 + number % 8, 9))) for number in range(BALLOTS)]
    sealed = [seal(ballot, rules=RULES, public_key=bytes(key.public_key), nonce=token_bytes(16)) for ballot in ballots]
    box = SealedBox(key)
    contents = opened_contents(sealed, rules=RULES, private_key=bytes(key))
    choices = [ballot.choices for ballot in contents.ballots]
    works = {
        "the library opens an envelope": lambda: [box.decrypt(envelope) for envelope in sealed],
        "open, check and reject": lambda: opened_contents(sealed, rules=RULES, private_key=bytes(key)),
        "count": lambda: counted(RULES, choices, seed="0" * 64),
    }
    totals = [cost(name, work, times=1) for name, work in works.items()]
    return [Figure(total.name, total.seconds / BALLOTS) for total in totals]
