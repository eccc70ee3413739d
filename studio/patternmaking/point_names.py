"""What points of measure are called, from where to where they go, and how far off they may be."""

from typing import Literal, NamedTuple

View = Literal["front", "back"]


class PointName(NamedTuple):
    """What is always the same about a point of measure.

    Attributes:
        english: its name for people.
        chinese: likewise.
        start: the landmark that it is measured from.
        end: the landmark that it is measured to.
        tolerance_cm: how far a sewn garment may be off, up or down; a usual trade value.
        view: the side of the flat that shows it.
        half: whether it is half of a girth, measured across the garment laid flat.
    """

    english: str
    chinese: str
    start: str
    end: str
    tolerance_cm: float
    view: View
    half: bool = False


_HPS = "high point of the shoulder"

POINT_NAMES: dict[str, PointName] = {
    "body_length": PointName("Body length", "衣长", _HPS, "lowest point of the hem", 1.0, "front"),
    "front_length": PointName(
        "Front length",
        "前中长",
        "centre front, upper edge",
        "lowest point of the hem",
        1.0,
        "front",
    ),
    "full_length": PointName("Full length", "全长", _HPS, "leg hem", 1.0, "front"),
    "shortest_length": PointName(
        "Length, shortest", "最短处长", "upper edge", "highest point of the hem", 1.0, "front"
    ),
    "bodice_length": PointName("Bodice length", "腰节长", _HPS, "waist seam", 0.5, "back"),
    "skirt_length": PointName(
        "Skirt length", "裙长", "waist seam", "lowest point of the hem", 1.0, "back"
    ),
    "outseam": PointName("Outseam", "裤外长", "waist", "leg hem", 1.0, "front"),
    "rise": PointName("Rise, straight", "直裆", "waist", "crotch", 0.5, "front"),
    "inseam": PointName("Inseam", "内长", "crotch", "leg hem", 1.0, "back"),
    "chest": PointName(
        "Chest, half", "胸围（半）", "underarm, left", "underarm, right", 0.5, "front", half=True
    ),
    "waist": PointName(
        "Waist, half",
        "腰围（半）",
        "waist, left side",
        "waist, right side",
        0.5,
        "front",
        half=True,
    ),
    "seam": PointName(
        "Waist seam, half",
        "腰缝（半）",
        "waist seam, left side",
        "waist seam, right side",
        0.5,
        "front",
        half=True,
    ),
    "hip": PointName(
        "Hip, half", "臀围（半）", "hip, left side", "hip, right side", 0.5, "front", half=True
    ),
    "hem": PointName(
        "Hem, half", "下摆（半）", "hem, left side", "hem, right side", 1.0, "back", half=True
    ),
    "hem_edge": PointName(
        "Hem edge, half, extended",
        "下摆展开（半）",
        "hem, left side",
        "hem, right side",
        1.5,
        "back",
        half=True,
    ),
    "shoulders": PointName(
        "Across shoulders",
        "肩宽",
        "tip of the left shoulder",
        "tip of the right shoulder",
        0.5,
        "back",
    ),
    "armhole": PointName(
        "Armhole, straight", "袖窿（直量）", "tip of the shoulder", "underarm", 0.5, "back"
    ),
    "neck_width": PointName("Neck width", "领宽", _HPS + ", left", _HPS + ", right", 0.5, "back"),
    "front_drop": PointName(
        "Front neck drop", "前领深", _HPS, "neckline, centre front", 0.5, "front"
    ),
    "back_drop": PointName("Back neck drop", "后领深", _HPS, "neckline, centre back", 0.3, "back"),
    "collar": PointName(
        "Collar height", "领高", "neck seam, centre back", "collar edge, centre back", 0.3, "back"
    ),
    "sleeve_length": PointName(
        "Sleeve length", "袖长", "tip of the shoulder", "sleeve end", 0.5, "front"
    ),
    "outer_sleeve": PointName(
        "Sleeve length, outer edge", "袖外侧长", "upper edge", "sleeve end", 0.5, "front"
    ),
    "upper_arm": PointName(
        "Upper arm, half", "袖肥（半）", "underarm", "fold of the sleeve", 0.5, "front", half=True
    ),
    "fullest_sleeve": PointName(
        "Sleeve at its fullest, half",
        "袖最宽处（半）",
        "underarm seam",
        "fold of the sleeve",
        0.5,
        "back",
        half=True,
    ),
    "sleeve_end": PointName(
        "Sleeve end, half",
        "袖口（半）",
        "sleeve end, underarm seam",
        "sleeve end, fold",
        0.3,
        "front",
        half=True,
    ),
    "cuff": PointName("Cuff height", "袖头高", "cuff seam", "cuff edge", 0.3, "back"),
    "thigh": PointName(
        "Thigh, half", "腿围（半）", "crotch", "outer side", 0.5, "front", half=True
    ),
    "knee": PointName(
        "Knee, half", "膝围（半）", "inner side, knee", "outer side, knee", 0.5, "back", half=True
    ),
    "leg_hem": PointName(
        "Leg opening, half",
        "脚口（半）",
        "inner side, hem",
        "outer side, hem",
        0.5,
        "front",
        half=True,
    ),
    "waistband": PointName(
        "Waistband height", "腰头高", "waistband, upper edge", "waistband, seam", 0.3, "back"
    ),
    "belt": PointName("Belt width", "腰带宽", "belt, upper edge", "belt, lower edge", 0.3, "front"),
    "slit": PointName("Slit length", "开衩长", "top of the slit", "hem", 0.5, "front"),
    "bib_height": PointName("Bib height", "护胸高", "waistband", "bib, upper edge", 0.5, "front"),
    "bib_width": PointName(
        "Bib width, upper edge", "护胸上口宽", "bib, left corner", "bib, right corner", 0.5, "front"
    ),
    "strap_width": PointName("Strap width", "背带宽", "strap, one edge", "other edge", 0.3, "back"),
    "leg_opening": PointName(
        "Leg opening, straight", "腿口（直量）", "crotch", "end of the side seam", 0.5, "front"
    ),
    "leg_cuff": PointName("Leg cuff height", "脚口罗纹高", "cuff seam", "leg hem", 0.3, "back"),
}
"""Key -> name, in the order of the table."""
