"""The writer of manifests refuses what the viewer refuses: the same list (test/hostile/manifests.json)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from effort import effort_below

from vertebra_dae.errors import InputError
from vertebra_dae.manifest_check import check_body_manifest, check_manifest

ROOT = Path(__file__).parents[2]
HOSTILE: dict[str, Any] = json.loads((ROOT / "test/hostile/manifests.json").read_text(encoding="utf-8"))
FILES = {
    "model": "models/tiny/manifest.json",
    "screenedModel": "models/tiny/manifest.json",
    "body": "models/body/manifest.json",
}
CHECKS = {"model": check_manifest, "screenedModel": check_manifest, "body": check_body_manifest}


def text_of(replacement: str | dict[str, Any]) -> str:
    """JSON text, or what a recipe for text too long to write down gives."""
    if isinstance(replacement, str):
        return replacement
    if "repeat" in replacement:
        return json.dumps(replacement["repeat"] * replacement["times"])
    return f"[{', '.join([replacement['list']] * replacement['times'])}]"


def manifest(kind: str) -> dict[str, Any]:
    contents = dict(json.loads((ROOT / FILES[kind]).read_text(encoding="utf-8")))
    if kind == "screenedModel":
        for path, value in HOSTILE["screenedModelIs"].items():
            put(contents, path, json.loads(json.dumps(value)))
    return contents


def put(contents: dict[str, Any], path: str, value: object) -> None:
    """Sets a field by its path."""
    *keys, last = path.split(".")
    for key in keys:
        contents = contents[key]
    contents[last] = value


@pytest.mark.parametrize("path", ["models/tiny", "models/default"])
def test_bundled_models_are_accepted(path: str) -> None:
    check_manifest(json.loads((ROOT / path / "manifest.json").read_text(encoding="utf-8")))


def test_a_model_with_a_screening_network_is_accepted() -> None:
    check_manifest(manifest("screenedModel"))


def test_bundled_body_network_is_accepted() -> None:
    check_body_manifest(manifest("body"))


@pytest.mark.parametrize(
    ("kind", "path", "replacement"),
    [(kind, *entry) for kind in CHECKS for entry in HOSTILE[kind]],
)
def test_hostile_manifest_is_refused_by_name(kind: str, path: str, replacement: str | dict[str, Any]) -> None:
    hostile = manifest(kind)
    put(hostile, path, json.loads(text_of(replacement)))  # Python's parser takes NaN and Infinity
    with effort_below(10), pytest.raises(InputError) as caught:
        CHECKS[kind](hostile)
    assert len(str(caught.value)) < 2000
    assert path.split(".")[0] in str(caught.value)
