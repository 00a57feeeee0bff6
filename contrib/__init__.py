"""The application: from a note that somebody types to the Word document of 16 h 30."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_wtf import CSRFProtect

from contrib import db, errors, page, reach, turns
from contrib.access.sessions import Sessions
from contrib.settings import Settings, load

HERE = Path(__file__).parent
SESSION_LIFE = timedelta(days=7)


def create_app(settings: Settings | None = None) -> Flask:
    """The Flask application of an installation; by default that of the data folder."""
    settings = settings or load()
    app = Flask(__name__, template_folder=str(_templates()))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        PERMANENT_SESSION_LIFETIME=SESSION_LIFE,
        SESSION_COOKIE_NAME="contrib",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # 7 days from the code that was typed; not a new cookie with each of 200 polls a second
        SESSION_REFRESH_EACH_REQUEST=False,
        # a laptop that was offline for an hour must not be turned away
        WTF_CSRF_TIME_LIMIT=None,
        # the forms' own sentences come in French from WTForms
        WTF_I18N_ENABLED=False,
        MAX_CONTENT_LENGTH=20 * 1024 * 1024,
        MAX_FORM_PARTS=10_000,  # each line of an imported file is two of them
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        DATA=settings.data,
        MIGRATIONS=HERE / "migrations",
    )
    app.session_interface = Sessions()
    CSRFProtect(app)
    db.init_app(app, settings)
    errors.init_app(app)
    page.init_app(app)
    reach.init_app(app, reach.checked(settings.address) if settings.address else None)
    if settings.on_sqlite:  # whose work is done in this process; to wait for PostgreSQL is no work
        app.wsgi_app = turns.in_turn(app.wsgi_app)  # type: ignore[method-assign]
    _register_verbs()
    _register_blueprints(app)
    return app


def _register_verbs() -> None:
    """The homes of all writes: importing them tells the store their names."""
    from contrib import programme  # noqa: F401  late, as the views below
    from contrib.access import operations as access  # noqa: F401
    from contrib.capture import operations as capture  # noqa: F401
    from contrib.copies import operations as copies  # noqa: F401
    from contrib.desk import operations as desk  # noqa: F401
    from contrib.intake import operations as intake  # noqa: F401
    from contrib.publish import editions  # noqa: F401
    from contrib.publish import operations as publish  # noqa: F401
    from contrib.stationery import operations as stationery  # noqa: F401


def _register_blueprints(app: Flask) -> None:
    from contrib.access.views import bp as access  # late: views need the app's extensions
    from contrib.capture.views import bp as capture
    from contrib.copies.views import bp as copies
    from contrib.desk.views import bp as desk
    from contrib.intake.file_views import bp as file
    from contrib.intake.views import bp as intake
    from contrib.publish.views import bp as publish
    from contrib.stationery.views import bp as stationery

    for blueprint in (access, desk, copies, file, intake, stationery, publish, capture):
        app.register_blueprint(blueprint)


def _templates() -> Path:
    """Beside the package in a checkout, inside it once installed from a wheel."""
    inside = HERE / "templates"
    return inside if inside.is_dir() else HERE.parent / "templates"
