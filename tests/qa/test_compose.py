"""The answer's text, as concluded from spans."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from corpus import Article
from index import Hit, Passage
from qa.cite import cite, quote_around
from qa.compose import MAY_SAY
from qa.conclude import conclude
from qa.read import Span
from qa.settings import Settings


def answer(question: str, *told: tuple[str, str, str, int]) -> str:
    """The answer from spans in articles: body, value, outlet and day of February 2025."""
    spans = []
    for n, (body, value, outlet, day) in enumerate(told):
        published = datetime(2025, 2, day, tzinfo=UTC)
        article = Article.create(title=f"Notes {n}", body=body, outlet=outlet, published=published)
        hit = Hit(Passage(n, article.id, 0, len(body), body), article, 1.0)
        start = body.index(value)
        spans.append(Span(hit, start, start + len(value), 0.9 - n / 100))
    hits = [span.hit for span in spans]
    return conclude(question, question, hits, spans, Settings()).text


@pytest.mark.parametrize(
    ("body", "value", "shown"),
    [
        ("It opened on Tuesday.", "Tuesday", "Tuesday (February 4, 2025)"),
        ("It opened on January 28.", "January 28", "January 28 (2025)"),
        ("It will open on February 20.", "February 20", "February 20 (2025)"),
        # What is still to come is no day before, and a time from one day to another none at all.
        ("It will open on September 12.", "September 12", "September 12"),
        ("The court hears the case this Friday.", "this Friday", "this Friday*"),
        ("Parliament is voting on Friday.", "Friday", "Friday*"),
        ("It will be decided next week.", "next week", "next week*"),
        ("It was held on the Monday before last.", "Monday", "Monday"),
        ("It opened the following Friday.", "Friday", "Friday"),
        ("It came out on Friday the 13th.", "Friday", "Friday"),
        ("She was born on September 3 in Orra.", "September 3", "September 3"),
        ("It reopened at half past six on Monday.", "six on Monday",
         "half past six on Monday (February 3, 2025)"),
        ("The plan to widen it is part of a deal announced on Monday.", "Monday",
         "Monday (February 3, 2025)"),
        ("It opens at 2pm on Friday.", "2pm on Friday", "2pm on Friday*"),
        ("He was jailed in March.", "March", "March*"),
        ("It closes by the end of the year.", "by the end of the year", "by the end of the year*"),
        ("It opens within 30 days.", "within 30 days", "within 30 days*"),
        ("It lasted from Monday through Friday.", "Monday through Friday", "Monday through Friday"),
        ("It ran from January 28 to February 3.", "January 28 to February 3",
         "January 28 to February 3"),
        ("Speaking on Tuesday, he opened it.", "Tuesday", "Tuesday (February 4, 2025)"),
        ("The bridge fell on February 3 and will be rebuilt.", "February 3",
         "February 3 (2025)"),
        ("He died last Wednesday.", "last Wednesday", "last Wednesday (January 29, 2025)"),
        ("The vote is Sunday in the whole country.", "Sunday", "Sunday*"),
        ("The tariffs take effect Tuesday.", "Tuesday", "Tuesday*"),
        ("The strike could begin on Friday.", "Friday", "Friday*"),
        ("The trial was postponed to Friday since a juror fell ill.", "Friday", "Friday*"),
        ("They play Dunmore on Sunday after they drew with Harle.", "Sunday", "Sunday*"),
        ("Voters go to the polls on Sunday in a vote delayed by floods.", "Sunday", "Sunday*"),
        ("The Falcons face the Cape Terrow Whalers on Saturday.", "Saturday", "Saturday*"),
        ("The bridge collapsed on November 26.", "November 26", "November 26 (2024)"),
        ("He was shot at a rally on July 13.", "July 13", "July 13 (2024)"),
        ("He signed it on July 4, 1776.", "July 4, 1776", "July 4, 1776"),
        ("The market opens every Tuesday.", "every Tuesday", "every Tuesday"),
        ("It closed on Good Friday.", "Good Friday", "Good Friday"),
        ("It fell on Monday last week.", "Monday last week", "Monday last week (January 27, 2025)"),
        ("They met on Saturday and Sunday.", "Saturday and Sunday", "Saturday and Sunday"),
        ("It began with the Oct. 7 attack.", "Oct. 7", "Oct. 7"),
        ("He died in March 2020 at home.", "in March 2020", "in March 2020"),
        ("He left more than three weeks ago.", "three weeks ago", "three weeks ago*"),
        ("The deadline is July 18.", "July 18", "July 18 (2025)"),
        ("They moved the vote to July 18.", "July 18", "July 18 (2025)"),
        ("The head of the bank said Monday it fell.", "Monday", "Monday (February 3, 2025)"),
        ("He could not be reached Tuesday.", "Tuesday", "Tuesday (February 4, 2025)"),
        ("Four died in the Monday attack.", "Monday", "Monday (February 3, 2025)"),
        ("It opened this year on Feb. 4.", "this year on Feb. 4",
         "this year on Feb. 4 (2025)"),
        ("Schools reopen on Thursday.", "Thursday", "Thursday*"),
        ("The union called a strike for Friday.", "Friday", "Friday*"),
        ("The lease expires on December 31.", "December 31", "December 31"),
        ("A judge set the trial for September 14.", "September 14", "September 14"),
        ("The mayor said on Friday that it is safe.", "Friday", "Friday (January 31, 2025)"),
        ("Monday's sinking is the worst so far.", "Monday", "Monday (February 3, 2025)"),
        ("The court upheld the ban on Friday.", "Friday", "Friday (January 31, 2025)"),
        ("The board on Monday announced it.", "Monday", "Monday (February 3, 2025)"),
        ("It set a daily record for rain on Sunday.", "Sunday", "Sunday (February 2, 2025)"),
        # The sentence tells which year, or which week.
        ("It fell on March 26, 2019, at night.", "March 26", "March 26, 2019"),
        ("In 2021, rioters stormed it on January 6.", "January 6", "January 6"),
        ("He was shot on Friday, Nov. 22, 1963.", "Friday", "Friday, Nov. 22, 1963"),
        ("It fell on March 26 last year.", "March 26", "March 26"),
        ("He resigned last Wednesday.", "Wednesday", "Wednesday"),
        ("They met on a Friday in spring.", "Friday", "Friday"),
        ("It closed on Good Friday.", "Friday", "Friday"),
        ("In 2025, as planned, it opened on February 3.", "February 3", "February 3 (2025)"),
        ("The court ruled last night.", "last night", "last night (February 4, 2025)"),
    ],
)  # fmt: skip
def test_the_day_that_a_time_means(body: str, value: str, shown: str) -> None:
    shown = shown.replace("*", " (written February 5, 2025)")  # where that day cannot be told
    assert answer("When was it?", (body, value, "Wire", 5)).endswith(f"{shown} [1].")


def test_the_latest_toll_replaces_the_earlier_one() -> None:
    told = (
        ("The flood has killed 14 people so far.", "14", "Tribune", 3),
        ("By now 31 people are dead.", "31", "Tribune", 5),
        ("Herald reporters counted 29 dead.", "29", "Herald", 5),
    )
    text = answer("What is the latest death toll?", *told)
    assert "31 [1]. Others differ: 29 (Herald, February 5, 2025)" in text
    assert "Earlier: 14 (Tribune, February 3, 2025)" in text


@pytest.mark.parametrize("question", ["Who were the victims?", "What are the names of the dead?"])
def test_one_of_several_does_not_replace_another(question: str) -> None:
    told = (
        ("Jane Doe was among the dead.", "Jane Doe", "Tribune", 5),
        ("One of the dead is John Smith.", "John Smith", "Tribune", 3),
    )
    assert "Also named: John Smith (Tribune, February 3, 2025)" in answer(question, *told)


def test_a_value_that_is_asked_for_by_what_it_is_may_be_contradicted() -> None:
    told = (
        ("The national debt is $36.2 trillion.", "$36.2 trillion", "Tribune", 5),
        ("The debt stands at $34 trillion.", "$34 trillion", "Herald", 5),
    )
    assert "Others differ: $34 trillion" in answer("What is the national debt?", *told)


@pytest.mark.parametrize(
    ("body", "value", "shown"),
    [
        ("At least 14 people died.", "14", "At least 14"),
        ("As many as 40 people are missing.", "40", "As many as 40"),
        ("It seats up to 200 people.", "200", "up to 200"),
        ("It drew between 300 and 320 people.", "320", "between 300 and 320"),
        ("It drew between 300 and 320 people.", "300 and 320", "between 300 and 320"),
        ("Of the 14 people on board, all lived.", "14", "14"),
        ("They handed over seven people.", "seven", "seven"),
        ("He was jailed for not more than 18 months.", "18", "not more than 18"),
        ("The fine is not less than 500 crowns.", "500", "not less than 500"),
        ("The change was -3 seats.", "3", "-3"),
        ("The night had minus 3 degrees.", "3", "minus 3"),
        ("It sold pre-3 models.", "3", "3"),
    ],
)
def test_what_bounds_a_figure_is_kept(body: str, value: str, shown: str) -> None:
    said = answer("How many people?", (body, value, "Wire", 5))
    assert said.removeprefix(MAY_SAY) == f"{shown} [1]."


def test_beside_a_figure_a_name_is_no_other_answer() -> None:
    told = (
        ("Tickets cost £35.", "£35", "Tribune", 5),
        ("They come from Idris Vale.", "Idris Vale", "Herald", 5),
    )
    assert answer("How much are tickets?", *told).endswith("£35 [1].")


def test_what_others_say_is_called_what_it_is() -> None:
    linda = ("Linda Tran is running.", "Linda Tran", "Tribune", 5)
    paris = ("It opens in Paris.", "Paris", "Tribune", 5)
    several = (
        ("Who runs for mayor?", linda, ("Bob Ray runs too.", "Bob Ray", "Herald", 5), "Also named"),
        ("Where does it open?", paris, ("It is in Rome.", "Rome", "Herald", 5), "Others say"),
        ("Where does it open?", paris, ("It is in Rome.", "Rome", "Tribune", 5), "Also given"),
    )
    for question, first, second, said in several:
        assert f" [1]. {said}: {second[1]}" in answer(question, first, second)


def test_a_sentence_that_denies_the_first_is_shown() -> None:
    told = (
        ("The ferry was overloaded, the ministry said.", "overloaded", "Herald", 5),
        ("The ferry was not overloaded, its owner said.", "not overloaded", "Wire", 5),
    )
    text = answer("Was the ferry overloaded?", *told)
    assert text.endswith("Another says: “The ferry was not overloaded, its owner said.” [2].")
    for other in (
        ("The contract does not end overtime.", "not end", "Wire", 5),
        ("No guard was on the ferry, overloaded as it was.", "overloaded", "Wire", 5),
    ):
        assert "Another says" not in answer("Was the ferry overloaded?", told[0], other)


def test_another_flight_is_no_correction_of_the_first() -> None:
    told = (
        ("Flight 5342 crashed into the river.", "Flight 5342", "Tribune", 3),
        ("Flight 1549 crashed into the river.", "Flight 1549", "Tribune", 5),
    )
    assert "Earlier" not in answer("Which flight crashed?", *told)


def test_a_figure_beyond_all_counting_is_survived() -> None:
    trillions = "one" + " trillion" * 30
    told = (
        (f"Some {trillions} came.", trillions, "Tribune", 3),
        (f"About {'9' * 400} came.", f"About {'9' * 400}", "Herald", 3),
        ("It was 5 people.", "5", "Post", 3),
    )
    assert "[1]" in answer("How many people came?", *told)


def test_one_of_several_countries_does_not_replace_another() -> None:
    told = (
        ("The storm hit Cuba on Monday.", "Cuba", "Tribune", 3),
        ("Haiti was struck later.", "Haiti", "Tribune", 5),
    )
    text = answer("In which countries did it strike?", *told)
    assert "Cuba [1]. Also named: Haiti" in text


def test_a_citation_tells_where_its_value_stands() -> None:
    body = "Nothing new. On March 5, 5 people died, they said."
    article = Article.create(title="Notes", body=body)
    start = body.index("5 people")
    hit = Hit(Passage(1, article.id, 0, len(body), body), article, 1.0)
    ((citation,), _) = cite([Span(hit, start, start + 1, 0.9)])
    at, to = citation.value
    assert citation.quote[at : to + 7] == "5 people"


@pytest.mark.parametrize("place", [0, 1000, 2400])
def test_a_quote_of_a_long_sentence_is_cut_between_words(place: int) -> None:
    words = [f"word{n}" for n in range(300)]
    body = "It was " + ", ".join(words) + "."
    start = body.index("word", place)
    end = body.index(",", start) if "," in body[start:] else len(body) - 1
    article = Article.create(title="Notes", body=body)
    left, right = quote_around(article, start, end)
    assert 550 < right - left <= 600 and left <= start and end <= right
    assert left == 0 or body[left - 1].isspace()
    assert right == len(body) or body[right].isspace()


def test_what_an_outlet_wrote_later_stands_beside_its_yes_or_no() -> None:
    text = answer(
        "Is the Dorset mill closing?",
        ("The Dorset mill will close, its owner said.", "will close", "Herald", 1),
        ("The Dorset mill will stay open after all, its owner said.", "stay open", "Herald", 8),
    )
    assert text.endswith("Later: “The Dorset mill will stay open after all, its owner said.” [2].")


def test_a_person_is_not_beside_a_number() -> None:
    text = answer(
        "Who was the captain?",
        ("Luis Obrero was the captain.", "Luis Obrero", "Herald", 1),
        ("The captain and 38 others died.", "38", "Times", 2),
    )
    assert text.endswith("Luis Obrero [1].")


def test_a_denial_is_quoted_beside_what_it_denies() -> None:
    text = answer(
        "Who started the mill fire?",
        ("The mill fire was started by Dora Vance, police believe.", "Dora Vance", "Times", 3),
        ("A lawyer denied reports that it was started by Dora Vance.", "Dora Vance", "Post", 4),
    )
    assert "independent" not in text and "Also named" not in text
    assert text.endswith(
        "Dora Vance [1]. "
        "Another says: “A lawyer denied reports that it was started by Dora Vance.” [2]."
    )
