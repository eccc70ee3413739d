"""Styles, occasions and stand-ins: words that lean a whole design, as one readable table.

A leaning is no promise. For each candidate chance decides which of a style's values are told to
the model; what is asked for in so many words always wins, and what is refused stays out. A
stand-in is a word that can't be drawn yet: the nearest that can be drawn is told for every
candidate, and the page says so.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.design.families import FAMILIES
from studio.design.garment_rules import GARMENT_RULES

CHANCE = 0.55
"""That a family which a style leans is told for a candidate."""
MOST_TOLD = 5
"""Families told for one candidate; the others stay the model's own choice."""

STYLES: dict[str, str] = {
    # Name; further names, English and Chinese -> values that it leans to.
    "boho; bohemian; hippie; festival; 波西米亚; 波希米亚": "tiered; maxi; bishop sleeves; "
    "bell sleeves; fringed hem; floral; paisley; tie-dye; embroidery; cotton; crochet; suede; "
    "sandals; smocked waist; handkerchief hem; kimono sleeves",
    "romantic; feminine; dreamy; fairy; 浪漫; 仙女; 仙气": "lace yoke; front ruffles; "
    "puff sleeves; flutter sleeves; floral; ditsy; sheer; broderie; pink; lilac; a-line",
    "vintage; retro; 50s; fifties; 1950s; 复古": "polka dots; peter pan collar; full; midi; "
    "gathered waist; puff sleeves; toile; houndstooth; mustard; burgundy",
    "French vintage; french; parisian; french girl; 法式; 法式复古": "midi; square neck; v-neck; "
    "puff sleeves; floral; ditsy; polka dots; linen; wrap front; a-line; flats",
    "70s; seventies; 1970s": "flared; bell sleeves; shirt collar; corduroy; suede; paisley; "
    "geometric; mustard; brown; orange",
    "20s; twenties; 1920s; flapper; gatsby": "drop waist; fringed hem; sequins; pearls; "
    "sleeveless; bob; feathers; handkerchief hem",
    "60s; sixties; 1960s; mod": "mini; a-line; straight; colour block; geometric; "
    "houndstooth; boots; bob",
    "80s; eighties; 1980s": "oversized; puff sleeves; fuchsia; peplum; sequins",
    "90s; nineties; 1990s": "slim fit; satin; denim; mini; straight; black; solid; spaghetti "
    "straps; cowl neck",
    "office; work; workwear; business; professional; corporate; formal; 通勤; 职场; "
    "正式; 职业; 职业装; 上班": "solid; "
    "notched lapels; shirt collar; pencil; knee-length; straight-leg; navy; grey; black; "
    "heels",
    "minimalist; minimal; clean; simple; understated; scandinavian; 极简; 简约": "solid; straight; "
    "regular fit; white; black; beige; grey",
    "streetwear; street style; urban; hip hop; 街头": "oversized; hood; cargo pockets; zip front; "
    "wide-leg; cropped; sneakers",
    "Y2K; 2000s; 千禧": "cropped; mini; slim fit; drop waist; pink; lilac; denim; flared; sneakers",
    "cottagecore; prairie; pastoral; country; 田园": "floral; ditsy; gingham; toile; "
    "broderie; puff sleeves; square neck; tiered; ruffled hem; cotton; braids; smocked waist",
    "old money; quiet luxury; classic; timeless; luxurious; luxury; 老钱; 经典; 轻奢": "solid; "
    "tweed; knit; wool; houndstooth; notched lapels; pearls; beige; camel; navy; "
    "regular fit; flats",
    "preppy; collegiate; academia; dark academia; school; 学院; 学院风": "argyle; tartan; "
    "houndstooth; corduroy; box pleats; "
    "shirt collar; mini; navy; burgundy; windowpane; contrast piping",
    "grunge": "oversized; tartan; denim; black; leather; boots",
    "punk; rock; rocker; 朋克": "leather; tartan; mesh; zip front; black; slim fit; skinny; boots",
    "gothic; goth; witchy; 哥特; 暗黑": "black; velvet; lace yoke; lace-up front; bell sleeves; "
    "burgundy; maxi; boots; black hair",
    "party; clubbing; night out; disco; glam; glamorous; 派对": "sequins; satin; mini; one- "
    "shoulder; halter neck; fuchsia; heels; feathers; cut-outs",
    "evening; gala; red carpet; black tie; 晚宴": "maxi; satin; velvet; jacquard; sequins; "
    "off-shoulder; one-shoulder; front slit; mermaid; heels; bun; strapless; open back",
    "wedding guest; garden party; 伴娘; 婚礼; bridesmaid; bridesmaids": "midi; satin; sheer; "
    "floral; flutter sleeves; v-neck; a-line; lilac; mint; heels",
    "cocktail; 鸡尾酒": "knee-length; satin; sheer; sequins; a-line; pencil; heels",
    "date; date night; 约会": "slim fit; satin; v-neck; sweetheart neck; red; heels",
    "beach; resort; holiday; vacation; seaside; 度假; 海边; 沙滩": "sleeveless; cotton; "
    "linen; crochet; sheer; halter neck; maxi; tiered; floral; tropical; sandals; spaghetti "
    "straps; cut-outs",
    "summer; summery; 夏季; 夏天; 夏日; 夏": "sleeveless; short sleeves; cotton; linen; broderie; "
    "sheer; floral; "
    "sandals; mini",
    "winter; wintry; cold weather; 冬季; 冬天; 冬": "long sleeves; knit; tweed; wool; velvet; "
    "quilted; faux fur; "
    "turtleneck; boots",
    "spring; 春季; 春天; 春": "floral; cotton; three-quarter sleeves; mint; lilac; pink; flats",
    "autumn; fall; autumnal; 秋季; 秋天; 秋": "long sleeves; knit; tweed; corduroy; suede; wool; "
    "camel; mustard; "
    "burgundy; "
    "boots",
    "casual; everyday; relaxed; laid-back; weekend; 休闲; 日常": "cotton; denim; knit; jersey; "
    "regular fit; "
    "oversized; sneakers; flats",
    "elegant; sophisticated; chic; ladylike; graceful; 优雅; 别致; 气质; 名媛; 淑女": "satin; "
    "midi; a-line; "
    "solid; boat neck; bun; heels",
    "sexy; hot; seductive; sultry; daring; 性感; 辣妹": "slim fit; front slit; v-neck; mini; "
    "halter neck; satin; heels; plunging neck; open back; cut-outs",
    "cute; sweet; girly; kawaii; coquette; 可爱; 甜美; 少女": "peter pan collar; puff sleeves; "
    "neck bow; shoulder bows; mini; pink; ruffled hem",
    "sporty; athletic; athleisure; active; gym; yoga; 运动; 运动风": "zip front; hood; "
    "ribbed cuffs; slim fit; contrast piping; jersey; mesh; sneakers; ponytail; joggers; "
    "leggings",
    "western; cowboy; cowgirl; rodeo; 西部": "fringed hem; denim; leather; suede; "
    "embroidery; boots; brown",
    "military; utilitarian; utility; safari; 军装; 工装风": "cargo pockets; camouflage; "
    "double-breasted; stand collar; belt; olive; camel",
    "nautical; sailor; marine; 海军; 海军风": "horizontal stripes; navy; white; boat neck; "
    "button front; wide-leg; sailor collar",
    "new Chinese; neo chinese; oriental; chinese style; 新中式; 中式; 国风": "stand collar; "
    "side slit; satin; jacquard; embroidery; three-quarter sleeves; straight; frog closure",
    "tweed suit; chanel style; coco; 小香风; 小香": "tweed; contrast piping; pearls; crew neck; "
    "button front; patch pockets; fringed hem",
    "japanese; mori; 日系; 森系; 文艺": "oversized; cotton; linen; solid; beige; midi; "
    "peter pan collar",
    "korean; k-style; 韩系; 韩版": "oversized; solid; mini; notched lapels; beige; sky blue",
    "slim look; slimming; flattering; 显瘦; 显高": "slim fit; a-line; v-neck; vertical stripes; "
    "black; navy",
    "princess; fairytale; 公主": "full; puff sleeves; lace yoke; pink; sheer",
    "bridal; bride; wedding; 新娘": "white; maxi; lace yoke; sheer; satin",
    "maternity; pregnancy; 孕妇": "empire waist; oversized; a-line; tiered",
    "modest; conservative; 保守": "long sleeves; maxi; stand collar; crew neck; headscarf",
    "artsy; avant-garde; edgy; futuristic; 先锋; 未来感": "asymmetric hem; colour block; "
    "one-shoulder; oversized; black",
    "artisanal; folk; ethnic; tribal; 民族": "embroidery; bishop sleeves; tiered; fringed hem; "
    "tied sash; braids",
    "equestrian; heritage; british; 英伦": "tweed; windowpane; tartan; herringbone; notched "
    "lapels; camel; boots; toggle closure",
    "hawaiian; aloha; 夏威夷": "tropical; sleeveless; green; orange; maxi",
    "travel; airport; commuting": "cotton; knit; wide-leg; oversized; sneakers",
    "kawaii goth; emo": "black; pink; mini; neck bow; boots",
    "ballet; balletcore; ballerina": "wrap front; pink; slim fit; neck bow; flats; bun",
    "clean girl; model off duty": "solid; slim fit; beige; white; bun",
    "christmas; festive; xmas; new year; 圣诞; 新年": "red; green; sequins; satin; velvet; tartan",
    "pastel; pastels; pastel colours; 马卡龙": "mint; lilac; sky blue; pink",
    "neon; neon colours; 荧光色": "fuchsia; yellow; green",
    "halloween": "black; orange; burgundy",
    "graduation; prom; homecoming; 毕业": "satin; sheer; sequins; sweetheart neck; a-line; heels",
    "funeral; mourning": "black; solid; knee-length",
}
"""A style's names, the one to show first -> values that it leans to, semicolons between."""

