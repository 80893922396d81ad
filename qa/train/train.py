"""Training: one pass over the mixture with a warm-up, a decaying rate and averaged weights."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor

from qa.train.batches import Encoded, batches, collate, encode
from qa.train.four_bits import matrices, round_to_four_bits
from qa.train.loss import reader_loss
from qa.train.mix import WORDS, Scale, build
from qa.train.model import Reader, Shape


@dataclass(frozen=True)
class Settings:
    """Everything that decides what comes out, apart from the data."""

    network: str = "minilm"
    """Of `qa.train.model.SHAPES`."""
    precision: str = "float32"
    """Of products, or "bfloat16": twice as fast where a CPU has them (AVX512-BF16, AMX)."""
    seed: int = 7
    tokens: int = 9_500_000
    batch_tokens: int = 3_400
    rate: float = 2.5e-4
    head_rate: float = 1e-3
    warm_up: float = 0.05
    last_rate: float = 0.02
    weight_decay: float = 0.01
    frozen_layers: int = 1
    dropout: float = 0.0
    shared_loss: float = 0.5
    average: float = 0.998
    save_every: int = 200
    threads: int = 2
    near: float = 1.0
    """The part of the mixture that is kept, as of the next four: see `qa.train.mix.Scale`."""
    plain: float = 1.0
    made: float = 1.0
    twins: float = 1.0
    kinds: float = 1.0
    mined: str = ""
    fewest_words: int = WORDS[0]
    """Of a passage, as `most_words`."""
    most_words: int = WORDS[1]


@dataclass
class State:
    """What a checkpoint holds besides weights: how far training has come."""

    step: int = 0
    seen: int = 0
    epoch: int = 0
    batch: int = 0


class Trainer:
    """Trains a reader and keeps a running average of its weights, which is what ships."""

    def __init__(self, model: Reader, settings: Settings, folder: Path) -> None:
        self.model, self.settings, self.folder = model, settings, folder
        self.state = State()
        model.freeze(settings.frozen_layers)
        self.rounded = [weight for weight in matrices(model) if weight.requires_grad]
        self.frozen = [weight for weight in matrices(model) if not weight.requires_grad]
        self._round_frozen()
        heads = ("span.", "pool.", "none.")
        trained = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
        self.parameters = [p for _, p in trained]
        self.averaged = [p.detach().clone() for p in self.parameters]
        sets: list[dict[str, Any]] = []
        for is_head in (False, True):
            for decays in (False, True):
                members = [
                    p for n, p in trained
                    if n.startswith(heads) == is_head and (p.ndim > 1) == decays
                ]  # fmt: skip
                rate = settings.head_rate if is_head else settings.rate
                decay = settings.weight_decay if decays else 0.0
                sets.append({"params": members, "lr": rate, "initial": rate, "weight_decay": decay})
        self.optimizer = torch.optim.AdamW(sets, betas=(0.9, 0.98), fused=True)

    def run(self, groups: list[list[Encoded]]) -> None:
        """Train until the settings' number of tokens is reached."""
        settings, state = self.settings, self.state
        self.model.train()
        started, before, losses = time.monotonic(), state.seen, 0.0
        for chosen in self._batches(groups):
            losses += self._step(collate(chosen))
            if state.step % 20 == 0:
                pace = (state.seen - before) / (time.monotonic() - started)
                print(
                    f"step {state.step} tokens {state.seen} epoch {state.epoch} "
                    f"loss {losses / 20:.4f} tokens/s {pace:.0f}",
                    flush=True,
                )
                losses = 0.0
            if state.step % settings.save_every == 0:
                self.save()
        self.save()

    def _batches(self, groups: list[list[Encoded]]) -> Iterator[list[Any]]:
        state = self.state
        while state.seen < self.settings.tokens:
            rng = random.Random(self.settings.seed * 1000 + state.epoch)
            packed = list(batches(groups, self.settings.batch_tokens, rng))
            for chosen in packed[state.batch :]:
                if state.seen >= self.settings.tokens:
                    return
                state.batch += 1
                yield chosen
            state.epoch, state.batch = state.epoch + 1, 0

    def _round_frozen(self) -> None:
        """What is not trained is rounded once; as it was it goes into checkpoints."""
        self.full = [weight.detach().clone() for weight in self.frozen]
        round_to_four_bits(self.frozen)

    def _step(self, batch: Any) -> float:
        settings, state = self.settings, self.state
        torch.manual_seed(settings.seed + state.step)
        factor = self._factor(state.seen / settings.tokens)
        for members in self.optimizer.param_groups:
            members["lr"] = members["initial"] * factor
        # The gradient is that of the rounded weights, the step the full ones': small steps add up
        # until they are seen (straight-through estimator, Bengio et al. 2013, arXiv 1308.3432).
        full = [weight.detach().clone() for weight in self.rounded]
        round_to_four_bits(self.rounded)
        with torch.autocast("cpu", torch.bfloat16, enabled=settings.precision == "bfloat16"):
            start, end, none = self.model.unpadded(batch.ids, batch.mask, batch.types)
        loss = reader_loss(start, end, none, batch, settings.shared_loss)
        self.optimizer.zero_grad()
        loss.backward()
        with torch.no_grad():
            for weight, kept in zip(self.rounded, full, strict=True):
                weight.copy_(kept)
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        state.step += 1
        state.seen += batch.tokens
        keep = min(settings.average, (1 + state.step) / (10 + state.step))
        with torch.no_grad():
            torch._foreach_lerp_(self.averaged, self.parameters, 1 - keep)
        return float(loss.detach())

    def _factor(self, done: float) -> float:
        if done < self.settings.warm_up:
            return max(done, 1e-3) / self.settings.warm_up
        left = max(0.0, 1 - (done - self.settings.warm_up) / (1 - self.settings.warm_up))
        return self.settings.last_rate + (1 - self.settings.last_rate) * left

    def save(self) -> None:
        """Write a checkpoint that training can go on from."""
        self.folder.mkdir(parents=True, exist_ok=True)
        held = {
            "model": self._state_dict(),
            "averaged": self.averaged,
            "optimizer": self.optimizer.state_dict(),
            "state": asdict(self.state),
            "shape": asdict(self.model.shape),
        }
        torch.save(held, self.folder / "new.pt")
        (self.folder / "new.pt").replace(self.folder / "checkpoint.pt")
        text = json.dumps(asdict(self.settings), indent=1)
        (self.folder / "settings.json").write_text(text, encoding="utf-8")

    def _state_dict(self) -> dict[str, Tensor]:
        """The network's, with full weights for those that are frozen."""
        full = {id(weight): kept for weight, kept in zip(self.frozen, self.full, strict=True)}
        named = dict(self.model.named_parameters())
        return {
            name: full.get(id(named.get(name)), value)
            for name, value in self.model.state_dict().items()
        }

    def resume(self) -> bool:
        """Go on from the folder's checkpoint, if it has one.

        Raises:
            ValueError: it was made with other settings.
        """
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return False
        made = json.loads((self.folder / "settings.json").read_text(encoding="utf-8"))
        for name, value in asdict(self.settings).items():
            if name in made and made[name] != json.loads(json.dumps(value)):
                raise ValueError(
                    f"{self.folder} was trained with {name} {made[name]}, not {value}; "
                    "choose another folder"
                )
        held = torch.load(path, weights_only=True)
        self.model.load_state_dict(held["model"])
        self._round_frozen()
        self.averaged = held["averaged"]
        self.optimizer.load_state_dict(held["optimizer"])
        self.state = State(**held["state"])
        return True


