"""The city's signature under its packages: Ed25519, one key for all rounds, which the scheduler alone reads."""

from dataclasses import dataclass, field

from nacl.signing import SigningKey

from ..ballots.keys import KeyFolder


@dataclass(frozen=True)
class Signer:
    """Signs with the key that grows from a secret `seed` of 32 bytes."""

    seed: bytes = field(repr=False)

    def sign(self, content: bytes) -> bytes:
        """The signature, 64 bytes."""
        return SigningKey(self.seed).sign(content).signature

    @property
    def public_key(self) -> bytes:
        """By which anybody tells that a signature is the city's."""
        return bytes(SigningKey(self.seed).verify_key)


def signer_of(keys: KeyFolder) -> Signer:
    """The city's signer; its key is made and stored durably if it is not there yet."""
    return Signer(keys.signing_seed())
