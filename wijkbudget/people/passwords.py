"""Passwords: Argon2id with the parameters that OWASP asks for."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB of memory, 2 passes, 1 lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

NOBODYS_HASH = "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$dGhpcyBpcyBub2JvZHkncyBwYXNzd29yZCBoYXNoLiE"
"""No password fits it; checking against it costs as much as checking a real one."""


def hash_password(password: str) -> str:
    """What is stored of a password: a salted hash that says by which parameters it was made."""
    return _HASHER.hash(password)


def password_matches(password: str, stored: str) -> bool:
    """Whether `stored` was made from this password."""
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether `stored` was made by other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)
