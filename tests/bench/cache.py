"""Run the notebooks with jupyter-cache, two at once; what its cache in `.cache/` holds is not run again."""

from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor

if __name__ == "__main__":
    cache = get_cache(Path(".cache").resolve())
    for path in sorted(Path("notebooks").glob("[0-9]*.ipynb")):
        cache.add_nb_to_project(str(path.resolve()))
    result = load_executor("local-parallel", cache).run_and_cache(timeout=600)
    print(f"{len(result.succeeded)} run, {len(result.excepted) + len(result.errored)} failed")
    raise SystemExit(bool(result.excepted or result.errored))
