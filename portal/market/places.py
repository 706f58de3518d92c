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
    City("UA-30", "Київ", 50.4501, 30.5234),
    City("UA-46", "Львів", 49.8397, 24.0297),
    City("UA-51", "Одеса", 46.4825, 30.7233),
    City("UA-12", "Дніпро", 48.4647, 35.0462),
    City("UA-63", "Харків", 49.9935, 36.2304),
    City("UA-05", "Вінниця", 49.2331, 28.4682),
    City("UA-53", "Полтава", 49.5883, 34.5514),
    City("UA-26", "Івано-Франківськ", 48.9226, 24.7111),
    City("UA-77", "Чернівці", 48.2915, 25.9403),
    City("UA-21", "Ужгород", 48.6208, 22.2879),
    City("UA-61", "Тернопіль", 49.5535, 25.5948),
    City("UA-56", "Рівне", 50.6199, 26.2516),
    City("UA-07", "Луцьк", 50.7472, 25.3254),
    City("UA-68", "Хмельницький", 49.4230, 26.9871),
    City("UA-18", "Житомир", 50.2547, 28.6587),
    City("UA-71", "Черкаси", 49.4444, 32.0598),
    City("UA-74", "Чернігів", 51.4982, 31.2893),
    City("UA-59", "Суми", 50.9077, 34.7981),
    City("UA-35", "Кропивницький", 48.5079, 32.2623),
    City("UA-48", "Миколаїв", 46.9750, 31.9946),
    City("UA-32", "Біла Церква", 49.7956, 30.1167),
    City("UA-23", "Запоріжжя", 47.8388, 35.1396),
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
