"""The report as data: three tables, and a `datapackage.json` that says what each column means.

Tables open right in a French Excel (UTF-8 with a BOM, semicolons, CRLF) and are read by any tool
that knows Data Package 1.0. Versions: of the edition, and of the columns (`SCHEMA`).
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from exports.digest import NATURES
from exports.documents.report_content import Content, Entry, nature_of
from exports.opendata import neutralised
from exports.report import LICENCE, STATUSES

SCHEMA = "1.0"
"""Changes where a column is renamed or means something else."""


class Column(NamedTuple):
    name: str
    kind: str
    title: str
    description: str
    more: Mapping[str, Any] = {}


_NATURES = sorted({one.label for one in NATURES.values()} | {"À classer"})
_YES = {"trueValues": ["oui"], "falseValues": ["non"]}
_REFERENCE = Column(
    "reference", "string", "Référence",
    "Celle de la note dans son atelier (sigle et numéro d’arrivée), ou S et un numéro pour une "
    "recommandation de synthèse. Elle ne change jamais.", {"constraints": {"required": True, "unique": True}},
)  # fmt: skip
RECOMMENDATIONS = (
    _REFERENCE,
    Column("numero", "integer", "Numéro", "Rang de la recommandation dans cette édition, à partir de 1."),
    Column("atelier", "string", "Atelier", "Titre de l’atelier ; vide pour une recommandation de synthèse."),
    Column("nature", "string", "Nature", "Ce qu’est la note.", {"constraints": {"enum": _NATURES}}),
    Column("texte", "string", "Texte", "Le texte du rapport.", {"constraints": {"required": True}}),
    Column("reformulee", "boolean", "Reformulée", "oui si le texte n’est pas celui de l’atelier.", _YES),
    Column("texte_origine", "string", "Texte d’origine", "Ce que l’atelier a noté, mot pour mot."),
    Column("sources", "string", "Sources", "Références des notes qu’une synthèse réunit, séparées par une virgule."),
    Column("theme", "string", "Thème", "Thème donné après la journée ; vide s’il n’y en a pas."),
    Column(
        "suite", "string", "Suite donnée", "La dernière suite connue ; vide s’il n’y en a pas.",
        {"constraints": {"enum": list(STATUSES.values())}},
    ),
    Column("ancre", "string", "Ancre", "Ce qui suit le # dans l’adresse de la page du rapport."),
)  # fmt: skip
NOTES = (
    _REFERENCE,
    Column("atelier", "string", "Atelier", "Titre de l’atelier."),
    Column("rubrique", "string", "Rubrique", "Le nom que l’atelier donne à ce qu’il rassemble."),
    Column("nature", "string", "Nature", "Ce qu’est la note.", {"constraints": {"enum": _NATURES}}),
    Column("texte", "string", "Texte", "Ce que l’atelier a noté, mot pour mot.", {"constraints": {"required": True}}),
    Column("autre_redaction", "string", "Autre rédaction", "Le second texte, si les deux sont à départager."),
    Column("theme", "string", "Thème", "Thème donné après la journée ; vide s’il n’y en a pas."),
    Column("choisie", "boolean", "Choisie", "oui si l’atelier l’a choisie pour la plénière.", _YES),
    Column("reprise", "boolean", "Reprise", "oui si elle est dans un chapitre ou une synthèse, non en annexe.", _YES),
    Column("recue_le", "datetime", "Reçue le", "Date et heure de réception, à l’heure du lieu.", {"format": "any"}),
)  # fmt: skip
ANSWERS = (
    Column("reference", "string", "Référence", "La recommandation à laquelle on répond.", {"constraints": {"required": True}}),
    Column("date", "date", "Date", "Jour de la réponse."),
    Column("suite", "string", "Suite donnée", "La réponse.", {"constraints": {"enum": list(STATUSES.values())}}),
    Column("par", "string", "Par", "L’organisme qui répond."),
    Column("texte", "string", "Texte", "Ses raisons, ou ce qui est fait."),
    Column("lien", "string", "Lien", "Une page qui en dit plus.", {"format": "uri"}),
)  # fmt: skip


def data_files(content: Content) -> dict[str, bytes]:
    """The data package: by name, `datapackage.json` first."""
    tables = {
        "recommandations": (RECOMMENDATIONS, [_recommendation(e) for e in content.recommendations]),
        "notes": (NOTES, [_note(content, entry) for entry in content.entries if entry.workshop]),
        "suites": (ANSWERS, list(_answers(content))),
    }
    files = {f"{name}.csv": _csv(columns, rows) for name, (columns, rows) in tables.items()}
    described = [_resource(name, tables[name][0], files[f"{name}.csv"]) for name in tables]
    package = json.dumps(_package(content, described), ensure_ascii=False, indent=2)
    whole = json.dumps(_whole(content, tables), ensure_ascii=False, indent=1)
    return {"datapackage.json": package.encode(), **files, "donnees.json": whole.encode()}


def _recommendation(entry: Entry) -> dict[str, str]:
    return {
        "reference": entry.reference,
        "numero": str(entry.number),
        "atelier": entry.workshop.title if entry.workshop else "",
        "nature": nature_of(entry),
        "texte": entry.text,
        "reformulee": _yes(entry.reworded),
        "texte_origine": entry.said[0],
        "sources": ", ".join(note.reference or "" for note in entry.sources),
        "theme": entry.theme or "",
        "suite": STATUSES.get(entry.answers[-1].status, "") if entry.answers else "",
        "ancre": entry.anchor,
    }


def _note(content: Content, entry: Entry) -> dict[str, str]:
    assert entry.workshop is not None
    zone = ZoneInfo(content.digest.event.timezone)
    note = next(one for one in entry.workshop.notes if one.id == entry.id)
    rubric = next((r.label for r in entry.workshop.rubrics if note in r.notes), "")
    return {
        "reference": entry.reference,
        "atelier": entry.workshop.title,
        "rubrique": rubric,
        "nature": nature_of(entry),
        "texte": entry.said[0],
        "autre_redaction": entry.said[1] if len(entry.said) > 1 else "",
        "theme": entry.theme or "",
        "choisie": _yes(bool(note.rank)),
        "reprise": _yes(entry.kept or bool(entry.mergers)),
        "recue_le": note.wordings[0].received_at.astimezone(zone).replace(microsecond=0).isoformat(),
    }


def _answers(content: Content) -> Iterable[dict[str, str]]:
    for entry in content.recommendations:
        for answer in entry.answers:
            yield {
                "reference": entry.reference,
                "date": answer.on.isoformat(),
                "suite": STATUSES.get(answer.status, answer.status),
                "par": answer.who,
                "texte": answer.text,
                "lien": answer.link or "",
            }


def _yes(fact: bool) -> str:
    return "oui" if fact else "non"


def _csv(columns: Iterable[Column], rows: Iterable[Mapping[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    names = [column.name for column in columns]
    writer.writerow(names)
    for row in rows:
        writer.writerow([neutralised(row[name]) for name in names])
    return out.getvalue().encode("utf-8-sig")


def _resource(name: str, columns: Iterable[Column], content: bytes) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [
            {"name": c.name, "type": c.kind, "title": c.title, "description": c.description, **c.more}
            for c in columns
        ],
        "missingValues": [""],
    }
    if name == "suites":
        there = {"resource": "recommandations", "fields": ["reference"]}
        schema["foreignKeys"] = [{"fields": ["reference"], "reference": there}]
    else:
        schema["primaryKey"] = ["reference"]
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ";", "lineTerminator": "\r\n"},
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema,
    }


def _package(content: Content, resources: list[dict[str, Any]]) -> dict[str, Any]:
    event, edition, licence = content.digest.event, content.report.edition, content.report.licence
    licences: dict[str, str] = {"name": "other", "title": licence}
    if licence == LICENCE:
        licences = {
            "name": "etalab-2.0",
            "title": LICENCE,
            "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
        }
    return {
        "profile": "tabular-data-package",
        "name": f"rapport-{event.name}",
        "title": f"Rapport de suivi : {event.title}",
        "description": "Recommandations, notes et suites données. Un texte qui commencerait comme une formule "
        "de tableur est précédé d’une apostrophe.",
        "version": f"{edition.number if edition else 0}.0.0",
        "schema_version": SCHEMA,
        "created": content.digest.taken_at.isoformat(),
        "licenses": [licences],
        "contributors": [{"title": event.organiser, "role": "publisher"}] if event.organiser else [],
        "resources": resources,
    }


def _whole(content: Content, tables: Mapping[str, tuple[Any, list[dict[str, str]]]]) -> dict[str, Any]:
    event, edition, counts = content.digest.event, content.report.edition, content.counts
    return {
        "journee": {
            "nom": event.name,
            "titre": event.title,
            "date": event.date.isoformat(),
            "lieu": event.place,
            "organisateur": event.organiser,
        },
        "edition": edition.number if edition else None,
        "licence": content.report.licence,
        "schema": SCHEMA,
        "notes_recues": counts.received,
        "reprises": counts.taken_up,
        "en_annexe": counts.annexed,
        "retirees": counts.withdrawn,
        **{name: rows for name, (_, rows) in tables.items()},
    }
