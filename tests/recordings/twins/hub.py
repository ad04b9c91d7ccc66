"""Twins of recorded `model_info` of the Hub: JSON within a string, with models of others among the own ones."""

import json
from typing import Any


def _model(code: str, gated: str | bool, downloads: int, **more: Any) -> dict[str, Any]:
    """A model as a client wrote it down; `gated` is false, "auto" or "manual"."""
    about = {
        "id": code, "author": code.split("/")[0], "sha": "0" * 40, "last_modified": "2026-10-02 10:00:00+00:00",
        "created_at": "2026-09-01 10:00:00+00:00", "private": False, "gated": gated, "disabled": False,
        "downloads": downloads,
        "downloads_all_time": None, "likes": 7, "library_name": "transformers", "gguf": None, "inference": None,
        "tags": ["license:apache-2.0"],
        "pipeline_tag": "text-generation", "card_data": "license: apache-2.0",
        "siblings": ["RepoSibling(rfilename='config.json', size=None)"], "spaces": [],
        "safetensors": None, "_id": f"{abs(downloads):024x}", "modelId": code, "usedStorage": 1_000_000,
    }  # fmt: skip
    return {"model_id": code, "metadata": json.dumps(about | more), "depth": 1, "children": [], "children_count": 0}


def _tree(organisation: str) -> str:
    base = f"{organisation}/Quill-2"
    weights = {"parameters": {"BF16": 2_000_000_000}, "total": 2_000_000_000}
    models = [
        _model(base, "manual", 1200, safetensors=weights, tags=["safetensors", "license:other"]),
        _model(f"{base}-Instruct", "auto", 3400, safetensors=weights, tags=[f"base_model:{base}",
        f"base_model:finetune:{base}"]),
        _model("somebody/Quill-2-GGUF", False, 90, gguf={"total": 2_000_000_000},
        tags=[f"base_model:quantized:{base}"]),
    ]  # fmt: skip
    return json.dumps({"models": models})


FILES = {
    "huggingface/Mistral-Small-24B-Base-2501_finetunes_20250405_001816.json": _tree("mistralai"),
    "huggingface/Llama-4-Scout-17B-16E_finetunes_20250411_001929.json": _tree("meta-llama"),
}
