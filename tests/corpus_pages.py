"""Pages in our own words for the tests: a story with what stands around stories."""

from __future__ import annotations

from corpus import Article
from corpus.page import read_html

STORY = (
    "The dam above Orra held on Tuesday night, engineers of the water office said, after the "
    "river had risen by four metres within a day.",
    "“We slept with our shoes on,” said Ingrid Holm, who has lived beneath the dam for thirty "
    "years. Her cellar stayed dry; those of two neighbours did not.",
    "The town had asked 1,200 people to leave their houses. By noon on Wednesday all of them were "
    "allowed back, the mayor told reporters at the town hall.",
    "Repairs of the eastern spillway will take until May and cost 3.2 million crowns, according "
    "to a report that the council is to discuss next week.",
)


def page(
    *, head: str = "", top: str = "", middle: str = "", end: str = "", lang: str = "en"
) -> bytes:
    """A page whose story stays the same, with more at its top, in its middle and at its end."""
    first, second, third, fourth = (f"<p>{text}</p>" for text in STORY)
    return (
        f'<!doctype html><html lang="{lang}"><head><title>Dam holds as river rises | Orra Post'
        f"</title>{head}</head><body><nav><a href='/'>Home</a> <a href='/world'>World</a></nav>"
        f"<article><h1>Dam holds as river rises</h1>{top}{first}{second}{middle}{third}{fourth}"
        f"{end}</article><footer>Orra Post, 1 Mill Street</footer></body></html>"
    ).encode()


def read(**parts: str) -> Article:
    """What is read from such a page."""
    return read_html(page(**parts), "page.html")
