"""The package: a zip, its parts, and the threads between them. Each is read once."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator

from exports.ooxml.inspection.rules import BLOCKS, WARNS, Package, Rules, Unopenable

RULES = Rules()
REQUIRED = ("[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/styles.xml")
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_R_ID = re.compile(rb'\br:(?:id|embed|link|pict)="([^"]+)"')
_W3CDTF = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?")


@RULES.add("zip", BLOCKS, "Ce n’est pas un fichier Word entier")
def _zip(package: Package) -> Iterator[str]:
    if package.broken:
        yield package.broken


@RULES.add("duplicate-part", BLOCKS, "Une partie est là deux fois")
def _duplicates(package: Package) -> Iterator[str]:
    names = Counter(name.lower() for name in package.names)
    yield from (name for name, count in names.items() if count > 1)


@RULES.add("part", BLOCKS, "Il manque une partie")
def _required(package: Package) -> Iterator[str]:
    if package.names:
        yield from (name for name in REQUIRED if name not in package.parts)


@RULES.add("xml", BLOCKS, "Une partie n’est pas du XML bien formé")
def _well_formed(package: Package) -> Iterator[str]:
    for name in package.xml_names:
        try:
            root = package.root(name)
        except Unopenable as error:
            yield f"{name} : {error}"
            continue
        if root.getroottree().docinfo.internalDTD is not None:
            yield f"{name} : déclaration DOCTYPE"


@RULES.add("content-type", BLOCKS, "Une partie n’a pas de type déclaré")
def _types(package: Package) -> Iterator[str]:
    root = package.readable("[Content_Types].xml")
    if root is None:
        return
    endings = {e.get("Extension", "").lower() for e in root.iter(f"{_TYPES}Default")}
    overrides = {e.get("PartName", "") for e in root.iter(f"{_TYPES}Override")}
    for name in package.names:
        ending = name.rsplit(".", 1)[-1].lower()
        if f"/{name}" not in overrides and ending not in endings and name != "[Content_Types].xml":
            yield name


@RULES.add("macro", BLOCKS, "Le fichier porte des macros")
def _macros(package: Package) -> Iterator[str]:
    yield from (name for name in package.names if "vba" in name.lower())
    if b"macroEnabled" in package.parts.get("[Content_Types].xml", b""):
        yield "type avec macros"


def _relations(package: Package) -> Iterator[tuple[str, str, str, bool, str]]:
    """Source part, id, target part, external, kind."""
    for name in package.names:
        if not name.endswith(".rels"):
            continue
        folder, file = posixpath.split(name)
        base = posixpath.dirname(folder)
        root = package.readable(name)
        for relation in root.iter(_RELATION) if root is not None else ():
            target = relation.get("Target", "")
            outside = relation.get("TargetMode") == "External"
            if not outside:
                joined = target.lstrip("/") if target.startswith("/") else posixpath.join(base, target)
                target = posixpath.normpath(joined)
            source = posixpath.join(base, file.removesuffix(".rels")) if file != ".rels" else ""
            yield source, relation.get("Id", ""), target, outside, relation.get("Type", "")


@RULES.add("relationship", BLOCKS, "Une partie en appelle une autre qui n’est pas là")
def _targets(package: Package) -> Iterator[str]:
    for source, _id, target, outside, _kind in _relations(package):
        if not outside and target not in package.parts:
            yield f"{source or 'racine'} → {target}"


@RULES.add("relationship-id", BLOCKS, "Un renvoi interne n’est pas défini")
def _ids(package: Package) -> Iterator[str]:
    known: dict[str, set[str]] = {}
    for source, key, _target, _outside, _kind in _relations(package):
        known.setdefault(source, set()).add(key)
    for name, content in package.parts.items():
        if name.startswith("word/") and name.endswith(".xml"):
            for key in _R_ID.findall(content):
                if key.decode() not in known.get(name, set()):
                    yield f"{name} : {key.decode()}"


@RULES.add("external", WARNS, "Le fichier va chercher quelque chose ailleurs")
def _external(package: Package) -> Iterator[str]:
    for _source, _id, target, outside, kind in _relations(package):
        if outside and not kind.endswith("/hyperlink"):
            yield target


@RULES.add("dates", BLOCKS, "Une date des propriétés n’est pas une date")
def _dates(package: Package) -> Iterator[str]:
    root = package.readable("docProps/core.xml")
    for name in ("created", "modified"):
        found = root.find(f"{{http://purl.org/dc/terms/}}{name}") if root is not None else None
        if found is not None and not _W3CDTF.fullmatch(found.text or ""):
            yield found.text or "vide"
