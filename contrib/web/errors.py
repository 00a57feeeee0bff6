"""Errors become pages, or JSON for the journal, in this one place.

A page says what happened, what was kept and what to do; a text on its way is never lost.
"""

from collections.abc import Mapping

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from contrib.access import roles
from contrib.access.roles import NeedsCode, Role
from contrib.store.db import DatabaseGone
from contrib.store.log import NotYetReceived, Refused

ANONYMOUS_BYTES = 256 * 1024
KEPT_FIELDS = ("text", "first", "second")


SENTENCES = {
    400: ("La demande est incomplète.", "Revenez à la page précédente et recommencez."),
    404: (
        "Cette page n’existe pas, ou plus.",
        "Vérifiez l’adresse, ou repartez de l’accueil avec votre code d’atelier.",
    ),
    405: ("Cette adresse ne s’ouvre pas ainsi.", "Repartez de l’accueil avec votre code d’atelier."),
    413: (
        "Ce qui a été envoyé est trop gros.",
        "Coupez votre texte ou votre fichier en deux, puis recommencez.",
    ),
    500: (
        "Une erreur est survenue de notre côté.",
        "Ce qui était reçu est gardé. Revenez à la page précédente et recommencez.",
    ),
}


def wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def kept_text() -> str:
    """The text that was on its way, to be shown again in a box."""
    posted = _posted()
    return "\n\n".join(posted[f] for f in KEPT_FIELDS if posted.get(f, "").strip())


def _posted() -> Mapping[str, str]:
    """The form, unless it was too big to be read."""
    try:
        return request.form
    except HTTPException:
        return {}


def limit_bodies(app: Flask) -> None:
    """Whoever is not signed in sends little: a code, a password, a text on its way."""

    @app.before_request
    def limit() -> None:
        if not roles.is_known():
            request.max_content_length = ANONYMOUS_BYTES


def init_app(app: Flask) -> None:
    @app.errorhandler(NeedsCode)
    def needs_code(error: NeedsCode) -> Response:
        """401: the page asks for the code (or the password) and holds the text meanwhile."""
        if wants_json():
            return _json("needs_code", "Cette page demande à nouveau le code de l’atelier.", 401)
        page = "access/password.html" if error.role == Role.ORGANISER else "access/enter.html"
        g.event = error.event
        body = render_template(
            page,
            event=error.event,
            wanted=error.workshop,
            for_presenter=error.role == Role.PRESENTER,
            for_partner=error.role == Role.PARTNER,
            kept=kept_text(),
            next=request.path if request.method == "GET" else "",
            sentence="",
        )
        return make_response(body, 401)

    @app.errorhandler(CSRFError)
    def expired(error: CSRFError) -> Response:
        """400: the page was older than the session; the text is below."""
        if wants_json():
            return _json("expired", "La page a expiré : elle va redemander un jeton.", 400)
        return _page(
            "Votre page datait d’une autre session : rien n’a été enregistré cette fois.",
            "Votre texte est ci-dessous, il n’a pas été perdu. Rouvrez votre atelier, "
            "collez-le, puis notez-le."
            if kept_text()
            else "Rouvrez la page, puis recommencez.",
            400,
        )

    @app.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        return _refuse(str(error), error.status)

    @app.errorhandler(NotYetReceived)
    def later(error: NotYetReceived) -> Response:
        if wants_json():
            return _json("retry", str(error), 409)
        return _page(str(error), "Rouvrez la page de l’atelier, puis recommencez.", 409)

    @app.errorhandler(DatabaseGone)
    def gone(error: DatabaseGone) -> Response:
        if wants_json():
            return _json("error", str(error), 503)
        return _page(str(error), "Ce que vous venez d’envoyer n’est pas enregistré : gardez cette page.", 503)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        status = error.code or 500
        what, do = SENTENCES.get(status, SENTENCES[400 if status < 500 else 500])
        if wants_json():
            return _json("gone" if status == 404 else "error", what, status)
        return _page(what, do, status)

    @app.errorhandler(Exception)
    def crash(error: Exception) -> Response:
        current_app.logger.exception("Unexpected error on %s", request.url_rule)
        what, do = SENTENCES[500]
        if wants_json():
            return _json("error", what, 500)
        return _page(what, do, 500)


def _refuse(sentence: str, status: int) -> Response:
    if wants_json():
        return _json("refused", sentence, status)
    kept = "Votre texte est ci-dessous, il n’a pas été perdu." if kept_text() else ""
    return _page(sentence, kept or "Revenez à la page précédente.", status)


def _json(outcome: str, sentence: str, status: int) -> Response:
    operation = _posted().get("operation", "")
    answer = jsonify(operation=operation, outcome=outcome, sentence=sentence)
    answer.status_code = status
    return answer


def _page(what: str, do: str, status: int) -> Response:
    body = render_template("error.html", what=what, do=do, kept=kept_text(), status=status)
    return make_response(body, status)
