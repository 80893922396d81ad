"""Vectors: unit length, the same in any batch, and any LlamaIndex embedding fits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from llama_index.core.embeddings import MockEmbedding

from corpus import Article, OnRecordError
from index import Archive
from index.embed import LlamaIndexEmbedder, MiniLM, load_session, query_vector

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


def test_an_embedder_may_be_named(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a", embedder="minilm") as archive:
        assert isinstance(archive.embedder, MiniLM)
    with pytest.raises(OnRecordError, match="no embedder named 'bert'; there are: static, minilm"):
        Archive.open(tmp_path / "b", embedder="bert")


def test_a_llama_index_embedding_embeds_questions_its_own_way(tmp_path: Path) -> None:
    class Asymmetric(MockEmbedding):
        def _get_query_embedding(self, query: str) -> list[float]:
            return [1.0, *[0.0] * (self.embed_dim - 1)]

    with Archive.open(tmp_path, embedder=Asymmetric(embed_dim=8)) as archive:
        archive.add([Article.create(title="t", body="The dam held.")])
        assert query_vector(archive.embedder, "dam").tolist() == [1.0, *[0.0] * 7]
        assert archive.search("dam", by="vectors")
    with pytest.raises(OnRecordError, match="open it from Python with that embedder, or make them"):
        Archive.open(tmp_path)


def test_int8_products_are_exact_on_every_processor(tmp_path: Path) -> None:
    # without VNNI, onnxruntime left to itself cuts 255 * 127 + 255 * 127 off at 32,767
    onnx = pytest.importorskip("onnx", reason="makes a file, which needs the train extra (onnx)")
    size, int8, uint8, int32 = 64, onnx.TensorProto.INT8, onnx.TensorProto.UINT8, 6
    weights = np.where(np.arange(size * size).reshape(size, size) % 7, 127, -128).astype(np.int8)
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("MatMulInteger", ["x", "weights"], ["y"])],
        "product",
        [onnx.helper.make_tensor_value_info("x", uint8, [None, size])],
        [onnx.helper.make_tensor_value_info("y", int32, [None, size])],
        [onnx.helper.make_tensor("weights", int8, weights.shape, weights.tobytes(), raw=True)],
    )
    opset = onnx.helper.make_opsetid("", 17)
    onnx.save(onnx.helper.make_model(graph, opset_imports=[opset], ir_version=8), tmp_path / "x")
    x = np.arange(250, 256, dtype=np.uint8).repeat(size).reshape(-1, size)
    (y,) = load_session(tmp_path / "x").run(None, {"x": x})
    assert (y == x.astype(np.int32) @ weights).all()
