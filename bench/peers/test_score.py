"""Tests of the scoring and the measuring: python3 -m unittest discover bench/peers"""

import sys
import tempfile
import unittest
from pathlib import Path

import measure
import peers
import score


class Scoring(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        planted = self.file("planted", "a3\ta1\texact\t\na4\ta1\tsubstitute\t1\na5\ta2\tdiacritics\tadd\n")
        exact = self.file("exact", "a1\ta3\t1\t1\na1\ta4\t.9\t.95\na3\ta4\t.9\t.95\na1\ta2\t.7\t.9\na6\ta7\t.8\t.9\n")
        self.truth = score.Truth(exact, planted, exhaustive=True)

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def test_kinds(self):
        self.assertEqual(self.truth.kinds, {"exact": 1, "substitute": 1, "two copies": 1, "by chance": 1})

    def test_score(self):
        got = self.truth.score(self.file("found", "a3\ta1\na1\ta3\na1\ta4\na1\ta2\na2\ta5\n"))
        self.assertEqual(got.pairs, 4)
        self.assertAlmostEqual(got.precision, 2 / 3)  # a2 and a5 differ by diacritics: not counted
        self.assertAlmostEqual(got.recall, 2 / 4)
        self.assertEqual(got.by_kind, {"exact": 1, "substitute": 1, "two copies": 0, "by chance": 0})

    def test_nothing_found(self):
        got = self.truth.score(self.file("found", ""))
        self.assertEqual((got.pairs, got.precision, got.recall), (0, 0, 0))


class Measuring(unittest.TestCase):
    def test_counts_children_and_memory(self):
        spin = "sum(i * i for i in range(3_000_000)); b'x' * 80_000_000"
        child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {spin!r}], check=True)"
        cost = measure.run([sys.executable, "-c", child], peers.ENVIRONMENT, 60)
        self.assertGreater(cost.cpu, 0.05)
        self.assertGreater(cost.memory, 80)

    def test_failure_says_why(self):
        with self.assertRaisesRegex(measure.Failed, "exit 3: no luck"):
            measure.run(
                [sys.executable, "-c", "import sys; print('no luck', file=sys.stderr); sys.exit(3)"],
                peers.ENVIRONMENT,
                60,
            )

    def test_limit(self):
        with self.assertRaisesRegex(measure.Failed, "over 1 s"):
            measure.run([sys.executable, "-c", "import time; time.sleep(30)"], peers.ENVIRONMENT, 1)

    def test_missing_command_is_told(self):
        with self.assertRaisesRegex(peers.NotSetUp, "no command"):
            peers.checked(["no-such-command-at-all"])


if __name__ == "__main__":
    unittest.main()
