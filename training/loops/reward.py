"""Trains the reward model's plug-in on rounds: who ticks what?

The story: `build` reads the export, runs the frozen backbone on every image once and makes
tensors of the rounds. Stage one personalises the text tower alone: as the vision plug-in starts
at zero, the frozen image features are exact, and an update costs next to nothing. Stage two
trains all towers. Each stage stops early on the validation GAUC and ends with its best weights.
"""

import json
import logging
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import torch
from accelerate import Accelerator
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from studio.domain import StudioError
from studio.perfusion.profile import STORE_ID, ProfileSchema
from studio.perfusion.reward_backbone import TwoTowerBackbone
from studio.perfusion.reward_loss import reward_loss
from studio.perfusion.reward_model import PerFusionRM, RewardModelConfig, load_backbone
from studio.perfusion.user_encoder import forget_fields
from training.calibration import calibrated
from training.config import RewardConfig
from training.data.batches import (
    GroupTable,
    ImageBank,
    batch_of_step,
    group_tables,
    load_image_bank,
    with_usable_images,
)
from training.data.groups import (
    Round,
    Rounds,
    Split,
    informative,
    read_rounds,
    split_of,
    with_pictures,
    with_usable_profiles,
)
from training.data.own_fields import schema_to_train, with_users
from training.gate import Verdict, judge_scores, put_in_service
from training.report import Report, curves_of_log, write_report
from training.run_state import (
    RunState,
    learning_rate,
    load_state,
    save_state,
    start_state,
    step_generator,
    update_ema,
)
from training.runner import (
    FIRST_LINES_S,
    StopNow,
    StoppedError,
    StopRequests,
    accelerator_for,
    any_process,
    check_loss,
    quick_attention,
    stop_requests,
)
from training.scorers import GeneralScorer, PersonalScorer, measure

log = logging.getLogger(__name__)

REWARD_FOLDER = "reward_model"
BANK_FOLDER = "bank"
CANDIDATE_FOLDER = "candidate"
LOG_FILE = "log.jsonl"
_STATE, _BEST = "state", "best.safetensors"


class NothingToLearnError(StudioError):
    """An export has no round from which a preference can be learnt."""


@dataclass(frozen=True)
class RewardTask:
    """Everything that stays the same during a run.

    Attributes:
        model: its plug-ins are trained in place.
        bank: what the frozen backbone makes of each image.
        rounds: all that can be used, and what was left out, by reason.
        tables: the training rounds as tensors.
    """

    model: PerFusionRM
    bank: ImageBank
    rounds: Rounds
    tables: Sequence[GroupTable]

    def of_splits(self, *splits: Split) -> list[Round]:
        """The usable rounds of some parts of the data."""
        return [each for each in self.rounds.rounds if split_of(each) in splits]


@dataclass(frozen=True)
class Stage:
    """A part of the run with its own schedule.

    Attributes:
        name: of its folder.
        steps: optimiser updates, 0 to leave it out.
        frozen_images: whether the vision tower still runs without shifts.
        steps_before: updates of the stages before it.
    """

    name: str
    steps: int
    frozen_images: bool
    steps_before: int = 0


@dataclass(frozen=True)
class Outcome:
    """What came of a run.

    Attributes:
        verdict: of the gate.
        candidate: folder of the trained plug-in.
        part: name of that part in a checkpoint folder.
        report: the HTML file.
        figures: held-out figures of the candidate.
        rounds: that could be used, and how many could not, by reason.
    """

    verdict: Verdict
    candidate: Path
    part: str
    report: Path
    figures: dict[str, float]
    rounds: Rounds

    def put_in_service(self, base: Path, target: Path) -> None:
        """Make the checkpoint `target` of `base` with the trained plug-in; only after a pass.

        Raises:
            ValueError: the gate did not let it pass.
            CheckpointError: it can't be written; nothing changed.
        """
        if not self.verdict.passed:
            raise ValueError("What the gate keeps back does not go into service.")

        def write(fresh: Path) -> None:
            shutil.rmtree(fresh / self.part, ignore_errors=True)
            shutil.copytree(self.candidate, fresh / self.part)

        put_in_service(base, target, write)


