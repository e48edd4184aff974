"""Packages that share their name with a verb, so that both ``saliscribe.models.network`` and
``saliscribe.models()`` work whatever was imported before."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any


class CallablePackage(ModuleType):
    """A package that, when called, passes the call on to the function named by its ``__verb__``."""

    __verb__: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Import the verb's function (``"module:function"``) and call it."""
        module, _, function = self.__verb__.partition(":")
        return getattr(importlib.import_module(module), function)(*args, **kwargs)


def make_callable(package: str, verb: str) -> None:
    """Let the already imported ``package`` be called as the verb ``"module:function"``."""
    module = sys.modules[package]
    module.__dict__["__verb__"] = verb
    module.__class__ = CallablePackage
