"""Writes data/outline.json, the outline refinement as SciPy computes it: `python test/golden/outline_reference.py`.

An independent statement of the rule in docs/outline.md; the product's TypeScript must give the same pixels.
"""

import gzip
import json
from pathlib import Path

import numpy as np
from scipy import ndimage as ndi

SIZE, CASES = 64, 7


def outline(patch, difference, body, candidate, kind):
    """Refined mask, or None where the CT contradicts the kind."""
    sign = 1 if kind == "blastic" else -1
    ct = ndi.gaussian_filter(patch.astype(np.float64), 0.7)
    strength = np.maximum(0, -sign * ndi.gaussian_filter(difference.astype(np.float64), 0.7))
    core = candidate & (strength >= np.quantile(strength[candidate], 0.5))
    region = ndi.binary_dilation(candidate, iterations=2) & body
    marrow = ndi.binary_erosion(body, iterations=3) & ~region
    around = marrow if marrow.sum() > 20 else body
    lesion, level = np.median(ct[core]), np.median(ct[around])
    if sign * (lesion - level) <= 0.5 * np.median(np.abs(ct[around] - level)):
        return None
    half = (lesion + level) / 2
    parts, _ = ndi.label(region & (sign * (ct - half) > 0))
    touched = set(np.unique(parts[core])) - {0}
    if not touched:
        return None
    whole = ndi.binary_fill_holes(np.isin(parts, list(touched))) & body
    parts, _ = ndi.label(whole)
    return parts == 1 + int(np.argmax(np.bincount(parts[parts > 0])[1:]))


def case(number):
    """A noisy body with one lesion, and a candidate that covers it badly."""
    random = np.random.default_rng(number)
    rows, columns = np.mgrid[:SIZE, :SIZE]
    body = ((rows - 31) / random.uniform(12, 20)) ** 2 + ((columns - 32) / random.uniform(14, 20)) ** 2 < 1
    kind = "blastic" if number % 2 else "lytic"
    centre, radius = random.uniform(24, 40, 2), random.uniform(3, 8)
    bumps = ndi.gaussian_filter(random.normal(size=(SIZE, SIZE)), 3) * 12
    lesion = np.hypot(rows - centre[0], columns - centre[1]) + bumps < radius
    contrast = random.uniform(0.1, 0.4) * (1 if kind == "blastic" else -1) * {4: -1, 6: 0.02}.get(number, 1)
    patch = ndi.gaussian_filter(0.2 + 0.3 * body + contrast * lesion, 0.8) + random.normal(size=(SIZE, SIZE)) * 0.03
    edit = ndi.gaussian_filter(lesion.astype(float), 2) * (-0.4 if kind == "blastic" else 0.4)
    difference = edit + ndi.gaussian_filter(random.normal(size=(SIZE, SIZE)), 2) * 0.05
    shown = np.maximum(0, difference * (1 if kind == "lytic" else -1)) * body
    parts, _ = ndi.label(shown > 0.6 * shown.max())
    candidate = parts == 1 + int(np.argmax(np.bincount(parts[parts > 0])[1:]))
    patch, difference = (values.round(3).astype(np.float32) for values in (patch, difference))
    refined = outline(patch, difference, body, candidate, kind)
    pixels = lambda mask: np.flatnonzero(mask).tolist()
    rounded = lambda values: [round(float(value), 3) for value in values.ravel()]
    return {
        "kind": kind,
        "patch": rounded(patch),
        "difference": rounded(difference),
        "body": pixels(body),
        "candidate": pixels(candidate),
        "refined": None if refined is None else pixels(refined),
    }


if __name__ == "__main__":
    path = Path(__file__).parent / "data" / "outline.json.gz"
    content = json.dumps([case(number) for number in range(CASES)]) + "\n"
    path.write_bytes(gzip.compress(content.encode(), 9, mtime=0))
