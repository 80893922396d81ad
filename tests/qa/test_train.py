"""The training code on a toy set: it learns, goes on, exports, and scores as SQuAD does."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs the export extra (torch); nothing else does")
pytest.importorskip("safetensors", reason="training needs the export extra (safetensors)")

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from index.embed import load_tokenizer
from qa.train.batches import Encoded, collate, encode
from qa.train.decode import mean_forward, read, torch_forward
from qa.train.four_bits import codes, matrices, round_to_four_bits
from qa.train.loss import reader_loss
from qa.train.model import Reader, Shape, bucket
from qa.train.negatives import Bm25, other_question, without_answer
from qa.train.news import cut_passages, find_answer
from qa.train.scoring import Outcome, best_threshold
from qa.train.sets import Item, join_tokens, place_answers, prefix, split_titles, split_week
from qa.train.soup import average
from qa.train.train import Settings, Trainer, load_averaged

PEOPLE = ("anna", "boris", "carla", "david", "elena", "farid")
PLACES = ("paris", "quito", "rome", "seoul", "tunis", "vienna")
SHAPE = Shape(vocabulary=64, positions=48, width=32, layers=2, heads=2, inner=64)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    listed = [*special, *PEOPLE, *PLACES, "where", "is", "in", "today", "who", "lives", ".", "?"]
    vocabulary = {word: number for number, word in enumerate(listed)}
    made = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return made


def toy_groups(count: int) -> list[list[Item]]:
    rng = random.Random(1)
    groups = []
    for _ in range(count):
        person, other = rng.sample(PEOPLE, 2)
        place, elsewhere = rng.sample(PLACES, 2)
        text = f"{other} is in {elsewhere}. {person} is in {place}."
        start = text.rindex(place)
        right = Item(f"Where is {person}?", text, ((start, start + len(place)),), "toy", "toy")
        wrong = Item(f"Where is {person}?", f"{other} is in {elsewhere}.", (), "toy", "toy")
        groups.append([right, wrong])
    return groups


def encoded(tokenizer: Tokenizer, groups: list[list[Item]]) -> list[list[Encoded]]:
    return [encode(tokenizer, group) for group in groups]


@pytest.fixture(scope="module")
def trained(tokenizer: Tokenizer, tmp_path_factory: Any) -> tuple[Path, Trainer]:
    folder = tmp_path_factory.mktemp("reader")
    torch.manual_seed(3)
    settings = Settings(
        tokens=60_000, batch_tokens=400, rate=4e-3, head_rate=4e-3, frozen_layers=-1, average=0.9
    )
    trainer = Trainer(Reader(SHAPE), settings, folder)
    trainer.run(encoded(tokenizer, toy_groups(300)))
    return folder, trainer


def test_learns_to_point_and_to_refuse(tokenizer: Tokenizer, trained: tuple[Path, Trainer]) -> None:
    folder, _ = trained
    forward = torch_forward(load_averaged(folder))
    groups = toy_groups(40)
    right = wrong = 0
    for group in groups:
        with_answer, without = read(forward, tokenizer, group)
        (a, b) = group[0].spans[0]
        right += with_answer.text == group[0].text[a:b] and with_answer.score > 0
        wrong += without.score > 0
    assert right >= 34
    assert wrong <= 6


def test_goes_on_from_a_checkpoint(trained: tuple[Path, Trainer]) -> None:
    folder, trainer = trained
    again = Trainer(Reader(SHAPE), trainer.settings, folder)
    assert again.resume()
    assert again.state == trainer.state
    for mine, theirs in zip(again.averaged, trainer.averaged, strict=True):
        assert torch.equal(mine, theirs)


def test_averages_runs_by_their_shares(trained: tuple[Path, Trainer], tmp_path: Path) -> None:
    folder, trainer = trained
    other = Trainer(Reader(SHAPE), trainer.settings, tmp_path)
    other.save()
    mixed = average([folder, tmp_path], [0.75, 0.25])
    parts = [list(load_averaged(place).parameters()) for place in (folder, tmp_path)]
    for mine, first, second in zip(mixed.parameters(), *parts, strict=True):
        assert torch.allclose(mine, 0.75 * first + 0.25 * second, atol=1e-6)
    with pytest.raises(ValueError, match="2 runs need as many shares that sum to one"):
        average([folder, tmp_path], [0.75, 0.75])


def test_skipping_padding_changes_nothing(tokenizer: Tokenizer) -> None:
    torch.manual_seed(5)
    model = Reader(SHAPE).eval()
    batch = collate(encoded(tokenizer, toy_groups(4)))
    padded = model(batch.ids, batch.mask, batch.types)
    packed = model.unpadded(batch.ids, batch.mask, batch.types)
    for mine, theirs in zip(packed, padded, strict=True):
        kept = batch.mask.bool() if mine.ndim == 2 else slice(None)
        assert torch.allclose(mine[kept], theirs[kept], atol=1e-5)


def test_the_loss_is_small_only_for_the_right_answer(tokenizer: Tokenizer) -> None:
    batch = collate(encoded(tokenizer, toy_groups(1)))
    start, end = torch.zeros(batch.ids.shape), torch.zeros(batch.ids.shape)
    none = torch.tensor([0.0, 20.0])
    begin, finish = batch.gold[0, 0].tolist()
    start[0, begin], end[0, finish] = 20.0, 20.0
    good = reader_loss(start, end, none, batch, shared=1.0)
    bad = reader_loss(start, end, -none + 20, batch, shared=1.0)
    assert float(good) < 0.01 < float(bad)


def test_the_exported_file_keeps_the_contract(
    tokenizer: Tokenizer, trained: tuple[Path, Trainer], tmp_path: Path
) -> None:
    pytest.importorskip("onnx", reason="export needs the export extra (onnx)")
    from qa.train.decode import onnx_forward, pad
    from qa.train.export import export_float, quantise

    model = load_averaged(trained[0])
    export_float(model, tmp_path / "full.onnx")
    quantise(tmp_path / "full.onnx", tmp_path / "int8.onnx")
    rows = [row for group in encoded(tokenizer, toy_groups(3)) for row in group]
    fed = pad(rows)
    wanted = torch_forward(model)(*fed)
    mask = fed[1].astype(bool)
    items = [item for group in toy_groups(20) for item in group if item.spans]
    wanted_spans = read(torch_forward(model), tokenizer, items)
    for file, tolerance in (("full.onnx", 1e-4), ("int8.onnx", 0.2)):
        given = onnx_forward(tmp_path / file)(*fed)
        assert [part.shape for part in given] == [part.shape for part in wanted]
        for mine, theirs in zip(given, wanted, strict=True):
            kept = mask if mine.ndim == 2 else slice(None)
            # Their mean: a token between the toy's two extremes may well change sides in int8.
            assert abs(mine[kept] - theirs[kept]).mean() < tolerance
        read_so = read(onnx_forward(tmp_path / file), tokenizer, items)
        assert [one.text for one in read_so] == [one.text for one in wanted_spans]


def test_splitting_changes_the_range_and_nothing_else(
    tokenizer: Tokenizer, trained: tuple[Path, Trainer], tmp_path: Path
) -> None:
    pytest.importorskip("onnx", reason="export needs the export extra (onnx)")
    from qa.train.decode import onnx_forward, pad
    from qa.train.export import export_float, quantise
    from qa.train.split import LARGEST, Split, split

    model = load_averaged(trained[0])
    with torch.no_grad():  # an outlier, as real layers have them; what reads it makes up for it
        for layer in model.layers:
            layer.norm1.weight[0] *= 40
            layer.norm1.bias[0] *= 40
            layer.up.weight[:, 0] /= 40
    rows = [row for group in encoded(tokenizer, toy_groups(6)) for row in group]
    fed = pad(rows)
    wanted = torch_forward(model)(*fed)
    mask = fed[1].astype(bool)

    def distance(name: str) -> float:
        """The mean distance of the int8 file's start and end logits."""
        export_float(model, tmp_path / "full.onnx")
        quantise(tmp_path / "full.onnx", tmp_path / name)
        given = onnx_forward(tmp_path / name)(*fed)
        return sum(abs(a[mask] - b[mask]).mean() for a, b in zip(given[:2], wanted, strict=False))

    rough = distance("rough.onnx")
    assert split(model, rows) >= SHAPE.layers
    made = [module for module in model.modules() if isinstance(module, Split)]
    assert all(len(module.more) and float(module.share.min()) < 1 / LARGEST for module in made[:1])
    for mine, theirs in zip(torch_forward(model)(*fed), wanted, strict=True):
        assert abs(mine - theirs).max() < 1e-3
    assert distance("split.onnx") < rough / 2


