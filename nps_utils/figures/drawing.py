"""A figure as PNG and SVG, drawn once: to lay it out and go through its parts takes longer than to write either."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image
from PIL.PngImagePlugin import PngInfo

DPI: Final = 144
_POINTS: Final = 72  # of an inch
SCALE: Final = DPI / _POINTS
_STYLES: Final = 9  # where the arguments of a collection of paths that say how lines are drawn end: width, dashes
# Room beside and above the figure for what reaches beyond it, as long titles do, in inches.
_RIGHT, _ABOVE = 4, 1
_VIEW: Final = "viewBox"
_SIZE: Final = re.compile(rf'width="[^"]*" height="[^"]*" {_VIEW}="[^"]*"')


def both_kinds(figure: Figure, alt: str) -> tuple[dict[str, bytes], Bbox]:
    """Lay a figure out for good and return it as PNG and SVG, cut to what is drawn, with that part of it in inches.

    Parameters
    ----------
    figure
        The figure; its resolution becomes that of the PNG.
    alt
        What one would see, told in both files.

    Examples
    --------
    >>> files, part = both_kinds(Figure(), "Nothing is drawn here.")
    >>> files["png"][1:4], files["svg"][:5], bool(part.width > 1)
    (b'PNG', b'<?xml', True)
    """
    figure.set_dpi(DPI)
    canvas = _Canvas(figure, alt)
    if (engine := figure.get_layout_engine()) is not None:
        engine.execute(figure)
    figure.set_layout_engine(None)
    part = figure.get_tightbbox().padded(mpl.rcParams["savefig.pad_inches"])
    FigureCanvasAgg(figure)  # as it was
    if not canvas.holds(part):
        return {kind: _saved(figure, kind, part, alt) for kind in ("png", "svg")}, part
    width, height = figure.get_size_inches()
    figure.patch.set_bounds(part.x0 / width, part.y0 / height, part.width / width, part.height / height)
    figure.draw(canvas.both)
    return {"png": canvas.png(part, alt), "svg": canvas.svg(part)}, part


def _saved(figure: Figure, kind: str, part: Bbox, alt: str) -> bytes:
    """Return a part of a figure that reaches far beyond it."""
    buffer = io.BytesIO()
    about = {"Description": alt} if kind == "png" else {"Description": alt, "Date": None}
    figure.savefig(buffer, format=kind, metadata=about, bbox_inches=part, dpi=DPI)
    return buffer.getvalue()


class _Canvas(FigureCanvasAgg):
    """Where a figure is drawn; it is measured there as well, so that each text is measured once."""

    def __init__(self, figure: Figure, alt: str) -> None:
        super().__init__(figure)
        width, height = figure.get_size_inches()
        self.size = math.ceil(DPI * (width + _RIGHT)), math.ceil(DPI * (height + _ABOVE))
        self._written = io.StringIO()
        about = {"Description": alt, "Date": None}
        pixels: Callable[..., RendererAgg] = RendererAgg
        lines: Callable[..., RendererSVG] = RendererSVG
        self.both = _Both(pixels(*self.size, DPI), lines(*self.size, self._written, image_dpi=_POINTS, metadata=about))

    def get_renderer(self) -> _Both:
        """Return where to draw, and to measure."""
        return self.both

    def holds(self, part: Bbox) -> bool:
        """Say whether a part in inches lies within what is drawn; a margin of nothing may lie outside."""
        width, height = (side / DPI for side in self.size)
        pad: float = mpl.rcParams["savefig.pad_inches"]
        return bool(part.x0 >= -pad and part.y0 >= -pad and part.x1 <= width and part.y1 <= height)

    def png(self, part: Bbox, alt: str) -> bytes:
        """Return a part of what was drawn as PNG."""
        width, height = int(DPI * part.width), int(DPI * part.height)
        left, top = round(DPI * part.x0), round(self.size[1] - DPI * part.y1)
        drawn = np.asarray(self.both.pixels.buffer_rgba())
        within = drawn[max(top, 0) : top + height, max(left, 0) : left + width, :3]  # nothing of it is transparent
        # Beside the figure, on the left and below, there is only its margin.
        above, before = max(-top, 0), max(-left, 0)
        beyond = (above, height - above - within.shape[0]), (before, width - before - within.shape[1])
        picture = np.pad(within, (*beyond, (0, 0)), mode="edge") if any(map(any, beyond)) else within
        told, buffer = PngInfo(), io.BytesIO()
        told.add_text("Description", alt)
        Image.fromarray(np.ascontiguousarray(picture)).save(buffer, "png", dpi=(DPI, DPI), pnginfo=told)
        return buffer.getvalue()

    def svg(self, part: Bbox) -> bytes:
        """Return a part of what was drawn as SVG."""
        self.both.lines.finalize()
        written = self._written.getvalue()
        left, top = DPI * part.x0, self.size[1] - DPI * part.y1
        width, height = DPI * part.width, DPI * part.height
        size = f'width="{width / SCALE:.6g}pt" height="{height / SCALE:.6g}pt"'
        return _SIZE.sub(f'{size} {_VIEW}="{left:.6g} {top:.6g} {width:.6g} {height:.6g}"', written, count=1).encode()


class _Both(RendererBase):
    """Draws into pixels and, in the same units, into lines, of which it has to say the width in these units."""

    def __init__(self, pixels: Any, lines: Any) -> None:
        super().__init__()
        self.pixels, self.lines = pixels, lines

    def draw_path(self, gc: GraphicsContextBase, *args: Any, **kwargs: Any) -> None:
        self.pixels.draw_path(gc, *args, **kwargs)
        self.lines.draw_path(self._larger(gc), *args, **kwargs)

    def draw_markers(self, gc: GraphicsContextBase, *args: Any, **kwargs: Any) -> None:
        self.pixels.draw_markers(gc, *args, **kwargs)
        self.lines.draw_markers(self._larger(gc), *args, **kwargs)

    def draw_path_collection(self, gc: GraphicsContextBase, *args: Any, **kwargs: Any) -> None:
        self.pixels.draw_path_collection(gc, *args, **kwargs)
        *before, widths, styles = args[:_STYLES]
        wide = [SCALE * width for width in widths]
        dashed = [(SCALE * at, dashes and [SCALE * dash for dash in dashes]) for at, dashes in styles]
        self.lines.draw_path_collection(self._larger(gc), *before, wide, dashed, *args[_STYLES:], **kwargs)

    def draw_quad_mesh(self, gc: GraphicsContextBase, *args: Any, **kwargs: Any) -> None:
        self.pixels.draw_quad_mesh(gc, *args, **kwargs)
        self.lines.draw_quad_mesh(self._larger(gc), *args, **kwargs)

    def draw_image(self, *args: Any, **kwargs: Any) -> None:
        self.pixels.draw_image(*args, **kwargs)
        self.lines.draw_image(*args, **kwargs)

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        self.pixels.draw_text(gc, x, y, s, prop, angle, ismath, mtext)
        larger = prop.copy()
        larger.set_size(SCALE * prop.get_size_in_points())
        self.lines.draw_text(gc, x, y, s, larger, angle, ismath, mtext)

    def _larger(self, gc: GraphicsContextBase) -> GraphicsContextBase:
        """Return how to draw lines where a point is as many units as it has pixels."""
        larger = self.new_gc()
        larger.copy_properties(gc)
        larger.set_linewidth(SCALE * gc.get_linewidth())
        dashes: Any
        at, dashes = gc.get_dashes()
        larger.set_dashes(SCALE * at, dashes and [SCALE * dash for dash in dashes])
        return larger

    def open_group(self, s: str, gid: str | None = None) -> None:
        self.lines.open_group(s, gid)

    def close_group(self, s: str) -> None:
        self.lines.close_group(s)

    def flipy(self) -> bool:
        return True

    def get_canvas_width_height(self) -> Any:
        return self.pixels.get_canvas_width_height()

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> Any:
        return self.pixels.get_text_width_height_descent(s, prop, ismath)

    def points_to_pixels(self, points: Any) -> Any:
        return self.pixels.points_to_pixels(points)
