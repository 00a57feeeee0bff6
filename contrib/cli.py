"""The command line: the second front door to the same operations. Errors are sentences."""

import json
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask

from contrib import demo as demonstration
from contrib.access import codes
from contrib.access.roles import current_event
from contrib.application import open_again
from contrib.backup import archive
from contrib.backup.archive import CopyFailed
from contrib.backup.takeaway import pack
from contrib.digest import take
from contrib.documents import process, report_editions, sent_reports, stationery_files
from contrib.host import doctor
from contrib.host.serve import serve
from contrib.installation import new_password, open_folder, open_installation
from contrib.intake import saved_file
from contrib.intake.csv_file import import_rows, read_csv
from contrib.intake.limits import UnreadableFile
from contrib.settings import DEFAULT_PORT, Unusable, default_data_folder, read_instance, require_day
from contrib.store.db import db
from contrib.store.log import Author, Refused
from contrib.store.models import Event, Installation
from exports.digest import to_json
from exports.documents.prepare import prepare
from exports.documents.report_comparison import read_report
from exports.documents.report_reading import KINDS, as_plain
from exports.ooxml.container import Unfit
from exports.system import reason
from exports.text import counted


@click.group(help="Les ateliers d’une journée, de la note au document de restitution.")
def main() -> None:
    """Sentences on every terminal: Windows consoles and pipes are not always UTF-8."""
    os.umask(0o077)  # what is written is its owner's alone: copies and versions hold keys and names
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


Command = Callable[..., None]


def on_installation(*, may_begin: bool) -> Callable[[Command], Command]:
    """`--data` and `--programme`, the day found first, and errors as sentences.

    `may_begin`: the day is set up where there is none yet; else that is an error.
    """

    def decorate(command: Command) -> Command:
        @click.option("--data", type=click.Path(path_type=Path), help="Le dossier des données.")
        @click.option(
            "--programme",
            type=click.Path(path_type=Path),
            help="Le programme de la journée (.toml) ; par défaut celui de Liévin.",
        )
        @wraps(command)
        def run(data: Path | None, programme: Path | None, **options: Any) -> None:
            try:
                if not may_begin:
                    require_day(data)
                app, password = open_installation(data, programme)
                if password:
                    say_password(password)
                with app.app_context():
                    command(app, **options)
            except (Unusable, UnreadableFile, Refused, CopyFailed) as error:
                raise SystemExit(_complain(str(error))) from error
            except OSError as error:
                raise SystemExit(_complain(f"{error.filename} : {reason(error)}.")) from error

        return run

    return decorate


@main.command("serve", help="Démarre le serveur et imprime les adresses et les codes.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Le port ; par défaut celui du premier démarrage."
)
@click.option("--host", default="0.0.0.0", help="L’adresse écoutée ; par défaut toutes.")  # noqa: S104  the room's laptops must reach it
@click.option(
    "--workers",
    type=click.IntRange(1, 16),
    default=1,
    show_default=True,
    help="Le nombre de processus qui répondent ; plus d’un seulement avec PostgreSQL.",
)
@on_installation(may_begin=True)
def serve_(app: Flask, port: int | None, host: str, workers: int) -> None:
    serve(app, _event(), host=host, port=port, workers=workers, opener=open_again)


@main.command(help="Démarre une démonstration : un après-midi déjà noté, daté d’aujourd’hui.")
@click.option("--port", type=click.IntRange(1, 65535), default=8022, show_default=True)
@click.option("--host", default="0.0.0.0")  # noqa: S104  as above
@click.option("--data", type=click.Path(path_type=Path), help="Le dossier des données.")
def demo(port: int, host: str, data: Path | None) -> None:
    try:
        folder = data or default_data_folder().with_name("contrib-demonstration")
        app, password = open_folder(folder)
        if password:
            say_password(password)
        demonstration.set_up(app)
        with app.app_context():
            serve(app, _event(), host=host, port=port, opener=open_again)
    except Unusable as error:
        raise SystemExit(_complain(str(error))) from error


@main.command(help="Reprend une copie dans un dossier neuf : la journée continue avec les mêmes codes.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--data", type=click.Path(path_type=Path), required=True, help="Le nouveau dossier des données."
)
def restore(file: Path, data: Path) -> None:
    try:
        holding = archive.restore(file, data)
        open_folder(data)
    except (CopyFailed, Unusable) as error:
        raise SystemExit(_complain(str(error))) from error
    click.echo(f"{data} : {counted(holding.notes, 'note reprise', 'notes reprises')}. Les codes et le mot de passe restent les mêmes.")  # fmt: skip
    click.echo(f"Démarrez le serveur : contrib serve --data {data}")


