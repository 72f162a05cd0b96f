"""Another process of the same office, with an application, a memory and connections of its own.

    python -m tests.faults.second_editor DATABASE_URL INSTANCE

Says "ready". For each line, a JSON object {"page", "endpoint", "holding", "typed", "waits"}, it opens that form, types,
sends it, and says the status. Where it waits, it says "opened" once it has the form, and sends it at the next line.
"""

import json
import sys
from pathlib import Path

from conference.app import create_app
from conference.core.clock import clock
from tests.conftest import MORNING, settings_for
from tests.factories.editing import Editor


def main(database_url: str, instance: str) -> None:
    app = create_app(settings_for(database_url, Path(instance)))
    clock.begin_at(MORNING)
    editor = Editor(app)
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        form = editor.open(asked["page"], asked["endpoint"], asked["holding"])
        if asked["waits"]:
            print("opened", flush=True)
            sys.stdin.readline()
        print(editor.send(form, **asked["typed"]).status_code, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
