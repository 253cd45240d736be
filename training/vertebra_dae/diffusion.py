"""The noise schedule, the forward process, and a short sampler for previews while training.

The samplers of record are those of the viewer's TypeScript core; the one here only shows how training goes.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

TRAIN_STEPS = 1000
BETA_START = 1e-4
BETA_END = 0.02

PredictNoise = Callable[[Tensor, Tensor], Tensor]
"""(x_t [B, 1, 64, 64], timesteps [B]) -> noise, with the semantic code already bound."""


def alpha_bars() -> Tensor:
    """Cumulative products of 1 - beta for t = 0..999, float64 (Ho et al. 2020, linear schedule)."""
    betas = torch.linspace(BETA_START, BETA_END, TRAIN_STEPS, dtype=torch.float64)
    return torch.cumprod(1 - betas, dim=0)


def add_noise(patch: Tensor, noise: Tensor, timesteps: Tensor, alphas: Tensor) -> Tensor:
    """x_t = sqrt(alphaBar_t) x_0 + sqrt(1 - alphaBar_t) noise (Ho et al. 2020, eq. 4); images [B, 1, 64, 64]."""
    alpha = alphas[timesteps].to(patch.dtype)[:, None, None, None]
    return alpha.sqrt() * patch + (1 - alpha).sqrt() * noise


def log_snr_grid(steps: int) -> tuple[Tensor, Tensor]:
    """`steps` + 1 points even in log-SNR from clean (t = 0) to noise (t = 999).

    Returns:
        (timesteps, alphaBars), float64; timesteps are fractional.
    """
    alphas = alpha_bars()
    log_snr = torch.log(alphas / (1 - alphas))
    wanted = torch.linspace(float(log_snr[0]), float(log_snr[-1]), steps + 1, dtype=torch.float64)
    timesteps = np.interp(wanted.numpy(), log_snr.flip(0).numpy(), np.arange(TRAIN_STEPS - 1, -1, -1.0))
    return torch.from_numpy(timesteps), torch.sigmoid(wanted)


def integrate(predict: PredictNoise, start: Tensor, steps: int, *, to_noise: bool) -> Tensor:
    """Solves the probability-flow ODE between image and stochastic code.

    Second-order multistep in the eps form (Lu et al. 2022, DPM-Solver-2M; Zhang & Chen 2023, eq. for DEIS with one
    past evaluation), first order on the first step.

    Args:
        predict: noise prediction with the code bound.
        start: patches when `to_noise`, else stochastic codes; [B, 1, 64, 64].
        steps: evaluations of the network.
    """
    timesteps, alphas = log_snr_grid(steps)
    order = range(steps + 1) if to_noise else range(steps, -1, -1)
    points = [(float(timesteps[i]), math.sqrt(float(alphas[i])), math.sqrt(1 - float(alphas[i]))) for i in order]
    x = start * points[0][1] if to_noise else start
    past: Tensor | None = None
    for (t, scale, sigma), (_, next_scale, next_sigma) in zip(points, points[1:], strict=False):
        noise = predict(x, torch.full((len(x),), t, dtype=torch.float64, device=x.device).float()).float()
        # dy/ds = eps for y = x / scale and s = sigma / scale. With h the step in log s, eps is extrapolated linearly
        # in log s: s' - s for the constant part, and the integral of (log s - log s0) ds for the slope.
        s, next_s = sigma / scale, next_sigma / next_scale
        h = math.log(next_s / s)
        y = x / scale + (next_s - s) * noise
        if past is not None:
            y = y + (next_s * h - (next_s - s)) * (noise - past) / h
        past = noise
        x = y * next_scale
    return x if to_noise else x / points[-1][1]
