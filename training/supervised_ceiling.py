"""A yardstick for the benchmark: what a small U-Net finds that is trained on the phantoms' true masks.

    .venv/bin/python supervised_ceiling.py --train <manifest.csv> --test <manifest.csv> --out supervised.json

The method never sees a mask; this network sees them all, so it tells what these images allow. It is never shipped, and
no other part of the training reads `truth`. Both tables are those of `npm run phantoms`. Counted as `npm run evaluate`
counts: central slice of each vertebra, regions of at least 5 pixels, found at an intersection over union of 0.25, Dice
averaged over the slices with a lesion of the kind; the rim of a sclerotic-rim lesion (truth 3) counts as neither.
`npm run evaluate -- --supervised supervised.json` shows the figures beside the method's.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor, nn

from vertebra_dae.augment import normalise

KINDS = {"lytic": 1, "blastic": 2}
IGNORED = 3
LEAST_PIXELS = 5
MATCH_IOU = 0.25
LEAST_BODY_PIXELS = 50


@dataclass(frozen=True)
class Slices:
    """raw [N, 64, 64] HU, body [N, 64, 64] bool, truth [N, 64, 64]: 0, 1 lytic, 2 blastic, 3 ignored."""

    raw: NDArray[np.float32]
    body: NDArray[np.bool_]
    truth: NDArray[np.uint8]


def read_slices(manifest: Path, *, central: bool, step: int = 2) -> Slices:
    """Every `step`-th slice of every vertebra, or the central one, with truth cut to the body.

    Raises:
        SystemExit: naming the table without truth or with none that can be used.
    """
    raw, body, truth = [], [], []
    with manifest.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        if not row.get("truth"):
            raise SystemExit(f"{manifest}: {row.get('image')} has no truth; npm run phantoms writes it")
        image, mask, lesion = (
            np.asarray(nibabel.load(manifest.parent / row[name]).dataobj) for name in ("image", "seg_msk", "truth")
        )
        chosen = [image.shape[2] // 2] if central else range(0, image.shape[2], step)
        for k in chosen:
            inside = mask[:, :, k] > 0
            if not central and inside.sum() < LEAST_BODY_PIXELS:
                continue
            raw.append(image[:, :, k].astype(np.float32))
            body.append(inside)
            truth.append(np.where(inside, lesion[:, :, k], 0).astype(np.uint8))
    if not raw:
        raise SystemExit(f"{manifest}: no slice can be used")
    return Slices(np.stack(raw), np.stack(body), np.stack(truth))


class UNet(nn.Module):
    """Four levels of two convolutions; image and body in, logits of healthy, lytic and blastic out, [B, 3, 64, 64]."""

    def __init__(self, channels: int = 16) -> None:
        super().__init__()
        widths = [channels, 2 * channels, 4 * channels, 4 * channels]

        def block(before: int, after: int) -> nn.Sequential:
            layers = []
            for first in (before, after):
                layers += [nn.Conv2d(first, after, 3, padding=1), nn.GroupNorm(4, after), nn.SiLU()]
            return nn.Sequential(*layers)

        self.down = nn.ModuleList(block(a, b) for a, b in zip([2, *widths[:-1]], widths, strict=True))
        self.up = nn.ModuleList(block(a + b, b) for a, b in zip(widths[:0:-1], widths[-2::-1], strict=True))
        self.head = nn.Conv2d(widths[0], len(KINDS) + 1, 1)

    def forward(self, image: Tensor) -> Tensor:
        levels = []
        x = image
        for level, block in enumerate(self.down):
            x = block(F.max_pool2d(x, 2) if level else x)
            levels.append(x)
        for block, before in zip(self.up, levels[-2::-1], strict=True):
            x = block(torch.cat([F.interpolate(x, scale_factor=2.0), before], dim=1))
        return self.head(x)


def prepared(slices: Slices) -> tuple[Tensor, Tensor]:
    """Images as the method normalises them with the body mask [N, 2, 64, 64], and classes [N, 64, 64], -1 ignored."""
    image = normalise(torch.from_numpy(slices.raw)[:, None])
    classes = torch.from_numpy(slices.truth.astype(np.int64))
    classes[classes == IGNORED] = -1
    return torch.cat([image, torch.from_numpy(slices.body)[:, None].float()], dim=1), classes


def train(slices: Slices, *, minutes: float, steps: int | None, batch: int, seed: int, channels: int = 16) -> tuple[UNet, int]:
    """Cross-entropy plus soft Dice, half of each batch with a lesion, flips and noise. @returns network, steps made"""
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    network = UNet(channels)
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=1e-4)
    images, classes = prepared(slices)
    shows = (classes > 0).flatten(1).any(1)
    pools = [pool for pool in (torch.nonzero(shows)[:, 0], torch.nonzero(~shows)[:, 0]) if len(pool)]
    start, step = time.monotonic(), 0
    progress = 0.0
    while progress < 1:
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * (1 - progress) + 2e-5
        places = torch.cat(
            [pool[torch.randint(len(pool), (batch // len(pools),), generator=generator)] for pool in pools]
        )
        image, wanted = images[places].clone(), classes[places]
        if torch.rand((), generator=generator) < 0.5:
            image, wanted = image.flip(3), wanted.flip(2)
        noise = torch.randn(image[:, :1].shape, generator=generator)
        image[:, :1] = image[:, :1] * (0.9 + 0.2 * torch.rand((len(places), 1, 1, 1), generator=generator)) + 0.02 * noise
        logits = network(image)
        loss = F.cross_entropy(logits, wanted, ignore_index=-1, weight=torch.tensor([1.0, 3.0, 3.0]))
        known = wanted >= 0
        for kind in KINDS.values():
            shown = logits.softmax(1)[:, kind] * known
            true = (wanted == kind).float()
            loss = loss + 0.5 * (1 - (2 * (shown * true).sum() + 1) / (shown.sum() + true.sum() + 1))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        step += 1
        progress = step / steps if steps else (time.monotonic() - start) / (60 * minutes)
    return network.eval(), step


@torch.no_grad()
def predict(network: UNet, slices: Slices) -> NDArray[np.int64]:
    """The likeliest class inside the body, [N, 64, 64]."""
    images, _ = prepared(slices)
    found = torch.cat([network(part).argmax(1) for part in images.split(64)]).numpy()
    return np.where(slices.body & (slices.truth != IGNORED), found, 0)


def regions(mask: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """4-connected parts of at least 5 pixels."""
    parts, count = ndimage.label(mask)
    return [parts == n for n in range(1, count + 1) if (parts == n).sum() >= LEAST_PIXELS]


def figures(shown: NDArray[np.int64], truth: NDArray[np.uint8]) -> dict[str, dict[str, float | None]]:
    """F1 and Dice by kind, as `npm run evaluate` counts them. @param shown classes [N, 64, 64]"""
    result = {}
    for name, kind in KINDS.items():
        found = missed = wrong = 0
        dice = []
        for predicted, true in zip(shown == kind, truth == kind, strict=True):
            lesions, proposals = regions(true), regions(predicted)
            overlaps = [
                ((a & b).sum() / (a | b).sum(), i, j) for i, a in enumerate(lesions) for j, b in enumerate(proposals)
            ]
            pairs: dict[int, int] = {}
            for overlap, i, j in sorted(overlaps, key=lambda one: -one[0]):
                if overlap >= MATCH_IOU and i not in pairs and j not in pairs.values():
                    pairs[i] = j
            found, missed, wrong = found + len(pairs), missed + len(lesions) - len(pairs), wrong + len(proposals) - len(pairs)
            if lesions:
                dice.append(float(2 * (predicted & true).sum() / (predicted.sum() + true.sum())))
        counted = 2 * found + missed + wrong
        result[name] = {
            "f1": 2 * found / counted if counted else None,
            "dice": sum(dice) / len(dice) if dice else None,
        }
    return result


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", type=Path, required=True, action="append", help="table of phantoms with truth; may be repeated")
    parser.add_argument("--test", type=Path, required=True, help="the benchmark's table: other seeds, other patients")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=20, help="how long to train; default 20")
    parser.add_argument("--steps", type=int, help="so many steps instead, the same on every machine")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--channels", type=int, default=16, help="of the first level, a multiple of 4")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, help="of the processor; default: all")
    options = parser.parse_args(arguments)
    if options.threads:
        torch.set_num_threads(options.threads)
    tables = [read_slices(table, central=False) for table in options.train]
    known = Slices(*(np.concatenate([getattr(one, name) for one in tables]) for name in ("raw", "body", "truth")))
    test = read_slices(options.test, central=True)
    network, steps = train(
        known,
        minutes=options.minutes,
        steps=options.steps,
        batch=options.batch,
        seed=options.seed,
        channels=options.channels,
    )
    result = {
        **figures(predict(network, test), test.truth),
        "trainedOn": {"slices": len(known.raw), "steps": steps, "batch": options.batch, "channels": options.channels},
        "testSlices": len(test.raw),
        "yardstickOnly": True,
    }
    options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