@pytest.fixture(scope="module")
def large(tokenizer: Tokenizer, tmp_path_factory: Any) -> tuple[Path, Trainer]:
    """As the large network is trained: its matrices rounded, some of them frozen."""
    folder = tmp_path_factory.mktemp("large")
    torch.manual_seed(3)
    settings = Settings(
        tokens=60_000, batch_tokens=400, rate=4e-3, head_rate=4e-3, frozen_layers=0, average=0.9
    )
    trainer = Trainer(
        Reader(replace(SHAPE, vocabulary=4096, buckets=8, four_bits=True)), settings, folder
    )
    trainer.run(encoded(tokenizer, toy_groups(300)))
    return folder, trainer


def test_four_bits_are_what_is_trained_with_and_what_ships(
    tokenizer: Tokenizer, large: tuple[Path, Trainer], tmp_path: Path
) -> None:
    pytest.importorskip("onnx", reason="export needs the export extra (onnx)")
    from qa.train.decode import onnx_forward, pad
    from qa.train.export import write

    rows = [row for group in encoded(tokenizer, toy_groups(3)) for row in group]
    file = tmp_path / "read.onnx"
    write(load_averaged(large[0]), rows, file)
    model = load_averaged(large[0])
    round_to_four_bits(matrices(model))
    items = [item for group in toy_groups(40) for item in group]
    wanted = read(torch_forward(model), tokenizer, items)
    right = [
        one.text == item.text[slice(*item.spans[0])] if item.spans else one.score < 0
        for one, item in zip(wanted, items, strict=True)
    ]
    assert sum(right) >= 68
    shipped, fed = onnx_forward(file), pad(rows)
    for mine, theirs in zip(shipped(*fed), torch_forward(model)(*fed), strict=True):
        kept = fed[1].astype(bool) if mine.ndim == 2 else slice(None)
        assert abs(mine[kept] - theirs[kept]).mean() < 0.3
    assert file.with_suffix(".npz").exists()


