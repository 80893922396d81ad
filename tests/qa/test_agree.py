"""Agreeing: equal values together, copies counted once, later figures first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from spans import span

from qa.agree import agree, fullest_first, leading
from qa.question import Kind
from qa.read import Span

STORY = "Officials said on Tuesday that 1,949 troops were assigned to the city of Tijuana for now."


def test_equal_values_are_one_claim_and_copies_count_once() -> None:
    first = span(STORY, "1,949", "Wire", 5)
    copy = span("By order: " + STORY, "1,949 troops", "Copy", 5)
    copy = replace(copy, hit=replace(copy.hit, story=first.hit.article.id))
    found = agree(
        Kind.HOW_MANY,
        [
            replace(first, hit=replace(first.hit, story=first.hit.article.id)),
            copy,
            span("The state has counted 1949 soldiers.", "1949", "Other", 6),
        ],
    )
    assert [(len(c.spans), c.independent_sources) for c in found] == [(3, 2)]


def test_an_outlet_is_one_source_and_so_are_those_who_copy_it() -> None:
    def sources(*spans: Span) -> int:
        return agree(Kind.HOW_MANY, spans)[0].independent_sources

    first = span(STORY, "1,949", "Wire", 5)
    again = span("It is 1,949 still, the Wire has learned.", "1,949", "Wire", 7)
    copy = span("By order: " + STORY, "1,949", "Copy", 5)
    copy = replace(copy, hit=replace(copy.hit, story=first.hit.article.id))
    other = span("The state has counted 1949 soldiers.", "1949", "Other", 6)
    nameless = span("A note says 1949 soldiers are there.", "1949", "", 6)
    assert sources(first, again) == 1
    assert sources(again, copy) == 2
    assert sources(again, copy, first) == 1
    assert sources(first, other, nameless) == 3


def test_the_best_supported_value_leads() -> None:
    found = agree(
        Kind.HOW_MANY,
        [
            span("There were 19 ladders in the ditch.", "19", "A", 5, 0.95),
            span("Police counted 27 ladders there.", "27", "B", 5),
            span("Twenty-seven were found, a guard said.", "Twenty-seven", "C", 6),
        ],
    )
    assert [(c.spans[0].text, c.independent_sources) for c in found] == [("27", 2), ("19", 1)]


def test_a_later_figure_of_the_same_outlet_supersedes() -> None:
    found = agree(
        Kind.HOW_MANY,
        [
            span("So far 412 have arrived in the city.", "412", "Tribune", 5, 0.95),
            span("By now 1,130 are here, it said.", "1,130", "Tribune", 10),
        ],
    )
    assert [(c.spans[0].text, c.superseded) for c in found] == [("1,130", False), ("412", True)]


def test_what_replaces_a_value_takes_its_place() -> None:
    """The reader was surest of the outlet's first count: its last one answers the same question."""
    found = agree(
        Kind.HOW_MANY,
        [
            span("So far 412 have arrived in the city.", "412", "Tribune", 5, 0.95),
            span("The city is to receive 1,949 of them.", "1,949", "Wire", 7, 0.9),
            span("By now 1,130 are here, it said.", "1,130", "Tribune", 10, 0.8),
        ],
    )
    assert [(c.spans[0].text, c.superseded) for c in found] == [
        ("1,130", False), ("1,949", False), ("412", True),
    ]  # fmt: skip


def test_a_weekday_and_a_date_are_one_day() -> None:
    found = agree(
        Kind.WHEN,
        [
            span("They arrived on Tuesday by plane.", "Tuesday", "A", 5),
            span("The landing was on February 4 at noon.", "February 4", "B", 7),
            span("It all began on Wednesday, he said.", "Wednesday", "C", 7),
        ],
    )
    assert [len(c.spans) for c in found] == [2, 1]


def test_a_short_name_is_the_full_one() -> None:
    found = agree(
        Kind.WHO,
        [
            span("President Claudia Sheinbaum agreed.", "President Claudia Sheinbaum", "A", 5),
            span("It was Sheinbaum who agreed.", "Sheinbaum", "B", 5),
        ],
    )
    assert len(found) == 1


def test_lengths_of_time_are_compared_with_their_unit() -> None:
    found = agree(
        Kind.HOW_LONG,
        [
            span("The works took 14 months in all.", "14 months", "A", 5),
            span("They were done in 14 days, he said.", "14 days", "B", 5),
        ],
    )
    assert len(found) == 2


def test_a_doubtful_later_value_does_not_push_a_sure_one_aside() -> None:
    found = agree(
        Kind.HOW_MANY,
        [
            span("So far 412 have arrived in the city.", "412", "Tribune", 5, 0.95),
            span("The mayor counted 77 of his guests.", "77", "Tribune", 10, 0.58),
        ],
    )
    assert found[0].spans[0].text == "412" and not found[0].superseded


