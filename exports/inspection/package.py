"""The package: a zip, its parts, and the threads between them. Rules look at bytes."""

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from exports.inspection.rules import BLOCKS, WARNS, Rules, Unopenable, parsed

RULES = Rules()
REQUIRED = ("[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/styles.xml")
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_R_ID = re.compile(rb'\br:(?:id|embed|link|pict)="([^"]+)"')
_W3CDTF = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?")


def _open(content: bytes) -> zipfile.ZipFile | None:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError):
        return None
    return archive


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except (KeyError, OSError, RuntimeError, zipfile.BadZipFile, NotImplementedError):
        return b""


@RULES.add("zip", BLOCKS, "Ce n’est pas un fichier Word entier")
def _zip(content: bytes) -> Iterator[str]:
    archive = _open(content)
    if archive is None:
        yield "le zip ne s’ouvre pas"
        return
    try:
        broken = archive.testzip()
    except Exception as error:  # a damaged zip raises whatever its damage meets
        broken = str(error) or "abîmé"
    if broken:
        yield broken


@RULES.add("duplicate-part", BLOCKS, "Une partie est là deux fois")
def _duplicates(content: bytes) -> Iterator[str]:
    archive = _open(content)
    names = Counter(name.lower() for name in archive.namelist()) if archive else Counter()
    yield from (name for name, count in names.items() if count > 1)


@RULES.add("part", BLOCKS, "Il manque une partie")
def _required(content: bytes) -> Iterator[str]:
    archive = _open(content)
    if archive:
        names = set(archive.namelist())
        yield from (name for name in REQUIRED if name not in names)


@RULES.add("xml", BLOCKS, "Une partie n’est pas du XML bien formé")
def _well_formed(content: bytes) -> Iterator[str]:
    archive = _open(content)
    if archive is None:
        return
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            try:
                root = parsed(_read(archive, name))
            except Unopenable as error:
                yield f"{name} : {error}"
                continue
            if root.getroottree().docinfo.internalDTD is not None:
                yield f"{name} : déclaration DOCTYPE"


@RULES.add("content-type", BLOCKS, "Une partie n’a pas de type déclaré")
def _types(content: bytes) -> Iterator[str]:
    archive = _open(content)
    root = _root(archive, "[Content_Types].xml")
    if archive is None or root is None:
        return
    endings = {e.get("Extension", "").lower() for e in root.iter(f"{_TYPES}Default")}
    overrides = {e.get("PartName", "") for e in root.iter(f"{_TYPES}Override")}
    for name in archive.namelist():
        ending = name.rsplit(".", 1)[-1].lower()
        if f"/{name}" not in overrides and ending not in endings and name != "[Content_Types].xml":
            yield name


@RULES.add("macro", BLOCKS, "Le fichier porte des macros")
def _macros(content: bytes) -> Iterator[str]:
    archive = _open(content)
    if archive is None:
        return
    yield from (name for name in archive.namelist() if "vba" in name.lower())
    if b"macroEnabled" in _read(archive, "[Content_Types].xml"):
        yield "type avec macros"


def _root(archive: zipfile.ZipFile | None, name: str) -> etree._Element | None:
    if archive is None:
        return None
    try:
        return parsed(_read(archive, name))
    except Unopenable:
        return None


def _relations(archive: zipfile.ZipFile) -> Iterator[tuple[str, str, str, bool, str]]:
    """Source part, id, target part, external, kind."""
    for name in archive.namelist():
        if not name.endswith(".rels"):
            continue
        folder, file = posixpath.split(name)
        base = posixpath.dirname(folder)
        root = _root(archive, name)
        for relation in root.iter(_RELATION) if root is not None else ():
            target = relation.get("Target", "")
            outside = relation.get("TargetMode") == "External"
            if not outside:
                joined = target.lstrip("/") if target.startswith("/") else posixpath.join(base, target)
                target = posixpath.normpath(joined)
            source = posixpath.join(base, file.removesuffix(".rels")) if file != ".rels" else ""
            yield source, relation.get("Id", ""), target, outside, relation.get("Type", "")


@RULES.add("relationship", BLOCKS, "Une partie en appelle une autre qui n’est pas là")
def _targets(content: bytes) -> Iterator[str]:
    archive = _open(content)
    names = set(archive.namelist()) if archive else set()
    for source, _id, target, outside, _kind in _relations(archive) if archive else ():
        if not outside and target not in names:
            yield f"{source or 'racine'} → {target}"


@RULES.add("relationship-id", BLOCKS, "Un renvoi interne n’est pas défini")
def _ids(content: bytes) -> Iterator[str]:
    archive = _open(content)
    if archive is None:
        return
    known: dict[str, set[str]] = {}
    for source, key, _target, _outside, _kind in _relations(archive):
        known.setdefault(source, set()).add(key)
    for name in archive.namelist():
        if name.startswith("word/") and name.endswith(".xml"):
            for key in _R_ID.findall(_read(archive, name)):
                if key.decode() not in known.get(name, set()):
                    yield f"{name} : {key.decode()}"


@RULES.add("external", WARNS, "Le fichier va chercher quelque chose ailleurs")
def _external(content: bytes) -> Iterator[str]:
    archive = _open(content)
    for _source, _id, target, outside, kind in _relations(archive) if archive else ():
        if outside and not kind.endswith("/hyperlink"):
            yield target


@RULES.add("dates", BLOCKS, "Une date des propriétés n’est pas une date")
def _dates(content: bytes) -> Iterator[str]:
    root = _root(_open(content), "docProps/core.xml")
    for name in ("created", "modified"):
        found = root.find(f"{{http://purl.org/dc/terms/}}{name}") if root is not None else None
        if found is not None and not _W3CDTF.fullmatch(found.text or ""):
            yield found.text or "vide"
