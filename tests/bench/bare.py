"""The yardstick: Flask, two SQLite queries and a template of 20 posts. No sessions, no chrome, no rules."""

import os
import sqlite3
from typing import NamedTuple

from flask import Flask

PAGE = """<!doctype html><html lang="en"><title>{{ title }}</title><h1>{{ title }}</h1>
{% for p in posts %}<article id="p{{ p.id }}"><a href="/people/{{ p.username }}">{{ p.name }}</a> {{ p.created_at }}
{{ p.html|safe }}<a href="/reply/{{ p.id }}">Reply</a> <a href="/report/{{ p.id }}">Report</a></article>{% endfor %}</html>"""


class Row(NamedTuple):
    id: int
    html: str
    created_at: str
    name: str
    username: str


def create() -> Flask:
    app = Flask("bare")
    page = app.jinja_env.from_string(PAGE)
    connection = sqlite3.connect(os.environ["BARE_DB"], check_same_thread=False)

    @app.get("/thread/<int:id_>")
    def thread(id_: int) -> str:
        title = connection.execute("SELECT title FROM threads WHERE id = ?", (id_,)).fetchone()[0]
        rows = connection.execute(
            "SELECT p.id, p.html, p.created_at, a.name, a.username FROM posts p JOIN accounts a ON a.id = p.member_id"
            " WHERE p.thread_id = ? AND p.seq <= 20 ORDER BY p.seq",
            (id_,),
        )
        return page.render(title=title, posts=[Row(*r) for r in rows])

    @app.get("/health")
    def health() -> str:
        return "ok"

    return app
