"""What can be chosen beside phrases, folded away: how many, which seed, how daring, how picky."""

from dataclasses import dataclass

import gradio as gr

from studio.services.asking import MOST_TIMES
from studio.services.daring import DARING, MIDDLE
from studio.services.studio import MOST_CANDIDATES, Studio
from studio.ui.words import Words


@dataclass(frozen=True)
class OptionsPanel:
    """The components of the panel."""

    count: gr.Slider
    seed: gr.Textbox
    daring: gr.Slider
    times: gr.Slider
    explores: gr.Checkbox
    cost: gr.Markdown

    @property
    def inputs(self) -> list[gr.Slider | gr.Textbox | gr.Checkbox]:
        """What a round is asked for with."""
        return [self.count, self.seed, self.daring, self.times, self.explores]


def build_options_panel(studio: Studio, words: Words) -> OptionsPanel:
    """Lay out the panel inside the current Blocks; what the checkpoint can't do stays hidden."""
    cost = gr.Markdown(visible=False, elem_classes="cost")
    with gr.Accordion(words["options"], open=False, elem_classes="options"):
        count = gr.Slider(
            1, MOST_CANDIDATES, studio.default_candidates, step=1, label=words["count"]
        )
        seed = gr.Textbox(label=words["seed"], info=words["seed_info"], max_lines=1, max_length=12)
        daring = gr.Slider(
            0,
            DARING,
            MIDDLE,
            step=1,
            label=words["daring"],
            info=words["daring_info"],
            visible=studio.is_personal,
        )
        times = gr.Slider(
            1,
            MOST_TIMES,
            1,
            step=1,
            label=words["times"],
            info=words["times_info"],
            visible=studio.scores.can_score,
        )
        explores = gr.Checkbox(
            False,
            label=words["explores"],
            info=words["explores_info"],
            visible=studio.tastes.can_explore,
        )
    return OptionsPanel(count, seed, daring, times, explores, cost)


def cost_sentence(drawn: int, shown: int, seconds: float | None, words: Words) -> str:
    """What drawing more than is shown costs, told before; empty where nothing more is drawn."""
    if drawn == shown:
        return ""
    if seconds is None:
        return words["cost_unknown"].format(drawn=drawn, shown=shown)
    return words["cost"].format(drawn=drawn, shown=shown, time=duration(seconds, words))


def duration(seconds: float, words: Words) -> str:
    """Seconds up to a minute and a half, then minutes."""
    if seconds < 90:
        return words["seconds"].format(count=max(1, round(seconds)))
    return words["minutes"].format(count=round(seconds / 60))
