"""Colours by any name that people type: of a public list, of the trade, as hex, with modifiers."""

import colorsys
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from studio.design.colours import NAMED_COLOURS, Lab, Rgb, hex_of, lab_of, rgb_of
from studio.design.measures import lab_in_range

_LIST = Path(__file__).with_name("colour_names.txt")
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)

TRADE: dict[str, str] = {
    # What shops mean, where the list means something else or has no such name.
    "ivory": "#FBF6E6",
    "cream": "#F6ECD2",
    "off-white": "#F7F3EA",
    "ecru": "#E9DFC7",
    "champagne": "#EBD9BA",
    "nude": "#E3BFA3",
    "khaki": "#AFA078",
    "sage": "#9CAF88",
    "sage green": "#9CAF88",
    "light sage": "#C4D1B6",
    "butter yellow": "#F7E8A4",
    "butter": "#F7E8A4",
    "dusty rose": "#C48D91",
    "dusty pink": "#D3A3A4",
    "dusty blue": "#8EA6BC",
    "rose": "#CF7F8A",
    "rose gold": "#C99487",
    "old rose": "#BF8079",
    "emerald green": "#05805A",
    "emerald": "#05805A",
    "bottle green": "#0E4633",
    "hunter green": "#355E3B",
    "forest": "#2A5B37",
    "avocado green": "#8A9A5B",
    "powder pink": "#F1CFD0",
    "millennial pink": "#F0B8B0",
    "barbie pink": "#E0218A",
    "stone grey": "#A7A39A",
    "charcoal": "#3C4043",
    "anthracite": "#383E42",
    "graphite": "#4B4D50",
    "gunmetal": "#4C5357",
    "gold": "#C9A13B",
    "golden": "#C9A13B",
    "silver": "#C3C6C9",
    "bronze": "#9B6B3A",
    "copper": "#B4683C",
    "brass": "#B08D45",
    "cognac": "#9A4B27",
    "tobacco": "#72502E",
    "taupe": "#9B8B7A",
    "mushroom": "#B7A697",
    "greige": "#BEB4A5",
    "vanilla": "#F3E5C0",
    "apricot": "#F7B58A",
    "lime": "#A9D534",
    "lemon": "#F7E54B",
    "avocado": "#8A9A5B",
    "pastel yellow": "#FBF1A9",
    "midnight": "#1C2340",
    "ice blue": "#D4E6EE",
    "aqua blue": "#7CCFD6",
    "tiffany blue": "#81D3CB",
    "klein blue": "#002FA7",
    "electric blue": "#1F4FFF",
    "denim blue": "#4F6D8F",
    "indigo blue": "#35406F",
    "haze blue": "#8FA3B5",
    "heather grey": "#A8A9AD",
    "blood red": "#7C0A14",
    "brick red": "#9E3B2C",
    "tomato red": "#DD3F2B",
    "cinnamon": "#A8623B",
    "mulberry": "#7A2E4D",
    "raspberry": "#B5274F",
    "mocha mousse": "#A47864",
}
"""Name of the trade -> sRGB."""

