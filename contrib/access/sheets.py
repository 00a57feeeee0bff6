"""What is printed on a sheet: the address that people type, and a QR code that opens it."""

import io

import segno
from flask import request, url_for

from contrib.access.public_address import base_address


def code_address(code: str) -> str:
    """The address that opens a workshop straight away: a fragment stays in the browser, and in no log."""
    return f"{base_address()}{url_for('access.enter').removeprefix(request.script_root)}#{code}"


def trial_address() -> str:
    """The short address that another device opens to show that it arrives."""
    return base_address() + url_for("access.reached").removeprefix(request.script_root)


def qr_svg(code: str) -> str:
    return qr_of(code_address(code))


def qr_of(address: str) -> str:
    """An inline SVG, black on white in light and dark, with a quiet zone."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=False, scale=4, border=4, dark="#000", light="#fff",
        omitsize=True, svgclass="qr",
    )  # fmt: skip
    return out.getvalue().decode()
