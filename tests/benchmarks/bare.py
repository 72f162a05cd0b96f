"""The floor of `demo-start`: a Flask application of one page, on the server that the demonstration uses."""

import sys

from flask import Flask
from werkzeug.serving import make_server

app = Flask(__name__)


@app.get("/")
def home() -> str:
    return "<!doctype html><title>Floor</title><h1>Floor</h1>"


if __name__ == "__main__":
    make_server("127.0.0.1", int(sys.argv[1]), app, threaded=True).serve_forever()