@dataclass
class _Progress:
    """How a stage is doing; kept with its state. `judged` is the last step whose weights were."""

    best: float = -1.0
    without_gain: int = 0
    judged: int = -1


def run(config: RewardConfig, accelerator: Accelerator | None = None) -> Outcome | None:
    """Train, keep the best weights, judge them on held-out rounds, and report.

    Returns:
        What came of it; None in all processes but the first.

    Raises:
        NothingToLearnError: no usable round.
        CheckpointError: the backbone cannot be read.
        RoundsError: the export cannot be read.
    """
    accelerator = accelerator or accelerator_for(config)
    with accelerator.main_process_first():  # it runs the backbone; the others find what it kept
        task = build(config, with_users(read_rounds(Path(config.rounds))), accelerator.device)
    judges = task.of_splits("validation", "test")
    # At this point the model is the one in service, or as good as the frozen backbone.
    start = PersonalScorer if config.init_from else GeneralScorer
    before = measure(start(task.model, task.bank), judges)
    train(task, config, accelerator)
    if not accelerator.is_main_process:
        return None
    candidate = Path(config.run) / CANDIDATE_FOLDER
    calibrated(task.model, PersonalScorer(task.model, task.bank), judges)
    task.model.save_pretrained(candidate, torch.float16)
    kept = PerFusionRM.from_pretrained(candidate, backbone_of(config)).to(accelerator.device)
    after = measure(PersonalScorer(kept, task.bank), judges)  # half precision and all
    verdict = judge_scores(after, before, config.serve_unsure)
    figures = after.means()
    facts = {**_facts(config, task), "skipped": task.rounds.report()}
    report = Report(
        "Training the reward model on rounds",
        verdict,
        facts,
        {name: (value, figures[name]) for name, value in before.means().items()},
        curves_of_log(Path(config.run) / LOG_FILE),
    )
    path = write_report(report, Path(config.run))
    log.info("%s", " ".join(verdict.reasons))
    return Outcome(verdict, candidate, REWARD_FOLDER, path, figures, task.rounds)


def build(
    config: RewardConfig,
    rounds: Rounds,
    device: torch.device,
    bank_images: Sequence[str] | None = None,
) -> RewardTask:
    """Everything before the first step.

    Args:
        config: of the run.
        rounds: as read from the export.
        device: where to train.
        bank_images: images to prepare; by default those of the rounds that say something.

    Raises:
        NothingToLearnError: no usable round.
        CheckpointError: a model that the run starts from cannot be read.
    """
    torch.manual_seed(config.seed)
    rounds = with_pictures(informative(_with_known_fields(rounds, config)))
    model, rounds = _model(config, rounds)
    model = model.to(device)
    names = bank_images or sorted({name for each in rounds.rounds for name in each.images})
    bank = load_image_bank(rounds.folder, names, model, Path(config.run).parent / BANK_FOLDER)
    rounds = with_usable_images(rounds, bank)
    log.info("%s", rounds.report())
    learning = [each for each in rounds.rounds if split_of(each) == "train"]
    if not learning:
        raise NothingToLearnError(
            f"None of the rounds can be learnt from: {rounds.report()}. Save more rounds in which "
            "some images are ticked and some are not, then export again."
        )
    tables = group_tables(learning, bank, model.schema, model.processor)
    return RewardTask(model, bank, rounds, tables)


