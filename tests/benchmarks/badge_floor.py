"""The floor of `badge-http`: one page of one badge from a bare canvas, with the same fonts, behind one route."""

from flask import Flask, Response

from tests.benchmarks.badges import floor, person

app = Flask(__name__)
# Fonts are read once a process, before the first request, as the product reads them.
floor([person(0)], "a7")


@app.get("/badge/<int:number>.pdf")
def badge(number: int) -> Response:
    return Response(floor([person(number)], "a7"), content_type="application/pdf")
