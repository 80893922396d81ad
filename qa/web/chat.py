"""The chat page: what is asked and answered on the left, the articles' words on the right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr  # heavy: only the server imports this module

from corpus import OnRecordError
from qa.answer import Answer
from qa.engine import Found, Piece
from qa.web import render

if TYPE_CHECKING:
    from qa.engine import Engine

STYLE = Path(__file__).parent / "style.css"

_EXAMPLES = (
    "How many troops went to Tijuana?",
    "When did the first troops arrive?",
    "How many ladders were found on the first day?",
    "What did the United States promise about guns?",
    "Who won the Sun Bluff Marathon?",
    "How many troops were sent to Nogales?",
)
_CONCURRENT = 8
# A phone would open its keyboard over the page.
_FOCUS = "() => { if (innerWidth > 760) document.querySelector('#question textarea').focus() }"

Messages = list[dict[str, Any]]
Turns = list[tuple[str, str]]
Given = dict[int, tuple[Answer, Turns]]


def theme() -> gr.Theme:
    """Ink on paper; fonts of the system, so that nothing is loaded from elsewhere."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.red,
        neutral_hue=gr.themes.colors.stone,
        font=["ui-sans-serif", "system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
        radius_size=gr.themes.sizes.radius_sm,
    )


def build(engine: Engine) -> gr.Blocks:
    """The page over an engine."""
    examples: Any = [{"text": text} for text in _EXAMPLES] if engine.uses_samples else None
    page: gr.Blocks = gr.Blocks(title="On Record", fill_height=True, analytics_enabled=False)
    with page:
        # Made anew for each visitor: feeds may have taken the samples' place meanwhile.
        gr.HTML(lambda: render.header(engine.notice), elem_id="masthead")
        turns = gr.State([])  # the earlier turns, as the engine takes them
        cards = gr.State([])  # the sources of each turn, as HTML
        given = gr.State({})  # by place of its message: an answer and the turns before it
        with gr.Row(elem_id="desk", equal_height=True):
            with gr.Column(scale=5, min_width=340):
                chat = gr.Chatbot(
                    label="Questions and answers",
                    elem_id="chat",
                    height="100%",
                    min_height=360,
                    show_label=False,
                    buttons=[],
                    feedback_options=("Like", "Dislike"),
                    latex_delimiters=[],
                    allow_tags=False,
                    group_consecutive_messages=False,
                    placeholder=render.PLACEHOLDER,
                    examples=examples,
                )
                box = gr.Textbox(
                    label="Your question",
                    placeholder="Ask about the articles, then press Enter",
                    max_lines=4,
                    submit_btn="Ask",
                    elem_id="question",
                )
            with gr.Column(scale=4, min_width=300):
                sources = gr.HTML(render.no_sources(), elem_id="sources")

        def reply(question: str, messages: Messages, turns: Turns, *rest: Any) -> Any:
            yield from _reply(engine, question, messages, turns, *rest)

        def pick(event: gr.SelectData, messages: Messages, turns: Turns, *rest: Any) -> Any:
            yield from _reply(engine, event.value["text"], messages, turns, *rest)

        def mark(event: gr.LikeData, given: Given) -> None:
            place = event.index if isinstance(event.index, int) else event.index[0]
            if place in given and isinstance(event.liked, bool):
                answer, before = given[place]
                engine.feedback(answer, before, good=event.liked)

        outputs = [box, chat, turns, cards, given, sources]
        box.submit(
            reply, [box, chat, turns, cards, given], outputs,
            api_visibility="private", concurrency_limit=_CONCURRENT, show_progress="hidden",
        )  # fmt: skip
        chat.example_select(
            pick, [chat, turns, cards, given], outputs,
            api_visibility="private", concurrency_limit=_CONCURRENT, show_progress="hidden",
        )  # fmt: skip
        chat.like(mark, [given], None, api_visibility="private", show_progress="hidden")
        chat.clear(
            lambda: ([], [], {}, render.no_sources()), None, [turns, cards, given, sources],
            api_visibility="private",
        )  # fmt: skip
        page.load(None, js=_FOCUS)
    return page


def _reply(  # noqa: PLR0913, PLR0917 - the page's whole state, as Gradio hands it over
    engine: Engine,
    question: str,
    messages: Messages,
    turns: Turns,
    cards: list[str],
    given: Given,
) -> Iterator[tuple[Any, ...]]:
    """The question, then the answer as it comes, then its sources."""
    turn = len(cards) + 1
    if question.strip():
        messages = [*messages, {"role": "user", "content": render.plain(question.strip())}]
    rest: tuple[Any, ...] = (turns, cards, given, gr.skip())
    box: Any = ""  # emptied once: what is typed while the answer comes stays
    shown = ""
    try:
        for event in engine.stream(question, turns):
            if isinstance(event, Found):
                text = render.searching(len(event.hits))
            elif isinstance(event, Piece):
                shown += event.text
                text = render.plain(shown)
            else:
                text = render.message(event, turn)
                given = {**given, len(messages): (event, turns)}
                cards = [*cards, render.sources(event, turn)]
                rest = ([*turns, (question, event.text)], cards, given, render.panel(cards))
            yield box, [*messages, {"role": "assistant", "content": text}], *rest
            box = gr.skip()
    except OnRecordError as error:
        text = render.problem(str(error))
        yield question, [*messages, {"role": "assistant", "content": text}], *rest
