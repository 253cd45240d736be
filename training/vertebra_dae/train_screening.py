"""Trains a screening network on phantoms and on healthy bodies of real CT (docs/screening.md).

    python -m vertebra_dae.train_screening --data <manifest.csv> [--data ...] --out screening.pt --minutes 30

The tables are those of `npm run phantoms -- --twins --real <folder>`: rows of `split` train are taken. One half of each
batch shows a lesion, half of these a lytic and half a blastic one; the other half shows none, in phantoms and in real
bone alike. `add_screening` puts the weights into a model. Exit status: 0 done; 2 an option or a file cannot be used.
"""

from __future__ import annotations

import argparse
import copy
import math
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from .add_screening import load_network
from .cohort import read_cohort
from .errors import InputError
from .screening_network import ScreeningNetwork
from .screening_slices import UNKNOWN, Body, augment_stacks, places_of, read_body, stacks_of

SMOOTHING = 0.01
"""Labels are this far from 0 and 1."""
WARM_UP = 50
CLIP = 2.0
EMA_DECAY = 0.995
REPORT_SECONDS = 30


def train(
    network: ScreeningNetwork,
    bodies: Sequence[Body],
    *,
    minutes: float = 0,
    steps: int | None = None,
    batch: int = 64,
    rate: float = 3e-3,
    seed: int = 0,
) -> ScreeningNetwork:
    """Cross-entropy of each kind, AdamW with a cosine; the moving average of the weights is what comes out.

    Args:
        steps: so many instead of `minutes`, the same on every machine.

    Raises:
        InputError: where no slice shows a lesion, or every one does.
    """
    pools = places_of(bodies)
    ill, well = [[pools[name] for name in names if name in pools] for names in (("lytic", "blastic"), ("synthetic", "real"))]
    if not ill or not well:
        raise InputError(f"no slice {'shows a lesion' if not ill else 'is without one'} among the {len(bodies)} bodies")
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=1e-3)
    average = copy.deepcopy(network)
    network.to(memory_format=torch.channels_last)
    start, step, reported, progress = time.monotonic(), 0, 0.0, 0.0
    while progress < 1:
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1, (step + 1) / WARM_UP) * 0.5 * (1 + math.cos(math.pi * progress)) + 1e-6
        stacks, labels = _batch(bodies, (*ill, *well), [batch // 2 // len(half) for half in (ill, well) for _ in half], generator)
        network.train()
        with torch.autocast("cpu", torch.bfloat16):
            logits = network(augment_stacks(stacks, generator).contiguous(memory_format=torch.channels_last))
        wanted = labels.clamp(min=0) * (1 - 2 * SMOOTHING) + SMOOTHING
        errors = functional.binary_cross_entropy_with_logits(logits.float(), wanted, reduction="none")
        loss = (errors * (labels != UNKNOWN)).sum() / (labels != UNKNOWN).sum()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), CLIP)
        optimiser.step()
        step += 1
        _follow(average, network, min(EMA_DECAY, step / (step + 20)))
        seconds = time.monotonic() - start
        progress = step / steps if steps else seconds / (60 * minutes)
        if seconds - reported > REPORT_SECONDS:
            reported = seconds
            print(f"step {step}, {step * batch / seconds:.0f} stacks/s, loss {float(loss):.3f}", flush=True)
    return average.eval()


def _batch(bodies: Sequence[Body], pools: Sequence[list], counts: Sequence[int], generator: torch.Generator) -> tuple[Tensor, Tensor]:
    places = [
        pool[int(at)]
        for pool, count in zip(pools, counts, strict=True)
        for at in torch.randint(len(pool), (count,), generator=generator)
    ]
    labels = torch.tensor([bodies[number].labels[at].tolist() for number, at in places], dtype=torch.float32)
    return stacks_of(bodies, places), labels


@torch.no_grad()
def _follow(average: ScreeningNetwork, network: ScreeningNetwork, decay: float) -> None:
    for kept, now in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
        if kept.dtype.is_floating_point:
            kept.lerp_(now, 1 - decay)
        else:
            kept.copy_(now)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, action="append", help="table of phantoms; may be repeated")
    parser.add_argument("--split", default="train", help="rows that are taken; default train")
    parser.add_argument("--out", type=Path, required=True, help="file of weights")
    parser.add_argument("--resume-from", type=Path, help="weights to go on from")
    parser.add_argument("--minutes", type=float, default=30, help="default 30")
    parser.add_argument("--steps", type=int, help="so many steps instead, the same on every machine")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=3e-3, help="learning rate; default 0.003")
    parser.add_argument("--width", type=float, default=0.9, help="share of a body's width that is screened; default 0.9")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, help="of the processor; default: all")
    options = parser.parse_args(arguments)
    if options.threads:
        torch.set_num_threads(options.threads)
    try:
        rows = [row for table in options.data for row in read_cohort(table, [options.split])]
        bodies = [body for row in rows if (body := read_body(row, options.width))]
        torch.manual_seed(options.seed)
        network = load_network(options.resume_from) if options.resume_from else ScreeningNetwork()
        print(f"{len(bodies)} bodies: {', '.join(f'{len(pool)} slices {name}' for name, pool in places_of(bodies).items())}")
        trained = train(
            network,
            bodies,
            minutes=options.minutes,
            steps=options.steps,
            batch=options.batch,
            rate=options.rate,
            seed=options.seed,
        )
    except InputError as problem:
        print(f"train_screening: {problem}", file=sys.stderr)
        return 2
    torch.save(trained.state_dict(), options.out)
    print(f"{options.out}: {sum(value.numel() for value in trained.parameters())} weights")
    return 0


if __name__ == "__main__":
    sys.exit(main())
