"""Trains the reward model's plug-in on rounds: who ticks what?

The story: `build` reads the export, runs the frozen backbone on every image once and makes
tensors of the rounds. Stage one personalises the text tower alone: as the vision plug-in starts
at zero, the frozen image features are exact, and an update costs next to nothing. Stage two
trains all towers. Each stage stops early on the validation GAUC and ends with its best weights.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from accelerate import Accelerator
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from studio.domain import StudioError
from studio.perfusion.profile import (
    FASHION_SCHEMA,
    STORE_ID,
    Profile,
    ProfileSchema,
    user_id_schema,
)
from studio.perfusion.reward_backbone import TwoTowerBackbone
from studio.perfusion.reward_model import PerFusionRM, RewardModelConfig, load_backbone
from studio.perfusion.user_encoder import forget_fields
from training.config import RewardConfig
from training.data.batches import (
    GroupTable,
    ImageBank,
    batch_of_step,
    group_tables,
    load_image_bank,
    usable_with,
)
from training.data.groups import Round, Rounds, informative, read_rounds
from training.losses.reward import reward_loss, says_something
from training.run_state import (
    RunState,
    learning_rate,
    load_state,
    save_state,
    start_state,
    step_generator,
    update_ema,
)
from training.scorers import PersonalScorer, measure

log = logging.getLogger(__name__)

REWARD_FOLDER = "reward_model"
BANK_FOLDER = "bank"
_STATE, _BEST, _FACTS = "state", "best.safetensors", "facts.json"


class NothingToLearnError(StudioError):
    """An export has no round from which a preference can be learnt."""


@dataclass(frozen=True)
class RewardTask:
    """Everything that stays the same during a run.

    Attributes:
        model: its plug-ins are trained in place.
        bank: what the frozen backbone makes of each image.
        train: rounds to learn from.
        validation: rounds to stop by.
        tables: the training rounds as tensors.
    """

    model: PerFusionRM
    bank: ImageBank
    train: Rounds
    validation: Rounds
    tables: Sequence[GroupTable]


@dataclass(frozen=True)
class Stage:
    """A part of the run with its own schedule.

    Attributes:
        name: of its folder.
        steps: optimiser updates, 0 to leave it out.
        frozen_images: whether the vision tower still runs without shifts.
    """

    name: str
    steps: int
    frozen_images: bool


@dataclass(frozen=True)
class RewardReport:
    """What a run came to.

    Attributes:
        validation_gauc: of the weights that were kept.
        rounds: that were learnt from.
        skipped: reason -> rounds that could not be used.
        unheard_stores: stores of the export without a usable round.
    """

    validation_gauc: float
    rounds: int
    skipped: dict[str, int]
    unheard_stores: int


@dataclass
class _Progress:
    """How a stage is doing; kept with its state."""

    best: float = -1.0
    without_gain: int = 0


def run(config: RewardConfig, accelerator: Accelerator | None = None) -> RewardReport:
    """Train, keep the best, write the plug-in into the checkpoint folder.

    Raises:
        NothingToLearnError: no usable round.
        CheckpointError: the backbone cannot be read.
        RoundsError: the export cannot be read.
    """
    accelerator = accelerator or Accelerator(mixed_precision=config.mixed_precision)
    rounds = read_rounds(Path(config.rounds))
    task = build(config, rounds, accelerator.device)
    report = train(task, config, accelerator)
    all_stores = {each.store_id for each in rounds.rounds}
    heard = {each.store_id for each in (*task.train.rounds, *task.validation.rounds)}
    if accelerator.is_main_process:
        target = Path(config.checkpoint) / REWARD_FOLDER
        task.model.save_pretrained(target, torch.float16)
        log.info("validation GAUC %.4f; wrote %s", report.validation_gauc, target)
    return replace(report, unheard_stores=len(all_stores - heard))


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
        bank_images: images to prepare; by default those of the rounds.
    """
    torch.manual_seed(config.seed)
    backbone, processor = load_backbone(config.backbone or f"{config.checkpoint}/clip")
    train, validation = (
        informative(_with_known_fields(rounds.of_split(split), config))
        for split in ("train", "validation")
    )
    schema = schema_for([each.profile for each in train.rounds])
    model = PerFusionRM(backbone, processor, schema, model_config(config)).to(device)
    names = bank_images or sorted({name for each in rounds.rounds for name in each.images})
    bank = load_image_bank(rounds.folder, names, model, Path(config.run).parent / BANK_FOLDER)
    train, validation = (usable_with(part, bank, schema) for part in (train, validation))
    log.info("training on %s", train.report())
    if not train.rounds:
        raise NothingToLearnError(f"Nothing to learn from: {train.report()}.")
    tables = group_tables(train.rounds, bank, schema, processor)
    return RewardTask(model, bank, train, validation, tables)


