"""When a result can be published."""

from ..refusal import Refusal


class NotCounted(Refusal):
    """The round has no count yet."""


class AlreadyPublished(Refusal):
    """A result is published once."""