def test_checkpoints_hold_what_was_not_rounded(large: tuple[Path, Trainer]) -> None:
    folder, trainer = large
    again = Trainer(Reader(trainer.model.shape), trainer.settings, folder)
    assert again.resume()
    for mine, theirs in zip(again.full, trainer.full, strict=True):
        assert torch.equal(mine, theirs)
    for mine, theirs in zip(matrices(again.model), matrices(trainer.model), strict=True):
        assert torch.equal(mine, theirs)
    held = load_averaged(folder).words.weight
    assert torch.equal(held, trainer.full[0])
    assert not torch.equal(held, trainer.model.words.weight)


def test_codes_are_integers_that_tell_the_weight() -> None:
    torch.manual_seed(2)
    weight = torch.randn(6, 64) * torch.rand(6, 1)
    code, multiplier, scale = codes(weight)
    assert code.shape == (6, 2, 32)
    assert (int(code.min()), int(code.max())) == (-8, 7)
    assert float((code * multiplier).abs().max()) <= 120
    made = (code * multiplier * scale).reshape(6, 64)
    assert float((made - weight).square().sum() / weight.square().sum()) < 0.015


def test_the_mean_of_readers(tokenizer: Tokenizer, trained: tuple[Path, Trainer]) -> None:
    items = [item for group in toy_groups(5) for item in group]
    first, second = torch_forward(load_averaged(trained[0])), torch_forward(Reader(SHAPE).eval())
    one, other, both = (
        read(forward, tokenizer, items[:1])[0].score
        for forward in (first, second, mean_forward([first, first, first, second]))
    )
    assert min(one, other) < both < max(one, other)
    assert abs(both - one) < abs(both - other)


def test_a_bias_by_distance_is_the_same_with_and_without_padding(tokenizer: Tokenizer) -> None:
    torch.manual_seed(5)
    model = Reader(replace(SHAPE, buckets=8)).eval()
    assert model.near is not None
    torch.nn.init.normal_(model.near.weight, std=2.0)
    batch = collate(encoded(tokenizer, toy_groups(4)))
    padded = model(batch.ids, batch.mask, batch.types)
    packed = model.unpadded(batch.ids, batch.mask, batch.types)
    kept = batch.mask.bool()
    assert torch.allclose(packed[0][kept], padded[0][kept], atol=1e-4)
    with torch.no_grad():
        model.near.weight.zero_()
    assert not torch.allclose(model(batch.ids, batch.mask, batch.types)[0], padded[0], atol=0.01)


def test_buckets_of_distances_are_those_of_mpnet() -> None:
    transformers = pytest.importorskip("transformers", reason="compared with its MPNet")
    theirs = transformers.models.mpnet.modeling_mpnet.MPNetEncoder.relative_position_bucket
    distance = torch.arange(-300, 301)
    assert torch.equal(bucket(distance, 32), theirs(distance, num_buckets=32))


