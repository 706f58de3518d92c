"""Where invented venues stand: real cities, invented streets."""

from __future__ import annotations

import random
from typing import NamedTuple


class City(NamedTuple):
    """Region and name in Ukrainian; latitude and longitude of the centre in degrees."""

    region: str
    name: str
    latitude: float
    longitude: float


CITIES = (
    City("м. Київ", "Київ", 50.4501, 30.5234),
    City("Львівська область", "Львів", 49.8397, 24.0297),
    City("Одеська область", "Одеса", 46.4825, 30.7233),
    City("Дніпропетровська область", "Дніпро", 48.4647, 35.0462),
    City("Харківська область", "Харків", 49.9935, 36.2304),
    City("Вінницька область", "Вінниця", 49.2331, 28.4682),
    City("Полтавська область", "Полтава", 49.5883, 34.5514),
    City("Івано-Франківська область", "Івано-Франківськ", 48.9226, 24.7111),
    City("Чернівецька область", "Чернівці", 48.2915, 25.9403),
    City("Закарпатська область", "Ужгород", 48.6208, 22.2879),
    City("Тернопільська область", "Тернопіль", 49.5535, 25.5948),
    City("Рівненська область", "Рівне", 50.6199, 26.2516),
    City("Волинська область", "Луцьк", 50.7472, 25.3254),
    City("Хмельницька область", "Хмельницький", 49.4230, 26.9871),
    City("Житомирська область", "Житомир", 50.2547, 28.6587),
    City("Черкаська область", "Черкаси", 49.4444, 32.0598),
    City("Чернігівська область", "Чернігів", 51.4982, 31.2893),
    City("Сумська область", "Суми", 50.9077, 34.7981),
    City("Кіровоградська область", "Кропивницький", 48.5079, 32.2623),
    City("Миколаївська область", "Миколаїв", 46.9750, 31.9946),
    City("Київська область", "Біла Церква", 49.7956, 30.1167),
    City("Запорізька область", "Запоріжжя", 47.8388, 35.1396),
)
_STREETS = (
    "вул. Ліхтарникова", "вул. Бурштинова", "вул. Старого Млина", "просп. Світанковий",
    "вул. Вітрова", "вул. Кобзарів", "вул. Горіхова", "вул. Паперова", "вул. Гончарна Друга",
    "пл. Трьох Криниць", "бульв. Каштановий", "вул. Дзвонарська", "вул. Медоварів",
    "вул. Скляна", "вул. Чумацька Рання", "вул. Годинникарів",
)  # fmt: skip
_SPREAD_DEGREES = 0.02  # about 2 km


class Place(NamedTuple):
    """One venue's place; coordinates with 5 decimals, as the registry keeps them."""

    city: City
    address: str
    latitude: float
    longitude: float


def place(random_source: random.Random) -> Place:
    """A place in one of the cities, the larger ones (first in the list) more often."""
    weights = [1 / (position + 2) for position in range(len(CITIES))]
    city = random_source.choices(CITIES, weights)[0]
    street = random_source.choice(_STREETS)
    return Place(
        city,
        f"м. {city.name}, {street}, {random_source.randint(1, 120)}",
        round(city.latitude + random_source.uniform(-_SPREAD_DEGREES, _SPREAD_DEGREES), 5),
        round(city.longitude + random_source.uniform(-_SPREAD_DEGREES, _SPREAD_DEGREES), 5),
    )
