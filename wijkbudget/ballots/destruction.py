"""Destroying the key of a urn, after which nobody can read its ballots any more, in no copy of the database either."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from ..database import lock_row
from ..journal import record_deed
from ..mail.addresses import key_page
from ..mail.outbox import post_letter
from ..people.tables import Person
from ..rounds.tables import Round
from .keys import KeyFolder
from .queries import key_holders
from .tables import Envelope, KeyHolder, TypedShare, Urn


def destroy_key(session: Session, *, round: Round, keys: KeyFolder, now: datetime) -> bool:
    """Whether it was this call that destroyed the key of the round and emptied its envelopes; again changes nothing.

    The caller judges whether the time has come. Who keeps a share on paper is asked to destroy that.
    """
    lock_row(session, round)
    urn = session.get_one(Urn, round.id, populate_existing=True)
    if urn.key_destroyed_at is not None:
        return False
    # The files go first. After a crash before the commit nothing says that the key is gone and all of this is done
    # again, without files; the other way round it would be said of a key that is still there.
    keys.destroy_keys(round.id)
    session.execute(update(Envelope).where(Envelope.round_id == round.id).values(sealed=b""))
    session.execute(update(KeyHolder).where(KeyHolder.round_id == round.id).values(sealed_share=None))
    session.execute(delete(TypedShare).where(TypedShare.round_id == round.id))
    urn.key_destroyed_at = now
    _write_to_holders(session, round, now)
    record_deed(session, "destroy key", now=now, round_id=round.id)
    return True


def _write_to_holders(session: Session, round: Round, now: datetime) -> None:
    for holder in key_holders(session, round.id):
        if holder.share_hash is None:
            continue  # stepped in and got no share, because not three did
        person = session.get_one(Person, holder.person_id)
        post_letter(
            session, kind="destroy-shares", recipient=person.email, now=now,
            name=person.name, round=round.title, path=key_page(round.slug),
        )  # fmt: skip
