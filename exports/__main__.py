"""Documents without a server: `python -m exports restitution digest.json -o FILE.docx`.

`python -m exports pages FILE.docx -o pages.json` measures a document with LibreOffice;
`--pages pages.json` compiles with what was measured.
"""

import argparse
import sys
from pathlib import Path

from exports.digest import UnreadableDigest, from_json
from exports.documents.prepare import prepare
from exports.documents.rescue import Hopeless, finish_report, finish_restitution
from exports.ooxml.container import Unfit
from exports.ooxml.measured import NotMeasured, measure, to_json
from exports.ooxml.measured import from_json as pages_from_json
from exports.ooxml.stationery import open_stationery
from exports.system import reason


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0, or 1 after a French sentence on stderr."""
    options = _parser().parse_args(arguments)
    try:
        if options.document == "pages":
            pages = measure(options.source.read_bytes())
            options.output.write_text(to_json(pages), "utf-8")
            print(f"{options.output} : {pages.total} pages mesurées.")
            return 0
        return _compile(options)
    except UnicodeDecodeError:
        problem = f"{options.source} : ce fichier n’est pas un digest (du JSON en UTF-8)."
    except UnreadableDigest as error:
        problem = f"{options.source} : {error}"
    except Unfit as error:
        problem = f"{options.modele} ne peut pas servir de modèle. {error}"
    except NotMeasured as error:
        problem = str(error)
    except Hopeless:
        problem = f"{options.source} : aucun document qui s’ouvre n’a pu en être fait."
    except OSError as error:
        problem = f"{error.filename} : {reason(error)}."
    print(problem, file=sys.stderr)
    return 1


def _compile(options: argparse.Namespace) -> int:
    digest = from_json(options.source.read_text(encoding="utf-8-sig"))
    stationery = open_stationery(prepare(options.modele.read_bytes()).content) if options.modele else None
    pages = pages_from_json(options.pages.read_text(encoding="utf-8")) if options.pages else None
    if options.document == "report":
        compiled = finish_report(digest, stationery=stationery, pages=pages).compiled
    else:
        record = not options.pages_a_dire
        compiled = finish_restitution(digest, record=record, stationery=stationery, pages=pages).compiled
    options.output.write_bytes(compiled.content)
    print(f"{options.output} : {compiled.page_map.total} pages, empreinte {compiled.fingerprint[:16]}.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m exports", description="Compile un document à partir d’un digest.json."
    )
    parser.add_argument(
        "document", choices=["restitution", "report", "pages"], help="le document, ou ses pages"
    )
    parser.add_argument(
        "source", type=Path, help="le fichier digest.json (le .docx à mesurer, pour « pages »)"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, help="le fichier à écrire")
    parser.add_argument(
        "--pages-a-dire", action="store_true", help="seulement les pages à dire, sans les notes"
    )
    parser.add_argument("--modele", type=Path, help="le modèle Word (.docx ou .dotx) de votre organisme")
    parser.add_argument("--pages", type=Path, help="les pages mesurées par « python -m exports pages »")
    return parser


if __name__ == "__main__":
    sys.exit(main())
