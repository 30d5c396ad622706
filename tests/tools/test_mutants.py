"""What is made of mutmut's results, and of the list of mutants that may live."""

from collections import Counter

from tools.mutants import SURVIVORS, Mutant, Score, changes, differences, listed, scores, table, total

LIST = """\
# Mutants

### wijkbudget/tally/turns.py

#### Fit.is_stretched_to

Two that live for one reason.

```diff
-return left * WHOLE >= cost
+return left * WHOLE > cost
-    return True
+    return False
```

#### take_turns

```diff
-turns = []
```
"""
FIRST = Mutant(
    "wijkbudget/tally/turns.py", "Fit.is_stretched_to", "-return left * WHOLE >= cost\n+return left * WHOLE > cost"
)
SECOND = Mutant("wijkbudget/tally/turns.py", "Fit.is_stretched_to", "-return True\n+return False")
THIRD = Mutant("wijkbudget/tally/turns.py", "take_turns", "-turns = []")


def test_each_change_in_the_list_is_a_mutant_of_the_function_above_it() -> None:
    assert listed(LIST) == Counter([FIRST, SECOND, THIRD])


def test_of_a_diff_only_what_goes_and_what_comes_is_kept() -> None:
    diff = "--- a.py\n+++ a.py\n@@ -1,3 +1,3 @@\n def f():\n-  a = 1\n-  b = 2\n+  a = 2\n+  b = 2\n   return a\n"
    assert list(changes(diff)) == ["-a = 1\n-b = 2\n+a = 2\n+b = 2"]


def test_whatever_did_not_end_in_a_failing_test_survived() -> None:
    statuses = {
        "a.py": ["killed", "timeout", "survived", "no tests"],
        "b.py": ["suspicious", "not checked", "segfault"],
    }
    assert scores(statuses) == {"a.py": Score(2, 2), "b.py": Score(1, 2)}
    assert total(scores(statuses).values()) == Score(3, 4)


def test_the_share_of_nothing_is_all() -> None:
    assert (Score(0, 0).percent, Score(0, 1).percent, Score(3, 1).percent) == (100, 0, 75)


def test_the_table_begins_with_the_worst_and_ends_with_all() -> None:
    assert table({"a.py": Score(9, 1), "b.py": Score(1, 1)}).splitlines()[2:] == [
        "| b.py | 2 | 1 | 1 | 50.0% |",
        "| a.py | 10 | 9 | 1 | 90.0% |",
        "| together | 12 | 10 | 2 | 83.3% |",
    ]


def test_a_list_that_holds_too_little_or_too_much_is_told_as_it_would_be_written() -> None:
    assert differences(Counter([FIRST]), Counter([FIRST])) == []
    missing, needless = differences(Counter([FIRST, FIRST, SECOND]), Counter([FIRST, THIRD]))
    assert missing.startswith("Not in docs/mutants.md:")
    assert listed(missing) == Counter([FIRST, SECOND])
    assert listed(needless) == Counter([THIRD])


def test_the_list_in_the_documentation_can_be_read() -> None:
    assert listed(SURVIVORS.read_text("utf-8"))
