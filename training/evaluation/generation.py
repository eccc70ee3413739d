"""Personalised generation, compared: which generator draws what the stores really like?

Parts: a generator and a seed each, so that a stopped evaluation goes on; then the figures, and
the picture of two stores. The generators are those of `python -m training.generators`.
"""

import argparse
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

import torch

from studio.domain import StudioError
from studio.perfusion.checkpoint import load_phrasebook
from studio.perfusion.phrasebook import Phrasebook
from studio.perfusion.profile import Profile
from studio.perfusion.reward_backbone import TwoTowerBackbone
from studio.perfusion.reward_model import PerFusionRM
from training.atelier.oracle import Oracle
from training.config import ConfigError
from training.data.batches import ImageBank, load_image_bank
from training.data.groups import Rounds, read_rounds
from training.data.latent_rounds import fingerprint as fingerprint_of_model
from training.evaluation.contenders import (
    CONTENDERS,
    PARTS,
    PERFUSION,
    PLAIN,
    Contest,
    Drawing,
)
from training.evaluation.generation_figures import Judgements, all_figures
from training.evaluation.judged import Judged, together
from training.evaluation.judges import Judges
from training.evaluation.kept_parts import fingerprint
from training.evaluation.panel import Panel, choose_panel
from training.evaluation.store_sheet import store_sheet
from training.key_phrases import Phrases, key_phrases, main_phrases
from training.loops.image_head import train_image_head
from training.reader import load_reader
from training.results import RESULTS, Figure, write_results

NAME = "generation"
PICTURE = "stores.png"
BANK = "bank"

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """How much is drawn.

    Attributes:
        stores: of those in training.
        new_stores: of those that training never saw.
        prompts: per seed.
        candidates: images to every question.
        seeds: of images and prompts.
    """

    stores: int = 32
    new_stores: int = 8
    prompts: int = 2
    candidates: int = 4
    seeds: tuple[int, ...] = (0, 1, 2)