def test_a_figure_that_the_leading_sentence_has_for_something_else_is_no_disagreement() -> None:
    first = span("Tijuana is to receive 1,949 of the 10,000 troops.", "1,949", "Wire", 5)
    whole = span("Juárez waits for its part of the 10,000 troops.", "10,000", "Post", 6, 0.5)
    other = span("Tijuana counted 412 troops.", "412", "Tribune", 6, 0.5)

    def values(*spans: Span) -> list[str]:
        return [group.spans[0].text for group in leading("How many were there?", spans, 0.5)[0]]

    assert values(first, whole) == ["1,949"]
    assert values(first, other) == ["1,949", "412"]
    # One that the reader is as sure of, or that has no such sentence beside it, is told.
    assert values(first, replace(whole, probability=0.85)) == ["1,949", "10,000"]
    alone = span("Tijuana is to receive 1,949 troops.", "1,949", "Wire", 5)
    assert values(alone, whole) == ["1,949", "10,000"]
    longer = span("Tijuana is to receive 1,949 of the 110,000 troops.", "1,949", "Wire", 5)
    assert values(longer, whole) == ["1,949", "10,000"]


def texts(kind: Kind, *given: tuple[str, str, int]) -> list[list[str]]:
    """The values of each group, of spans in sentences of articles of February days."""
    spans = [span(body, value, f"Outlet {n}", day) for n, (body, value, day) in enumerate(given)]
    return [[one.text for one in group.spans] for group in agree(kind, spans)]