def _model(config: RewardConfig, rounds: Rounds) -> tuple[PerFusionRM, Rounds]:
    """The model before the first step, and the rounds whose stores it can read."""
    if config.init_from:
        trained = PerFusionRM.from_pretrained(
            Path(config.init_from) / REWARD_FOLDER, config.backbone or None
        )
        rounds = with_usable_profiles(rounds, trained.schema)
        return trained.with_schema(schema_to_train(rounds, trained.schema)), rounds
    backbone, processor = load_backbone(backbone_of(config))
    schema = schema_to_train(rounds)
    rounds = with_usable_profiles(rounds, schema)
    return PerFusionRM(backbone, processor, schema, model_config(config)), rounds


def train(task: RewardTask, config: RewardConfig, accelerator: Accelerator) -> float:
    """Run all stages, going on where an earlier process left off.

    Returns:
        The validation GAUC of the weights that were kept.
    """
    best = -1.0
    for stage in stages_of(task.model, config):
        if stage.steps:
            best = train_stage(task, stage, config, accelerator)
    task.model.eval()
    return best


def stages_of(model: PerFusionRM, config: RewardConfig) -> tuple[Stage, ...]:
    """Text first where that is exact; then everything."""
    towers = isinstance(model.backbone, TwoTowerBackbone)
    text_only = model.config.variant == "text-only"
    untouched = not config.init_from and model.config.variant == "full"
    if towers and (text_only or untouched):
        first, rest = config.text_first_steps, 0 if text_only else config.steps
        return (Stage("text", first, True), Stage("all", rest, False, first))
    return (Stage("all", config.steps, False),)


def train_stage(
    task: RewardTask, stage: Stage, config: RewardConfig, accelerator: Accelerator
) -> float:
    """Train one stage; the model ends with the best weights, whose GAUC is returned."""
    folder = Path(config.run) / stage.name
    schedule = replace(config, steps=stage.steps)
    state = start_state(task.model.plug_ins, schedule)
    progress = _Progress()
    if facts := load_state(state, folder / _STATE):
        judged = facts.get("judged", state.step)  # of older runs: saved after they were judged
        progress = _Progress(facts["best"], facts["without_gain"], judged)
        log.info("going on with stage %s from step %d", stage.name, state.step)
    records = _Records(task, stage, config, accelerator, judge_of(task.model, state.ema), progress)
    with stop_requests() as stopped:
        while True:
            is_due = state.step % config.evaluate_steps == 0 or state.step == stage.steps
            if is_due and progress.judged != state.step:
                records.evaluate(state, stopped)
            state.interrupted = any_process(stopped(), accelerator)
            records.save_if_due(state)
            if state.interrupted:
                raise StoppedError(
                    f"Stopped after {stage.steps_before + state.step} updates, and saved in "
                    f"{config.run}. The same command goes on from there."
                )
            if state.step >= stage.steps or progress.without_gain >= config.patience:
                break
            loss = train_step(task, stage, state, schedule, accelerator)
            rate = learning_rate(state.step, schedule)
            if state.step % config.log_steps == 0:
                records.add(state.step, loss=loss, learning_rate=rate)
            else:
                records.tell_if_due(state.step, loss=loss, learning_rate=rate)
    task.model.plug_ins.load_state_dict(load_file(folder / _BEST))
    return progress.best


