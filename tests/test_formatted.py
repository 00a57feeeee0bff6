"""The small set of formatted text: read from marks, written back, never HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from exports.formatted import (
    Heading,
    Item,
    Paragraph,
    Quotation,
    Span,
    Table,
    cited,
    parse,
    plain,
    written,
)


def test_a_chapter_holds_the_named_set_and_nothing_else() -> None:
    blocks = parse(
        "Un *mot* et **deux**.\n\n## Titre\n\n### Sous-titre\n\n- un\n- deux\n  - dans deux\n\n"
        "1. premier\n2. second\n\n> Dit.\n\n| A | B |\n| --- | --- |\n| 1 | 2 |"
    )

    assert [type(block) for block in blocks] == [
        Paragraph, Heading, Heading, Item, Item, Item, Item, Item, Quotation, Table,
    ]  # fmt: skip
    assert blocks[0] == Paragraph(
        (Span("Un "), Span("mot", emphasis=True), Span(" et "), Span("deux", strong=True), Span("."))
    )
    assert [block.level for block in blocks[1:3]] == [1, 2]
    assert [(i.depth, i.ordered, i.begins) for i in blocks[3:8]] == [
        (0, False, True), (0, False, False), (1, False, True), (0, True, True), (0, True, False),
    ]  # fmt: skip
    assert plain(blocks[-1]) == "A | B\n1 | 2"


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        '<img src="x" onerror="y">',
        "[lien](javascript:alert(1))",
        "[lien](data:text/html,x)",
        "![image](http://exemple.fr/a.png)",
    ],
)
def test_html_and_strange_addresses_are_text_like_any_other(typed: str) -> None:
    spans = parse(typed)[0].spans

    assert all(not span.link or span.link.startswith("http://exemple.fr") for span in spans)
    assert "alert" not in "".join(span.link for span in spans)
    assert "".join(span.text for span in spans).strip("!") in (typed, "image")


PIECES = some.sampled_from(
    ["a", "é mot", " ", "\n", "\n\n", "*", "**", "_", "# ", "## ", "- ", "* ", "1. ", "2) ", "> ", "|",
     "| --- |", "---", "[x](https://a.fr)", "[", "]", "(", ")", "<b>", "&amp;", "\\", "`", "   ", "«", " : ",
     "12", "É-3", "!", "![](image:0123456789)", "image:0123456789", "\t", "+ ", "=", "<http://a.fr>"]
)  # fmt: skip


@given(some.lists(PIECES, max_size=16).map("".join))
def test_what_was_read_is_written_so_that_it_is_read_the_same(typed: str) -> None:
    blocks = parse(typed)

    assert parse(written(blocks)) == blocks


def test_a_reference_is_found_where_that_note_is_known() -> None:
    known = {"ÉME-4", "NUM-12"}

    assert list(cited("(ÉME\u20114, num-12) ; ÉME-5, SOUS-ÉME-4", known)) == [
        ("(", None), ("ÉME\u20114", "ÉME-4"), (", ", None), ("num-12", "NUM-12"), (") ; ÉME-5, SOUS-ÉME-4", None),
    ]  # fmt: skip