def alone(*values: str) -> list[tuple[str, str, int]]:
    return [(f"It was {value}, they say.", value, 5) for value in values]


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        (Kind.WHAT, "$2 million", "$2.5 million", False),
        (Kind.WHAT, "200", "1,200", False),
        (Kind.WHAT, "4%", "4.1%", False),
        (Kind.WHAT, "12", "12 million", False),
        (Kind.WHAT, "45,000", "45000", True),
        (Kind.WHAT, "January 6", "January 6, 2021", True),
        (Kind.HOW_MANY, "no one", "one person", False),
        (Kind.HOW_MANY, "one in five", "one in ten", False),
        (Kind.HOW_MANY, "two-thirds", "two", False),
        (Kind.HOW_MUCH, "$1.3m", "$1.9m", False),
        (Kind.HOW_MUCH, "$1.3m", "1.3 million dollars", True),
        (Kind.WHERE, "Mexico", "New Mexico", False),
        (Kind.WHERE, "Sudan", "South Sudan", False),
        (Kind.WHERE, "New York", "New York City", True),
        (Kind.WHERE, "the U.S.", "the United States", True),
        (Kind.WHO, "the president", "The president", True),
        (Kind.WHO, "Yoon", "South Korean President Yoon", True),
        (Kind.HOW_LONG, "12 months", "a year", True),
        (Kind.HOW_LONG, "half an hour", "an hour", False),
        (Kind.HOW_LONG, "two to three years", "three years", False),
        (Kind.WHAT, "guilty", "not guilty", False),
        (Kind.YES_NO, "approved the bill", "never approved the bill", False),
        (Kind.YES_NO, "the mayor did say so", "the mayor didn't say so", False),
        (Kind.HOW_MANY, "Hundreds", "Hundreds of thousands", False),
        (Kind.HOW_MANY, "Fewer than 100", "More than 100", False),
        (Kind.HOW_MANY, "more than 100", "at least 100 people", True),
        (Kind.WHERE, "California", "Baja California", False),
        (Kind.HOW_MUCH, "5 million pesos", "$5 million", False),
        (Kind.HOW_MUCH, "R$5 million", "$5 million", False),
        (Kind.HOW_MUCH, "100 kilograms", "100 pounds", False),
        (Kind.HOW_MUCH, "100 kilograms", "100", True),
        (Kind.HOW_MANY, "a quarter of a million", "a million", False),
        (Kind.WHEN, "10,000 years ago", "45,000 years ago", False),
        (Kind.WHEN, "Friday 7 February", "February 7, 2025", True),
        (Kind.WHEN, "7 p.m. Tuesday", "9 p.m. Tuesday", False),
        (Kind.WHEN, "last month", "January", True),
        (Kind.WHEN, "2024", "last year", True),
        (Kind.WHEN, "2023", "last year", False),
        (Kind.WHEN, "from 2010 to 2014", "from 2010 to 2022", False),
        (Kind.WHEN, "January 3 to 5", "January 3 to 9", False),
        (Kind.WHEN, "Monday through Friday", "Monday", False),
        (Kind.WHEN, "early 2024", "late 2024", False),
        (Kind.WHEN, "early 2024", "2024", True),
        (Kind.WHEN, "7 p.m.", "7pm", True),
        (Kind.WHEN, "7 p.m.", "7 p.m. Tuesday", True),
        (Kind.WHEN, "7 p.m. Monday", "7 p.m. Tuesday", False),
        (Kind.HOW_MUCH, "two inches", "two feet", False),
        (Kind.HOW_MUCH, "3 feet", "3 ft", True),
        (Kind.HOW_MUCH, "50 cents", "$50", False),
        (Kind.HOW_MUCH, "5 million Canadian dollars", "$5 million", False),
        (Kind.HOW_MUCH, "5 million Canadian dollars", "C$5 million", True),
        (Kind.HOW_MANY, "between five and six", "eleven", False),
        (Kind.HOW_MANY, "between five and six", "5 to 6", True),
        (Kind.HOW_MANY, "500,000 to 1 million", "500,000 to 2 million", False),
        (Kind.WHAT, "5-4", "5-3", False),
        (Kind.HOW_LONG, "less than two weeks", "more than two weeks", False),
        (Kind.HOW_LONG, "5 hrs", "5 hours", True),
        (Kind.HOW_LONG, "a quarter of an hour", "an hour", False),
        (Kind.WHO, "the mayor", "the mayor's wife", False),
        (Kind.WHO, "the mayor", "the deputy mayor", False),
        (Kind.WHO, "Mayor Smith", "former mayor Smith", True),
        (Kind.WHO, "Harris", "Vice President Harris", True),
        (Kind.WHAT, "the National Guard", "Mexico's National Guard", True),
        (Kind.WHO, "McDonald's", "McDonald's Corp.", True),
        (Kind.WHO, "the President", "the Vice President", False),
        (Kind.WHEN, "Tuesday night, Feb. 4", "February 4", True),
        (Kind.WHEN, "Jan. 28 to Feb. 3", "January 28 to February 3", True),
        (Kind.WHEN, "from 2010 to 2014", "2010-2014", True),
        (Kind.WHEN, "7 p.m. next Friday", "7 p.m. Tuesday", False),
        (Kind.WHEN, "late summer 2023", "summer 2023", True),
        (Kind.WHEN, "fall 2023", "spring 2023", False),
        (Kind.HOW_MANY, "four to five hundred", "400 to 500", True),
        (Kind.HOW_MANY, "50 to a thousand", "50 to 1,000", True),
        (Kind.HOW_MANY, "nearly 2,000", "1,949", True),
        (Kind.HOW_MANY, "more than 50", "52", True),
        (Kind.HOW_MANY, "more than 50", "75", False),
        (Kind.HOW_MANY, "nearly 2,000", "2,010", False),
        (Kind.HOW_MANY, "at least 50", "52", False),
        (Kind.HOW_MANY, "2,000", "1,949", False),
        (Kind.HOW_MUCH, "₹500 crore", "₹5 billion", True),
        (Kind.HOW_MUCH, "₹500 crore", "₹500", False),
        (Kind.HOW_MUCH, "5 square miles", "5 miles", False),
        (Kind.HOW_LONG, "2 1/2 years", "two and a half years", True),
        (Kind.HOW_LONG, "2 1/2 years", "two years", False),
        (Kind.HOW_LONG, "four to six weeks", "4 to 6 weeks", True),
        (Kind.WHAT, "25% tariffs", "a 25% tariff", True),
        (Kind.WHAT, "murder", "attempted murder", False),
        (Kind.WHERE, "the USA", "the United States", True),
        (Kind.WHERE, "Mexico", "Mexico City", False),
        (Kind.WHO, "Fed Chair Jerome Powell", "Federal Reserve Chair Jerome Powell", True),
        (Kind.WHO, "actor Gene Hackman", "Gene Hackman, 95", True),
        (Kind.WHO, "Jerome Powell", "Colin Powell", False),
        (Kind.WHO, "the mayor of New York", "the governor of New York", False),
        (Kind.WHO, "Colombia's Supreme Court", "Brazil's Supreme Court", False),
        (Kind.WHO, "Trump", "the Trump administration", False),
        (Kind.WHO, "a spokesman for Trump", "Trump", False),
        (Kind.WHO, "The FBI", "FBI Director Kash Patel", False),
        (Kind.WHO, "Kash Patel", "Kash Patel, director of the FBI", True),
        (Kind.WHO, "Police", "The police chief", False),
        (Kind.WHO, "Donald Trump", "Donald Trump Jr.", False),
        (Kind.WHO, "Kennedy", "Robert F. Kennedy Jr.", True),
        (Kind.WHAT, "tariffs on steel and aluminum", "tariffs on aluminum and steel", True),
        (Kind.WHO, "police", "police officers", True),
        (Kind.WHO, "Hamas", "Hamas officials", True),
        (Kind.WHO, "Ann Lee", "Ann Lee, spokeswoman for the city", True),
        (Kind.WHO, "the wife of actor Gene Hackman", "the son of actor Gene Hackman", False),
        (Kind.WHO, "Vladimir Putin and President Xi", "Kim Jong Un and President Xi", False),
        (Kind.HOW_LONG, "1.6 miles", "1.6 miles long", True),
        (Kind.WHEN, "late Tuesday", "Tuesday night", True),
        (Kind.WHEN, "earlier this week", "later this week", False),
        (Kind.WHEN, "the last week of January", "February 1, 2024", False),
        (Kind.WHEN, "in May 2021", "in May 2022", False),
        (Kind.WHEN, "in March of 2020", "March 2020", True),
        (Kind.WHEN, "tonight", "Wednesday", True),
        (Kind.WHEN, "last night", "Tuesday", True),
        (Kind.WHEN, "last week", "January 28", True),
        (Kind.WHEN, "last week", "February 3", False),
        (Kind.WHEN, "this month", "February", True),
        (Kind.WHEN, "next year", "2026", True),
        (Kind.WHEN, "Tuesday morning", "Tuesday night", False),
        (Kind.WHEN, "the first quarter of 2024", "the fourth quarter of 2024", False),
        (Kind.WHEN, "mid-January", "January 15", True),
        (Kind.WHEN, "three weeks ago", "January 16", True),
        (Kind.WHEN, "July 4, 1776", "July 4, 1976", False),
        (Kind.WHEN, "Saturday and Sunday", "Saturday", False),
        (Kind.WHEN, "Saturday until the end of August", "Saturday", False),
        (Kind.WHO, "Mayor Calloway", "Ruth Calloway", True),
        (Kind.WHO, "Senator Cruz", "Ted Cruz", True),
        (Kind.WHERE, "Orange County", "King County", False),
        (Kind.WHO, "Volodymyr Zelensky", "Volodymyr Zelenskyy", True),
        (Kind.WHO, "J.K. Rowling", "J. K. Rowling", True),
        (Kind.WHAT, "7.8 per cent", "7.8 percent", True),
        (Kind.WHAT, "£88m", "£88 million", True),
        (Kind.WHAT, "5 cars", "5 people", False),
        (Kind.WHAT, "80 mph", "80 miles per hour", True),
        (Kind.WHAT, "roughly 80 mph", "78 miles per hour", True),
        (Kind.WHAT, "2,500m long", "2,500 metres long", True),
        (Kind.HOW_MANY, "about 4,200", "4,350", False),
        (Kind.HOW_MANY, "about 180", "186", False),
        (Kind.HOW_MANY, "about 180", "182", True),
        (Kind.HOW_MUCH, "8 percent to $3.20", "8 percent", True),
        (Kind.WHO, "Governor Abbott", "Mayor Abbott", False),
        (Kind.WHO, "the Pope", "Pope Francis", True),
        (Kind.WHAT, "5 percent", "not 5 percent", False),
        (Kind.PERCENT, "more than half", "less than half", False),
        (Kind.PERCENT, "the third quarter of 2022", "33 percent", False),
        (Kind.PERCENT, "half", "50 percent", True),
        (Kind.PERCENT, "two thirds", "67 percent", True),
        (Kind.PERCENT, "one in four", "30 percent", False),
        (Kind.PERCENT, "7.8 percent", "8 percent", False),
        (Kind.WHAT, "Premier League", "Champions League", False),
        (Kind.WHERE, "Guinea", "Guinea-Bissau", False),
        (Kind.WHERE, "the Republic of the Congo", "the Democratic Republic of the Congo", False),
        (Kind.WHO, "Premier Ford", "Doug Ford", True),
        (Kind.PERCENT, "-0.3%", "0.3%", False),
        (Kind.PERCENT, "minus 2 percent", "-2%", True),
        (Kind.PERCENT, "3.2 percent in 2024", "3.2 percent", True),
        (Kind.HOW_MANY, "12 in 10 days", "12", True),
        (Kind.HOW_MANY, "18 months", "18 years", False),
        (Kind.HOW_MANY, "24 months", "two years", True),
        (Kind.HOW_MANY, "12 in two years", "15 in two years", False),
        (Kind.HOW_MANY, "no fewer than 12", "at least 12", True),
        (Kind.HOW_MANY, "no fewer than 12", "fewer than 12", False),
        (Kind.HOW_MANY, "not more than 12", "more than 12", False),
        (Kind.HOW_MUCH, "$500 a month", "$500 a year", False),
        (Kind.HOW_MUCH, "$500 a month", "$500 per month", True),
        (Kind.HOW_MUCH, "$5 billion in 2023", "$5 billion", True),
        (Kind.HOW_MUCH, "Rs500 crore", "500 crore rupees", True),
        (Kind.HOW_MUCH, "CHF 90 million", "$90 million", False),
        (Kind.HOW_MUCH, "CHF 90 million", "90 million francs", True),
        (Kind.HOW_MUCH, "600 million Norwegian kroner", "600 million euros", False),
        (Kind.HOW_MUCH, "300 Egyptian pounds", "£300", False),
        (Kind.HOW_MUCH, "40 megawatts", "40 gigawatts", False),
        (Kind.HOW_MUCH, "5 pounds", "£5", True),
        (Kind.HOW_MUCH, "5 pounds", "5 lbs", True),
        (Kind.HOW_MUCH, "35 degrees", "35 degrees Celsius", True),
        (Kind.HOW_MUCH, "5 tons", "5 tonnes", True),
        (Kind.WHO, "Gov. Ellison", "Mayor Ellison", False),
        (Kind.WHO, "Gov. Ellison", "Governor Ellison", True),
        (Kind.WHO, "Mr Hartley", "Mrs Hartley", False),
        (Kind.WHO, "Mr Hartley", "Mayor Hartley", True),
        (Kind.WHEN, "8 p.m. ET", "8 p.m. PT", False),
        (Kind.WHEN, "7 p.m. ET", "4 p.m. PT", True),
        (Kind.WHEN, "7 p.m. ET", "7 p.m.", True),
        (Kind.HOW_LONG, "two weeks", "a fortnight", True),
        (Kind.HOW_MUCH, "35 degrees Fahrenheit", "35 degrees Celsius", False),
        (Kind.HOW_MANY, "nearly 2,000", "more than 2,000", False),
        (Kind.HOW_MANY, "nearly 2,000", "2,000", True),
        (Kind.HOW_MUCH, "Rs.500", "₹500", True),
        (Kind.HOW_MUCH, "EUR5m", "€5 million", True),
        (Kind.WHAT, "10cm", "10 centimetres", True),
        (Kind.WHAT, "80mph", "80 miles per hour", True),
        (Kind.WHAT, "5kg", "5 km", False),
        (Kind.WHEN, "Q1 2024", "Q2 2024", False),
        (Kind.WHEN, "Q1 2024", "the first quarter of 2024", True),
        # Measures in two parts, in other units, with a sign.
        (Kind.HOW_MUCH, "six feet", "6 feet 9 inches", False),
        (Kind.HOW_MUCH, "6ft 9in", "6 feet 9 inches", True),
        (Kind.HOW_MUCH, "6 ft 9 in", "6 feet 9 inches", True),
        (Kind.HOW_LONG, "less than a year", "a year", False),
        (Kind.HOW_MUCH, "7 pounds 2 ounces", "seven pounds", False),
        (Kind.HOW_MUCH, "-7C", "7C", False),
        (Kind.HOW_MUCH, "-7C", "minus seven degrees Celsius", True),
        (Kind.HOW_MUCH, "2,500 MW", "2.5 gigawatts", True),
        (Kind.HOW_MUCH, "2,500 MW", "3 million cubic metres", False),
        (Kind.HOW_MUCH, "41m high", "41 metres", True),
        # Parts of a month or year.
        (Kind.WHEN, "early January", "January 28", False),
        (Kind.WHEN, "early January", "January 3", True),
        (Kind.WHEN, "early 2027", "November 2027", False),
        (Kind.WHEN, "first half of 2028", "November 2028", False),
        (Kind.WHEN, "spring 2026", "October 2026", False),
        (Kind.WHEN, "spring 2026", "April 2026", True),
        (Kind.WHEN, "before March 9", "March 9", False),
        (Kind.WHEN, "first Monday of March", "last Monday of March", False),
        (Kind.WHEN, "first Monday of March", "March 3, 2025", True),
        (Kind.WHEN, "between 6 and 19 July", "July 6 through 19", True),
        (Kind.WHEN, "midday Tuesday", "noon on Tuesday", True),
        # Bounds, shares and rates.
        (Kind.HOW_LONG, "less than a year", "more than a year", False),
        (Kind.HOW_LONG, "100 miles", "100 minutes", False),
        (Kind.HOW_LONG, "20 years to life", "20 years", False),
        (Kind.HOW_MANY, "fewer than 400", "400", False),
        (Kind.HOW_MUCH, "$500 monthly", "$500 a month", True),
        (Kind.HOW_MUCH, "$500 monthly", "$500 a year", False),
        (Kind.HOW_MUCH, "half", "50 percent", True),
        (Kind.HOW_MUCH, "a quarter of a million euros", "€250,000", True),
        (Kind.HOW_MANY, "three quarters of a million", "750,000", True),
        (Kind.HOW_MUCH, "$1.2bn", "$1.24 billion", True),
        (Kind.PERCENT, "an eighth", "12.5 per cent", True),
        (Kind.WHO, "the brother of Arvid Lunt", "Arvid Lunt", False),
        (Kind.PERCENT, "61% to 39%", "61 percent", True),
        (Kind.PERCENT, "52%", "52.4%", True),
        (Kind.HOW_MUCH, "£220m", "£218m", True),
        (Kind.HOW_MANY, "83,400", "83,412", True),
        (Kind.HOW_MANY, "150", "148", False),
        (Kind.HOW_MUCH, "half a percentage point", "50 basis points", True),
        (Kind.HOW_MUCH, "a quarter of a percentage point", "25 basis points", True),
        (Kind.WHEN, "between 6am and 10pm", "6 a.m. to 10 p.m.", True),
        (Kind.WHEN, "June 3-5", "June 3 until June 5", True),
        (Kind.WHEN, "half past four on Monday", "6 a.m. on Monday", False),
        (Kind.WHEN, "half past four on Monday", "4:30 p.m. on Monday", True),
    ],
)
def test_which_values_are_one(kind: Kind, one: str, other: str, same: bool) -> None:
    assert len(texts(kind, *alone(one, other))) == (1 if same else 2)
    assert len(texts(kind, *alone(other, one))) == (1 if same else 2)


