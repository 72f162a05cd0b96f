"""`python -m tests.security audit`: asks about known holes in what requirements.txt pins.

Ends with 0 where there is none, 1 where there is one, 2 where it could not be asked: NOT RUN. Further arguments go to
pip-audit, as in `--vulnerability-service osv`.
"""

import sys

from tests.security.audit import audit


def main(words: list[str]) -> int:
    if words[:1] != ["audit"]:
        print("python -m tests.security audit [pip-audit's arguments]", file=sys.stderr)
        return 64
    outcome = audit(service=words[1:])
    print(outcome.as_line())
    print(outcome.in_words(), file=sys.stderr)
    return int(outcome.state)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
