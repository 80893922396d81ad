"""What training minimises: the right span, or 'none', within a passage and over a question's all.

Within a passage start and end are two softmaxes, each with 'none' among its choices (Devlin et
al. 2019). The score of a span is `start + end - none`, so 'none' stands at zero in every passage
and the scores of different passages can be compared; the second term trains that comparison.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from qa.train.batches import LONGEST_ANSWER, Batch
from qa.train.model import FLOOR


def span_scores(start: Tensor, end: Tensor, none: Tensor, allowed: Tensor) -> Tensor:
    """Scores [batch, length, longest]: entry (i, k) is the span from token i to token i + k."""
    blocked = torch.where(allowed, 0.0, FLOOR)
    start, end = start + blocked, end + blocked
    ends = functional.pad(end, (0, LONGEST_ANSWER - 1), value=FLOOR).unfold(1, LONGEST_ANSWER, 1)
    return start[:, :, None] + ends - none[:, None, None]


def reader_loss(start: Tensor, end: Tensor, none: Tensor, batch: Batch, shared: float) -> Tensor:
    """Mean loss per passage plus `shared` times the mean loss per group of several passages."""
    loss = (_one_side(start, none, batch, 0) + _one_side(end, none, batch, 1)).mean() / 2
    groups = int(batch.group.max()) + 1
    if shared and groups < len(batch.group):
        scores = span_scores(start, end, none, batch.allowed).flatten(1)
        loss = loss + shared * _over_groups(scores, batch, groups)
    return loss


def _one_side(logits: Tensor, none: Tensor, batch: Batch, side: int) -> Tensor:
    """-log P of the right starts (side 0) or ends (side 1), half of 'none' standing at each.

    Learns spans from far fewer questions than one softmax over all spans does.
    """
    logits = logits + torch.where(batch.allowed, 0.0, FLOOR)
    real = batch.gold[:, :, 0] >= 0
    right = torch.zeros_like(batch.allowed)
    rows = torch.arange(len(right))[:, None].expand_as(real)[real]
    right[rows, batch.gold[:, :, side][real]] = True
    half = none[:, None] / 2
    chosen = torch.where(right, logits, torch.full_like(logits, FLOOR)).logsumexp(1)
    chosen = torch.where(real.any(1), chosen, half[:, 0])
    return torch.cat([logits, half], 1).logsumexp(1) - chosen


def _over_groups(scores: Tensor, batch: Batch, groups: int) -> Tensor:
    """-log P of the right spans, or of 'none', in one softmax over all of a question's passages."""
    real = batch.gold[:, :, 0] >= 0
    first = batch.gold[:, :, 0].clamp(min=0)
    extent = (batch.gold[:, :, 1] - batch.gold[:, :, 0]).clamp(min=0)
    picked = scores.gather(1, first * LONGEST_ANSWER + extent)
    gold = torch.where(real, picked, torch.full_like(picked, FLOOR)).logsumexp(1)
    answered, group = real.any(1), batch.group
    several = torch.bincount(group, minlength=groups) > 1
    everything = _logsumexp(scores.logsumexp(1), group, groups)
    found = _logsumexp(torch.where(answered, gold, torch.full_like(gold, FLOOR)), group, groups)
    holds = torch.zeros(groups, dtype=torch.long).index_add(0, group, answered.long()) > 0
    right = torch.where(holds, found, torch.zeros_like(found))  # 'none' has score zero
    return (functional.softplus(everything) - right)[several].mean()


def _logsumexp(values: Tensor, group: Tensor, groups: int) -> Tensor:
    top = torch.full((groups,), FLOOR).scatter_reduce(0, group, values.detach(), "amax")
    summed = torch.zeros(groups).index_add(0, group, (values - top[group]).exp())
    return top + summed.clamp(min=1e-30).log()
