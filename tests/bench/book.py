"""Build a book of the notebooks with Jupyter Book, every notebook executed anew."""

import sys
from pathlib import Path

from jupyter_book.cli.main import main

if __name__ == "__main__":
    folder = Path("notebooks")
    first, *others = sorted(path.stem for path in folder.glob("[0-9]*.ipynb"))
    (folder / "_config.yml").write_text("execute:\n  execute_notebooks: force\n  timeout: 600\n", encoding="utf-8")
    chapters = "".join(f"- file: {name}\n" for name in others)
    (folder / "_toc.yml").write_text(f"format: jb-book\nroot: {first}\n" + f"chapters:\n{chapters}" * bool(others), encoding="utf-8")
    sys.argv = ["jupyter-book", "build", "--all", "--quiet", "--path-output", ".", str(folder)]
    main()
