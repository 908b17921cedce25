"""Begin a report: a folder with every table empty and what the text itself tells of it: ``make new NAME=… TEXT=…``.

Here: identity of the text, and its sections by their headings. What is read from the text, a person enters;
`check` names what is missing, numeral by numeral.
"""

import argparse
import json
import os
import re
import sys
from pathlib import Path

from ..files import WriteError, write_atomically
from ..tables import DATA, DEFAULT_REPORT, SHARED_TABLES, read_descriptor
from . import text

BLOCK = 200
_HEADING = re.compile(r"[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）]|——|第[一二三四五六七八九十]+[章部]")
_LONGEST = 24  # characters of a heading that become the name of its section


def card(words):
    """What a text tells of itself: the part of ``report.json`` that nobody has to read.

    Parameters
    ----------
    words : str
        The text, line ends as one character.

    Returns
    -------
    dict
        With ``sections``, one at every line that begins like a heading; names in English, the place, the years and
        the sections covered are empty, for a person to fill in.
    """
    sections, at = [{"id": "front", "start": 0, "name_zh": "开头", "name_en": "Beginning"}], 0
    for line in words.split("\n"):
        if at and _HEADING.match(line.strip()):
            name = re.split("[。，；：]", line.strip())[0][:_LONGEST]
            sections.append({"id": f"s{len(sections)}", "start": at, "name_zh": name, "name_en": ""})
        at += len(line) + 1
    empty = dict.fromkeys("title_zh title_en area year_reviewed year_planned delivered publisher_zh publisher_en read_at".split(), "")
    blocks = [text.digest(words[i : i + BLOCK])[:12] for i in range(0, len(words), BLOCK)]
    identity = {"sha256": text.digest(words), "characters": len(words)}
    return {**empty, **identity, "sections": sections, "covers": [], "block_characters": BLOCK, "block_sha256": blocks}


def begin(name, path, data=DATA):
    """Write the folder of a new report; returns how many files.

    Parameters
    ----------
    name : str
        Area and year of delivery, such as ``qinyang-2023``.
    path : Path
        The report's text.
    data : Path

    Raises
    ------
    WriteError
        If the name has another form, the folder is there already, or the text cannot be read.
    """
    if not re.fullmatch(r"[a-z][a-z_]*-[0-9]{4}", name):
        raise WriteError(f"NAME is '{name}', expected the form area-year, such as {DEFAULT_REPORT}: give it so")
    if (data / name).exists():
        raise WriteError(f"data/{name}/ is there already: go on with it, or move it away")
    words, fault = text.read(path)
    if fault:
        raise WriteError(str(fault))
    files = {"report.json": json.dumps(card(words), ensure_ascii=False, indent=1) + "\n"}
    for resource in read_descriptor(data)["resources"]:
        if resource["name"] not in SHARED_TABLES:
            head = ",".join(field["name"] for field in resource["schema"]["fields"])
            files[resource["path"].rpartition("/")[2]] = head + "\n"
    write_atomically(data / name, {file: content.encode() for file, content in files.items()})
    return len(files)


def main(arguments=None):
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="workreport.proof.new", description="Begin the tables of a report.")
    parser.add_argument("--name", default=os.environ.get("NAME", ""))
    parser.add_argument("--text", default=os.environ.get("TEXT", ""))
    options = parser.parse_args(arguments)
    try:
        made = begin(options.name, Path(options.text))
    except (WriteError, OSError) as error:
        print(error)
        return 1
    print(f"{made} files in data/{options.name}/. Fill in report.json, then run make check REPORT={options.text}: it names what is missing.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