def train_step(
    task: RewardTask,
    stage: Stage,
    state: RunState,
    config: RewardConfig,
    accelerator: Accelerator,
) -> float:
    """One optimiser update, of which each process does its share; returns the mean loss."""
    for group in state.optimiser.param_groups:
        group["lr"] = learning_rate(state.step, config)
    model = task.model.train()
    number, rows = batch_of_step(
        [len(table) for table in task.tables], config.batch_size, config.seed, state.step
    )
    table = task.tables[number]
    user_features = forget_fields(
        table.user_features[rows],
        forget_chances(model.schema, config),
        step_generator(config.seed, state.step),
    )
    own = slice(accelerator.process_index, None, accelerator.num_processes)
    loss = torch.zeros((), device=model.device)
    if len(rows[own]):
        inputs = table.inputs(rows[own], task.bank, model.device, stage.frozen_images)
        inputs = replace(inputs, user_features=user_features[own].to(model.device))
        labels = table.labels[rows[own]].to(model.device)
        weights = table.weights[rows[own]].to(model.device)
        with quick_attention(model.device):
            with accelerator.autocast():
                scores = model(inputs)
            loss = batch_loss(scores, labels, temperature(model, config), len(rows), weights)
            accelerator.backward(loss)
    total = float(accelerator.reduce(loss.detach(), "sum"))
    check_loss(total, state.step)
    _add_up_gradients(state.model, accelerator)
    accelerator.clip_grad_norm_(state.model.parameters(), config.gradient_clip)
    state.optimiser.step()
    state.optimiser.zero_grad(set_to_none=True)
    update_ema(state.ema, state.model, config.ema_decay, state.step)
    state.step += 1
    return total


def batch_loss(
    scores: Tensor, labels: Tensor, temperature: float, groups: int, weights: Tensor | None = None
) -> Tensor:
    """(B, N) scores and labels -> their share of the mean loss of an update of `groups` groups.

    `weights` (B,) say how much each group counts; all alike without.
    """
    losses = reward_loss(scores / temperature, labels)
    return (losses if weights is None else losses * weights).sum() / groups


def temperature(model: PerFusionRM, config: RewardConfig) -> float:
    """The plug-in's, or the backbone's logit scale to get back to cosines, as in the paper."""
    library_model = model.backbone.model
    if not config.paper_literal or not hasattr(library_model, "logit_scale"):
        return model.config.temperature
    return float(library_model.logit_scale.exp())


def forget_chances(schema: ProfileSchema, config: RewardConfig) -> Tensor:
    """(F,) chance of each field to be made unknown in training."""
    return torch.tensor(
        [
            config.forget_store if field.name == STORE_ID else config.forget_field
            for field in schema.fields
        ]
    )


def backbone_of(config: RewardConfig) -> str:
    """Folder or Hub id of the frozen backbone."""
    return config.backbone or f"{config.checkpoint}/clip"


def model_config(config: RewardConfig) -> RewardModelConfig:
    """The model's part of a run's settings.

    Raises:
        StudioError: a choice has no such name.
    """
    choices = {
        "variant": ("full", "shared", "vision-only", "text-only"),
        "injection": ("input", "normed"),
        "cross": ("vector", "matrix"),
    }
    for name, allowed in choices.items():
        if getattr(config, name) not in allowed:
            raise StudioError(f"{name} is one of {', '.join(allowed)}.")
    return RewardModelConfig(
        backbone=config.backbone or "../clip",
        variant=config.variant,  # type: ignore[arg-type]  # checked above
        injection=config.injection,  # type: ignore[arg-type]  # checked above
        field_width=config.field_width,
        cross_layers=config.cross_layers,
        cross=config.cross,  # type: ignore[arg-type]  # checked above
        hidden_width=config.hidden_width,
        temperature=config.temperature,
    )


def judge_of(model: PerFusionRM, plug_ins: nn.Module) -> PerFusionRM:
    """The same reward model with other plug-ins; the backbone is shared."""
    judge = PerFusionRM(model.backbone.model, model.processor, model.schema, model.config)
    judge.plug_ins = nn.ModuleList(plug_ins.children())
    return judge.eval()


