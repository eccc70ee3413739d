"""Tunes CLIP to general taste, from the same rounds: what the reward model is compared with."""

import copy
import logging

import torch
from torch.optim import AdamW

from training.config import GeneralTasteConfig
from training.data.batches import batch_of_step
from training.loops.reward import RewardTask, batch_loss
from training.run_state import learning_rate
from training.scorers import TunedClipScorer, measure

log = logging.getLogger(__name__)


def fit(scorer: TunedClipScorer, task: RewardTask, config: GeneralTasteConfig) -> float:
    """Train in place, on the rounds of a reward model's run, and keep the best weights.

    Short enough to be done in one go: it keeps no state.

    Args:
        scorer: as it starts: the frozen CLIP.
        task: whose training rounds to learn from, and whose validation rounds to stop by.
        config: rate, steps, and when to look at the validation rounds.

    Returns:
        The validation GAUC of the weights that were kept.
    """
    trained = [weight for weight in scorer.parameters() if weight.requires_grad]
    optimiser = AdamW(trained, lr=config.learning_rate, weight_decay=config.weight_decay)
    validation = task.of_splits("validation")
    sizes = [len(table) for table in task.tables]
    best, weights = -1.0, copy.deepcopy(scorer.state_dict())
    for step in range(config.steps):
        optimiser.param_groups[0]["lr"] = learning_rate(step, config)
        number, rows = batch_of_step(sizes, config.batch_size, config.seed, step)
        table = task.tables[number]
        scores = scorer(table, rows)
        labels = table.labels[rows].to(scores.device)
        torch.autograd.backward(batch_loss(scores, labels, 1.0, len(rows)))
        torch.nn.utils.clip_grad_norm_(trained, config.gradient_clip)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        if (step + 1) % config.evaluate_steps == 0 or step + 1 == config.steps:
            gauc = measure(scorer, validation).means()["gauc"]
            log.info("%s %d: validation GAUC %.4f", "tuned CLIP", step + 1, gauc)
            if gauc > best:
                best, weights = gauc, copy.deepcopy(scorer.state_dict())
    scorer.load_state_dict(weights)
    return best
