"""`python -m tests.faults NAME` runs one of the long trials and prints a line of JSON for each database.

NAME is a module of this folder that has a `main(argv)`. The exit code is 1 where a line says that it is not `sound`.
"""

import importlib
import json
import sys

NAMES = ("mail", "broker", "backup", "app", "migrations", "disk")


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in NAMES:
        print(f"Usage: python -m tests.faults {{{','.join(NAMES)}}} [--help]", file=sys.stderr)
        return 2
    code = 0
    for figures in importlib.import_module(f"tests.faults.{sys.argv[1]}").main(sys.argv[2:]):
        print(json.dumps(figures), flush=True)
        code = max(code, int(not figures.get("sound", True)))
    return code


if __name__ == "__main__":
    sys.exit(main())
