"""The manifest that describes a model folder to the viewer."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from .architecture import ArchitectureConfig
from .classifier import LatentClassifier
from .errors import InputError
from .manifest_check import check_manifest

SCHEMA_VERSION = 1

FILES = {
    "encoder": "encoder.onnx",
    "timeConditioning": "time_conditioning.onnx",
    "codeConditioning": "code_conditioning.onnx",
    "noisePredictor": "noise_predictor.onnx",
    "selfTest": "self-test.json",
}
"""The manifest's key and the name of each file."""

ID_PATTERN = re.compile(r"[a-z0-9][a-z0-9._-]*")

DEFAULT_INTENDED_USE = (
    "Research use only: hypothesis about lytic and blastic lesions of vertebral bodies on CT. Not a medical device."
)
DEFAULT_LIMITS = (
    "Vertebral bodies only: posterior elements are outside the method.",
    "Each sagittal slice is analysed on its own.",
    "Not validated for clinical use.",
)


@dataclass(frozen=True)
class ModelDescription:
    """What the weights cannot say of a model.

    Attributes:
        patch_spacing_mm: pixel spacing of a patch: anterior-posterior, superior-inferior, and slice to slice
            left-right.
        trained_width_fraction: share of a body's width, around its middle, that the model was trained on; None: all.
        skip_below_threshold_by: the fast sampler does not score candidates estimated this far below the threshold;
            None: it scores all.
        trust_above_threshold_by: the estimate of a candidate so far above the threshold is taken for its score by the fast
            sampler; None: it scores all.
        rescore_within: candidates that the fast sampler scores this near the threshold are scored again, with more steps;
            None: none is.
        refine_outlines: whether outlines are drawn anew on the CT (docs/outline.md).
        least_slices: how many neighbouring slices must show a region for it to count; None: one.
        least_slices_probability: only slices with at least this P(malignant) of their own count as showing a region; None: all.
        least_difference: regions that the healthy edit changes by less on average do not count (docs/outline.md); None: any change will do.
        follow_lesions: whether lesions are followed into slices that screening calls healthy (docs/outline.md).
        outline_across_slices: whether lesions are outlined at one level for all slices that show them (docs/outline.md).
        provenance: free facts on where the model comes from.
    """

    id: str
    name: str
    version: str = "1.0.0"
    description: str = ""
    patch_spacing_mm: tuple[float, float, float] = (0.8, 0.675, 0.8)
    trained_width_fraction: float | None = None
    target_probability: float = 1e-5
    attribution_threshold: float = 0.5
    skip_below_threshold_by: float | None = None
    trust_above_threshold_by: float | None = None
    rescore_within: float | None = None
    refine_outlines: bool = False
    least_slices: int | None = None
    least_slices_probability: float | None = None
    outline_across_slices: bool = False
    follow_lesions: bool = False
    least_difference: float | None = None
    licence: str = "unknown"
    intended_use: str = DEFAULT_INTENDED_USE
    limits: tuple[str, ...] = DEFAULT_LIMITS
    provenance: dict[str, str | int | float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not ID_PATTERN.fullmatch(self.id):
            raise InputError(f"model id {self.id!r}: use lower-case letters, digits, '.', '_' and '-'")
        if not all(0.1 <= spacing <= 5 for spacing in self.patch_spacing_mm):
            raise InputError(f"patch spacing {self.patch_spacing_mm}: three numbers of mm between 0.1 and 5 expected")
        if not 0 < self.target_probability < 0.5:
            raise InputError(f"target probability {self.target_probability}: a number above 0 and below 0.5 expected")
        if self.trained_width_fraction is not None and not 0 < self.trained_width_fraction <= 1:
            raise InputError(
                f"trained width fraction {self.trained_width_fraction}: a number above 0 and at most 1 expected"
            )
        for name, margin in (
            ("skip-below-threshold-by", self.skip_below_threshold_by),
            ("trust-above-threshold-by", self.trust_above_threshold_by),
            ("rescore-within", self.rescore_within),
            ("least-difference", self.least_difference),
        ):
            if margin is not None and not 0 < margin <= 1:
                raise InputError(f"{name} margin {margin}: a number above 0 and at most 1 expected")
        if self.least_slices is not None and not 1 <= self.least_slices <= 10:
            raise InputError(f"least slices {self.least_slices}: a whole number from 1 to 10 expected")
        if not 0 <= self.attribution_threshold <= 1:
            raise InputError(f"attribution threshold {self.attribution_threshold}: a number from 0 to 1 expected")


def sha256(path: Path) -> str:
    """Lower-case hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def manifest(
    folder: Path,
    description: ModelDescription,
    config: ArchitectureConfig,
    conditioning_size: int,
    classifier: LatentClassifier,
    precision: str,
) -> dict[str, object]:
    """The manifest of a folder whose files are written already.

    Schedule and method constants are those of Atad et al. (arXiv 2512.06849) and of the authors' code at commit
    8b8c647; the target of the healthy edit and the threshold are so unless the description says otherwise.
    """
    anterior_posterior, superior_inferior, left_right = description.patch_spacing_mm
    width = description.trained_width_fraction
    margins = {
        "skipBelowThresholdBy": description.skip_below_threshold_by,
        "trustAboveThresholdBy": description.trust_above_threshold_by,
        "rescoreWithin": description.rescore_within,
        "leastDifference": description.least_difference,
    }
    contents: dict[str, object] = {
        "schemaVersion": SCHEMA_VERSION,
        "id": description.id,
        "name": description.name,
        "version": description.version,
        "description": description.description,
        "architecture": config.to_json(),
        "codeSize": config.style_channels,
        "conditioningSize": conditioning_size,
        "patch": {
            "size": config.image_size,
            "spacingMm": {
                "anteriorPosterior": anterior_posterior,
                "superiorInferior": superior_inferior,
                "leftRight": left_right,
            },
            "rows": "anterior-posterior",
            "columns": "superior-inferior",
            "intensity": {"low": "minimum", "highPercentile": 99.5},
            **({} if width is None else {"trainedWidthFraction": width}),
        },
        "schedule": {"trainSteps": 1000, "betaStart": 0.0001, "betaEnd": 0.02},
        "method": {
            "inversionSteps": 250,
            "renderSteps": 100,
            "targetProbability": description.target_probability,
            "attributionThreshold": description.attribution_threshold,
            "minPixels": 5,
            **{name: margin for name, margin in margins.items() if margin is not None},
            **({"refineOutlines": True} if description.refine_outlines else {}),
            **({} if description.least_slices is None else {"leastSlices": description.least_slices}),
            **(
                {}
                if description.least_slices_probability is None
                else {"leastSlicesProbability": description.least_slices_probability}
            ),
            **({"outlineAcrossSlices": True} if description.outline_across_slices else {}),
            **({"followLesions": True} if description.follow_lesions else {}),
        },
        "classifier": classifier.to_json(),
        "precision": precision,
        "files": {
            key: {"path": name, "sha256": sha256(folder / name), "bytes": (folder / name).stat().st_size}
            for key, name in FILES.items()
        },
        "licence": description.licence,
        "provenance": description.provenance,
        "intendedUse": description.intended_use,
        "limits": list(description.limits),
    }
    check_manifest(contents)
    return contents
