"""No input is answered with a crash: what no page sends gets a sentence."""

from conftest import open_folder
from postgres import fresh_database
from strange_requests import Stranger

from contrib.installation import set_up_day
from contrib.programme import toml_file
from contrib.store.db import db

TIMES = 1_500


def test_nothing_that_a_request_brings_is_answered_with_a_crash(app) -> None:
    stranger = Stranger(app, seed=20210930)
    stranger.ask(TIMES)

    assert not stranger.wrong, "\n".join(stranger.wrong[:20])
    assert {200, 303, 401, 404, 422} <= set(stranger.answers)


def test_nothing_is_answered_with_a_crash_on_postgresql(tmp_path, monkeypatch) -> None:
    with fresh_database(fsync=False) as address:
        monkeypatch.setenv("DATABASE_URL", address)
        app, password = open_folder(tmp_path / "data")
        app.config["PASSWORD"] = password
        with app.app_context():
            set_up_day(toml_file.read(toml_file.DEFAULT))
            stranger = Stranger(app, seed=16)
            stranger.ask(TIMES)
            db.session.remove()
            db.engine.dispose()

    assert not stranger.wrong, "\n".join(stranger.wrong[:20])
