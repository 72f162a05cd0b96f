"""The floor: the smallest honest Flask application with the same libraries, form protection and durability."""

import os
import sqlite3
from typing import Any

from flask import Flask, redirect, render_template_string, request, session
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event, text
from wtforms import EmailField, Form, SelectField, StringField
from wtforms.csrf.session import SessionCSRF
from wtforms.validators import InputRequired, Length

app = Flask(__name__)
app.config.update(SECRET_KEY="floor" * 8, SQLALCHEMY_DATABASE_URI=os.environ["FLOOR_DATABASE_URL"])
db = SQLAlchemy(app)
PAGE = "<!doctype html><form method=post>{{ f.csrf_token }}{% for x in f if x.name != 'csrf_token' %}{{ x.label }}{{ x }}{% endfor %}<button>Send</button></form>"
TALKS = "<!doctype html><h1>Programme</h1>{% for t in talks %}<article><h2>{{ t.title }}</h2><p>{{ t.start }} {{ t.room }} {{ t.speaker }}</p></article>{% endfor %}"


class RegisterForm(Form):
    class Meta:
        csrf, csrf_class, csrf_secret = True, SessionCSRF, b"floor" * 8
        csrf_context = property(lambda _self: session)

    given_name, family_name = (
        StringField("Given", [InputRequired(), Length(max=120)]),
        StringField("Family", [Length(max=120)]),
    )
    email, affiliation = (
        EmailField("E-mail", [InputRequired(), Length(max=254)]),
        StringField("Affiliation", [Length(max=200)]),
    )
    category = SelectField("Category", choices=[("1", "Participant"), ("2", "Student")])


with app.app_context():

    @event.listens_for(db.engine, "connect")
    def durable(connection: Any, _record: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.executescript(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000"
            )


@app.route("/register", methods=["GET", "POST"])
def register() -> Any:
    form = RegisterForm(request.form)
    if request.method == "POST" and form.validate():
        db.session.execute(
            text(
                "INSERT INTO floor_registration (given, family, email, affiliation, category) VALUES (:given_name, :family_name, :email, :affiliation, :category)"
            ),
            form.data,
        )
        db.session.execute(
            text("INSERT INTO floor_outbox (recipient, body) VALUES (:to, :body)"),
            {"to": form.email.data, "body": f"Dear {form.given_name.data}, you are registered."},
        )
        db.session.commit()
        return redirect("/register", 303)
    return render_template_string(PAGE, f=form)


@app.get("/programme")
def programme() -> Any:
    return render_template_string(
        TALKS, talks=db.session.execute(text("SELECT title, start, room, speaker FROM floor_talk")).all()
    )