@dataclass
class _Records:
    """What is written while a stage goes on; with several processes the first one writes."""

    task: RewardTask
    stage: Stage
    config: RewardConfig
    accelerator: Accelerator
    judge: PerFusionRM
    progress: _Progress
    saved_at: float = field(default_factory=time.monotonic)
    told_at: float = 0.0

    def evaluate(self, state: RunState, stopped: StopRequests) -> None:
        """Judge the averaged weights, keep them if they are the best so far, save the state.

        If somebody asks to stop meanwhile, it is left to the process that goes on from here.
        """
        with suppress(StopNow):
            with stopped.at_once():
                gauc = self._validation_gauc()
            self._judged(state, gauc)
        self.accelerator.wait_for_everyone()

    def _judged(self, state: RunState, gauc: float) -> None:
        folder = Path(self.config.run) / self.stage.name
        better = gauc > self.progress.best
        self.progress.without_gain = 0 if better else self.progress.without_gain + 1
        self.progress.best = max(gauc, self.progress.best)
        self.progress.judged = state.step
        if self.accelerator.is_main_process:
            if better:
                folder.mkdir(parents=True, exist_ok=True)
                fresh = folder / f"new-{_BEST}"
                save_file(state.ema.state_dict(), fresh)
                fresh.replace(folder / _BEST)
            self._save(state)
            self.add(state.step, gauc=gauc)

    def save_if_due(self, state: RunState) -> None:
        """Save the state every `save_minutes`, and when the run is to stop."""
        is_due = time.monotonic() - self.saved_at >= self.config.save_minutes * 60
        if self.accelerator.is_main_process and (is_due or state.interrupted):
            self._save(state)

    def _save(self, state: RunState) -> None:
        """The state and how the stage is doing; whoever goes on from here gets the same end."""
        folder = Path(self.config.run) / self.stage.name
        save_state(state, folder / _STATE, asdict(self.progress))
        self.saved_at = time.monotonic()

    def add(self, step: int, **numbers: float) -> None:
        """A line in the run's log."""
        if not self.accelerator.is_main_process:
            return
        record = {"step": self.stage.steps_before + step, **numbers}
        with (Path(self.config.run) / LOG_FILE).open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
        self._tell(step, numbers)

    def tell_if_due(self, step: int, **numbers: float) -> None:
        """A line on the screen alone, where there was none for some seconds."""
        is_due = time.monotonic() - self.told_at >= FIRST_LINES_S
        if is_due and self.accelerator.is_main_process:
            self._tell(step, numbers)

    def _tell(self, step: int, numbers: Mapping[str, float]) -> None:
        shown = ", ".join(f"{name} {value:.4g}" for name, value in numbers.items())
        log.info("%s %d/%d: %s", self.stage.name, step, self.stage.steps, shown)
        self.told_at = time.monotonic()

    def _validation_gauc(self) -> float:
        rounds = self.task.of_splits("validation")
        rounds = rounds[:: max(1, len(rounds) // self.config.validation_rounds)]
        if not rounds:
            return 0.0
        vision = not self.stage.frozen_images
        scorer = PersonalScorer(self.judge, self.task.bank, vision=vision)
        return float(measure(scorer, rounds).gauc.mean())


def _add_up_gradients(plug_ins: nn.Module, accelerator: Accelerator) -> None:
    """Sum the gradients over all processes; each has those of its own rounds."""
    if accelerator.num_processes == 1:
        return
    for weight in plug_ins.parameters():
        gradient = torch.zeros_like(weight) if weight.grad is None else weight.grad
        weight.grad = accelerator.reduce(gradient, "sum")


def _facts(config: RewardConfig, task: RewardTask) -> dict[str, str]:
    stores = {each.store_id for each in task.rounds.rounds}
    return {
        "from": config.init_from or f"new, on {backbone_of(config)}",
        "rounds": config.rounds,
        "to learn from": f"{sum(len(table) for table in task.tables)} rounds",
        "stores": str(len(stores)),
        "variant": task.model.config.variant,
        "seed": str(config.seed),
    }


def _with_known_fields(rounds: Rounds, config: RewardConfig) -> Rounds:
    if not config.only_store_id:
        return rounds

    def reduced(each: Round) -> Round:
        fields = tuple(item for item in each.profile.fields if item[0] == STORE_ID)
        return replace(each, profile=replace(each.profile, fields=fields))

    return replace(rounds, rounds=tuple(reduced(each) for each in rounds.rounds))
