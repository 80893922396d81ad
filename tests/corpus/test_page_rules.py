"""Each rule on a page that shows why it is there; the story itself stays whole every time."""

from __future__ import annotations

import json

import pytest
from corpus_pages import STORY, page, read

from corpus.fill import filled
from corpus.furniture import without_furniture
from corpus.page import read_html, read_plain

HEADLINE = "Storm empties the holiday villages of the Vale coast"


def lines(**parts: str) -> list[str]:
    return read(**parts).body.split("\n\n")


def test_a_plain_page_is_its_story() -> None:
    assert lines() == list(STORY)


@pytest.mark.parametrize(
    ("where", "markup"),
    [
        # links to other stories, by how they are built: any language
        ("middle", f'<p><strong>READ MORE</strong>: <a href="/x">{HEADLINE}</a></p>'),
        ("middle", f'<p>Lesen Sie auch: <a href="/x">{HEADLINE}</a></p>'),
        ("middle", f'<ul><li><a href="/1">{HEADLINE}</a></li><li><a href="/2">{HEADLINE} again'
                   "</a></li></ul>"),
        ("end", f'<p><a href="/1">{HEADLINE}</a> [VIDEO] <a href="/2">{HEADLINE} today</a></p>'),
        ("middle", f'<a class="read-more-box" href="/1"><span>Also here</span><span>{HEADLINE}'
                   "</span></a>"),
        # pictures
        ("middle", '<p class="photo-credit">The dam in March, as Jon Doe saw it.</p>'),
        ("middle", "<p>The dam in March, seen from the mill. (Photo: Jon Doe/Orra Post)</p>"),
        # who helped
        ("end", "<p>Jon Doe and Ana Ruiz contributed to this report.</p>"),
        ("end", "<p>(Reporting by Jon Doe in Orra; editing by Ana Ruiz)</p>"),
        # what the outlet wants of its readers
        ("top", "<p>Get the news of the Vale in your inbox: sign up for our free newsletter.</p>"),
        ("end", "<p>Enjoyed this story? Share it with a friend!</p>"),
        ("end", "<p>Follow the Orra Post on Facebook and Instagram.</p>"),
        ("end", "<p>ana.ruiz@orra.example</p>"),
        # times and reading times
        ("top", "<p>Updated at 1:23 p.m.</p>"),
        ("top", "<p>Tempo de leitura: 2 minutos</p>"),
        ("top", "<p>February 5, 2025</p>"),
        # the headline again
        ("top", "<p>Dam holds as river rises</p>"),
    ],
)  # fmt: skip
def test_what_is_not_the_story_goes(where: str, markup: str) -> None:
    assert lines(**{where: markup}) == list(STORY)
    plain = read_plain(page(**{where: markup})).split("\n")
    assert len(plain) > len(STORY) + 1  # why the rule is there: extraction alone keeps the line


def test_a_hover_box_does_not_stand_in_mid_sentence() -> None:
    box = (
        '<p>The mayor, <span class="rollover-person"><a href="/p">Mara Lindt</a>'
        f'<span class="rollover-person-block"><span>Mara Lindt {HEADLINE}</span></span></span>, '
        "said that nobody had been hurt in the flood.</p>"
    )
    assert "The mayor, Mara Lindt, said that nobody had been hurt in the flood." in lines(
        middle=box
    )


@pytest.mark.parametrize(
    "text",
    [
        "“Sign up for the night watch,” the mayor had told the men of the village on Monday.",
        "The newsletter of the water office had warned of the flood since the end of January.",
        "Read more closely, the report blames nobody: the spillway was built in another time.",
        "Updated figures came at noon: 13 houses were damaged and 40 cellars were under water.",
        "Photo archives of the museum were brought to the church before the water came.",
    ],
)
def test_prose_that_speaks_of_such_things_stays(text: str) -> None:
    assert lines(middle=f"<p>{text}</p>") == [*STORY[:2], text, *STORY[2:]]


def test_a_sentence_that_is_a_link_stays() -> None:
    text = "The council had refused the money for the spillway in 2019."
    assert text in lines(middle=f'<p><a href="/2019">{text}</a></p>')


def test_the_authors_lines_are_metadata() -> None:
    head = '<meta name="author" content="Anna Berg">'
    found = read(
        head=head,
        top="<p>By Anna Berg, Orra</p>",
        end="<p>Anna Berg covers the rivers of the Vale for the Orra Post.</p>",
    )
    assert found.body.split("\n\n") == list(STORY)
    assert found.authors == ("Anna Berg",)


def test_an_opening_that_stands_bare_in_its_box_is_kept() -> None:
    opening = "Nobody was hurt when the river Orra rose by four metres in the night to Tuesday."
    html = (
        '<html lang="en"><head><title>Dam holds | Orra Post</title>'
        f'<meta name="description" content="{opening[:70]}"></head><body><div class="article">'
        f'<h1>Dam holds</h1><div class="content">{opening} It was <em>close</em>.<br><br>'
        + "".join(f"{text}<br><br>" for text in STORY)
        + "</div></div></body></html>"
    )
    assert read_html(html.encode(), "x").body.startswith(f"{opening} It was close.")


