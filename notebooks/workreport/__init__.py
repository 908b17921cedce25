"""Load, check, compare and draw the figures of a Chinese government work report.

A notebook imports from here what it needs: ``load``, ``frame`` and ``stated`` for the tables, the modules of ``analysis`` for
what follows from them, ``charts`` for pictures, ``Page`` for what is said.
"""

from importlib import import_module

_HOME = {
    "Page": "page", "areas_above": "frames", "charts": "charts", "frame": "frames", "load": "tables", "stated": "frames",
    **dict.fromkeys(("budget", "growth", "industry", "ledger", "people", "published", "ranks", "reports", "targets", "whole"), "analysis"),
}  # fmt: skip
__all__ = sorted(_HOME)


def __getattr__(name):
    """Imported when asked for: who checks tables does not wait for pandas, nor who reads frames for matplotlib."""
    if name not in _HOME:
        raise AttributeError(f"module 'workreport' has no attribute '{name}'")
    home = _HOME[name]
    module = import_module(f"{__name__}.{home}.{name}" if home == "analysis" else f"{__name__}.{home}")
    return module if home in ("analysis", name) else getattr(module, name)


def __dir__():
    return [*globals(), *__all__]
