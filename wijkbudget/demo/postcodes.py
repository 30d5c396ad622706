"""Some postcodes of the demonstration city: plausible, not complete. A city imports its own list."""

LETTERS = ("AA", "AB", "AC", "BA", "BB", "CD")

DIGITS: dict[int, tuple[int, ...]] = {
    2: (2587,), 3: (2597,), 4: (2596,), 5: (2585,), 7: (2584, 2586), 8: (2583,), 9: (2582,), 11: (2517,), 12: (2565,),
    13: (2566,), 14: (2554,), 17: (2552, 2553), 18: (2551, 2555), 19: (2564,), 20: (2563,), 21: (2562,), 22: (2518,),
    23: (2514,), 25: (2591, 2592), 26: (2593, 2594, 2595), 27: (2515,), 28: (2511, 2512, 2513), 29: (2525, 2526),
    30: (2572,), 31: (2573, 2574), 32: (2545,), 33: (2544,), 34: (2543,), 36: (2532, 2533), 38: (2521, 2522),
    39: (2516,), 40: (2548,), 42: (2497,), 44: (2492, 2493),
}  # fmt: skip
"""The first four digits, by the number of the wijk."""

SHARED = {"2518CD": 11, "2517CD": 22, "2586CD": 2, "2565CD": 19}
"""Postcodes whose digits mostly lie in another wijk."""


def postcode_lines() -> list[tuple[str, str]]:
    """Pairs of postcode and wijkcode, as a city's own file has them."""
    numbers = {
        f"{digits}{letters}": number for number, all_ in DIGITS.items() for digits in all_ for letters in LETTERS
    }
    return [(postcode, f"WK0518{number:02}") for postcode, number in sorted((numbers | SHARED).items())]
