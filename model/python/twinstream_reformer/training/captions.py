"""Made-up captions: short plain sentences, of which corpora of documents have few, in families that differ in one thing
each (who, what, where, how many, negated, passive). The teacher says how much each difference matters."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

#: (singular, plural) of who acts.
_ACTORS = [("man", "men"), ("woman", "women"), ("boy", "boys"), ("girl", "girls"), ("child", "children"),
           ("kid", "kids"), ("person", "people"), ("lady", "ladies"), ("guy", "guys"), ("baby", "babies"),
           ("teenager", "teenagers"), ("student", "students"), ("teacher", "teachers"), ("worker", "workers"),
           ("musician", "musicians"), ("dancer", "dancers"), ("cook", "cooks"), ("farmer", "farmers"),
           ("soldier", "soldiers"), ("doctor", "doctors"), ("player", "players"), ("runner", "runners"),
           ("cyclist", "cyclists"), ("hiker", "hikers"), ("climber", "climbers"), ("surfer", "surfers"),
           ("skier", "skiers"), ("swimmer", "swimmers"), ("fisherman", "fishermen"), ("policeman", "policemen"),
           ("tourist", "tourists"), ("artist", "artists"), ("couple", "couples"), ("crowd", "crowds")]
_ANIMALS = [("dog", "dogs"), ("puppy", "puppies"), ("cat", "cats"), ("kitten", "kittens"), ("horse", "horses"),
            ("cow", "cows"), ("monkey", "monkeys"), ("bird", "birds"), ("rabbit", "rabbits"), ("sheep", "sheep"),
            ("goat", "goats"), ("elephant", "elephants"), ("panda", "pandas"), ("tiger", "tigers"), ("bear", "bears"),
            ("squirrel", "squirrels"), ("hamster", "hamsters"), ("turtle", "turtles"), ("duck", "ducks")]
#: (-ing form, participle, objects).
_DEEDS = [("playing", "played", "guitar, flute, piano, violin, drum, trumpet, harp, keyboard, game, card game"),
          ("cutting", "cut", "onion, tomato, potato, carrot, cake, piece of paper, rope, loaf of bread, tree, fish"),
          ("slicing", "sliced", "onion, tomato, cucumber, lemon, garlic clove, banana, loaf of bread, ham"),
          ("peeling", "peeled", "potato, orange, apple, prawn, egg, carrot"),
          ("cooking", "cooked", "meal, steak, soup, egg, fish, pot of rice"),
          ("frying", "fried", "egg, fish, pancake, piece of meat, some vegetables"),
          ("mixing", "mixed", "salad, bowl of batter, drink, some vegetables, some paint"),
          ("pouring", "poured", "glass of water, cup of coffee, bottle of oil, some sauce, some milk"),
          ("eating", "eaten", "sandwich, apple, pizza, banana, bowl of cereal, slice of cake, some rice"),
          ("drinking", "drunk", "glass of juice, cup of tea, bottle of water, some milk"),
          ("riding", "ridden", "horse, bike, motorcycle, skateboard, scooter, bull, wave, train, escalator"),
          ("driving", "driven", "car, truck, tractor, bus, red car, police car"),
          ("pushing", "pushed", "cart, stroller, car, wheelbarrow, toddler, swing"),
          ("pulling", "pulled", "sled, rope, wagon, cart"),
          ("throwing", "thrown", "ball, stick, frisbee, stone, knife, snowball, spear"),
          ("catching", "caught", "ball, fish, frisbee, stick"), ("kicking", "kicked", "ball, football, can, door"),
          ("hitting", "hit", "ball, drum, nail, punching bag"),
          ("reading", "read", "book, newspaper, letter, map, email"),
          ("writing", "written", "letter, note, song, book, list"),
          ("drawing", "drawn", "picture, circle, figure, face, man"),
          ("painting", "painted", "picture, wall, fence, portrait, house"),
          ("building", "built", "house, wall, sandcastle, snowman, fence, campfire"),
          ("cleaning", "cleaned", "window, floor, kitchen, animal, table, gun"),
          ("washing", "washed", "car, dish, dog, window, shirt, hand"),
          ("opening", "opened", "door, box, bottle, gift, package, can, window"),
          ("closing", "closed", "door, box, window, book, gate"),
          ("breaking", "broken", "egg, board, window, stick, plate"),
          ("fixing", "fixed", "bike, car, roof, computer, pipe"),
          ("carrying", "carried", "bag, box, child, surfboard, backpack, ladder, baby"),
          ("holding", "held", "baby, camera, sign, flag, puppy, umbrella, microphone, leash"),
          ("wearing", "worn", "hat, red shirt, blue jacket, helmet, costume, uniform, pair of sunglasses, mask"),
          ("feeding", "fed", "horse, baby, bird, cat, cow, snake"),
          ("petting", "petted", "dog, cat, horse, lion"),
          ("brushing", "brushed", "horse, cat, tooth, dog"),
          ("watching", "watched", "movie, parade, football match, dog, television, bird, show"),
          ("taking", "taken", "photograph, picture, nap, test, break"),
          ("shooting", "shot", "gun, arrow, rifle, basketball, target"),
          ("lifting", "lifted", "weight, box, barbell, child, car"),
          ("climbing", "climbed", "wall, rock, tree, rope, ladder, mountain"),
          ("folding", "folded", "piece of paper, blanket, shirt, towel"),
          ("using", "used", "computer, phone, sewing machine, laptop, drill, telescope, shovel")]
_ANIMAL_DEEDS = [("chasing", "chased", "ball, cat, rabbit, stick, squirrel, bird, butterfly, toy, dog"),
                 ("eating", "eaten", "banana, carrot, bone, leaf, piece of bread, fish, some grass, corn cob"),
                 ("biting", "bitten", "ball, stick, another dog, toy, leash"),
                 ("carrying", "carried", "stick, ball, bone, toy, bird, shoe"),
                 ("fetching", "fetched", "ball, stick, frisbee"), ("watching", "watched", "bird, dog, man, television"),
                 ("licking", "licked", "baby, bowl, puppy, window"), ("pulling", "pulled", "sled, rope, cart")]
_MOVES = ["running", "walking", "jumping", "sleeping", "standing", "sitting", "playing", "swimming", "resting", "waiting",
          "lying down", "rolling", "turning around"]
_HUMAN_MOVES = ["dancing", "singing", "talking", "laughing", "smiling", "crying", "exercising", "fighting", "arguing",
                "praying", "skiing", "surfing", "snowboarding", "skating", "fishing", "camping", "hiking", "jogging",
                "working", "studying", "shopping", "speaking on the phone", "doing a trick", "doing a handstand",
                "riding in a boat", "performing on stage", "playing football", "playing basketball", "playing chess",
                "looking at the camera", "posing for a photo", "crossing a street", "falling off a horse"]
_PLACES = ["on the beach", "in the snow", "in a park", "in the water", "on a street", "in a field", "in a pool",
           "on the grass", "on a couch", "on a bench", "at a table", "in a kitchen", "in a room", "near a lake",
           "by a river", "in the rain", "on a mountain", "in a forest", "on a boat", "in front of a building",
           "at a market", "on a bed", "in a garden", "under a tree", "on a stage", "in a gym", "in the sand",
           "on a sidewalk", "next to a car", "behind a fence", "in the desert", "at night", "in a crowd", "on a bridge",
           "through a tunnel", "on a rocky hill", "in a stadium", "in a classroom", "near the ocean", "in muddy water"]
_LOOKS = ["young", "old", "little", "tall", "small", "big", "happy", "tired", "blond", "bald", "thin", "strong", "wet"]
_COATS = ["black", "brown", "white", "gray", "black and white", "small", "large", "big", "young", "wet", "tan", "striped"]
_DRESS = ["in a red shirt", "in a blue dress", "with a beard", "with long hair", "in a black hat", "in a white coat",
          "wearing a helmet", "wearing sunglasses", "who is smiling", "with a camera", "in a wheelchair",
          "in a yellow jacket", "with a backpack", "in a uniform"]
_GEAR = ["with a collar", "with a red ball", "on a leash", "with long fur", "with a stick in its mouth", "that is wet"]
_ADVERBS = ["quickly", "slowly", "happily", "carefully", "quietly", "together", "outside", "alone", "loudly", "skillfully"]
_COUNTS = ["two", "three", "several", "some", "many", "a group of"]
#: Words for the same, each way.
_SYNONYMS = [("man", "guy"), ("woman", "lady"), ("child", "kid"), ("people", "persons"), ("big", "large"),
             ("small", "little"), ("slicing", "cutting"), ("picture", "photograph"), ("bike", "bicycle"),
             ("street", "road"), ("couch", "sofa"), ("running", "racing"), ("throwing", "tossing"), ("car", "vehicle"),
             ("jumping", "leaping"), ("cleaning", "washing"), ("happily", "cheerfully"), ("forest", "woods"),
             ("television", "TV"), ("movie", "film"), ("quickly", "fast"), ("speaking", "talking"), ("boat", "ship"),
             ("rock", "stone"), ("ocean", "sea"), ("beach", "shore"), ("meal", "dinner"), ("dog", "hound")]


@dataclass(frozen=True)
class _Scene:
    """What one caption says. ``deed`` (-ing form, participle, object), or ``move``."""

    human: bool
    actor: tuple[str, str]
    count: str
    look: str
    dress: str
    deed: tuple[str, str, str] | None
    move: str
    place: str
    adverb: str
    form: str


def captions(count: int, seed: int, left_out: Callable[[str], bool] = lambda text: False) -> list[str]:
    """``count`` sentences, families together; no sentence twice, and none that is ``left_out``."""
    draw, found = random.Random(f"captions/{seed}"), {}
    while len(found) < count:
        scene = _scene(draw)
        for _ in range(draw.randint(4, 10)):
            for text in (_words(scene, draw), _words(_changed(scene, draw), draw)):
                if text not in found and not left_out(text):
                    found[text] = None
            if draw.random() < 0.3:
                scene = _changed(scene, draw)
    return list(found)[:count]


def _scene(draw: random.Random) -> _Scene:
    human = draw.random() < 0.7
    chosen = {slot: _value(slot, human, draw) for slot in ("actor", "count", "look", "dress", "place", "adverb", "form")}
    deed = _value("deed", human, draw) if draw.random() < 0.6 else None
    return _Scene(human=human, deed=deed, move=_value("move", human, draw), **chosen)


def _value(slot: str, human: bool, draw: random.Random):
    if slot == "actor":
        return draw.choice(_ACTORS if human else _ANIMALS)
    if slot == "count":
        return draw.choice(_COUNTS) if draw.random() < 0.25 else draw.choice(("a", "a", "a", "the", "one"))
    if slot == "look":
        return draw.choice(_LOOKS if human else _COATS) if draw.random() < 0.35 else ""
    if slot == "dress":
        return draw.choice(_DRESS if human else _GEAR) if draw.random() < 0.25 else ""
    if slot == "deed":
        deed = draw.choice(_DEEDS if human else _ANIMAL_DEEDS)
        return deed[0], deed[1], draw.choice(deed[2].split(", "))
    if slot == "move":
        return draw.choice(_MOVES + _HUMAN_MOVES if human else _MOVES)
    if slot == "place":
        return draw.choice(_PLACES) if draw.random() < 0.5 else ""
    if slot == "adverb":
        return draw.choice(_ADVERBS) if draw.random() < 0.12 else ""
    return draw.choices(("plain", "passive", "there", "not", "no", "nobody"), (10, 2, 2, 2, 1.5, 0.5))[0]


def _changed(scene: _Scene, draw: random.Random) -> _Scene:
    """Another value in one slot; now and then, who acts and what is acted on change places."""
    if scene.deed and draw.random() < 0.06:
        thing = scene.deed[2].split()[-1]
        return replace(scene, actor=(thing, thing + "s"), look="", dress="",
                       deed=(*scene.deed[:2], scene.actor[0]))
    slot = draw.choice(("actor", "count", "look", "dress", "deed" if scene.deed else "move", "place", "adverb", "form"))
    return replace(scene, **{slot: _value(slot, scene.human, draw)})


def _words(scene: _Scene, draw: random.Random) -> str:
    many = scene.count in _COUNTS
    who = " ".join(part for part in (scene.look, scene.actor[many], scene.dress) if part)
    be = "are" if many else "is"
    rest = " ".join(part for part in (scene.place, scene.adverb) if part)
    form = scene.form
    if scene.deed:
        thing = _with_article(scene.deed[2])
        act = f"{scene.deed[0]} {thing}"
        if form == "passive":
            thing_be = "are" if thing.startswith("some ") else "is"
            return _sentence(f"{thing} {thing_be} being {scene.deed[1]} by {_determined(scene.count, who)} {rest}", draw)
    else:
        act = scene.move
    if form == "there":
        return _sentence(f"there {be} {_determined(scene.count, who)} {act} {rest}", draw)
    if form == "no":
        return _sentence(f"there {be} no {who} {act} {rest}", draw)
    if form == "nobody":
        return _sentence(f"nobody is {act} {rest}", draw)
    negation = " not" if form == "not" else ""
    return _sentence(f"{_determined(scene.count, who)} {be}{negation} {act} {rest}", draw)


def _determined(count: str, who: str) -> str:
    return _with_article(who) if count == "a" else f"{count} {who}"


def _with_article(words: str) -> str:
    if words.startswith(("some ", "another ")):
        return words
    return ("an " if words[0] in "aeiou" and not words.startswith("uniform") else "a ") + words


def _sentence(words: str, draw: random.Random) -> str:
    parts = words.split()
    for one, other in _SYNONYMS:
        if draw.random() < 0.15:
            if one in parts:
                parts[parts.index(one)] = other
            elif other in parts:
                parts[parts.index(other)] = one
    text = " ".join(parts)
    return text[0].upper() + text[1:] + ("." if draw.random() < 0.5 else "")