def load_averaged(folder: Path) -> Reader:
    """The averaged weights of a checkpoint, not rounded, ready for export."""
    held = torch.load(folder / "checkpoint.pt", weights_only=True)
    settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    model = Reader(Shape(**held.get("shape", {})))
    model.load_state_dict(held["model"])
    model.freeze(settings["frozen_layers"])
    trained = [p for p in model.parameters() if p.requires_grad]
    with torch.no_grad():
        for parameter, average in zip(trained, held["averaged"], strict=True):
            parameter.copy_(average)
    model.eval()
    return model


def prepare(data: Path, tokenizer: Tokenizer, settings: Settings) -> list[list[Encoded]]:
    """The mixture, encoded. An answerable item whose answer was lost by cutting is left out."""
    mined = Path(settings.mined) if settings.mined else None
    scale = Scale(settings.near, settings.plain, settings.made, settings.twins, settings.kinds)
    length = settings.fewest_words, settings.most_words
    groups = build(data, settings.seed, scale, mined, length)
    flat = [item for group in groups for item in group]
    rows = iter(encode(tokenizer, flat))
    made = []
    for group in groups:
        pairs = [(item, next(rows)) for item in group]
        kept = [row for item, row in pairs if bool(item.spans) == bool(row.spans)]
        if kept:
            made.append(kept)
    return made
