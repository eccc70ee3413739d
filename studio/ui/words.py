"""Every word on the screen that is not a person's own, in one place, in two languages."""

from collections.abc import Mapping, Sequence

ENGLISH: dict[str, str] = {
    "language": "en",
    "title": "PerFusion Studio",
    "locale": "en-GB",
    "theme": "Light or dark",
    "design": "Design",
    "history": "History",
    "not_kept": (
        "What you save here is gone when this Space restarts: it has no persistent storage, or the "
        "data folder is not in it. Export what you want to keep."
    ),
    "teach": "Teach",
    "teach_lead": (
        "Saved picks teach two models: the one that scores, and the one that draws. It takes about "
        "80 answered rounds before held-out rounds can tell whether it helped."
    ),
    "nothing_taught": "No store has answered a round yet. Save picks on the Design page first.",
    "teach_what": "What to teach",
    "teach_both": "scores and designs",
    "teach_reward": "scores only",
    "teach_generator": "designs only",
    "teach_start": "Teach the models",
    "teach_stop": "Stop",
    "one_moment": "One moment …",
    "teach_impossible": (
        "This studio can’t teach itself: the folder “training” or its packages are not installed. "
        "Export the rounds from History and train where they are."
    ),
    "checkpoints": "Checkpoints",
    "checkpoints_lead": "What draws and scores. Switch, and switch back, without a restart.",
    "in_service": "in service",
    "put_in_service": "Put in service",
    "training_running": "Training {number} is under way. Go on designing, or close the page.",
    "training_stopping": "Training {number} stops after its next step; stop again to end it now.",
    "training_cancelled": "Training {number} was stopped. Nothing has changed.",
    "training_interrupted": (
        "Training {number} ended before its time, for example with the computer. Nothing has "
        "changed; start again, and with the same rounds it goes on where it was."
    ),
    "training_failed": "Training {number} could not be done.",
    "training_done": "Training {number} has ended.",
    "teaching_reward": "Learning to score: step {step}.",
    "teaching_generator": "Learning to draw: step {step}.",
    "minutes_left": "About {minutes} min left for this part.",
    "verdict_reward_passed": "Scores: better, so the new ones can be put in service.",
    "verdict_reward_kept_back": "Scores: no better, so the old ones stay.",
    "verdict_generator_passed": "Designs: better, so the new checkpoint can be put in service.",
    "verdict_generator_kept_back": "Designs: no better, so the old checkpoint stays.",
    "compare": "Compare",
    "compare_lead": "The same phrases and seeds for two stores, side by side.",
    "compare_start": "Draw for both",
    "compare_round": "Compare two stores",
    "first_store": "First store",
    "second_store": "Second store",
    "both_stores": "For both",
    "same_for_both": (
        "This checkpoint holds no adaptive network yet, so it draws the same for every store: "
        "here are those designs once, for both."
    ),
    "drawn_for": "Drawn for {name}",
    "scored_for": "Scored for {name}",
    "matrix_caption": "How much each store likes what was drawn for either",
    "matrix_note": (
        "Scores are against a store’s own mean over all designs shown here, in logits of the "
        "reward model."
    ),
    "stores": "Stores",
    "store": "Store",
    "choose_store": "Store that designs are for",
    "nobody": "nobody in particular",
    "no_store": "No store yet: designs are for nobody in particular.",
    "for_nobody": "Designs as anybody may like them.",
    "add_store": "Add a store",
    "new_store": "New store",
    "stores_lead": "Each store teaches the studio its own taste, round by round.",
    "form_lead": "Leave open what you don’t know: every answer may stay unknown.",
    "store_name": "Name",
    "save_store": "Save store",
    "design_for": "Design for it",
    "remove_store": "Remove",
    "store_saved": "Saved {name}.",
    "store_removed": "{name} was removed; its rounds stay.",
    "undo": "Undo",
    "more_answers": "more about it",
    "taught": "{count} rounds taught",
    "taught_one": "1 round taught",
    "search_phrases": "Search phrases",
    "all_stores": "All stores",
    "favourites": "Favourites",
    "favourite": "Round {number} is a favourite",
    "open_round": "Open round {number}",
    "delete": "Delete",
    "delete_round": "Delete round {number}",
    "round_deleted": "Round {number} was deleted.",
    "older": "Older rounds",
    "no_rounds": "No rounds yet. Generate one in Design, and it will be kept here.",
    "nothing_found": "No round is like that. Search for fewer phrases, or clear the filters.",
    "unanswered": "not answered",
    "phrases": "Phrases",
    "phrases_label": "Add a phrase",
    "phrases_first": "dress, v-neck, …",
    "phrases_more": "add a phrase",
    "remove_phrase": "Remove {phrase}",
    "keep_phrase": "Keep {phrase} as a favourite",
    "favourite_phrases": "Favourites",
    "unknown": "“{phrase}” is not known. Say it in other words, or take it out.",
    "unknown_nearest": "“{phrase}” is not known. Nearest:",
    "conflict": "",  # the phrasebook's own sentence says more
    "generate": "Generate {count}",
    "options": "Options",
    "count": "Designs in a round",
    "seed": "Seed",
    "seed_info": "Empty: a new one each time.",
    "strength": "Strength of the store’s taste",
    "strength_info": "0 draws the plain design, 1 as trained.",
    "times": "Drawn for each design shown",
    "times_info": "With more than 1, the best for the store are shown, and not all alike.",
    "cost": "Draws {drawn}, shows the best {shown}: about {time} on this machine.",
    "cost_unknown": (
        "Draws {drawn}, shows the best {shown}. How long that takes is told once this machine "
        "has drawn a round."
    ),
    "seconds": "{count} s",
    "minutes": "{count} min",
    "best_of": "best {shown} of {drawn}",
    "reference": "Start from a picture",
    "reference_own": (
        "A design of this studio becomes the start of the next round. Of a photograph atelier "
        "can read the colours and nothing more."
    ),
    "reference_any": "The next round starts from it, as far as you say.",
    "reference_start": "The next rounds start from this picture.",
    "reference_colours": (
        "Atelier can’t read more of a photograph than its colours. Add one to the phrases:"
    ),
    "reference_no_colours": "No colour of the garment could be told apart.",
    "drawn_anew": "Drawn anew",
    "take_away": "Take it away",
    "designs": "Designs",
    "design_number": "Design {number}",
    "own_part": "{own} this store",
    "score_label": "score {total}",
    "scores_for": "Scores for {name}, against this round’s mean",
    "scores_by_answers": (
        "Scores for {name}, against this round’s mean; the model knows it by its answers only"
    ),
    "scores_general": (
        "General scores, against this round’s mean. Choose a store to see its own part."
    ),
    "scores_single": "A single design has no other to be scored against.",
    "order": "Order:",
    "as_drawn": "as drawn",
    "by_score": "by score",
    "no_personal_models": (
        "This checkpoint can’t tell stores apart yet: it draws the same for each of them, and "
        "there are no scores. Your picks are kept; they are what it can learn from."
    ),
    "no_reward_model": "This checkpoint holds no reward model yet, so designs have no scores.",
    "no_adaptive_network": (
        "This checkpoint holds no adaptive network yet, so it draws the same for every store."
    ),
    "your_stores": "Your stores",
    "sample_stores": "Sample stores",
    "drawing": "Drawing",
    "cancel": "Cancel",
    "save_none": "Save picks",
    "save_one": "Save 1 pick",
    "save_many": "Save {count} picks",
    "none_of_these": "None of these",
    "more_like_these": "More like these",
    "refine": "Refine phrases",
    "blueprint": "Blueprint",
    "blueprint_busy": "Drawing the sheet …",
    "save_png": "Save PNG",
    "download_failed": "That file could not be made. Reload the page, then try again.",
    "export_rounds": "Export for training",
    "export_format": "Format of the export",
    "export_as_rounds": "rounds: Parquet and PNG",
    "export_as_pickapic": "Pick-a-Pic’s columns",
    "export_as_trl": "TRL preference lines",
    "drop_png": "Drop a PNG of the studio to get its phrases back",
    "upload_failed": "The file could not be read. Reload the page, then try again.",
    "restored": "Phrases, number and seed are those of the PNG. Generate draws them again.",
    "refining": "Going on from round {number}",
    "start_afresh": "start afresh",
    "lineage": "Lineage",
    "full_screen": "Design, full screen",
    "enlarge_number": "Design {number}, full screen",
    "design_of": "{number} of {total}",
    "tick": "Tick",
    "ticked": "✓ Ticked",
    "previous": "Previous design",
    "next": "Next design",
    "close": "Close",
    "keys": "1–{last} tick · ← → move · Enter full screen · S save",
    "empty_lead": "Say it in phrases, then pick what you would sell.",
    "how_store": "Choose a store, or stay with nobody in particular.",
    "how_phrases": (
        "Type what the design should have, one short phrase after another. Words that the model "
        "does not know are marked, with the nearest ones that it does."
    ),
    "how_ticks": (
        "Tick what you would sell and save it. What you leave counts too: the models learn a "
        "store’s taste from both."
    ),
    "empty_body": "One click draws a first round from an example:",
    "compare_empty": (
        "See how a taste changes the design: two stores, the same phrases, the same seeds. Every "
        "design is then scored for both stores, so you see who would pick what."
    ),
    "round": "Round {number}",
    "new_round": "New round",
    "waiting": "Waiting for {count} before this one",
    "starting": "Reading the phrases",
    "step": "Step {step} of {total}",
    "step_left": "Step {step} of {total} · about {seconds} s left",
    "cancelled": "Cancelled. The phrases are still there: generate again when you like.",
    "failed": "This round could not be drawn. Generate it again.",
    "interrupted": "The studio stopped while this was drawn. Generate again to get it.",
    "saved": "Saved {count} of {total}.",
    "saved_none": "Noted: none of these.",
    "answered": "{count} picked",
    "answered_none": "none picked",
    "more_saved": "Saved {count} of {total}. Drawing more like them.",
    "variation_of": "more like round {number}",
    "from_picture": "from a picture",
    "for_store": "for {name}",
    "seed_note": "seed {seed}",
}
"""Sentences about errors, and what a store is asked, are in English where they arise."""

