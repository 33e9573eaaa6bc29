"""The command `nps`: new, clean, report, plan. Exit code 0; 2 for input that cannot be used; 1 for our own failure.

Each command imports what it needs when it runs, so that `nps --help` and `nps plan` answer at once: the libraries that
read exports, draw and run notebooks take seconds to load. A test holds this.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from nps_utils.checks import BadInput, BadValue, PageFailed, check_choice
from nps_utils.report.running.told_first import one_thread_each

if TYPE_CHECKING:
    from nps_utils.scale import Scale
    from nps_utils.stats.arithmetic.mixes import Mix

app = typer.Typer(
    help="NPS of a survey: from exports to a report, with intervals.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
# What --column says of what is in no column.
_NO_COLUMN = "none"
Folder = Annotated[Path, typer.Argument(help="The folder of the study.")]


@app.command()
def new(
    folder: Folder,
    exports: Annotated[
        list[str],
        typer.Argument(
            help="Export files of a survey tool, folders of Parquet files, or queries:"
            ' "duckdb:///file.db::SELECT * FROM answers".'
        ),
    ],
    timezone: Annotated[str | None, typer.Option(help="Time zone of the study, such as Europe/Stockholm.")] = None,
    title: Annotated[str | None, typer.Option(help="Title of the report.")] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(help='A column that is not recognised: --column score="How likely ...?", or comment=none.'),
    ] = None,
    sheet: Annotated[
        list[str] | None,
        typer.Option(help='A sheet of a workbook in which several hold answers; again for each, or "--sheet all".'),
    ] = None,
    weight: Annotated[str | None, typer.Option(help="The column that says how much each answer weighs.")] = None,
    day_first: Annotated[
        bool | None, typer.Option("--day-first/--month-first", help="How to read 03/04/2026 where no date proves it.")
    ] = None,
    shared: Annotated[
        list[str] | None, typer.Option(help="An address or id that several people share: every answer counts.")
    ] = None,
    one_person: Annotated[
        list[str] | None, typer.Option(help="An address or id of one person who answered very often.")
    ] = None,
    scale: Annotated[
        list[str] | None,
        typer.Option(
            help="What the numbers of the score stand for where that is refused: 0-10, 1-10, 1-11 (codes) or 10-0 (0 is"
            ' best); for one export: --scale "file.csv=1-11".'
        ),
    ] = None,
    label: Annotated[
        list[str] | None,
        typer.Option(help='What a score cell stands for: --label "Extremt sannolikt=10", or "Vet ej=none".'),
    ] = None,
    wave_order: Annotated[
        list[str] | None,
        typer.Option(help="A wave of the export; again for each, from the first to the last, where names do not tell."),
    ] = None,
    ignore_groups: Annotated[
        bool, typer.Option("--ignore-groups", help="The groups that the tool wrote beside the scores are wrong.")
    ] = False,
) -> None:
    """Start a study: recognise the exports, copy them to FOLDER/raw and write a commented study.toml."""
    from nps_utils.exports.files.database import local_copy
    from nps_utils.report.recognising import Help
    from nps_utils.report.start import start_study

    asked = sys.stdin.isatty()
    if timezone is None and asked:
        timezone = typer.prompt("Time zone of the study, such as Europe/Stockholm", default="UTC")
    columns = _columns_of(column or [])
    told = Help(
        columns,
        sheet=tuple(sheet or ()),
        day_first=day_first,
        weight=weight,
        wave_order=tuple(wave_order or ()),
        ask_day_first=_ask_day_first if asked else None,
        shared=tuple(shared or ()),
        one_person=tuple(one_person or ()),
        ask_shared=_ask_shared if asked else None,
        scales=_scales_of(scale or []),
        labels=_labels_of(label or []),
        groups="ignore" if ignore_groups else "check",
    )
    with tempfile.TemporaryDirectory() as scratch:
        paths = [local_copy(export, Path(scratch)) for export in exports]
        for line in start_study(folder, paths, timezone=timezone, title=title, told=told, command=_command()):
            typer.echo(line)


def _command() -> str:
    """Return what to type for this command: its path where the shell would not find it by name."""
    path = Path(sys.argv[0])
    if path.name == "__main__.py":  # a module of a package is no program: Python runs it
        found = shutil.which("python")
        same = found is not None and os.path.samefile(found, sys.executable)
        return f"{'python' if same else sys.executable} -m nps_utils"
    return path.name if not path.is_file() or shutil.which(path.name) else str(path)


def _ask_day_first(readings: str) -> bool:
    """Show both readings of a file's dates and ask which is right; there is no default."""
    typer.echo(readings)
    return typer.confirm("Does the day come first?", default=None)


def _ask_shared(readings: str) -> bool:
    """Name who is behind many answers and ask whether those are several people; there is no default."""
    typer.echo(readings)
    return typer.confirm("Do several people share it?", default=None)


def _columns_of(given: list[str]) -> dict[str, str | list[str]]:
    """Read `name=header` pairs; a name that comes twice has two columns, and `none` says that there is none."""
    columns: dict[str, list[str]] = {}
    for text in given:
        name, _, header = text.partition("=")
        if not (name and header):
            raise BadValue(f'--column {text!r} is not a name and a header: write --column score="How likely ...?"')
        headers = columns.setdefault(name.strip(), [])
        if header.strip() != _NO_COLUMN:
            headers.append(header.strip())
    return {name: headers[0] if len(headers) == 1 else headers for name, headers in columns.items()}