CHINESE_COLOURS: dict[str, tuple[str, str]] = {
    "奶白色": ("milk white", "#F7F1E3"),
    "奶白": ("milk white", "#F7F1E3"),
    "奶油色": ("cream", "#F6ECD2"),
    "奶油白": ("cream", "#F6ECD2"),
    "米白": ("off-white", "#F7F3EA"),
    "象牙白": ("ivory", "#FBF6E6"),
    "本白": ("off-white", "#F7F3EA"),
    "香槟色": ("champagne", "#EBD9BA"),
    "裸色": ("nude", "#E3BFA3"),
    "裸粉色": ("nude pink", "#E8C4B8"),
    "卡其色": ("khaki", "#AFA078"),
    "卡其": ("khaki", "#AFA078"),
    "燕麦色": ("oatmeal", "#DCCFB8"),
    "焦糖色": ("caramel", "#B5713C"),
    "巧克力色": ("chocolate", "#5A3422"),
    "铁锈红": ("rust", "#A8452A"),
    "砖红色": ("brick red", "#9E3B2C"),
    "豆沙色": ("dusty rose", "#B97F7C"),
    "豆沙粉": ("dusty rose", "#C48D91"),
    "藕粉色": ("dusty pink", "#D9B4B0"),
    "藕粉": ("dusty pink", "#D9B4B0"),
    "烟粉色": ("dusty pink", "#D3A3A4"),
    "樱花粉": ("cherry blossom pink", "#F6C9D0"),
    "西瓜红": ("watermelon red", "#E8505B"),
    "蜜桃色": ("peach", "#F7B58A"),
    "鹅黄色": ("pale yellow", "#F6E69A"),
    "鹅黄": ("pale yellow", "#F6E69A"),
    "柠檬黄": ("lemon", "#F7E54B"),
    "牛油果绿": ("avocado green", "#A3B17A"),
    "豆绿色": ("pea green", "#A9C08A"),
    "抹茶绿": ("matcha green", "#A9B97A"),
    "墨绿色": ("dark green", "#12452F"),
    "墨绿": ("dark green", "#12452F"),
    "祖母绿": ("emerald", "#05805A"),
    "灰绿色": ("grey green", "#8C9B86"),
    "雾霾蓝": ("haze blue", "#8FA3B5"),
    "雾蓝色": ("haze blue", "#8FA3B5"),
    "克莱因蓝": ("klein blue", "#002FA7"),
    "湖蓝色": ("lake blue", "#3AA6B9"),
    "湖水蓝": ("lake blue", "#3AA6B9"),
    "冰蓝色": ("ice blue", "#D4E6EE"),
    "牛仔蓝": ("denim blue", "#4F6D8F"),
    "香芋紫": ("taro purple", "#C4AFD6"),
    "香芋色": ("taro purple", "#C4AFD6"),
    "薰衣草紫": ("lavender", "#BFA8DD"),
    "茄紫色": ("aubergine", "#4B2746"),
    "金色": ("gold", "#C9A13B"),
    "银色": ("silver", "#C3C6C9"),
    "古铜色": ("bronze", "#9B6B3A"),
    "炭灰色": ("charcoal", "#3C4043"),
    "深灰色": ("dark grey", "#55585C"),
    "浅灰色": ("light grey", "#C9CBCE"),
    "烟灰色": ("smoke grey", "#8B8C8F"),
    "绿松石色": ("turquoise", "#2FB5AC"),
    "莫兰迪粉": ("muted pink", "#CDA9A6"),
    "月白色": ("moon white", "#D6ECF0"),
    "月白": ("moon white", "#D6ECF0"),
    "珍珠白": ("pearl white", "#F2EFE6"),
    "乳白色": ("milk white", "#F7F1E3"),
    "米黄色": ("cream yellow", "#F2E3BE"),
    "杏仁色": ("almond", "#E8D3B5"),
    "奶茶色": ("milk tea", "#CDB093"),
    "奶咖色": ("latte", "#B99A7C"),
    "咖色": ("coffee", "#6F4E37"),
    "深棕色": ("dark brown", "#4A2E20"),
    "浅棕色": ("light brown", "#B58A63"),
    "深咖色": ("dark coffee", "#4B3426"),
    "可可色": ("cocoa", "#6B4A3A"),
    "栗色": ("chestnut", "#6E3B2B"),
    "驼灰色": ("taupe", "#9B8B7A"),
    "高级灰": ("grey", "#8F9194"),
    "银灰色": ("silver grey", "#B6B9BC"),
    "深红色": ("dark red", "#8A0A12"),
    "枣红色": ("jujube red", "#7A1F2B"),
    "勃艮第": ("burgundy", "#6D1A2D"),
    "樱桃红": ("cherry red", "#B5132B"),
    "橘红色": ("orange red", "#E5532D"),
    "番茄红": ("tomato red", "#DD3F2B"),
    "复古红": ("vintage red", "#9E2B2B"),
    "玫瑰红": ("rose red", "#C21E56"),
    "玫瑰粉": ("rose pink", "#E08A9B"),
    "裸粉": ("nude pink", "#E8C4B8"),
    "浅粉色": ("light pink", "#F9C6D4"),
    "芭比粉": ("barbie pink", "#E0218A"),
    "荧光粉": ("neon pink", "#FF3FA4"),
    "脏粉色": ("dusty pink", "#D3A3A4"),
    "脏橘色": ("dusty orange", "#C9744F"),
    "焦橙色": ("burnt orange", "#BF5B21"),
    "南瓜色": ("pumpkin", "#D9742B"),
    "奶黄色": ("butter yellow", "#F7E8A4"),
    "明黄色": ("bright yellow", "#FFD91A"),
    "浅黄色": ("light yellow", "#FAF0A6"),
    "嫩黄色": ("pale yellow", "#F6E69A"),
    "姜黄": ("turmeric", "#D79A2B"),
    "深绿色": ("dark green", "#12452F"),
    "军绿": ("army green", "#5B6236"),
    "草绿色": ("grass green", "#6BA43A"),
    "苹果绿": ("apple green", "#8DB600"),
    "果绿色": ("fruit green", "#A6D672"),
    "嫩绿色": ("tender green", "#A9D36E"),
    "薄荷": ("mint", "#A9DCC4"),
    "翡翠绿": ("jade green", "#0F8A5F"),
    "复古绿": ("vintage green", "#3F5F4A"),
    "鼠尾草绿": ("sage green", "#9CAF88"),
    "藏蓝色": ("navy", "#1F2A4D"),
    "藏蓝": ("navy", "#1F2A4D"),
    "深蓝": ("dark blue", "#1F2F5C"),
    "浅蓝": ("light blue", "#A9CBE8"),
    "宝石蓝": ("sapphire", "#1D4E9E"),
    "皇家蓝": ("royal blue", "#2A4FA8"),
    "电光蓝": ("electric blue", "#1F4FFF"),
    "婴儿蓝": ("baby blue", "#A6CDF0"),
    "冰川蓝": ("glacier blue", "#C3DCE6"),
    "蒂芙尼蓝": ("tiffany blue", "#81D3CB"),
    "烟灰蓝": ("smoke blue", "#7F93A3"),
    "灰蓝色": ("grey blue", "#7A8FA3"),
    "湖蓝": ("lake blue", "#3AA6B9"),
    "深紫色": ("dark purple", "#43224F"),
    "罗兰紫": ("violet", "#8A6DB1"),
    "葡萄紫": ("grape", "#5E3A6E"),
    "梅子色": ("plum", "#6E2B4E"),
    "玫瑰金": ("rose gold", "#C99487"),
    "古金色": ("old gold", "#B08D45"),
    "青绿色": ("turquoise", "#2FB5AC"),
    "碧绿色": ("jade", "#2A9D7F"),
}
"""Chinese name -> its English one, and sRGB."""

