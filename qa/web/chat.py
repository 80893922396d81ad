"""The chat page: what is asked and answered on the left, the articles' words on the right."""

from __future__ import annotations

import logging
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
_SCRIPT = Path(__file__).parent / "page.js"
_log = logging.getLogger("onrecord")

_EXAMPLES = (
    "How many troops went to Tijuana?",
    "When did the first troops arrive?",
    "How many ladders were found on the first day?",
    "What did the United States promise about guns?",
    "Who won the Sun Bluff Marathon?",
    "How many troops were sent to Nogales?",
)
_CONCURRENT = 8
_ASK: dict[str, Any] = {"submit_btn": "Ask", "stop_btn": False}
_WAIT: dict[str, Any] = {"submit_btn": False, "stop_btn": "Stop"}
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
        # All of a conversation is kept here: what a client sends along is its question alone.
        messages = gr.State([])
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
                    **_ASK,
                    elem_id="question",
                )
            with gr.Column(scale=4, min_width=300):
                sources = gr.HTML(render.no_sources(), elem_id="sources")

        def reply(question: str, messages: Messages, turns: Turns, *rest: Any) -> Any:
            yield from _reply(engine, question, messages, turns, *rest)

        def pick(event: gr.SelectData, messages: Messages, turns: Turns, *rest: Any) -> Any:
            yield from _reply(engine, str(event.value["text"]), messages, turns, *rest)

        def mark(event: gr.LikeData, given: Given) -> None:
            place = event.index if isinstance(event.index, int) else event.index[0]
            if place in given and isinstance(event.liked, bool):
                answer, before = given[place]
                engine.feedback(answer, before, good=event.liked)

        state = [messages, turns, cards, given]
        outputs = [box, chat, *state, sources]
        asked = box.submit(
            reply, [box, *state], outputs,
            trigger_mode="always_last",  # what is asked during an answer is answered after it
            api_visibility="private", concurrency_limit=_CONCURRENT, show_progress="hidden",
        )  # fmt: skip
        picked = chat.example_select(
            pick, state, outputs,
            api_visibility="private", concurrency_limit=_CONCURRENT, show_progress="hidden",
        )  # fmt: skip
        box.stop(
            lambda messages: (gr.update(**_ASK), messages), [messages], [box, chat],
            cancels=[asked, picked], api_visibility="private", show_progress="hidden",
        )  # fmt: skip
        chat.clear(
            lambda: (gr.update(**_ASK), [], [], [], {}, render.no_sources()), None,
            [box, *state, sources],
            cancels=[asked, picked], api_visibility="private", show_progress="hidden",
        )  # fmt: skip
        chat.like(mark, [given], None, api_visibility="private", show_progress="hidden")
        page.load(None, js=_SCRIPT.read_text(encoding="utf-8"))
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
    # Emptied once: what is typed while the answer comes stays. If it is stopped, the question does.
    yield gr.update(value="", **_WAIT), messages, messages, *rest
    box: Any = gr.skip()
    text = said = ""
    try:
        for event in engine.stream(question, turns):
            if isinstance(event, Found):
                text = render.searching(len(event.hits))
            elif isinstance(event, Piece):
                said += event.text
                text = render.plain(said)
            else:
                text, box = render.message(event, turn, engine.notice), gr.update(**_ASK)
                given = {**given, len(messages): (event, turns)}
                cards = [*cards, render.sources(event, turn)]
                rest = ([*turns, (question, event.text)], cards, given, render.panel(cards))
                messages = _with(messages, text)
                yield box, messages, messages, *rest
                return
            yield box, _with(messages, text), messages, *rest
    except OnRecordError as error:
        text = render.problem(str(error))
    except Exception:  # whatever it was, the conversation and the question stay
        _log.exception("a question failed")
        text = render.problem("something went wrong; the server's log says what")
    messages = _with(messages, text)
    yield gr.update(value=question, **_ASK), messages, messages, *rest


def _with(messages: Messages, answer: str) -> Messages:
    return [*messages, {"role": "assistant", "content": answer}]
