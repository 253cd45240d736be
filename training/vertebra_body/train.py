"""`python -m vertebra_body.train --blocks <folder> --out <folder>`: trains the network and writes weights.pt after each epoch."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .blocks import UNNAMED, Block, draw_view, read_block
from .network import BodyNet

TISSUE_WEIGHT = 0.2
HELD_OUT = 24
"""Blocks at the end of the folder that are only looked at."""


def losses(body: Tensor, tissue: Tensor, views: list) -> tuple[Tensor, Tensor]:
    """Of the outline (cross-entropy and overlap, unknown voxels left out) and of the tissues."""
    target = torch.stack([view.body for view in views])
    known = torch.stack([view.known for view in views])
    each = F.binary_cross_entropy_with_logits(body, target, reduction="none")
    # Voxels at the rim are few and decide everything.
    weight = known * (1 + 4 * torch.stack([view.rim for view in views]))
    cross_entropy = (each * weight).sum() / weight.sum()
    share = torch.sigmoid(body) * known
    axes = (1, 2, 3, 4)
    both = (share * target).sum(dim=axes)
    overlap = 1 - (2 * both + 50) / (share.sum(dim=axes) + (target * known).sum(dim=axes) + 50)
    wanted = torch.stack([view.tissue for view in views])
    named = (wanted != UNNAMED).sum().clamp(min=1)
    kinds = F.cross_entropy(tissue, wanted, ignore_index=UNNAMED, reduction="sum") / named
    return cross_entropy + overlap.mean(), kinds


def dice(body: Tensor, views: list) -> list[float]:
    """Overlap after rounding, of the views that have a body."""
    scores = []
    for logits, view in zip(body, views, strict=True):
        found, truth = (logits > 0) & (view.known > 0.5), (view.body > 0.5) & (view.known > 0.5)
        if truth.any():
            scores.append(float(2 * (found & truth).sum() / (found.sum() + truth.sum())))
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blocks", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--beside", type=Path, help="blocks of real CT beside the spine, where no body is")
    parser.add_argument("--beside-share", type=float, default=0.15)
    parser.add_argument("--start", type=Path, help="weights to start from")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    random = np.random.default_rng(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)

    # Half the time of the usual layout on CPUs, and with bfloat16 arithmetic a third.
    net = BodyNet().to(memory_format=torch.channels_last_3d)
    if options.start:
        net.load_state_dict(torch.load(options.start, weights_only=True))
    average = torch.optim.swa_utils.AveragedModel(net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995), use_buffers=True)
    optimiser = torch.optim.AdamW(net.parameters(), lr=options.rate, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, options.rate, options.steps, pct_start=0.1)
    known: dict[Path, Block] = {}
    held_out = sorted(options.blocks.glob("*.json"))[:HELD_OUT]
    started, running = time.time(), []
    for step in range(options.steps):
        if step % 200 == 0:
            paths = sorted(options.blocks.glob("*.json"))[HELD_OUT:]
            beside = sorted(options.beside.glob("*.json")) if options.beside else []
        chosen = [
            beside[random.integers(len(beside))]
            if beside and random.random() < options.beside_share
            else paths[random.integers(len(paths))]
            for _ in range(options.batch)
        ]
        for path in chosen:
            if path not in known:
                known[path] = read_block(path)
        views = [draw_view(known[path], random) for path in chosen]
        net.train()
        blocks = torch.stack([view.block for view in views]).contiguous(memory_format=torch.channels_last_3d)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            body, tissue = net(blocks)
        body, tissue = body.float(), tissue.float()
        outline, kinds = losses(body, tissue, views)
        optimiser.zero_grad()
        (outline + TISSUE_WEIGHT * kinds).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        average.update_parameters(net)
        running.append((float(outline), float(kinds), *np.mean([dice(body.detach(), views) or [np.nan]], axis=1)))
        if (step + 1) % 200 == 0 or step + 1 == options.steps:
            mean = np.nanmean(running, axis=0)
            running = []
            score = evaluate(average.module, held_out, known)
            print(
                f"{step + 1} blocks {len(paths)} {time.time() - started:.0f} s: outline {mean[0]:.3f} tissue {mean[1]:.3f} "
                f"Dice {mean[2]:.3f}; held out {score:.4f}",
                flush=True,
            )
            torch.save(average.module.state_dict(), options.out / "weights.pt")
    facts = {key: str(value) for key, value in vars(options).items()} | {"blocks_used": len(paths)}
    (options.out / "training.json").write_text(json.dumps(facts, indent=2))


def evaluate(net: BodyNet, paths: list[Path], known: dict[Path, Block]) -> float:
    """Mean overlap on the held-out blocks, with the same clicks every time."""
    net.eval()
    random = np.random.default_rng(0)
    scores: list[float] = []
    with torch.no_grad():
        for path in paths:
            if path not in known:
                known[path] = read_block(path)
            view = draw_view(known[path], random)
            scores += dice(net(view.block[None])[0], [view])
    return float(np.mean(scores))


if __name__ == "__main__":
    main()
