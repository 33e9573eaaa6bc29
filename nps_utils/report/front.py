"""The first page and what one takes away beside it: made of a whole study, kept as texts and pictures for the site."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from nps_utils.files import write_bytes, write_text
from nps_utils.pages.page import Picture
from nps_utils.report import summary, takeaway
from nps_utils.study.study import Study

_FILE: Final = "front.json"


@dataclass(frozen=True)
class Front:
    """What the site shows of a study beside its notebooks, and the line that the command ends with."""

    pages: summary.Pages
    pictures: Mapping[str, Picture]
    headline: str

    @classmethod
    def of(
        cls,
        study: Study,
        story: summary.Story,
        notebooks: Sequence[str],
        *,
        pictures: Mapping[str, Picture] | None = None,
    ) -> Front:
        """Return what is said and shown of a story; its pictures are drawn unless they are given."""
        shown = pictures or summary.save_pictures(story, study)
        today = dt.datetime.now(dt.UTC).date()
        texts = summary.pages(study, story, notebooks, made_on=today, pictures=shown)
        return cls(texts, shown, summary.headline(study))

    def keep(self, folder: Path) -> None:
        """Write it into a folder, for the process that builds the site."""
        told = {name: {"alt": one.alt, "points": one.points} for name, one in self.pictures.items()}
        about = {"pages": asdict(self.pages), "pictures": told, "headline": self.headline}
        for name, picture in self.pictures.items():
            write_bytes(folder / f"{name}.png", picture.png)
        write_text(folder / _FILE, json.dumps(about))

    @staticmethod
    def is_kept(folder: Path) -> bool:
        """Say whether another process has kept one."""
        return (folder / _FILE).is_file()  # written last

    @classmethod
    def kept(cls, folder: Path) -> Front:
        """Return what another process has kept."""
        about = json.loads((folder / _FILE).read_text("utf-8"))
        pictures = {
            name: Picture((folder / f"{name}.png").read_bytes(), one["alt"], tuple(map(tuple, one["points"])))
            for name, one in about["pictures"].items()
        }
        return cls(summary.Pages(**about["pages"]), pictures, about["headline"])


def take_away(study: Study, result: summary.Summary, notebooks: Sequence[str]) -> Front:
    """Tell the story of a study and write the results that rest on no page.

    Those are numbers for machines, ledger, follow-up lists and a guide.
    """
    story = summary.tell(study)
    study.results.mkdir(parents=True, exist_ok=True)
    pictures = summary.save_pictures(story, study)
    told = summary.with_comments(result, story.remarks)
    text = json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False)
    write_text(study.results / "summary.json", text + "\n")
    write_text(study.results / "README.md", summary.results_guide())
    takeaway.write_ledger(study)
    takeaway.write_contacts(study, story.contacts)
    return Front.of(study, story, notebooks, pictures=pictures)
