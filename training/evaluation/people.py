"""Who likes what, by real people: ratings that somebody brings, as a table with a folder of images.

Ratings become groups of five (`training.data.rated_rounds`), and PerFusionRM learns from them who
ticks what. It is judged on groups that were held out, and on raters that it never saw, beside the
crowd's mean, the mean rating of the very image, models without profiles, and profiles exchanged.
"""

import argparse
import logging
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from training.config import ConfigError, RewardConfig, load_config
from training.data.groups import ROUNDS_FILE
from training.data.own_fields import SCHEMA_FILE
from training.data.rated_rounds import EQUAL, GROUP, Grouping, bring_pictures, write_rated_rounds
from training.data.ratings import RatingTable, read_ratings
from training.evaluation.kept_parts import fingerprint
from training.evaluation.people_figures import measure_people
from training.evaluation.reward import RECIPE
from training.loops.reward import backbone_of
from training.results import RESULTS, Figure, write_results

NAME = "people"

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class PeopleEvaluation:
    """What is measured, and where the figures go.

    Attributes:
        ratings: the table, see `training.data.ratings`.
        images: folder of the rated images, searched with its subfolders.
        grouping: how ratings become rounds.
        personal: recipe of the reward model.
        taught: rounds of a new user that teach a taste at once; the later ones judge.
        work: folder for the export of rounds and for runs.
        results: folder of the result file.
    """

    ratings: RatingTable
    images: Path
    grouping: Grouping = field(default_factory=Grouping)
    personal: RewardConfig
    taught: int = 5
    work: Path = Path("runs/evaluation/people")
    results: Path = RESULTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training.evaluate people`."""
    grouping = Grouping()
    parser.add_argument(
        "--ratings",
        type=Path,
        required=True,
        metavar="FILE",
        help="CSV with a line per rating: user, image, rating",
    )
    parser.add_argument(
        "--images", type=Path, required=True, metavar="FOLDER", help="with the rated images"
    )
    for column, what in (
        ("user", "that names the rater"),
        ("image", "with the image's file name, with or without folder and ending"),
        ("rating", "of the rating, a number; more is better"),
    ):
        name = f"--{column}-column"
        parser.add_argument(name, default=column, metavar="COLUMN", help=f"column {what}")
    parser.add_argument(
        "--wide", action="store_true", help="a line per image, and a column per rater"
    )
    parser.add_argument(
        "--user-fields",
        default="",
        metavar="COLUMN,COLUMN",
        help="columns of what raters tell of themselves, such as age,sex",
    )
    parser.add_argument(
        "--users",
        type=Path,
        metavar="FILE",
        help="CSV with a line per rater that has those columns, where the ratings have them not",
    )
    parser.add_argument(
        "--prompt", default=grouping.prompt, help="what raters are taken to have been asked for"
    )
    parser.add_argument(
        "--new-users",
        type=float,
        default=grouping.new_users,
        metavar="SHARE",
        help="of the raters, whom training never sees",
    )
    parser.add_argument(
        "--taught",
        type=int,
        default=PeopleEvaluation.taught,
        metavar="ROUNDS",
        help="of a new rater, which teach a taste at once; the later ones judge",
    )
    parser.add_argument(
        "--checkpoint", type=Path, default=Path("checkpoints/atelier"), help="whose CLIP is used"
    )
    parser.add_argument(
        "--backbone",
        default="",
        metavar="FOLDER_OR_ID",
        help="CLIP whose image features are used, frozen; empty for the checkpoint's own",
    )
    parser.add_argument("--recipe", type=Path, default=RECIPE, help="TOML with a table `reward`")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change one setting of it"
    )
    parser.add_argument("--seed", type=int, default=0, help="of groups, new users and weights")
    parser.add_argument("--work", type=Path, default=PeopleEvaluation.work)
    parser.add_argument("--results", type=Path, default=RESULTS)


def from_options(options: argparse.Namespace) -> PeopleEvaluation:
    """The parsed command line as a configuration.

    Raises:
        ConfigError: numbers, a recipe or a setting that can't be used.
    """
    if not 0 <= options.new_users < 1 or options.taught < 0 or not options.prompt.strip():
        raise ConfigError(
            "--new-users is a share from 0 to below 1, --taught a number of rounds from 0 on, and "
            "--prompt a few words."
        )
    recipe = load_config("reward", options.recipe, options.set)
    fields = [name.strip().casefold() for name in options.user_fields.split(",")]
    return PeopleEvaluation(
        ratings=RatingTable(
            file=options.ratings,
            user=options.user_column.casefold(),
            image=options.image_column.casefold(),
            rating=options.rating_column.casefold(),
            wide=options.wide,
            user_fields=tuple(dict.fromkeys(name for name in fields if name)),
            users=options.users,
        ),
        images=options.images,
        grouping=Grouping(prompt=options.prompt, new_users=options.new_users, seed=options.seed),
        personal=replace(
            recipe,
            checkpoint=str(options.checkpoint),
            backbone=options.backbone,
            seed=options.seed,
        ),
        taught=options.taught,
        work=options.work,
        results=options.results,
    )


def run(config: PeopleEvaluation, command: str) -> dict[str, Figure]:
    """Read the ratings, train, judge, and write the result file.

    Returns:
        All figures that are in the file.

    Raises:
        RatingsError: the ratings or their images can't be used.
        StudioError: a model is missing or damaged.
    """
    folder = config.work / "rounds"
    read = bring_pictures(read_ratings(config.ratings), config.images, folder)
    rounds, ratings = write_rated_rounds(read, config.grouping, folder)
    log.info("%s", ratings.report())
    personal = replace(config.personal, rounds=str(folder))
    runs = config.work / "runs" / _mark(folder, personal)
    figures = measure_people(rounds, ratings, personal, runs, config.taught)
    figures["raters"] = Figure.exact(len({each.store_id for each in rounds.rounds}))
    figures["images"] = Figure.exact(len({name for each in rounds.rounds for name in each.images}))
    figures["rounds"] = Figure.exact(len(rounds.rounds))
    figures |= _left_out(ratings.left_out)
    write_results(NAME, command, [config.grouping.seed], figures, config.results)
    return figures


def _left_out(reasons: Mapping[str, int]) -> dict[str, Figure]:
    """Ratings by the reason why they were left out, and groups whose ratings were all equal."""
    figures = {
        f"left_out_{re.sub(r'[^a-z]+', '_', reason)}": Figure.exact(count)
        for reason, count in sorted(reasons.items())
    }
    figures["groups_without_a_difference"] = Figure.exact(reasons.get(EQUAL, 0) // GROUP)
    return figures


def _mark(folder: Path, recipe: RewardConfig) -> str:
    """What a run depends on, as a hash: other ratings, models or settings begin anew."""
    facts = {key: str(value) for key, value in asdict(recipe).items() if key != "rounds"}
    read = [folder / ROUNDS_FILE, folder / SCHEMA_FILE, Path(backbone_of(recipe))]
    return fingerprint(read, facts)
