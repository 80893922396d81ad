"""What a question asks for."""

from __future__ import annotations

import pytest

from qa.question import Kind, kind_of


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
        ("Fans cheered when the singer announced which tour?", Kind.WHAT),
        ("The dog that bit the man who fed it is called what?", Kind.WHAT),
        ("In what year was the vote in which women took part?", Kind.WHEN),
        ("What is the latest death toll?", Kind.HOW_MANY),
        ("What is the total cost?", Kind.HOW_MUCH),
        ("What is the ticket price?", Kind.HOW_MUCH),
        ("What is the speed limit?", Kind.WHAT),
        ("What is the number one song?", Kind.WHAT),
        ("What is a carbon tax?", Kind.DEFINITION),
        ("What is the new opening date?", Kind.WHEN),
        ("Which company supplies the chips?", Kind.WHAT),
        ("Which senators voted for it?", Kind.LIST),
        ("In which countries did it strike?", Kind.LIST),
        ("Which cities host the games?", Kind.LIST),
        ("In which months does it rain?", Kind.WHEN),
        ("According to police, when did the crash in which two died happen?", Kind.WHEN),
        ("After the fire, who was hurt in the house in which it began?", Kind.WHO),
        ("What was the reason for the deadline?", Kind.WHY),
        ("What is the impact of price controls?", Kind.WHAT),
        ("What is a price cap?", Kind.DEFINITION),
        ("Which party controls Congress?", Kind.WHAT),
        ("Mr. Smith, who ran for mayor, was charged with which crimes?", Kind.WHAT),
        ("List the states that sued.", Kind.LIST),
        ("Hasn't the mayor resigned?", Kind.YES_NO),
        ("May the court decide?", Kind.YES_NO),
        ("How should people vote?", Kind.HOW),
        ("How much longer will the strike last?", Kind.HOW_LONG),
        ("Which Army commander spoke to reporters?", Kind.WHO),
    ],
)
def test_kinds(question: str, kind: Kind) -> None:
    assert kind_of(question) is kind


def test_a_long_word_costs_no_time() -> None:
    assert kind_of("What is " + "a" * 2000 + "!") is Kind.WHAT