def train(task: RewardTask, config: RewardConfig, accelerator: Accelerator) -> RewardReport:
    """Run all stages, going on where an earlier process left off."""
    best = -1.0
    for stage in stages_of(task.model, config):
        if stage.steps:
            best = train_stage(task, stage, config, accelerator)
    task.model.eval()
    skipped = dict(task.train.skipped)
    for reason, count in task.validation.skipped.items():
        skipped[reason] = skipped.get(reason, 0) + count
    return RewardReport(best, len(task.train.rounds), skipped, 0)


def stages_of(model: PerFusionRM, config: RewardConfig) -> tuple[Stage, ...]:
    """Text first where that is exact; then everything."""
    towers = isinstance(model.backbone, TwoTowerBackbone)
    text_only = model.config.variant == "text-only"
    if towers and (text_only or model.config.variant == "full"):
        rest = 0 if text_only else config.steps
        return (Stage("text", config.text_first_steps, True), Stage("all", rest, False))
    return (Stage("all", config.steps, False),)


def train_stage(
    task: RewardTask, stage: Stage, config: RewardConfig, accelerator: Accelerator
) -> float:
    """Train one stage; the model ends with the best weights, whose GAUC is returned."""
    folder = Path(config.run) / stage.name
    schedule = replace(config, steps=stage.steps)
    state = start_state(task.model.plug_ins, schedule)
    progress = _Progress()
    if load_state(state, folder / _STATE):
        facts = json.loads((folder / _STATE / _FACTS).read_text(encoding="utf-8"))
        progress = _Progress(facts["best"], facts["without_gain"])
        log.info("going on with stage %s from step %d", stage.name, state.step)
    judge = judge_of(task.model, state.ema)
    if state.step == 0:
        _evaluate(task, judge, stage, progress, state, folder, config)
    while state.step < stage.steps and progress.without_gain < config.patience:
        loss = train_step(task, stage, state, schedule, accelerator)
        if state.step % config.log_steps == 0:
            log.info("%s %d/%d loss %.4f", stage.name, state.step, stage.steps, loss)
        if state.step % config.evaluate_steps == 0 or state.step == stage.steps:
            _evaluate(task, judge, stage, progress, state, folder, config)
    task.model.plug_ins.load_state_dict(load_file(folder / _BEST))
    return progress.best


def train_step(
    task: RewardTask,
    stage: Stage,
    state: RunState,
    config: RewardConfig,
    accelerator: Accelerator,
) -> float:
    """One optimiser update; returns the mean loss of its rounds."""
    for group in state.optimiser.param_groups:
        group["lr"] = learning_rate(state.step, config)
    model = task.model.train()
    number, rows = batch_of_step(
        [len(table) for table in task.tables], config.batch_size, config.seed, state.step
    )
    table = task.tables[number]
    inputs = table.inputs(rows, task.bank, model.device, stage.frozen_images)
    user_features = forget_fields(
        inputs.user_features,
        forget_chances(model.schema, config),
        step_generator(config.seed, state.step),
    )
    with accelerator.autocast():
        scores = model(replace(inputs, user_features=user_features))
    loss = batch_loss(scores, table.labels[rows].to(scores.device), temperature(model, config))
    accelerator.backward(loss)
    accelerator.clip_grad_norm_(state.model.parameters(), config.gradient_clip)
    state.optimiser.step()
    state.optimiser.zero_grad(set_to_none=True)
    update_ema(state.ema, state.model, config.ema_decay, state.step)
    state.step += 1
    return float(loss.detach())


