"""Text to vectors: MiniLM on onnxruntime, or any LlamaIndex embedding through an adapter."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

Vectors = NDArray[np.float32]

MODEL_FOLDER = Path(__file__).parent / "models" / "minilm"
WINDOW = 256
"""WordPieces MiniLM reads, its two special tokens among them; the rest is cut off."""

LLAMA_INDEX = "llama-index:"
"""What the names of other people's embeddings begin with in a manifest."""
_TOKENS_A_BATCH = 4096


class Embedder(Protocol):
    """Turns texts into vectors. `name` tells one embedder's vectors from another's."""

    @property
    def name(self) -> str:
        """Recorded in the manifest: vectors of two embedders never meet in one index."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of unit length, shape [len(texts), dimensions]."""
        ...


class MiniLM:
    """all-MiniLM-L6-v2, int8: 384 dimensions, cosine. Loaded on first use."""

    name = "minilm-l6-v2-int8"

    def __init__(
        self,
        model: Path | None = None,
        tokenizer: Path | None = None,
        tokens_a_batch: int = _TOKENS_A_BATCH,
    ) -> None:
        self._tokens_a_batch = tokens_a_batch
        self._model = model or MODEL_FOLDER / "model.onnx"
        self._tokenizer_file = tokenizer or MODEL_FOLDER / "tokenizer.json"
        self._session: Any = None
        self._tokenizer: Any = None
        self._loading = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of unit length, shape [len(texts), 384], in the order of the texts."""
        self._load()
        encodings = self._tokenizer.encode_batch(list(texts))
        vectors = np.zeros((len(texts), 384), dtype=np.float32)
        for rows in _batches([len(e.ids) for e in encodings], self._tokens_a_batch):
            length = len(encodings[rows[-1]].ids)
            ids = np.zeros((len(rows), length), dtype=np.int64)
            mask = np.zeros_like(ids)
            for at, row in enumerate(rows):
                ids[at, : len(encodings[row].ids)] = encodings[row].ids
                mask[at, : len(encodings[row].ids)] = 1
            inputs = {"input_ids": ids, "attention_mask": mask}
            vectors[rows] = self._session.run(None, inputs)[0]
        return vectors

    def _load(self) -> None:
        with self._loading:
            if self._session is None:
                self._tokenizer = load_tokenizer(self._tokenizer_file)
                self._tokenizer.enable_truncation(WINDOW)
                self._session = load_session(self._model)


def _batches(lengths: Sequence[int], tokens: int) -> list[list[int]]:
    """Row numbers by rising length, cut so that a padded batch stays small."""
    batches: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if not batches or (len(batches[-1]) + 1) * lengths[row] > tokens:
            batches.append([])
        batches[-1].append(row)
    return batches


def load_tokenizer(file: Path = MODEL_FOLDER / "tokenizer.json") -> Any:
    """The WordPiece tokenizer, without padding or truncation.

    Its Rust threads and a later fork do not go together; one thread is fast enough.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def load_session(
    model: Path,
    *,
    keep_memory: bool = False,
    initializers: Mapping[str, NDArray[Any]] | None = None,
) -> Any:
    """An onnxruntime session on the CPU.

    Args:
        model: The file.
        keep_memory: Whether it keeps the memory of its largest batch for the next: faster by a
            sixth, and worth it where batches are small.
        initializers: Tensors that the file only names.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    named = initializers or {}
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(one) for one in named.values()]
    if values:
        options.add_external_initializers(list(named), values)
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = keep_memory
    # Where a processor has no VNNI (most laptops before 2020), onnxruntime adds pairs of int8
    # products in 16 bits, which cuts large ones off. This has it multiply exactly there, as it
    # does everywhere else: the same answers on every machine, for a fifth more time on these.
    options.add_session_config_entry("session.x64quantprecision", "1")
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    session.initializers = values  # it may use them where they lie, so they live as long as it does
    return session


def unit(vectors: Vectors) -> Vectors:
    """Vectors scaled to unit length, [vectors, dimensions]; one of zeros stays as it is."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


class LlamaIndexEmbedder:
    """Lets any LlamaIndex `BaseEmbedding` serve as the embedder."""

    def __init__(self, embedding: BaseEmbedding) -> None:
        self._embedding = embedding
        self.name = f"{LLAMA_INDEX}{type(embedding).__name__}:{embedding.model_name}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of unit length, shape [len(texts), dimensions of the embedding]."""
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        found = np.asarray(self._embedding.get_text_embedding_batch(list(texts)), dtype=np.float32)
        return unit(found)

    def encode_query(self, text: str) -> Vectors:
        """A question's vector, shape [dimensions]: some embeddings have another form for them."""
        found = np.asarray([self._embedding.get_query_embedding(text)], dtype=np.float32)
        return np.asarray(unit(found)[0])


def query_vector(embedder: Embedder, text: str) -> Vectors:
    """The vector to look for a question with, shape [dimensions]."""
    if isinstance(embedder, LlamaIndexEmbedder):
        return embedder.encode_query(text)
    return np.asarray(embedder.encode([text])[0])


AnyEmbedder: TypeAlias = "Embedder | BaseEmbedding | str | None"
"""What callers may name an embedder by: itself, another library's, a shipped one's name."""


def as_embedder(given: Embedder | BaseEmbedding | None) -> Embedder | None:
    """The embedder; a LlamaIndex embedding is made one."""
    if given is None or isinstance(given, (MiniLM, LlamaIndexEmbedder)):
        return given
    if hasattr(given, "get_text_embedding_batch"):
        return LlamaIndexEmbedder(cast("BaseEmbedding", given))
    return given
