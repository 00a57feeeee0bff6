"""Files: written whole or not at all, and in French why one cannot be read or written."""

import errno
from pathlib import Path

_REASONS = {
    errno.ENOENT: "il n’existe pas",
    errno.EACCES: "l’accès est refusé",
    errno.EPERM: "l’accès est refusé",
    errno.ENOSPC: "le disque est plein",
    errno.EROFS: "le support est en lecture seule",
    errno.ENOTDIR: "un élément du chemin n’est pas un dossier",
    errno.EISDIR: "c’est un dossier",
    errno.EEXIST: "un fichier porte déjà ce nom",
    errno.ENAMETOOLONG: "le nom est trop long",
    errno.EIO: "le support répond mal",
}


def reason(error: OSError) -> str:
    """Half a sentence, without a capital or a full stop."""
    return _REASONS.get(error.errno or 0, f"le système répond par l’erreur {error.errno}")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, in a folder that is made where it is absent. Raises OSError."""
    path.parent.mkdir(exist_ok=True)
    draft = path.with_suffix(".tmp")
    draft.write_bytes(content)
    draft.replace(path)
