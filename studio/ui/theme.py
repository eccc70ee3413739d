"""Warm paper, ink and one accent, as Gradio's own variables; the rest is in studio.css."""

import gradio as gr

_PAPER, _CARD, _INK, _MUTED, _HAIRLINE = "#f7f4ed", "#fffdf8", "#1d1a17", "#6b655c", "#e0dacd"
_PAPER_DARK, _CARD_DARK, _INK_DARK = "#161412", "#1f1c19", "#f1ece2"
_MUTED_DARK, _HAIRLINE_DARK = "#a8a094", "#38332d"
_ACCENT, _ACCENT_DARK = "#8c2a38", "#d9707f"
_UNDER_WHITE_DARK = "#b23b4c"  # the accent behind white letters

_FONT = ["Hanken Grotesk", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif"]


def studio_theme() -> gr.themes.Base:
    """The theme for Gradio's own widgets, light and dark; no font comes from the network."""
    theme = gr.themes.Base(
        font=_FONT, font_mono=["ui-monospace", "monospace"], radius_size="md", text_size="md"
    )
    colours = {
        "body_background_fill": (_PAPER, _PAPER_DARK),
        "body_text_color": (_INK, _INK_DARK),
        "body_text_color_subdued": (_MUTED, _MUTED_DARK),
        "background_fill_primary": (_CARD, _CARD_DARK),
        "background_fill_secondary": (_PAPER, _PAPER_DARK),
        "block_background_fill": (_PAPER, _PAPER_DARK),
        "block_label_text_color": (_MUTED, _MUTED_DARK),
        "block_title_text_color": (_INK, _INK_DARK),
        "block_info_text_color": (_MUTED, _MUTED_DARK),
        "block_border_color": (_HAIRLINE, _HAIRLINE_DARK),
        "border_color_primary": (_HAIRLINE, _HAIRLINE_DARK),
        "border_color_accent": (_ACCENT, _ACCENT_DARK),
        "color_accent_soft": (_PAPER, _PAPER_DARK),
        "input_background_fill": (_CARD, _CARD_DARK),
        "input_border_color": (_HAIRLINE, _HAIRLINE_DARK),
        "input_border_color_focus": (_INK, _INK_DARK),
        "input_placeholder_color": (_MUTED, _MUTED_DARK),
        "slider_color": (_ACCENT, _ACCENT_DARK),
        "button_primary_background_fill": (_INK, _INK_DARK),
        "button_primary_background_fill_hover": (_ACCENT, _UNDER_WHITE_DARK),
        "button_primary_border_color": (_INK, _INK_DARK),
        "button_primary_text_color": (_PAPER, _PAPER_DARK),
        "button_secondary_background_fill": ("transparent", "transparent"),
        "button_secondary_border_color": (_HAIRLINE, _HAIRLINE_DARK),
        "button_secondary_text_color": (_INK, _INK_DARK),
        "error_background_fill": (_CARD, _CARD_DARK),
        "error_border_color": (_ACCENT, _ACCENT_DARK),
    }
    settings: dict[str, str] = {}
    for name, (light, dark) in colours.items():
        settings |= {name: light, f"{name}_dark": dark}
    return theme.set(
        **settings, color_accent=_ACCENT, block_shadow="none", button_border_width="1px"
    )
