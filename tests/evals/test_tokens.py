"""Tokens of replies: as the model tells them, else counted without a network."""

from __future__ import annotations

from typing import Any

import pytest
from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata

from evals.tokens import Prices, Reply, completing, count


class Telling(CustomLLM):
    """A model that answers YES and tells its tokens as one of the providers does."""

    raw: Any = None
    more: dict[str, Any] | None = None

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata()

    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        return CompletionResponse(text="YES", raw=self.raw, additional_kwargs=self.more or {})

    def stream_complete(self, prompt: str, formatted: bool = False, **_: Any) -> Any:
        raise NotImplementedError


@pytest.mark.parametrize(
    ("raw", "more"),
    [
        ({"usage": {"prompt_tokens": 31, "completion_tokens": 4}}, {}),
        ({"usage": {"input_tokens": 31, "output_tokens": 4}}, {}),
        ({"usage_metadata": {"prompt_token_count": 31, "candidates_token_count": 4}}, {}),
        (None, {"prompt_tokens": 31, "completion_tokens": 4}),
    ],
)
def test_told_tokens_are_taken(raw: Any, more: dict[str, Any]) -> None:
    assert completing(Telling(raw=raw, more=more))("Right?") == Reply("YES", 31, 4, "usage")


@pytest.mark.parametrize("raw", [None, {}, {"usage": None}, {"usage": {}}, 7, object()])
def test_others_are_counted(raw: Any) -> None:
    reply = completing(Telling(raw=raw))("Is the system's answer right?")
    assert reply == Reply("YES", count("Is the system's answer right?"), 1, "tiktoken")


def test_counting_by_hand() -> None:
    assert count("") == 0
    assert count("hello world") == 2
    assert count("<|endoftext|>") > 1  # text of an article, and no sign to the model


def test_prices_are_of_a_million_tokens() -> None:
    assert Prices(2.5, 10).cost(Reply("", 400_000, 10_000, "usage")) == pytest.approx(1.1)
