"""Questions that lean on the ones before them."""

import pytest

from qa.follow_up import standalone

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
        ("And in March?", "How many troops went to Tijuana in March?"),
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
        ("And to Ciudad Juárez?", "How many troops went to Ciudad Juárez?"),
        ("And how many to Ciudad Juárez?", "How many troops went to Ciudad Juárez?"),
        ("And how many in March?", "How many troops went to Tijuana in March?"),
        ("And who in Canada?", "How many troops went to Tijuana? And who in Canada?"),
        ("How many were hurt?", "How many troops went to Tijuana? How many were hurt?"),
        ("Has anyone been hurt?", "How many troops went to Tijuana? Has anyone been hurt?"),
        ("What was the motive?", "How many troops went to Tijuana? What was the motive?"),
        ("And to the U.S.?", "How many troops went to the U.S.?"),
        ("What opens in cinemas this Friday?", "What opens in cinemas this Friday?"),
        ("How many people died in one day?", "How many people died in one day?"),
        ("Which company recalled its cars?", "Which company recalled its cars?"),
        ("Who bought its planes?", "How many troops went to Tijuana? Who bought its planes?"),
        ("What is the national debt?", "What is the national debt?"),
        ("Why are eggs so expensive?", "Why are eggs so expensive?"),
        ("Was one of them hurt?", "How many troops went to Tijuana? Was one of them hurt?"),
        (
            "Which country will pay for the new desalination plant?",
            "Which country will pay for the new desalination plant?",
        ),
    ],
)
def test_a_follow_up_takes_what_it_leans_on(question: str, alone: str) -> None:
    assert standalone(question, HISTORY) == alone
    assert standalone(question, ()) == question


@pytest.mark.parametrize(
    ("before", "question", "alone"),
    [
        (
            "When did parliament ban night flights?",
            "What did Adela Quist say about it?",
            "When did parliament ban night flights? What did Adela Quist say about it?",
        ),
        (
            "How much does the Nova Arc cost?",
            "And in Britain?",
            "How much does the Nova Arc cost in Britain?",
        ),
        ("When will Line 4 open?", "What about Line 5?", "When will Line 5 open?"),
        ("What is the rate in Germany?", "In France?", "What is the rate in France?"),
        ("How many live in Los Angeles?", "New York?", "How many live in New York?"),
        ("What did Trump say about Canada?", "about Mexico?", "What did Trump say about Mexico?"),
        ("What is Ukraine's demand?", "And Russia's?", "What is Russia's demand?"),
        (
            "What is Starmer's position on Gaza?",
            "And Macron's?",
            "What is Macron's position on Gaza?",
        ),
        ("Who sued Orra Steel?", "Really?", "Who sued Orra Steel? Really?"),
        ("Who sued Orra Steel?", "On Tuesday?", "Who sued Orra Steel on Tuesday?"),
        (
            "How many were killed in the Marlow Bridge derailment?",
            "What about Storm Freya?",
            "How many were killed in the Marlow Bridge derailment? What about Storm Freya?",
        ),
        (
            "How much did Storm Freya cost?",
            "How old was he?",
            "How much did Storm Freya cost? How old was he?",
        ),
        ("Who won?", "Thanks!", "Thanks!"),
    ],
)
def test_what_a_follow_up_is_about(before: str, question: str, alone: str) -> None:
    assert standalone(question, [(before, "1,949 [1].")]) == alone


def test_she_is_still_she_once_it_was_asked_who_replaces_her() -> None:
    turns = [
        ("Who resigned?", "Ruth Calloway [1]."),
        ("Who will replace her?", "James Okafor [1]."),
    ]
    assert standalone("When did she resign?", turns) == "When did Ruth Calloway resign?"
    assert standalone("When does he start?", turns) == "When does James Okafor start?"
    ran = [turns[0], ("When did Anna Lee say she would run?", "Monday [1].")]
    assert standalone("How old is she?", ran) == "How old is Anna Lee?"
    again = [*turns, ("Who won the race?", "Ann Lee [1].")]
    assert standalone("How old is she?", again) == "How old is Ann Lee?"


