#!/usr/bin/env python3
"""Fails if a file includes what its folder must not know, or speaks a language that is not its own.

The arrows between the folders go one way only; see the map in ARCHITECTURE.md. CAF stays in actors/
and app/, SQL and its library stay in storage/.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

MAY_INCLUDE = {
    "base": set(),
    "relay": {"base"},
    "storage": {"base", "relay"},
    "metrics": {"base"},
    "admin": {"base", "relay", "storage"},
    "actors": {"base", "relay", "storage", "metrics", "admin"},
    "net": {"base", "relay", "actors", "metrics", "admin"},
    "app": {"base", "relay", "storage", "metrics", "admin", "actors", "net", "tests"},
    "tests": {"base", "relay", "storage", "metrics", "admin", "actors", "net", "app"},
    "bench": {"base", "relay", "storage", "metrics", "admin", "actors", "net", "app", "tests"},
}
KNOWS_CAF = {"actors", "app", "tests", "bench"}
KNOWS_SQL = {"storage"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
SQL = re.compile(
    r'"[^"\n]*\b(SELECT\b[^"\n]*\bFROM|INSERT (OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM'
    r"|CREATE (UNIQUE )?(TABLE|INDEX)|PRAGMA \w+)\b"
)


def is_test(path):
    return ".test." in path.name


def includes(path):
    return INCLUDE.findall(path.read_text(encoding="utf-8"))


def check_quoted(path, folder, target):
    """What is wrong with #include "target" in a file of `folder`, or nothing."""
    if not (ROOT / target).is_file():
        return f'"{target}" is no file; includes start at the root of the repository'
    other = target.split("/")[0]
    allowed = MAY_INCLUDE[folder] | {folder} | ({"tests"} if is_test(path) else set())
    if other not in allowed:
        return f'{folder}/ must not include "{target}"'
    return None


def reaches_caf(path, seen):
    """The chain of our own headers that leads from `path` to CAF, or nothing."""
    for bracket, target in includes(path):
        if target.startswith("caf/"):
            return [target]
        header = ROOT / target
        if bracket == '"' and header.is_file() and header not in seen:
            seen.add(header)
            chain = reaches_caf(header, seen)
            if chain:
                return [target] + chain
    return None


def check(path):
    relative = path.relative_to(ROOT)
    folder = relative.parts[0]
    for bracket, target in includes(path):
        if bracket == '"':
            problem = check_quoted(path, folder, target)
            if problem:
                yield problem
        elif target == "sqlite3.h" and folder not in KNOWS_SQL:
            yield "<sqlite3.h> is for storage/ only"
    if folder not in KNOWS_CAF and not is_test(path):
        chain = reaches_caf(path, {path})
        if chain:
            yield "CAF is for actors/ and app/ only, but this includes " + " -> ".join(chain)
    if folder not in KNOWS_SQL and not is_test(path) and SQL.search(path.read_text("utf-8")):
        yield "SQL is for storage/ only"


def main():
    failures = 0
    files = 0
    for folder in MAY_INCLUDE:
        for path in sorted((ROOT / folder).rglob("*.[ch]pp")):
            files += 1
            for problem in check(path):
                print(f"{path.relative_to(ROOT)}: {problem}")
                failures += 1
    print(f"{files} files, {failures} wrong")
    return 1 if failures or not files else 0


if __name__ == "__main__":
    sys.exit(main())