CHINESE: dict[str, str] = {
    "language": "zh",
    "title": "PerFusion Studio",
    "locale": "zh-CN",
    "theme": "切换明暗",
    "design": "设计",
    "history": "历史",
    "not_kept": (
        "这个 Space 重启后，这里保存的内容会丢失：它没有持久存储，或数据文件夹不在其中。"
        "请导出要保留的内容。"
    ),
    "teach": "教学",
    "teach_lead": (
        "保存的选择会教两个模型：一个打分，一个画图。"
        "大约回答 80 轮之后，才能用留出的轮次判断是否有效。"
    ),
    "nothing_taught": "还没有店铺回答过任何一轮。请先在设计页保存选择。",
    "teach_what": "教什么",
    "teach_both": "打分和设计",
    "teach_reward": "只教打分",
    "teach_generator": "只教设计",
    "teach_start": "开始教学",
    "teach_stop": "停止",
    "one_moment": "请稍候……",
    "teach_impossible": (
        "这个工作室不能自己学习：没有安装 training 文件夹或它的软件包。"
        "请从历史导出轮次，在装有它们的地方训练。"
    ),
    "checkpoints": "检查点",
    "checkpoints_lead": "由它来画图和打分。可以随时切换，也可以换回，不需要重启。",
    "in_service": "使用中",
    "put_in_service": "启用",
    "training_running": "第 {number} 次教学正在进行。您可以继续设计，或关闭页面。",
    "training_stopping": "第 {number} 次教学将在下一步之后停止。再按一次立即结束。",
    "training_cancelled": "第 {number} 次教学已停止。什么都没有改变。",
    "training_interrupted": (
        "第 {number} 次教学提前结束了，例如因为关机。什么都没有改变；"
        "轮次相同时，重新开始会从中断处继续。"
    ),
    "training_failed": "第 {number} 次教学无法完成。",
    "training_done": "第 {number} 次教学已结束。",
    "teaching_reward": "正在学习打分：第 {step} 步。",
    "teaching_generator": "正在学习画图：第 {step} 步。",
    "minutes_left": "这一部分大约还需要 {minutes} 分钟。",
    "verdict_reward_passed": "打分：更好了，可以启用。",
    "verdict_reward_kept_back": "打分：没有更好，保留原来的。",
    "verdict_generator_passed": "设计：更好了，可以启用新的检查点。",
    "verdict_generator_kept_back": "设计：没有更好，保留原来的检查点。",
    "compare": "对比",
    "compare_lead": "同样的短语和种子，为两家店铺并排绘制。",
    "compare_start": "为两家绘制",
    "compare_round": "对比两家店铺",
    "first_store": "第一家店铺",
    "second_store": "第二家店铺",
    "both_stores": "两家共用",
    "same_for_both": "这个检查点还没有自适应网络，为每家店铺画得都一样：这些设计两家共用。",
    "drawn_for": "为 {name} 绘制",
    "scored_for": "{name} 的评分",
    "matrix_caption": "每家店铺对双方设计的喜好",
    "matrix_note": "得分以该店铺对此处所有设计的平均为基准，单位为奖励模型的 logit。",
    "stores": "店铺",
    "store": "店铺",
    "choose_store": "为哪家店铺设计",
    "nobody": "不限店铺",
    "no_store": "还没有店铺：设计不针对任何店铺。",
    "for_nobody": "人人都可能喜欢的设计。",
    "add_store": "添加店铺",
    "new_store": "新店铺",
    "stores_lead": "每家店铺都会一轮一轮地教会工作室自己的品味。",
    "form_lead": "不知道的可以留空：每一项都可以未知。",
    "store_name": "名称",
    "save_store": "保存店铺",
    "design_for": "为它设计",
    "remove_store": "移除",
    "store_saved": "已保存“{name}”。",
    "store_removed": "“{name}”已移除；它的轮次仍保留。",
    "undo": "撤销",
    "more_answers": "更多资料",
    "taught": "已教 {count} 轮",
    "taught_one": "已教 1 轮",
    "search_phrases": "搜索短语",
    "all_stores": "所有店铺",
    "favourites": "收藏",
    "favourite": "收藏第 {number} 轮",
    "open_round": "打开第 {number} 轮",
    "delete": "删除",
    "delete_round": "删除第 {number} 轮",
    "round_deleted": "第 {number} 轮已删除。",
    "older": "更早的轮次",
    "no_rounds": "还没有轮次。在“设计”中生成一轮，它就会保存在这里。",
    "nothing_found": "没有这样的轮次。减少短语，或清除筛选。",
    "unanswered": "未选择",
    "phrases": "短语",
    "phrases_label": "添加短语",
    "phrases_first": "连衣裙，V领，…",
    "phrases_more": "添加短语",
    "remove_phrase": "移除“{phrase}”",
    "keep_phrase": "收藏“{phrase}”",
    "favourite_phrases": "收藏",
    "unknown": "不认识“{phrase}”。请换个说法，或去掉它。",
    "unknown_nearest": "不认识“{phrase}”。最接近的有：",
    "conflict": "“{phrases}”不能同时画出：请去掉其中一个。",
    "generate": "生成 {count} 个",
    "options": "选项",
    "count": "每轮设计数",
    "seed": "种子",
    "seed_info": "留空：每次用新的。",
    "strength": "店铺品味的强度",
    "strength_info": "0 画普通设计，1 为训练时的强度。",
    "times": "每个展示的设计绘制几个",
    "times_info": "大于 1 时，只展示最适合店铺、又不雷同的设计。",
    "cost": "绘制 {drawn} 个，展示最好的 {shown} 个：本机约需 {time}。",
    "cost_unknown": "绘制 {drawn} 个，展示最好的 {shown} 个。本机画过一轮之后才知道要多久。",
    "seconds": "{count} 秒",
    "minutes": "{count} 分钟",
    "best_of": "{drawn} 个中最好的 {shown} 个",
    "reference": "从一张图片开始",
    "reference_own": "本工作室的设计会成为下一轮的起点。照片则只能读取颜色，别无其他。",
    "reference_any": "下一轮将从它开始，程度由你决定。",
    "reference_start": "接下来的轮次从这张图片开始。",
    "reference_colours": "atelier 从照片中只能读取颜色。可加入短语：",
    "reference_no_colours": "分辨不出衣服的颜色。",
    "drawn_anew": "重画的程度",
    "take_away": "拿掉",
    "designs": "设计",
    "design_number": "设计 {number}",
    "own_part": "本店 {own}",
    "score_label": "得分 {total}",
    "scores_for": "{name} 的得分，与本轮平均相比",
    "scores_by_answers": "{name} 的得分，与本轮平均相比；模型只凭资料认识它",
    "scores_general": "通用得分，与本轮平均相比。选择店铺可看到它自己的部分。",
    "scores_single": "只有一个设计，没有可比较的得分。",
    "order": "排序：",
    "as_drawn": "按绘制",
    "by_score": "按得分",
    "no_personal_models": (
        "这个检查点还分不出店铺：为每家画得都一样，也没有得分。你的选择会保存，它将从中学习。"
    ),
    "no_reward_model": "这个检查点还没有奖励模型，所以设计没有得分。",
    "no_adaptive_network": "这个检查点还没有自适应网络，所以为每家店铺画得都一样。",
    "your_stores": "你的店铺",
    "sample_stores": "示例店铺",
    "drawing": "绘制中",
    "cancel": "取消",
    "save_none": "保存选择",
    "save_one": "保存 1 个选择",
    "save_many": "保存 {count} 个选择",
    "none_of_these": "都不要",
    "more_like_these": "更多类似的",
    "refine": "修改短语",
    "blueprint": "设计图纸",
    "blueprint_busy": "正在绘制图纸…",
    "save_png": "保存 PNG",
    "download_failed": "文件没有生成。请刷新页面后重试。",
    "export_rounds": "导出用于训练",
    "export_format": "导出格式",
    "export_as_rounds": "轮次：Parquet 和 PNG",
    "export_as_pickapic": "Pick-a-Pic 的列",
    "export_as_trl": "TRL 偏好数据",
    "drop_png": "拖入本工作室的 PNG 即可找回它的短语",
    "upload_failed": "文件无法读取。请刷新页面后重试。",
    "restored": "短语、数量和种子已按 PNG 恢复。点击生成即可重画。",
    "refining": "接着第 {number} 轮",
    "start_afresh": "重新开始",
    "lineage": "来历",
    "full_screen": "全屏查看设计",
    "enlarge_number": "全屏查看设计 {number}",
    "design_of": "{number} / {total}",
    "tick": "选中",
    "ticked": "✓ 已选中",
    "previous": "上一个设计",
    "next": "下一个设计",
    "close": "关闭",
    "keys": "1–{last} 选中 · ← → 移动 · Enter 全屏 · S 保存",
    "empty_lead": "用短语描述，再挑出你会卖的。",
    "how_store": "选择一家店铺，或不限店铺。",
    "how_phrases": (
        "一个接一个输入简短的短语，说明设计应有的样子。模型不认识的词会被标出，并给出最接近的词。"
    ),
    "how_ticks": "选中你会卖的并保存。没选的也算数：模型从两者学习店铺的品味。",
    "empty_body": "点一下，就用例子画出第一轮：",
    "compare_empty": (
        "看看品味怎样改变设计：两家店铺，同样的短语，同样的种子。每个设计都会为两家店铺评分，"
        "谁会选哪个一目了然。"
    ),
    "round": "第 {number} 轮",
    "new_round": "新一轮",
    "waiting": "前面还有 {count} 轮",
    "starting": "正在读短语",
    "step": "第 {step} 步，共 {total} 步",
    "step_left": "第 {step} 步，共 {total} 步 · 约剩 {seconds} 秒",
    "cancelled": "已取消。短语还在：随时可以再次生成。",
    "failed": "这一轮没有画成。请重新生成。",
    "interrupted": "绘制时工作室停止了。请重新生成。",
    "saved": "已保存 {total} 个中的 {count} 个。",
    "saved_none": "已记下：都不要。",
    "answered": "选了 {count} 个",
    "answered_none": "一个没选",
    "more_saved": "已保存 {total} 个中的 {count} 个。正在画更多类似的。",
    "variation_of": "类似第 {number} 轮",
    "from_picture": "从图片开始",
    "for_store": "为 {name}",
    "seed_note": "种子 {seed}",
    # What a store is asked, and its answers.
    "question:style": "风格",
    "question:price": "常见价格（欧元）",
    "question:age_group": "顾客年龄",
    "question:region": "地区",
    "question:season": "季节",
    "question:occasion": "场合",
    "question:channel": "销售渠道",
    "question:audience": "顾客品味",
    "answer:minimalist": "极简",
    "answer:luxurious": "奢华",
    "answer:bohemian": "波希米亚",
    "answer:street": "街头",
    "answer:office": "通勤",
    "answer:romantic": "浪漫",
    "answer:sporty": "运动",
    "answer:vintage": "复古",
    "answer:under 20": "20 岁以下",
    "answer:20 to 29": "20–29 岁",
    "answer:30 to 44": "30–44 岁",
    "answer:45 to 59": "45–59 岁",
    "answer:60 and over": "60 岁以上",
    "answer:metropolis": "大都市",
    "answer:coast": "沿海",
    "answer:mountains": "山区",
    "answer:south": "南方",
    "answer:north": "北方",
    "answer:countryside": "乡村",
    "answer:spring": "春",
    "answer:summer": "夏",
    "answer:autumn": "秋",
    "answer:winter": "冬",
    "answer:everyday": "日常",
    "answer:work": "工作",
    "answer:party": "派对",
    "answer:wedding": "婚礼",
    "answer:holiday": "度假",
    "answer:sport": "运动",
    "answer:boutique": "精品店",
    "answer:own web shop": "自有网店",
    "answer:marketplace": "电商平台",
    "answer:department store": "百货商店",
    "answer:live stream": "直播",
    "answer:mainstream": "大众",
    "answer:fashion-forward": "前卫",
    "answer:modest": "含蓄",
    "answer:conscious": "环保",
    "answer:bargain hunters": "追求实惠",
    # What went wrong, by the name of the error.
    "EmptyPromptError": "请用短语输入你想看到的，以逗号分隔：连衣裙，V领，红色。",
    "PromptTooLongError": "输入太长。请缩短到 1,000 个字符以内：几个简短的短语效果最好。",
    "NothingKnownError": "这些短语模型都不认识。请先说一种服装，例如：连衣裙。",
    "ContradictoryPhrasesError": "有些短语不能同时画出。请按标出的提示去掉其中一个。",
    "CandidateCountError": "一次可以要 1 到 12 个设计。",
    "SeedError": "种子必须是 0 到 4294967295 的整数，或留空。",
    "UnknownGroupError": "这一轮已经不在了。请刷新页面。",
    "UnknownCandidateError": "这些设计不都属于这一轮。请刷新页面后重新选择。",
    "UnknownJobError": "这一轮已经不在了。请刷新页面。",
    "UnknownStoreError": "这家店铺已经不在了。请刷新页面。",
    "StoreNameError": "请给店铺起一个 60 个字符以内的名称。",
    "PhraseError": "收藏的是一个不含逗号、不超过 80 个字符的短语，最多 40 个。",
    "ReferenceImageError": "这张图片不能用。请选择完整的 PNG、JPEG 或 WEBP 文件，不超过 24 MB。",
    "StrengthError": "店铺品味的强度在 0 到 2 之间。",
    "VariationError": "重画的程度在 0 到 1 之间。",
    "NoScoresError": "这个检查点没有奖励模型，无法挑出最好的。请展示所有画出的设计。",
    "ComparisonError": "请选择两家不同的店铺来比较。",
    "NothingTickedError": "请至少选中一个设计。",
    "TeachingError": "现在不能开始教学。请等正在进行的教学结束，或先停止它。",
    "ImportRoundsError": "那里没有可以读取的轮次导出。",
    "RecipeError": "这个 PNG 里没有可以读取的配方。请拖入本工作室的设计或图纸。",
    "ProfileError": "店铺资料里有一项填写不对。",
    "StorageError": "数据文件夹无法读写。请检查磁盘空间和权限，然后重试；已保存的内容没有丢失。",
}