@main.command("import", help="Importe des notes (.csv, ou fichier sauvé .txt) ; chacune une seule fois.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--serveur-perdu", is_flag=True, help="Reconstruit l’atelier d’un fichier sauvé.")
@on_installation(may_begin=True)
def import_(app: Flask, file: Path, serveur_perdu: bool) -> None:
    event = _event()
    content = file.read_bytes()
    if saved_file.is_saved_file(content):
        _bring_back(event, content, serveur_perdu)
    else:
        _import_csv(event, content)


def _import_csv(event: Event, content: bytes) -> None:
    rows = read_csv(event, content)

    def progress(done: int, total: int) -> None:
        if total > 200:
            click.echo(f"  {done} lignes sur {total}", err=True)

    added, known = import_rows(event.id, Author(), rows, progress)
    click.echo(
        f"{counted(len(rows), 'ligne lue', 'lignes lues')}\u00a0: {counted(added, 'note ajoutée', 'notes ajoutées')}, "
        f"{counted(known, 'déjà connue', 'déjà connues')}."
    )


def _bring_back(event: Event, content: bytes, rebuild: bool) -> None:
    saved = saved_file.read(content)
    outcome = saved_file.bring_back(db.session(), saved, Author(), event, rebuild=rebuild)
    click.echo(
        f"{outcome.workshop}\u00a0: {counted(outcome.notes, 'note lue', 'notes lues')}, "
        f"{counted(outcome.added, 'note rétablie', 'notes rétablies')}, "
        f"{counted(outcome.applied, 'saisie en attente reprise', 'saisies en attente reprises')}."
    )
    for text, why in outcome.refused:
        click.echo(f"  Non repris\u00a0: «\u00a0{text}\u00a0» {why}")


