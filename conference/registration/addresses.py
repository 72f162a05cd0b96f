"""E-mail addresses as forms and files give them. The only importer of email_validator."""

from email_validator import EmailNotValidError, validate_email


def read_address(typed: str) -> str | None:
    """Return the address as mail servers take it, its host in lower-case ASCII; None for what is none."""
    try:
        return validate_email(typed, check_deliverability=False, allow_smtputf8=False).ascii_email
    except EmailNotValidError:
        return None
