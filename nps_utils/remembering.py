"""What was made of the same columns or texts before: by this process, or by another of the same report.

Pages and the summary ask for the same scores and changes. What has been computed of the same columns, with the same
options, by the same code and libraries is not computed again. A function sees only the columns that its answers are
remembered by, so nothing else can be in them.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import io
import json
import os
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any, Final, NamedTuple, ParamSpec, TypeVar

import numpy as np
import pandas as pd

from nps_utils.files import library_hash, private_file, private_folder, write_bytes

P = ParamSpec("P")
T = TypeVar("T")
V = TypeVar("V")

# By this variable a report tells its processes where they leave such tables for each other.
FOLDER: Final = "NPS_REMEMBERED"
_LIBRARIES: Final = (
    *("numpy", "pandas", "scipy", "pyarrow", "scikit-learn", "matplotlib", "pillow"),
    *("lingua-language-detector", "snowballstemmer"),
)
_MOST: Final = 256
_MOST_TEXTS: Final = 20_000  # more are said anew: what is kept of them would be larger than they are
_DIGEST: Final = 32  # bytes of a SHA-256, before what it is of
_MADE: Final[dict[str, pd.DataFrame]] = {}


def remembered(
    *reads: str, named: Sequence[str] = ()
) -> Callable[[Callable[P, pd.DataFrame]], Callable[P, pd.DataFrame]]:
    """Remember the tables that a function of a table and of options makes.

    Parameters
    ----------
    reads
        Columns that the function looks at where they are there.
    named
        Options that name further columns: one, or several.

    Examples
    --------
    >>> @remembered("score")
    ... def counted(table):
    ...     print("counting")
    ...     return pd.DataFrame({"n": [len(table)], "columns": [table.shape[1]]})
    >>> counted(pd.DataFrame({"score": [1, 2], "name": ["a", "b"]}))
    counting
       n  columns
    0  2        1
    >>> counted(pd.DataFrame({"score": [1, 2], "name": ["c", "d"]}))["n"].item()
    2
    """

    def decorate(function: Callable[P, pd.DataFrame]) -> Callable[P, pd.DataFrame]:
        usual = {name: one.default for name, one in inspect.signature(function).parameters.items()}

        @functools.wraps(function)
        def asked(*args: P.args, **options: P.kwargs) -> pd.DataFrame:
            table = args[0] if len(args) == 1 else None
            columns = _columns([options.get(name, usual[name]) for name in named])
            known = isinstance(table, pd.DataFrame) and table.columns.is_unique and {*columns} <= {*table.columns}
            if not known:
                return function(*args, **options)  # which says what is wrong with it, of the whole table
            assert isinstance(table, pd.DataFrame)
            narrow = table[[name for name in table.columns if name in (*reads, *columns)]]
            key = _key(function, narrow, usual | dict(options))
            if key is None or narrow.shape[1] < 1 + len(set(columns)):
                return function(*args, **options)
            return _made(key, lambda: function(narrow, **options)).copy()  # type: ignore[arg-type]

        return asked

    return decorate


def while_it_lives(make: Callable[[T], V]) -> Callable[[T], V]:
    """Remember what a function makes of an object that does not change, as long as that object lives.

    Examples
    --------
    >>> @while_it_lives
    ... def counted(texts):
    ...     print("counting")
    ...     return len(texts)
    >>> texts = pd.Index(["a", "b"])
    >>> counted(texts)
    counting
    2
    >>> counted(texts)
    2
    """
    made: dict[int, tuple[weakref.ref[T], V]] = {}

    @functools.wraps(make)
    def of(thing: T) -> V:
        place = id(thing)  # of a thing that lives nothing else has it
        if place not in made:
            made[place] = weakref.ref(thing, lambda _: made.pop(place)), make(thing)
        return made[place][1]

    return of


def known(name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Return a table of which a name says all that it rests on; made once, whichever process asks first.

    Columns may be added to what is returned; the next call does not see them.

    Examples
    --------
    >>> known("a table of one", lambda: pd.DataFrame({"n": [1]})).assign(n=2)["n"].tolist()
    [2]
    >>> known("a table of one", lambda: pd.DataFrame({"n": [3]}))["n"].tolist()
    [1]
    """
    return _made(hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest(), make).copy(deep=False)