def _scales_of(given: list[str]) -> dict[str, Scale]:
    """Read scales, each of all exports or, behind a name and `=`, of one."""
    from nps_utils.scale import SCALES

    scales: dict[str, Scale] = {}
    for text in given:
        name, _, said = text.rpartition("=")
        check_choice("--scale", said.strip(), list(SCALES))
        scales[name.strip()] = cast("Scale", said.strip())
    return scales


def _labels_of(given: list[str]) -> dict[str, int | None]:
    """Read `label=score` pairs."""
    from nps_utils.scale.cells import check_labels

    labels: dict[str, int | None] = {}
    for text in given:
        label, _, score = (part.strip() for part in text.rpartition("="))
        if not label or not (score.isdecimal() or score.casefold() == "none"):
            raise BadValue(f'--label {text!r} is not a label and a score: write --label "Extremt sannolikt=10".')
        labels[label] = int(score) if score.isdecimal() else None
    check_labels(labels)
    return labels


@app.command()
def clean(folder: Folder) -> None:
    """Print what came in, what was kept, and why each other row was not."""
    from nps_utils import tables
    from nps_utils.report.progress import Course
    from nps_utils.study.study import Study

    study = Study.open(folder)
    with Course(None).stage("cleaning"):
        responses, ledger = study.responses(), study.ledger()
    typer.echo(tables.cleaning.flow_sentence(tables.cleaning.flow(responses, ledger)) + "\n")
    if further := study.further_tables():
        typer.echo("\n".join([*further, ""]))
    typer.echo(
        "\n".join(["Decisions about whole files, with the evidence", *tables.cleaning.decision_lines(ledger), ""])
    )
    for table in (tables.cleaning.rejected(ledger), tables.cleaning.flagged(ledger)):
        typer.echo(f"{table!r}\n")
    if responses.empty:
        why = "The rejected rows above say why" if len(ledger[ledger["action"] == "rejected"]) else "No row came in"
        raise BadValue(
            f"{folder}: no row is an answer that counts, so there is no score. {why}; results/ and report/ are not made"
            " of nothing."
        )


@app.command()
def report(
    folder: Folder,
    force: Annotated[bool, typer.Option("--force", help="Run every notebook, also where nothing changed.")] = False,
    with_contacts: Annotated[
        bool, typer.Option("--with-contacts", help="Copy the follow-up lists, with names, into the site.")
    ] = False,
) -> None:
    """Run all notebooks on the study in FOLDER and build its site."""
    from nps_utils.report import unchanged

    told = None if force else unchanged.headline(folder, contacts_in_site=with_contacts)
    if told is not None:
        typer.echo(f"Nothing has changed since this report was made.\n\n{folder / 'report' / 'index.html'}\n{told}")
        return

    from nps_utils.study.study import Study

    study = Study.open(folder)
    from nps_utils.report.running import conductor, crew

    if _is_the_process() and crew.can_fork():
        conductor.go_on()
    from nps_utils.report import build as reports

    index = reports.build(study, force=force, contacts_in_site=with_contacts, say=typer.echo)
    typer.echo(f"\n{index}\n{unchanged.last_headline(folder)}")
    conductor.end()


@app.command()
def plan(
    population: Annotated[int | None, typer.Option(help="How many customers there are to ask.")] = None,
    margin: Annotated[float, typer.Option(help="Half the width of the interval, in points of NPS.")] = 5.0,
    mix: Annotated[str, typer.Option(help="Expected shares of detractors, passives, promoters.")] = "0.1,0.2,0.7",
    change: Annotated[float | None, typer.Option(help="A change that you would want to see, in points.")] = None,
) -> None:
    """Print how many answers are needed, and what so many can show of a change."""
    from nps_utils.stats.planning.answers_needed import answers_for
    from nps_utils.tables.plan import needed_words

    typer.echo(needed_words(answers_for(margin=margin, population=population, mix=_mix_of(mix), change=change)))


def _mix_of(text: str) -> Mix:
    try:
        low, middle, high = (float(part) for part in text.split(","))
    except ValueError as problem:
        raise BadValue(
            f'--mix "{text}" is not three shares of detractors, passives and promoters. Write --mix 0.2,0.1,0.7.'
        ) from problem
    if max(low, middle, high) > 1 and low + middle + high == 100:
        raise BadValue(
            f'--mix "{text}" is in per cent; write shares that sum to 1:'
            f" --mix {low / 100:g},{middle / 100:g},{high / 100:g}."
        )
    return low, middle, high


def _is_the_process() -> bool:
    """Say whether this process is the command and nothing else: no test, no notebook, no program of somebody's own."""
    return getattr(sys.modules["__main__"], "main", None) is main


def main() -> None:
    """Run the command line; a problem of the input ends with its message and exit code 2, never a traceback."""
    one_thread_each()  # before anything numerical is loaded
    try:
        app()
    except BadInput as error:
        sys.exit(_told(str(error), 2))
    except OSError as error:
        from nps_utils.files import disk_trouble

        if (told := disk_trouble(error)) is None:
            raise
        sys.exit(_told(told, 2))
    except PageFailed as error:
        sys.exit(_told(f"{error}\nThis is a failure of ours, not of your data; please report it.", 1))


def _told(message: str, code: int) -> int:
    sys.stdout.flush()
    sys.stderr.write(f"nps: {message}\n")
    return code
