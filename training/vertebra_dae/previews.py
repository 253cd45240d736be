"""Sample reconstructions as a PNG: how far training is, at a glance."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from .augment import normalise
from .dataset import SliceSet
from .diffusion import integrate
from .network import DiffusionAutoencoder

PREVIEW_STEPS = 12
"""Network evaluations in each direction: enough to judge by eye."""
SHOWN = 6
MAGNIFICATION = 2


def write_preview(path: Path, model: DiffusionAutoencoder, data: SliceSet, device: torch.device) -> float:
    """Draws patch, reconstruction, and rendering of the code alone (from random noise), for a few vertebrae.

    Returns:
        root mean square error of the reconstructions.
    """
    rows = torch.linspace(0, len(data) - 1, min(SHOWN, len(data))).long()
    patch = normalise(data.central()[rows]).to(device)
    with torch.inference_mode():
        code = model.encode(patch)
        stochastic = integrate(lambda x, t: model(x, t, code), patch, PREVIEW_STEPS, to_noise=True)
        reconstruction = integrate(lambda x, t: model(x, t, code), stochastic, PREVIEW_STEPS, to_noise=False)
        random = torch.randn(patch.shape, generator=torch.Generator().manual_seed(0)).to(device)
        from_code = integrate(lambda x, t: model(x, t, code), random, PREVIEW_STEPS, to_noise=False)
    strips = [torch.cat(list(images[:, 0]), dim=1) for images in (patch, reconstruction, from_code)]
    picture = (torch.cat(strips).clamp(0, 1.2) / 1.2 * 255).to(torch.uint8).cpu().numpy()
    picture = np.kron(picture, np.ones((MAGNIFICATION, MAGNIFICATION), dtype=np.uint8))
    part = path.with_suffix(".part.png")
    Image.fromarray(picture).save(part)
    part.replace(path)
    return float((reconstruction - patch).square().mean().sqrt())
