"""What a question asks for, and follow-up questions."""

from __future__ import annotations

import pytest

from qa.question import Kind, kind_of, standalone


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many troops went to Tijuana?", Kind.HOW_MANY),
        ("how much did the bridge cost", Kind.HOW_MUCH),
        ("By what percent did exports fall?", Kind.PERCENT),
        ("When did they arrive?", Kind.WHEN),
        ("On what day did patrols begin?", Kind.WHEN),
        ("What is the release date of the film?", Kind.WHEN),
        ("And who ordered it?", Kind.WHO),
        ("Where do the troops sleep?", Kind.WHERE),
        ("In which city is the plant?", Kind.WHERE),
        ("Why were they sent?", Kind.WHY),
        ("How did they get there?", Kind.HOW),
        ("How long is the pause?", Kind.HOW_LONG),
        ("Did Canada agree?", Kind.YES_NO),
        ("What is the National Guard?", Kind.DEFINITION),
        ("What is the capital of France?", Kind.WHAT),
        ("what does NATO stand for", Kind.DEFINITION),
        ("Which states sued?", Kind.LIST),
        ("What three things will they ask for?", Kind.LIST),
        ("What was the news?", Kind.WHAT),
        ("What class is it?", Kind.WHAT),
        ("What did Sheinbaum say about tariffs?", Kind.SAID),
        ("What did the plant cost?", Kind.WHAT),
        ("Which company owns the mine?", Kind.WHAT),
        ("What personal items were found?", Kind.LIST),
        ("Which ministers resigned?", Kind.LIST),
        ("What daycare closed?", Kind.WHAT),
        ("What years did she serve?", Kind.WHEN),
        ("", Kind.WHAT),
        ("What is the death toll?", Kind.HOW_MANY),
        ("What's the population of Lyon?", Kind.HOW_MANY),
        ("What is the unemployment rate?", Kind.WHAT),
        ("What’s Hamas?", Kind.DEFINITION),
        ("How many troops went to Tijuana? ", Kind.HOW_MANY),
        ("How many troops went to Tijuana? When did they arrive?", Kind.WHEN),
        ("How many troops went to Tijuana? And in March?", Kind.HOW_MANY),
        ("Brady said he is retiring. How many seasons did he play?", Kind.HOW_MANY),
        ("Did the U.S. Army agree?", Kind.YES_NO),
        ("Can you tell me how many troops were sent?", Kind.HOW_MANY),
        ("Could you please tell me when it opened?", Kind.WHEN),
        ("What happened when the bridge fell?", Kind.WHAT),
        ("What weapon did the man who attacked the mayor use?", Kind.WHAT),
        ("What is the name of the man who won?", Kind.WHO),
    ],
)
def test_kinds(question: str, kind: Kind) -> None:
    assert kind_of(question) is kind


def test_a_long_word_costs_no_time() -> None:
    assert kind_of("What is " + "a" * 2000 + "!") is Kind.WHAT


HISTORY = [("How many troops went to Tijuana?", "1,949 [1].")]


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("What about Ciudad Juárez?", "How many troops went to Ciudad Juárez?"),
        ("and Nogales", "How many troops went to Nogales?"),
        ("What is a tariff?", "What is a tariff?"),
        ("what is it?", "How many troops went to Tijuana? what is it?"),
        ("And did they arrive?", "How many troops went to Tijuana? And did they arrive?"),
        ("When did they arrive?", "How many troops went to Tijuana? When did they arrive?"),
        ("And in March?", "How many troops went to Tijuana? And in March?"),
        ("What about March?", "How many troops went to Tijuana? What about March?"),
        ("What about women?", "How many troops went to Tijuana? What about women?"),
        ("Who said that?", "How many troops went to Tijuana? Who said that?"),
        ("What happened in Paris this week?", "What happened in Paris this week?"),
        ("Which judge ruled that the ban is lawful?", "Which judge ruled that the ban is lawful?"),
        ("Is there a curfew in Lyon tonight?", "Is there a curfew in Lyon tonight?"),
        ("Who is Claudia Sheinbaum?", "Who is Claudia Sheinbaum?"),
        ("Did Mexico close its border?", "Did Mexico close its border?"),
        ("And Trump said what?", "How many troops went to Tijuana? And Trump said what?"),
        ("Did they go to Mexico?", "How many troops went to Tijuana? Did they go to Mexico?"),
        ("Who won?", "How many troops went to Tijuana? Who won?"),
        (
            "Which country will pay for the new desalination plant?",
            "Which country will pay for the new desalination plant?",
        ),
    ],
)
def test_a_follow_up_takes_what_it_leans_on(question: str, alone: str) -> None:
    assert standalone(question, HISTORY) == alone
    assert standalone(question, ()) == question


def test_a_month_in_the_earlier_question_is_not_taken_for_the_name() -> None:
    history = [("How many troops went to Tijuana in February?", "1,949 [1].")]
    alone = standalone("What about Ciudad Juárez?", history)
    assert alone == "How many troops went to Ciudad Juárez in February?"


def test_a_long_conversation_stays_short() -> None:
    turns = [*HISTORY, *[("when did they arrive?", "Tuesday [1].")] * 2000]
    assert (
        standalone("and who sent them?", turns) == "and who sent them?"
        or len(standalone("and who sent them?", turns)) < 120
    )


def test_follow_ups_chain() -> None:
    history = [*HISTORY, ("What about Ciudad Juárez?", "1,650 [1].")]
    assert standalone("and Nogales?", history) == "How many troops went to Nogales?"


def test_a_new_topic_is_what_comes_next_leans_on() -> None:
    turns = [*HISTORY, ("Who is Elon Musk?", ""), ("Did Canada close its border?", "")]
    assert standalone("How old is he?", turns[:2]) == "Who is Elon Musk? How old is he?"
    assert standalone("When was it?", turns) == "Did Canada close its border? When was it?"
