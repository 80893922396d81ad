"""Lists of names."""

import pytest

from qa.listing import whole_list
from qa.question import asks_several

STATES = (
    "Patrols grew in Baja California, Sonora and the State of Mexico, officials said on Monday."
)


@pytest.mark.parametrize("item", ["Baja California", "Sonora", "the State of Mexico"])
def test_an_item_grows_to_its_list(item: str) -> None:
    start = STATES.index(item)
    a, b = whole_list(STATES, start, start + len(item))
    assert STATES[a:b] == "Baja California, Sonora and the State of Mexico"


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Historically, Australian doctors took two degrees.", "Australian"),
        ("It borders Guatemala. And Belize?", "Guatemala"),
        ("He bought apples, pears and plums.", "apples"),
        ("In May, June said, Texas and its neighbors closed.", "Texas"),
        ("On Monday, Trump and Biden met.", "Monday"),
        ("In January, Canada went on.", "Canada"),
        ("He left Canada, and Mexico went on.", "Canada"),
        ("I met Ann and I left.", "Ann"),
        ("Canada and Mexico's president agreed.", "Canada"),
        ("It binds Peru and the U.S. Sheinbaum said so.", "Sheinbaum"),
        ("It left the Philippines and Cuba. One stayed.", "the Philippines and Cuba"),
        ("In Washington, Trump and Netanyahu met.", "Washington"),
    ],
)
def test_what_is_no_list_of_names_stays(text: str, span: str) -> None:
    start = text.index(span)
    assert whole_list(text, start, start + len(span)) == (start, start + len(span))


@pytest.mark.parametrize(
    ("text", "item", "whole"),
    [
        (
            "Sens. Ted Cruz, John Cornyn and Rep. Al Green voted.",
            "John Cornyn",
            "Sens. Ted Cruz, John Cornyn and Rep. Al Green",
        ),
        (
            "Texas and California Gov. Gavin Newsom",
            "Texas",
            "Texas and California Gov. Gavin Newsom",
        ),
        (
            "It hit Canada, Mexico and the U.K. on Monday.",
            "Canada",
            "Canada, Mexico and the U.K.",
        ),
        ("They ate at McDonald's and Wendy's.", "McDonald's", "McDonald's and Wendy's"),
        ("They sued Burger King and McDonald's.", "Burger King", "Burger King and McDonald's"),
        ("It binds Peru and the U.S. Sheinbaum said so.", "Peru", "Peru and the U.S"),
    ],
)
def test_names_with_dots_and_owners(text: str, item: str, whole: str) -> None:
    start = text.index(item)
    a, b = whole_list(text, start, start + len(item))
    assert text[a:b] == whole


@pytest.mark.parametrize(
    ("text", "item", "whole"),
    [
        ("In Washington, Trump and Netanyahu met.", "Netanyahu", "Trump and Netanyahu"),
        ("At the White House, Trump and Netanyahu met.", "Trump", "Trump and Netanyahu"),
        ("In Texas, Oklahoma and Kansas, it hailed.", "Kansas", "Texas, Oklahoma and Kansas"),
        ("In Texas, Oklahoma and Kansas voters chose.", "Oklahoma", "Texas, Oklahoma and Kansas"),
        ("In Canada and Mexico they won.", "Mexico", "Canada and Mexico"),
        ("Shares of 3M, Boeing and GE fell.", "Boeing", "Boeing and GE"),
    ],
)
def test_where_it_was_is_no_item(text: str, item: str, whole: str) -> None:
    start = text.index(item)
    a, b = whole_list(text, start, start + len(item))
    assert text[a:b] == whole


@pytest.mark.parametrize(
    "whole",
    [
        "Barack Obama, Bill Clinton and George W. Bush",
        "Barack Obama, Robert F. Kennedy Jr. and Kash Patel",
    ],
)
def test_initials_are_parts_of_names(whole: str) -> None:
    a, b = whole_list(f"{whole} came.", 0, len("Barack Obama"))
    assert f"{whole} came."[a:b] == whole


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("In Kestrel Bay, Dunmore and Ellery it rained.", "Dunmore and Ellery",
         "Kestrel Bay, Dunmore and Ellery"),
        ("It was 28 Years Later and Wicked.", "Wicked", "Wicked"),
        ("Brighton & Hove Albion and West Ham won.", "West Ham", "West Ham"),
    ],
)  # fmt: skip
def test_a_list_begins_where_its_first_name_does(text: str, part: str, whole: str) -> None:
    start = text.index(part)
    a, b = whole_list(text, start, start + len(part))
    assert text[a:b] == whole


def test_a_time_is_an_item_among_times_only() -> None:
    text = "On Monday, Trump and Biden met."
    assert whole_list(text, 11, 16) == (11, 16)
    text = "It rains in December, January and February."
    a, b = whole_list(text, text.index("February"), len(text) - 1)
    assert text[a:b] == "December, January and February"


@pytest.mark.parametrize("text", ["The A, " * 300, "The Guardian, The Times, " * 40, "Aa " * 700])
def test_a_long_list_without_an_end_costs_no_time(text: str) -> None:
    assert whole_list(text, 0, 5) == (0, 5)


def test_two_names_are_a_list() -> None:
    text = "Between Ciudad Juárez and El Paso. One drove on."
    start = text.index("El Paso")
    a, b = whole_list(text, start, start + len("El Paso"))
    assert text[a:b] == "Ciudad Juárez and El Paso"


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("Which states sued?", True),
        ("In which months does it rain?", True),
        ("Between which two cities did they drive?", True),
        ("Which state sued?", False),
        ("Who won?", False),
    ],
)
def test_several_are_asked_for(question: str, several: bool) -> None:
    assert asks_several(question) is several
