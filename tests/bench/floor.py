"""The floor: the cells of every notebook as plain Python, imports once, in forked workers; argument: how many."""

import json
import multiprocessing
import sys
from pathlib import Path

NOTEBOOKS = Path("notebooks").resolve()


def run(path):
    """Run one notebook's cells in this process, showing nothing."""
    space = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), space)


if __name__ == "__main__":
    sys.path.insert(0, str(NOTEBOOKS))
    from workreport import findings, notebook

    findings.stories()
    notebook.display = lambda shown: None
    paths = sorted(NOTEBOOKS.glob("[0-9]*.ipynb"), key=lambda path: -path.stat().st_size)
    with multiprocessing.get_context("fork").Pool(int(sys.argv[1])) as pool:
        pool.map(run, paths, chunksize=1)
