"""The programme file -> rows. Strict: an error names the key, the workshop, what was expected.

Read when its `nom` does not exist yet; afterwards the database is the truth.
"""

import json
import re
import tomllib
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from contrib.forms import fold
from contrib.programme import hours
from contrib.store.log import Values
from exports.digest import NATURES
from exports.system import reason

DEFAULT = Path(__file__).parent / "days" / "lievin-2021.toml"


class BrokenProgramme(ValueError):
    """The file cannot be used; the message is one French sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What a key of the file must hold."""

    kind: type
    expected: str
    required: bool = False
    default: Any = None
    into: str = ""
    """The column that it fills."""


_TEXT = "du texte entre guillemets"
_HOUR = "une heure comme 14:30:00"

EVENT_KEYS = {
    "nom": Key(kind=str, expected=_TEXT, required=True, into="name"),
    "titre": Key(kind=str, expected=_TEXT, required=True, into="title"),
    "sous_titre": Key(kind=str, expected=_TEXT, into="subtitle"),
    "date": Key(kind=date, expected="une date comme 2021-09-30", required=True, into="date"),
    "lieu": Key(kind=str, expected=_TEXT, into="place"),
    "organisateur": Key(kind=str, expected=_TEXT, into="organiser"),
    "fuseau": Key(kind=str, expected="un fuseau comme Europe/Paris", default="Europe/Paris", into="timezone"),
    "debut_ateliers": Key(kind=time, expected=_HOUR, into="workshops_start"),
    "fin_ateliers": Key(kind=time, expected=_HOUR, into="workshops_end"),
    "restitution": Key(kind=time, expected=_HOUR, required=True, into="plenary_at"),
    "fin": Key(kind=time, expected=_HOUR, into="ends_at"),
}
SEQUENCE_KEYS = {
    "heure": Key(kind=time, expected=_HOUR, required=True),
    "titre": Key(kind=str, expected=_TEXT, required=True),
    "intervenants": Key(kind=list, expected="une liste de noms", default=()),
}
WORKSHOP_KEYS = {
    "sigle": Key(kind=str, expected="2 à 5 lettres", required=True, into="initials"),
    "nom": Key(kind=str, expected=_TEXT, required=True, into="name"),
    "titre": Key(kind=str, expected=_TEXT, required=True, into="title"),
    "question": Key(kind=str, expected=_TEXT, default="", into="question"),
    "salle": Key(kind=str, expected=_TEXT, into="room"),
    "rapporteur": Key(kind=str, expected=_TEXT, into="speaker"),
    "minutes": Key(kind=int, expected="un nombre de minutes", default=5, into="minutes"),
    "a_dire": Key(kind=int, expected="un nombre de notes", default=3, into="expected_highlights"),
}
RUBRIC_KEYS = {
    "nom": Key(kind=str, expected=_TEXT, required=True, into="name"),
    "nature": Key(kind=str, expected=" | ".join(NATURES), required=True, into="nature"),
    "libelle": Key(kind=str, expected=_TEXT, required=True, into="label"),
    "invite": Key(kind=str, expected=_TEXT, default="", into="prompt"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A checked programme: columns by name, ready to become rows."""

    event: Values
    workshops: tuple[tuple[Values, tuple[Values, ...]], ...]

    @property
    def name(self) -> str:
        return str(self.event["name"])


def read(path: Path) -> Programme:
    """The programme of a file. Raises BrokenProgramme in one French sentence."""
    try:
        return read_bytes(path.read_bytes(), path.name)
    except OSError as error:
        raise BrokenProgramme(f"{path} ne peut pas être lu : {reason(error)}.") from error


def read_bytes(content: bytes, name: str) -> Programme:
    """The same of the bytes of a file of that name."""
    try:
        tree = tomllib.loads(content.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise BrokenProgramme(f"{name} n’est pas enregistré en UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise BrokenProgramme(f"{name} n’est pas un fichier TOML lisible : {error}.") from error
    try:
        return parse(tree)
    except BrokenProgramme as error:
        raise BrokenProgramme(f"{name} : {error}") from error


def parse(tree: Values) -> Programme:
    """The programme of a parsed file."""
    unknown = sorted(set(tree) - {"journee", "deroule", "ateliers"})
    if unknown:
        raise BrokenProgramme(f"la partie « {unknown[0]} » est inconnue.")
    if not isinstance(tree.get("journee"), dict):
        raise BrokenProgramme("il manque la partie [journee].")
    event = _columns(tree["journee"], EVENT_KEYS, "[journee]")
    _check_slug(event["name"], "nom", "[journee]")
    try:
        ZoneInfo(event["timezone"])
    except Exception as error:
        raise BrokenProgramme(
            f"[journee] : « fuseau » vaut « {event['timezone']} » ; attendu : un fuseau comme Europe/Paris."
        ) from error
    problem = hours.problem({column: event[column] for column, _ in hours.NAMES})
    if problem:
        raise BrokenProgramme(f"[journee] : {problem}")
    sequences = [
        _columns(row, SEQUENCE_KEYS, f"[[deroule]] n° {n}")
        for n, row in enumerate(_list(tree, "deroule", "le fichier"), 1)
    ]
    event["sequences"] = json.dumps(
        [
            {"at": s["heure"].isoformat(), "title": s["titre"], "speakers": list(s["intervenants"])}
            for s in sequences
        ],
        ensure_ascii=False,
    )
    workshops = tuple(_workshop(row, n) for n, row in enumerate(_list(tree, "ateliers", "le fichier"), 1))
    if not workshops:
        raise BrokenProgramme("il faut au moins un atelier ([[ateliers]]).")
    _unique([w["initials"] for w, _ in workshops], "le sigle", "deux ateliers", fold)
    _unique([w["name"] for w, _ in workshops], "le nom", "deux ateliers", str)
    return Programme(event=event, workshops=workshops)


def _workshop(row: Any, number: int) -> tuple[Values, tuple[Values, ...]]:
    if not isinstance(row, dict):
        raise BrokenProgramme(f"[[ateliers]] n° {number} devrait être une partie.")
    where = f"atelier « {row.get('nom', f'n° {number}')} »"
    given = dict(row)
    rubrics = _list(given, "rubriques", where)
    given.pop("rubriques", None)
    columns = _columns(given, WORKSHOP_KEYS, where)
    _check_slug(columns["name"], "nom", where)
    check_initials(columns["initials"], where)
    for key, low, high in (("minutes", 1, 120), ("expected_highlights", 0, 20)):
        if not low <= columns[key] <= high:
            french = "minutes" if key == "minutes" else "a_dire"
            raise BrokenProgramme(f"{where} : « {french} » doit être compris entre {low} et {high}.")
    if not rubrics:
        raise BrokenProgramme(f"{where} : il faut au moins une rubrique.")
    children = []
    for index, child in enumerate(rubrics, 1):
        rubric = _columns(child, RUBRIC_KEYS, f"{where}, rubrique n° {index}")
        _check_slug(rubric["name"], "nom", f"{where}, rubrique n° {index}")
        if rubric["nature"] not in NATURES:
            raise BrokenProgramme(
                f"{where}, rubrique « {rubric['name']} » : « nature » vaut "
                f"« {rubric['nature']} » ; attendu : {' | '.join(NATURES)}."
            )
        children.append(rubric)
    _unique([r["name"] for r in children], "le nom", f"{where} : deux rubriques", str)
    return columns, tuple(children)


def check_initials(value: str, where: str) -> None:
    if not (2 <= len(value) <= 5 and value.isalpha() and value == value.upper()):
        raise BrokenProgramme(f"{where} : « sigle » vaut « {value} » ; attendu : 2 à 5 lettres capitales.")


def _list(tree: Values, key: str, where: str) -> list[Any]:
    rows = tree.get(key, [])
    if not isinstance(rows, list):
        raise BrokenProgramme(f"{where} : « {key} » devrait s’écrire [[{key}]].")
    return rows


def _columns(given: Any, keys: dict[str, Key], where: str) -> Values:
    if not isinstance(given, dict):
        raise BrokenProgramme(f"{where} devrait être une partie.")
    unknown = sorted(set(given) - set(keys))
    if unknown:
        raise BrokenProgramme(
            f"{where} : la clé « {unknown[0]} » est inconnue ; les clés possibles sont {', '.join(keys)}."
        )
    columns: Values = {}
    for name, key in keys.items():
        value = given.get(name, key.default)
        missing = value is None or value == ""
        if missing and key.required:
            raise BrokenProgramme(f"{where} : la clé « {name} » manque ; attendu : {key.expected}.")
        wrong = isinstance(value, bool) or (key.kind is date and isinstance(value, datetime))
        if name in given and (wrong or not isinstance(value, key.kind)):
            raise BrokenProgramme(f"{where} : « {name} » vaut « {value} » ; attendu : {key.expected}.")
        columns[key.into or name] = value.strip() if isinstance(value, str) else value
    return columns


def _check_slug(value: str, key: str, where: str) -> None:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+){0,20}", value) or len(value) > 60:
        raise BrokenProgramme(
            f"{where} : « {key} » vaut « {value} » ; attendu : minuscules sans accent, "
            "chiffres et tirets (il sert d’adresse)."
        )


def _unique(values: list[str], what: str, where: str, fold_by: Any) -> None:
    seen: set[str] = set()
    for value in values:
        if fold_by(value) in seen:
            raise BrokenProgramme(f"{where} portent {what} « {value} ».")
        seen.add(fold_by(value))


def dated(programme: Programme, date_: date, **times: time) -> Programme:
    """The same programme on another day (the demonstration's)."""
    return replace(programme, event={**programme.event, "date": date_, **times})


def as_values(programme: Programme, **extra: Any) -> Values:
    """The programme as the payload of a `set_up` operation: plain JSON values."""
    event = {
        key: value.isoformat() if isinstance(value, date | time) else value
        for key, value in programme.event.items()
    }
    workshops = [{**w, "rubrics": list(r)} for w, r in programme.workshops]
    return {"event": {**event, **extra}, "workshops": workshops}