MODIFIERS: dict[str, str] = {
    "light": "light",
    "lighter": "light",
    "soft": "light",
    "pale": "pale",
    "icy": "pale",
    "pastel": "pastel",
    "powdery": "pastel",
    "dark": "dark",
    "darker": "dark",
    "deep": "deep",
    "rich": "deep",
    "dusty": "dusty",
    "muted": "dusty",
    "faded": "dusty",
    "washed": "dusty",
    "smoky": "dusty",
    "neon": "neon",
    "fluorescent": "neon",
    "fluoro": "neon",
    "bright": "bright",
    "vivid": "bright",
    "vibrant": "bright",
    "浅": "light",
    "淡": "pale",
    "粉彩": "pastel",
    "深": "dark",
    "暗": "dark",
    "灰调": "dusty",
    "莫兰迪": "dusty",
    "荧光": "neon",
    "亮": "bright",
}
"""Word before a colour -> what it does to the colour."""


@dataclass(frozen=True)
class TypedColour:
    """A colour as somebody named it.

    Attributes:
        name: as typed.
        colour: what it looks like; None leaves the exact dye to the model.
        value: the family's value that a phrasebook takes it for; empty for the nearest one.
    """

    name: str
    colour: Lab | None = None
    value: str = ""


@cache
def listed_colours() -> dict[str, Lab]:
    """Every name that stands for an exact colour, English and Chinese -> the colour."""
    rows = [line.split("\t") for line in _LIST.read_text(encoding="utf-8").splitlines()]
    found = {row[0]: _lab(row[1]) for row in rows if len(row) == 2}
    found |= {name: _lab(text) for name, text in TRADE.items()}
    found |= {name: _lab(text) for name, (_, text) in CHINESE_COLOURS.items()}
    return {name: colour for name, colour in found.items() if name not in NAMED_COLOURS}


def of_hex(text: str) -> Lab | None:
    """The colour of "#C9A0A8" or "#abc"; None for anything else."""
    return _lab(text) if _HEX.fullmatch(text) else None


def modified(colour: Lab, modifier: str) -> Lab:
    """A colour made light, pale, pastel, dark, deep, dusty, neon or bright.

    Raises:
        KeyError: there is no such modifier.
    """
    lightness, a, b = colour
    if modifier == "neon":
        return _neon(colour)
    lifted, sunk, chroma = {
        "light": (0.42, 0.0, 0.8),
        "pale": (0.62, 0.0, 0.5),
        "pastel": (0.55, 0.0, 0.6),
        "dark": (0.0, 0.42, 0.85),
        "deep": (0.0, 0.25, 1.1),
        "dusty": (0.12, 0.06, 0.55),
        "bright": (0.06, 0.0, 1.3),
    }[modifier]
    changed = lightness + lifted * (96 - lightness) - sunk * lightness
    return _shown(Lab(changed, a * chroma, b * chroma))


def _neon(colour: Lab) -> Lab:
    """The strongest colour of its hue that a screen has."""
    red, green, blue = (part / 255 for part in rgb_of(colour))
    hue, _, _ = colorsys.rgb_to_hsv(red, green, blue)
    strong = colorsys.hsv_to_rgb(hue, 0.92, 1.0)
    return lab_of(tuple(round(255 * part) for part in strong))  # type: ignore[arg-type]  # three


def _shown(colour: Lab) -> Lab:
    return _lab(hex_of(lab_in_range(colour)))


def _lab(text: str) -> Lab:
    digits = text.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    red, green, blue = bytes.fromhex(digits)
    rgb: Rgb = (red, green, blue)
    return lab_of(rgb)