@main.command(help="Écrit le digest : tout ce qu’un document contient, en JSON.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@on_installation(may_begin=False)
def digest(app: Flask, output: Path) -> None:
    output.write_text(to_json(take(db.session(), _event())), encoding="utf-8")
    click.echo(f"{output} : digest écrit.")


@main.command("compile", help="Compile le document Word de la restitution, ou le rapport.")
@click.argument("document", type=click.Choice(["restitution", "report"]))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@click.option("--pages-a-dire", is_flag=True, help="Seulement les pages à dire.")
@on_installation(may_begin=False)
def compile_(app: Flask, document: str, output: Path, pages_a_dire: bool) -> None:
    if document == "report" and pages_a_dire:
        raise Unusable("Le rapport n’a pas de pages à dire : --pages-a-dire est pour la restitution.")
    stationery = stationery_files.in_force(db.session.get_one(Installation, 1))
    if stationery.problem:
        click.echo(stationery.problem, err=True)
    taken = take(db.session(), _event(), report=document == "report")
    checked = process.finish(
        taken,
        record=not pages_a_dire,
        report=document == "report",
        stationery=stationery.content,
    )
    compiled = checked.compiled
    if document == "report":
        sent_reports.keep(taken, compiled.fingerprint)
    output.write_bytes(compiled.content)
    click.echo(f"{output} : {compiled.page_map.total} pages, empreinte {compiled.fingerprint[:16]}.")
    for reference in checked.replaced:
        click.echo(f"  Le texte de {reference} empêcherait Word d’ouvrir le document : il n’y est pas.")
    for warning in checked.warnings:
        click.echo(f"  {warning}")


@main.command(help="Emporte la journée : documents, notes et copie en un seul fichier zip.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@on_installation(may_begin=False)
def takeaway(app: Flask, output: Path) -> None:
    output.write_bytes(pack(_event()))
    click.echo(f"{output} : la journée est dans ce fichier.")


@main.command(help="Écrit toute la partie publique du rapport en fichiers, pour un autre serveur.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="Un dossier neuf ou vide."
)
@on_installation(may_begin=False)
def publish(app: Flask, output: Path) -> None:
    if output.exists() and any(output.iterdir()):
        raise Unusable(f"Le dossier {output} n’est pas vide : choisissez-en un nouveau.")
    files = report_editions.public_site(_event())
    for name, content in files.items():
        path = output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    click.echo(f"{output} : {counted(len(files), 'fichier écrit', 'fichiers écrits')}. Ouvrez index.html.")


@main.group("report", help="Le rapport de suivi.")
def report_() -> None:
    """Commands about the follow-up report."""


@report_.command("read", help="Lit un rapport corrigé dans Word : ce qui a changé, sans rien écrire.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Pour un programme : changes et unplaced.")
@on_installation(may_begin=False)
def read_(app: Flask, file: Path, as_json: bool) -> None:
    content = file.read_bytes()
    try:
        reading = read_report(content, sent_reports.base_of(_event(), content))
    except Unfit as error:
        raise Unusable(f"{file} : {error}") from error
    if as_json:
        click.echo(json.dumps(as_plain(reading), ensure_ascii=False, indent=1))
        return
    for change in reading.changes:
        doubt = " (proposé)" if change.proposed else ""
        click.echo(f"{change.where}, {KINDS[change.kind]}{doubt}")
        for sign, text in (("-", change.old), ("+", change.new)):
            if text:
                click.echo(f"  {sign} {text}")
    for one in reading.unplaced:
        click.echo(f"Sans place : {one.text}\n  {one.why}, après « {one.near} »")
    click.echo(
        f"{counted(reading.compared, 'passage comparé', 'passages comparés')} : "
        f"{counted(len(reading.changes), 'changement', 'changements')}, {len(reading.unplaced)} sans place."
    )


@main.group("stationery", help="Le modèle Word de votre organisme.")
def stationery_() -> None:
    """Commands about the organiser's own Word file."""


@stationery_.command("check", help="Vérifie un .docx ou .dotx : peut-il servir de modèle Word ?")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Où écrire un document d’essai.")
def check(file: Path, output: Path | None) -> None:
    """Exit code 0 where the file can be stationery, 1 with a sentence where it cannot."""
    try:
        prepared = prepare(file.read_bytes())
        if output:
            output.write_bytes(prepared.trial)
    except Unfit as error:
        raise SystemExit(_complain(f"{file} ne peut pas servir de modèle. {error}")) from error
    except OSError as error:
        raise SystemExit(_complain(f"{error.filename} : {reason(error)}.")) from error
    click.echo(
        f"{file} peut servir de modèle ; "
        f"{counted(len(prepared.made), 'style a été ajouté', 'styles ont été ajoutés')}, "
        f"{counted(len(prepared.remarks), 'remarque', 'remarques')}."
    )
    for remark in prepared.remarks:
        click.echo(f"  {remark.sentence}")
        if remark.remedy:
            click.echo(f"    {remark.remedy}")
    if output:
        click.echo(f"{output} : document d’essai, {counted(prepared.pages, 'page', 'pages')}.")


@main.command("doctor", help="Cette machine est-elle prête pour la journée ?")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Le port ; par défaut celui du premier démarrage."
)
@on_installation(may_begin=True)
def doctor_(app: Flask, port: int | None) -> None:
    """Exit code 0 where nothing stands in the way, 1 otherwise."""
    kept = read_instance(app.config["DATA"]).get("port", DEFAULT_PORT)
    findings = doctor.examine(port=port or int(kept))
    for finding in findings:
        click.echo(f"{finding.grade:>11}  {finding.sentence}")
        if finding.remedy:
            click.echo(f"{'':>11}  {finding.remedy}")
    if not doctor.ready(findings):
        raise SystemExit(_complain("\nCette machine n’est pas prête : voyez les lignes « à corriger »."))
    click.echo("\nCette machine est prête.")


@main.command("codes", help="Affiche les codes des ateliers et de la restitution.")
@on_installation(may_begin=True)
def codes_(app: Flask) -> None:
    for line in codes.lines(app.config["SECRET_KEY"], _event()):
        click.echo(f"  {line}")


@main.command(help="Fait un nouveau mot de passe d’organisateur ; tout le reste est gardé.")
@on_installation(may_begin=True)
def password(app: Flask) -> None:
    click.echo(f"Nouveau mot de passe de l’organisateur : {new_password()}")
    click.echo("Il ne sera plus affiché. L’ancien n’ouvre plus rien.")


def say_password(password: str) -> None:
    click.echo(f"Mot de passe de l’organisateur : {password}")
    click.echo("Notez-le : il n’est affiché que cette fois (« contrib password » en fait un autre).")


def _event() -> Event:
    event = current_event()
    if event is None:
        raise Unusable("Cette installation n’a pas de journée en cours.")
    return event


def _complain(sentence: str) -> int:
    click.echo(sentence, err=True)
    return 1