def test_a_year_that_stands_elsewhere_in_the_sentence_is_the_day_s() -> None:
    found = texts(
        Kind.WHEN,
        ("In 2021, rioters stormed it on January 6.", "January 6", 5),
        ("They stormed it on January 6, 2021.", "January 6, 2021", 5),
        ("The mob came on January 6, 2021, at noon.", "January 6", 5),
    )
    assert len(found) == 1


def test_an_end_is_no_beginning() -> None:
    found = texts(
        Kind.WHEN,
        ("The road stays closed until June 9, they say.", "June 9", 5),
        ("The road will be closed from June 9.", "June 9", 5),
    )
    assert len(found) == 2
    shot = texts(
        Kind.WHEN,
        ("He was shot by officers on Feb. 3.", "Feb. 3", 5),
        ("He was walking home from school on Feb. 3.", "Feb. 3", 5),
    )
    assert len(shot) == 1


def test_an_old_report_of_another_outlet_does_not_hold_a_toll_back() -> None:
    spans = [
        span("The quake killed 12 people.", "12", "Gazette", 2),
        span("Twelve people died in the quake.", "Twelve", "Wire", 2),
        span("It killed 31 people, up from 12.", "31", "Gazette", 4),
    ]
    found = agree(Kind.HOW_MANY, spans)
    assert [(g.spans[0].text, g.superseded) for g in found] == [("31", False), ("12", True)]
    later = span("Twelve people died in the quake.", "Twelve", "Wire", 5)
    found = agree(Kind.HOW_MANY, [spans[0], later, spans[2]])
    assert not any(group.superseded for group in found)


