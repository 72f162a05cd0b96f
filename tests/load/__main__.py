"""`python -m tests.load NAME` drives `conference serve` and a bare floor by a crowd of clients, and prints one line of JSON.

NAME is `opening` (the minute in which registration opens), `morning` (the queue at the doors) or `papers` (people register
while booklets and large lists are made, beside the same people alone instead of a floor). The exit code is 1 where a bar does not
hold, and the line names it under `missed`.
"""

import importlib
import json
import signal
import sys

NAMES = ("opening", "morning", "papers")


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in NAMES:
        print(f"Usage: python -m tests.load {{{','.join(NAMES)}}} [--help]", file=sys.stderr)
        return 2
    # Told to end, it ends what it started too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    figures = importlib.import_module(f"tests.load.{sys.argv[1]}").main(sys.argv[2:])
    print(json.dumps(figures), flush=True)
    return 1 if figures["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