def test_a_lost_paragraph_is_put_back_between_its_neighbours() -> None:
    precise = [STORY[0], STORY[2], STORY[3]]
    full = ["Dam holds as river rises", *STORY, "THE STORM IN PICTURES", "Buy a print of it here."]
    assert filled(precise, full) == list(STORY)


def test_a_reading_that_lost_the_story_is_not_trusted() -> None:
    assert filled([STORY[1]], [*STORY, *STORY]) == list(STORY)


def told(body: str) -> str:
    node = {"@type": "NewsArticle", "headline": "Dam holds as river rises", "articleBody": body}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def test_the_text_a_page_gives_in_json_ld_checks_the_one_extracted() -> None:
    box = "<p>The weather in the Vale: rain until Friday, then clear skies and a light wind.</p>"
    assert lines(middle=box, head=told(" ".join(STORY))) == list(STORY)
    assert len(lines(middle=box)) == len(STORY) + 1


def test_json_ld_of_another_story_changes_nothing() -> None:
    other = told(("A bakery in Lindqvist sold its last loaf after ninety years. " * 30).strip())
    assert lines(head=other) == list(STORY)


def test_json_ld_gives_what_the_page_only_teases() -> None:
    marked = "".join(f"&lt;p&gt;{text}&lt;/p&gt;" for text in STORY)
    for text in (" ".join(STORY), marked):
        html = (
            f'<html lang="en"><head><title>Dam holds</title>{told(text)}</head><body>'
            f"<article><h1>Dam holds</h1><p>{STORY[0]}</p></article></body></html>"
        )
        assert read_html(html.encode(), "x").body.split() == " ".join(STORY).split()


GERMAN = (
    "Der Damm oberhalb von Orra hielt in der Nacht zum Dienstag stand, teilte das Wasseramt mit, "
    "nachdem der Fluss binnen eines Tages um vier Meter gestiegen war.",
    "„Wir haben in Schuhen geschlafen“, sagte Ingrid Holm, die seit dreißig Jahren unterhalb des "
    "Damms wohnt. Ihr Keller blieb trocken, die der Nachbarn nicht.",
    "Die Stadt hatte 1200 Menschen gebeten, ihre Häuser zu verlassen. Bis Mittwochmittag durften "
    "alle zurückkehren, sagte die Bürgermeisterin im Rathaus.",
)


def test_pages_in_other_languages_lose_nothing() -> None:
    body = "".join(f"<p>{text}</p>" for text in GERMAN)
    html = f'<html lang="en"><body><article><h1>Damm hält</h1>{body}</article></body></html>'
    found = read_html(html.encode(), "x")
    assert found.body.split("\n\n") == list(GERMAN)
    assert found.language == "de"  # whatever the template says


def test_the_yardstick_is_trafilatura_alone() -> None:
    assert "Jon Doe" in read_plain(page(end="<p>Jon Doe contributed to this report.</p>"))


@pytest.mark.parametrize(
    "sentence",
    [
        "Reporting by The Orra Post found that the company had known of the leak since 2021.",
        "Avaria may follow Orra with a ban on phones and TikTok in its schools, it said.",
    ],
)
def test_a_sentence_that_begins_like_a_credit_stays(sentence: str) -> None:
    assert lines(end=f"<p>{sentence}</p>")[-1] == sentence


@pytest.mark.parametrize(
    "line",
    [
        "Reporting by Ann Lee in Orra and Jon Doe; Editing by Ingrid Holm",
        "(Additional reporting by Ann Lee; writing by J. Doe-Smith.)",
        "Jon Doe writes on dams. Follow him on Twitter @jdoe.",
    ],
)
def test_who_wrote_it_and_where_to_follow_them_is_not_the_story(line: str) -> None:
    assert lines(end=f"<p>{line}</p>") == list(STORY)


def test_lines_keep_their_order_and_words() -> None:
    assert without_furniture(list(STORY), ["Dam holds"], ["Ingrid Holm"]) == list(STORY)


def test_a_correction_that_json_ld_leaves_out_is_kept() -> None:
    note = "Correction, February 6: An earlier version of this article misstated the cost."
    found = read(head=told(" ".join(STORY)), end=f"<p>{note}</p>")
    assert found.body.split("\n\n") == [*STORY, note] and found.notes
    cut = " ".join(STORY)[: -len(STORY[3]) // 2] + "…"
    assert read(head=told(cut)).body.split("\n\n") == list(STORY)


def test_lists_quotes_and_the_city_s_alerts_are_prose() -> None:
    winners = "".join(
        f"<li><a href='/{n}'>{name}, for forty years of service to the town</a></li>"
        for n, name in enumerate(("Anna Holm", "Piers Lode", "Wu Lan"))
    )
    said = "“We will rebuild the whole bridge by the end of May”"
    last = "The town asked residents to sign up for flood alerts by e-mail before Friday."
    more = "<h2>More from the council meeting</h2>"
    found = read(
        middle=f"<p>The three winners are:</p><ul>{winners}</ul>"
        f"<p>She said: <a href='/v'>{said}</a></p>{more}",
        end=f"<p>{last}</p>",
    ).body
    assert all(part in found for part in ("Piers Lode", said, STORY[3], last))
