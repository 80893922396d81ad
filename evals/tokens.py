"""What a language model's reply took: tokens as the model tells them, else counted here."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, CompletionResponse

_ENCODING = "o200k_base"
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's text and its tokens."""

    text: str
    tokens_in: int
    tokens_out: int
    counted: str
    """"usage" where the model told its tokens, "tiktoken" where they were counted here."""


Complete = Callable[[str], Reply]
"""A prompt in, a reply out."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost, in any one currency."""

    tokens_in: float
    tokens_out: float

    def cost(self, reply: Reply) -> float:
        """Of one reply."""
        dear = self.tokens_in * reply.tokens_in + self.tokens_out * reply.tokens_out
        return dear / _MILLION


def completing(llm: LLM) -> Complete:
    """A LlamaIndex LLM as a function that also tells its tokens."""

    def complete(prompt: str) -> Reply:
        response = llm.complete(prompt)
        told = _told(response)
        if told is not None:
            return Reply(response.text, *told, "usage")
        return Reply(response.text, count(prompt), count(response.text), "tiktoken")

    return complete


def count(text: str) -> int:
    """Tokens of a text by o200k_base, from the files that come with LlamaIndex."""
    return len(_encoding().encode(text, disallowed_special=()))


def _told(response: CompletionResponse) -> tuple[int, int] | None:
    """Tokens in and out as the provider gave them; None where it gave none."""
    from llama_index.core.callbacks.token_counting import get_tokens_from_response

    try:
        found = get_tokens_from_response(response)
    except (TypeError, ValueError, AttributeError):  # a raw reply that is no mapping
        found = (0, 0)
    if not any(found):
        more = response.additional_kwargs
        found = (more.get("prompt_tokens") or 0, more.get("completion_tokens") or 0)
    return (int(found[0]), int(found[1])) if all(found) else None


@cache
def _encoding() -> Any:
    import llama_index.core
    import tiktoken

    files = Path(llama_index.core.__file__).parent / "_static" / "tiktoken_cache"
    os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(files))  # else it downloads them
    return tiktoken.get_encoding(_ENCODING)
