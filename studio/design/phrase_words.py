"""Words as they are typed, made comparable; and words as messages quote them."""

import re
import unicodedata
from collections.abc import Mapping

CJK = "\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{CJK}]|[^\W_{CJK}]+|[^\w\s]")
_WITHIN_WORDS = re.compile(r"['\u2018\u2019\u200d\ufe0f]")
_TRADITIONAL = (
    "紅红藍蓝綠绿黃黄黑黑連连長长裙裙褲裤襯衬裝装領领圓圆釦扣鈕纽領领邊边條条紋纹點点圖图案案顏颜"
    "麗丽膚肤腳脚腰腰寬宽鬆松緊紧閃闪絲丝綢绸緞缎羊羊針针織织麻麻褶褶襬摆擺摆無无沒没與与個个這这"
    "頭头髮发髮发鞋鞋靴靴帶带帶带繫系係系蕾蕾繡绣鑲镶珍珍鏈链鍊链鉤钩環环層层魚鱼開开叉叉衩衩復复"
    "國国風风韓韩學学園园禮礼婚婚伴伴參参會会暈晕漸渐變变淺浅淡淡銀银銅铜橘橘檸柠檬檬薰薰霧雾灰灰"
    "駝驼乾干淨净簡简約约優优雅雅氣气質质舊旧錢钱輕轻奢奢職职場场辦办公公時时髦髦運运動动戶户"
    "夾夹剋克衛卫風风羽羽絨绒馬马甲甲連连體体闊阔腿腿釘钉圍围蓋盖過过膝膝踝踝後后側侧單单雙双"
    "對对稱称格格碎碎花花豹豹斑斑條条蘇苏蘭兰鳥鸟棋棋盤盘盤盘貼贴斗斗參参純纯棉棉仿仿皮皮麂麂"
    "蓬蓬燈灯籠笼喇喇叭叭蝴蝴結结蝶蝶圍围視视覺觉顯显瘦瘦歲岁歐欧復复襪袜鏡镜圖图畫画攝摄"
    "負负詞词還还種种搭搭樣样樂乐綁绑穩稳頂顶頸颈項项鏤镂鑽钻閨闺間间陽阳雜杂難难靜静韻韵黨党龍龙"
    "裡里裏里見见買买賣卖貨货貴贵週周遊游適适選选鏽锈鐵铁磚砖奶奶蜜蜜櫻樱蔥葱蘆芦薄薄濃浓濕湿為为無无"
    "務务動动勞劳區区卻却參参號号嗎吗塊块壓压夢梦奧奥媽妈孫孙寫写將将專专尋寻島岛師师帥帅幾几廣广張张彈弹"
    "後后從从徵征應应懷怀戀恋戲戏戰战擁拥據据擇择擴扩攜携數数斷断於于書书條条棗枣棟栋極极構构標标樹树橋桥"
    "檔档歡欢歷历氈毡沖冲決决沒没溫温滿满漢汉潔洁瀏浏灣湾烏乌熱热營营牆墙獨独環环現现瑪玛甜甜產产畢毕異异發发"
    "皺皱監监盜盗眾众睏困礦矿碼码確确禦御積积穿穿競竞筆笔節节範范築筑籃篮糧粮紀纪紗纱紙纸級级細细終终組组經经"
    "維维網网緊紧線线編编緣缘縫缝縮缩總总繩绳繪绘繼继續续纖纤罩罩聖圣聲声職职腦脑臉脸舉举"
    "亞亚佈布來来倫伦傑杰傘伞傢家僕仆兒儿內内兩两別别則则劉刘勢势卹恤喬乔嚮向囌苏墻墙妝妆婦妇嬌娇孃娘宮宫實实寧宁寶宝屬属弔吊彆别愛爱戧戗捲卷掛挂敎教旂旗曏向曬晒朮术"
    "棊棋業业機机橫横檳槟欖榄涼凉準准滾滚潑泼灘滩煙烟熒荧爾尔甦苏甯宁疊叠痠酸盪荡眞真祕秘竪竖箇个紐纽紡纺紮扎絎绗絕绝絞绞絶绝綉绣綫线綵彩綸纶緑绿緻致縐绉縴纤羅罗脣唇"
    "脩修膠胶臍脐臘腊苧苎華华菸烟萊莱葉叶蔔卜蕩荡薑姜藝艺蘿萝蠶蚕衆众術术衝冲補补製制複复襇裥襉裥襖袄規规計计設设誕诞調调請请豎竖豐丰貝贝費费車车軍军輓挽辮辫醣糖鈎钩"
    "鉆钻鉛铅銹锈鋒锋鋸锯錦锦鍼针鎖锁鐳镭門门閑闲閒闲閤合闇暗隨随隱隐隻只雞鸡雲云電电鞦秋韆千顔颜類类飄飘飛飞飾饰駁驳騎骑鬥斗鵝鹅鷄鸡麥麦麪面麫面麵面鼕冬齊齐齒齿"
)
"""Traditional characters, each followed by its simplified one."""
_SIMPLIFIED = str.maketrans(_TRADITIONAL[::2], _TRADITIONAL[1::2])
_NOT_A_PLURAL = ("ss", "us", "is")


def tokens(text: str) -> list[str]:
    """Words without case, accents and punctuation.

    Each Chinese character and each emoji is a word of its own.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_SIMPLIFIED))
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    found = _TOKEN.findall(unicodedata.normalize("NFKC", _WITHIN_WORDS.sub("", plain)))
    return [word for word in found if word.isalnum() or unicodedata.category(word[0]) == "So"]


def stem(word: str, spellings: Mapping[str, str]) -> str:
    """The singular of a word, in the spelling that the vocabulary uses.

    Wrong singulars do no harm as long as the vocabulary itself is read in the same way.
    """
    if word in spellings:
        return spellings[word]
    singular = word
    if word.endswith(("sses", "shes", "ches", "xes")):
        singular = word[:-2]
    elif len(word) > 2 and word.endswith("s") and not word.endswith(_NOT_A_PLURAL):
        singular = word[:-1]
    return spellings.get(singular, singular)


def joined(words: list[str]) -> str:
    """Words with spaces between them, but none between Chinese characters."""
    return re.sub(rf"(?<=[{CJK}]) (?=[{CJK}])", "", " ".join(words))


def in_quotes(phrases: list[str], last: str = "and") -> str:
    """A list for a sentence: each phrase in quotation marks, `last` before the last one."""
    quoted = [f"\u201c{phrase}\u201d" for phrase in phrases]
    return f" {last} ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))
