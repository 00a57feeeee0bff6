"""The reference: the same notes saved the obvious way, one ORM insert and commit under a lock.

The same framework, server, database settings and page of notes; no journal of operations,
no group commit, no fragments.
"""

import multiprocessing
import sys
import threading
from functools import partial

from flask import Flask, jsonify, request
from flask_sqlalchemy import SQLAlchemy
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from sqlalchemy import event

from contrib.host import serve

db = SQLAlchemy()
lock = threading.Lock()


class Note(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    workshop = db.Column(db.String(80), index=True)
    text = db.Column(db.Text)


def application(folder: str) -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{folder}/naive.sqlite3"
    db.init_app(app)
    with app.app_context():

        @event.listens_for(db.engine, "connect")
        def settings(connection, _record) -> None:
            for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL"):
                connection.execute(f"PRAGMA {pragma}")

        db.create_all()

    @app.get("/")
    def home() -> str:
        return "ok"

    @app.post("/notes")
    def save():
        with lock:
            note = Note(workshop=request.form["workshop"], text=request.form["text"])
            db.session.add(note)
            db.session.commit()
            return jsonify(operation=request.form["operation"], outcome="accepted", note=note.id)

    @app.get("/feed")
    def feed():
        since = int(request.args["since"])
        rows = db.session.scalars(
            db.select(Note).where(Note.workshop == request.args["workshop"], Note.id > since).limit(200)
        ).all()
        return jsonify(seq=rows[-1].id if rows else since, notes=[{"id": r.id, "text": r.text} for r in rows])

    return app


def main(folder: str, port: str) -> None:
    multiprocessing.set_start_method("spawn")
    server = Granian(
        "naive",
        port=int(port),
        interface=Interfaces.WSGI,
        blocking_threads=serve.THREADS,
        backlog=serve.BACKLOG,
        backpressure=serve.BACKPRESSURE,
        log_level=LogLevels.error,
    )
    server.serve(target_loader=partial(application, folder), wrap_loader=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