def test_who_has_a_value_from_another_outlet_is_no_second_source() -> None:
    def sources(*spans: Span) -> int:
        return agree(Kind.HOW_MANY, spans)[0].independent_sources

    ledger = span("The owner knew of 17 leaks, papers show.", "17", "The Capital Ledger", 3)
    told = "He knew of 17 leaks, the Capital Ledger reported."
    assert sources(ledger, span(told, "17", "Wire", 4)) == 1
    assert sources(ledger, span("He knew of 17 leaks.", "17", "Wire", 4)) == 2
    assert sources(ledger, span("He knew of 17 leaks.", "17", "Capital Ledger", 4)) == 1


def test_who_names_one_of_several_does_not_support_all() -> None:
    whole = span("Peru, Chile and Cuba agreed.", "Peru, Chile and Cuba", "Wire", 3)
    part = span("In the end Chile agreed.", "Chile", "Tribune", 3, 0.85)
    (found,) = agree(Kind.LIST, [whole, part])
    assert (len(found.spans), found.independent_sources) == (2, 1)
    town = span("It is in Austin, Texas.", "Austin, Texas", "Wire", 3)
    (found,) = agree(Kind.WHERE, [town, span("Austin has it.", "Austin", "Tribune", 3, 0.85)])
    assert found.independent_sources == 2


