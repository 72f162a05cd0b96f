"""The floor under load: the benchmarks' bare application, with as many writes a registration as the office has.

FLOOR_WRITES says how many; FLOOR_DATABASE_URL where they go. `/sent` is its page after a registration, `/seen` one admission.
"""

import os
from typing import Any

from flask import redirect, render_template_string, request
from sqlalchemy import text

from tests.benchmarks.floor import PAGE, RegisterForm, app, db

WRITES = int(os.environ["FLOOR_WRITES"])
SENT = "<!doctype html><h1>Thank you</h1><p>{{ count }}</p>"


def _write_more(count: int) -> None:
    for number in range(count):
        db.session.execute(
            text("INSERT INTO floor_outbox (recipient, body) VALUES (:to, :body)"),
            {"to": f"more {number}", "body": "A line as long as an entry of the history usually is."},
        )


def register() -> Any:
    form = RegisterForm(request.form)
    if request.method == "POST" and form.validate():
        db.session.execute(
            text(
                "INSERT INTO floor_registration (given, family, email, affiliation, category) VALUES (:given_name, :family_name, :email, :affiliation, :category)"
            ),
            form.data,
        )
        _write_more(WRITES - 1)
        db.session.commit()
        return redirect("/sent", 303)
    return render_template_string(PAGE, f=form)


@app.get("/sent")
def sent() -> str:
    return render_template_string(SENT, count=1)


@app.post("/seen")
def seen() -> Any:
    """Take one admission: as many writes as the office's own."""
    _write_more(WRITES)
    db.session.commit()
    return redirect("/sent", 303)


app.view_functions["register"] = register