def test_names_with_small_words_are_whole_and_offices_are_no_names() -> None:
    asked = [("Who is Mohammed bin Salman?", "Crown Prince [1].")]
    assert standalone("How old is he?", asked) == "How old is Mohammed bin Salman?"
    asked = [("Who is Ursula von der Leyen?", "Commission President [1].")]
    assert standalone("What did she say?", asked).endswith("What did Ursula von der Leyen say?")


def test_with_he_and_she_neither_is_guessed() -> None:
    asked = [("Who did Tom Reed nominate for the court?", "Pam Lee [1].")]
    alone = "Who did Tom Reed nominate for the court? Why did he choose her?"
    assert standalone("Why did he choose her?", asked) == alone


def test_a_courtesy_is_nothing_to_lean_on() -> None:
    turns = [*HISTORY, ("Thank you!", "The articles do not say.")]
    assert standalone("When did they arrive?", turns).startswith("How many troops went to Tijuana?")


def test_a_month_in_the_earlier_question_is_not_taken_for_the_name() -> None:
    history = [("How many troops went to Tijuana in February?", "1,949 [1].")]
    alone = standalone("What about Ciudad Juárez?", history)
    assert alone == "How many troops went to Ciudad Juárez in February?"


@pytest.mark.parametrize(
    ("before", "question", "alone"),
    [
        ("What was inflation in May?", "And in June?", "What was inflation in June?"),
        ("What was inflation last year?", "and this year?", "What was inflation this year?"),
        ("Who won in March 2024?", "In April?", "Who won in April 2024?"),
        ("Who won the race?", "What about in 2020?", "Who won the race in 2020?"),
        ("Who won the race on Sunday?", "and Monday?", "Who won the race on Monday?"),
        ("Who fell from May to July?", "In June?", "Who fell from May to July? In June?"),
        ("Who may march in May?", "and in June?", "Who may march in June?"),
        ("What did Theresa May say?", "And in 2019?", "What did Theresa May say in 2019?"),
        ("How many came on Black Friday?", "In 2023?", "How many came on Black Friday in 2023?"),
        (
            "How many of the 2000 men left?",
            "and in June?",
            "How many of the 2000 men left in June?",
        ),
        ("How many died on June 5?", "and last month?", "How many died last month?"),
    ],
)
def test_another_time_takes_the_earlier_one_s_place(before: str, question: str, alone: str) -> None:
    assert standalone(question, [(before, "7 percent [1].")]) == alone


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
    assert standalone("How old is he?", turns[:2]) == "How old is Elon Musk?"
    assert standalone("When was it?", turns) == "Did Canada close its border? When was it?"


WON = [("Who won the race?", "The articles may say: Yadira Montes [1][2]. Others differ: X [3].")]


