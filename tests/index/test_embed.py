"""Vectors: unit length, the same in any batch, and any LlamaIndex embedding fits."""

from __future__ import annotations

import numpy as np
import pytest
from llama_index.core.embeddings import MockEmbedding

from index.embed import LlamaIndexEmbedder, MiniLM

TEXTS = ["The dam held.", "word " * 400, "", "Zwölf Boxkämpfer jagen Viktor", "大坝守住了"]


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    return MiniLM()


def test_vectors_are_of_unit_length(minilm: MiniLM) -> None:
    vectors = minilm.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_vector_hardly_depends_on_its_batch(minilm: MiniLM) -> None:
    # int8 activations are scaled over the batch, so a little difference is left
    alone = np.concatenate([minilm.encode([text]) for text in TEXTS])
    assert ((alone * minilm.encode(TEXTS)).sum(axis=1) > 0.97).all()


def test_meaning_is_near(minilm: MiniLM) -> None:
    a, b, c = minilm.encode(["Soldiers reached the city", "Troops arrived in town", "Apple pie"])
    assert a @ b > 0.5 > a @ c


def test_no_texts_give_no_vectors(minilm: MiniLM) -> None:
    assert minilm.encode([]).shape == (0, 384)


def test_a_llama_index_embedding_fits() -> None:
    embedder = LlamaIndexEmbedder(MockEmbedding(embed_dim=8))
    vectors = embedder.encode(["a", "b"])
    assert vectors.shape == (2, 8)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert "MockEmbedding" in embedder.name
