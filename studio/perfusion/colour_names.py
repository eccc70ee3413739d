"""The colours of atelier's drawn world, by the names that designers use."""

COLOUR_NAMES: dict[str, tuple[int, int, int]] = {
    "black": (34, 33, 38),
    "white": (252, 251, 247),
    "grey": (142, 147, 153),
    "beige": (226, 208, 176),
    "camel": (194, 138, 74),
    "brown": (104, 64, 40),
    "burgundy": (112, 22, 50),
    "red": (208, 32, 40),
    "coral": (255, 128, 104),
    "orange": (240, 124, 24),
    "mustard": (202, 156, 32),
    "yellow": (250, 222, 72),
    "olive": (112, 110, 50),
    "green": (44, 142, 76),
    "mint": (168, 226, 198),
    "teal": (18, 124, 128),
    "sky blue": (140, 198, 240),
    "blue": (44, 92, 204),
    "navy": (28, 38, 86),
    "purple": (108, 58, 158),
    "lilac": (196, 168, 228),
    "pink": (246, 174, 198),
    "fuchsia": (216, 36, 140),
}
"""Name -> sRGB, as the world dyes its cloth."""