def test_spans_survive_tokens_and_the_title(tokenizer: Tokenizer) -> None:
    group = toy_groups(1)[0]
    titled = Item(group[0].question, group[0].text, group[0].spans, "t", "t", "Paris", "2024-05-01")
    (row,) = encode(tokenizer, [titled], offsets=True)
    ((first, last),) = row.spans
    (a, b) = titled.spans[0]
    assert row.offsets[first - row.second][0] == a
    assert row.offsets[last - row.second][1] == b
    assert row.passage > row.second
    assert prefix("Paris", "2024-05-01") == "Paris (2024-05-01). "
    assert prefix("", "") == ""


def test_scores_as_squad_does() -> None:
    outcomes = [
        Outcome(2.0, 1.0, 1.0, True),
        Outcome(1.0, 0.0, 0.5, True),
        Outcome(0.0, 0.0, 0.0, False),
    ]
    threshold, best, _ = best_threshold(outcomes)
    assert threshold == 1.0
    assert best == pytest.approx(250 / 3)


def test_splits_are_fixed_and_apart() -> None:
    titles = ["Prime_number", "Normans", "Fresno,_California", "Latin"]
    assert split_titles("squad2", titles) == dict(
        zip(titles, ("report", "train", "calibrate", "train"), strict=True)
    )
    assert split_titles("new_wiki", ["Latin", "Lens"]) == {"Latin": "report", "Lens": "calibrate"}
    assert set(split_titles("reddit", titles).values()) == {"train"}
    assert [split_week(week) for week in ("20220617", "20230113", "20230120", "20240105", "gold")] \
        == ["report", "report", "calibrate", "train", "report"]  # fmt: skip


def test_negatives_do_not_answer() -> None:
    text = "The first fair opened in Paris in 1900. It cost much. Many people came to Lyon later."
    start = text.index("1900")
    item = Item("When did the fair in Paris open?", text, ((start, start + 4),), "t", "t")
    bare = without_answer(item)
    assert bare is not None
    assert "1900" not in bare.text
    assert not bare.spans
    changed = other_question(item, ["Vienna"], random.Random(2))
    assert changed is not None
    assert changed.question != item.question
    assert not changed.spans
    index = Bm25(["a fair in Paris", "rain in Lyon", "snow"])
    assert index.top("the Paris fairs", 2)[0] == 0


def test_reads_the_sets_conventions() -> None:
    text, spans = join_tokens("He said : `` Go -LRB- now -RRB- . ''".split())
    assert text == 'He said: "Go (now)."'
    assert text[slice(*spans[4])] == "Go"
    context = "In 1973 oil rose. The crisis began in 1973 in October."
    placed = place_answers(
        "When did the crisis begin?", context, [{"text": "1973", "answer_start": 3}], trusted=False
    )
    assert placed == ((38, 42),)
    assert find_answer("$5", "It cost $5, not $50.") == ((8, 10),)
    assert len(cut_passages("One two three four five six seven eight. " * 40, limit=60)) > 4


@pytest.mark.parametrize("name", ["skim.onnx", "read.onnx"])
def test_a_shipped_file_becomes_a_network_again(name: str) -> None:
    pytest.importorskip("onnx", reason="reads the file with it")
    from qa.confidence import MODEL_FOLDER
    from qa.train.decode import onnx_forward, pad
    from qa.train.split import sample_rows

    rows = sample_rows(load_tokenizer())[:6]
    fed = pad(rows)
    mine = torch_forward(average([MODEL_FOLDER / name]))(*fed)
    theirs = onnx_forward(MODEL_FOLDER / name)(*fed)
    kept = fed[1].astype(bool)
    for a, b in zip(mine[:2], theirs[:2], strict=True):
        # int8 rounds what goes through the layers as well; of logits that reach 8 and more.
        assert abs(a[kept] - b[kept]).mean() < 0.15
    assert abs(mine[2] - theirs[2]).max() < 0.5


def test_a_file_of_another_network_is_refused() -> None:
    pytest.importorskip("onnx", reason="reads the file with it")
    from qa.confidence import MODEL_FOLDER

    with pytest.raises(ValueError, match="no reader of MiniLM's or MPNet's shape"):
        average([MODEL_FOLDER.parents[2] / "index/models/minilm/model.onnx"])


def test_the_weights_of_a_shipped_file_are_rounded_to_what_it_holds() -> None:
    pytest.importorskip("onnx", reason="reads the file with it")
    from qa.confidence import MODEL_FOLDER
    from qa.network import unpacked

    with np.load(MODEL_FOLDER / "read.npz") as packed:
        held = dict(unpacked(packed))
    words, *_ = matrices(average([MODEL_FOLDER / "read.onnx"]))
    code, multiplier, _ = codes(words.detach())
    table = (code * multiplier).reshape(words.shape).numpy()
    # A row's largest weight stands where its scale ends, and may fall to either side.
    assert (table == held["words.weight_rows"]).mean() > 0.999
