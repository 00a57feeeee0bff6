"""A file that somebody sends us, opened with care: bounds, passwords, declarations, old formats.

Whatever it is, the answer is its parts, or one French sentence that says what to do.
"""

import io
import zipfile

MOST_UPLOADED, MOST_UNPACKED, MOST_XML, MOST_PARTS = 15_000_000, 80_000_000, 20_000_000, 1_000
"""Bytes of the file, of its parts together, of one part that is parsed; and number of parts."""

_DOCTYPE = tuple(word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("ascii", "utf-16-le", "utf-16-be"))  # fmt: skip


class Unfit(ValueError):
    """The file cannot be used; the message says what is wrong, and what to do in Word."""


def open_container(content: bytes) -> dict[str, bytes]:
    """The parts of the file, each within bounds. Raises Unfit."""
    if len(content) > MOST_UPLOADED:
        raise Unfit(
            f"Ce fichier pèse {len(content) / 1e6:.0f} Mo : 15 Mo au plus. Dans Word : Format de l’image, "
            "« Compresser les images »."
        )
    if not content.startswith(b"PK"):
        raise Unfit(what_it_is(content))
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            huge = any(e.file_size > MOST_XML and e.filename.endswith((".xml", ".rels")) for e in entries)
            if huge or len(entries) > MOST_PARTS or sum(e.file_size for e in entries) > MOST_UNPACKED:
                raise Unfit(
                    "Ce fichier est démesuré une fois ouvert. Dans Word : enregistrez-le à nouveau, sans ses images."
                )
            for entry in entries:
                if entry.flag_bits & 1:
                    raise Unfit(
                        "Ce fichier est protégé par un mot de passe. Dans Word : Fichier, Informations, "
                        "« Protéger le document », et retirez-le."
                    )
                with archive.open(entry) as stream:
                    files[entry.filename] = stream.read(entry.file_size + 1)
                if len(files[entry.filename]) > entry.file_size:
                    raise Unfit("Ce fichier ment sur sa taille : il n’est pas ouvert.")
    except Unfit:
        raise
    except Exception as error:  # a damaged zip raises whatever its damage meets
        raise Unfit(
            "Ce fichier est abîmé ou incomplet : copiez-le à nouveau, ou dans Word : Fichier, « Enregistrer sous »."
        ) from error
    for name, body in files.items():
        if name.endswith((".xml", ".rels")) and any(mark in body for mark in _DOCTYPE):
            raise Unfit(
                "Ce fichier contient des déclarations qu’aucun Word n’écrit : il n’est pas ouvert. "
                "Dans Word : Fichier, « Enregistrer sous », donne un fichier sain."
            )
    return files


def what_it_is(content: bytes) -> str:
    """What a file that is no zip is, and what to save it as."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            return (
                "Ce fichier est protégé par un mot de passe. Dans Word : Fichier, Informations, « Protéger le "
                "document », et retirez-le."
            )
        return (
            "Ce fichier est dans l’ancien format de Word (.doc). Dans Word : Fichier, « Enregistrer sous », "
            "« Document Word (.docx) »."
        )
    known = {b"%PDF": "un PDF", b"{\\rt": "un fichier RTF", b"<htm": "une page web", b"<!DO": "une page web"}
    name = known.get(content[:4].lower() if content[:1] == b"<" else content[:4], "")
    return (
        f"Ce fichier est {name} et non un fichier Word. "
        if name
        else "Ce fichier n’est pas un fichier Word. "
    ) + "Dans Word : Fichier, « Enregistrer sous », « Document Word (.docx) » ou « Modèle Word (.dotx) »."
