"""`python -m tests.faults NAME` runs one of the long trials and prints a line of JSON for each database.

NAME is a module of this folder that has a `main(argv)`.
"""

import importlib
import json
import sys

NAMES = ("mail", "broker", "backup")


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in NAMES:
        print(f"Usage: python -m tests.faults {{{','.join(NAMES)}}} [--help]", file=sys.stderr)
        return 2
    for figures in importlib.import_module(f"tests.faults.{sys.argv[1]}").main(sys.argv[2:]):
        print(json.dumps(figures), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
