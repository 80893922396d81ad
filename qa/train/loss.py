"""What training minimises: the right span, or 'none', within a passage and over a question's all.

The score of a span is `start + end - none`, so 'none' stands at zero in every passage and the
scores of different passages can be compared; the second term trains exactly that comparison.
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
    scores = span_scores(start, end, none, batch.allowed).flatten(1)
    total = scores.logsumexp(1)
    real = batch.gold[:, :, 0] >= 0
    first = batch.gold[:, :, 0].clamp(min=0)
    extent = (batch.gold[:, :, 1] - batch.gold[:, :, 0]).clamp(min=0)
    picked = scores.gather(1, first * LONGEST_ANSWER + extent)
    gold = torch.where(real, picked, torch.full_like(picked, FLOOR)).logsumexp(1)
    answered = real.any(1)
    # log P(gold), or log P(none), where none has score zero.
    right = torch.where(answered, gold, torch.zeros_like(gold))
    loss = (functional.softplus(total) - right).mean()
    groups = int(batch.group.max()) + 1
    if shared and groups < len(batch.group):
        loss = loss + shared * _over_groups(total, gold, answered, batch.group, groups)
    return loss


def _over_groups(
    total: Tensor, gold: Tensor, answered: Tensor, group: Tensor, groups: int
) -> Tensor:
    several = torch.bincount(group, minlength=groups) > 1
    everything = _logsumexp(total, group, groups)
    found = _logsumexp(torch.where(answered, gold, torch.full_like(gold, FLOOR)), group, groups)
    holds = torch.zeros(groups, dtype=torch.long).index_add(0, group, answered.long()) > 0
    right = torch.where(holds, found, torch.zeros_like(found))
    return (functional.softplus(everything) - right)[several].mean()


def _logsumexp(values: Tensor, group: Tensor, groups: int) -> Tensor:
    top = torch.full((groups,), FLOOR).scatter_reduce(0, group, values.detach(), "amax")
    summed = torch.zeros(groups).index_add(0, group, (values - top[group]).exp())
    return top + summed.clamp(min=1e-30).log()
