"""Invented names: two pleasant words of nature, in Ukrainian and English, never a real brand."""

from __future__ import annotations

from typing import NamedTuple

# Feminine, so that every adjective agrees with every noun.
_ADJECTIVES = (
    ("Бурштинова", "Amber"), ("Лазурова", "Azure"), ("Срібляста", "Silvery"),
    ("Вечірня", "Evening"), ("Світанкова", "Daybreak"), ("Смарагдова", "Emerald"),
    ("Тиха", "Quiet"), ("Весняна", "Spring"), ("Осіння", "Autumn"), ("Степова", "Steppe"),
    ("Лісова", "Forest"), ("Медова", "Honey"), ("Кришталева", "Crystal"), ("Мідна", "Copper"),
    ("Ранкова", "Morning"), ("Північна", "Northern"), ("Південна", "Southern"),
    ("Далека", "Distant"), ("Крилата", "Winged"), ("Вишнева", "Cherry"),
    ("Барвінкова", "Periwinkle"), ("Зоряна", "Starlit"), ("Кленова", "Maple"),
    ("Снігова", "Snowy"), ("Гірська", "Mountain"), ("Сонячна", "Sunny"),
    ("Мандрівна", "Wandering"), ("Горіхова", "Walnut"), ("Лавандова", "Lavender"),
    ("Рожева", "Rosy"), ("Шовкова", "Silken"), ("Річкова", "River"),
)  # fmt: skip
_NOUNS = (
    ("Хвиля", "Wave"), ("Долина", "Valley"), ("Калина", "Viburnum"), ("Ластівка", "Swallow"),
    ("Криниця", "Well"), ("Діброва", "Oakwood"), ("Веселка", "Rainbow"),
    ("Сопілка", "Flute"), ("Брама", "Gate"), ("Вежа", "Tower"), ("Пристань", "Pier"),
    ("Левада", "Meadow"), ("Мальва", "Mallow"), ("Стежка", "Path"), ("Гавань", "Harbour"),
    ("Альтанка", "Arbour"), ("Кузня", "Forge"), ("Мозаїка", "Mosaic"), ("Скрипка", "Violin"),
    ("Галявина", "Glade"), ("Оселя", "Homestead"), ("Дзвіниця", "Belfry"),
    ("Папороть", "Fern"), ("Волошка", "Cornflower"), ("Чайка", "Seagull"), ("Лілія", "Lily"),
    ("Тополя", "Poplar"), ("Заводь", "Backwater"), ("Роса", "Dew"), ("Іскра", "Spark"),
    ("Садиба", "Manor"),
)  # fmt: skip

# How an operator of a type is called: {} is the pair of words.
_PATTERNS = {
    "online_casino": ("{} Онлайн", "{} Online"),
    "bookmaker": ("{} Прогноз", "{} Forecast"),
    "online_poker": ("{} Покер", "{} Poker"),
    "slot_hall": ("Зали «{}»", "{} Halls"),
    "land_casino": ("Казино «{}»", "{} Casino"),
    "lottery": ("Лотерея «{}»", "{} Lottery"),
}
# 32 and 31 have no common divisor: counting through both at once meets every pair exactly once,
# and neighbours share no word. Steps of 7 and 5 do the same in another order.
_PAIRS = len(_ADJECTIVES) * len(_NOUNS)
_STEP = 7
_ADJECTIVE_STEP = 5

PROVIDERS = (
    "Mallow Studio", "Oak & Owl Games", "Third Windmill", "Blue Heron Works", "Paper Lantern",
    "Kite Hill Interactive",
)  # fmt: skip
MACHINE_MODELS = ("Ruta R-27", "Kobza K9", "Bereza 400", "Malva Duo", "Stezhka S")
TABLE_MODELS = ("Dub T-2", "Yasen T-5")
TERMINAL_MODELS = ("Lypa Kiosk 3",)

_TITLES_FIRST = (
    "Honey", "Copper", "Midnight", "Paper", "Clockwork", "Velvet", "Hidden", "Lucky", "Golden",
    "Frosty", "Merry", "Painted", "Rolling", "Seven", "Wild",
)  # fmt: skip
_TITLES_SECOND = (
    "Hedgehog", "Windmill", "Orchard", "Lantern", "Fox", "Carousel", "Acorns", "Comet", "Teapot",
    "Stork", "Harvest", "Sunflower", "Lighthouse",
)  # fmt: skip


class Name(NamedTuple):
    """A name in both languages and a form for domains and identifiers (a-z, 0-9, hyphen)."""

    uk: str
    en: str
    slug: str


def operator_name(gambling_type: str, rank: int, seed: int) -> Name:
    """The name of an operator; unique within the type, whose word makes it unique over all."""
    number = rank * _STEP + list(_PATTERNS).index(gambling_type) + seed
    adjective, noun = number * _ADJECTIVE_STEP % len(_ADJECTIVES), number % len(_NOUNS)
    again = rank // _PAIRS
    suffix = f" {again + 1}" if again else ""
    pattern_uk, pattern_en = _PATTERNS[gambling_type]
    uk = f"{_ADJECTIVES[adjective][0]} {_NOUNS[noun][0].lower()}{suffix}"
    en = pattern_en.format(f"{_ADJECTIVES[adjective][1]} {_NOUNS[noun][1]}{suffix}")
    return Name(pattern_uk.format(uk), en, en.lower().replace(" ", "-"))


def game_title(number: int) -> str:
    """The title of a machine game; distinct for the first 195 numbers."""
    first, second = divmod(number * 37 % 195, len(_TITLES_SECOND))
    return f"{_TITLES_FIRST[first]} {_TITLES_SECOND[second]}"
