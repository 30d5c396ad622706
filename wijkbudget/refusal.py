"""The one way in which a rule says no."""


class Refusal(Exception):
    """A rule said no; nothing was done. Details are what its sentence needs: amounts in cents, moments in UTC."""

    def __init__(self, **details: object) -> None:
        super().__init__(type(self).__name__)
        self.details = details