def _made(key: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Return a table by its key: from memory, from what another process left, or made now."""
    if key not in _MADE:
        found = _read(key)
        if found is None:
            found = make()
            _write(key, found)
        while len(_MADE) >= _MOST:
            _MADE.pop(next(iter(_MADE)))
        _MADE[key] = found
    return _MADE[key]


@contextmanager
def shared(folder: Path) -> Iterator[None]:
    """Let processes share a folder of such tables; what none of them asked for is forgotten when all went well."""
    private_folder(folder.parent)
    private_folder(folder)
    before, began = os.environ.get(FOLDER), time.time()
    os.environ[FOLDER] = str(folder.resolve())
    try:
        yield
        for path in folder.glob("*"):
            if path.stat().st_mtime < began - 1:
                path.unlink(missing_ok=True)
    finally:
        if before is None:
            del os.environ[FOLDER]
        else:
            os.environ[FOLDER] = before


def of_each(name: str, texts: Sequence[str], make: Callable[[list[str]], list[Any]]) -> list[Any]:
    """Return what `make` says of each text; other processes of a report, and the next report, ask for new ones only.

    Parameters
    ----------
    name
        What is said, with all that it depends on beside the text.
    texts
        The texts; of each its hash is kept.
    make
        What says it of some texts, in order, and of each whatever the others are; as JSON can hold it.

    Examples
    --------
    >>> of_each("lengths", ["a", "bcd"], lambda texts: [len(text) for text in texts])
    [1, 3]
    """
    hashes = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24] for text in texts]
    path = _place(name)
    said = _SAID.get((name, path))
    if said is None:
        said = _SAID[name, path] = _Said(_said_before(path), {})
    new = {key: text for key, text in zip(hashes, texts, strict=True) if key not in said.known}
    if new:
        said.known.update(zip(new, make(list(new.values())), strict=True))
    said.asked.update((key, said.known[key]) for key in hashes)
    if new and path is not None and len(said.asked) <= _MOST_TEXTS:
        _leave(path, json.dumps(said.asked).encode())
    return [said.known[key] for key in hashes]


def told(name: str, make: Callable[[], Any]) -> Any:
    """Return what `make` tells, as JSON holds it; other processes of a report, and the next report, read it.

    Parameters
    ----------
    name
        What is told, with a hash of all that it depends on.
    make
        What tells it.

    Examples
    --------
    >>> told("the answer to 6 * 7", lambda: [6 * 7])
    [42]
    """
    path = _place(name)
    content = None if path is None else _whole(path)
    if content:
        return json.loads(content)
    made = make()
    if path is not None:
        _leave(path, json.dumps(made).encode())
    return made


def table(name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Return a table that `make` makes; other processes of a report, and the next report, read it.

    Parameters
    ----------
    name
        What it is of, with a hash of all that it depends on.
    make
        What makes it.

    Examples
    --------
    >>> table("one number", lambda: pd.DataFrame({"n": [1]}))
       n
    0  1
    """
    made = _read(name)
    if made is None:
        made = make()
        _write(name, made)
    return made


def hash_of(tables: Iterable[pd.DataFrame], about: str = "") -> str | None:
    """Return one hash of all that tables hold and of what is said about them; None where cells are of mixed types.

    Examples
    --------
    >>> hash_of([pd.DataFrame({"n": [1]})]) == hash_of([pd.DataFrame({"n": [2]})])
    False
    """
    keys = [_key(hash_of, one, {}) for one in tables]
    return None if None in keys else hashlib.sha256(repr((keys, about)).encode()).hexdigest()


class _Said(NamedTuple):
    """What is known of texts by their hashes, and what of it this process was asked for."""

    known: dict[str, Any]
    asked: dict[str, Any]


_SAID: Final[dict[tuple[str, Path | None], _Said]] = {}


def _said_before(path: Path | None) -> dict[str, Any]:
    """Return what was said of texts; nothing where nobody shares it, or where it is damaged."""
    content = None if path is None else _whole(path)
    told: dict[str, Any] = json.loads(content) if content else {}
    return told


def _columns(named: Sequence[Any]) -> list[str]:
    return [name for told in named for name in ([told] if isinstance(told, str) else told or ())]


def _key(function: Callable[..., object], table: pd.DataFrame, options: dict[str, Any]) -> str | None:
    """Return one hash of a function, of all that a table holds, and of options.

    None where cells are of mixed types, or chance goes on from where a caller's generator stands.
    """
    if any(isinstance(told, np.random.Generator) for told in options.values()):
        return None
    said = {name: _plain(told) for name, told in options.items()}
    about = [f"{function.__module__}.{function.__qualname__}", repr(sorted(said.items(), key=lambda item: item[0]))]
    for name, column in table.items():
        if column.dtype == object and pd.api.types.infer_dtype(column, skipna=True) not in ("string", "empty"):
            return None
        about.append(f"{name!r} {_kind(column.dtype)}")
    digest = hashlib.sha256("\0".join(about).encode())
    for name in table.columns:
        _add(digest, table[name])
    rows = table.index
    place = f"{rows.start} {rows.stop} {rows.step}".encode() if isinstance(rows, pd.RangeIndex) else _sums(rows)
    digest.update(place)
    return digest.hexdigest()


def _add(digest: hashlib._Hash, column: pd.Series[Any]) -> None:
    """Add what a column holds: of texts the bytes they are kept in, which is ten times faster than one by one."""
    cells = column.array
    if isinstance(cells.dtype, pd.CategoricalDtype):
        digest.update(column.cat.codes.to_numpy().tobytes())
        digest.update(_of_texts(column.cat.categories))
    elif isinstance(cells.dtype, pd.StringDtype) and cells.dtype.storage == "pyarrow":
        import pyarrow as pa  # pandas has loaded it by now

        texts = pa.array(cells, type=pa.large_string())
        texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
        _, ends, letters = texts.buffers()
        places = np.frombuffer(ends, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
        digest.update(np.diff(places).tobytes())
        digest.update(texts.is_null().to_numpy(zero_copy_only=False).tobytes())
        digest.update(memoryview(letters)[places[0] : places[-1]] if letters is not None and len(texts) else b"")
    elif isinstance(cells.dtype, np.dtype) and cells.dtype != object:
        digest.update(column.to_numpy().tobytes())
    else:
        digest.update(_sums(column))


@while_it_lives
def _of_texts(categories: pd.Index[Any]) -> bytes:
    """Return a hash of categories: parts of a table are asked for often, and their texts are the same."""
    digest = hashlib.sha256()
    _add(digest, categories.to_series())
    return digest.digest()


def _kind(kind: Any) -> str:
    """Return what a column is of; not the categories, of which there may be millions."""
    if isinstance(kind, pd.CategoricalDtype):
        return f"category of {kind.categories.dtype!r}, {len(kind.categories)}, ordered: {kind.ordered}"
    return repr(kind)


def _sums(cells: pd.Series[Any] | pd.Index[Any]) -> bytes:
    return pd.util.hash_pandas_object(cells, index=False, categorize=True).to_numpy().tobytes()


def _plain(told: Any) -> Any:
    return sorted(told) if isinstance(told, (set, frozenset)) else list(told) if isinstance(told, tuple) else told


def _place(key: str) -> Path | None:
    folder = os.environ.get(FOLDER)
    return Path(folder) / hashlib.sha256(f"{key} {_made_by()}".encode()).hexdigest() if folder else None


@functools.cache
def _made_by() -> str:
    return " ".join([library_hash(), *(f"{name} {metadata.version(name)}" for name in _LIBRARIES)])


def _read(key: str) -> pd.DataFrame | None:
    path = _place(key)
    content = None if path is None else _whole(path)
    return pd.read_parquet(io.BytesIO(content)) if content else None


def _whole(path: Path) -> bytes | None:
    """Return what a file was written with; None where there is none or it is damaged, so that it is made anew."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    if hashlib.sha256(content[_DIGEST:]).digest() != content[:_DIGEST]:
        return None
    os.utime(path)
    return content[_DIGEST:]


def _leave(path: Path, content: bytes) -> None:
    write_bytes(private_file(path), hashlib.sha256(content).digest() + content)


def _write(key: str, table: pd.DataFrame) -> None:
    """Keep a table for other processes, where a file gives back the very same."""
    path = _place(key)
    if path is None:
        return
    buffer = io.BytesIO()
    try:
        table.to_parquet(buffer)
    except (TypeError, ValueError):  # of columns that a file cannot hold
        return
    content = buffer.getvalue()
    if _same(pd.read_parquet(io.BytesIO(content)), table):
        _leave(path, content)


def _same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    alike = one.equals(other) and one.dtypes.equals(other.dtypes) and one.index.equals(other.index)
    kinds = [type(index) for table in (one, other) for index in (table.index, table.columns)]
    return alike and kinds[:2] == kinds[2:] and one.attrs == other.attrs and list(one.columns) == list(other.columns)
