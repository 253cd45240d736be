"""What a latent classifier and its frozen encoder think of an edit, in the second stage of a training (`healthy_edit`)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .augment import normalise
from .classifier import LatentClassifier
from .dataset import SliceSet

EVIDENCE_MARGIN = 0.5
"""Below the median of healthy vertebrae by this much, the logit of an edit costs nothing any more."""
MEDIAN_BATCH = 64


class Judgement:
    """A latent classifier's view of images: how far their logit lies above what is healthy.

    Attributes:
        classifier: of an encoder's codes.
        healthy_logit: the median over the training set's healthy vertebrae; None until `prepare`.
    """

    def __init__(self, classifier: LatentClassifier, device: torch.device, healthy_logit: float | None = None) -> None:
        self.classifier = classifier
        self.healthy_logit = healthy_logit

        def tensor(values: object) -> Tensor:
            return torch.as_tensor(values, dtype=torch.float32, device=device)

        self._mean, self._scale, self._coef = (tensor(v) for v in (classifier.mean, classifier.scale, classifier.coef))

    def prepare(self, encoder: nn.Module, data: SliceSet, device: torch.device) -> None:
        """Takes the median logit of the healthy vertebrae's middle slices."""
        patches = normalise(data.central()[data.labels < 0.5]).to(device)
        with torch.no_grad():
            logits = torch.cat([self.logit(encoder(batch)) for batch in patches.split(MEDIAN_BATCH)])
        self.healthy_logit = float(logits.median())

    def logit(self, codes: Tensor) -> Tensor:
        """Logits of P(malignant) [B] of codes [B, Z]."""
        return ((codes - self._mean) / self._scale) @ self._coef + self.classifier.intercept

    def excess(self, codes: Tensor) -> Tensor:
        """Logits above the healthy median less its margin, 0 below; [B]."""
        return F.relu(self.logit(codes.float()) - (self.healthy_logit - EVIDENCE_MARGIN))  # type: ignore[operator]