@pytest.mark.parametrize(
    ("question", "history", "alone"),
    [
        ("How old is she?", WON, "How old is Yadira Montes?"),
        ("How old is her mother?", WON, "How old is Yadira Montes’s mother?"),
        ("Who thanked her in the end?", WON, "Who thanked Yadira Montes in the end?"),
        ("In what time?", WON, "Who won the race? Yadira Montes. In what time?"),
        ("When did it start?", WON, "Who won the race? When did it start?"),
        ("Did Smith beat her?", WON, "Did Smith beat her?"),
        (
            "What did he say about it?",
            [("Which commander spoke?", "Luis Iza")],
            "Which commander spoke? What did Luis Iza say about it?",
        ),
        ("When was he born?", [("Did Trump win?", "“He won.” [1]")], "When was Trump born?"),
        (
            "When did she go?",
            [*WON, ("How old is she?", "29 [1].")],
            "When did Yadira Montes go?",
        ),
        (
            "When did he arrive?",
            [("How many troops went to Tijuana?", "1,949 [1].")],
            "How many troops went to Tijuana? When did he arrive?",
        ),
        ("Why did she do it?", WON, "Who won the race? Why did Yadira Montes do it?"),
        ("What did she say there would be?", WON, "What did Yadira Montes say there would be?"),
        ("When did she visit Paris?", WON, "When did Yadira Montes visit Paris?"),
        ("What made her famous?", WON, "What made Yadira Montes famous?"),
        ("Who told her why?", WON, "Who told Yadira Montes why?"),
        (
            "Why?",
            [*WON, ("How many troops went to Tijuana?", "1,949 [1].")],
            "How many troops went to Tijuana? Why?",
        ),
        (
            "And for how long?",
            [("How many troops went to Tijuana?", "1,949 [1].")],
            "How many troops went to Tijuana? And for how long?",
        ),
        (
            "What did he say?",
            [("Who did Trump fire?", "the inspector general [1].")],
            "Who did Trump fire? What did he say?",
        ),
        (
            "Why did he resign?",
            [("When did Trudeau's minister resign?", "Monday [1].")],
            "When did Trudeau's minister resign? Why did he resign?",
        ),
        ("How old is he?", [("Who is Elon Musk?", "a maker [1].")], "How old is Elon Musk?"),
        ("How old is he?", [("Who is Elon Musk?", "Tesla Chief [1].")], "How old is Elon Musk?"),
        (
            "How old is he?",
            [("Who is Canada's Prime Minister?", "Mark Carney [1].")],
            "How old is Mark Carney?",
        ),
        ("Which senator lost her seat?", WON, "Which senator lost her seat?"),
        ("Who took her place?", WON, "Who took Yadira Montes’s place?"),
        (
            "When did she start?",
            [("Who is Boeing CEO?", "Ann Lee [1].")],
            "When did Ann Lee start?",
        ),
        ("What about Spain?", [("Is it legal in the U.S.?", "No [1].")], "Is it legal in Spain?"),
        (
            "What about Mexico?",
            [("Who is Canada's prime minister?", "Trudeau [1].")],
            "Who is Mexico's prime minister?",
        ),
        (
            "Why was he there?",
            [("Who did it?", "The articles do not say.")],
            "Who did it? Why was he there?",
        ),
    ],
)
def test_the_person_of_the_last_turn_is_named(
    question: str, history: list[tuple[str, str]], alone: str
) -> None:
    assert standalone(question, history) == alone


def test_of_several_names_the_one_behind_the_same_word_is_exchanged() -> None:
    history = [("How many troops went from Sonora to Tijuana by plane with Iza?", "")]
    alone = standalone("And from Chiapas?", history)
    assert alone == "How many troops went from Chiapas to Tijuana by plane with Iza?"


def test_a_country_is_not_exchanged_for_an_abbreviation() -> None:
    alone = standalone("What about Mexico?", [("Did Canada join the NATO talks?", "No [1].")])
    assert alone == "Did Mexico join the NATO talks?"


def test_who_was_she_is_not_he() -> None:
    turns = [
        ("Who will replace Pavel Drosin?", "Anna Sorel [1]."),
        ("How old is she?", "52 [1]."),
    ]
    assert standalone("Where was she born?", turns) == "Where was Anna Sorel born?"
    alone = standalone("When does he leave?", turns)
    assert alone == "How old is Anna Sorel? When does he leave?"  # led, and no name put in


