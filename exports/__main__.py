"""`python -m exports restitution digest.json -o FILE.docx`: a document without a server."""

import argparse
import sys
from pathlib import Path

from exports.digest import UnreadableDigest, from_json
from exports.rescue import Hopeless, finish_restitution
from exports.stationery import open_stationery
from exports.stationery.letterhead import Unfit
from exports.stationery.prepare import prepare
from exports.system import reason


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0, or 1 after a French sentence on stderr."""
    parser = argparse.ArgumentParser(
        prog="python -m exports", description="Compile un document à partir d’un digest.json."
    )
    parser.add_argument("document", choices=["restitution"], help="le document à produire")
    parser.add_argument("digest", type=Path, help="le fichier digest.json")
    parser.add_argument("-o", "--output", type=Path, required=True, help="le fichier .docx à écrire")
    parser.add_argument(
        "--pages-a-dire", action="store_true", help="seulement les pages à dire, sans les notes"
    )
    parser.add_argument("--modele", type=Path, help="le modèle Word (.docx ou .dotx) de votre organisme")
    options = parser.parse_args(arguments)
    try:
        digest = from_json(options.digest.read_text(encoding="utf-8-sig"))
        paper = open_stationery(prepare(options.modele.read_bytes()).content) if options.modele else None
        record = not options.pages_a_dire
        compiled = finish_restitution(digest, record=record, stationery=paper).compiled
        options.output.write_bytes(compiled.content)
    except UnicodeDecodeError:
        print(f"{options.digest} : ce fichier n’est pas un digest (du JSON en UTF-8).", file=sys.stderr)
        return 1
    except UnreadableDigest as error:
        print(f"{options.digest} : {error}", file=sys.stderr)
        return 1
    except Unfit as error:
        print(f"{options.modele} ne peut pas servir de modèle. {error}", file=sys.stderr)
        return 1
    except Hopeless:
        print(f"{options.digest} : aucun document qui s’ouvre n’a pu en être fait.", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename} : {reason(error)}.", file=sys.stderr)
        return 1
    print(f"{options.output} : {compiled.page_map.total} pages, empreinte {compiled.fingerprint[:16]}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