def test_the_same_words_in_other_years_are_other_times() -> None:
    old = span("It opened last year, he said.", "last year", "A", 5)
    article = replace(old.hit.article, published=datetime(2019, 2, 5, tzinfo=UTC))
    old = replace(old, hit=replace(old.hit, article=article))
    new = span("The other opened last year too.", "last year", "B", 5)
    assert len(agree(Kind.WHEN, [old, new])) == 2


def test_a_day_without_its_year_is_not_far_ahead() -> None:
    same = [
        ("It fell on May 26.", "May 26", 5),
        ("It fell on May 26, 2024.", "May 26, 2024", 5),
    ]
    assert len(texts(Kind.WHEN, *same)) == 1
    ahead = [
        ("It opens on May 26.", "May 26", 5),
        ("It opens on May 26, 2025.", "May 26, 2025", 5),
    ]
    assert len(texts(Kind.WHEN, *ahead)) == 1


def test_a_rounded_figure_does_not_supersede_the_exact_one() -> None:
    exact = span("In all 1,949 troops went there.", "1,949", "Tribune", 3)
    rounded = span("By then nearly 2,000 troops went.", "2,000", "Tribune", 5)
    found = agree(Kind.HOW_MANY, [rounded, exact])
    assert [len(group.spans) for group in found] == [2]
    assert fullest_first(Kind.HOW_MANY, found[0].spans)[0] is exact
    share = [
        span("It cost $1.52 billion, the city said.", "$1.52 billion", "Tribune", 3),
        span("The hall cost $1.5 billion in the end.", "$1.5 billion", "Tribune", 5),
    ]
    assert not any(group.superseded for group in agree(Kind.HOW_MUCH, share))
    toll = [
        span("The quake killed 150 people.", "150", "Tribune", 5),
        span("The quake killed 148 people.", "148", "Tribune", 3),
    ]
    assert [group.superseded for group in agree(Kind.HOW_MANY, toll)] == [False, True]


def test_a_weekday_still_to_come_is_its_date() -> None:
    found = texts(
        Kind.WHEN,
        ("It will open on Friday, he said.", "Friday", 5),
        ("The opening is due on February 7.", "February 7", 5),
        ("The opening was on January 31.", "January 31", 5),
    )
    assert ["Friday", "February 7"] in found or ["Friday", "February 7", "January 31"] in found


def test_a_month_still_to_come_is_that_of_this_year() -> None:
    told = [("It reopens in March 2025, they say.", "March 2025", 5)]
    assert len(texts(Kind.WHEN, ("It will reopen in March.", "in March", 5), *told)) == 1
    assert len(texts(Kind.WHEN, ("It reopened in March.", "in March", 5), *told)) == 2
    assert len(texts(Kind.WHEN, ("It will open on September 12.", "September 12", 5), (
        "It opens on September 12, 2025.", "September 12, 2025", 5))) == 1  # fmt: skip


