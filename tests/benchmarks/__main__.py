"""`python -m tests.benchmarks NAME [--count N]` prints one line of JSON, `programme-page` two: the rate of the product
beside a floor's.

NAME is a module of this folder with - for _. Its `main(argv)` returns name, count, rate, floor_rate, ratio,
peak_rss_mib and queries; of paper also bytes_per_item, of `badge-http` p50 and p95 in milliseconds, of `demo-start` also cold_s and second_s, of `conflicts` what its own first lines say.
"""

import importlib
import json
import sys
from pathlib import Path


def names() -> list[str]:
    modules = [
        path for path in Path(__file__).parent.glob("[!_]*.py") if "\ndef main(" in path.read_text("utf-8")
    ]
    return sorted(path.stem.replace("_", "-") for path in modules)


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in names():
        print(f"Usage: python -m tests.benchmarks {{{','.join(names())}}} [--count N]", file=sys.stderr)
        return 2
    module = importlib.import_module(f"tests.benchmarks.{sys.argv[1].replace('-', '_')}")
    told = module.main(sys.argv[2:])
    for line in told if isinstance(told, list) else [told]:
        print(json.dumps(line))
    return 0


if __name__ == "__main__":
    sys.exit(main())
