"""The links in the letters about an account."""

from ...people.tokens import Links
from ..transactions import parts


def links() -> Links:
    """What signs the links of this installation."""
    return Links(parts().config.secret_key)