STAND_INS: dict[str, str] = {
    # Cloths that have no surface of their own yet.
    "viscose; rayon; lyocell; tencel; 天丝": "cotton",
    "modal; spandex; 莫代尔": "jersey",
    "nylon; polyester; 尼龙": "quilted; cotton",
    "terry; fleece; 抓绒": "knit; faux fur",
    # Prints.
    "tiger print; tiger stripes; tiger; 虎纹": "zebra",
    "snake print; snakeskin; python print; 蛇纹": "leopard",
    "abstract; abstract print; 抽象": "geometric; camouflage",
    # Garments.
    "lingerie; 内衣": "top; satin; slim fit; v-neck; sleeveless",
    "pyjamas; pajamas; loungewear; sleepwear; 睡衣": "shirt; contrast piping; oversized",
    "skort; culotte shorts; 裙裤": "shorts; wide-leg",
    "sari; saree; lehenga; 纱丽": "dress; maxi; one-shoulder; embroidery",
    "hanfu; 汉服": "dress; maxi; wrap front; kimono sleeves",
    "two-piece; two-piece set; co-ord; co-ord set; coord; matching set; 套装; 两件套": "jacket",
    "trouser suit; pantsuit; pant suit; skirt suit; suit; 西服套装": "jacket; notched lapels",
    # Details.
    "bikini; 比基尼": "swimsuit; halter neck",
    "bodysuit; leotard; 连体衣": "swimsuit; scoop neck",
}
"""Names of what can't be drawn yet -> the nearest that can be; of one family, chance takes one."""


