"""Writes data/across.json.gz, outlines across slices as SciPy computes them: `python test/golden/across_reference.py`.

An independent statement of the rule in docs/outline.md; the product's TypeScript must give the same pixels.
"""

import gzip
import json
from pathlib import Path

import numpy as np
from outline_reference import SIZE
from scipy import ndimage as ndi

CASES, SLICES = (0, 4, 5), 6
IN_PLANE = np.zeros((3, 3, 3), bool)
IN_PLANE[1] = ndi.generate_binary_structure(2, 1)
THROUGH = np.zeros((3, 3, 3), bool)
THROUGH[:, 1, 1] = True


def grown(stack, pixels, slices):
    return ndi.binary_dilation(ndi.binary_dilation(stack, THROUGH, iterations=slices), IN_PLANE, iterations=pixels)


def across(stack):
    """Blur from slice to slice, over two slices to each side; at the ends with those there are."""
    count = len(stack)
    distance = np.abs(np.arange(count)[:, None] - np.arange(count)[None])
    weights = np.where(distance <= 2, np.exp(-(distance**2) / (2 * 0.7**2)), 0)
    return np.tensordot(weights / weights.sum(1, keepdims=True), stack, 1)


def largest(mask):
    parts, _ = ndi.label(mask)
    return parts == 1 + int(np.argmax(np.bincount(parts[parts > 0])[1:]))


def outlines(hu, difference, body, candidates):
    """New masks of the structures in `candidates`, [structure][slice] masks by kind; empty where the CT contradicts one, None where nothing is to be compared.

    Args:
        candidates: (kind, mask [slices, 64, 64]) of each structure.
    """
    ct = across(np.stack([ndi.gaussian_filter(one.astype(np.float64), 0.7) for one in hu]))
    smooth = np.stack([ndi.gaussian_filter(one.astype(np.float64), 0.7) for one in difference])
    marrow = np.stack([ndi.binary_erosion(one, iterations=3) for one in body])
    taken = np.zeros_like(body)
    result = [None] * len(candidates)
    for number in sorted(range(len(candidates)), key=lambda n: -candidates[n][1].sum()):
        kind, structure = candidates[number]
        sign = 1 if kind == "blastic" else -1
        core = np.zeros_like(structure)
        for at in np.flatnonzero(structure.any((1, 2))):
            strength = np.maximum(0, -sign * smooth[at])
            core[at] = structure[at] & (strength >= np.quantile(strength[structure[at]], 0.5))
        reach = grown(structure, 2, 1)
        region = reach & body & structure.any((1, 2))[:, None, None]
        free = marrow & ~region & ~ndi.binary_dilation(taken, IN_PLANE, iterations=2)
        around = next((one for one in (free & grown(reach, 4, 3), free) if one.sum() >= 200), None)
        is_compared = around is not None
        around = body if around is None else around
        lesion, bone = np.median(ct[core]), np.median(ct[around])
        varies_lesion, varies_bone = np.median(np.abs(ct[core] - lesion)), np.median(np.abs(ct[around] - bone))
        if sign * (lesion - bone) <= (2 * varies_bone if is_compared else 0):
            # Contradicted, nothing is left of it; without bone to compare it with it stays as it is.
            result[number] = np.zeros_like(structure) if is_compared else None
            continue
        level = bone + (0.53 + 0.25 * (varies_bone / (varies_bone + varies_lesion) - 0.5)) * (lesion - bone)
        parts, _ = ndi.label(region & (sign * (ct - level) > 0))
        touched = set(np.unique(parts[core])) - {0}
        if not touched:
            result[number] = np.zeros_like(structure)
            continue
        whole = np.stack([ndi.binary_fill_holes(one) for one in np.isin(parts, list(touched))]) & body & ~taken
        result[number] = largest(whole)
        taken |= result[number]
    return result


def case(number):
    """A noisy body with two lesions that several slices show, and candidates that cover them badly."""
    random = np.random.default_rng(100 + number)
    slices, rows, columns = np.mgrid[:SLICES, :SIZE, :SIZE]
    body = ((rows - 31) / random.uniform(14, 20)) ** 2 + ((columns - 32) / random.uniform(16, 20)) ** 2 < 1
    hu = 100 + 120 * body + random.normal(size=body.shape) * 25
    difference = ndi.gaussian_filter(random.normal(size=body.shape), (0, 2, 2)) * 0.05
    candidates = []
    for kind, column in (("lytic", 25), ("blastic", 39)):
        sign = 1 if kind == "blastic" else -1
        centre, radius = (random.uniform(1.5, 3.5), random.uniform(26, 36), column), random.uniform(3, 6)
        distance = np.sqrt(((slices - centre[0]) * 1.2) ** 2 + (rows - centre[1]) ** 2 + (columns - centre[2]) ** 2)
        lesion = distance + ndi.gaussian_filter(random.normal(size=body.shape), 3) * 8 < radius
        contrast = {(4, "lytic"): -0.5, (5, "blastic"): 0.01}.get((number, kind), 1) * random.uniform(90, 300)
        hu += sign * contrast * ndi.gaussian_filter(lesion.astype(float), (0.5, 0.8, 0.8))
        difference -= sign * ndi.gaussian_filter(lesion.astype(float), (0, 2, 2)) * 0.4
        shown = np.maximum(0, -sign * difference) * body
        # One candidate a slice: the largest part of what is shown there, where it has at least 8 pixels.
        masks = np.stack([largest(one > 0.5 * shown.max()) if (one > 0.5 * shown.max()).any() else np.zeros_like(body[0]) for one in shown])
        masks[masks.sum((1, 2)) < 8] = False
        candidates.append((kind, masks & body))
    hu, difference = hu.round().astype(np.float32), difference.round(3).astype(np.float32)
    pixels = lambda stack: [np.flatnonzero(one).tolist() for one in stack]
    return {
        "hu": [[int(value) for value in one.ravel()] for one in hu],
        "difference": [[round(float(value), 3) for value in one.ravel()] for one in difference],
        "body": pixels(body),
        "structures": [
            {"kind": kind, "candidate": pixels(mask), "outline": None if outline is None else pixels(outline)}
            for (kind, mask), outline in zip(candidates, outlines(hu, difference, body, candidates), strict=True)
        ],
    }


if __name__ == "__main__":
    text = json.dumps([case(number) for number in CASES], separators=(",", ":")).encode()
    (Path(__file__).parent / "data/across.json.gz").write_bytes(gzip.compress(text, mtime=0))