def batch_loss(scores: Tensor, labels: Tensor, temperature: float) -> Tensor:
    """(B, N) scores and labels -> mean loss over the groups that say something."""
    losses = reward_loss(scores / temperature, labels)
    return losses.sum() / says_something(labels).sum().clamp(min=1)


def temperature(model: PerFusionRM, config: RewardConfig) -> float:
    """1 for the backbone's logits; its logit scale to get back to cosines, as in the paper."""
    library_model = model.backbone.model
    if not config.paper_literal or not hasattr(library_model, "logit_scale"):
        return 1.0
    return float(library_model.logit_scale.exp())


def forget_chances(schema: ProfileSchema, config: RewardConfig) -> Tensor:
    """(F,) chance of each field to be made unknown in training."""
    return torch.tensor(
        [
            config.forget_store if field.name == STORE_ID else config.forget_field
            for field in schema.fields
        ]
    )


def schema_for(profiles: Sequence[Profile]) -> ProfileSchema:
    """The schema of a fashion store, or the store's number alone where nothing else is told."""
    names = {name for profile in profiles for name, _ in profile.fields}
    schema = user_id_schema() if names <= {STORE_ID} else FASHION_SCHEMA
    return schema.fitted_to(profiles)


def model_config(config: RewardConfig) -> RewardModelConfig:
    """The model's part of a run's settings.

    Raises:
        NothingToLearnError: a choice has no such name.
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
    )


def judge_of(model: PerFusionRM, plug_ins: nn.Module) -> PerFusionRM:
    """The same reward model with other plug-ins; the backbone is shared."""
    judge = PerFusionRM(model.backbone.model, model.processor, model.schema, model.config)
    judge.plug_ins = nn.ModuleList(plug_ins.children())
    return judge.eval()


def _evaluate(
    task: RewardTask,
    judge: PerFusionRM,
    stage: Stage,
    progress: _Progress,
    state: RunState,
    folder: Path,
    config: RewardConfig,
) -> None:
    """Judge the averaged weights, keep them if they are the best so far, save the state."""
    gauc = _validation_gauc(task, judge, stage, config)
    if gauc > progress.best:
        progress.best, progress.without_gain = gauc, 0
        folder.mkdir(parents=True, exist_ok=True)
        save_file(state.ema.state_dict(), folder / _BEST)
    else:
        progress.without_gain += 1
    log.info("%s %d: validation GAUC %.4f", stage.name, state.step, gauc)
    save_state(
        state, folder / _STATE, {"best": progress.best, "without_gain": progress.without_gain}
    )


def _validation_gauc(
    task: RewardTask, judge: PerFusionRM, stage: Stage, config: RewardConfig
) -> float:
    rounds = task.validation.rounds[
        :: max(1, len(task.validation.rounds) // config.validation_rounds)
    ]
    if not rounds:
        return 0.0
    scorer = PersonalScorer(judge, task.bank, vision=not stage.frozen_images)
    return float(measure(scorer, rounds).gauc.mean())


def _with_known_fields(rounds: Rounds, config: RewardConfig) -> Rounds:
    if not config.only_store_id:
        return rounds

    def reduced(each: Round) -> Round:
        fields = tuple(item for item in each.profile.fields if item[0] == STORE_ID)
        return replace(each, profile=replace(each.profile, fields=fields))

    return replace(rounds, rounds=tuple(reduced(each) for each in rounds.rounds))