@dataclass(frozen=True)
class Leaning:
    """What a word leans a design to.

    Attributes:
        name: what to call it.
        values: family -> the values that it leans to.
        stands_in: whether the word names a thing that can't be drawn yet.
    """

    name: str
    values: Mapping[str, tuple[str, ...]]
    stands_in: bool = False


def _families(listed: str, families: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for value in (each.strip() for each in listed.split(";")):
        for family, values in families.items():
            if value in values:
                found[family] = (*found.get(family, ()), value)
                break
    return found


def leanings_of(families: Mapping[str, Sequence[str]]) -> dict[str, Leaning]:
    """Every name of a style or stand-in -> its leaning, as far as there are such families."""
    found: dict[str, Leaning] = {}
    for table, stands_in in ((STYLES, False), (STAND_INS, True)):
        for names, listed in table.items():
            values = _families(listed, families)
            first, *others = (name.strip() for name in names.split(";"))
            for name in (first, *others):
                shown = first if not stands_in else name
                found.setdefault(name, Leaning(shown, values, stands_in))
    return found


def drawn_by_lot(
    leanings: Sequence[Leaning],
    asked: Mapping[str, str],
    refused: Mapping[str, frozenset[str]],
    lot: random.Random,
) -> dict[str, str]:
    """What is told of leanings for one candidate: values that go with what is asked for.

    Args:
        leanings: of the prompt; stand-ins are told always, a style's families by chance.
        asked: family -> value; never changed.
        refused: family -> values that never come.
        lot: source of chance; the same state gives the same values.
    """
    told: dict[str, str] = {}
    ordered = sorted(leanings, key=lambda each: not each.stands_in)
    for leaning in ordered:
        families = list(leaning.values.items())
        if not leaning.stands_in:
            lot.shuffle(families)
        for family, values in families:
            drawn, chance = lot.choice(values), lot.random()
            if family in asked or family in told or drawn in refused.get(family, ()):
                continue
            if not leaning.stands_in and (chance > CHANCE or len(told) >= MOST_TOLD):
                continue
            if _goes(family, drawn, {**asked, **told}, refused):
                told[family] = drawn
    return {family: told[family] for family in FAMILIES if family in told}


def _goes(
    family: str, value: str, values: Mapping[str, str], refused: Mapping[str, frozenset[str]]
) -> bool:
    together = {**values, family: value}
    return GARMENT_RULES.can_go_together(together, refused) and not GARMENT_RULES.broken(together)
