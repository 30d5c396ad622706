"""Limits to guessing codes: failures alone are counted, so a good code opens the booth whatever others tried.

A code has 75 random bits: trying cannot find one. The limits keep guessing cheap for us (beyond them nothing is stored)
and make it known (`guesses_under_way` is for the watch).
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, ip_address

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from .actions import find_code
from .rules import TooManyGuesses, UnknownCode
from .tables import FailedGuess, VotingCode

WINDOW = timedelta(minutes=10)
PER_NETWORK = 20
"""Failures from one network within the window; more of them are answered without being counted."""
PLATFORM_WIDE = 1_000
"""Failures from everywhere within the window; more are an attack, and an alarm."""
KEPT = timedelta(days=1)
_NETWORK_BYTES = 16


def network_of(address: str | None, *, pepper: str, now: datetime) -> bytes:
    """A keyed hash of the network (IPv4 address, IPv6 /64) for one day; it does not tell the address.

    What is no address, as a proxy may hand on, counts as one network too: the door opens for a good code all the same.
    """
    text = f"network|{now.astimezone(UTC):%Y-%m-%d}|".encode() + _network(address or "")
    return hmac.digest(pepper.encode(), text, hashlib.sha256)[:_NETWORK_BYTES]


def _network(address: str) -> bytes:
    try:
        ip = ip_address(address)
    except ValueError:
        return address.encode(errors="backslashreplace")
    return ip.packed if isinstance(ip, IPv4Address) else (ip.ipv4_mapped or ip).packed[:8]


def try_code(session: Session, *, typed: str, address: str | None, pepper: str, now: datetime) -> VotingCode:
    """The code that somebody typed; a code that is none is counted, and stays counted if the transaction is committed.

    Raises MistypedCode (which costs no guess), UnknownCode, TooManyGuesses.
    """
    try:
        return find_code(session, typed=typed, pepper=pepper)
    except UnknownCode:
        _count_failure(session, network_of(address, pepper=pepper, now=now), now)
        raise


def _count_failure(session: Session, network: bytes, now: datetime) -> None:
    if _failures(session, now, FailedGuess.network == network) >= PER_NETWORK or guesses_under_way(session, now):
        raise TooManyGuesses()
    session.add(FailedGuess(network=network, failed_at=now))
    session.flush()


def guesses_under_way(session: Session, now: datetime) -> bool:
    """Whether so many codes failed lately, from everywhere together, that somebody must be guessing."""
    return _failures(session, now) >= PLATFORM_WIDE


def _failures(session: Session, now: datetime, *where: ColumnElement[bool]) -> int:
    recent = select(func.count()).select_from(FailedGuess).where(FailedGuess.failed_at > now - WINDOW, *where)
    return session.scalar(recent) or 0


def forget_guesses(session: Session, now: datetime) -> None:
    """Delete what was counted more than a day ago."""
    session.execute(delete(FailedGuess).where(FailedGuess.failed_at <= now - KEPT))
