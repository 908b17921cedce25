"""The register of findings: every answer and every chart title of every story, as rows."""

import importlib
from pathlib import Path

from .story import Chart

HERE = Path(__file__).resolve().parent


def stories():
    """Story modules by name, in the order of their notebooks.

    Returns
    -------
    dict of str to module
        ``growth`` to `growth_story` and so on; each has a ``NOTEBOOK``.
    """
    found = {p.stem.removesuffix("_story"): importlib.import_module(f".{p.stem}", __package__) for p in HERE.glob("*_story.py")}
    return dict(sorted(found.items(), key=lambda item: item[1].NOTEBOOK))


def charts_of(story, report):
    """Charts of one story, by the order of their functions.

    Returns
    -------
    list of Chart
    """
    made = (function(report) for name, function in vars(story).items() if name.endswith("_chart") and callable(function))
    return [chart for chart in made if isinstance(chart, Chart)]


def findings(report, *, without=None):
    """Every finding of the collection, each once.

    Parameters
    ----------
    report : Report
    without : str, optional
        A notebook to leave out.

    Returns
    -------
    dict of str to list of Finding
        By notebook, answers first.
    """
    register = {}
    for story in stories().values():
        if story.NOTEBOOK == without:
            continue
        claims = [*story.answer(report), *(chart.claim for chart in charts_of(story, report))]
        register[story.NOTEBOOK] = list({f.name: f for f in claims if f}.values())
    return register
