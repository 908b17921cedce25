"""Mutations of the code: each wrong operator, number, word or negation in the calculations makes a test fail.

The mutation operators are those of cosmic-ray, and one for words. Each mutant is tried by the fast
tests of its module in a process of its own, on a copy of the project. SEED=7 takes another sample.
"""

import hashlib
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from difflib import unified_diff
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path

from . import ROOT, SEED, Row

# Fast tests of each module, those that fail first at the front.
TESTS = {
    "numbers": "numbers expressions",
    "units": "units prose",
    "tokeniser": "tokeniser",
    "expressions": "expressions",
    "growth": "growth comparators",
    "comparators": "comparators",
    "rankings": "rankings",
    "targets": "targets",
    "finance": "finance",
    "industry": "industry",
    "people": "people",
    "prose": "prose catalogue",
    "catalogue": "catalogue",
}
SAMPLE = 400
PRELOADED = [
    "pytest",
    "hypothesis",
    "pandas",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_svg",
    "nbformat",
    "jinja2",
    "fontTools.ttLib",
]
MEMORY = 4 * 2**30


def run(short=False):
    """The row of this campaign; it has no short form."""
    row = Row("A mutation of the code (numbers, analysis, sentences) fails a test")
    if short:
        return []
    if not find_spec("cosmic_ray"):
        row.note = "cosmic-ray is not installed: run make torture, which installs it"
        return [row]
    seed = int(os.environ.get("SEED", SEED))
    chosen, places, known = sample(seed)
    tried, killed = Counter(), Counter()
    with tempfile.TemporaryDirectory() as parent:
        folder = copy_of_project(Path(parent) / "project")
        for module, mutants in chosen.items():
            path = folder / f"notebooks/workreport/{module}.py"
            source = path.read_text(encoding="utf-8")
            began = time.monotonic()
            if attempt(folder, module, limit=600, compiled=False):
                raise RuntimeError(f"the tests of {module} fail before anything was mutated: {TESTS[module]}")
            limit = 20 + 4 * (time.monotonic() - began)
            for kept in path.parent.glob(f"__pycache__/{module}.*"):
                kept.unlink()
            for kind, mutated in mutants:
                path.write_text(mutated, encoding="utf-8")
                died = attempt(folder, module, limit)
                tried[module] += 1
                killed[module] += died
                row.case(died, f"code: {module}: {kind}: {_change(source, mutated)}")
                if not died and os.environ.get("SHOW"):
                    print(f"  survived: {module}: {kind}: {_change(source, mutated)}", flush=True)
            path.write_text(source, encoding="utf-8")
            print(f"  {module}: {killed[module]} of {tried[module]} killed, {time.monotonic() - began:.0f} s", flush=True)
    share = 100 * sum(killed.values()) / sum(tried.values())
    by_module = ", ".join(f"`{module}` {killed[module]} of {n}" for module, n in tried.items())
    row.note = (
        f"Seed {seed}: one mutant at each of {row.tried:,} places of {places:,} ({known:,} mutants); {share:.1f} % killed by the fast tests of "
        f"the module, a hang counting as killed: {by_module}."
    )
    return [row]


def sample(seed):
    """Mutants to try by module, and how many places and mutants there are; a changed line leaves the others of the sample."""
    ranked, known = [], 0
    for module in TESTS:
        source = (ROOT / f"notebooks/workreport/{module}.py").read_text(encoding="utf-8")
        lines, seen = source.splitlines(), Counter()
        for (kind, (row, column)), made in sorted(places_of(source).items()):
            name = module, kind, lines[row - 1].strip(), column
            seen[name] += 1
            rank = hashlib.sha256(f"{seed} {name} {seen[name]}".encode()).hexdigest()
            ranked.append((rank, module, kind, made))
            known += len(made)
    chosen = {module: [] for module in TESTS}
    for rank, module, kind, made in sorted(ranked, key=lambda place: place[0])[:SAMPLE]:
        chosen[module].append((kind, made[int(rank, 16) % len(made)]()))
    return {module: made for module, made in chosen.items() if made}, len(ranked), known


def places_of(source):
    """By kind and position in the source: the mutants that stand there, to be made."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator, operator_names

    operators = [get_operator(name)() for name in operator_names() if "Variable" not in name] + [_words()]
    found, tree = {}, get_ast(source)
    for operator in operators:
        kind = re.match(r"(Replace(?:Binary|Comparison|Unary)Operator)?.*", type(operator).__name__)
        positions = [p for node in ast_nodes(tree) for p in operator.mutation_positions(node)]
        for occurrence, position in enumerate(positions):
            place = (kind[1] or kind[0], position[0])
            found.setdefault(place, []).append(lambda o=operator, n=occurrence: mutate_code(source, o, n))
    return found


def _words():
    """An operator in the manner of cosmic-ray that changes a word of the code, but no docstring."""
    import parso
    from cosmic_ray.operators.operator import Operator

    class ReplaceWord(Operator):
        def mutation_positions(self, node):
            if node.type == "string" and node.parent.type not in ("simple_stmt", "strings"):
                yield node.start_pos, node.end_pos

        def mutate(self, node, index):
            quote = re.search("['\"]+", node.value)
            value = node.value[: quote.end()] + "X" + node.value[quote.end() :] if quote[0] not in ('""', "''") else '"X"'
            return parso.python.tree.String(value, node.start_pos, node.prefix)

        @classmethod
        def examples(cls):
            return ()

    return ReplaceWord()


def _change(source, mutated):
    lines = [line for line in unified_diff(source.splitlines(), mutated.splitlines(), n=0, lineterm="")][3:]
    return " → ".join(" ".join(line[1:].split()) for line in lines if line[0] in "-+")


def copy_of_project(folder):
    """What the fast tests need, without the report's text."""
    for name in ("notebooks", "data", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "torture", ".ipynb_checkpoints"))
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    (folder / "figures").symlink_to(ROOT / "figures")
    return folder


def attempt(folder, module, limit, compiled=True):
    """Whether the tests of a module fail, or do not end in time; the first attempt compiles what stays as it is."""
    context = get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    process = context.Process(target=_test, args=(folder, [f"tests/test_{name}.py" for name in TESTS[module].split()], compiled))
    process.start()
    process.join(limit)
    if process.exitcode is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.join()
    return process.exitcode != 0


def _test(folder, files, compiled):
    os.setsid()
    sys.dont_write_bytecode = compiled
    os.chdir(folder)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    import pytest

    sys.path[:] = [entry for entry in sys.path if not Path(entry or ".").resolve().is_relative_to(ROOT / "notebooks")]
    status = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-m", "not slow", "--hypothesis-seed=0", *files])
    loaded = sys.modules.get("workreport")
    if status == 0 and not Path(loaded.__file__).is_relative_to(folder):
        status = 99
    os._exit(int(status))
