"""The list of models that the viewer offers: models/index.json."""

from __future__ import annotations

import json
from pathlib import Path

from .errors import InputError


def register(model_folder: Path, model_id: str, make_default: bool) -> Path:
    """Enters a model folder into the index.json beside it, replacing an entry of the same id; returns its path.

    The first model of an index becomes its default.

    Raises:
        InputError: for an index that cannot be read.
    """
    index_path = model_folder.parent / "index.json"
    models: list[dict[str, str]] = []
    default = model_id
    others: dict[str, str] = {}
    if index_path.exists():
        try:
            index = json.loads(index_path.read_text(encoding="utf-8"))
            models = [{"id": entry["id"], "path": entry["path"]} for entry in index["models"]]
            default = index["default"]
            others = {key: value for key, value in index.items() if key not in ("models", "default")}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"{index_path}: not a list of models ({error})") from error
    entry = {"id": model_id, "path": f"{model_folder.name}/manifest.json"}
    positions = [index for index, known in enumerate(models) if known["id"] == model_id]
    if positions:
        models[positions[0]] = entry
    else:
        models.append(entry)
    contents = {"models": models, "default": model_id if make_default else default, **others}
    index_path.write_text(json.dumps(contents, indent=2) + "\n", encoding="utf-8")
    return index_path
