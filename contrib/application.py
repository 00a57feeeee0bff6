"""The application, made of its packages: pages, actions, settings of Flask."""

from pathlib import Path

from flask import Flask
from flask_wtf import CSRFProtect

from contrib.access import public_address
from contrib.access.operations import SESSION_LIFE
from contrib.access.sessions import Sessions
from contrib.access.views import bp as access
from contrib.backup.views import bp as backup
from contrib.capture.views import bp as capture
from contrib.desk.components import bp as components
from contrib.desk.days import bp as days
from contrib.desk.views import bp as desk
from contrib.documents.views import bp as documents
from contrib.intake.views import bp as intake
from contrib.plenary.views import bp as plenary
from contrib.publication.partner_views import bp as partners
from contrib.publication.public_views import bp as public
from contrib.publication.report_views import bp as report
from contrib.publication.return_views import bp as returns
from contrib.publication.views import bp as publication
from contrib.settings import Settings, load
from contrib.store import db
from contrib.synthesis.views import bp as synthesis
from contrib.web import assets, errors, headers, incoming, pages

HERE = Path(__file__).parent


def open_again(folder: Path) -> Flask:
    """The application on a data folder that was opened before: by another process of the same server."""
    return create_app(load(folder))


def create_app(settings: Settings) -> Flask:
    """The Flask application of an installation."""
    app = Flask("contrib", template_folder=str(_templates()))
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
    )
    app.session_interface = Sessions()
    incoming.init_app(app)
    errors.limit_bodies(app)  # before the form is read for its token
    CSRFProtect(app)
    db.init_app(app, settings)
    errors.init_app(app)
    pages.init_app(app)
    headers.init_app(app, version=assets.init_app(app))
    public_address.init_app(app, public_address.checked(settings.address) if settings.address else None)
    for blueprint in (
        access, days, desk, components, backup, intake, documents, plenary, publication, synthesis, report, returns, partners, public, capture,
    ):  # fmt: skip
        app.register_blueprint(blueprint)
    return app


def _templates() -> Path:
    """Beside the package in a checkout, inside it once installed from a wheel."""
    inside = HERE / "templates"
    return inside if inside.is_dir() else HERE.parent / "templates"