@dataclass(frozen=True, kw_only=True)
class GenerationEvaluation:
    """What is compared, by whom, and where the figures go.

    Attributes:
        generators: folder with a checkpoint folder for each generator.
        reward_model: folder of the personalised reward model that judges.
        reader: folder of the attribute reader that judges.
        rounds: export that the generators learnt from; its held-out prompts are asked.
        oracle: the true tastes that belong to it.
        amounts: how much is drawn.
        drawing: how images are made.
        kept: folder of judgements of earlier runs.
        images: folder of the picture.
        results: folder of the result files.
    """

    generators: Path = Path("runs/generators")
    reward_model: Path = Path("checkpoints/atelier/reward_model")
    reader: Path = Path("checkpoints/reader")
    rounds: Path = Path("runs/market")
    oracle: Path = Path("runs/oracle")
    amounts: Amounts = field(default_factory=Amounts)
    drawing: Drawing = field(default_factory=Drawing)
    kept: Path = Path("runs/evaluation/generation")
    images: Path = Path("docs/images")
    results: Path = RESULTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training.evaluate generation`."""
    standard, amounts = GenerationEvaluation(), Amounts()
    for name in ("generators", "reward_model", "reader", "rounds", "oracle"):
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, type=Path, default=getattr(standard, name), metavar="FOLDER")
    for name in ("stores", "new_stores", "prompts", "candidates"):
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, type=int, default=getattr(amounts, name), metavar="COUNT")
    parser.add_argument("--seeds", default=",".join(map(str, amounts.seeds)), metavar="SEED,SEED")
    parser.add_argument("--steps", type=int, default=None)
    parser.add_argument("--guidance-scale", type=float, default=None)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=0)
    for name in ("kept", "images", "results"):
        parser.add_argument(
            f"--{name}", type=Path, default=getattr(standard, name), metavar="FOLDER"
        )


def from_options(options: argparse.Namespace) -> GenerationEvaluation:
    """The parsed command line as a configuration.

    Raises:
        ConfigError: seeds that are no numbers, or counts below what can be compared.
    """
    amounts = Amounts(
        stores=options.stores,
        new_stores=options.new_stores,
        prompts=options.prompts,
        candidates=options.candidates,
        seeds=_seeds_of(options.seeds),
    )
    if amounts.stores < 2 or amounts.prompts < 1 or not 2 <= amounts.candidates <= 16:
        raise ConfigError(
            "The comparison takes at least 2 stores and 1 prompt, and 2 to 16 candidates."
        )
    return GenerationEvaluation(
        generators=options.generators,
        reward_model=options.reward_model,
        reader=options.reader,
        rounds=options.rounds,
        oracle=options.oracle,
        amounts=amounts,
        drawing=Drawing(options.steps, options.guidance_scale, options.device, options.threads),
        kept=options.kept,
        images=options.images,
        results=options.results,
    )


def run(config: GenerationEvaluation, command: str) -> dict[str, Figure]:
    """Draw and judge what is not kept from an earlier run, and write the result file.

    Generators that have not been trained are left out, and named.

    Args:
        config: what to compare.
        command: the line that was typed.

    Returns:
        All figures that are in the file.

    Raises:
        StudioError: plain or PerFusion, a judge, the rounds or the oracle can't be used.
        ConfigError: a folder can't be written to.
    """
    _make_folders(config)
    shared = _Shared(config)
    names = _trained(config)
    judged: dict[str, Judged] = {}
    for name in names:
        judged[name] = together([_seed_of(config, shared, name, turn) for turn in shared.turns])
    panel = shared.panel
    figures = all_figures(
        Judgements(judged, panel.tastes(shared.oracle), panel.asked(shared.book), panel.new)
    )
    figures |= {
        "stores": Figure.exact(config.amounts.stores),
        "new_stores": Figure.exact(config.amounts.new_stores),
        "prompts": Figure.exact(len({prompt for row in panel.prompts for prompt in row})),
        "candidates": Figure.exact(config.amounts.candidates),
    }
    generator = config.drawing.open(config.generators / CONTENDERS[PERFUSION].folder)
    picture = store_sheet(generator, shared.rounds, panel, config.drawing)
    if picture is not None:
        picture.save(config.images / PICTURE)
    write_results(NAME, command, config.amounts.seeds, figures, config.results)
    return figures


class _Shared:
    """What all generators share, each opened when it is first needed."""

    def __init__(self, config: GenerationEvaluation) -> None:
        self.config = config
        self.rounds: Rounds = read_rounds(config.rounds)
        self.oracle = Oracle.load(config.oracle)
        amounts = config.amounts
        self.panel: Panel = choose_panel(
            self.rounds,
            amounts.stores,
            amounts.new_stores,
            amounts.prompts,
            amounts.seeds,
            amounts.candidates,
        )
        self.turns = range(len(amounts.seeds))
        self.book = self._book()
        self.contest = Contest(self.panel, self._judges(), config.drawing, self.keys, self.book)

    @cached_property
    def keys(self) -> dict[str, tuple[str, ...]]:
        """Store id -> key phrases, from its rounds in training."""
        history = [
            each
            for each in self.rounds.of_split("train").rounds
            if all(name in self.bank.rows for name in each.images)
        ]
        rows = self.bank.features
        if rows is None:
            raise TypeError("Key phrases need a backbone with two towers.")
        images = {name: rows[self.bank.rows[name]] for each in history for name in each.images}
        return key_phrases(history, images, self._phrases())

    @cached_property
    def bank(self) -> ImageBank:
        """What the frozen backbone makes of the training rounds' images."""
        training = self.rounds.of_split("train").rounds
        names = sorted({name for each in training for name in each.images})
        cache = self.config.kept.parent / BANK
        return load_image_bank(self.rounds.folder, names, self.reward_model, cache)

    @cached_property
    def reward_model(self) -> PerFusionRM:
        """The judge for the store.

        Raises:
            StudioError: it isn't there, or its backbone has no image features of its own.
        """
        model = PerFusionRM.from_pretrained(self.config.reward_model)
        if not isinstance(model.backbone, TwoTowerBackbone):
            raise StudioError(
                f"The reward model in {self.config.reward_model} has a backbone with one tower; "
                "this comparison needs CLIP or SigLIP."
            )
        return model.to(self._device).eval()

    @cached_property
    def _device(self) -> torch.device:
        chosen = self.config.drawing.device
        if chosen == "auto":
            return torch.device("cuda" if torch.cuda.is_available() else "cpu")
        return torch.device(chosen)

    def mark(self, name: str, turn: int) -> str:
        """What a part's judgements depend on, as a hash."""
        config, panel, contender = self.config, self.panel, CONTENDERS[name]
        folder = config.generators / contender.folder
        judges = [config.reader, config.reward_model, config.reward_model.parent / "clip"]
        stores: Sequence[Profile] = panel.stores
        facts: dict[str, object] = {
            "stores": [store.to_json() for store in stores],
            "prompts": panel.prompts[turn],
            "seed": panel.seeds[turn],
            "candidates": panel.candidates,
            "steps": config.drawing.steps,
            "guidance_scale": config.drawing.guidance_scale,
            "contender": asdict(contender),
            "aesthetics": fingerprint_of_model(self.contest.judges.aesthetics),
            "keys": self.keys if contender.key_phrases else {},
        }
        return fingerprint([*judges, *(folder / part for part in PARTS)], facts)

    def _judges(self) -> Judges:
        head = train_image_head(self.rounds.of_split("train"), self.bank)
        return Judges(
            load_reader(self.config.reader, self._device),
            self.reward_model,
            head.to(self._device),
        )

    def _book(self) -> Phrasebook:
        book = load_phrasebook(self.config.generators / CONTENDERS[PLAIN].folder)
        if book is None:
            raise StudioError(
                f"The generator in {self.config.generators / PLAIN} has no phrasebook, so nothing "
                "says which attributes a prompt asks for."
            )
        return book

    @torch.no_grad()
    def _phrases(self) -> Phrases:
        names, model = main_phrases(self.book), self.reward_model
        ids, mask = (part.to(model.device) for part in model.processor.prompts(names))
        backbone = model.backbone
        if not isinstance(backbone, TwoTowerBackbone):
            raise TypeError("Key phrases need a backbone with two towers.")
        return Phrases(names, backbone.text_features(ids, mask, None).float().cpu())


def _seed_of(config: GenerationEvaluation, shared: _Shared, name: str, turn: int) -> Judged:
    """One generator's judgements for one seed, from an earlier run where nothing changed."""
    file = config.kept / f"{name}-{shared.panel.seeds[turn]}-{shared.mark(name, turn)}.safetensors"
    kept = Judged.load(file)
    if kept is not None:
        return kept
    generator = config.drawing.open(config.generators / CONTENDERS[name].folder)
    judged = shared.contest.judge(name, generator, turn)
    judged.save(file)
    return judged


def _trained(config: GenerationEvaluation) -> list[str]:
    names = []
    for name, contender in CONTENDERS.items():
        if (config.generators / contender.folder).is_dir():
            names.append(name)
        elif name in (PLAIN, PERFUSION):
            raise StudioError(
                f"There is no generator at {config.generators / contender.folder}. Train those "
                "that are compared with python -m training.generators."
            )
        else:
            log.warning("%s is left out: it has not been trained", name)
    return names


def _make_folders(config: GenerationEvaluation) -> None:
    """Make them now: an hour later would be late to learn that it can't be done."""
    for folder in (config.kept, config.images, config.results):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"The folder {folder} can't be made: {error.strerror}.") from error


def _seeds_of(text: str) -> tuple[int, ...]:
    try:
        seeds = tuple(dict.fromkeys(int(each) for each in text.split(",")))
    except ValueError as error:
        raise ConfigError(f"--seeds takes numbers between commas, not {text!r}.") from error
    if min(seeds) < 0:
        raise ConfigError("--seeds takes numbers from 0 on.")
    return seeds