def test_what_is_to_come_does_not_move_what_was() -> None:
    told = [("It opened on Tuesday.", "Tuesday", 12)]
    assert len(texts(Kind.WHEN, ("Speaking on Tuesday, she opened it.", "Tuesday", 5), *told)) == 2
    lost = ("He will run again after losing last year.", "last year", 5)
    assert len(texts(Kind.WHEN, lost, ("He lost it in 2025.", "in 2025", 5))) == 2


def test_a_page_that_was_changed_tells_what_was_known_then() -> None:
    first = span("So far 412 have arrived in the city.", "412", "Tribune", 5)
    page = span("By now 1,130 are here, up from 412.", "1,130", "tribune", 3)
    changed = replace(page.hit.article, updated=datetime(2025, 2, 12, tzinfo=UTC))
    changed_page = replace(page, hit=replace(page.hit, article=changed))
    assert [g.superseded for g in agree(Kind.HOW_MANY, [changed_page, first])] == [False, True]
    lead, other = agree(Kind.HOW_MANY, [page, first])
    assert (lead.spans[0].text, other.superseded) == ("412", True)


def test_one_item_of_a_list_does_not_replace_another() -> None:
    spans = [
        span("California sued on Monday over it.", "California", "Tribune", 3, 0.9),
        span("New York sued as well, it said.", "New York", "Tribune", 5, 0.85),
    ]
    assert [c.superseded for c in agree(Kind.LIST, spans)] == [False, False]
    assert [c.superseded for c in agree(Kind.WHO, spans)] == [False, False]


def test_two_people_of_one_surname_are_not_one() -> None:
    groups = texts(Kind.WHO, *alone("Smith", "John Smith", "Jane Smith"))
    assert groups == [["Smith", "John Smith"], ["Jane Smith"]]


@pytest.mark.parametrize(
    ("bodies", "first"),
    [
        (["*Rubio* thanked them. Marco Rubio spoke.", "It was *Marco Rubio*."], "Marco Rubio"),
        (
            ["*Rubio* thanked them. Marco Rubio spoke.", "*Al Rubio*", "*Marco Rubio*"],
            "Marco Rubio",
        ),
        (["*Trump* signed.", "*Melania Trump* came."], "Trump"),
        (["*Rubio* spoke, the Rubio Marco.", "*Rubio Marco*"], "Rubio"),
        (["*the Guard*, Mexico's National Guard", "Mexico's *National Guard*"], "the Guard"),
        (["*1,949*"], "1,949"),
    ],
)
def test_a_surname_gives_way_to_the_whole_name(bodies: list[str], first: str) -> None:
    parts = [body.split("*") for body in bodies]
    spans = [span("".join(p), p[1], f"Outlet {n}", 5) for n, p in enumerate(parts)]
    found = fullest_first(Kind.WHO, spans)
    assert found[0].text == first
    assert sorted(one.text for one in found) == sorted(one.text for one in spans)
    assert fullest_first(Kind.YES_NO, spans) == spans


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ("2025", "January 2025", "January 2025"),
        ("January 2025", "in 2025", "January 2025"),
        ("January 17", "January 17, 2025", "January 17, 2025"),
        ("last month", "January 17, 2025", "January 17, 2025"),
        ("January 17", "2025", "January 17"),
        ("on Friday", "2025", "on Friday"),
        ("two days ago", "2025", "two days ago"),
        ("before 2025", "2025", "before 2025"),
        ("between 2020 and 2025", "January 2025", "between 2020 and 2025"),
    ],
)
def test_the_more_exact_date_is_shown(first: str, second: str, shown: str) -> None:
    sure = span(f"It came out {first}, they said.", first, "Wire", 5, 0.5)
    other = span(f"It was {second} when it came out.", second, "Other", 6, 0.45)
    assert fullest_first(Kind.WHEN, [sure, other])[0].text == shown
    assert fullest_first(Kind.WHEN, [sure, replace(other, probability=0.2)])[0].text == first


def test_the_most_exact_date_is_shown() -> None:
    told = ("2025", "January 2025", "January 17, 2025")
    spans = [span(f"It came out {one}.", one, f"Outlet {one}", 5, 0.5) for one in told]
    (group,) = agree(Kind.WHEN, spans)
    found = fullest_first(Kind.WHEN, group.spans)
    assert [one.text for one in found] == ["January 17, 2025", "2025", "January 2025"]


def test_what_the_leading_sentence_turns_down_is_still_another_value() -> None:
    lead = span("He said 38 had died, and not 31 as the city claims.", "38", "Times", 16, 0.9)
    other = span("The toll has risen to 31.", "31", "Gazette", 15, 0.6)
    older = span("The ferry sank, killing at least 23.", "23", "Gazette", 12, 0.7)
    agreed, _ = leading("How many were there?", [lead, older, other], 0.5)
    assert [(g.spans[0].text, g.superseded) for g in agreed] == [
        ("38", False), ("31", False), ("at least 23", True),
    ]  # fmt: skip


def test_figures_of_different_things_neither_differ_nor_replace_one_another() -> None:
    share = span("The shares rose 22 percent.", "22 percent", "Herald", 3, 0.9)
    money = span("It is worth 3.4 billion dollars now.", "3.4 billion dollars", "Herald", 5, 0.8)
    agreed, _ = leading("How much was it?", [share, money], 0.5)
    assert [(g.spans[0].text, g.superseded) for g in agreed] == [("22 percent", False)]


