"""From a brain MRI slice to an explained, checked, written finding. Research use only, not a medical device.

Nothing heavy is imported here: each public name is fetched when it is first used, so ``import saliscribe``
stays fast and never brings torch.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

#: Public name -> where it lives. ``models`` and ``audit`` are packages that can be called.
_FACE: dict[str, str] = {
    "explain": "saliscribe.batch.explain_many:explain",
    "train": "saliscribe.training.train:train",
    "evaluate": "saliscribe.batch.evaluate:evaluate",
    "report": "saliscribe.pipeline.report:report",
    "audit": "saliscribe.audit",
    "models": "saliscribe.models",
    "info": "saliscribe.pipeline.info:info",
    "schema": "saliscribe.pipeline.schema:schema",
    "bench": "saliscribe.batch.bench:bench",
    "audit_bench": "saliscribe.faithfulness.run_bench:run_bench",
    "study": "saliscribe.study",
    "checklist": "saliscribe.study.checklist:checklist",
    "view": "saliscribe.viewer.view:view",
    "phantom": "saliscribe.anatomy.phantom:write_phantoms",
    "read_volume": "saliscribe.io.read:read_volume",
    "SaliscribeError": "saliscribe.errors:SaliscribeError",
}

__all__ = ["__version__", *_FACE]


def __getattr__(name: str) -> Any:
    if name not in _FACE:
        raise AttributeError(f"module 'saliscribe' has no attribute '{name}'")
    module, _, attribute = _FACE[name].partition(":")
    loaded = importlib.import_module(module)
    if not attribute:
        return loaded
    value = getattr(loaded, attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_FACE})