EXAMPLES = {
    "en": (
        "dress, v-neck, slim-fit, long sleeves, long-hair model",
        "blouse, puff sleeves, lace yoke, white",
        "coat, belt, knee-length, camel",
    ),
    "zh": (
        "连衣裙，V领，修身，长袖，长发",
        "上衣，泡泡袖，蕾丝，白色",
        "大衣，腰带，及膝，驼色",
    ),
}


class Words(dict[str, str]):
    """The words of one language, and what the phrases of the model are called in it.

    Args:
        words: `ENGLISH` or `CHINESE`.
        phrases: English phrase -> what to show for it; what is missing shows itself.
    """

    def __init__(self, words: Mapping[str, str], phrases: Mapping[str, str]) -> None:
        super().__init__(words)
        self._phrases = phrases

    def phrase(self, phrase: str) -> str:
        """A phrase of the model, as it is shown."""
        return self._phrases.get(phrase, phrase)

    def prompt(self, prompt: str) -> str:
        """Phrases between commas, as they are shown."""
        return ", ".join(map(self.phrase, prompt.split(", ")))

    def conflict(self, phrases: Sequence[str]) -> str:
        """What phrases contradict each other; empty where the phrasebook says it better."""
        return self["conflict"].format(phrases="”、“".join(map(self.phrase, phrases)))

    def question(self, name: str, label: str) -> str:
        """What a store is asked."""
        return self.get(f"question:{name}", label)

    def answer(self, answer: object) -> str:
        """What a store has answered, as a person reads it."""
        if isinstance(answer, tuple):
            return ", ".join(map(self.answer, answer))
        text = f"{answer:g}" if isinstance(answer, float) else str(answer)
        return self.get(f"answer:{text}", text)

    def error(self, error: Exception) -> str:
        """What went wrong, as a sentence."""
        return self.get(type(error).__name__, str(error))