def test_a_correction_does_not_support_what_it_corrects() -> None:
    old = span("The shelters have 860 free beds.", "860", "Tribune", 6, 0.8)
    new = span("Last week we wrote that there were 860 beds. There are 640.", "640", "Tribune", 10)
    again = replace(new, start=new.hit.article.body.index("860"), probability=0.7)
    again = replace(again, end=again.start + 3)
    assert [(g.spans[0].text, g.superseded) for g in agree(Kind.HOW_MANY, [new, old, again])] == [
        ("640", False), ("860", True),
    ]  # fmt: skip


def test_what_is_told_before_one_figure_is_not_told_of_the_next() -> None:
    first = span("The earlier count of 850 dead was wrong: the toll is 860.", "850", "Post", 6)
    second = replace(first, start=first.hit.article.body.index("860"), probability=0.8)
    second = replace(second, end=second.start + 3)
    found = agree(Kind.HOW_MANY, [first, second])
    assert [(g.spans[0].text, g.superseded) for g in found] == [("860", False), ("850", True)]


ASKED = {
    Kind.HOW_MANY: "How many were there?",
    Kind.HOW_MUCH: "How much was it?",
    Kind.PERCENT: "What percentage was it?",
    Kind.WHEN: "When was it?",
    Kind.WHO: "Who was it?",
}


@pytest.mark.parametrize(
    ("kind", "body", "read", "whole"),
    [
        (Kind.HOW_MUCH, "It is worth 10 million Swedish kronor.", "10 million",
         "10 million Swedish kronor"),
        (Kind.HOW_MUCH, "It cost about 3 million dollars.", "3", "about 3 million dollars"),
        (Kind.PERCENT, "It rose by 5 percent.", "5", "5 percent"),
        (Kind.HOW_MANY, "No jobs will be lost.", "No", "No jobs"),
        (Kind.HOW_MANY, "It was 10 million people.", "10 million", "10 million"),
        (Kind.HOW_MANY, "Of the women 12 won seats.", "12", "12"),
        (Kind.HOW_MANY, "She was charged on Wednesday over three deaths.", "three", "three"),
        (Kind.HOW_MANY, "She was questioned about 14 operations.", "14", "14"),
        (Kind.HOW_MANY, "They wore over 14 hats.", "14", "over 14"),
        (Kind.WHEN, "It opens on Saturday, October 11.", "Saturday", "Saturday, October 11"),
        (Kind.HOW_MANY, "They were spread over nine shelters.", "nine", "nine"),
        (Kind.HOW_MANY, "The toll rose from 12 to 15 on Friday.", "12 to 15", "15"),
        (Kind.HOW_MANY, "Some 12 to 15 are missing.", "12 to 15", "Some 12 to 15"),
        (Kind.HOW_MUCH, "The rent is $500 a month there.", "$500", "$500 a month"),
        (Kind.HOW_MUCH, "It paid $500 a month later.", "$500", "$500"),
        (Kind.WHO, "So did Claudia Sheinbaum on Monday.", "Claudia", "Claudia Sheinbaum"),
        (Kind.WHO, "It went to the brother of Arvid Lunt.", "Arvid Lunt",
         "the brother of Arvid Lunt"),
    ],
)  # fmt: skip
def test_a_value_is_shown_whole(kind: Kind, body: str, read: str, whole: str) -> None:
    agreed, _ = leading(ASKED[kind], [span(body, read, "Herald", 3)], 0.5)
    assert agreed[0].spans[0].text == whole


def test_who_denies_does_not_confirm() -> None:
    said = span("The fire was started by Dora Vance, police believe.", "Dora Vance", "Times", 3)
    body = "A lawyer rejected the claim that the fire was started by Dora Vance."
    denied = span(body, "Dora Vance", "Courier", 4, 0.95)
    agreed, rival = leading("Who was it?", [denied, said], 0.5)
    assert [(g.independent_sources, g.spans[0]) for g in agreed] == [(1, said), (1, denied)]
    assert rival == 0.95
    assert leading("Who was it?", [denied], 0.5) == ([], 0.0)


def test_of_a_count_and_a_share_the_count_is_how_many() -> None:
    share = span("She won just over 52 percent of the vote.", "52 percent", "Herald", 3, 0.9)
    count = span("She won 9,874 votes.", "9,874", "Gazette", 3, 0.8)
    agreed, _ = leading("How many were there?", [share, count], 0.5)
    assert [group.spans[0].text for group in agreed] == ["9,874"]


def test_sources_that_agree_make_a_value_surer() -> None:
    one = span("Some 120 were there.", "120", "A", 3, 0.4)
    other = span("Police counted 120.", "120", "B", 4, 0.3)
    (alone,), (both,) = (agree(Kind.HOW_MANY, spans) for spans in ([one], [one, other]))
    assert (alone.probability, both.probability) == (0.4, pytest.approx(0.58))
    again = span("It was 120, A reported.", "120", "A", 5, 0.3)
    assert agree(Kind.HOW_MANY, [one, again])[0].probability == 0.4