@pytest.mark.parametrize(
    ("turns", "asked", "read_as"),
    [
        # Whom a turn named by exchange is who is meant then, and another topic forgets who was.
        ([("Who is Ellen Marsh?", "a minister [1]."), ("And Sofia Lindqvist?", "a nurse [1].")],
         "what did she say?", "what did Sofia Lindqvist say?"),
        ([("What did Anton Kresse say?", ""), ("And Freya Lund?", "")], "what did she refuse?",
         "what did Freya Lund refuse?"),
        ([("Who won the Aurel prize?", "Claire Moreau [1]."),
          ("What did the interior minister say?", "“Hi” [1]")], "Where did she go?",
         "What did the interior minister say? Where did she go?"),
        ([("who is elena rossi?", "Director [1].")], "why did she cry?",
         "who is elena rossi? why did she cry?"),
        ([("Who visited Maren?", "She [1].")], "When did she visit?",
         "Who visited Maren? When did she visit?"),
        ([("who replaces her?", "Deputy mayor Raymond Ortiz [1].")], "how old is he?",
         "how old is Raymond Ortiz?"),
        ([("What did Anton Kresse say to Freya Lund?", "")], "How did she respond?",
         "What did Anton Kresse say to Freya Lund? How did she respond?"),
        ([("Who is Linda Reyes?", "a doctor.")], "when will she publish her report?",
         "when will Linda Reyes publish her report?"),
        # What was asked last is what a name is put into.
        ([("How many did the heat kill in Spain?", ""), ("How hot was it?", "")], "in Seville?",
         "How many did the heat kill in Spain? How hot was it in Seville?"),
        ([("How many people died in Storm Petra?", ""), ("How many are missing?", "")],
         "And in Maren?", "How many people died in Storm Petra? How many are missing in Maren?"),
        ([("How much did Lumen-2 cost?", ""), ("When was it launched?", "")], "And Lumen-1?",
         "How much did Lumen-1 cost? When was it launched?"),
        ([("How old is Danny Okafor?", ""), ("And who won the Aurel prize?", "")],
         "how much is it worth?", "who won the Aurel prize? how much is it worth?"),
        # As people speak and write.
        ([("How many died in Spain?", "")], "No, I meant Portugal.", "How many died in Portugal?"),
        ([("How many died in Spain?", "")], "ok, and Italy?", "How many died in Italy?"),
        ([("how many flights stop in berlin?", "")], "and in munich?",
         "how many flights stop in munich?"),
        ([("What was inflation in April?", "")], "and june?", "What was inflation in June?"),
        ([("what was inflation in april?", "")], "and in june?", "what was inflation in June?"),
        ([("How many troops were there?", ""), ("thanks", ""), ("which paper said that?", "")],
         "why?", "How many troops were there? why?"),
        ([("Tell me about the Ashford Dam.", "")], "when did it open?",
         "Tell me about the Ashford Dam? when did it open?"),
        ([("How many troops were at the border?", "")], "How many more were ordered?",
         "How many troops were at the border? How many more were ordered?"),
    ],
)  # fmt: skip
def test_conversations(turns: list[tuple[str, str]], asked: str, read_as: str) -> None:
    assert standalone(asked, turns) == read_as


@pytest.mark.parametrize(
    "question",
    ["No troops went?", "Great Britain?", "Well water is contaminated where?", "No one died?",
     "Great white sharks killed how many?", "Wait times at hospitals?", "OK Corral?"],
)  # fmt: skip
def test_words_of_the_question_are_not_spoken_before_it(question: str) -> None:
    history = [("How many troops did Mexico send to Tijuana?", "")]
    assert (
        question.rstrip("?").split(maxsplit=1)[0].casefold()
        in standalone(question, history).casefold()
    )


def test_an_outlet_is_asked_for_its_account() -> None:
    outlets = ["Indiana Herald", "The Ohio Ledger (invented)"]
    history = [("How much did the Ashford Dam cost?", "")]
    first = standalone("And the Ohio Ledger?", history, outlets)
    assert first == "How much did the Ashford Dam cost, according to Ohio Ledger?"
    again = standalone("what about the Indiana Herald?", [*history, (first, "")], outlets)
    assert again == "How much did the Ashford Dam cost, according to Indiana Herald?"
