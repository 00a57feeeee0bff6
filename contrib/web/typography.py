"""French spaces in what templates say themselves: no line begins with a colon or a question mark."""

import re
from collections.abc import Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

_THIN = re.compile(r"(?<=\S) (?=[;!?](?:[\s<]|$))")
_WIDE = re.compile(r"(?<=\S) (?=[:»](?:[\s<,.;)]|$))|(?<=«) ")


class FrenchSpaces(Extension):
    """Rewrites the text between tags of a template once, when it is compiled.

    What people typed comes through variables and is not touched: `exports.text` sets it.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            if token.type == "data":
                yield Token(token.lineno, token.type, spaced(token.value))
            else:
                yield token


def spaced(text: str) -> str:
    """« Rien n’arrive ? » with a thin no-break space, « À dire : » with a no-break one."""
    # between two variables a text may begin with its space: « {{ count }} : »
    text = re.sub(r"^ (?=[:»](?:[\s<]|$))", "\u00a0", text)
    text = re.sub(r"^ (?=[;!?](?:[\s<]|$))", "\u202f", text)
    return _WIDE.sub("\u00a0", _THIN.sub("\u202f", text))
