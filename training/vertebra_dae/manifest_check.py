"""Refuses manifests with numbers that no model has, as the viewer does.

The bounds are those of the viewer's parser (extensions/vertebra-metastasis/src/runtime/manifest.ts and bodyManifest.ts);
test/hostile/manifests.json lists manifests that both must refuse.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from .architecture import ArchitectureConfig
from .errors import InputError

MIN_SCALE = 1e-9
"""Standard deviations of codes are about 0.1; dividing by next to nothing gives infinite logits."""

Check = Callable[[Any], bool]


def number(low: float, high: float, *, above: bool = False, below: bool = False) -> Check:
    """Finite numbers from `low` to `high`; `above` and `below` leave the bound itself out."""

    def check(value: Any) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return False
        return (value > low if above else value >= low) and (value < high if below else value <= high)

    return check


def integer(low: int, high: int, multiple_of: int = 1) -> Check:
    """Whole numbers, also where JSON has them as 5.0."""
    within = number(low, high)
    return lambda value: within(value) and value % multiple_of == 0


def text(least: int, most: int) -> Check:
    return lambda value: isinstance(value, str) and least <= len(value) <= most


def matching(pattern: str) -> Check:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def exactly(*allowed: object) -> Check:
    return lambda value: not isinstance(value, bool) and value in allowed


def list_of(check: Check, least: int, most: int) -> Check:
    return lambda value: isinstance(value, list) and least <= len(value) <= most and all(check(item) for item in value)


def optional(check: Check) -> Check:
    return lambda value: value is None or check(value)


MILLIMETRES = number(0.1, 5)
MARGIN = number(0, 1, above=True)
LOGIT_PART = number(-1e6, 1e6)
VECTOR = list_of(LOGIT_PART, 1, 65_536)

COMMON: dict[str, Check] = {
    "schemaVersion": exactly(1),
    "id": matching(r"[\w.-]+"),
    "name": text(1, 200),
    "version": text(1, 200),
    "description": text(0, 5000),
    "licence": text(1, 5000),
    "intendedUse": text(1, 5000),
    "limits": list_of(text(0, 5000), 0, 50),
    "provenance.source": text(0, 5000),
    "provenance.checkpointSha256": text(0, 5000),
    "provenance.createdBy": text(0, 5000),
}

MODEL: dict[str, Check] = COMMON | {
    "codeSize": integer(1, 65_536),
    "conditioningSize": integer(1, 65_536),
    "patch.size": exactly(64),
    "patch.spacingMm.anteriorPosterior": MILLIMETRES,
    "patch.spacingMm.superiorInferior": MILLIMETRES,
    "patch.spacingMm.leftRight": MILLIMETRES,
    "patch.rows": exactly("anterior-posterior"),
    "patch.columns": exactly("superior-inferior"),
    "patch.intensity.low": exactly("minimum"),
    "patch.intensity.highPercentile": exactly(99.5),
    "patch.trainedWidthFraction": optional(MARGIN),
    "patch.screening.withinMm": optional(number(0, 50)),
    "patch.screening.logitShift": optional(number(-30, 30)),
    "patch.screening.suspiciousVertebraShift": optional(number(0, 30)),
    "patch.screening.leastOwnProbability": optional(number(0, 0.5)),
    "patch.screening.network.leastKindLogit": optional(number(-30, 30)),
    "schedule.trainSteps": exactly(1000),
    "schedule.betaStart": exactly(1e-4),
    "schedule.betaEnd": exactly(0.02),
    "method.inversionSteps": integer(1, 1000),
    "method.renderSteps": integer(1, 1000),
    "method.targetProbability": number(0, 0.5, above=True, below=True),
    "method.attributionThreshold": number(0, 1),
    "method.minPixels": integer(1, 64 * 64),
    "method.skipBelowThresholdBy": optional(MARGIN),
    "method.trustAboveThresholdBy": optional(MARGIN),
    "method.rescoreWithin": optional(MARGIN),
    "method.refineOutlines": optional(lambda value: isinstance(value, bool)),
    "method.outlineAcrossSlices": optional(lambda value: isinstance(value, bool)),
    "method.leastDifference": optional(number(0, 1)),
    "method.followLesions": optional(lambda value: isinstance(value, bool)),
    "method.leastSlicesProbability": optional(number(0, 0.5)),
    "method.leastSlices": optional(integer(1, 10)),
    "classifier.mean": VECTOR,
    "classifier.scale": VECTOR,
    "classifier.coef": VECTOR,
    "classifier.intercept": LOGIT_PART,
    "precision": exactly("float32", "float16-weights"),
}

SCREENING_NETWORK: dict[str, Check] = {
    "patch.screening.network.sliceSteps": lambda value: list_of(integer(-4, 4), 5, 5)(value)
    and value == [-4, -2, 0, 2, 4],
    "patch.screening.network.encoderWeight": number(0, 10),
    "patch.screening.network.networkWeight": number(0, 10),
}
"""Required of a model that has one."""

CELLS = integer(4, 256, multiple_of=4)
HOUNSFIELD = number(-32_768, 32_767)
BODY: dict[str, Check] = COMMON | {
    "kind": exactly("body-outline"),
    "block.dims": list_of(CELLS, 3, 3),
    "block.spacingMm": MILLIMETRES,
    "block.windowHu": list_of(HOUNSFIELD, 2, 2),
    "tissues": exactly(["other", "disc", "canal", "posterior", "body"]),
}

FILE: dict[str, Check] = {
    "path": matching(r"(?!.*\.\.)[\w-][\w.-]*(/[\w.-]+)*"),
    "sha256": matching(r"[0-9a-f]{64}"),
    "bytes": integer(1, 2**32),
}


def check_manifest(manifest: object) -> None:
    """Checks the manifest of a diffusion autoencoder.

    Raises:
        InputError: naming each wrong field.
    """
    files = ["encoder", "timeConditioning", "codeConditioning", "noisePredictor", "selfTest"]
    fields = dict(MODEL)
    network, file = _given(manifest, "patch.screening.network"), _given(manifest, "files.screening")
    if network:
        fields |= SCREENING_NETWORK
    if file:
        files.append("screening")
    problems = _problems(manifest, fields, tuple(files))
    if network != file:
        problems.append("patch.screening.network: belongs together with files.screening: both or neither")
    classifier = _field(manifest, "classifier")
    code_size = _field(manifest, "codeSize")
    for name in ("mean", "scale", "coef"):
        vector = _field(classifier, name)
        if isinstance(vector, list) and len(vector) != code_size:
            problems.append(f"classifier.{name}: has {len(vector)} numbers, but codeSize is {_shown(code_size)}")
    screening = _field(manifest, "patch.screening")
    if screening is not None and (_field(screening, "withinMm") is None or _field(screening, "logitShift") is None):
        problems.append("patch.screening: withinMm and logitShift belong together")
    scale, coef = _field(classifier, "scale"), _field(classifier, "coef")
    if VECTOR(scale) and not all(value >= MIN_SCALE for value in scale):
        problems.append(f"classifier.scale: every number must be at least {MIN_SCALE}")
    if VECTOR(coef) and not any(coef):
        problems.append("classifier.coef: all are 0, so there is no direction towards healthy")
    try:
        architecture = ArchitectureConfig.from_json(_field(manifest, "architecture"))
        if architecture.style_channels != code_size:
            problems.append(f"codeSize: is {_shown(code_size)}, but architecture.style_channels is {architecture.style_channels}")
    except InputError as error:
        problems.append(str(error))
    _raise(problems)


def check_body_manifest(manifest: object) -> None:
    """Checks the manifest of the network that outlines vertebral bodies.

    Raises:
        InputError: naming each wrong field.
    """
    problems = _problems(manifest, BODY, ("network", "selfTest"))
    window = _field(manifest, "block.windowHu")
    if BODY["block.windowHu"](window) and not window[0] < window[1]:
        problems.append("block.windowHu: must rise")
    _raise(problems)


def _problems(manifest: object, fields: dict[str, Check], files: tuple[str, ...]) -> list[str]:
    wrong = {
        **{path: (_field(manifest, path), check) for path, check in fields.items()},
        **{
            f"files.{file}.{key}": (_field(manifest, f"files.{file}.{key}"), check)
            for file in files
            for key, check in FILE.items()
        },
    }
    return [f"{path}: {_shown(value)} is not allowed" for path, (value, check) in wrong.items() if not check(value)]


def _raise(problems: list[str]) -> None:
    if problems:
        more = f" and {len(problems) - 3} more" if len(problems) > 3 else ""
        raise InputError(f"manifest: {'; '.join(problems[:3])}{more}")


def _field(values: object, path: str) -> Any:
    for key in path.split("."):
        values = values.get(key) if isinstance(values, dict) else None
    return values


def _given(values: object, path: str) -> bool:
    """Whether a field is there, whatever it holds."""
    parent, _, key = path.rpartition(".")
    holder = _field(values, parent)
    return isinstance(holder, dict) and key in holder


def _shown(value: object) -> str:
    """A value of a foreign file for a message: short, and no content of containers."""
    return type(value).__name__ if isinstance(value, dict | list) else repr(value)[:80]
