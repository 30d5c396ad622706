"""Which e-mail addresses our letters can reach."""

from email_validator import EmailNotValidError, validate_email

from .rules import NotAnEmail


def valid_email(text: str) -> str:
    """The address as it is stored: lower case, ASCII only. Raises NotAnEmail; asks no name server."""
    try:
        valid = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as reason:
        raise NotAnEmail(text=text) from reason
    return (valid.ascii_email or valid.normalized).lower()
