"""Reads a finished .docx and says what is wrong with it: what no validator sees included.

Two grades. What stops Word from opening the file blocks, and the file is not served;
everything else warns. Runs on every compiled document, in production too.
"""

from exports.ooxml.inspection import accessibility, french, package, structure
from exports.ooxml.inspection.rules import BLOCKS, WARNS, Fault, Opened, Package, Unopenable, run

__all__ = ["BLOCKS", "WARNS", "Fault", "blocking", "inspect"]


def inspect(content: bytes) -> tuple[Fault, ...]:
    """What is wrong with a document, the blocking faults first; empty where nothing is."""
    parts = Package(content)
    faults = list(run(package.RULES, parts))
    try:
        opened = Opened(parts)
    except Unopenable as fault:
        if not any(found.grade == BLOCKS for found in faults):
            faults.append(Fault("unreadable", BLOCKS, "Le document ne se lit pas", str(fault)))
        return tuple(faults)
    for rules in (structure.RULES, accessibility.RULES, french.RULES):
        faults += run(rules, opened)
    return tuple(sorted(faults, key=lambda fault: fault.grade != BLOCKS))


def blocking(faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    return tuple(fault for fault in faults if fault.grade == BLOCKS)
